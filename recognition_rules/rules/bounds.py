"""The upper bound of a limit: an amount, an amount by programme, area or another key, or a share of a base."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from recognition_rules.conditions.atoms import Condition
from recognition_rules.programme import Programme

BY_PROGRAMME = "award"
BY_EXIT = "exit_award"
FACT = "fact:"

_FIELDS = {"provider_root": "provider", "class": "course_class"}


def attribute_of(key: str) -> str:
    """The attribute of an award that a key of a limit or a table means; a fact stays `fact:name`."""
    return _FIELDS.get(key, key)


@dataclass(frozen=True, slots=True)
class Bound:
    """An upper bound: `amount`, or `amount` as a share of the base `share_of`, or either from a `table`.

    Bases: `programme.total` and the programme's other parts; `exit_award.total`, of the exit award that is sought;
    `source.total`, of the qualification that the awards of a group come from, a `fact` of each of them; `registered`,
    the eligible awards of the same group, and `counted`, those that count (only where items are chosen best), both in
    the limit's measure and only those that `among` holds for.

    A table is looked up by programme (`award`), `exit_award`, or what the award has under another `key`; `otherwise`
    is for what is not in it, and without it there is no bound there. `floor` rounds the bound down to a whole number.
    """

    amount: Fraction | None = None
    share_of: str | None = None
    table: Mapping[str, Fraction] | None = None
    key: str = BY_PROGRAMME
    otherwise: Fraction | None = None
    floor: bool = False
    among: Condition | None = None
    fact: str = "source_total"

    def resolve(self, programme: Programme, value: Fraction | None) -> Fraction | None:
        """The bound where only the programme decides it; `value` from the terms in force replaces the amount.

        None: no bound. Of the other bases and keys `stages.bounds` knows.
        """
        if self.table is not None:
            return self.table.get(programme.id, self.otherwise)
        amount = self.amount if value is None else value
        if self.share_of is None or amount is None:
            return amount
        return self.rounded(amount * programme.parts[self.share_of])

    def rounded(self, bound: Fraction) -> Fraction:
        """The bound as a whole number where it is declared so; a share of courses is."""
        return Fraction(bound.numerator // bound.denominator) if self.floor else bound

    @property
    def of_programme(self) -> bool:
        """Whether the programme alone decides it, so that it is the same for every award."""
        plain = self.share_of is None or self.share_of.startswith("programme.")
        return plain and (self.table is None or self.key == BY_PROGRAMME)
