"""One foreign list against the deposits that rest on it: fetched once, compared, and what differs verified anew."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from credentials.checks import Outcome, Verification
from credentials.credential import Credential
from credentials.errors import CredentialError, StatusInvalid
from credentials.members import single
from creditbank import foreign_lists, outside
from creditbank.bank import Bank
from creditbank.caller import SCOPES, Caller
from creditbank.errors import BankError
from creditbank.examination import check_status_list
from creditbank.foreign_lists import BITSTRING, HOSTED, Seen
from creditbank.store import Transaction, foreign_status
from creditbank.store.foreign_status import Standing
from creditbank.transactions.standing import withdraw_foreign
from issuers.errors import FetchError

SWEEPER = Caller("creditbank-sweep", "administrator", SCOPES["administrator"])
"""Who withdraws and reinstates on the word of other institutions."""
EVERY, SOONEST, LATEST = timedelta(hours=6), timedelta(minutes=15), timedelta(hours=24)
"""A list is looked at again after six hours, or after its own `ttl` between a quarter of an hour and a day."""
STATUS_REASONS = frozenset({"status_unavailable", "status_unverified", "status_stale", "document_unavailable"})
"""Deposits held for these reasons wait for nothing but a list."""
STRANGERS = frozenset({"issuer_unknown", "issuer_not_accredited"})
"""Deposits held for these reasons are of institutions that the bank does not trust."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A deposit that was verified anew, and the state that it has come to; None where it stayed as it was."""

    deposit_id: UUID
    became: str | None


@dataclass(slots=True)
class Comparison:
    """A list on its way: what was fetched of it, and which deposits were looked at."""

    bank: Bank
    list_url: str
    wait: Callable[[str], None]
    document: Callable[[UUID], bytes | None]
    seen: dict[str, Seen] = field(default_factory=dict)
    again: timedelta = EVERY
    looked: list[Looked] = field(default_factory=list)


def counts(one: Standing) -> bool:
    """Whether a list is asked for the sake of this deposit: of a stranger's, which anybody can have made, nobody is.

    What was revoked counts on, for the alert if the issuer should take that back.
    """
    by_issuer = one.state == "revoked" and one.reason == "revoked_by_issuer"
    waits = one.state == "held" and one.reason not in STRANGERS
    return one.state in ("credited", "suspended") or by_issuer or waits


def compare(case: Comparison, resting: Iterable[Standing]) -> bool:
    """Compare every deposit with the list, then note that it is done; whether an alert was raised.

    A crash on the way leaves what was booked so far, each whole; the list stays due. Raises FetchError,
    CredentialError, BankError: nothing more is done with this list now.
    """
    taken_back = 0
    for one in resting:
        kind = one.reference.kind
        if kind not in case.seen and counts(one):
            case.seen[kind] = _fetched(case, kind)
        if kind in case.seen:
            taken_back += _weigh(case, one)
    return _remember(case, taken_back)


def _fetched(case: Comparison, kind: str) -> Seen:
    """The list, fresh. A bitstring is believed only when its own signature and dates hold."""
    bank, host = case.bank, urlsplit(case.list_url).hostname or ""
    case.wait(host)
    try:
        found = outside.ask(case.list_url, kind, bank.sources.fetcher)
    except FetchError as error:
        if kind == HOSTED and outside.is_gone(error):
            return foreign_lists.gone(case.list_url)
        raise
    if kind == BITSTRING:
        credential = check_status_list(bank.run, bank.office, bank.sources, found.body)
        _check_whose(case, credential)
        case.again = _lifetime(credential)
    return foreign_lists.seen(kind, found.body)


def _check_whose(case: Comparison, status_list: Credential) -> None:
    """The list is of an issuer whose deposits rest on it, and of this address; what another says is not remembered."""
    if status_list.id not in (None, case.list_url):
        raise StatusInvalid("status_unverified")
    if status_list.issuer_id not in case.bank.run(lambda tx: foreign_status.issuers(tx, case.list_url)):
        raise StatusInvalid("status_list_issuer_mismatch")


