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


def check_not_listed(address: str, names: Set[object], documents: Mapping[str, Any]) -> None:
    """No name of the assertion (id, or uid in version 1.x) stands on the list at this address.

    Raises StatusInvalid `revoked`, `status_unavailable` where the list is not at hand, `status_unverified` where it is
    none.
    """
    try:
        listed = at(documents, address)
    except CredentialError:
        raise StatusInvalid("status_unavailable") from None
    if _names(listed) & (names - {None}):
        raise StatusInvalid("revoked")


def _names(revocation_list: object) -> set[str]:
    """The ids and uids on a revocation list; that of version 1.x is an object of uids and reasons."""
    if not isinstance(revocation_list, dict):
        raise StatusInvalid("status_unverified")
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
