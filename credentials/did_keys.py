"""Identifiers that are keys: did:key and did:jwk (CCG), each in its one accepted form. Nothing is resolved."""

from typing import Any, Final

from credentials.errors import CredentialError, KeyRefused
from credentials.keys import PublicKey
from credentials.multibase import base64url_decode
from credentials.strict_json import loads

DID_KEY: Final = "did:key:"
DID_JWK: Final = "did:jwk:"
MAX_DID_LENGTH: Final = 4096


def is_key_did(text: str) -> bool:
    """Whether the text names a key by itself, so that nothing needs to be looked up."""
    return text.startswith((DID_KEY, DID_JWK))


def read_key_did(did_url: str) -> tuple[str, PublicKey]:
    """The verification method that a did:key or did:jwk has, and its key; the DID may stand for its one method.

    The method is `did:key:z…#z…` or `did:jwk:…#0`. Raises KeyRefused with the codes of `PublicKey`, `malformed_key`
    for another spelling or fragment.
    """
    did, sign, fragment = did_url.partition("#")
    key, own = _read_jwk(did) if did.startswith(DID_JWK) else _read_multikey(did)
    if sign and fragment != own:
        raise KeyRefused("malformed_key", reason="not the one method of this DID")
    return f"{did}#{own}", key


def _read_multikey(did: str) -> tuple[PublicKey, str]:
    key = PublicKey.from_did_key(did)
    if did != key.did_key():
        raise KeyRefused("malformed_key", reason="not the one form of a did:key")
    return key, key.multibase()


def _read_jwk(did: str) -> tuple[PublicKey, str]:
    """The key of a did:jwk: base64url, without padding, of a public JWK in strict JSON."""
    if len(did) > MAX_DID_LENGTH:
        raise KeyRefused("malformed_key", reason="too long")
    return PublicKey.from_jwk(_jwk(did.removeprefix(DID_JWK))), "0"


def _jwk(text: str) -> dict[str, Any]:
    try:
        value = loads(base64url_decode(text))
    except CredentialError:
        raise KeyRefused("malformed_key", reason="not JSON in unpadded base64url") from None
    if not isinstance(value, dict):
        raise KeyRefused("malformed_key", reason="not a JSON Web Key")
    return value