def _lifetime(credential: Credential) -> timedelta:
    """When to ask again: after the list's `ttl` (milliseconds), within bounds; else after six hours."""
    ttl = (single(credential.document, "credentialSubject") or {}).get("ttl")
    if isinstance(ttl, bool) or not isinstance(ttl, int | float):
        return EVERY
    return min(LATEST, max(SOONEST, timedelta(milliseconds=min(ttl, 1e9))))


def _weigh(case: Comparison, one: Standing) -> int:
    """Verify a deposit anew where the list seems to say otherwise than the books; 1 for a revocation taken back."""
    says = case.seen[one.reference.kind].says(one.reference.kind, one.reference.place)
    if one.state == "revoked":
        return int(not says and one.reference.purpose == "revocation")
    if says or one.state == "suspended" or (one.state == "held" and one.reason in STATUS_REASONS):
        case.looked.append(Looked(one.reference.deposit_id, _look_again(case, one)))
    return 0


def _look_again(case: Comparison, one: Standing) -> str | None:
    """The state that a deposit has come to, if another; what follows is decided by a whole verification."""
    deposit_id = one.reference.deposit_id
    document = case.document(deposit_id)
    if document is None:
        return None
    _, _, found = case.bank.examine(document)
    state = withdrawn(found)
    if state is not None:
        return _withdraw(case.bank, one, state)
    return _reinstate(case.bank, one) if found.verdict == "valid" else None


def withdrawn(found: Verification) -> str | None:
    """What the issuer has done, if the signature holds: `revoked` before `suspended`."""
    codes = {check.code for check in found.checks if check.outcome is Outcome.FAILED}
    return next((state for state in ("revoked", "suspended") if state in codes), None) if _signed(found) else None


def _signed(found: Verification) -> bool:
    """Whether it is the issuer that speaks: its signature holds, or its own address says that the badge is revoked."""
    return found.claims is not None or (bool(found.checks) and found.checks[0].code == "revoked")


def _withdraw(bank: Bank, one: Standing, state: str) -> str | None:
    work = withdraw_foreign
    deposit_id = one.reference.deposit_id
    after = bank.change(lambda tx: work(tx, bank.office, deposit_id, state, SWEEPER.client_id))
    return after.state if after.state != one.state else None


def _reinstate(bank: Bank, one: Standing) -> str | None:
    """A suspension that was lifted, or a list that can be had at last; what may still not be credited stays held."""
    with suppress(BankError, CredentialError):
        after = bank.promote(one.reference.deposit_id, SWEEPER)
        return after.state if (after.state, after.reason) != (one.state, one.reason) else None
    return None


def _remember(case: Comparison, taken_back: int) -> bool:
    """The note that all is compared, in one transaction with the alert; a crash before it repeats the list."""
    now = case.bank.office.clock()
    return bool(case.bank.run(lambda tx: _note(tx, case, taken_back, now)))


def _note(tx: Transaction, case: Comparison, taken_back: int, now: datetime) -> bool:
    known = foreign_status.one(tx, case.list_url)
    before = foreign_lists.unpack(known.revoked if known else None)
    found = case.seen.get(BITSTRING)
    bits = found.bits or b"" if found and found.final else b""
    lost = max(taken_back, foreign_lists.taken_back(before, bits) if bits else 0)
    digest = _digest(case.seen)
    raised = bool(lost) and foreign_status.alert(tx, case.list_url, digest, "status_regression", {"taken_back": lost})
    kept = foreign_lists.pack(foreign_lists.union(before, bits))
    foreign_status.record(tx, case.list_url, now + case.again, now, digest, kept)
    return raised


def _digest(seen: Mapping[str, Seen]) -> bytes:
    return b"".join(seen[kind].digest for kind in sorted(seen))
