"""A programme: a qualification and what it requires. Slots consume credits, tests only look at them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal, TypeAlias

from recognition_rules.award import FactValue
from recognition_rules.conditions.atoms import Condition
from recognition_rules.conditions.numbers import Bounds
from recognition_rules.language import LanguageMap
from recognition_rules.terms import RuleHead, Terms


@dataclass(frozen=True, slots=True)
class Syllabus:
    """The curriculum of a learner's field: its required subjects by title, and the credits they may replace.

    It is an input of a recognition, because there is one for every field of study and edition.
    """

    id: str
    version: str
    required_subjects: tuple[LanguageMap, ...] = ()
    required_credits: Fraction | None = None


Measure = Literal["credits", "items", "courses"]
"""What is added up: credits; awards; or courses, where an award that stands for two courses of the target is two."""

KnownBefore = ("registered", "exit_award.total", "source.total")
"""Bases of a share, beside the parts of the programme, that are known before the choice. `counted` is not."""


@dataclass(frozen=True, slots=True)
class Need:
    """How much a leaf needs: an amount, a share of a base, or what the syllabus says.

    The base `share_of` is a part of the programme (`programme.total` …), the total of the exit award that is sought
    (`exit_award.total`), the eligible awards (`registered`) or those that counted (`counted`); of the last two only
    those that `among` holds for, in the measure of the leaf. Shares are exact: 25 % of 138 is 69/2.
    """

    amount: Fraction | None = None
    share_of: str | None = None
    from_syllabus: bool = False
    among: Condition | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """The last `size` credits (or awards) of a learner: the eligible awards that `where` holds for, in the order `by`.

    It is known before the choice. The award on the edge is in it `whole`, `pro-rata` or not at all (`excluded`).
    """

    size: Fraction
    measure: Literal["credits", "items"]
    by: tuple[str, ...]
    where: Condition
    straddling: Literal["whole", "pro-rata", "excluded"]


@dataclass(frozen=True, slots=True)
class LearnerTest:
    """A fact about the learner that must have this value, such as having finished high school, or lie within bounds."""

    fact: str
    value: FactValue | None
    bounds: Bounds | None = None

    def answer(self, value: object) -> bool | None:
        """Whether the value is the one asked for; None where it is not known, or no number where one is asked for."""
        if self.bounds is not None:
            return self.bounds.hold(value)
        return None if value is None else value == self.value and type(value) is type(self.value)


Form = Literal["amount", "window", "subjects", "courses", "learner"]


@dataclass(frozen=True, slots=True)
class Leaf:
    """A slot, which holds credits that sit nowhere else, or a test, which reads credits that counted.

    A slot is always of the form `amount`: what sits in it, at least the need. `rest` takes what no other slot takes;
    what a slot has beyond its need goes to the slot `surplus_to`, otherwise nowhere but into the total. The forms of
    a test:

    - `amount`: the counted awards that `where` holds for, added up in `measure`, are at least the need;
    - `window`: the same, each times its part in the window (`stages.windows`), a number from 0 to 1;
    - `subjects`: of the named subjects (the syllabus's where `subjects` is empty), matched by the equivalence key
      `subjects_by`, `named` are among the counted awards, all of them where `named` is None;
    - `courses`: of the target's courses `courses`, `named` are satisfied, all of them where it is None;
    - `learner`: a fact about the learner has this value.
    """

    id: str
    kind: Literal["slot", "test"]
    title: LanguageMap
    where: Condition
    rest: bool
    measure: Measure
    need: Need
    subjects_by: str | None
    learner: LearnerTest | None
    terms: tuple[Terms, ...]
    window: Window | None = None
    subjects: tuple[LanguageMap, ...] = ()
    courses: tuple[str, ...] = ()
    named: int | None = None
    surplus_to: str | None = None

    @property
    def form(self) -> Form:
        """What the leaf asks for."""
        if self.learner is not None:
            return "learner"
        if self.subjects_by is not None:
            return "subjects"
        return "courses" if self.courses else "window" if self.window is not None else "amount"

    def terms_on(self, day: date, otherwise: Terms) -> Terms:
        """The leaf's own terms that day, else those of its programme."""
        return next((terms for terms in self.terms if terms.covers(day)), otherwise)


@dataclass(frozen=True, slots=True)
class Group:
    """Requirements of which `at_least` must be satisfied: all of them, any one, or n."""

    id: str
    kind: Literal["all", "any", "n-of"]
    title: LanguageMap
    at_least: int
    parts: "tuple[Requirement, ...]"


Requirement: TypeAlias = Leaf | Group


def leaves(requirement: Requirement) -> Iterator[Leaf]:
    """The leaves below a requirement, in the order of the pack."""
    if isinstance(requirement, Leaf):
        yield requirement
    else:
        for part in requirement.parts:
            yield from leaves(part)


def slots(requirement: Requirement) -> tuple[Leaf, ...]:
    """The slots below a requirement, in the order of the pack."""
    return tuple(leaf for leaf in leaves(requirement) if leaf.kind == "slot")


@dataclass(frozen=True, slots=True)
class AttachWindow:
    """The last day on which a course may end to count for an award made in a month: (month, day) by month."""

    head: RuleHead
    until: Mapping[int, tuple[int, int]]

    def cutoff(self, year: int, month: int) -> date:
        """The last day for the award session; in the year before where the cut-off month comes later."""
        cut_month, day = self.until[month]
        return date(year if cut_month <= month else year - 1, cut_month, day)

    def next_session(self, ended_on: date) -> str:
        """The first award session whose window a course ended on this day still reaches."""
        sessions = ((year, month) for year in range(ended_on.year, ended_on.year + 3) for month in sorted(self.until))
        year, month = next(session for session in sessions if self.cutoff(*session) >= ended_on)
        return f"{year}-{month:02d}"


@dataclass(frozen=True, slots=True)
class ProgrammeVersion:
    """The requirements between two days. `kept_by_criteria` keeps them for those who met them by the last day."""

    terms: Terms
    require: Group
    kept_by_criteria: bool


@dataclass(frozen=True, slots=True)
class Programme:
    """A qualification: `parts` are its named credit totals (`programme.total` …), `versions` oldest first.

    `versions_by` says which day picks the version: that of the decision, of enrolment or of application, the last
    two being facts about the learner (`enrolled_on`, `applied_on`).
    """

    id: str
    title: LanguageMap
    parts: Mapping[str, Fraction]
    window: AttachWindow | None
    versions: tuple[ProgrammeVersion, ...]
    versions_by: Literal["decision", "enrolment", "application"] = "decision"

    @property
    def versions_fact(self) -> str | None:
        """The learner's fact that picks the version; None where the day of the decision does, or there is but one."""
        if len(self.versions) == 1 or self.versions_by == "decision":
            return None
        return "enrolled_on" if self.versions_by == "enrolment" else "applied_on"

    def version_on(self, day: date) -> ProgrammeVersion:
        """The version in force that day; the earliest or latest where the day lies outside all of them."""
        covering = (version for version in self.versions if version.terms.covers(day))
        return next(covering, self._nearest(day))

    def _nearest(self, day: date) -> ProgrammeVersion:
        first = self.versions[0]
        return first if first.terms.start and day < first.terms.start else self.versions[-1]
