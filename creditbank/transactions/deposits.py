"""Deposits in groups: identities first, then books in order, then rows, then the log's head; each item on its own."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from creditbank.claim import HELD_REASONS
from creditbank.errors import BankError, Conflict, Refused
from creditbank.ledger.entry import Entry
from creditbank.office import Office
from creditbank.store import Transaction, books, deposits, leaves, ledger, registry, requests, status
from creditbank.store.deposits import DepositKey, NewDeposit, StoredDeposit
from creditbank.store.transaction import TryAgain
from creditbank.transactions import documents, logbook, promotion, subjects
from creditbank.transactions.crediting import crediting_entry
from creditbank.transactions.documents import Kept
from creditbank.transactions.prepared import DepositOutcome, PreparedDeposit
from creditbank.transactions.reevaluation import Cause, decide_after
from creditbank.transactions.reversal import take_back
from creditbank.transactions.subjects import Subject

Result = DepositOutcome | BankError
UNDISCLOSED = frozenset({"not_disclosed", "credits_not_disclosed", "results_not_disclosed"})
"""Reasons to hold what its holder showed only in part."""


def deposit_many(tx: Transaction, office: Office, items: Sequence[PreparedDeposit]) -> list[Result]:
    """Book a group; the result of each item, in order. Any exception means that nothing of the group was booked.

    1. Request keys and credential identities are taken, in order; who comes second waits, then sees the first.
    2. Books are locked in the order of their ids; from here on nobody else changes them.
    3. Deposits, entries, documents; then the head of the log, last, and the leaves.
    4. The keys once more: who declares one compromised takes the head too, and so comes wholly before or after.
    """
    results: dict[UUID, Result] = {}
    for group in _rounds(items):
        results.update(_round(tx, office, group))
    _check_keys(tx, [item for item in items if _is_credited(results[item.deposit_id])])
    return [results[item.deposit_id] for item in items]


def _is_credited(result: Result) -> bool:
    return isinstance(result, DepositOutcome) and result.state == "credited" and not result.repeated


def _check_keys(tx: Transaction, booked: Sequence[PreparedDeposit]) -> None:
    """Raises Conflict `key_compromised_meanwhile`: handed in and verified anew, such a deposit is held."""
    if registry.compromised(tx, {(item.issuer_did, item.key_thumbprint) for item in booked}):
        message = "The key that signed this was declared compromised just now; please hand it in again."
        raise Conflict("key_compromised_meanwhile", message)


def _rounds(items: Sequence[PreparedDeposit]) -> Iterator[list[PreparedDeposit]]:
    """Split so that no round holds one request or one credential twice: the second must see what the first did."""
    waiting = list(items)
    while waiting:
        seen: set[Any] = set()
        group: list[PreparedDeposit] = []
        later: list[PreparedDeposit] = []
        for item in waiting:
            marks = {(item.issuer_did, item.credential_id), item.request and (item.request.client_id, item.request.key)}
            (later if marks - {None} & seen else group).append(item)
            seen |= marks - {None}
        yield group
        waiting = later


def _round(tx: Transaction, office: Office, items: Sequence[PreparedDeposit]) -> Mapping[UUID, Result]:
    asked = requests.reserve(tx, [item.request for item in items if item.request])
    results: dict[UUID, Result] = {
        item.deposit_id: _given_before(asked[item.request]) for item in items if item.request and item.request in asked
    }
    fresh = [item for item in items if item.deposit_id not in results]
    results.update(_book(tx, office, fresh))
    answers = {i.request: r for i in fresh if i.request and isinstance(r := results[i.deposit_id], DepositOutcome)}
    requests.answer(tx, {request: outcome.to_json() for request, outcome in answers.items()})
    _release_refused(tx, [i for i in fresh if isinstance(results[i.deposit_id], BankError)])
    return results


def _given_before(answer: Mapping[str, Any] | Conflict) -> Result:
    return answer if isinstance(answer, Conflict) else DepositOutcome.from_json(answer)


def _release_refused(tx: Transaction, items: Iterable[PreparedDeposit]) -> None:
    """A refusal books nothing, so it keeps no request key either: the corrected request may use the same."""
    requests.release(tx, [item.request for item in items if item.request])


def _book(tx: Transaction, office: Office, items: Sequence[PreparedDeposit]) -> Mapping[UUID, Result]:
    whose = subjects.resolve(tx, items)
    results: dict[UUID, Result] = dict.fromkeys(_not_hers(tx, items, whose), _NOT_HERS)
    items = [item for item in items if item.deposit_id not in results]
    keys = {item.deposit_id: _key(item, whose[item.deposit_id].book, 1) for item in items}
    mine = deposits.claim_keys(tx, list(keys.values()))
    new = [item for item in items if item.deposit_id in mine]
    subjects.link(tx, new, whose)
    known = {whose[item.deposit_id].book for item in items if not whose[item.deposit_id].is_new}
    locked = books.lock(tx, known | _books_of_earlier(tx, [item for item in items if item.deposit_id not in mine]))
    if any(book.state == "sealed" for book in locked.values()):
        raise TryAgain  # merged between the look-up and the lock: its successor is found the next time
    results.update(write(tx, office, [(item, whose[item.deposit_id], 1, None) for item in new]))
    for item in items:
        if item.deposit_id not in mine:
            results[item.deposit_id] = _on_record(tx, office, item, whose[item.deposit_id])
    return results


_NOT_HERS = Refused("subject_mismatch", "This credential is about somebody else, or nobody has tied it to your book.")


def _not_hers(tx: Transaction, items: Iterable[PreparedDeposit], whose: Mapping[UUID, Subject]) -> list[UUID]:
    """Deposits by learners that are not about them (I14), unless just this one stands in their book already."""
    confined = [(item, item.confined_to) for item in items if item.confined_to]
    alive = books.living(tx, {book for _, book in confined})
    strange = [(item, alive.get(book)) for item, book in confined if whose[item.deposit_id].book != alive.get(book)]
    return [item.deposit_id for item, book in strange if not _on_record_in(tx, item, book)]


def _on_record_in(tx: Transaction, item: PreparedDeposit, book: UUID | None) -> bool:
    found = deposits.record_of(tx, item.issuer_did, item.credential_id, item.content_digest)
    return found is not None and found[0].book_id == book


def _key(item: PreparedDeposit, book: UUID, version: int) -> DepositKey:
    return DepositKey(
        item.issuer_did, item.credential_id, version, item.deposit_id, book, item.content_digest, item.valid_from
    )


Placed = tuple[PreparedDeposit, Subject, int, UUID | None]
"""A deposit, whose it is, which version, and the deposit it replaces."""


def write(tx: Transaction, office: Office, placed: Sequence[Placed]) -> Mapping[UUID, DepositOutcome]:
    """Write new deposits whose identity is taken and whose books are locked; the outcome of each."""
    _open_books(tx, office, [subject.book for _, subject, _, _ in placed if subject.is_new])
    deposits.add(tx, [_row(*place) for place in placed])
    entries = {
        item.deposit_id: _entry(office, item, subject) for item, subject, _, _ in placed if _credited(item, subject)
    }
    ledger.append(tx, list(entries.values()))
    _keep_documents(tx, office, placed)
    first = logbook.log(tx, office, [(str(p[0].deposit_id), _leaf(p, entries.get(p[0].deposit_id))) for p in placed])
    return {place[0].deposit_id: _outcome(place, first + n) for n, place in enumerate(placed)}


def _open_books(tx: Transaction, office: Office, new: Iterable[UUID]) -> None:
    opened = dict.fromkeys(new)
    if opened:
        books.open_books(tx, opened)
        books.add_sealed_keys(tx, {book: office.vault.new_book_key(book)[1] for book in opened})


def _credited(item: PreparedDeposit, subject: Subject) -> bool:
    return item.claim.award is not None and not subject.ambiguous


def _state(item: PreparedDeposit, subject: Subject) -> tuple[str, str]:
    if subject.ambiguous:
        return "held", "subject_ambiguous"
    return ("held", item.claim.held) if item.claim.held else ("credited", "verified")


def _row(item: PreparedDeposit, subject: Subject, version: int, _replaced: UUID | None) -> NewDeposit:
    state, reason = _state(item, subject)
    award = item.claim.award.to_json() if item.claim.award and state == "credited" else None
    return NewDeposit(
        subject.book, _key(item, subject.book, version), item.facts, award, item.key_thumbprint, item.signed_at, state,
        reason, item.actor,
    )  # fmt: skip


def _entry(office: Office, item: PreparedDeposit, subject: Subject) -> Entry:
    award = item.claim.award
    assert award is not None
    return crediting_entry(office, subject.book, award, item.earned_on, "deposit")


def _leaf(place: Placed, entry: Entry | None) -> Mapping[str, Any]:
    """What the log commits to: the entry if credits were booked, and which content it stands on, by digest."""
    item, subject, version, replaced = place
    state, reason = _state(item, subject)
    return {
        "type": "deposit",
        "deposit": str(item.deposit_id),
        "book": str(subject.book),
        "content": item.content_digest.hex(),
        "key": item.key_thumbprint,
        "version": version,
        "replaces": str(replaced) if replaced else None,
        "state": state,
        "reason": reason,
        "entry": entry.facts() if entry else None,
    }


def _keep_documents(tx: Transaction, office: Office, placed: Sequence[Placed]) -> None:
    found = [(subject.book, i.deposit_id, Kept(i.document, i.identifiers)) for i, subject, _, _ in placed]
    documents.keep(tx, office, found)
    for item, subject, _, _ in placed:
        if item.issued_by:
            status.add_issued(tx, item.issued_by, item.credential_id, subject.book, item.deposit_id)


def _outcome(place: Placed, leaf_index: int) -> DepositOutcome:
    item, subject, version, replaced = place
    state, reason = _state(item, subject)
    return DepositOutcome(item.deposit_id, subject.book, state, reason, version, leaf_index, replaced=replaced)


def _on_record(tx: Transaction, office: Office, item: PreparedDeposit, subject: Subject) -> Result:
    """The identity is taken: the same content is the same deposit, newer content replaces it, all else is refused."""
    known = deposits.versions(tx, item.issuer_did, item.credential_id)
    same = next((key for key in known if key.content_digest == item.content_digest), None)
    if same:
        return _shown_more(tx, office, item, same) or _again(tx, same)
    latest = known[-1]
    if item.valid_from <= latest.valid_from:
        return Conflict("already_recorded", "This credential is on record with other content that is not older.")
    return _replace(tx, office, item, subject, latest)


def _shown_more(tx: Transaction, office: Office, item: PreparedDeposit, key: DepositKey) -> DepositOutcome | None:
    """A deposit held for what its holder had not disclosed, now handed in with that: credited, its document replaced.

    It is one credential however much of it is shown: what the issuer signed is the same. None where that is not so.
    """
    held = deposits.by_id(tx, key.deposit_id)
    if held is None or held.state != "held" or held.reason not in UNDISCLOSED or item.claim.award is None:
        return None
    now = promotion.promote(tx, office, key.deposit_id, item)
    if now.state != "credited":
        return None
    documents.replace(tx, office, now.book_id, now.deposit_id, Kept(item.document, item.identifiers))
    index = leaves.head(tx).size - 1  # of the entry just booked: the head is locked since
    return DepositOutcome(now.deposit_id, now.book_id, now.state, now.reason, key.version, index)


def _again(tx: Transaction, key: DepositKey) -> DepositOutcome:
    stored = deposits.by_id(tx, key.deposit_id)
    assert stored is not None
    index = leaves.indexes_of(tx, [str(key.deposit_id)])[str(key.deposit_id)]
    return DepositOutcome(
        key.deposit_id, stored.book_id, stored.state, stored.reason, key.version, index, repeated=True
    )


def _books_of_earlier(tx: Transaction, items: Iterable[PreparedDeposit]) -> set[UUID]:
    """Where the newest recorded versions of these credentials stand: a reissue changes those books too."""
    newest = [deposits.versions(tx, item.issuer_did, item.credential_id)[-1] for item in items]
    standing = [deposits.by_id(tx, key.deposit_id) for key in newest]
    return {stored.book_id for stored in standing if stored}


def _irreplaceable(item: PreparedDeposit, subject: Subject, old: StoredDeposit) -> Conflict | None:
    """Why a newer version may not take the place of the older one, which then stays exactly as it is.

    What could not be verified replaces nothing, not even to be held: whoever holds a stolen key could else take a
    learner's credits away. What is only held has no book of its learner yet that could be compared.
    """
    if item.claim.held and item.claim.held not in HELD_REASONS:
        return Conflict("not_verified_yet", "The newer version cannot be verified now; deposit it again later.")
    if old.state in ("revoked", "suspended"):
        return Conflict(f"credential_{old.state}", "A withdrawn credential is not revived; issue it under another id.")
    if old.state != "held" and (subject.is_new or subject.book != old.book_id):
        return Conflict("subject_changed", "A newer version of a credential must be about the same learner.")
    return None


def _replace(tx: Transaction, office: Office, item: PreparedDeposit, subject: Subject, latest: DepositKey) -> Result:
    """A reissue: the old version's credits are reversed and the new version's booked, in one transaction.

    What was decided on the old version is decided anew once the new one stands.
    """
    old = deposits.by_id(tx, latest.deposit_id)
    assert old is not None
    refusal = _irreplaceable(item, subject, old)
    if refusal:
        return refusal
    if not deposits.claim_keys(tx, [_key(item, subject.book, latest.version + 1)]):
        raise TryAgain
    touched = take_back(tx, office, old, "superseded", "reissued", item.actor)
    place: Placed = (item, subject, latest.version + 1, old.deposit_id)
    outcome = write(tx, office, [place])[item.deposit_id]
    decide_after(tx, office, touched, Cause("superseded", str(old.deposit_id), "reissued"))
    return outcome
