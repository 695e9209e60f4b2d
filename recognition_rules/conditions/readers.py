"""How each atom of a condition is written in a pack: the closed list of keys, and the reader of each."""

from collections.abc import Callable, Mapping
from fractions import Fraction

from recognition_rules.conditions.atoms import (
    Accredited,
    Among,
    AtLeast,
    Condition,
    FactAmong,
    GradeAmong,
    OutcomesAtLeast,
)
from recognition_rules.conditions.dates import EndedAfter, EndedBetween
from recognition_rules.conditions.grades import (
    Passed,
    ScoreOrPass,
    read_grade_at_least,
    read_outcomes_passed,
    read_passed,
    read_whole,
)
from recognition_rules.conditions.issuers import read_accredited, read_issuer
from recognition_rules.conditions.judged import read_judged
from recognition_rules.conditions.levels import read_level, read_level_at_most, read_level_is
from recognition_rules.conditions.lists import read_listed
from recognition_rules.conditions.numbers import FactWithin, read_bounds
from recognition_rules.conditions.targets import (
    read_compulsory,
    read_course,
    read_excluded,
    read_kind,
    read_passed_exam,
)
from recognition_rules.reading.pack_reader import Node
from recognition_rules.reading.vocabulary import Vocabulary

_Reader = Callable[[Node, str, Vocabulary], Condition]


def _among(field: str) -> _Reader:
    def read(node: Node, key: str, vocabulary: Vocabulary) -> Condition:
        allowed = {"source": vocabulary.sources, "class": vocabulary.classes}.get(key)
        return Among(key, field, frozenset(node.words(key, allowed)))

    return read


def _score(node: Node, key: str) -> Fraction:
    """A score out of 100: 60 and "60%" are the same."""
    if str(node.values.get(key)).endswith("%"):
        return node.share(key) * 100
    number = node.number(key)
    if number > 100:
        raise node.fail(f"'{key}' is out of 100.", key)
    return number


def _score_at_least(node: Node, key: str, vocabulary: Vocabulary) -> Condition:
    """`60`, or `{ value = 60, pass_counts = true }`: a pass on a scale without scores stands for the minimum."""
    if not isinstance(node.raw(key), dict):
        return AtLeast("score", _score(node, key), "THRESHOLD_SCORE")
    child = node.child(key)
    atom = AtLeast("score", _score(child, "value"), "THRESHOLD_SCORE")
    passes = child.flag("pass_counts", default=False)
    child.done()
    return ScoreOrPass(atom, Passed(tuple(vocabulary.grade_schemes.values()))) if passes else atom


def _attendance(node: Node, key: str, vocabulary: Vocabulary) -> Condition:  # noqa: ARG001
    return AtLeast("attendance", node.share(key), "THRESHOLD_ATTENDANCE")


def _grade(node: Node, key: str, vocabulary: Vocabulary) -> Condition:
    """The scheme need not be declared; where it is, the grades are its own."""
    child = node.child(key)
    scheme = vocabulary.grade_schemes.get(child.text("scheme"))
    known = (*scheme.order, *sorted(scheme.fails | scheme.passes)) if scheme else None
    atom = GradeAmong(child.text("scheme"), child.words("values", known))
    child.done()
    return atom


def _accredited(node: Node, key: str, vocabulary: Vocabulary) -> Condition:
    if isinstance(node.raw(key), dict):
        return read_accredited(node, key, vocabulary)
    if not node.flag(key):
        raise node.fail("'issuer_accredited' can only be true; use 'not' for the opposite.", key)
    return Accredited()


def _issuer(node: Node, key: str, vocabulary: Vocabulary) -> Condition:
    if isinstance(node.raw(key), list):
        return Among(key, "issuer", frozenset(node.words(key)))
    return read_issuer(node, key, vocabulary)


def _ended_after(node: Node, key: str, vocabulary: Vocabulary) -> Condition:  # noqa: ARG001
    child = node.child(key)
    atom = EndedAfter(child.text("learner"), child.choice("same_day", ("refused", "counts"), "refused") == "counts")
    child.done()
    return atom


def _ended(node: Node, key: str, vocabulary: Vocabulary) -> Condition:  # noqa: ARG001
    child = node.child(key)
    atom = EndedBetween(child.day("from"), child.day("until"))
    if not (atom.start or atom.until):
        raise child.fail("Say from when, until when, or both: { from = 2026-09-01 }.")
    if atom.start and atom.until and atom.until < atom.start:
        raise child.fail("'until' lies before 'from'.", "until")
    child.done()
    return atom


def _fact(node: Node, key: str, vocabulary: Vocabulary) -> Condition:  # noqa: ARG001
    child = node.child(key)
    if child.has("at_least") or child.has("at_most"):
        within = FactWithin(child.text("name"), read_bounds(child))
        child.done()
        return within
    values = child.raw("among")
    plain = isinstance(values, list) and values and all(isinstance(each, str | int) for each in values)
    if not plain or not isinstance(values, list):
        raise child.fail("'among' must be a list of texts, whole numbers, or true and false.", "among")
    atom = FactAmong(child.text("name"), tuple(values))
    child.done()
    return atom


ATOMS: Mapping[str, _Reader] = {
    "source": _among("source"),
    "class": _among("course_class"),
    "area": _among("area"),
    "issuer": _issuer,
    "unit": _among("unit"),
    "provider_root": _among("provider"),
    "score_at_least": _score_at_least,
    "attendance_at_least": _attendance,
    "outcomes_at_least": lambda node, key, _: OutcomesAtLeast(_score(node, key)),
    "outcomes_passed": read_outcomes_passed,
    "grade_among": _grade,
    "grade_at_least": read_grade_at_least,
    "passed": read_passed,
    "whole": read_whole,
    "level_at_least": read_level,
    "level_at_most": read_level_at_most,
    "level_is": read_level_is,
    "issuer_accredited": _accredited,
    "ended_after": _ended_after,
    "ended": _ended,
    "fact": _fact,
    "known": lambda node, key, _: FactAmong(node.text(key), None),
    "listed": read_listed,
    "course": read_course,
    "kind": read_kind,
    "compulsory": read_compulsory,
    "excluded_from": read_excluded,
    "passed_exam_of": read_passed_exam,
    "judged": lambda node, key, _: read_judged(node.child(key)),
}
