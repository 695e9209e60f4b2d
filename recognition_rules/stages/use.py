"""Step 4, use: what earlier redemptions used of an award, and which of them do not stand in the way."""

from collections.abc import Sequence
from fractions import Fraction

from recognition_rules.amount_text import text_of_amount, total
from recognition_rules.award import Use
from recognition_rules.canonical import Json
from recognition_rules.decision import Reason
from recognition_rules.rules.use import UseException
from recognition_rules.stages.frame import Candidate, Frame
from recognition_rules.stages.recording import record, terms_now
from recognition_rules.truth import Edit, Finding, Truth, Verdict


def check_use(candidate: Candidate, frame: Frame) -> None:
    """Refuses an award that was used up; of one that was used in part the rest stays on offer."""
    uses = frame.used.get(candidate.award.id)
    if not uses:
        return
    standing = [use for use in uses if not _freed(candidate, use, frame)]
    if not standing or not all(_is_known(candidate, use, frame) for use in standing):
        return
    shares = _shares(candidate, standing, frame)
    if shares is None:
        _refuse(candidate, standing, frame)
    else:
        candidate.used_parts = shares


def charge_use(candidate: Candidate, frame: Frame) -> None:
    """Step 6 for an award that was used in part: what is gone is charged to the use that took it."""
    head = frame.pack.use
    for use, share in candidate.used_parts:
        amount = share * candidate.worth
        facts: dict[str, Json] = {"by": use.by, "purpose": use.purpose, "used": text_of_amount(use.amount or amount)}
        candidate.charged.append(Reason("ALREADY_REDEEMED", head.label, head.id, amount, facts))
        candidate.edits.append(_release(use, frame))
        if frame.trace.telling:
            _tell(candidate, frame, amount, facts)


def _tell(candidate: Candidate, frame: Frame, amount: Fraction, facts: dict[str, Json]) -> None:
    head, worth = frame.pack.use, text_of_amount(candidate.worth)
    words = f"{worth} − {text_of_amount(amount)} used = {text_of_amount(candidate.worth - amount)} left"
    terms, award = terms_now(head, frame), candidate.award.id
    step = frame.trace.add("fix", "cut", award=award, rule=head.id, terms=terms, inputs=facts, arithmetic=words)
    candidate.steps.append(step)


def _exceptions(frame: Frame) -> Sequence[UseException]:
    programme = frame.programme.id
    return [
        each
        for each in frame.pack.uses.exceptions
        if each.head.concerns(programme) and terms_now(each.head, frame) is not None
    ]


def _freed(candidate: Candidate, use: Use, frame: Frame) -> bool:
    """Whether a named exception frees the award of this use; the step says which."""
    for exception in _exceptions(frame):
        if exception.frees(use, frame.programme.id) is Truth.YES:
            inputs: dict[str, Json] = {"by": use.by, "purpose": use.purpose, "exception": exception.kind}
            record(
                candidate, frame, "fix", exception.head, terms_now(exception.head, frame), Verdict(Truth.YES), inputs
            )
            return True
    return False


def _is_known(candidate: Candidate, use: Use, frame: Frame) -> bool:
    """Whether the use says enough: an exception may hold for it, were its programme known."""
    for exception in _exceptions(frame):
        if exception.frees(use, frame.programme.id) is Truth.UNKNOWN:
            facts: dict[str, Json] = {"fact": "programme_of_use", "by": use.by}
            finding = Finding("FACT_MISSING", facts, Edit("supply", {"fact": "programme_of_use", "by": use.by}))
            verdict = Verdict(Truth.UNKNOWN, (finding,))
            record(candidate, frame, "fix", exception.head, terms_now(exception.head, frame), verdict, facts)
            return False
    return True


def _shares(candidate: Candidate, uses: Sequence[Use], frame: Frame) -> tuple[tuple[Use, Fraction], ...] | None:
    """The share of the award that each use took; None where nothing is left of it."""
    whole = candidate.award.amount.amount
    amounts = [use.amount for use in uses if use.amount is not None]
    by_award = frame.pack.uses.surplus == "by-award"
    if by_award or len(amounts) < len(uses) or total(amounts) >= whole:
        return None
    return tuple((use, amount / whole) for use, amount in zip(uses, amounts, strict=True))


def _refuse(candidate: Candidate, uses: Sequence[Use], frame: Frame) -> None:
    head = frame.pack.use
    findings = tuple(
        Finding("ALREADY_REDEEMED", {"by": use.by, "purpose": use.purpose}, _release(use, frame)) for use in uses
    )
    record(candidate, frame, "fix", head, terms_now(head, frame), Verdict(Truth.NO, findings), findings[0].facts)


def _release(use: Use, frame: Frame) -> Edit | None:
    """The reversal of the use; none where the rule says that a use is never undone."""
    return Edit("release", {"award": use.award, "by": use.by}) if frame.pack.uses.released else None
