"""What the stages of one recognition share, and the working record of each award on its way through them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from types import MappingProxyType

from recognition_rules.amount_text import Exact, whole
from recognition_rules.award import Award, Use
from recognition_rules.canonical import Json
from recognition_rules.decision import CREDIT, Counterfactual, Outcome, Reason, Step
from recognition_rules.pack import Equivalence, Pack
from recognition_rules.policy import Policy
from recognition_rules.programme import Programme, ProgrammeVersion, Syllabus
from recognition_rules.rules.courses import Course
from recognition_rules.rules.exits import Exit
from recognition_rules.rules.kinds import Kind
from recognition_rules.situation import Situation
from recognition_rules.stages.plan import Plan, Profile
from recognition_rules.stages.pricing import Price
from recognition_rules.terms import RuleHead, Terms
from recognition_rules.truth import Edit, Finding, Truth

_NOTHING: Mapping[str, Json] = MappingProxyType({})
_UNKNOWN_CODES = frozenset(
    {"FACT_MISSING", "ISSUER_STATUS_UNKNOWN", "JUDGEMENT_NEEDED", "TERM_UNCONFIRMED", "LEVEL_STRADDLES"}
    | {"UNCLASSIFIED", "HOURS_RANGE"}
)


@dataclass(slots=True)
class Trace:
    """The steps in the order in which they happened, numbered from 0; none are kept where nobody is `telling`."""

    steps: list[Step] = field(default_factory=list)
    telling: bool = True

    def add(
        self,
        stage: str,
        result: str,
        *,
        award: str | None = None,
        rule: str | None = None,
        terms: Terms | None = None,
        inputs: Mapping[str, Json] = _NOTHING,
        arithmetic: str | None = None,
    ) -> int:
        """Records a step and answers its number; where nobody is telling it is 0 and nothing is kept."""
        if not self.telling:
            return 0
        number = len(self.steps)
        self.steps.append(Step(number, stage, award, rule, terms, inputs, arithmetic, result))
        return number


@dataclass(frozen=True, slots=True)
class Direction:
    """What a decision table answered for an award: the value, and the table, terms and row that say so."""

    value: str | Fraction
    head: RuleHead
    terms: Terms
    row: str


@dataclass(slots=True)
class Candidate:
    """An award on its way: what it is worth, what stands against it, how much of it counted and where.

    `against` and `unknown` hold (reason code, label, rule, facts) in the order found; `charged` holds the parts
    that limits cut off. `size` is what `counted` is, as a whole number where it is one. `award` is replaced when a
    rule moves it into another class. `conditional` is what will count once a condition is met (`on_condition`, set
    before the choice); it takes up room in limits already. Where one award stands for several courses of the target
    there is one candidate for each, told apart by `part`, the course; `key` is unique. Candidates that share
    `together` count together or not at all. `expires_on` is the last day on which the award is good for this
    target, as far as it is known; `used_parts` are the shares that earlier uses took.
    `course`, `kind` and `outcome` say what it stands for, as what, and what it carries; `directions` are what tables
    answered, by column.
    """

    award: Award
    price: Price
    against: list[Reason] = field(default_factory=list)
    unknown: list[Reason] = field(default_factory=list)
    charged: list[Reason] = field(default_factory=list)
    notes: list[Reason] = field(default_factory=list)
    edits: list[Edit | None] = field(default_factory=list)
    steps: list[int] = field(default_factory=list)
    counted: Fraction = Fraction(0)
    size: Exact = 0
    conditional: Fraction = Fraction(0)
    part: str | None = None
    together: str | None = None
    slot: str | None = None
    proposal: Counterfactual | None = None
    on_condition: bool = False
    course: Course | None = None
    kind: Kind | None = None
    outcome: Outcome = CREDIT
    directions: dict[str, "Direction"] = field(default_factory=dict)
    expires_on: date | None = None
    used_parts: tuple[tuple[Use, Fraction], ...] = ()

    @property
    def key(self) -> str:
        """Unique among the candidates of a recognition: the award's id, with the course it stands for."""
        return self.award.id if self.part is None else f"{self.award.id} → {self.part}"

    @property
    def offered(self) -> Fraction:
        """What the choice offers room for: the award's worth, less what was used of it before."""
        return self.worth * (1 - self._used_share()) if self.used_parts else self.price.worth

    @property
    def worth(self) -> Fraction:
        """The award's worth, less what its own rounding took off."""
        return self.price.worth

    def _used_share(self) -> Fraction:
        return sum((share for _, share in self.used_parts), Fraction(0))

    @property
    def granted(self) -> Fraction:
        """What the choice gave, whether it counts now or on a condition."""
        return self.conditional if self.on_condition else self.counted

    def grant(self, amount: Fraction) -> None:
        """What the choice gives: it counts, or, where a kind makes it `on_condition`, it will; either takes up room."""
        if self.on_condition:
            self.conditional = amount
        else:
            self.counted, self.size = amount, self.exactly(amount)

    def exactly(self, amount: Fraction) -> Exact:
        """An amount of it as a whole number where it is one; mostly it is all of its worth."""
        return self.price.exact if amount is self.price.worth else whole(amount)

    @property
    def is_open(self) -> bool:
        """Nothing stands against it and nothing is unknown so far."""
        return not self.against and not self.unknown

    @property
    def may_still_count(self) -> Fraction:
        """What would count at most, were every unknown settled in its favour."""
        possible = self.price.high if self.unknown and not self.against else Fraction(0)
        return possible * (1 - self._used_share()) if self.used_parts else possible

    def hold(self, truth: Truth, findings: tuple[Finding, ...], label: str, rule: str | None) -> None:
        """Writes down what a condition found, unless it holds."""
        if truth is Truth.YES:
            return
        before = len(self.against)
        for finding in findings or (Finding("SOURCE_NOT_ELIGIBLE" if truth is Truth.NO else "FACT_MISSING"),):
            unknown = truth is Truth.UNKNOWN or finding.code in _UNKNOWN_CODES
            reason = Reason(finding.code, label, rule, Fraction(0), finding.facts)
            (self.unknown if unknown else self.against).append(reason)
            if finding.edit is not None or not finding.spare:
                self.edits.append(finding.edit)
        if truth is Truth.NO and len(self.against) == before:
            # What fails without a finding of its own fails still: the unknown beside it does not make it open.
            self.against.append(Reason("SOURCE_NOT_ELIGIBLE", label, rule, Fraction(0), {}))
            self.edits.append(None)


