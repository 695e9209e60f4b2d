"""Key binding (RFC 9901, 4.3 and 7.3): the holder signs what is shown, with the key it was issued to."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from credentials.did_keys import is_key_did, read_key_did
from credentials.errors import CredentialError, ProofInvalid
from credentials.jws import CompactJws, verify_compact
from credentials.jwt_times import CLOCK_SKEW
from credentials.keys import PublicKey
from credentials.sd_jwt import SdJwt, digest
from credentials.vc_jwt import claimed_time

TYPE: Final = "kb+jwt"
MAX_AGE: Final = timedelta(hours=1)


def check_key_binding(sd_jwt: SdJwt, at: datetime) -> CompactJws:
    """The holder's JWT, once it holds: its type, the key (`cnf`), the signature, its claims, and what it is over.

    For whom and for which occasion it was made (`aud`, `nonce`) is for a presentation to check. Raises ProofInvalid
    `key_binding_missing`, `key_binding_invalid`, and with the codes of `verify_compact`; KeyRefused.
    """
    bound = sd_jwt.key_binding
    if bound is None:
        raise ProofInvalid("key_binding_missing")
    if bound.header.get("typ") != TYPE:
        raise ProofInvalid("key_binding_invalid", reason="of another type")
    verify_compact(bound, holder_key(sd_jwt))
    for name in ("aud", "nonce", "sd_hash"):
        if not isinstance(bound.payload.get(name), str) or not bound.payload[name]:
            raise ProofInvalid("key_binding_invalid", reason=f"without {name}")
    if bound.payload["sd_hash"] != digest(sd_jwt.bound, sd_jwt.hash_name):
        raise ProofInvalid("key_binding_invalid", reason="made for other disclosures")
    _check_made(bound, at)
    return bound


def check_fresh(bound: CompactJws, at: datetime, max_age: timedelta = MAX_AGE) -> None:
    """The holder signed within the last hour; raises ProofInvalid `proof_time`."""
    made = claimed_time(bound, "iat")
    if made is None or made < at - max_age:
        raise ProofInvalid("proof_time", reason="made too long ago")


def holder_key(sd_jwt: SdJwt) -> PublicKey:
    """The key that the credential was issued to: `cnf` with a `jwk`, or a `kid` that is a did:key or did:jwk.

    Raises ProofInvalid `key_binding_invalid` where it names none, KeyRefused.
    """
    confirmation = sd_jwt.payload.get("cnf")
    members: Mapping[str, Any] = confirmation if isinstance(confirmation, dict) else {}
    jwk, name = members.get("jwk"), members.get("kid")
    if isinstance(jwk, dict):
        return PublicKey.from_jwk(jwk)
    if isinstance(name, str) and is_key_did(name):
        return read_key_did(name)[1]
    raise ProofInvalid("key_binding_invalid", reason="the credential names no key of a holder")


def _check_made(bound: CompactJws, at: datetime) -> None:
    try:
        made = claimed_time(bound, "iat")
        ends = claimed_time(bound, "exp")
        begins = claimed_time(bound, "nbf")
    except CredentialError:
        raise ProofInvalid("key_binding_invalid", reason="a time is not a number") from None
    if made is None:
        raise ProofInvalid("key_binding_invalid", reason="without iat")
    if made > at + CLOCK_SKEW or (begins is not None and begins > at + CLOCK_SKEW):
        raise ProofInvalid("proof_time", reason="made in the future")
    if ends is not None and ends <= at:
        raise ProofInvalid("proof_time", reason="expired")
