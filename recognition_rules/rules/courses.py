"""Courses of the target programme, for which awards may stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from recognition_rules.language import LanguageMap
from recognition_rules.levels import Level
from recognition_rules.reading.pack_reader import Node
from recognition_rules.reading.vocabulary import Vocabulary
from recognition_rules.terms import Terms, read_terms


@dataclass(frozen=True, slots=True)
class Course:
    """One [[course]] of a pack: its credits are in the programme's unit.

    What is None does not change what the award says of itself. `achievements` are the ids under which the course is
    awarded; without `terms` it has always been there; without `programmes` it belongs to all.
    """

    id: str
    title: LanguageMap
    credits: Fraction
    course_class: str | None
    area: str | None
    level: Level | None
    component: str | None
    compulsory: bool | None
    achievements: tuple[str, ...]
    programmes: frozenset[str] | None
    terms: tuple[Terms, ...]

    def concerns(self, programme: str, day: date) -> bool:
        """Whether the course belongs to the programme on that day."""
        if self.programmes is not None and programme not in self.programmes:
            return False
        return not self.terms or any(terms.covers(day) for terms in self.terms)


def read_courses(nodes: Sequence[Node], vocabulary: Vocabulary) -> Mapping[str, Course]:
    """The [[course]] tables by id; raises `PackInvalid`."""
    courses: dict[str, Course] = {}
    for node in nodes:
        course = _course(node, vocabulary)
        if course.id in courses:
            raise node.fail(f"'{course.id}' is there twice.", "id", "duplicate_id")
        courses[course.id] = course
    return courses


def _course(node: Node, vocabulary: Vocabulary) -> Course:
    course = Course(
        id=_course_id(node),
        title=node.language_map("title"),
        credits=node.number("credits"),
        course_class=node.choice("class", vocabulary.classes) if node.has("class") else None,
        area=node.text_or_none("area"),
        level=_level(node),
        component=node.text_or_none("component"),
        compulsory=node.flag("compulsory") if node.has("compulsory") else None,
        achievements=node.words("achievements") if node.has("achievements") else (),
        programmes=frozenset(node.words("programmes")) if node.has("programmes") else None,
        terms=read_terms(node, vocabulary.references),
    )
    node.done()
    return course


def _course_id(node: Node) -> str:
    name = node.text("id")
    if "|" in name or name != name.strip():
        raise node.fail("A course's id has no '|' and no space at its ends.", "id")
    return name


def _level(node: Node) -> Level | None:
    child = node.child_or_none("level")
    if child is None:
        return None
    level = Level(child.text("framework"), child.number("value"))
    child.done()
    return level
