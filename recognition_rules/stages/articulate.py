"""Step 6, first half: which eligible awards stand for which courses of the target, and by which kind."""

from collections.abc import Sequence

from recognition_rules.stages.frame import Candidate, Frame


def articulate(candidates: Sequence[Candidate], frame: Frame) -> list[Candidate]:  # noqa: ARG001
    """The candidates, one for each course an award stands for; those without an articulation stay as they are."""
    return list(candidates)
