"""A programme: a qualification and what it requires. Slots consume credits, tests only look at them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal, TypeAlias

from recognition_rules.award import FactValue
from recognition_rules.conditions.atoms import Condition
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


@dataclass(frozen=True, slots=True)
class Need:
    """How much a leaf needs: an amount, a share of a part of the programme or of all that counted, or what the
    syllabus says."""

    amount: Fraction | None = None
    share_of: str | None = None
    from_syllabus: bool = False


@dataclass(frozen=True, slots=True)
class LearnerTest:
    """A fact about the learner that must have this value, such as having finished high school."""

    fact: str
    value: FactValue


@dataclass(frozen=True, slots=True)
class Leaf:
    """A slot, which holds credits that sit nowhere else, or a test, which reads credits that counted.

    `rest` takes what no other slot takes. `subjects` asks for the syllabus's required subjects, matched by the
    equivalence key `subjects_by`; `learner` asks for a fact about the learner instead of credits.
    """

    id: str
    kind: Literal["slot", "test"]
    title: LanguageMap
    where: Condition
    rest: bool
    measure: Literal["credits", "items"]
    need: Need
    subjects_by: str | None
    learner: LearnerTest | None
    terms: tuple[Terms, ...]

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
    """A qualification: `parts` are its named credit totals (`programme.total` …), `versions` oldest first."""

    id: str
    title: LanguageMap
    parts: Mapping[str, Fraction]
    window: AttachWindow | None
    versions: tuple[ProgrammeVersion, ...]

    def version_on(self, day: date) -> ProgrammeVersion:
        """The version in force that day; the earliest or latest where the day lies outside all of them."""
        covering = (version for version in self.versions if version.terms.covers(day))
        return next(covering, self._nearest(day))

    def _nearest(self, day: date) -> ProgrammeVersion:
        first = self.versions[0]
        return first if first.terms.start and day < first.terms.start else self.versions[-1]
