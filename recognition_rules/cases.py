"""Cases: what a pack must answer, written as a registrar writes it, and run as tests.

A case states the day, the programme, the learner's awards and what is expected. Only what is stated is compared;
`others = "counted"` says that every award not named under `expect.awards` counts in full.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from recognition_rules.case_awards import Registry, read_awards, read_registry
from recognition_rules.case_expectations import Expectation, differences, read_expectation
from recognition_rules.case_judgements import read_judgements
from recognition_rules.errors import RuleError
from recognition_rules.language import LanguageMap
from recognition_rules.levels import LevelTable
from recognition_rules.pack import Pack
from recognition_rules.packs import builtin
from recognition_rules.policy import Policy
from recognition_rules.programme import Syllabus
from recognition_rules.reading.pack_reader import Node, Source
from recognition_rules.reading.strict_toml import loads
from recognition_rules.recognise import recognise
from recognition_rules.recognition import Recognition
from recognition_rules.situation import LearnerFact
from recognition_rules.units import UnitTable
from recognition_rules.units_pack import parse as parse_units


@dataclass(frozen=True, slots=True)
class CaseResult:
    """A case that was run: how the answer differs from what is expected, and the answer itself."""

    id: str
    title: LanguageMap
    differences: tuple[str, ...]
    recognition: Recognition | None

    @property
    def passed(self) -> bool:
        """Whether everything stated was so."""
        return not self.differences


def run_cases(
    pack: Pack,
    cases_text: str,
    *,
    units: UnitTable | None = None,
    levels: LevelTable | None = None,
    name: str = "cases.toml",
) -> tuple[CaseResult, ...]:
    """Runs every case; raises `PackInvalid` with file and line where the cases themselves cannot be read.

    `units` None means the units pack that comes with the program.
    """
    table = units or parse_units(builtin("units"), name="units/pack.toml")
    root = Node(loads(cases_text, name=name), (), Source(name, cases_text))
    registry = read_registry(root.children("issuer"))
    results = tuple(_run(node, pack, registry, table, levels) for node in root.children("case"))
    root.done()
    if not results:
        raise root.fail("There is no [[case]].")
    return results


def _run(node: Node, pack: Pack, registry: Registry, units: UnitTable, levels: LevelTable | None) -> CaseResult:
    case_id, title = node.text("id"), node.language_map("title")
    node.text_or_none("source")
    awards = read_awards(node, pack.unit, registry)
    expected = read_expectation(node.child("expect"))
    on, programme = node.day("on"), node.text("programme")
    if on is None:
        raise node.fail("A case needs the day of the decision: on = 2026-09-01.")
    chosen = _parameters(node, pack)
    options = {
        "session": node.text_or_none("session"),
        "learner": _learner(node),
        "syllabus": _syllabus(node),
        "used": tuple(registry.uses(node)),
        "granted": node.flag("granted", default=False),
        "held": node.words("held") if node.has("held") else (),
        "judgements": read_judgements(node),
        "institution": node.text_or_none("institution"),
        "exit_award": node.text_or_none("exit_award"),
        "verify_counterfactuals": node.flag("verify", default=False),
    }
    policy = _policy(node, chosen)
    node.done()
    try:
        found = recognise(awards, programme, chosen, policy, on, units=units, levels=levels, **options)  # type: ignore[arg-type]  # each read by its reader above
    except RuleError as error:
        return CaseResult(case_id, title, tuple(_error_differences(expected, error.code)), None)
    return CaseResult(case_id, title, tuple(differences(expected, found)), found)


def _error_differences(expected: Expectation, code: str) -> Iterator[str]:
    if expected.error != code:
        yield f"error: expected {expected.error}, found {code}"


def _parameters(node: Node, pack: Pack) -> Pack:
    values = node.child_or_none("parameters")
    if values is None:
        return pack
    chosen = {name: values.raw(name) for name in values.values}
    return pack.with_parameters(chosen)


def _policy(node: Node, pack: Pack) -> Policy | None:
    """The pack's policy, with what the case says instead: `order`, or `choose = { items, order, objectives }`."""
    order = node.words("order") if node.has("order") else None
    child = node.child_or_none("choose")
    if child is None:
        return None if order is None else replace(pack.choose, order=order)
    changes: dict[str, Any] = {key: child.words(key) for key in ("order", "objectives") if child.has(key)}
    if child.has("items"):
        changes["items"] = child.text("items")
    child.done()
    return replace(pack.choose, **changes)


def _learner(node: Node) -> Mapping[str, LearnerFact]:
    child = node.child_or_none("learner")
    if child is None:
        return {}
    return {name: child.raw(name) for name in child.values}  # type: ignore[misc]  # TOML has no other scalars left


def _syllabus(node: Node) -> Syllabus | None:
    child = node.child_or_none("syllabus")
    if child is None:
        return None
    subjects = child.words("required_subjects") if child.has("required_subjects") else ()
    credits_ = child.number("required_credits") if child.has("required_credits") else None
    child.done()
    return Syllabus("case", "1", tuple({"ko": subject} for subject in subjects), credits_)
