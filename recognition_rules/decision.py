"""What became of one award: the decision, its reasons, the steps behind it, and what would change it."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from recognition_rules.amount_text import same, text_of_amount, total
from recognition_rules.canonical import Json
from recognition_rules.credits import Credits
from recognition_rules.terms import Terms
from recognition_rules.truth import Edit

DecisionStatus = Literal["counted", "partly", "conditional", "waived", "not_counted", "undetermined"]


@dataclass(frozen=True, slots=True)
class Step:
    """One line of why. `terms` are those that decided, `version` their number; `inputs` are plain JSON values."""

    n: int
    stage: str
    award: str | None
    rule: str | None
    terms: Terms | None
    inputs: Mapping[str, Json]
    arithmetic: str | None
    result: str

    def to_json(self) -> dict[str, Json]:
        """The step's shape."""
        return {
            "n": self.n,
            "stage": self.stage,
            "award": self.award,
            "rule": self.rule,
            "version": None if self.terms is None else self.terms.version,
            "terms": None if self.terms is None else self.terms.to_json(),
            "inputs": dict(self.inputs),
            "arithmetic": self.arithmetic,
            "result": self.result,
        }


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an amount did not count: the engine's `code`, the pack's `label`, the rule, the amount, the facts."""

    code: str
    label: str
    rule: str | None
    amount: Fraction
    facts: Mapping[str, Json]

    def to_json(self) -> dict[str, Json]:
        """The reason's shape."""
        return {
            "code": self.code,
            "label": self.label,
            "rule": self.rule,
            "amount": text_of_amount(self.amount),
            "facts": dict(self.facts),
        }


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """The edits after which the award would count; `verified` says whether a re-run confirmed it.

    `gain` is the change in credits counted, `displaces` the awards that would give way. `none` says that every change
    of up to three edits has been tried and none would do.
    """

    edits: tuple[Edit, ...]
    gain: Fraction
    displaces: tuple[str, ...]
    verified: bool
    none: bool = False

    def to_json(self) -> dict[str, Json]:
        """The counterfactual's shape; `code` is there only where nothing would."""
        return {
            **({"code": "NO_SMALL_CHANGE"} if self.none else {}),
            "edits": [{"do": edit.do, **edit.details} for edit in self.edits],
            "gain": {"counted": text_of_amount(self.gain)},
            "displaces": list(self.displaces),
            "verified": self.verified,
        }


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a counted award carries: credit, credit without grade …, and what it is excluded from (GPA …)."""

    kind: Literal["credit", "credit-without-grade", "exempt-from-class", "waived"] = "credit"
    grade: str | None = None
    excluded_from: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Json]:
        """The outcome's shape."""
        return {"kind": self.kind, "grade": self.grade, "excluded_from": list(self.excluded_from)}


CREDIT = Outcome()


@dataclass(frozen=True, slots=True)
class Part:
    """What became of the part of an award that stands for one `course` of the target; None: what is beyond it."""

    course: str | None
    status: DecisionStatus
    amount: Fraction
    counted: Fraction
    conditional: Fraction
    slot: str | None
    course_class: str | None
    outcome: Outcome

    def to_json(self) -> dict[str, Json]:
        """The part's shape."""
        return {
            "course": self.course,
            "status": self.status,
            "amount": text_of_amount(self.amount),
            "counted": text_of_amount(self.counted),
            "conditional": text_of_amount(self.conditional),
            "slot": self.slot,
            "class": self.course_class,
            "outcome": self.outcome.to_json(),
        }


@dataclass(slots=True)
class Decision:
    """What became of one award. `amount = counted + conditional + Σ reasons.amount`, in the programme's unit.

    Nobody writes to it; it is not frozen because that makes it four times as dear, and bulk runs make twenty a learner.

    `repairs` are the edits that would mend what stands against it, for the search of a counterfactual; not shown. Where
    the award stands for courses of the target, `parts` holds one entry for each; their amounts add up to the award's.
    """

    award: str
    status: DecisionStatus
    source_amount: Credits
    amount: Fraction
    counted: Fraction
    conditional: Fraction
    slot: str | None
    course_class: str | None
    reasons: tuple[Reason, ...]
    counterfactual: Counterfactual | None
    steps: tuple[int, ...]
    outcome: Outcome = CREDIT
    repairs: tuple[Edit, ...] = ()
    parts: tuple[Part, ...] = ()

    def __post_init__(self) -> None:
        everything = self.counted is self.amount or same(self.amount, self.counted)
        if everything and not self.reasons and not self.conditional:
            return
        if self.amount != total((self.counted, self.conditional, *(reason.amount for reason in self.reasons))):
            raise AssertionError(f"the parts of award {self.award} do not add up")

    def to_json(self) -> dict[str, Json]:
        """The decision's shape."""
        amount, unit = text_of_amount(self.source_amount.amount), self.source_amount.unit
        return {
            "award": self.award,
            "status": self.status,
            "source_amount": {"amount": amount, "unit": unit},
            "amount": text_of_amount(self.amount),
            "counted": text_of_amount(self.counted),
            "conditional": text_of_amount(self.conditional),
            "slot": self.slot,
            "class": self.course_class,
            "outcome": self.outcome.to_json(),
            "reasons": [reason.to_json() for reason in self.reasons],
            "counterfactual": None if self.counterfactual is None else self.counterfactual.to_json(),
            "steps": list(self.steps),
            **({"parts": [part.to_json() for part in self.parts]} if self.parts else {}),
        }
