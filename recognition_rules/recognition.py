"""What a recognition answers: every award decided with reasons, every requirement, and the whole trace.

The shapes are those that `Recognition.to_json` writes: no key is optional, absent is `[]` or `null`, amounts are
exact text such as `"20/3"`, never numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from recognition_rules.amount_text import Exact, as_fraction, beyond, text_of_amount
from recognition_rules.canonical import Digested, Json, digest
from recognition_rules.credits import display
from recognition_rules.decision import Decision, Step
from recognition_rules.policy import Policy

Status = Literal["granted", "short", "undetermined", "refused", "at_risk"]
Answer = Literal["yes", "no", "undetermined"]


@dataclass(frozen=True, slots=True)
class RequirementResult:
    """A requirement: whether it is satisfied, what it needed and what it has; `awards` are (id, amount)."""

    id: str
    kind: str
    satisfied: Answer
    needed: Fraction
    have: Fraction
    awards: tuple[tuple[str, Fraction], ...]

    @property
    def shortfall(self) -> Fraction:
        """What is missing, never below zero."""
        return as_fraction(self.lacking)

    @property
    def lacking(self) -> Exact:
        """The shortfall, as a whole number where it is one."""
        return beyond(self.needed, self.have)

    @property
    def surplus(self) -> Fraction:
        """What is there beyond the need, never below zero."""
        return as_fraction(beyond(self.have, self.needed))

    def to_json(self) -> dict[str, Json]:
        """The requirement's shape."""
        return {
            "id": self.id,
            "kind": self.kind,
            "satisfied": self.satisfied,
            "needed": text_of_amount(self.needed),
            "have": text_of_amount(self.have),
            "shortfall": text_of_amount(self.shortfall),
            "surplus": text_of_amount(self.surplus),
            "awards": [{"award": award, "amount": text_of_amount(amount)} for award, amount in self.awards],
        }


@dataclass(frozen=True, slots=True)
class Entitlement:
    """A milestone: open, not open, undetermined, or lost after having been held."""

    id: str
    status: Literal["open", "not_open", "undetermined", "lost"]
    needed: Fraction
    have: Fraction

    def to_json(self) -> dict[str, Json]:
        """The entitlement's shape."""
        return {
            "id": self.id,
            "status": self.status,
            "needed": text_of_amount(self.needed),
            "have": text_of_amount(self.have),
        }


ExitStatus = Literal["open", "not_open", "undetermined", "lost"]


@dataclass(frozen=True, slots=True)
class ExitResult:
    """An award that a learner may leave with: whether it is open, its total in credits, and its requirements.

    `sought` marks the one whose requirements the whole recognition was about.
    """

    id: str
    status: ExitStatus
    total: Fraction
    sought: bool
    requirements: tuple[RequirementResult, ...]

    def to_json(self) -> dict[str, Json]:
        """The exit award's shape."""
        return {
            "id": self.id,
            "status": self.status,
            "total": text_of_amount(self.total),
            "sought": self.sought,
            "requirements": [result.to_json() for result in self.requirements],
        }


@dataclass(frozen=True, slots=True)
class CourseResult:
    """A course of the target for which awards stand: whether it is satisfied, and, apart from that, its units.

    `recorded` may be more or less than its `credits`; `awards` are (id, amount).
    """

    id: str
    satisfied: Answer
    credits: Fraction
    recorded: Fraction
    conditional: Fraction
    waived: bool
    awards: tuple[tuple[str, Fraction], ...]

    @property
    def units_short(self) -> Fraction:
        """What the course has beyond what is recorded or may still be, never below zero; of a waiver nothing."""
        missing = self.credits - self.recorded - self.conditional
        return Fraction(0) if self.waived else max(missing, Fraction(0))

    def to_json(self) -> dict[str, Json]:
        """The course's shape."""
        return {
            "course": self.id,
            "satisfied": self.satisfied,
            "credits": text_of_amount(self.credits),
            "recorded": text_of_amount(self.recorded),
            "conditional": text_of_amount(self.conditional),
            "units_short": text_of_amount(self.units_short),
            "waived": self.waived,
            "awards": [{"award": award, "amount": text_of_amount(amount)} for award, amount in self.awards],
        }


@dataclass(frozen=True, slots=True)
class Obligation:
    """What a decision owes: `amount` credits to `kind` (fill …) in a `bucket`, `because` of an award, by a `rule`.

    `discharged_by` are the later awards (id, amount) that have done so, in whole or in part.
    """

    id: str
    kind: str
    bucket: str
    amount: Fraction
    because: str
    discharged: bool
    rule: str
    discharged_by: tuple[tuple[str, Fraction], ...] = ()

    def to_json(self) -> dict[str, Json]:
        """The obligation's shape."""
        return {
            "id": self.id,
            "kind": self.kind,
            "bucket": self.bucket,
            "amount": text_of_amount(self.amount),
            "because": self.because,
            "discharged": self.discharged,
            "rule": self.rule,
            "discharged_by": [{"award": award, "amount": text_of_amount(part)} for award, part in self.discharged_by],
        }


