"""The entries of `credentialStatus` (Bitstring Status List 1.0, section 2.1; StatusList2021 is read too)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from credentials.errors import CredentialError, StatusInvalid
from credentials.members import Object, objects, required_text, strings_of, text, wrong

BITSTRING_ENTRY: Final = "BitstringStatusListEntry"
STATUS_LIST_2021_ENTRY: Final = "StatusList2021Entry"
ENTRY_TYPES: Final = (BITSTRING_ENTRY, STATUS_LIST_2021_ENTRY)
ADVISORY: Final = frozenset({"refresh", "message"})
"""Purposes that never make a credential invalid: a newer one is offered, or the issuer has something to say."""
MAX_SIZE: Final = 8

_INDEX: Final = re.compile(r"0|[1-9]\d{0,9}", re.ASCII)
_VALUE: Final = re.compile(r"0x[0-9A-Fa-f]{1,2}", re.ASCII)

Messages = tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class StatusEntry:
    """Where to look up one status of a credential: entry `index` of the list at `list_url`, kept for `purpose`.

    An entry has `size` bits. `messages` are pairs of value and text, one for each value; `references` tell more.
    """

    purpose: str
    list_url: str
    index: int
    type: str = BITSTRING_ENTRY
    size: int = 1
    messages: Messages = ()
    references: tuple[str, ...] = ()

    def document(self) -> dict[str, Any]:
        """The entry as a member of `credentialStatus`; the index is a base-10 string, a size of one is left out."""
        said = [{"status": hex(value), "message": message} for value, message in self.messages]
        return {
            "id": f"{self.list_url}#{self.index}",
            "type": self.type,
            "statusPurpose": self.purpose,
            "statusListIndex": str(self.index),
            "statusListCredential": self.list_url,
            **({"statusSize": self.size} if self.size > 1 else {}),
            **({"statusMessage": said} if said else {}),
            **({"statusReference": list(self.references)} if self.references else {}),
        }

    @property
    def advisory(self) -> bool:
        """Whether nothing that this entry says, or fails to say, makes the credential invalid."""
        return self.purpose in ADVISORY


def status_entries(document: Mapping[str, Any]) -> tuple[StatusEntry, ...]:
    """The entries of the document's `credentialStatus` that can be followed; none where it is absent.

    An entry of another type, or out of range, is left out: verification reports each of them. Raises
    MalformedCredential where the member holds something else than objects.
    """
    return tuple(filter(None, map(_followed, objects(document, "credentialStatus"))))


def status_entry(source: Object) -> StatusEntry:
    """One entry of `credentialStatus`.

    Raises StatusInvalid `status_type_unsupported` for a type that is not supported or more than 8 bits,
    `range_error` for an index that is not a plain base-10 string; MalformedCredential for a member that is missing
    or not as the specification says.
    """
    if source.get("type") not in (*ENTRY_TYPES, *([name] for name in ENTRY_TYPES)):
        raise StatusInvalid("status_type_unsupported")
    purpose, list_url = required_text(source, "statusPurpose"), required_text(source, "statusListCredential")
    if text(source, "id") == list_url:
        raise wrong("credentialStatus", "has the address of the status list for its id")
    index = source.get("statusListIndex")
    if not isinstance(index, str) or not _INDEX.fullmatch(index):
        raise StatusInvalid("range_error")
    size = entry_size(source)
    messages = status_messages(source, "statusMessage", size)
    if size > 1 and not messages:
        raise wrong("statusMessage", "is missing")
    references = strings_of(source, "statusReference")
    kind = source["type"] if isinstance(source["type"], str) else source["type"][0]
    return StatusEntry(purpose, list_url, int(index), kind, size, messages, references)


def entry_size(source: Object) -> int:
    """`statusSize`: bits of an entry, one where it is absent.

    Raises MalformedCredential when it is not a whole number above zero, StatusInvalid `status_type_unsupported` over 8.
    """
    size = source.get("statusSize", 1)
    if isinstance(size, bool) or not isinstance(size, int) or size < 1:
        raise wrong("statusSize", "is not a whole number above zero")
    if size > MAX_SIZE:
        raise StatusInvalid("status_type_unsupported")
    return size


def status_messages(source: Object, member: str, size: int) -> Messages:
    """Value and text of each message, by value; none where there are none. Each possible value has exactly one."""
    if member not in source:
        return ()
    found = dict(_message(item, member) for item in objects(source, member))
    if sorted(found) != list(range(2**size)) or len(objects(source, member)) != 2**size:
        raise wrong(member, "does not hold one message for each value")
    return tuple(sorted(found.items()))


def _message(source: Object, member: str) -> tuple[int, str]:
    value, message = source.get("status"), source.get("message")
    if not isinstance(value, str) or not _VALUE.fullmatch(value) or not isinstance(message, str):
        raise wrong(member, "holds a message without value or text")
    return int(value, 16), message


def _followed(source: Object) -> StatusEntry | None:
    try:
        return status_entry(source)
    except CredentialError:
        return None
