"""Proof that whoever registers a key holds it: a signed challenge (SECURITY I13) — pure.

For a did:web the key must also stand in the document that the domain serves (``issuers.resolve``): that proves the
domain.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from credentials.canonical import jcs
from credentials.errors import ProofInvalid
from credentials.keys import PublicKey
from issuers.errors import RegistryError

LIFETIME = timedelta(minutes=15)
"""How long a challenge may be answered."""
_PURPOSE = "creditbank key possession v1"


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a registrant must sign: bound to one DID, one key and one fresh nonce of the bank."""

    did: str
    thumbprint: str
    nonce: str
    made_at: datetime

    def message(self) -> bytes:
        """The bytes to sign: canonical JSON (RFC 8785) that names its purpose, so it can be no credential or token."""
        return jcs({"purpose": _PURPOSE, "did": self.did, "thumbprint": self.thumbprint, "nonce": self.nonce})


def check_possession(challenge: Challenge, key: PublicKey, signature: bytes, at: datetime) -> None:
    """Refuse unless ``key`` is the challenge's and signed it in time.

    Errors: ``challenge_expired``, ``possession_unproven``.
    """
    if not challenge.made_at <= at < challenge.made_at + LIFETIME:
        raise RegistryError("challenge_expired")
    if key.thumbprint() != challenge.thumbprint:
        raise RegistryError("possession_unproven")
    try:
        key.verify(signature, challenge.message())
    except ProofInvalid as error:
        raise RegistryError("possession_unproven") from error
