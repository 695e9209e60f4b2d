"""When a JWT may be relied on: not before it was made, as long as its signature is meant to hold (RFC 7519, 4.1)."""

from datetime import datetime, timedelta
from typing import Final

from credentials.errors import ProofInvalid
from credentials.jws import CompactJws
from credentials.vc_jwt import W3C_TYPES, claimed_time, claims_of

CLOCK_SKEW: Final = timedelta(minutes=5)


def issued_at(jws: CompactJws) -> datetime | None:
    """When the signer says that it signed (`iat`), None where it does not say. Raises as `claimed_time`."""
    return claimed_time(jws, "iat")


def check_times(jws: CompactJws, at: datetime) -> None:
    """Refuse a JWT made later than `at` (five minutes of clock skew allowed), and one whose signature is over.

    In W3C's profile `nbf` and `exp` are the signature's; where they only repeat the credential's validity, as in every
    other profile, that is a check of its own. Raises ProofInvalid `proof_time`.
    """
    stated = issued_at(jws)
    if stated is not None and stated > at + CLOCK_SKEW:
        raise ProofInvalid("proof_time", reason="made in the future")
    if jws.header.get("typ") in W3C_TYPES and "@context" in jws.payload:
        check_lifetime(jws, at)


def check_lifetime(jws: CompactJws, at: datetime) -> None:
    """The signature holds from `nbf` until `exp`, unless these are the credential's own dates; else `proof_time`."""
    own = claims_of(jws.payload)
    begins, ends = claimed_time(jws, "nbf"), claimed_time(jws, "exp")
    if begins is not None and begins > at + CLOCK_SKEW and int(begins.timestamp()) != own.get("nbf"):
        raise ProofInvalid("proof_time", reason="not to be used yet")
    if ends is not None and ends <= at and int(ends.timestamp()) != own.get("exp"):
        raise ProofInvalid("proof_time", reason="expired")
