"""Step 3: decision tables fill in what a rule has to know of an award: its source, class, area, course."""

from collections.abc import Sequence

from recognition_rules.stages.frame import Candidate, Frame


def classify(candidates: Sequence[Candidate], frame: Frame) -> None:
    """Looks each award up in the pack's decision tables; a table without a row leaves it unclassified."""
