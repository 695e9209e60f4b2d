"""The DID document that a did:key or did:jwk is by itself (CCG did:key, did:jwk): computed, never fetched — pure."""

from collections.abc import Mapping
from typing import Any, Final

from credentials.did_keys import DID_KEY, read_key_did
from credentials.keys import PublicKey
from credentials.multibase import base64url_encode, encode

DID_CONTEXT: Final = "https://www.w3.org/ns/did/v1"
_CONTEXTS: Final[Mapping[str, str]] = {
    "Multikey": "https://w3id.org/security/multikey/v1",
    "JsonWebKey": "https://w3id.org/security/jwk/v1",
    "JsonWebKey2020": "https://w3id.org/security/suites/jws-2020/v1",
    "Ed25519VerificationKey2020": "https://w3id.org/security/suites/ed25519-2020/v1",
    "X25519KeyAgreementKey2020": "https://w3id.org/security/suites/x25519-2020/v1",
}
SIGNATURE_FORMATS: Final = ("Multikey", "JsonWebKey", "JsonWebKey2020", "Ed25519VerificationKey2020")
"""`publicKeyFormat` of keys that sign."""
AGREEMENT_FORMATS: Final = ("Multikey", "JsonWebKey", "JsonWebKey2020", "X25519KeyAgreementKey2020")
"""`publicKeyFormat` of keys for encryption."""
EXPERIMENTAL_FORMATS: Final = (
    "Ed25519VerificationKey2018",
    "X25519KeyAgreementKey2019",
    "EcdsaSecp256r1VerificationKey2019",
)
"""Formats that are known and never given out."""
_X25519: Final = bytes([0xEC, 0x01])
_FIELD: Final = 2**255 - 19
_RELATIONS: Final = ("authentication", "assertionMethod", "capabilityInvocation", "capabilityDelegation")


def did_document(did: str, public_key_format: str, *, with_agreement: bool = False) -> dict[str, Any]:
    """The document of a did:key or did:jwk, its key in this format.

    `with_agreement` adds the X25519 key that an Ed25519 key implies, for `keyAgreement`. Raises KeyRefused.
    """
    method, key = read_key_did(did)
    methods = [{"id": method, "controller": did, **_material(key, public_key_format)}]
    agreement = _agreement(did, key, public_key_format) if with_agreement and key.algorithm == "EdDSA" else None
    contexts = [DID_CONTEXT, *dict.fromkeys(_CONTEXTS[str(one["type"])] for one in (*methods, agreement) if one)]
    relations = {name: [method] for name in _RELATIONS}
    return {
        "@context": contexts,
        "id": did,
        "verificationMethod": methods,
        **relations,
        **({"keyAgreement": [agreement]} if agreement else {}),
    }


def fits(did: str, public_key_format: str) -> bool:
    """Whether a key of this DID can be written in this format."""
    _, key = read_key_did(did)
    if public_key_format == "Ed25519VerificationKey2020":
        return key.algorithm == "EdDSA"
    return public_key_format in SIGNATURE_FORMATS and (public_key_format != "Multikey" or key.algorithm != "RS256")


def default_format(did: str) -> str:
    """A did:key is shown as a Multikey, a did:jwk as a JsonWebKey."""
    return "Multikey" if did.startswith(DID_KEY) else "JsonWebKey"


def _material(key: PublicKey, public_key_format: str) -> dict[str, Any]:
    if public_key_format in ("JsonWebKey", "JsonWebKey2020"):
        jwk = {name: value for name, value in key.jwk().items() if name not in ("alg", "use")}
        return {"type": public_key_format, "publicKeyJwk": jwk}
    return {"type": public_key_format, "publicKeyMultibase": key.multibase()}


def _agreement(did: str, key: PublicKey, public_key_format: str) -> dict[str, Any]:
    """The birationally equivalent point of Curve25519 (RFC 7748, section 4.1): u = (1 + y) / (1 - y)."""
    y = int.from_bytes(key.material, "little") & (2**255 - 1)
    raw = ((1 + y) * pow(1 - y, -1, _FIELD) % _FIELD).to_bytes(32, "little")
    name = encode(_X25519 + raw)
    identity = {"id": f"{did}#{name}", "controller": did}
    if public_key_format in ("JsonWebKey", "JsonWebKey2020"):
        jwk = {"kty": "OKP", "crv": "X25519", "x": base64url_encode(raw)}
        return {**identity, "type": public_key_format, "publicKeyJwk": jwk}
    kind = "Multikey" if public_key_format == "Multikey" else "X25519KeyAgreementKey2020"
    return {**identity, "type": kind, "publicKeyMultibase": name}
