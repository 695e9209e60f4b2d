"""A selection that shows that an optimum exists, while it is settled item by item which one is the canonical one.

Most questions answer themselves: an item that the witness takes at its highest amount is settled; one for which the
settled items have left no room cannot be taken; one that can change places with a later item that brings and costs
the same is taken instead of it. Only the rest is worth a run of the solver.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from recognition_rules.allocation.model import Item, Option, Problem


def amount_of(option: Option | None) -> int:
    """What is taken of an item; less than any amount where it is not taken."""
    return -1 if option is None else option.amount


@dataclass(slots=True)
class Witness:
    """A best selection, the room that all of it uses, and the room that the settled items use."""

    problem: Problem
    selection: list[Option | None]
    used: list[int] = field(default_factory=list)
    settled: list[int] = field(default_factory=list)
    signed: set[int] = field(default_factory=set)
    likeness: dict[Item, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        options = [option for item in self.problem.items for option in item.options]
        self.signed = {row for option in options for row, amount in option.takes if amount < 0}
        self.settled = [0] * len(self.problem.bounds)
        self.replace(self.selection)

    def replace(self, selection: Sequence[Option | None]) -> None:
        """Another best selection, in which what is settled stays."""
        self.selection, self.used = list(selection), [0] * len(self.problem.bounds)
        for option in self.selection:
            self._add(self.used, option, 1)

    def settle(self, number: int) -> None:
        """The item stays at the amount it has now."""
        option, item = self.selection[number], self.problem.items[number]
        options = [each for each in item.options if each.amount == amount_of(option)]
        least = {row: min(_takes(each, row) for each in options) for row, _ in (option.takes if option else ())}
        for row, amount in least.items():
            self.settled[row] += amount
        if item.bundle is None:
            self.likeness[item] = amount_of(option)

    def is_highest(self, number: int) -> bool:
        """Whether no optimum has more of the item than the selection, which may be changed to one that has."""
        item, now = self.problem.items[number], amount_of(self.selection[number])
        limit = self.likeness.get(item) if item.bundle is None else None
        open_options = [each for each in item.options if each.amount > now and self._fits(each)]
        highest = max((each.amount for each in open_options), default=now)
        if highest == now or (limit is not None and limit <= now):
            return True
        best = [each for each in open_options if each.amount == highest]
        return self.selection[number] is None and any(self._swap(number, each) for each in best)

    def _fits(self, option: Option) -> bool:
        """Whether the settled items leave room for it."""
        return all(
            row in self.signed or self.settled[row] + amount <= self.problem.bounds[row] for row, amount in option.takes
        )

    def _swap(self, number: int, option: Option) -> bool:
        """Takes the item instead of a later one that brings and costs the same, if there is room for it."""
        if option.keeps or option.moves:
            return False
        for other in range(number + 1, len(self.selection)):
            given = self.selection[other]
            if given is not None and self._can_change(number, option, other, given):
                self._add(self.used, given, -1)
                self._add(self.used, option, 1)
                self.selection[number], self.selection[other] = option, None
                return True
        return False

    def _can_change(self, number: int, option: Option, other: int, given: Option) -> bool:
        alone = self.problem.items[number].bundle is None and self.problem.items[other].bundle is None
        return alone and self._alike(option, given) and self._room_for(option, given)

    def _alike(self, one: Option, other: Option) -> bool:
        plain = not other.keeps and not other.moves
        return plain and one.brings == other.brings and one.costs == other.costs

    def _room_for(self, option: Option, instead_of: Option) -> bool:
        rows = {row for row, _ in (*option.takes, *instead_of.takes)}
        return all(
            self.used[row] + _takes(option, row) - _takes(instead_of, row) <= self.problem.bounds[row] for row in rows
        )

    def _add(self, used: list[int], option: Option | None, sign: int) -> None:
        for row, amount in option.takes if option else ():
            used[row] += sign * amount


def _takes(option: Option, row: int) -> int:
    return sum(amount for number, amount in option.takes if number == row)
