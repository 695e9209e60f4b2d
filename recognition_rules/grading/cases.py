"""Cases of a grades pack: a grade, both institutions, and what must come out; run as tests."""

from dataclasses import dataclass, replace

from recognition_rules.grading.conversion import GradeConversion, GradeQuestion, convert_grade
from recognition_rules.grading.reader import read_policy
from recognition_rules.grading.tables import GradePack, GradePolicy
from recognition_rules.language import LanguageMap
from recognition_rules.reading.pack_reader import Node, Source
from recognition_rules.reading.strict_toml import loads


@dataclass(frozen=True, slots=True)
class GradeCaseResult:
    """A case that was run: how the answer differs from what is expected, and the answer."""

    id: str
    title: LanguageMap
    differences: tuple[str, ...]
    conversion: GradeConversion

    @property
    def passed(self) -> bool:
        """Whether everything stated was so."""
        return not self.differences


def run_grade_cases(pack: GradePack, text: str, *, name: str = "cases.toml") -> tuple[GradeCaseResult, ...]:
    """Runs every case; raises `PackInvalid` where the cases themselves cannot be read."""
    root = Node(loads(text, name=name), (), Source(name, text))
    results = tuple(_run(node, pack) for node in root.children("case"))
    root.done()
    if not results:
        raise root.fail("There is no [[case]].")
    return results


def _run(node: Node, pack: GradePack) -> GradeCaseResult:
    case_id, title = node.text("id"), node.language_map("title")
    node.text_or_none("source")
    day = node.day("on")
    if day is None:
        raise node.fail("A case needs the day: on = 2026-09-01.")
    grade, source, target = node.text("grade"), node.text("from"), node.text("to")
    asked = GradeQuestion(grade, source, target, node.text("field"), node.text("cycle"), day)
    found = convert_grade(pack, asked, _policy(node, pack))
    differences = _differences(node.child("expect"), found)
    node.done()
    return GradeCaseResult(case_id, title, tuple(differences), found)


def _policy(node: Node, pack: GradePack) -> GradePolicy:
    """The pack's policy with what the case says instead."""
    child = node.child_or_none("policy")
    if child is None:
        return pack.policy
    said = {key: getattr(read_policy(child), key) for key in child.values}
    return replace(pack.policy, **said)


def _differences(expect: Node, found: GradeConversion) -> list[str]:
    codes = tuple(reason.code for reason in found.reasons)
    pairs: dict[str, tuple[object, object]] = {"status": (expect.choice("status", _STATUSES), found.status)}
    pairs["grade"] = (expect.text_or_none("grade"), found.grade)
    if expect.has("candidates"):
        pairs["candidates"] = (expect.words("candidates"), tuple(each.grade for each in found.candidates))
    pairs["reasons"] = (expect.words("reasons") if expect.has("reasons") else (), codes)
    if expect.has("arithmetic"):
        stated = expect.words("arithmetic")
        pairs["arithmetic"] = (stated, tuple(line for line in found.arithmetic if line in stated))
    expect.read.update(("candidates", "reasons", "arithmetic"))
    expect.done()
    return [f"{what}: expected {wanted}, found {got}" for what, (wanted, got) in pairs.items() if wanted != got]


_STATUSES = ("converted", "undetermined", "not_passing")
