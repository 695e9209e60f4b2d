"""An issuer, what it may award from when to when, and the keys with which it signs.

Immutable values that refuse to contradict themselves; what follows from them is in ``issuers.registry``.
Days are calendar dates and inclusive on both ends; instants carry an offset from UTC, and an interval of
instants holds its beginning and not its end.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from credentials.errors import MalformedCredential
from credentials.keys import PublicKey
from credentials.language import LanguageMap, language_tag
from issuers.errors import RegistryError

_COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)


class Kind(StrEnum):
    """What sort of organisation an issuer is."""

    VOCATIONAL = "vocational"
    HIGHER = "higher"
    CONTINUING = "continuing"
    COMMUNITY = "community"


class Custody(StrEnum):
    """Who holds the private key: the bank, sealed (``hosted``), or the issuer itself (``own``)."""

    HOSTED = "hosted"
    OWN = "own"


class QualificationLevel(NamedTuple):
    """A level in a framework, such as ``("eqf", "5")``; levels are names here, never compared as numbers."""

    framework: str
    level: str


@dataclass(frozen=True, slots=True)
class Issuer:
    """An organisation that signs achievements. ``country`` is ISO 3166-1 alpha-2; ``did`` names it in credentials.

    ``provider_root`` is the organisation whose provider caps it shares: a faculty's university. None: its own.
    """

    id: str
    did: str
    kind: Kind
    name: LanguageMap
    country: str
    url: str | None
    registered_at: datetime
    provider_root: str | None = None

    def __post_init__(self) -> None:
        check_language_map(self.name)
        _check_instant("registered_at", self.registered_at)
        if _COUNTRY.fullmatch(self.country) is None:
            raise RegistryError("malformed_country")


@dataclass(frozen=True, slots=True)
class Accreditation:
    """An authority's word that an issuer may award these achievements, levels and units on these days.

    ``achievements`` and ``levels`` of None mean all of them; ``units`` is always a closed list of unit ids
    such as ``ects``. ``valid_until`` is the last day of validity (None: open). From ``withdrawn_on`` onward
    nothing may be awarded, whatever ``valid_until`` says; what was awarded before stays awarded.
    """

    id: str
    issuer_id: str
    authority: str
    achievements: frozenset[str] | None
    levels: frozenset[tuple[str, str]] | None
    units: frozenset[str]
    valid_from: date
    valid_until: date | None = None
    withdrawn_on: date | None = None

    def __post_init__(self) -> None:
        if self.valid_until is not None and self.valid_until < self.valid_from:
            raise RegistryError("interval_inverted", field="accreditation")


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """A public key of an issuer and its history.

    ``verification_method`` is the full URL under which credentials name the key, ``controller`` the issuer's
    DID. The key may sign in [``active_from``, ``retired_at``). ``compromised_from`` is the instant from which
    no signature is believed; ``declared_compromised_at`` says when that became known.
    """

    issuer_id: str
    verification_method: str
    controller: str
    key: PublicKey
    custody: Custody
    active_from: datetime
    retired_at: datetime | None = None
    compromised_from: datetime | None = None
    declared_compromised_at: datetime | None = None

    def __post_init__(self) -> None:
        for field in ("active_from", "retired_at", "compromised_from", "declared_compromised_at"):
            _check_instant(field, getattr(self, field))
        if self.retired_at is not None and self.retired_at < self.active_from:
            raise RegistryError("interval_inverted", field="key")

    @property
    def thumbprint(self) -> str:
        """RFC 7638 thumbprint of the public key, base64url without padding."""
        return self.key.thumbprint()


def check_language_map(texts: LanguageMap) -> None:
    """Refuse a map that is empty, has an empty text, or a key that is no language tag (RFC 5646)."""
    try:
        tags = [language_tag(tag, "name") for tag, text in texts.items() if text.strip()]
    except MalformedCredential as error:
        raise RegistryError("malformed_language_map") from error
    if not tags or len(tags) != len(texts):
        raise RegistryError("malformed_language_map")


def _check_instant(field: str, instant: datetime | None) -> None:
    if instant is not None and instant.utcoffset() is None:
        raise RegistryError("naive_instant", field=field)
