"""Step 12: what the decisions oblige the learner to do, and what has discharged it."""

from collections.abc import Sequence

from recognition_rules.recognition import Obligation
from recognition_rules.stages.frame import Candidate, Frame


def obligations(candidates: Sequence[Candidate], frame: Frame) -> tuple[Obligation, ...]:  # noqa: ARG001
    """The obligations that the decisions open, in the order of the awards."""
    return ()
