"""Which identifiers of a learner a credential names, as keys that find her book again and tell nobody anything."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from credentials.achievement import IdentityObject
from credentials.claims import SecuredClaims
from creditbank.errors import Refused
from creditbank.store.books import IdentifierKey
from creditbank.vault import Vault

EVERYWHERE = frozenset({"did", "emailAddress", "nationalIdentityNumber", "uri"})
"""Types that mean one person everywhere; any other, such as a student number, means one only within its issuer."""
NO_IDENTITY = frozenset({"name", "http://purl.imsglobal.org/vocab/lis/v2/person#name"})
"""A name is no identifier."""


@dataclass(frozen=True, slots=True)
class PlainIdentifier:
    """An identifier in the clear, as a caller gives it. It is hashed at once and never stored."""

    type: str
    value: str


def identifier_key(vault: Vault, identifier: PlainIdentifier, issuer_did: str | None) -> IdentifierKey:
    """The identifier's place in the index: HMAC under the bank's key, e-mail addresses without regard to case."""
    value = identifier.value.strip()
    value = value.casefold() if identifier.type == "emailAddress" else value
    scope = None if identifier.type in EVERYWHERE else issuer_did
    kind = f"{identifier.type}@{scope}" if scope else identifier.type
    return kind, vault.keyed_hash(kind, value)


def identifiers_of(
    vault: Vault, claims: SecuredClaims, given: Sequence[PlainIdentifier], *, issuer_speaks: bool
) -> tuple[IdentifierKey, ...]:
    """Every identifier of the credential's subject, and those `given` that it confirms.

    A plain identifier must match one of the credential's hashed ones; only the issuer itself may add another.
    Raises Refused `subject_mismatch` otherwise.
    """
    hashed = [item for item in claims.identifiers if item.hashed and item.identity_type not in NO_IDENTITY]
    if not issuer_speaks and not all(_confirmed(item, claims) for item in given):
        raise Refused("subject_mismatch", "An identifier given with the credential is not the one it names.")
    plain = [*_subject_id(claims.subject_id), *_unhashed(claims.identifiers), *given]
    keys = [identifier_key(vault, item, claims.issuer_id) for item in plain]
    opaque = [_opaque(vault, item) for item in hashed if not any(item.matches(g.value) for g in given)]
    return tuple(dict.fromkeys([*keys, *opaque]))


def _confirmed(item: PlainIdentifier, claims: SecuredClaims) -> bool:
    spellings = {item.value, item.value.strip().casefold()}
    named = [*_subject_id(claims.subject_id)]
    return item in named or any(
        identity.identity_type == item.type and identity.matches(spelling)
        for identity in claims.identifiers
        for spelling in spellings
    )


def _subject_id(subject_id: str | None) -> Iterable[PlainIdentifier]:
    if subject_id is None:
        return ()
    if subject_id.startswith("mailto:"):
        return (PlainIdentifier("emailAddress", subject_id.removeprefix("mailto:")),)
    return (PlainIdentifier("did" if subject_id.startswith("did:") else "uri", subject_id),)


def _unhashed(identities: Iterable[IdentityObject]) -> Iterable[PlainIdentifier]:
    return [
        PlainIdentifier(item.identity_type, item.identity_hash)
        for item in identities
        if not item.hashed and item.identity_type not in NO_IDENTITY
    ]


def _opaque(vault: Vault, item: IdentityObject) -> IdentifierKey:
    """A salted hash whose identifier nobody has told us: it leads to the same book only for the same salt."""
    kind = f"hashed:{item.identity_type}"
    return kind, vault.keyed_hash(kind, f"{item.identity_hash}|{item.salt or ''}")
