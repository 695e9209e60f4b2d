"""Whether an Open Badges 2.0 assertion was revoked: by its own address, or by its issuer's revocation list."""

from collections.abc import Mapping, Set
from typing import Any

from credentials.errors import CredentialError, StatusInvalid
from credentials.members import Object
from credentials.open_badges_2 import at


def is_withdrawn(served: Object) -> bool:
    """Whether the address of a hosted assertion says that it is revoked; anything but *no* is taken for *yes*."""
    return served.get("revoked") not in (None, False)


def check_not_withdrawn(served: Object) -> None:
    """Raises StatusInvalid `revoked`."""
    if is_withdrawn(served):
        raise StatusInvalid("revoked")


def check_not_listed(address: str, issuer_id: str, names: Set[object], documents: Mapping[str, Any]) -> None:
    """No name of the assertion (id, or uid in version 1.x) stands on the issuer's list at this address.

    Raises StatusInvalid `revoked`, `status_unavailable` where the list is not at hand, `status_unverified` where it is
    none, or says that it is of another issuer or address.
    """
    try:
        listed = at(documents, address)
    except CredentialError:
        raise StatusInvalid("status_unavailable") from None
    if _names(_own(listed, address, issuer_id)) & (names - {None}):
        raise StatusInvalid("revoked")


def _own(listed: object, address: str, issuer_id: str) -> Object:
    """The list, if it says nothing else than that it is this issuer's, at this address."""
    if not isinstance(listed, dict):
        raise StatusInvalid("status_unverified")
    if "revokedAssertions" not in listed:
        return listed  # version 1.x: an object of uids and reasons, which says nothing about itself
    issuer = listed.get("issuer") or issuer_id
    owner = issuer.get("id") if isinstance(issuer, dict) else issuer
    if owner != issuer_id or (listed.get("id") or address) != address:
        raise StatusInvalid("status_unverified")
    return listed


def _names(revocation_list: Object) -> set[str]:
    """The ids and uids on a revocation list; that of version 1.x is an object of uids and reasons."""
    if "revokedAssertions" not in revocation_list:
        return set(revocation_list)
    entries = revocation_list["revokedAssertions"]
    if not isinstance(entries, list):
        raise StatusInvalid("status_unverified")
    return {name for entry in entries for name in _entry_names(entry)}


def _entry_names(entry: object) -> list[str]:
    named = [entry.get("id"), entry.get("uid")] if isinstance(entry, dict) else [entry]
    found = [name for name in named if isinstance(name, str)]
    if not found:
        raise StatusInvalid("status_unverified")
    return found
