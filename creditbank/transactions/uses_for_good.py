"""Uses that are never undone: where a pack says `released = "never"`, an annulled award keeps its credits used.

The entry is reversed as ever, so the credits are the learner's again; but for the purpose they stay used, and only the
programme that used them may count them again. An award is a decision that granted; one that fell short made none, and
frees what it looked at.
"""

from collections.abc import Collection, Sequence
from uuid import UUID

from creditbank.store import Transaction, ledger, rules
from creditbank.store.ledger import StandingUse
from creditbank.store.rows import Recognition as RecognitionRow


def hold_for_good(tx: Transaction, book: UUID, former: RecognitionRow, kept: Collection[UUID]) -> None:
    """Use again, in the name of an award that was undone, what it used and what is not in use now; of `kept` awards.

    The uses that it made were released with it: history only grows, so the new ones stand behind them. A crash leaves
    neither, for both are in the transaction that undid the award.
    """
    standing = ledger.standing_uses(tx, book)
    for purpose, awards in _by_purpose(ledger.used_by(tx, former.book_id, former.recognition_id)).items():
        in_use = {row.award for row in standing if row.purpose == purpose}
        lost = [award for award in awards if award in kept and award not in in_use]
        if lost:
            ledger.add_uses(tx, book, lost, purpose, former.recognition_id, {})


def _by_purpose(used: Sequence[tuple[UUID, str]]) -> dict[str, list[UUID]]:
    found: dict[str, list[UUID]] = {}
    for award, purpose in used:
        found.setdefault(purpose, []).append(award)
    return found


def carry_held(tx: Transaction, source: UUID, target: UUID) -> None:
    """The uses that stand in a book after its decisions were undone, all of them held for good, in another as well."""
    for row in ledger.standing_uses(tx, source):
        ledger.add_uses(tx, target, [row.award], row.purpose, row.reference, {})


def held_for(
    tx: Transaction, book: UUID, standing: Sequence[StandingUse], pack_id: str, programme: str | None
) -> tuple[StandingUse, ...]:
    """Of the uses that stand those that former awards of this programme of the pack hold for good."""
    made = [row for row in standing if programme is not None and _made_for(tx, row) == (pack_id, programme)]
    stand = {row.recognition_id for row in rules.standing_recognitions(tx, book)} if made else set()
    return tuple(row for row in made if row.reference not in stand)


def _made_for(tx: Transaction, row: StandingUse) -> tuple[str, str] | None:
    """Pack and programme of the decision that made a use, before a merger of books too."""
    if row.pack_id is not None and row.programme is not None:
        return row.pack_id, row.programme
    made = rules.recognition(tx, row.reference)
    return None if made is None else (rules.family(tx, made.pack_id), made.programme)
