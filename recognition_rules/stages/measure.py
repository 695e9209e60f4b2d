"""Step 11: points, averages and other sums over counted credits, which are no credits."""

from collections.abc import Sequence

from recognition_rules.recognition import MeasureResult
from recognition_rules.stages.frame import Candidate, Frame


def measures(candidates: Sequence[Candidate], frame: Frame) -> tuple[MeasureResult, ...]:  # noqa: ARG001
    """The pack's measures, in its order."""
    return ()
