"""Atoms that look at what an award is recognised as: the course it stands for, the kind, what it stays out of.

They read what the articulation has written down, so they say *no* of an award that stands for no course.
"""

from dataclasses import dataclass
from typing import Final

from recognition_rules.award import Award
from recognition_rules.conditions.atoms import Condition
from recognition_rules.judgement import Judgement
from recognition_rules.reading.pack_reader import Node
from recognition_rules.reading.vocabulary import Vocabulary
from recognition_rules.situation import Situation
from recognition_rules.truth import YES, Edit, Finding, Truth, Verdict

COURSE: Final = "target.course"
KIND: Final = "target.kind"
COMPULSORY: Final = "target.compulsory"
EXCLUDED: Final = "target.excluded_from"
RESERVED: Final = "target."
"""Facts of this beginning are written by the engine; what an award brings along under such a name is dropped."""

EXAM: Final = "passed-exam"
EXCLUSIONS: Final = ("gpa", "residency", "honours", "points")


@dataclass(frozen=True, slots=True)
class RecognisedAs:
    """The course, or the kind, that an award is recognised as is one of these."""

    fact: str
    name: str
    values: frozenset[str]

    def judge(self, award: Award, situation: Situation) -> Verdict:  # noqa: ARG002 - the shape of a condition
        """No where the award stands for none."""
        value = award.facts.get(self.fact)
        return YES if value in self.values else Verdict(Truth.NO, (Finding("SOURCE_NOT_ELIGIBLE", {self.name: value}),))


@dataclass(frozen=True, slots=True)
class ExcludedFrom:
    """What the award carries keeps it out of one of these."""

    places: frozenset[str]

    def judge(self, award: Award, situation: Situation) -> Verdict:  # noqa: ARG002 - the shape of a condition
        """No where no outcome says so."""
        found = str(award.facts.get(EXCLUDED, "")).split(",")
        return YES if self.places & set(found) else Verdict(Truth.NO)


@dataclass(frozen=True, slots=True)
class PassedExamOf:
    """The learner has passed the examination of a course: a fact about the learner or a signed judgement says so.

    The fact is `passed_exam:<course>`; the judgement answers the question `passed-exam` about the course (`target`).
    """

    course: str | None

    def judge(self, award: Award, situation: Situation) -> Verdict:
        """Unknown where nobody says anything, or two judgements of one day disagree."""
        course = self.course or award.facts.get(COURSE)
        answer = _fact(situation, str(course))
        if answer is None:
            answer = _judged(award, str(course), situation)
        if answer:
            return Verdict(Truth.YES, (), (f"the examination of {course} is passed",))
        finding = Finding("EXAM_STILL_REQUIRED", {"course": course, "passed": answer}, _edit(str(course)))
        return Verdict(Truth.UNKNOWN if answer is None else Truth.NO, (finding,))


def _edit(course: str) -> Edit:
    return Edit("supply", {"fact": f"passed_exam:{course}", "value": True, "of": "learner"})


def _fact(situation: Situation, course: str) -> bool | None:
    value = situation.learner.get(f"passed_exam:{course}")
    return value if isinstance(value, bool) else None


def _judged(award: Award, course: str, situation: Situation) -> bool | None:
    """What the latest good judgement says; None where there is none, or those of its day disagree."""
    good = [each for each in situation.judgements if _concerns(each, award, course) and each.good_on(situation.on)]
    latest = max((each.signed_on for each in good), default=None)
    answers = {each.answer for each in good if each.signed_on == latest}
    return answers == {True} if len(answers) == 1 else None


def _concerns(judgement: Judgement, award: Award, course: str) -> bool:
    about = judgement.award in (None, award.id) and judgement.target in (None, course)
    return judgement.question == EXAM and about and (judgement.award is not None or judgement.target is not None)


def read_course(node: Node, key: str, vocabulary: Vocabulary) -> Condition:
    """`course = ["maths-1"]`: the award stands for one of these courses of the target."""
    return RecognisedAs(COURSE, "course", frozenset(node.words(key, vocabulary.courses)))


def read_kind(node: Node, key: str, vocabulary: Vocabulary) -> Condition:
    """`kind = ["exempt"]`: the award is recognised as one of these kinds."""
    return RecognisedAs(KIND, "kind", frozenset(node.words(key, vocabulary.kinds)))


def read_compulsory(node: Node, key: str, vocabulary: Vocabulary) -> Condition:  # noqa: ARG001 - shape of a reader
    """`compulsory = true`: the award stands for a compulsory course; false: for one that is not."""
    return RecognisedAs(COMPULSORY, "compulsory", frozenset(("true" if node.flag(key) else "false",)))


def read_excluded(node: Node, key: str, vocabulary: Vocabulary) -> Condition:  # noqa: ARG001 - shape of a reader
    """`excluded_from = ["gpa"]`, or one word without the brackets."""
    if isinstance(node.values.get(key), str):
        return ExcludedFrom(frozenset((node.choice(key, EXCLUSIONS),)))
    return ExcludedFrom(frozenset(node.words(key, EXCLUSIONS)))


def read_passed_exam(node: Node, key: str, vocabulary: Vocabulary) -> Condition:
    """`passed_exam_of = "target"` (the course the award stands for), or the id of a course."""
    course = node.choice(key, ("target", *sorted(vocabulary.courses)))
    return PassedExamOf(None if course == "target" else course)
