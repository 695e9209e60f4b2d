"""Step 8, best: taking back what a walk has written into the awards, and putting it there again.

Mostly the walk in order turns out to be the best: then what it wrote stands, and nothing is walked a second time.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from recognition_rules.award import Award
from recognition_rules.decision import Reason, Step
from recognition_rules.stages.frame import Candidate, Frame
from recognition_rules.truth import Edit

_ZERO = Fraction(0)
_Lists = tuple[list[Reason], list[Reason], list[Reason], list[Reason], list[Edit | None], list[int]]
_Written = tuple[Award, str | None, Fraction, _Lists]
"""What a choice writes into an award: what it became, its slot, what was granted, and what was noted down."""


@dataclass(frozen=True, slots=True)
class Walked:
    """What a walk had written, into each award and into the trace."""

    offered: Sequence[Candidate]
    frame: Frame
    written: Sequence[_Written]
    steps: list[Step]

    def refuses(self, is_open: Callable[[Award], bool]) -> bool:
        """Whether it refused an award with an open question: not for want of room, which it might have had."""
        return any(
            lists[0] and is_open(each.award) for each, (*_, lists) in zip(self.offered, self.written, strict=True)
        )

    def put_back(self) -> None:
        """Writes it again, where nothing else has been written since it was taken back."""
        self.frame.trace.steps += self.steps
        for each, (award, slot, granted, lists) in zip(self.offered, self.written, strict=True):
            each.award, each.slot = award, slot
            each.against, each.unknown, each.charged, each.notes, each.edits, each.steps = lists
            each.grant(granted)


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
        steps = self.frame.trace.steps[self._steps :]
        self.forget_steps()
        written = [self._undo(each, *mark) for each, mark in zip(self.offered, self._marks, strict=True)]
        return Walked(self.offered, self.frame, written, steps)

    def forget_steps(self) -> None:
        """Takes back what has been written into the trace only."""
        del self.frame.trace.steps[self._steps :]

    @staticmethod
    def _undo(each: Candidate, award: Award, charged: int, notes: int, edits: int, steps: int) -> _Written:
        lists = each.against, each.unknown, each.charged, each.notes, each.edits, each.steps
        written = each.award, each.slot, each.granted, lists
        each.award, each.slot, each.against, each.unknown = award, None, [], []
        each.charged, each.notes = each.charged[:charged], each.notes[:notes]
        each.edits, each.steps = each.edits[:edits], each.steps[:steps]
        each.grant(_ZERO)
        return written
