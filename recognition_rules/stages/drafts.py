"""Step 8, best: what an award may be, in exact numbers, and how that becomes a problem in whole ones."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from recognition_rules.allocation.model import Item, Option, Pairs
from recognition_rules.amount_text import Exact, whole
from recognition_rules.award import Award
from recognition_rules.pack import Equivalence

Sums = dict[int, Exact]
"""Exact numbers, those that are whole as `int`."""


@dataclass(frozen=True, slots=True)
class Form:
    """One thing an award may be: the class a rule moves it into, or the class it came with (`rule` None)."""

    award: Award
    rule: Equivalence | None
    keeps: tuple[int, ...]
    moves: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """An option in the words of the rules: how much of the award, as what, in which slot."""

    amount: Fraction
    form: Form
    slot: str | None


@dataclass(slots=True)
class Draft:
    """An option in exact numbers."""

    told: Told
    variant: int
    takes: Sums
    brings: Sums
    costs: Sums

    def option(self, scale: int, number: int) -> Option:
        """The same in whole numbers."""
        return Option(
            amount=int(whole(self.told.amount) * scale),
            variant=self.variant,
            takes=_whole(self.takes, scale),
            brings=_whole(self.brings, scale),
            costs=_whole(self.costs, scale),
            keeps=self.told.form.keeps,
            moves=self.told.form.moves,
            number=number,
        )


@dataclass(slots=True)
class Presence:
    """That an award counts at all, whatever the number of its courses: an item of its own, tied to them by rows."""

    takes: Sums
    brings: Sums

    def item(self, scale: int) -> Item:
        """The same in whole numbers; nobody cares whether it is taken, but for the rows it is in."""
        return Item((Option(0, takes=_whole(self.takes, scale), brings=_whole(self.brings, scale)),))


@dataclass(slots=True)
class Rows:
    """Rows by what they are about, each with its bound."""

    bounds: list[Exact] = field(default_factory=list)
    numbers: dict[object, int] = field(default_factory=dict)

    def row(self, key: object, bound: Exact) -> int:
        """The number of a row, a new one where nobody has asked for it."""
        if key not in self.numbers:
            self.numbers[key] = len(self.bounds)
            self.bounds.append(bound)
        return self.numbers[key]


def _whole(sums: Sums, scale: int) -> Pairs:
    return tuple([(number, int(amount * scale)) for number, amount in sums.items() if amount])


def scale_of(drafts: Sequence[Sequence[Draft]], needs: Sequence[Exact]) -> int:
    """The least number by which everything becomes whole."""
    found = {need.denominator for need in needs if type(need) is not int}
    for draft in (draft for each in drafts for draft in each):
        found.add(draft.told.amount.denominator)
        for amount in (*draft.takes.values(), *draft.brings.values(), *draft.costs.values()):
            if type(amount) is not int:
                found.add(amount.denominator)
    return math.lcm(*found)
