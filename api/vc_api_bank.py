"""The bank as the VC API's verifier and as a resolver of DIDs: what anybody may ask, as under `/v1/verify`."""

from collections.abc import Mapping
from typing import Any, Final

from api.routes.issuers import hosted_did
from api.services import Services
from credentials import presentation_verification
from credentials.checks import Verification
from credentials.credential import Credential
from credentials.did_keys import is_key_did
from credentials.errors import LimitExceeded
from credentials.presentation import Presentation
from credentials.presentation import read as read_presentation
from credentials.verification_material import VerificationMaterial
from creditbank.errors import NotFound
from issuers.did import build_did_document
from issuers.resolution import Resolution, ResolutionOptions, resolve_did

MAX_CREDENTIALS: Final = 20
"""Credentials in one presentation; each may cost questions outside."""


class BankExaminer:
    """Verifies by the bank's registry, record and log; resolves what the bank publishes, and others by the guard."""

    def __init__(self, desk: Services) -> None:
        self._desk = desk

    def credential(self, data: bytes) -> Verification:
        """Every check of a credential, the bank's own among them. Raises CredentialError where the bytes are none."""
        return self._desk.bank.verify(data).verification

    def presentation(self, data: bytes, challenge: str | None, domain: str | None) -> Verification:
        """Every check of a presentation and of the credentials inside, each with all that the bank knows of it.

        Whether a challenge is still open is for the caller, who gave it out. Raises CredentialError where the bytes are
        no presentation, and LimitExceeded `too_complex` for one of more than twenty credentials.
        """
        found = read_presentation(data)
        if len(found.contents) > MAX_CREDENTIALS:
            raise LimitExceeded("too_complex", limit=MAX_CREDENTIALS, unit="credentials")
        return presentation_verification.verify(
            found,
            VerificationMaterial(unreachable=_unknown_holders(found)),
            self._desk.bank.office.clock(),
            challenge=challenge,
            domain=domain,
            examine=self._examined,
        )

    def resolver(self, did_url: str, options: ResolutionOptions) -> Resolution:
        """A DID that is its own key, one that this bank publishes, or one whose host may be asked."""
        return resolve_did(did_url, self._desk.bank.sources.fetcher, options, self._published)

    def _examined(self, credential: Credential) -> Verification:
        return self.credential(credential.received)

    def _published(self, did: str) -> Mapping[str, Any] | None:
        issuer_id = did.rpartition(":")[2]
        if did != hosted_did(self._desk.public_url, issuer_id):
            return None
        try:
            issuer = self._desk.administration.issuer(issuer_id)
        except NotFound:
            return None
        at = self._desk.bank.office.clock()
        return build_did_document(did, self._desk.lookups.key_records(did), at) if issuer.did == did else None


def _unknown_holders(found: Presentation) -> frozenset[str]:
    """A holder whose DID is no key: it is not looked up, and the answer is that the key could not be had."""
    holder = found.holder_id
    return frozenset({holder} if holder is not None and not is_key_did(holder) else ())
