"""Step 9: rounding of what a bucket, or the whole, comes to; the awards keep their amounts."""

from collections.abc import Sequence

from recognition_rules.stages.frame import Candidate, Frame


def round_buckets(candidates: Sequence[Candidate], frame: Frame) -> None:
    """Applies the pack's roundings of buckets and totals."""
