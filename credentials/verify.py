"""Verify a credential: numbered, named checks over what was gathered beforehand. Nothing is fetched, nothing raised."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Final, Self

from credentials import open_badges_2_verification
from credentials.checks import NOT_REACHED
from credentials.checks import Check as Check
from credentials.checks import Outcome as Outcome
from credentials.checks import Verdict as Verdict
from credentials.checks import Verification as Verification
from credentials.claims import SecuredClaims as SecuredClaims
from credentials.claims import sealed
from credentials.credential import Credential, Format
from credentials.digests import digest_checks
from credentials.inner_verification import with_endorsements, with_record
from credentials.proof_check import attempt
from credentials.schema_check import schema_checks
from credentials.sd_jwt_verification import disclosure_checks, is_plain_sd_jwt_vc, status_token_checks, verify_plain
from credentials.secured import NAMES as SECURED_NAMES
from credentials.secured import Secured, secured
from credentials.shape import Contents, has_deceptive_text
from credentials.status_check import check_period, status_checks
from credentials.status_entry import status_entries
from credentials.verification_material import IssuerKey as IssuerKey
from credentials.verification_material import VerificationMaterial as VerificationMaterial
from credentials.withheld import shown_badge_checks

NAMES: Final = (*SECURED_NAMES, "validity_period", "status", "schema")


def verify(
    credential: Credential, material: VerificationMaterial, at: datetime, first_seen: datetime | None = None
) -> Verification:
    """Every check by name, the verdict, and what the signature covers. Never raises on a bad credential.

    `at` is the time of verification, `first_seen` that of a checkpoint which already held the credential. Size, JSON
    and container were checked by `read`. In order:

    1. shape: members, cardinalities, version, dates and credits are as the data model and Open Badges 3.0 ask.
    2. contexts: `@context` is a list of pinned addresses, a base context first.
    3. identifiers: every id is an absolute IRI, no JSON-LD keywords, at most 500 objects in 32 levels.
    4. proof: there is one. For each proof (in Open Badges any one suffices, the others are reported beside it):
    5. key: the one registered under (issuer, key id), or the did:key that the issuer is.
    6. signature: verifies under that key, by that key's algorithm; for proofs over RDF all of the JSON is covered.
    7. coverage: no members could have been moved between objects with one id.
    8. proof_time: not made in the future, not expired.
    9. key_validity: the key could sign at the time claimed; of a compromised key only what was seen before holds.
    10. issuer_binding: the key is the issuer's own.
    11. required_signers: where the material demands co-signatures, they are there.
    12. validity_period: begun and not over at `at`.
    13. status: each entry's list is current, secured, of the same issuer and purpose, and does not say no.
    14. schema: fits each JSON Schema that it names, and each is at hand.
    15. related_resources: digests fit what is at hand. text: a warning about deceptive characters.
    16. inner_credentials: of a learner record each is verified as a part, and the record is as good as the weakest.
    17. endorsements: each is verified as a part; a broken one is a warning here, whatever it says.

    Checks 1 to 10 rest on one another: the first failure ends them and all later ones are `not_reached`. Claims are
    given only where 1 to 11 did not fail. Accreditation, subject and inclusion in the log are added by the caller
    through `with_check`.
    """
    return _verify_whole(credential, _Given(material, at, first_seen))


@dataclass(frozen=True, slots=True)
class _Given:
    """What a verification rests on besides the credential; `depth` is one, and more inside a learner record."""

    material: VerificationMaterial
    at: datetime
    first_seen: datetime | None
    depth: int = 1

    def inside(self) -> Self:
        """The same for a credential inside: it was there when the outer one was, and needs no co-signatures."""
        return replace(self, material=replace(self.material, required_signers=frozenset()), depth=self.depth + 1)


def _verify_whole(credential: Credential, given: _Given) -> Verification:
    """The credential with those inside it, which are looked at only where its own signature holds."""
    verification = _verify_alone(credential, given)
    if any(check.code == NOT_REACHED for check in verification.checks):
        return verification
    document = credential.document
    verification = with_record(verification, document, lambda inner: _verify_whole(inner, given.inside()), given.depth)
    endorse = None if given.depth > 1 else (lambda inner: _verify_alone(inner, given.inside()))
    return with_endorsements(verification, document, endorse)


def _verify_alone(credential: Credential, given: _Given) -> Verification:
    """The credential itself, without those inside it."""
    material, at, first_seen = given.material, given.at, given.first_seen
    if credential.format is Format.OPEN_BADGES_2:
        return open_badges_2_verification.verify(credential, material, at, first_seen)
    if is_plain_sd_jwt_vc(credential):
        return _with_not_reached(verify_plain(credential, material, at, first_seen))
    verification, found = secured(credential, material, at, first_seen)
    if found is None:
        return _with_not_reached(verification)
    verification = verification.with_checks(_after_proof(credential, found.contents, material, at))
    return Verification(verification.checks, _claims(found))


def _after_proof(
    credential: Credential, found: Contents, material: VerificationMaterial, at: datetime
) -> Iterator[Check]:
    """Checks 12 to 15, each on its own."""
    yield attempt("validity_period", partial(check_period, found, at))
    tokens = status_token_checks(credential, found.issuer_id, material, at)
    yield from tokens if tokens and not found.status else (*status_checks(found, material, at), *tokens)
    yield from disclosure_checks(credential, at)
    yield from shown_badge_checks(credential, found)
    yield from schema_checks(credential, material, at)
    yield from digest_checks(credential.document, material.resources)
    if has_deceptive_text(credential.document):
        message = "A text holds invisible or direction-changing characters; show it isolated."
        yield Check(0, "text", Outcome.WARNING, "deceptive_text", message)


def _claims(found: Secured) -> SecuredClaims | None:
    """What the signature covers; only Open Badges make claims."""
    said = found.contents
    if said.subject is None or said.credential_id is None or said.valid_from is None:
        return None
    return sealed(
        issuer_id=said.issuer_id,
        credential_id=said.credential_id,
        types=said.types,
        valid_from=said.valid_from,
        valid_until=said.valid_until,
        subject=said.subject,
        payload_digest=found.payload_digest,
        verification_method=found.key.verification_method,
        key_thumbprint=found.key.key.thumbprint(),
        signed_at=found.signed_at,
        status_entries=status_entries(found.document),
        document=found.document,
        list_chosen=found.list_chosen,
    )


def _with_not_reached(verification: Verification) -> Verification:
    """The verification with the checks that an earlier failure left undone, and without claims."""
    done = {check.name for check in verification.checks}
    for name in NAMES:
        if name not in done:
            verification = verification.with_check(Check.not_reached(name))
    return Verification(verification.checks)
