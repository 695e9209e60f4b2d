"""Two books of one person become one: award by award, by closing and opening entries, with caps and uses run again."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from uuid import UUID

from creditbank.errors import Conflict, NeedsApproval, NotFound
from creditbank.ledger.journal import closing_entry, opening_entry
from creditbank.office import Office
from creditbank.store import Transaction, books, deposits, ledger, rules
from creditbank.store.deposits import StoredDeposit
from creditbank.store.rows import Recognition as RecognitionRow
from creditbank.transactions import logbook, recognitions, uses
from creditbank.transactions.promotion import copy
from creditbank.transactions.recognition_request import RecognitionRequest
from creditbank.transactions.reversal import record
from creditbank.transactions.uses_for_good import carry_held
from recognition_rules.credits import parse_amount, render_amount


@dataclass(frozen=True, slots=True)
class MergeOutcome:
    """The book that lives on, how many deposits it took over, and what the union costs, if anything."""

    source: UUID
    target: UUID
    moved: int
    conflicts: tuple[dict[str, Any], ...]


def merge(tx: Transaction, office: Office, source: UUID, target: UUID, by: str) -> MergeOutcome:
    """Merge `source` into `target`.

    1. Lock both in the order of their ids; both must be alive.
    2. Undo the decisions of both, so that every credit is the learner's.
    3. Carry each deposit over: a closing entry here, an opening entry there; days, ids and uses are kept.
    4. Seal the source; its identifiers lead on to the target.
    5. Decide again over the union: caps and one-use run anew.

    If the union counts for less than the two books did apart, a second person must agree: NeedsApproval
    `merge_conflict` unless another administrator proposed the same merge before. Raises NotFound, Conflict.
    """
    _both_alive(tx, source, target)
    later = uses.leaning(tx, source) | uses.leaning(tx, target)
    before = [*rules.standing_recognitions(tx, source), *rules.standing_recognitions(tx, target)]
    before.sort(key=lambda row: row.recognition_id in later)
    for row in before:
        recognitions.undo(tx, office, row, "books merged")
    moved = [
        _carry(tx, office, deposit, target, by)
        for deposit in deposits.in_books(tx, [source])
        if deposit.state != "moved"
    ]
    carry_held(tx, source, target)
    books.set_state(tx, source, "sealed", merged_into=target)
    conflicts = _decide_on_union(tx, office, target, before)
    approved_by = _approval(tx, source, target, by, conflicts)
    _record(tx, office, source, target, by, approved_by, conflicts)
    return MergeOutcome(source, target, len(moved), tuple(conflicts))


def _both_alive(tx: Transaction, source: UUID, target: UUID) -> None:
    if source == target:
        raise Conflict("same_book", "A book cannot be merged into itself.")
    found = books.lock(tx, [source, target])
    if len(found) < 2:
        raise NotFound("learner")
    if any(book.state == "sealed" for book in found.values()):
        raise Conflict("book_sealed", "One of the books has been merged already.")


def _carry(tx: Transaction, office: Office, deposit: StoredDeposit, target: UUID, by: str) -> UUID:
    standing = ledger.standing_award_entry(tx, deposit.book_id, deposit.deposit_id)
    copy(tx, office, deposit, target, by, deposit.state, f"from {deposit.book_id}")
    if standing:
        leg = next(posting for posting in standing.postings if posting.grains > 0)
        shared = {
            "award": deposit.deposit_id,
            "unit": leg.unit,
            "grains": leg.grains,
            "earned_on": standing.effective_on,
        }
        closing = closing_entry(book=deposit.book_id, entry_id=office.new_id(), target=target, **shared)  # type: ignore[arg-type]
        opening = opening_entry(book=target, entry_id=office.new_id(), source=deposit.book_id, **shared)  # type: ignore[arg-type]
        logbook.book(tx, office, [closing, opening])
    record(tx, office, deposit, "moved", f"to {target}", by)
    return deposit.deposit_id


def _decide_on_union(
    tx: Transaction, office: Office, target: UUID, before: Sequence[RecognitionRow]
) -> list[dict[str, Any]]:
    """One decision for each programme that either book had; what the union counts less is a conflict."""
    conflicts = []
    for (pack_id, programme), rows in _by_programme(tx, before).items():
        newest = next((row for row in reversed(rows) if row.request.get("quote")), rows[-1])  # a promise stays kept
        here = next((row for row in rows if row.book_id == target), None)
        request = RecognitionRequest.from_json(newest.request)
        after = recognitions.decide_again(tx, office, target, request, here)
        for row in rows:
            recognitions.hold(tx, office, target, row)
        lost = sum(map(_counted, rows), Fraction(0)) - _counted(after)
        if lost > 0:
            conflicts.append({"pack": pack_id, "programme": programme, "credits_lost": render_amount(lost)})
    return conflicts


def _by_programme(tx: Transaction, found: Sequence[RecognitionRow]) -> dict[tuple[str, str], list[RecognitionRow]]:
    """By the bank's pack and the programme, also where an institution departs from that pack."""
    groups: dict[tuple[str, str], list[RecognitionRow]] = {}
    for row in sorted(found, key=lambda row: row.decided_at):
        groups.setdefault((rules.family(tx, row.pack_id), row.programme), []).append(row)
    return groups


def _counted(row: RecognitionRow) -> Fraction:
    return parse_amount(row.result["totals"]["counted"])


def _approval(tx: Transaction, source: UUID, target: UUID, by: str, conflicts: list[dict[str, Any]]) -> str | None:
    if not conflicts:
        return None
    proposal = books.merge_proposal(tx, source, target)
    if proposal is None or proposal.proposed_by == by:
        raise NeedsApproval(
            "merge_conflict",
            "Merging these books costs credits; a second administrator must agree.",
            conflicts=conflicts,
        )
    return by


def _record(
    tx: Transaction, office: Office, source: UUID, target: UUID, by: str, approved_by: str | None,
    conflicts: list[dict[str, Any]],
) -> None:  # fmt: skip
    proposal = books.merge_proposal(tx, source, target) if approved_by else None
    merge_row = {
        "source_book": source,
        "target_book": target,
        "requested_by": proposal.proposed_by if proposal else by,
        "approved_by": approved_by,
        "conflicts": json.dumps(conflicts),
    }
    books.add_merge(tx, merge_row)
    facts = {"type": "merge", "source": str(source), "target": str(target), "conflicts": conflicts}
    logbook.log(tx, office, [(f"merge:{source}", facts)])


def propose(tx: Transaction, source: UUID, target: UUID, by: str, conflicts: object) -> None:
    """Remember who wants a merge that costs credits, so that somebody else can agree to it."""
    books.propose_merge(tx, source, target, by, json.dumps(conflicts))
