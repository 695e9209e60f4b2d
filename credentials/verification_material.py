"""Keys and status lists, gathered before verification; which of the keys a proof may be checked with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Final

from credentials.contexts import PINNED, ContextSet
from credentials.credential import Credential
from credentials.did_keys import is_key_did, read_key_did
from credentials.errors import ProofInvalid
from credentials.keys import PublicKey
from credentials.revocation_list import origin

_ALWAYS: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class IssuerKey:
    """A key as registered for an issuer (`controller`), with the times from and until which it may sign."""

    verification_method: str
    controller: str
    key: PublicKey
    active_from: datetime
    retired_at: datetime | None = None
    compromised_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class VerificationMaterial:
    """All that a verification may rely on.

    `keys` by verification method, `status_lists` by address, `status_fetched_at` when each list was fetched (for its
    `ttl`). `unreachable` are issuers whose keys could not be had: not unknown, only not checkable now.
    `required_signers` are ids of issuers whose proofs a policy demands beside the issuer's own. `contexts` are those
    that a credential may name. `documents` are what else was fetched, by address: strict JSON from the address itself
    (Open Badges 2.0 badge classes, profiles and keys, 1EdTech revocation lists, JSON Schemas); `documents_fetched_at`
    when. `resources` are bytes by address, to compare digests with. `all_proofs`: whether every proof must hold (Data
    Integrity 1.0, 4.5), not any one as in Open Badges.
    """

    keys: Mapping[str, IssuerKey] = field(default_factory=lambda: MappingProxyType({}))
    status_lists: Mapping[str, Credential] = field(default_factory=lambda: MappingProxyType({}))
    status_fetched_at: Mapping[str, datetime] = field(default_factory=lambda: MappingProxyType({}))
    unreachable: frozenset[str] = frozenset()
    required_signers: frozenset[str] = frozenset()
    contexts: ContextSet = PINNED
    documents: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    documents_fetched_at: Mapping[str, datetime] = field(default_factory=lambda: MappingProxyType({}))
    resources: Mapping[str, bytes] = field(default_factory=lambda: MappingProxyType({}))
    all_proofs: bool = False


def proof_key(material: VerificationMaterial, issuer_id: str, method: object) -> IssuerKey:
    """The key that a proof's verification method, or a JWS's `kid`, names for this issuer.

    An address is looked up as it stands; a bare name only among the issuer's own keys, so that two issuers may use the
    same `kid`. A did:key or did:jwk is its own key. Raises ProofInvalid `unknown_key`; `controller_mismatch` for an
    address that is somebody else's and not registered; KeyRefused for a DID whose key is no good.
    """
    if not isinstance(method, str):
        raise ProofInvalid("unknown_key")
    if method in material.keys:
        return material.keys[method]
    if ":" not in method:
        return _by_name(material, issuer_id, method.removeprefix("#"))
    if is_key_did(method):
        return _registered(material, _key_of_did(method))
    if base(method) != issuer_id and not _on_its_site(method, issuer_id):
        raise ProofInvalid("controller_mismatch")
    raise ProofInvalid("unknown_key")


def jws_key(material: VerificationMaterial, issuer_id: str, header: Mapping[str, Any]) -> IssuerKey:
    """The key of a JWS by its `kid`, its `jwk` (which must be one of the issuer's own keys), or both agreeing.

    Raises as `proof_key`, and ProofInvalid `untrusted_key_hint` for a `jwk` that is not registered for the issuer.
    """
    if "jwk" not in header:
        return proof_key(material, issuer_id, header.get("kid"))
    hint = PublicKey.from_jwk(header["jwk"])
    named = [proof_key(material, issuer_id, header["kid"])] if "kid" in header else _own_keys(material, issuer_id)
    for candidate in named:
        if candidate.key == hint:
            return candidate
    raise ProofInvalid("untrusted_key_hint", member="jwk")


def base(method: str) -> str:
    """The verification method's address without its fragment: for a DID URL the DID."""
    return method.partition("#")[0]


def check_binding(key: IssuerKey, issuer_id: str) -> None:
    """The key is the issuer's: registered for it and, where the issuer is a DID, named in its own document.

    Raises ProofInvalid `controller_mismatch`.
    """
    of_issuer = base(key.verification_method) == issuer_id or not issuer_id.startswith("did:")
    if key.controller != issuer_id or not of_issuer:
        raise ProofInvalid("controller_mismatch")


def check_signing_time(key: IssuerKey, signed_at: datetime, first_seen: datetime | None) -> None:
    """The key could sign at the time claimed, and that claim may be believed.

    For a retired key the claim suffices; for a compromised one only having been seen before the compromise does.
    Raises ProofInvalid: `key_not_yet_active`, `key_compromised`, `key_retired`, `signing_time_unproven`.
    """
    if signed_at < key.active_from:
        raise ProofInvalid("key_not_yet_active")
    if key.compromised_from is not None:
        if signed_at >= key.compromised_from:
            raise ProofInvalid("key_compromised")
        if first_seen is None or first_seen >= key.compromised_from:
            raise ProofInvalid("signing_time_unproven")
    if key.retired_at is not None and signed_at >= key.retired_at:
        raise ProofInvalid("key_retired")


def _on_its_site(method: str, issuer_id: str) -> bool:
    """Whether an issuer that is an https address names its key by another address there, as a `kid` may be (OB 3.0)."""
    return issuer_id.startswith("https://") and origin(base(method)) == origin(issuer_id)


def _registered(material: VerificationMaterial, found: IssuerKey) -> IssuerKey:
    """The record of such a DID, however its proof spells it: a retirement must not be lost by spelling."""
    same = (key for key in material.keys.values() if key.controller == found.controller and key.key == found.key)
    return next(same, found)


def _by_name(material: VerificationMaterial, issuer_id: str, name: str) -> IssuerKey:
    named = [key for key in _own_keys(material, issuer_id) if key.verification_method.partition("#")[2] == name]
    if len(named) != 1:
        raise ProofInvalid("unknown_key")
    return named[0]


def _own_keys(material: VerificationMaterial, issuer_id: str) -> list[IssuerKey]:
    registered = [key for key in material.keys.values() if key.controller == issuer_id]
    return registered or ([_key_of_did(issuer_id)] if is_key_did(issuer_id) else [])


def _key_of_did(method: str) -> IssuerKey:
    """The key of a did:key or did:jwk, or of the one verification method that such a DID has."""
    name, key = read_key_did(method)
    return IssuerKey(name, base(name), key, _ALWAYS)
