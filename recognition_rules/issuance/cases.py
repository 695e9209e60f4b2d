"""Cases of issuance rules: a credential (or just its title, credits and level), a day, and what must come out."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from recognition_rules.errors import LevelMalformed
from recognition_rules.issuance.places import Place
from recognition_rules.issuance.rules import IssuancePack
from recognition_rules.issuance.subject import Subject, subject_of
from recognition_rules.issuance.validation import RuleFinding, Validation, validate
from recognition_rules.language import LanguageMap
from recognition_rules.levels import Level, LevelTable
from recognition_rules.reading.pack_reader import Node, Source
from recognition_rules.reading.strict_toml import loads


@dataclass(frozen=True, slots=True)
class IssuanceCaseResult:
    """A case that was run: how the answer differs from what is expected, and the answer."""

    id: str
    title: LanguageMap
    differences: tuple[str, ...]
    validation: Validation

    @property
    def passed(self) -> bool:
        """Whether everything stated was so."""
        return not self.differences


def run_issuance_cases(
    pack: IssuancePack, text: str, *, levels: LevelTable | None = None, name: str = "cases.toml"
) -> tuple[IssuanceCaseResult, ...]:
    """Runs every case; raises `PackInvalid` where the cases themselves cannot be read."""
    root = Node(loads(text, name=name), (), Source(name, text))
    documents = dict(_document(node) for node in root.children("credential"))
    results = tuple(_run(node, pack, documents, levels) for node in root.children("case"))
    root.done()
    if not results:
        raise root.fail("There is no [[case]].")
    return results


def _document(node: Node) -> tuple[str, dict[str, Any]]:
    try:
        document = json.loads(node.text("json"))
    except ValueError:
        raise node.fail("'json' must be the credential as JSON.", "json") from None
    found = node.text("id"), document
    node.done()
    return found


def _run(
    node: Node, pack: IssuancePack, documents: Mapping[str, dict[str, Any]], levels: LevelTable | None
) -> IssuanceCaseResult:
    case_id, title, on = node.text("id"), node.language_map("title"), node.day("on")
    node.text_or_none("source")
    if on is None:
        raise node.fail("A case needs the day: on = 2026-09-01.")
    subject = _of_credential(node, pack, documents) if node.has("credential") else _stated(node)
    found = validate(pack, subject, on, levels)
    differences = tuple(_differences(node.child("expect"), found))
    node.done()
    return IssuanceCaseResult(case_id, title, differences, found)


def _of_credential(node: Node, pack: IssuancePack, documents: Mapping[str, dict[str, Any]]) -> Subject:
    """One of the file's credentials, without the elements that `without` names."""
    document = documents[node.choice("credential", tuple(documents))]
    elements = {element.head.id: element for element in pack.elements}
    names = node.words("without", tuple(elements)) if node.has("without") else ()
    node.read.add("without")
    for name in names:
        for place in elements[name].places:
            document = without(document, place)
    return subject_of(document)


def without(value: Any, place: Place) -> Any:
    """The JSON without what stands at a place."""
    return _cut(value, place.steps)


def _cut(value: Any, steps: tuple[Any, ...]) -> Any:
    if isinstance(value, list):
        return [_cut(each, steps) for each in value]
    if not isinstance(value, dict):
        return value
    step, rest = steps[0], steps[1:]
    if isinstance(step, Mapping):
        return _cut(value, rest) if all(_has(value.get(name), wanted) for name, wanted in step.items()) else value
    if not rest:
        return {name: each for name, each in value.items() if name != step}
    return {name: _cut(each, rest) if name == step else each for name, each in value.items()}


def _has(value: object, wanted: str) -> bool:
    return value == wanted or (isinstance(value, list) and wanted in value)


def _stated(node: Node) -> Subject:
    """Title, credits, unit and level as a registrar writes them; of `modules` those that were passed, whole."""
    titles = node.language_map("titles", needed=False)
    modules = [_module(child) for child in node.children("modules")]
    amount = sum(modules, Fraction(0)) if modules else node.number("credits") if node.has("credits") else None
    node.read.add("credits")
    return Subject(tuple(titles.values()), amount, node.text_or_none("unit"), tuple(_levels(node)))


def _module(node: Node) -> Fraction:
    amount, passed = node.number("credits"), node.flag("passed")
    node.text_or_none("grade")
    node.done()
    return amount if passed else Fraction(0)


def _levels(node: Node) -> Iterator[Level]:
    for child in node.children("levels"):
        try:
            yield Level.parse(child.text("framework"), child.text("value"))
        except LevelMalformed as error:
            raise child.fail(error.message, "value") from None
        child.done()


def _differences(expect: Node, found: Validation) -> Iterator[str]:
    status = expect.choice("status", ("passed", "broken", "undetermined"))
    if status != found.status:
        yield f"status: expected {status}, found {found.status}"
    for standing in ("broken", "undetermined", "noted", "off"):
        wanted = expect.words(standing) if expect.has(standing) else ()
        got = tuple(_shown(each) for each in found.findings if each.standing == standing)
        if (wanted or standing in ("broken", "undetermined")) and wanted != got:
            yield f"{standing}: expected {', '.join(wanted) or 'none'}; found {', '.join(got) or 'none'}"
    expect.read.update(("broken", "undetermined", "noted", "off"))
    expect.done()


def _shown(finding: RuleFinding) -> str:
    return f"{finding.head.id}: {' '.join(reason.code for reason in finding.reasons)}"