@dataclass(frozen=True, slots=True)
class Rounded:
    """What the counted credits come to after rounding, in all and in each slot where slots are the buckets."""

    total: Fraction
    slots: Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class Doubt:
    """What open questions leave of a requirement that is read one way, and what is missing, by award."""

    truth: Truth
    missing: Mapping[str, Sequence[str]]

    def to_json(self) -> dict[str, Json]:
        """The facts and questions that are open, by award, as a step of the trace names them."""
        return {award: list(names) for award, names in self.missing.items()}


@dataclass(slots=True)
class Frame:
    """The fixed inputs of one recognition, and its trace.

    `exit_award` is the award sought on the way, where there is one. `eligible` are the awards that are open before
    the choice, with their worth. `undated` names the day that is missing to tell which version of the programme holds.
    `lifted` are the rules that a minimum grant beats, by award; `rivals` by course the awards of which one at most may
    count for it, each with the rule by which it would; `rounded` is what the counted credits come to where a
    pack rounds them. `doubts` are, by the identity of a requirement or milestone, what open questions leave of it;
    `heard` takes down what each is read as, `contained` says which limits are taken to contain an award for trial.
    """

    pack: Pack
    programme: Programme
    version: ProgrammeVersion
    policy: Policy
    situation: Situation
    session: str | None
    used: Mapping[str, tuple[Use, ...]]
    syllabus: Syllabus | None
    trace: Trace
    exit_award: str | None = None
    undated: str | None = None
    eligible: Sequence[Candidate] = ()
    lifted: dict[str, frozenset[str]] = field(default_factory=dict)
    rounded: Rounded | None = None
    rivals: dict[str, dict[str, Equivalence]] = field(default_factory=dict)
    contained: Mapping[str, Mapping[str, bool]] = field(default_factory=dict)
    doubts: Mapping[int, Doubt] = field(default_factory=dict)
    heard: dict[int, Truth] | None = None

    def answer(self, node: object, truth: Truth, *, enough: bool | None = None) -> Truth:
        """What is told of a requirement or milestone: its truth, unless open questions leave it in doubt.

        `enough` says whether there is enough as things stand: nothing is called met with less, nor short with as much.
        """
        if self.heard is not None:
            self.heard[id(node)] = truth
        doubt = self.doubts.get(id(node)) if self.doubts else None
        if doubt is None:
            return truth
        against = (enough is False and doubt.truth is Truth.YES) or (enough is True and doubt.truth is Truth.NO)
        return Truth.UNKNOWN if against else doubt.truth

    @property
    def exit(self) -> Exit | None:
        """The exit award that is sought, None where it is the programme itself or not said."""
        return next((each for each in self.exits() if each.head.id == self.exit_award), None)

    def exits(self) -> tuple[Exit, ...]:
        """The exit awards of this programme, in the order of the pack."""
        return tuple(each for each in self.pack.exits if self._offers(each))

    def exit_totals(self) -> frozenset[Fraction]:
        """What `exit_award.total` may be: one number where the award is known, all that it could be where not."""
        sought = self.pack.programmes.get(self.exit_award or "")
        if self.exit is not None:
            return frozenset({self.exit.total})
        if sought is not None and "programme.total" in sought.parts:
            return frozenset({sought.parts["programme.total"]})
        own = {self.programme.parts[name] for name in ("programme.total",) if name in self.programme.parts}
        return frozenset(own | {each.total for each in self.exits()})

    def _offers(self, each: Exit) -> bool:
        return each.head.concerns(self.programme.id) and each.head.on(self.situation.on) is not None

    @property
    def plan(self) -> Plan:
        """What was worked out for the pack, the programme and the day."""
        assert self.situation.plan is not None
        return self.situation.plan

    def profile(self, award: Award) -> Profile:
        """What is certain of all awards with the same plain attributes."""
        return self.situation.profile(award)

    def terms_for(self, head: RuleHead, award: Award) -> tuple[Terms | None, str | None]:
        """The terms that apply to an award, and the name of the day that is missing to tell them."""
        name = _DAY_FIELDS.get(head.selector)
        day = self.situation.on if name is None else self._day(name, award)
        if day is not None:
            return head.on(day), None
        if not head.terms:
            return None, None
        first = head.terms[0]
        always = len(head.terms) == 1 and first.start is None and first.until is None
        return (first, None) if always else (None, name)

    def _day(self, name: str, award: Award) -> date | None:
        """A day of the award, or the day on which the learner enrolled."""
        day: date | None = self.situation.learner_day(name) if name == "enrolled_on" else getattr(award, name)
        return day


_DAY_FIELDS = {
    "start": "started_on", "end": "ended_on", "award": "awarded_on", "application": "received_on",
    "enrolment": "enrolled_on",
}  # fmt: skip


def iso(day: date | None) -> str | None:
    """A day as text, or None."""
    return None if day is None else day.isoformat()
