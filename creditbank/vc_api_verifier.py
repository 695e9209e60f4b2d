"""The verifier of a test run: the same `verify` as the bank's, with the suites' contexts and its own status lists.

Nothing is fetched, nothing is kept, and no issuer is accredited: it answers only whether a document verifies.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final

from credentials import presentation_verification
from credentials.canonical import jcs
from credentials.checks import Verification
from credentials.contexts import ContextSet
from credentials.credential import Credential
from credentials.did_keys import read_key_did
from credentials.presentation import read as read_presentation
from credentials.read import read
from credentials.verification_material import IssuerKey, VerificationMaterial
from credentials.verify import verify
from creditbank.vc_api_status import StatusBook

_SPECIFICATION_KEYS: Final = (
    "did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2",
    "did:key:z6MktgKTsu1QhX6QPbyqG6geXdw6FQCZBPq7uQpieWbiQiG7",
    "did:key:z6MkmEq87wkHCYnWnNZkigeDMGTN7oUw1upkhzd77KuXERS1",
    "did:key:z6Mkm1S51iPHJvDEkJ9MRtxJmT8Pqo6wHipAFwBAjN83vntT",
    "did:key:z6MkhWqdDBPojHA7cprTGTt5yHv5yUi1B8cnXn8ReLumkw6E",
    "did:key:zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP",
    "did:key:z82LkuBieyGShVBhvtE2zoiD6Kma4tJGFtkAhxR5pfkp5QPw4LutoYWhvQCnGjdVn14kujQ",
)
EXAMPLE_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "https://vc.example/issuers/5678": _SPECIFICATION_KEYS,
    "https://vc.example/windsurf/racecommittee": _SPECIFICATION_KEYS,
    "did:key:z6MkptjaoxjyKQFSqf1dHXswP6EayYhPQBYzprVCPmGBHz9S": (
        "did:key:z6MktKwz7Ge1Yxzr4JHavN33wiwa8y81QdcMRLXQsrH9T53b",
    ),
}
"""Issuers of published examples, and the published keys that sign for them: nothing else ties the two together.

The first are those of the test vectors of VC-DI-EdDSA and VC-DI-ECDSA; the last is that of the suite for
Ed25519Signature2020. The suites want these examples accepted; anybody else's key must be the issuer's own.
"""
OWN_NAME: Final = "example.com"
"""Whom a presentation as JWT is made for (`aud`) where the caller names nobody: so the suites call the verifier."""
_ALWAYS: Final = datetime.min.replace(tzinfo=UTC)


class SuiteVerifier:
    """Verifies what the suites hand in. Every proof of a set must hold, as Data Integrity 1.0 (4.5) asks."""

    def __init__(self, contexts: ContextSet, status: StatusBook, clock: Callable[[], datetime]) -> None:
        self._contexts = contexts
        self._status = status
        self._clock = clock

    def credential(self, data: bytes) -> Verification:
        """Every check of a credential. Raises CredentialError where the bytes are none."""
        credential = read(data)
        return verify(credential, self._material((credential,)), self._clock())

    def presentation(self, data: bytes, challenge: str | None, domain: str | None) -> Verification:
        """Every check of a presentation and of the credentials inside. Raises CredentialError where there is none."""
        found = read_presentation(data)
        domain = OWN_NAME if domain is None and found.jws is not None else domain
        material = self._material(found.credentials)
        return presentation_verification.verify(found, material, self._clock(), challenge=challenge, domain=domain)

    def _material(self, credentials: tuple[Credential, ...]) -> VerificationMaterial:
        urls = dict.fromkeys(url for one in credentials for url in one.status_list_urls)
        at = self._clock()
        own = {url: self._status.at(url, at) for url in urls if self._status.is_own(url)}
        return VerificationMaterial(
            keys={method: key for one in credentials for method, key in example_keys(one.issuer_id).items()},
            status_lists={url: read(jcs(document)) for url, document in own.items()},
            contexts=self._contexts,
            all_proofs=True,
        )


def example_keys(issuer_id: str | None) -> Mapping[str, IssuerKey]:
    """The published keys of the issuer of a published example; none for anybody else."""
    if issuer_id is None:
        return {}
    known = (read_key_did(did) for did in EXAMPLE_KEYS.get(issuer_id, ()))
    return {method: IssuerKey(f"{issuer_id}#{key.multibase()}", issuer_id, key, _ALWAYS) for method, key in known}
