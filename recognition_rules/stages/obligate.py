"""Step 12: what the decisions oblige the learner to do, and what has discharged it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from recognition_rules.amount_text import text_of_amount, total
from recognition_rules.award import Award
from recognition_rules.canonical import Json
from recognition_rules.recognition import Obligation
from recognition_rules.rules.obligations import ObligationRule
from recognition_rules.stages.decide import reasons_of, status_of
from recognition_rules.stages.frame import Candidate, Frame
from recognition_rules.truth import Truth

_STATUSES = {
    "recognised": {"counted", "partly", "conditional", "waived"},
    "counted": {"counted", "partly"},
    "waived": {"waived"},
    "not-counted": {"not_counted"},
    "undetermined": {"undetermined"},
}


def obligations(candidates: Sequence[Candidate], frame: Frame) -> tuple[Obligation, ...]:
    """The obligations that the decisions open, in the order of the awards."""
    if not frame.pack.obligations:
        return ()
    return tuple(Ledger(candidates, frame).opened())


@dataclass(slots=True)
class Ledger:
    """What is owed, and how much of each later award is still free to discharge it: a credit does so once."""

    candidates: Sequence[Candidate]
    frame: Frame
    free: dict[str, Fraction] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.free = {each.key: each.counted for each in self.candidates}

    def opened(self) -> Iterator[Obligation]:
        """One obligation for each decision and rule that opens it."""
        number = 0
        for candidate in self.candidates:
            for rule in self._rules():
                amount = self._owed(candidate, rule)
                if amount is not None:
                    number += 1
                    yield self._obligation(f"o{number}", candidate, rule, amount)

    def _rules(self) -> Iterator[ObligationRule]:
        on, programme = self.frame.situation.on, self.frame.programme.id
        for rule in self.frame.pack.obligations:
            if rule.head.concerns(programme) and rule.head.on(on) is not None:
                yield rule

    def _owed(self, candidate: Candidate, rule: ObligationRule) -> Fraction | None:
        """How much is owed; None where the rule opens nothing."""
        if not _triggered(candidate, rule.on):
            return None
        if self.frame.situation.truth(rule.where, candidate.award) is not Truth.YES:
            return None
        because = [each for each in reasons_of(candidate) if not rule.because or {each.label, each.code} & rule.because]
        if rule.because and not because:
            return None
        amounts = {"target": candidate.price.amount, "counted": candidate.counted}
        amounts["missing"] = total(each.amount for each in because)
        amount = amounts[rule.amount] if isinstance(rule.amount, str) else rule.amount
        return amount if amount > 0 or rule.kind in ("exam", "supplement") else None

    def _obligation(self, name: str, candidate: Candidate, rule: ObligationRule, amount: Fraction) -> Obligation:
        if rule.discharged_by is None:
            by: tuple[tuple[str, Fraction], ...] = ()
            done = rule.on == "conditional" and not candidate.on_condition
        else:
            by = tuple(self._discharge(candidate, rule, amount))
            done = total(part for _, part in by) >= amount
        found = Obligation(
            id=name,
            kind=rule.kind,
            bucket=rule.bucket,
            amount=amount,
            because=candidate.award.id,
            discharged=done,
            rule=rule.head.id,
            discharged_by=by,
        )
        self._step(found, candidate, rule)
        return found

    def _discharge(self, candidate: Candidate, rule: ObligationRule, owed: Fraction) -> Iterator[tuple[str, Fraction]]:
        since = _since(candidate.award)
        for each in self.candidates:
            later = since is not None and each.award.ended_on is not None and each.award.ended_on > since
            part = min(owed, self.free[each.key])
            if each is candidate or not later or part <= 0 or rule.discharged_by is None:
                continue
            if self.frame.situation.truth(rule.discharged_by, each.award) is Truth.YES:
                self.free[each.key] -= part
                owed -= part
                yield each.award.id, part

    def _step(self, found: Obligation, candidate: Candidate, rule: ObligationRule) -> None:
        trace = self.frame.trace
        if trace.telling:
            terms = rule.head.on(self.frame.situation.on)
            inputs: dict[str, Json] = {"amount": text_of_amount(found.amount), "bucket": found.bucket}
            inputs["course"] = candidate.part
            result = "discharged" if found.discharged else "owed"
            award = candidate.award.id
            step = trace.add("obligations", result, award=award, rule=rule.head.id, terms=terms, inputs=inputs)
            candidate.steps.append(step)


def _triggered(candidate: Candidate, trigger: str) -> bool:
    """An examination stays owed on paper once it is passed: then it is discharged."""
    if trigger == "conditional":
        return candidate.is_open and candidate.kind is not None and candidate.kind.condition is not None
    return status_of(candidate) in _STATUSES[trigger]


def _since(award: Award) -> date | None:
    """The day after which an award is a later one: of the application, else of the award, else of its end."""
    return award.received_on or award.awarded_on or award.ended_on
