"""A pack: a published rule set as data. Its types; `parse` lives in `pack_parser` and is offered here too.

A pack says which sources and classes of credit there are, which conditions an award must meet, what is counted
twice, how much of it counts, and what a programme requires; each rule with dated, sourced terms.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, Protocol

from recognition_rules.calendars import Calendar
from recognition_rules.canonical import Json
from recognition_rules.conditions.atoms import Condition
from recognition_rules.conditions.figures import with_figure
from recognition_rules.credits import Rounding
from recognition_rules.errors import PackInvalid
from recognition_rules.language import LanguageMap
from recognition_rules.normalisers import TITLE_KEYS
from recognition_rules.policy import Policy
from recognition_rules.programme import Group, Measure, Programme
from recognition_rules.rules.authority import Override
from recognition_rules.rules.bounds import Bound
from recognition_rules.rules.compatibility import Compatibility
from recognition_rules.rules.courses import Course
from recognition_rules.rules.exits import Exit
from recognition_rules.rules.figures import with_overrides
from recognition_rules.rules.floors import Floor
from recognition_rules.rules.kinds import Kind
from recognition_rules.rules.ladders import CertificateLadder
from recognition_rules.rules.matches import Match
from recognition_rules.rules.measures import WeightedSum
from recognition_rules.rules.obligations import ObligationRule
from recognition_rules.rules.outcomes import OutcomeRule
from recognition_rules.rules.ratios import ContactHours, PackRatio
from recognition_rules.rules.roundings import RoundingRule
from recognition_rules.rules.tables import DecisionTable
from recognition_rules.rules.use import ONE_USE, UseRule
from recognition_rules.rules.validity import Validity
from recognition_rules.terms import RuleHead, Terms

if TYPE_CHECKING:
    from recognition_rules.stages.plan import Plan


class Ruled(Protocol):
    """What has the head of a rule."""

    @property
    def head(self) -> RuleHead:
        """Id, label, title and terms."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A source of the pack's terms: its title, and how well it was checked."""

    id: str
    title: str
    standing: Literal["confirmed", "weak", "memory", "policy"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A point on which the law is silent: the value chosen, the other values it may have, and why."""

    id: str
    value: object
    others: tuple[object, ...]
    title: LanguageMap


@dataclass(frozen=True, slots=True)
class Eligibility:
    """A gate: awards that `when` holds for must meet `require`; each failing atom is a reason.

    `reason` is the code declared in place of the general `SOURCE_NOT_ELIGIBLE`; `looks_at` the facts it then tells.
    """

    head: RuleHead
    when: Condition
    require: Condition
    reason: str | None = None
    looks_at: tuple[str, ...] = ()

    @property
    def has_other_figures(self) -> bool:
        """Whether some of its terms set a figure in the place of its own."""
        return any(terms.value is not None for terms in self.head.terms)

    def required(self, terms: Terms | None) -> Condition:
        """What must be met under these terms, which may set another figure than the rule's own."""
        return self.require if terms is None or terms.value is None else with_figure(self.require, terms.value)


@dataclass(frozen=True, slots=True)
class Equivalence:
    """Courses that are the same. Exclusive: one of the class counts. Substitute: all count, the others move.

    `where` says which awards are compared at all: a certificate is no course, whatever it is called.
    `blocks` says what knocks a twin out: one that counted, or any that is eligible. `across` learner takes in
    awards used up earlier. A substitute class keeps `keeps_class` for `at_most` awards; the others become
    `others_become`.
    """

    head: RuleHead
    where: Condition
    kind: Literal["exclusive", "substitute"]
    key: str
    blocks: Literal["counted", "eligible"]
    across: Literal["learner", "recognition"]
    keeps_class: str | None
    at_most: int
    others_become: str | None


@dataclass(frozen=True, slots=True)
class ConversionRule:
    """Which units are recognised at all, and how a range of hours and a fraction are treated.

    `hours_per_credit` are the notional hours of a credit of the pack, in the place of those of the units pack.
    """

    head: RuleHead
    units: frozenset[str]
    range_end: Literal["undetermined", "low"]
    rounding: Rounding
    hours_per_credit: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """An upper bound on the credits or the number of awards in a set, in all or for each period or provider.

    A group is a period of the `calendar` by the award's `date`, or what the award has under the key `per` (an
    attribute, or `fact:name`), or both. `depth` is 0 for an outermost limit and one more than that of the limit it
    stands `within`; the innermost limit that has no room is the one a decision names.
    """

    head: RuleHead
    where: Condition
    measure: Measure
    bound: Bound
    calendar: Calendar | None
    per: str | None
    within: str | None
    depth: int
    reason: str
    date: str = "ended_on"


@dataclass(frozen=True, slots=True)
class Split:
    """Awards that may be counted in part, by whole steps."""

    step: Fraction
    where: Condition


@dataclass(frozen=True, slots=True)
class Milestone:
    """An entitlement that opens when enough credits are counted, or when the tests of `require` are satisfied."""

    head: RuleHead
    at_least: Fraction
    require: Group | None = None


@dataclass(frozen=True, slots=True)
class Pack:
    """A parsed pack. `digest` is over the canonical JSON of its parsed form; comments are not part of it.

    `choose` is the policy of a recognition, `redeem` that of a redemption, where credits are used up for good; `words`
    says what facts, questions and other codes are called. `plans` are what `stages.plan` has worked out from it, and no
    part of it.
    """

    id: str
    version: str
    unit: str
    title: LanguageMap
    digest: str
    source_name: str
    text: str
    choose: Policy
    splits: tuple[Split, ...]
    references: Mapping[str, Reference]
    parameters: Mapping[str, Parameter]
    sources: Mapping[str, LanguageMap]
    classes: Mapping[str, LanguageMap]
    classification: RuleHead
    revocation: RuleHead
    use: RuleHead
    purpose: str
    normaliser: str
    eligibility: tuple[Eligibility, ...]
    equivalences: tuple[Equivalence, ...]
    conversions: tuple[ConversionRule, ...]
    limits: tuple[Limit, ...]
    programmes: Mapping[str, Programme]
    milestones: tuple[Milestone, ...]
    validity: tuple[Validity, ...] = ()
    compatibilities: tuple[Compatibility, ...] = ()
    uses: UseRule = ONE_USE
    authority: tuple[Override, ...] = ()
    tables: tuple[DecisionTable, ...] = ()
    courses: Mapping[str, Course] = field(default_factory=dict)
    matches: tuple[Match, ...] = ()
    kinds: tuple[Kind, ...] = ()
    floors: tuple[Floor, ...] = ()
    outcomes: tuple[OutcomeRule, ...] = ()
    roundings: tuple[RoundingRule, ...] = ()
    ladders: Mapping[str, CertificateLadder] = field(default_factory=dict)
    ratios: tuple[PackRatio, ...] = ()
    contact_hours: tuple[ContactHours, ...] = ()
    obligations: tuple[ObligationRule, ...] = ()
    measures: tuple[WeightedSum, ...] = ()
    exits: tuple[Exit, ...] = ()
    redeem: Policy | None = None
    sets: Mapping[str, Condition] = field(default_factory=dict)
    words: Mapping[str, LanguageMap] = field(default_factory=dict)

    _local: dict[tuple[str, ...], "Pack"] = field(default_factory=dict, compare=False, repr=False)
    plans: "dict[tuple[str, date, bool], Plan]" = field(default_factory=dict, init=False, compare=False, repr=False)

    def overrides_for(self, programme: str, institution: str | None) -> tuple[Override, ...]:
        """The overrides that hold for a recognition in this programme by this institution."""
        return tuple(each for each in self.authority if each.concerns(programme, institution))

    def localised(self, programme: str, institution: str | None) -> "Pack":
        """The pack with the local terms of this programme and institution in place; its identity stays."""
        overrides = self.overrides_for(programme, institution) if self.authority else ()
        if not overrides:
            return self
        key = tuple(override.head.id for override in overrides)
        if key not in self._local:
            self._local[key] = with_overrides(replace(self, _local={}), overrides)
        return self._local[key]

    def with_parameters(self, values: Mapping[str, object]) -> "Pack":
        """The pack with other values at its named points of silence; another digest. Raises `PackInvalid`."""
        return parse(self.text, name=self.source_name, parameters=values)

    def rules(self) -> dict[str, RuleHead]:
        """Every rule by id, for titles and terms."""
        heads = [self.classification, self.revocation, self.use]
        groups: tuple[Iterable[Ruled], ...] = (
            self.eligibility,
            self.equivalences,
            self.conversions,
            self.limits,
            self.milestones,
            self.exits,
            self.measures,
            self.validity,
            self.compatibilities,
            self.uses.exceptions,
            self.authority,
            *self._amount_rules(),
        )
        heads += [rule.head for group in groups for rule in group]
        return {head.id: head for head in heads}

    def _amount_rules(self) -> tuple[Iterable[Ruled], ...]:
        """The rules that say what an award stands for and what it is worth."""
        found = (self.tables, self.matches, self.kinds, self.floors, self.outcomes, self.roundings)
        return (*found, tuple(self.ladders.values()), self.ratios, self.contact_hours, self.obligations)

    @property
    def title_key(self) -> str:
        """The key by which titles are the same under the pack's normaliser."""
        return TITLE_KEYS[self.normaliser][0]

    def identity(self) -> dict[str, Json]:
        """Which pack it was, as a recognition names it."""
        return {"id": self.id, "version": self.version, "digest": self.digest}


def parse(text: str, *, name: str = "pack.toml", parameters: Mapping[str, object] | None = None) -> Pack:
    """The pack of a TOML text; raises `PackInvalid` with the file, the line and a sentence."""
    from recognition_rules.reading.pack_parser import parse_pack

    return parse_pack(text, name=name, parameters=parameters or {})


__all__ = ["Pack", "PackInvalid", "parse"]