@dataclass(frozen=True, slots=True)
class MeasureResult:
    """A sum over counted credits that is no credit itself, such as points; exact, with a display form beside it.

    `amount` is None where it is not known: `lacking` names the awards on which it hangs, and is empty where there is
    nothing to average. `by` are sums by period, where the measure has a calendar.
    """

    id: str
    amount: Fraction | None
    by: tuple[tuple[str, Fraction], ...] = ()
    lacking: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Json]:
        """The measure's shape; nobody computes with `display`."""
        return {
            "id": self.id,
            "amount": None if self.amount is None else text_of_amount(self.amount),
            "display": None if self.amount is None else display(self.amount),
            "by": [{"period": period, "amount": text_of_amount(amount)} for period, amount in self.by],
            "lacking": list(self.lacking),
        }


@dataclass(frozen=True, slots=True)
class Objective:
    """One objective of the choice: the `value` that was reached, and the `bound` that nothing can be better than."""

    name: str
    value: Fraction
    bound: Fraction

    def to_json(self) -> dict[str, Json]:
        """The objective's shape."""
        return {"name": self.name, "value": text_of_amount(self.value), "bound": text_of_amount(self.bound)}


@dataclass(frozen=True, slots=True)
class Inputs:
    """What was asked: the digest covers all that the rules looked at, and is worked out when it is asked for."""

    digested: Digested
    on: str
    programme: str
    exit_award: str | None
    session: str | None
    policy: Policy

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical bytes of the inputs, as `sha256:…`."""
        return self.digested.digest

    def to_json(self) -> dict[str, Json]:
        """The inputs' shape."""
        return {
            "digest": self.digest,
            "on": self.on,
            "programme": self.programme,
            "exit_award": self.exit_award,
            "session": self.session,
            "policy": self.policy.to_json(),
        }


@dataclass(frozen=True, slots=True)
class Recognition:
    """The outcome for a set of awards in one programme under one pack, on one day."""

    pack: Mapping[str, Json]
    inputs: Inputs
    status: Status
    unit: str
    totals: Mapping[str, Fraction]
    requirements: tuple[RequirementResult, ...]
    decisions: tuple[Decision, ...]
    entitlements: tuple[Entitlement, ...]
    objectives: tuple[Objective, ...]
    method: str
    steps: tuple[Step, ...]
    obligations: tuple[Obligation, ...] = ()
    measures: tuple[MeasureResult, ...] = ()
    exits: tuple[ExitResult, ...] = ()
    courses: tuple[CourseResult, ...] = ()

    @property
    def id(self) -> str:
        """SHA-256 of the canonical bytes of all but the id itself, as `sha256:…`; computed when asked for."""
        return digest(self._body())

    def decision(self, award: str) -> Decision:
        """The decision about one award; raises `KeyError`."""
        found = next((decision for decision in self.decisions if decision.award == award), None)
        if found is None:
            raise KeyError(award)
        return found

    def requirement(self, requirement: str) -> RequirementResult:
        """The result of one requirement; raises `KeyError`."""
        found = next((result for result in self.requirements if result.id == requirement), None)
        if found is None:
            raise KeyError(requirement)
        return found

    def to_json(self) -> dict[str, Json]:
        """The whole recognition, with its id."""
        body = self._body()
        return {"type": body.pop("type"), "id": digest({"type": "Recognition", **body}), **body}

    def _body(self) -> dict[str, Json]:
        return {
            "type": "Recognition",
            "pack": dict(self.pack),
            "inputs": self.inputs.to_json(),
            "status": self.status,
            "unit": self.unit,
            "totals": {name: text_of_amount(amount) for name, amount in self.totals.items()},
            "requirements": [result.to_json() for result in self.requirements],
            "decisions": [decision.to_json() for decision in self.decisions],
            "obligations": [obligation.to_json() for obligation in self.obligations],
            "entitlements": [entitlement.to_json() for entitlement in self.entitlements],
            "measures": [measure.to_json() for measure in self.measures],
            "objectives": [objective.to_json() for objective in self.objectives],
            "method": self.method,
            "steps": [step.to_json() for step in self.steps],
            **({"courses": [each.to_json() for each in self.courses]} if self.courses else {}),
            **({"exits": [each.to_json() for each in self.exits]} if self.exits else {}),
        }
