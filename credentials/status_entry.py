"""The entries of `credentialStatus` (Bitstring Status List 1.0, section 2.1)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from credentials.errors import CredentialError, StatusInvalid
from credentials.members import Object, objects, text

BITSTRING_ENTRY: Final = "BitstringStatusListEntry"
_INDEX: Final = re.compile(r"0|[1-9]\d{0,9}", re.ASCII)


@dataclass(frozen=True, slots=True)
class StatusEntry:
    """Where to look up one status of a credential: bit `index` of the list at `list_url`, kept for `purpose`."""

    purpose: str
    list_url: str
    index: int
    type: str = BITSTRING_ENTRY

    def document(self) -> dict[str, Any]:
        """The entry as a member of `credentialStatus`; the index is a base-10 string."""
        return {
            "id": f"{self.list_url}#{self.index}",
            "type": self.type,
            "statusPurpose": self.purpose,
            "statusListIndex": str(self.index),
            "statusListCredential": self.list_url,
        }


def status_entries(document: Mapping[str, Any]) -> tuple[StatusEntry, ...]:
    """The entries of the document's `credentialStatus` that can be followed; none where it is absent.

    An entry of another type, or out of range, is left out: verification reports each of them. Raises
    MalformedCredential where the member holds something else than objects.
    """
    return tuple(filter(None, map(_followed, objects(document, "credentialStatus"))))


def status_entry(source: Object) -> StatusEntry:
    """One entry of `credentialStatus`.

    Raises StatusInvalid `status_type_unsupported` for a type or size that is not supported, `range_error` for an
    index that is not a plain base-10 string; MalformedCredential for a member of the wrong type.
    """
    purpose, list_url = text(source, "statusPurpose"), text(source, "statusListCredential")
    if source.get("type") not in (BITSTRING_ENTRY, [BITSTRING_ENTRY]) or not purpose or not list_url:
        raise StatusInvalid("status_type_unsupported")
    if source.get("statusSize", 1) != 1:
        raise StatusInvalid("status_type_unsupported")
    index = source.get("statusListIndex")
    if not isinstance(index, str) or not _INDEX.fullmatch(index):
        raise StatusInvalid("range_error")
    return StatusEntry(purpose, list_url, int(index))


def _followed(source: Object) -> StatusEntry | None:
    try:
        return status_entry(source)
    except CredentialError:
        return None
