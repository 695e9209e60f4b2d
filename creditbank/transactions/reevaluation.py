"""Decisions made anew because something changed: what is affected, under which version, and the notice of it.

A decision is made anew under the version that governed it; what another version would say stands beside it in the
notice, and is not booked. Nothing is edited: the old decision's entry is reversed, a new one added.

A revocation never fails because a decision cannot be made anew. The credits stay with the learner, the decision stands
no more, and the notice says why, until somebody asks for a new one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from uuid import UUID

from creditbank.errors import BankError, Conflict, Refused
from creditbank.office import Office
from creditbank.reevaluation_difference import NOTHING, difference, is_material
from creditbank.replay_inputs import Outcome, outcome_of, outcome_of_result
from creditbank.store import Transaction, notices, rules
from creditbank.store.database import all_or_nothing
from creditbank.store.notices import NewNotice
from creditbank.store.rows import Recognition as RecognitionRow
from creditbank.transactions import recognitions, uses
from creditbank.transactions.judgements import answers
from creditbank.transactions.recognition_request import RecognitionRequest
from recognition_rules.errors import RuleError


@dataclass(frozen=True, slots=True)
class Cause:
    """Why: the new state of a deposit, or a retroactive rule; which deposit or pack; and the reason in words."""

    kind: str
    reference: str
    reason: str


@dataclass(frozen=True, slots=True)
class Touched:
    """Decisions that an award was part of: those that used its credits, undone already, and those that looked at it."""

    undone: tuple[RecognitionRow, ...]
    others: tuple[RecognitionRow, ...]


def touched_by(tx: Transaction, book: UUID, award: UUID) -> Touched:
    """The standing decisions of a book that name this award: it counted, or it was looked at and did not."""
    later = uses.leaning(tx, book)
    resting = sorted(recognitions.resting_on(tx, book, award), key=lambda row: row.recognition_id in later)
    known = {row.recognition_id for row in resting}
    naming = [row for row in rules.standing_recognitions(tx, book) if _names(row, award)]
    return Touched(tuple(resting), tuple(row for row in naming if row.recognition_id not in known))


def _names(row: RecognitionRow, award: UUID) -> bool:
    return any(found["award"] == str(award) for found in row.result["decisions"])


def decide_after(tx: Transaction, office: Office, touched: Touched, cause: Cause) -> None:
    """Make the decisions anew, the undone ones in any case, the others where that changes anything."""
    for row in touched.undone:
        request = RecognitionRequest.from_json(row.request).after(row)
        newest = _newest(tx, office, row)
        refused = _refusal(tx, partial(_instead, tx, office, row, request, cause, newest))
        if refused:
            _withdraw(tx, office, row, cause, refused)
    for row in touched.others:
        request = RecognitionRequest.from_json(row.request).after(row)
        newest = _newest(tx, office, row)
        _refusal(tx, partial(decide_if_changed, tx, office, row, request, cause, newest))


def _refusal(tx: Transaction, work: Callable[[], object]) -> str | None:
    """Do it, or nothing of it; the code of what was refused. That the best choice cannot be proven is one such."""
    try:
        with all_or_nothing(tx):
            work()
    except (RuleError, Conflict, Refused) as refused:
        return refused.code
    return None


def _withdraw(tx: Transaction, office: Office, row: RecognitionRow, cause: Cause, why: str) -> None:
    """A decision that was undone and cannot be made anew: nothing stands in its place, and its notice says why."""
    before = outcome_of_result(row.result)
    after = {**NOTHING, "status": "withdrawn", "unit": before["unit"]}
    said = {"pack_version": row.pack_version, "outcome": None, "difference": None, "error": why}
    new = NewNotice(
        row.book_id, office.new_id(), cause.kind, cause.reference, row.recognition_id, None, difference(before, after),
        said,
    )  # fmt: skip
    notices.add_notice(tx, new)
    recognitions.hold(tx, office, row.book_id, row)


def decide_if_changed(
    tx: Transaction, office: Office, row: RecognitionRow, request: RecognitionRequest, cause: Cause, beside: str
) -> bool:
    """Undo a decision and make it anew, if the answer is another one now; whether it was."""
    now = _outcome(tx, office, row, request)
    if not is_material(difference(outcome_of_result(row.result), now)):
        return False
    recognitions.undo(tx, office, row, cause.reason)
    _instead(tx, office, row, request, cause, beside)
    return True


def _instead(
    tx: Transaction, office: Office, row: RecognitionRow, request: RecognitionRequest, cause: Cause, beside: str
) -> None:
    """The new decision and the notice; `beside` is the version whose answer stands beside it."""
    other = None if beside == request.pack_version else _beside(tx, office, row, replace(request, pack_version=beside))
    new = recognitions.decide_again(tx, office, row.book_id, request, row)
    changed = difference(outcome_of_result(row.result), outcome_of_result(new.result))
    notices.add_notice(
        tx,
        NewNotice(
            row.book_id, office.new_id(), cause.kind, cause.reference, row.recognition_id, new.recognition_id, changed,
            other,
        ),
    )  # fmt: skip


def _newest(tx: Transaction, office: Office, row: RecognitionRow) -> str:
    found = rules.newest_published(tx, row.pack_id, office.today())
    return found.version if found else row.pack_version


def _beside(tx: Transaction, office: Office, row: RecognitionRow, request: RecognitionRequest) -> dict[str, Any]:
    """What another version would say; where it cannot, for instance because it has no such programme, why not."""
    answer: dict[str, Any] = {"pack_version": request.pack_version, "outcome": None, "difference": None, "error": None}
    try:
        found = _outcome(tx, office, row, request)
    except (RuleError, BankError) as refused:
        return {**answer, "error": refused.code}
    return {**answer, "outcome": found, "difference": difference(outcome_of_result(row.result), found)}


def _outcome(tx: Transaction, office: Office, row: RecognitionRow, request: RecognitionRequest) -> Outcome:
    """The answer over the book as it stands, as if this decision had not used anything; nothing is booked."""
    pack = recognitions.published(tx, office, request.pack_id, request.pack_version, request.on)
    request = replace(request, judgements=answers(tx, row.book_id))
    inputs, _ = recognitions.gathered(tx, row.book_id, pack, request.on, row, request.programme)
    return outcome_of(recognitions.apply(office, pack, request, inputs.awards, inputs.used, trace=False))


def standing_under(tx: Transaction, book: UUID, pack_id: str, but: str) -> Sequence[RecognitionRow]:
    """The standing decisions of a book under any version of a pack but one; a promise that was honoured stays kept."""
    found = rules.standing_recognitions(tx, book)
    return [row for row in found if row.pack_id == pack_id and row.pack_version != but and not row.request.get("quote")]
