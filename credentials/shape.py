"""The shape of a credential: which members it must have, how many, and of which version (VC Data Model 1.1 and 2.0)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from credentials.canonical import is_ascii
from credentials.contexts import CREDENTIALS_V1, CREDENTIALS_V2
from credentials.data_model import check_data_model
from credentials.dates import instant
from credentials.errors import MalformedCredential
from credentials.members import Object, items, objects, required_text, text, texts, wrong
from credentials.open_badges import TYPES as BADGE_TYPES
from credentials.subject import AchievementSubject, achievement_subject

TEST_TYPE: Final = "TestCredential"
_MODERN: Final = ("validFrom", "validUntil")
_OLD: Final = ("issuanceDate", "expirationDate")
# Zero-width joiner and non-joiner are left out: Persian and Indic scripts need them.
_DECEPTIVE: Final = frozenset("\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff")


@dataclass(frozen=True, slots=True)
class Contents:
    """What a credential says, its shape checked but not its signature. `subject` is None where it is no Open Badge."""

    issuer_id: str
    credential_id: str | None
    types: tuple[str, ...]
    valid_from: datetime | None
    valid_until: datetime | None
    subject: AchievementSubject | None
    status: tuple[Object, ...]


def contents(document: Mapping[str, Any], *, partial: bool = False) -> Contents:
    """The typed contents of a credential; of one that its holder discloses in part the subject may be absent.

    An Open Badge must have an id, a start of validity and an AchievementSubject with one achievement. Raises
    MalformedCredential: `malformed_credential`, `cardinality`, `version_confusion`, `credits_out_of_range`,
    `out_of_range`, `malformed_language_tag`, `test_credential` for what is marked as a preview.
    """
    types = _types(document)
    check_data_model(document, partial=partial)
    is_badge = not BADGE_TYPES.isdisjoint(types)
    valid_from, valid_until = _validity(document)
    if is_badge and valid_from is None:
        raise wrong("validFrom", "is missing")
    return Contents(
        issuer_id=_issuer_id(document),
        credential_id=required_text(document, "id") if is_badge else text(document, "id"),
        types=types,
        valid_from=valid_from,
        valid_until=valid_until,
        subject=achievement_subject(document) if is_badge else None,
        status=objects(document, "credentialStatus"),
    )


def has_deceptive_text(document: Mapping[str, Any]) -> bool:
    """Whether a text holds characters that change only how it is displayed: bidi controls, zero width."""
    return not is_ascii(document) and _holds_deceptive_text(document)


def _holds_deceptive_text(document: Mapping[str, Any]) -> bool:
    pending: list[Any] = [document]
    while pending:
        item = pending.pop()
        if isinstance(item, str):
            if not item.isascii() and not _DECEPTIVE.isdisjoint(item):
                return True
        elif isinstance(item, dict | Mapping):
            pending.extend(item.values())
        elif isinstance(item, list):
            pending.extend(item)
    return False


def _types(document: Mapping[str, Any]) -> tuple[str, ...]:
    types = texts(document, "type")
    if "VerifiableCredential" not in types:
        raise wrong("type", "does not name VerifiableCredential")
    if TEST_TYPE in types:
        raise MalformedCredential("test_credential", "The credential is a preview and was never issued.")
    return types


def _issuer_id(document: Mapping[str, Any]) -> str:
    issuer = document.get("issuer")
    if isinstance(issuer, list):
        raise MalformedCredential("cardinality", pointer="issuer")
    return required_text(issuer, "id") if isinstance(issuer, dict) else required_text(document, "issuer")


def _validity(document: Mapping[str, Any]) -> tuple[datetime | None, datetime | None]:
    """From and until when the credential is valid, by the members of the version that its context names."""
    context = items(document, "@context")
    mine, other = (_OLD, _MODERN) if CREDENTIALS_V1 in context else (_MODERN, _OLD)
    first, last = (instant(document[member], member) if member in document else None for member in mine)
    is_mixed = any(member in document for member in other) and not (mine is _OLD and _repeats(document, first, last))
    if is_mixed or {CREDENTIALS_V1, CREDENTIALS_V2} <= _texts(context):
        raise MalformedCredential("version_confusion")
    if first and last and last < first:
        raise wrong(mine[1], "is before the start of validity")
    return first, last


def _repeats(document: Mapping[str, Any], first: datetime | None, last: datetime | None) -> bool:
    """Whether the members that version 1.1 reserves for its successor say what its own say, as EBSI writes them."""
    told = zip(_MODERN, (first, last), strict=True)
    return all(instant(document[member], member) == own for member, own in told if member in document)


def _texts(values: tuple[object, ...]) -> set[str]:
    return {value for value in values if isinstance(value, str)}
