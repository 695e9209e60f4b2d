"""The status of a credential: each entry of `credentialStatus` looked up in its list, and what follows from it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from credentials.checks import Check, Outcome
from credentials.credential import Credential
from credentials.errors import CredentialError, MalformedCredential, StatusInvalid
from credentials.members import Object
from credentials.proof_check import INDETERMINATE
from credentials.revocation_list import check_not_revoked, is_revocation_list
from credentials.secured import secured
from credentials.shape import Contents
from credentials.status_list import StatusEntry, look_up, status_entry
from credentials.verification_material import VerificationMaterial

NAME: Final = "status"
_SET: Final = MappingProxyType({"revocation": "revoked", "suspension": "suspended"})
_LONGEST_TTL: Final = 366 * 24 * 3_600_000
_LONGEST_MESSAGE: Final = 200


def status_checks(found: Contents, material: VerificationMaterial, at: datetime) -> Iterator[Check]:
    """A check for each entry of `credentialStatus`; one that passed where there is none.

    Failed: `revoked`, `suspended`, and entries or lists that break the specification. Could not be checked:
    `status_unavailable`, `status_unverified`, `status_stale`, `status_recursion`, `status_type_unsupported`.
    Warnings: `refresh_available`, `status_message` and whatever kept such an entry from being looked up, for neither
    purpose says anything about validity; `status_unsigned` where a 1EdTech revocation list does not say no.
    """
    for source in found.status:
        yield _entry_check(source, found, material, at)
        if _tells_who_is_asked_about(source, found.credential_id):
            yield Check.warning("status_privacy", "status_tracks_holder")
    if not found.status:
        yield Check.passed(NAME, "The issuer keeps no status for this credential.")


def check_period(found: Contents, at: datetime) -> None:
    """Begun and not over at `at`, both ends included; raises MalformedCredential `not_yet_valid`, `expired`."""
    if found.valid_from is not None and at < found.valid_from:
        raise MalformedCredential("not_yet_valid")
    if found.valid_until is not None and at > found.valid_until:
        raise MalformedCredential("expired")


def _entry_check(source: Object, found: Contents, material: VerificationMaterial, at: datetime) -> Check:
    try:
        if is_revocation_list(source):
            check_not_revoked(source, found.credential_id, found.issuer_id, material.documents)
            return Check.warning(NAME, "status_unsigned")
        entry = status_entry(source)
    except CredentialError as error:
        return _refusal(error)
    try:
        value, message = _looked_up(entry, found.issuer_id, material, at)
    except CredentialError as error:
        return Check.from_error(NAME, error, Outcome.WARNING) if entry.advisory else _refusal(error)
    return _answer(entry, value, message)


def _refusal(error: CredentialError) -> Check:
    outcome = Outcome.COULD_NOT_BE_CHECKED if error.code in INDETERMINATE else Outcome.FAILED
    return Check.from_error(NAME, error, outcome)


def _answer(entry: StatusEntry, value: int, message: str | None) -> Check:
    """What the value means. The message is for software and goes with the facts (Bitstring Status List 1.0, 2.1)."""
    said = {} if message is None else {"status_message": message[:_LONGEST_MESSAGE]}
    facts = {"purpose": entry.purpose[:_LONGEST_MESSAGE], "status": hex(value), **said}
    if not value:
        return replace(Check.passed(NAME), facts=MappingProxyType(facts) if said else Check.passed(NAME).facts)
    if entry.advisory:
        return Check.warning(NAME, "refresh_available" if entry.purpose == "refresh" else "status_message", **facts)
    if entry.purpose not in _SET:
        return _refusal(StatusInvalid("status_type_unsupported", "The issuer has set a status of an unknown purpose."))
    return _refusal(StatusInvalid(_SET[entry.purpose]))


def _looked_up(
    entry: StatusEntry, issuer_id: str, material: VerificationMaterial, at: datetime
) -> tuple[int, str | None]:
    """The entry's value (Bitstring Status List 1.0, 3.2); its list is verified first, one level deep."""
    status_list = material.status_lists.get(entry.list_url)
    if status_list is None:
        raise StatusInvalid("status_unavailable")
    _check_list(status_list, material, at)
    _check_lifetime(status_list, material.status_fetched_at.get(entry.list_url), at)
    return look_up(entry, status_list.document, issuer_id)


def _check_list(status_list: Credential, material: VerificationMaterial, at: datetime) -> None:
    """The list is secured by the issuer it names, and current; co-signatures are demanded of credentials alone."""
    verification, found = secured(status_list, replace(material, required_signers=frozenset()), at, None)
    if found is None or verification.verdict != "valid":
        raise StatusInvalid("status_unverified")
    try:
        check_period(found.contents, at)
    except CredentialError:
        raise StatusInvalid("status_stale") from None


def _check_lifetime(status_list: Credential, fetched_at: datetime | None, at: datetime) -> None:
    """The list's `ttl` (milliseconds since it was fetched) is not over; there is no default (2.2)."""
    subject = status_list.document.get("credentialSubject")
    lifetime = subject.get("ttl") if isinstance(subject, dict) else None
    if fetched_at is None or lifetime is None:
        return
    if isinstance(lifetime, bool) or not isinstance(lifetime, int | float):
        raise StatusInvalid("status_unverified", "The time to live of the status list is not a number.")
    if at - fetched_at > timedelta(milliseconds=max(0, min(lifetime, _LONGEST_TTL))):
        raise StatusInvalid("status_stale")


def _tells_who_is_asked_about(source: Object, credential_id: str | None) -> bool:
    """Whether the list's address names this one credential: the issuer would learn who is looked at (T20)."""
    address = source.get("id") if is_revocation_list(source) else source.get("statusListCredential")
    name = (credential_id or "").removeprefix("urn:uuid:").rpartition("/")[2]
    return isinstance(address, str) and len(name) >= 8 and name in address
