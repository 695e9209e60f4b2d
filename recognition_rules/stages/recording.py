"""How a gate writes down what it found: one step of the trace, and one reason for each atom that failed."""

from collections.abc import Mapping

from recognition_rules.canonical import Json
from recognition_rules.stages.frame import Candidate, Frame
from recognition_rules.terms import RuleHead, Terms
from recognition_rules.truth import Truth, Verdict

_NO_RULE = "NO_CONVERSION"
_RESULTS = {Truth.YES: "passed", Truth.NO: "failed", Truth.UNKNOWN: "unknown"}


def record(
    candidate: Candidate,
    frame: Frame,
    stage: str,
    head: RuleHead | None,
    terms: Terms | None,
    verdict: Verdict,
    inputs: Mapping[str, Json],
) -> None:
    """The step, and what stands against the award; a rule that holds leaves the step only."""
    if not frame.trace.telling and verdict.truth is Truth.YES:
        return
    if frame.trace.telling:
        words = "; ".join(verdict.arithmetic) or None
        step = frame.trace.add(
            stage,
            _RESULTS[verdict.truth],
            award=candidate.award.id,
            rule=head.id if head else None,
            terms=terms,
            inputs=inputs,
            arithmetic=words,
        )
        candidate.steps.append(step)
    label, rule = (head.label, head.id) if head else (_NO_RULE, None)
    candidate.hold(verdict.truth, verdict.findings, label, rule)


def not_in_force(candidate: Candidate, frame: Frame, head: RuleHead) -> None:
    """The step of a rule that was not in force on the day that picks its terms; it asks nothing of the award."""
    if frame.trace.telling:
        candidate.steps.append(frame.trace.add("eligible", "not_in_force", award=candidate.award.id, rule=head.id))


def terms_now(head: RuleHead, frame: Frame) -> Terms | None:
    """The terms in force on the day of the decision."""
    return head.on(frame.situation.on)
