"""The order in which a book's credits came, for packs whose walk asks for it: `sequence`, from 1.

A day is not enough: several credits come on one. The bank knows the instant of each deposit; two of one instant are
told apart by their ids. Supplied only where a pack orders by it, and kept with the decision's inputs.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from creditbank.store.deposits import StoredDeposit
from recognition_rules.award import Award
from recognition_rules.pack import Pack


def asks_order(pack: Pack) -> bool:
    """Whether a pack offers room in the order of the deposits."""
    policies = [pack.choose, *([pack.redeem] if pack.redeem else [])]
    return any("sequence" in policy.order for policy in policies)


def with_sequence(pack: Pack, awards: Sequence[Award], stored: Iterable[StoredDeposit]) -> list[Award]:
    """The awards with their place among the deposits of the book; one that states a sequence keeps it."""
    if not asks_order(pack):
        return list(awards)
    came = sorted((each.received_at, str(each.deposit_id)) for each in stored)
    place = {award: number for number, (_, award) in enumerate(came, 1)}
    return [_placed(award, place.get(award.id)) for award in awards]


def with_sequence_after(pack: Pack, quoted: Sequence[Award], held: Sequence[Award]) -> list[Award]:
    """Outcomes that are only asked about come after all that the book holds, by the day received and their ids."""
    if not asks_order(pack):
        return list(quoted)
    last = max((award.sequence or 0 for award in held), default=0)
    ordered = sorted(quoted, key=lambda award: (award.received_on is None, award.received_on or 0, award.id))
    place = {award.id: last + number for number, award in enumerate(ordered, 1)}
    return [_placed(award, place[award.id]) for award in quoted]


def _placed(award: Award, number: int | None) -> Award:
    return award if award.sequence is not None or number is None else replace(award, sequence=number)
