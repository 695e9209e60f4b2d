"""Which credits are used already, and how a decision may use them once more: what is left, or by a named exception.

The learner's account of an award never falls below zero, so what is left of it is the books' own answer. What a pack's
exception lets count again comes from the account `again`, which shows for ever what was counted more than once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any, Final
from uuid import UUID

from creditbank.errors import Conflict
from creditbank.ledger.journal import Conversion
from creditbank.store import Transaction, ledger, rules
from creditbank.store.ledger import StandingUse
from creditbank.store.rows import Recognition as RecognitionRow
from creditbank.transactions.uses_for_good import held_for
from recognition_rules.amount_text import total
from recognition_rules.award import Award, Use
from recognition_rules.credits import from_grains
from recognition_rules.pack import Pack
from recognition_rules.truth import Truth

EXCEPTIONS: Final = ("purpose", "dual-award", "upgrade")
"""Leaves that a pack names; the others are `surplus`, a rest, and `kept`, a decision made anew beside such a use."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The uses of a book's awards that stand, as one question sees them: `rows`, and of these what it is `asked` with.

    A decision that takes the place of another is not asked with that one's uses, nor with those that had the leave to
    stand beside it: an upgrade takes nothing away from the lower award when that is decided anew. What former awards
    of the same programme `held` for good (`uses_for_good.py`) is open to that programme. `family` is the bank's pack.
    """

    rows: tuple[StandingUse, ...]
    asked: tuple[Use, ...]
    stood_beside: frozenset[tuple[UUID, UUID]] = frozenset()
    held: tuple[StandingUse, ...] = ()
    family: str = ""

    @classmethod
    def of(
        cls,
        tx: Transaction,
        book: UUID,
        pack: Pack,
        replaced: RecognitionRow | None = None,
        programme: str | None = None,
    ) -> "Standing":
        """The standing uses of a book, for a question under a pack, in the place of a decision if one is given."""
        own = None if replaced is None else replaced.recognition_id
        others = [row for row in ledger.standing_uses(tx, book) if row.reference != own]
        family = rules.family(tx, pack.id)
        held = held_for(tx, book, others, family, programme)
        rows = tuple(row for row in others if row not in held)
        counted = _counted(replaced)
        beside = {(r.award, r.reference) for r in rows if r.beside in EXCEPTIONS and str(r.award) in counted}
        asked = tuple(_use(row, pack, family) for row in rows if (row.award, row.reference) not in beside)
        return cls(rows, asked, frozenset(beside), held, family)


def _counted(replaced: RecognitionRow | None) -> set[str]:
    found: list[dict[str, Any]] = [] if replaced is None else replaced.result["decisions"]
    return {each["award"] for each in found if each["counted"] != "0"}


def _use(row: StandingUse, pack: Pack, family: str) -> Use:
    """A programme of another pack that bears the name of one of this pack's is told with its pack: `other/bachelor`."""
    programme = row.programme
    if programme is not None and row.pack_id != family and programme in pack.programmes:
        programme = f"{row.pack_id}/{programme}"
    amount = None if row.grains is None else from_grains(row.grains)
    return Use(str(row.award), str(row.reference), row.purpose, amount, programme)


def leaning(tx: Transaction, book: UUID) -> set[UUID]:
    """The decisions that stand beside others by a named exception; made anew, they come after those."""
    return {row.reference for row in ledger.standing_uses(tx, book) if row.beside in EXCEPTIONS}


@dataclass(frozen=True, slots=True)
class Charge:
    """What one decision uses, checked against the uses that stand: `pack` is the one in force where it decides."""

    pack: Pack
    programme: str
    on: date
    standing: Standing

    def charged(
        self, tx: Transaction, book: UUID, conversions: Sequence[Conversion], awards: Iterable[Award]
    ) -> list[Conversion]:
        """The conversions, each with the part of it that counts again. Raises Conflict `already_used`.

        A second look at what the rules decided: the sums do not come from their trace. What is more than is left of an
        award counts again only as far as no use stands in the way.
        """
        whole = {award.id: award.amount.amount for award in awards}
        left = ledger.left(tx, book, [each.award for each in conversions])
        barred = self._barred()
        found = []
        for each in conversions:
            again = max(Fraction(0), each.spent - from_grains(max(left.get(each.award, 0), 0)))
            taken = barred.get(str(each.award), Fraction(0))
            if again and (taken is None or total((each.spent, taken)) > whole[str(each.award)]):
                raise Conflict("already_used", "These credits have been used already.", award=str(each.award))
            found.append(replace(each, again=again))
        return found

    def _barred(self) -> Mapping[str, Fraction | None]:
        """By award how much of it uses stand in the way of; None: all of it."""
        found: dict[str, Fraction | None] = {}
        for use in self.standing.asked:
            if use.purpose in self.pack.uses.purposes and self._leave(use) is None:
                before = found.get(use.award, Fraction(0))
                found[use.award] = None if before is None or use.amount is None else before + use.amount
        return found

    def _leave(self, use: Use) -> str | None:
        """The kind of the exception that frees the award of this use on the day; None where none does."""
        for exception in self.pack.uses.exceptions:
            holds = exception.head.concerns(self.programme) and exception.head.on(self.on) is not None
            if holds and exception.frees(use, self.programme) is Truth.YES:
                return exception.kind
        return None

    def take_held(self, tx: Transaction, book: UUID, awards: Sequence[UUID]) -> None:
        """What a former award of this programme held for good is used again in it, by a use of its own."""
        references = {row.reference for row in self.standing.held if row.award in awards}
        if references:
            ledger.release_awards(tx, book, references, awards, "counted again in the same programme")

    def leaves(self) -> dict[UUID, str]:
        """By award the leave by which a new use of it stands beside those for the same purpose; the strongest one."""
        found: dict[UUID, str] = {}
        for row in self.standing.rows:
            if row.purpose == self.pack.purpose:
                found[row.award] = max(found.get(row.award, "surplus"), self._leave_beside(row), key=_STRENGTH.index)
        return found

    def _leave_beside(self, row: StandingUse) -> str:
        if (row.award, row.reference) in self.standing.stood_beside:
            return "kept"
        return self._leave(_use(row, self.pack, self.standing.family)) or "surplus"


_STRENGTH: Final = ("surplus", "kept", *EXCEPTIONS)
