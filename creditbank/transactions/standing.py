"""Revoking, suspending and reinstating: the bit in the status list, and what it does to the books, in one go."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from creditbank.errors import Conflict, NotFound
from creditbank.office import Office
from creditbank.store import Transaction, deposits, status
from creditbank.store.deposits import StoredDeposit
from creditbank.store.status import StatusPlace
from creditbank.transactions import logbook
from creditbank.transactions.promotion import locked
from creditbank.transactions.reversal import withdraw

STATE_OF = {"revocation": "revoked", "suspension": "suspended"}


@dataclass(frozen=True, slots=True)
class StatusChange:
    """Which status becomes what, why, and who says so."""

    purpose: str
    value: bool
    reason: str
    actor: str


def set_status(
    tx: Transaction,
    office: Office,
    credential_id: str,
    change: StatusChange,
    confine: Callable[[str], None],
) -> StoredDeposit:
    """Set or clear the status of a credential that the bank signed; the deposit after it.

    Revocation is for good (`revocation_is_final`); a suspension may be lifted, and `promote` then credits anew.
    Raises NotFound `credential_not_found`; Conflict `not_suspendable`, `status_unchanged`, `revocation_is_final`.
    """
    issued = status.issued(tx, credential_id)
    if issued is None:
        raise NotFound("credential")
    confine(issued.issuer_id)
    place = _place(tx, credential_id, change.purpose)
    stored = _alive(tx, issued.deposit_id)
    _check(status.value(tx, place), change.purpose, change.value)
    status.change(tx, place, change.value, change.reason, change.actor)
    logbook.log(tx, office, [(f"status:{credential_id}", _facts(place, stored.deposit_id, change))])
    if change.value and stored.state in ("credited", "held", "suspended"):
        withdraw(tx, office, stored, STATE_OF[change.purpose], change.reason, change.actor)
    return locked(tx, stored.deposit_id)


def withdraw_foreign(tx: Transaction, office: Office, deposit_id: UUID, state: str, actor: str) -> StoredDeposit:
    """Revoke or suspend what another institution signed and has withdrawn since; the deposit after it.

    It was verified before the book was locked: what is no longer credited, held or suspended by now stays as it is.
    """
    stored = locked(tx, deposit_id)
    if stored.state in ("credited", "held", "suspended") and stored.state != state:
        withdraw(tx, office, stored, state, f"{state}_by_issuer", actor)
    return locked(tx, deposit_id)


def _place(tx: Transaction, credential_id: str, purpose: str) -> StatusPlace:
    """Where this status stands; what a badge was not given when it was signed, nobody can set later."""
    place = next((p for p in status.places(tx, credential_id) if p.purpose == purpose), None)
    if place is None:
        sentence = "This credential was issued without a place for suspension: it can be revoked, not suspended."
        raise Conflict("not_suspendable", sentence)
    return place


def _alive(tx: Transaction, deposit_id: UUID) -> StoredDeposit:
    """The version of a credential that is alive, its book locked: the status is the credential's, not one version's."""
    first = locked(tx, deposit_id)
    return locked(tx, deposits.versions(tx, first.issuer_did, first.credential_id)[-1].deposit_id)


def _check(now: bool, purpose: str, value: bool) -> None:
    if purpose == "revocation" and not value:
        raise Conflict("revocation_is_final", "A revoked credential stays revoked; issue it anew instead.")
    if now == value:
        raise Conflict("status_unchanged", "The credential has this status already.")


def _facts(place: StatusPlace, deposit: UUID, change: StatusChange) -> dict[str, object]:
    return {
        "type": "status_change",
        "list": place.list_id,
        "index": place.index,
        "purpose": place.purpose,
        "value": change.value,
        "deposit": str(deposit),
        "reason": change.reason,
    }
