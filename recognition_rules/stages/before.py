"""Step 8, best: taking back what a walk has written into the awards, and putting it there again.

Mostly the walk in order turns out to be the best: then what it wrote stands, and nothing is walked a second time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from recognition_rules.award import Award
from recognition_rules.decision import Reason, Step
from recognition_rules.stages.frame import Candidate, Frame
from recognition_rules.truth import Edit

ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class _Written:
    """What a choice writes into an award."""

    award: Award
    slot: str | None
    granted: Fraction
    against: list[Reason]
    unknown: list[Reason]
    charged: list[Reason]
    notes: list[Reason]
    edits: list[Edit | None]
    steps: list[int]

    @classmethod
    def of(cls, each: Candidate) -> "_Written":
        """What is written there now."""
        return cls(
            each.award,
            each.slot,
            each.granted,
            each.against,
            each.unknown,
            each.charged,
            each.notes,
            each.edits,
            each.steps,
        )

    def put_back(self, each: Candidate) -> None:
        """Writes it there."""
        each.award, each.slot, each.against, each.unknown = self.award, self.slot, self.against, self.unknown
        each.charged, each.notes, each.edits, each.steps = self.charged, self.notes, self.edits, self.steps
        each.grant(self.granted)


@dataclass(frozen=True, slots=True)
class Walked:
    """What a walk had written, into each award and into the trace."""

    offered: Sequence[Candidate]
    frame: Frame
    written: tuple[_Written, ...]
    steps: list[Step]

    def put_back(self) -> None:
        """Writes it again, where nothing else has been written since it was taken back."""
        self.frame.trace.steps += self.steps
        for each, written in zip(self.offered, self.written, strict=True):
            written.put_back(each)


class Before:
    """The open awards as they were before the walk, which writes into them."""

    def __init__(self, offered: Sequence[Candidate], frame: Frame) -> None:
        self.offered, self.frame = offered, frame
        self._steps = len(frame.trace.steps)
        self._marks = [
            (each.award, len(each.charged), len(each.notes), len(each.edits), len(each.steps)) for each in offered
        ]

    def undo(self) -> Walked:
        """Takes back what has been written into them and into the trace, and hands it out."""
        trace, marks = self.frame.trace, self._marks
        walked = Walked(
            self.offered, self.frame, tuple([_Written.of(each) for each in self.offered]), trace.steps[self._steps :]
        )
        del trace.steps[self._steps :]
        for each, (award, charged, notes, edits, steps) in zip(self.offered, marks, strict=True):
            each.award, each.slot, each.against, each.unknown = award, None, [], []
            each.charged, each.notes = each.charged[:charged], each.notes[:notes]
            each.edits, each.steps = each.edits[:edits], each.steps[:steps]
            each.grant(ZERO)
        return walked
