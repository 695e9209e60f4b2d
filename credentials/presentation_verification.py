"""Verify a presentation: whose it is, for which occasion it was made, and every credential in it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final

from credentials.checks import Check, Outcome, Part, Verification
from credentials.credential import Credential
from credentials.errors import CredentialError, MalformedCredential, ProofInvalid
from credentials.holder_proof import HolderProof, check_signature, check_time, holder_key, made, occasion_claims, proofs
from credentials.iris import check_iri
from credentials.key_binding import check_fresh, check_key_binding
from credentials.presentation_document import Presentation
from credentials.profile import check_shape
from credentials.proof_check import attempt
from credentials.sd_jwt import SdJwt
from credentials.verification_material import IssuerKey, VerificationMaterial, base, check_signing_time
from credentials.verify import verify as verify_credential

PROOF_STEPS: Final = ("key", "signature", "proof_time", "key_validity", "holder_binding", "challenge", "domain")
NAMES: Final = ("shape", "contexts", "identifiers", "proof", *PROOF_STEPS, "credentials")
Redeem = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Occasion:
    """When a presentation is verified, and what it must have been made for: see `verify`."""

    at: datetime
    challenge: str | None
    domain: str | None
    waived: bool
    redeem: Redeem | None


def verify(
    presentation: Presentation,
    material: VerificationMaterial,
    at: datetime,
    *,
    challenge: str | None = None,
    domain: str | None = None,
    challenge_waived: bool = False,
    redeem: Redeem | None = None,
    examine: Callable[[Credential], Verification] | None = None,
) -> Verification:
    """Every check by name, the verdict, and the verification of each credential inside as a part. Never raises.

    `examine` verifies the credentials where the caller gathers material for each; without it `material` is for all.

    `challenge` is what this verifier asked: fresh and unguessable, for a constant one keeps nobody from showing a
    presentation again. Where none was asked that must be said (`challenge_waived`). `domain` is whom it must be made
    for. `redeem` is the verifier's memory: called once, with the challenge, after all else about the holder's proof
    held, it takes the challenge out of those that are open and answers whether it was one of them. In order:

    1. shape, contexts, identifiers: as the data model asks (VC Data Model 2.0, 4.13).
    2. proof, key, signature, proof_time, key_validity: the holder's, made for the purpose `authentication`.
    3. holder_binding: the key is that of the `holder` named, or that an SD-JWT was issued to.
    4. challenge: the one asked, `challenge_missing` on either side aside where it is waived.
    5. domain: the one demanded; a JWT for others (`aud`) is refused in any case.
    6. replay: the challenge was still open; only with `redeem`.
    7. credentials: each is valid; else invalid or indeterminate as the worst of them. A warning where there is none.
    8. holder_is_subject: a warning where the holder is not the one that each credential is about.

    Checks 1 to 6 rest on one another: the first failure ends them, the later ones are `not_reached` and the
    credentials are not looked at. Claims are in the parts alone.
    """
    occasion = Occasion(at, challenge, domain, challenge_waived, redeem)
    verification, holder = Verification(), presentation.holder_id
    for check, key in _front(presentation, material, occasion):
        verification = verification.with_check(check)
        holder = holder or (key.controller if key else None)
        if _ends(check):
            return _with_not_reached(verification)
    examine = examine or (lambda credential: verify_credential(credential, material, at))
    parts = tuple(_part(content, examine) for content in presentation.contents)
    for check in (_contents_check(parts), *_subject_checks(presentation, holder)):
        verification = verification.with_check(check)
    return Verification(verification.checks, None, parts)


def _ends(check: Check) -> bool:
    return check.outcome in (Outcome.FAILED, Outcome.COULD_NOT_BE_CHECKED)


def _front(
    presentation: Presentation, material: VerificationMaterial, occasion: Occasion
) -> Iterator[tuple[Check, IssuerKey | None]]:
    """The checks that rest on one another, one after the other, and the holder's key once it is known."""
    document, bare = presentation.document, presentation.bare
    if bare is not None:
        yield from ((Check.passed(name), None) for name in ("shape", "contexts", "identifiers"))
        yield from ((check, None) for check in _bare_checks(bare, occasion))
    else:
        yield attempt("shape", partial(_check_members, document)), None
        yield attempt("contexts", partial(material.contexts.check, document.get("@context"))), None
        yield attempt("identifiers", partial(_check_identifiers, document, material)), None
        yield attempt("proof", partial(proofs, presentation)), None
        checks, key = _best(presentation, material, occasion)
        yield from ((check, key) for check in checks)
    if occasion.redeem is not None:
        yield attempt("replay", partial(_redeem, occasion)), None


def _check_members(document: Mapping[str, Any]) -> None:
    """`holder` is an id or an object with one; there is at most one."""
    holder = document.get("holder")
    named = holder.get("id") if isinstance(holder, dict) else holder
    if "holder" in document and not isinstance(named, str):
        raise MalformedCredential("malformed_presentation", reason="holder is not one id")
    if not isinstance(document.get("id", ""), str):
        raise MalformedCredential("malformed_presentation", reason="id is not text")


def _check_identifiers(document: Mapping[str, Any], material: VerificationMaterial) -> None:
    """The presentation keeps the strict profile; its credentials are looked at one by one, each under its own."""
    own = {name: value for name, value in document.items() if name not in ("proof", "verifiableCredential")}
    check_shape(own, material.contexts)
    if isinstance(own.get("holder"), str):
        check_iri(own["holder"], "/holder")


def _best(
    presentation: Presentation, material: VerificationMaterial, occasion: Occasion
) -> tuple[tuple[Check, ...], IssuerKey | None]:
    """The checks of the first proof that holds, else of the one that got furthest; and its key.

    Where all proofs must hold (`all_proofs`), those of one that does not, if there is one.
    """
    checked = [_proof_checks(presentation, proof, material, occasion) for proof in proofs(presentation)]
    return min(checked, key=lambda one: (any(map(_ends, one[0])) is not material.all_proofs, -len(one[0])))


def _proof_checks(
    presentation: Presentation, proof: HolderProof, material: VerificationMaterial, occasion: Occasion
) -> tuple[tuple[Check, ...], IssuerKey | None]:
    try:
        key = holder_key(proof, presentation.holder_id, material)
    except CredentialError as error:
        failure = error
        return (attempt("key", lambda: _raise(failure)),), None
    steps: dict[str, Callable[[], object]] = {
        "signature": lambda: check_signature(presentation.document, proof, key, material),
        "proof_time": lambda: check_time(proof, occasion.at),
        "key_validity": lambda: check_signing_time(key, made(proof) or occasion.at, None),
        "holder_binding": lambda: _check_holder(key, presentation.holder_id),
    }
    checks = [Check.passed("key")]
    for name, step in steps.items():
        checks.append(attempt(name, step))
        if _ends(checks[-1]):
            return tuple(checks), key
    return (*checks, *_occasion_checks(*occasion_claims(proof), occasion)), key


def _raise(error: CredentialError) -> None:
    raise error


def _check_holder(key: IssuerKey, holder: str | None) -> None:
    """The key is the named holder's own; where none is named the key's controller is the holder."""
    if holder is None:
        return
    of_holder = base(key.verification_method) == holder or not holder.startswith("did:")
    if key.controller != holder or not of_holder:
        raise ProofInvalid("holder_mismatch")


def _bare_checks(sd_jwt: SdJwt, occasion: Occasion) -> Iterator[Check]:
    """The key binding of an SD-JWT that is shown by itself; whether it holds comes before what it says."""
    yield attempt("holder_binding", partial(check_key_binding, sd_jwt, occasion.at))
    bound = sd_jwt.key_binding
    if bound is not None:
        yield attempt("proof_time", partial(check_fresh, bound, occasion.at))
        yield from _occasion_checks(bound.payload.get("nonce"), bound.payload.get("aud"), occasion)


def _occasion_checks(answered: object, audience: object, occasion: Occasion) -> tuple[Check, ...]:
    challenge = attempt("challenge", partial(_check_challenge, answered, occasion))
    if challenge.outcome is Outcome.PASSED and occasion.challenge is None:
        challenge = Check.warning("challenge", "challenge_missing")
    return challenge, attempt("domain", partial(_check_domain, audience, occasion.domain))


def _check_challenge(answered: object, occasion: Occasion) -> None:
    if not occasion.challenge and not occasion.waived:
        raise ProofInvalid("challenge_missing")
    if occasion.challenge is None:
        return
    if not answered:
        raise ProofInvalid("challenge_missing")
    if answered != occasion.challenge:
        raise ProofInvalid("challenge_mismatch")


def _check_domain(audience: object, expected: str | None) -> None:
    """Among those that the presentation was made for is this verifier; one for nobody in particular is for all who do
    not ask.
    """
    named = audience if isinstance(audience, list) else [] if audience is None else [audience]
    if (expected is None and named) or (expected is not None and expected not in named):
        raise ProofInvalid("domain_mismatch")


def _redeem(occasion: Occasion) -> None:
    if occasion.redeem is None or occasion.challenge is None or not occasion.redeem(occasion.challenge):
        raise ProofInvalid("replayed")


def _part(content: Credential | CredentialError, examine: Callable[[Credential], Verification]) -> Part:
    if isinstance(content, Credential):
        return Part("credential", content.id, examine(content))
    return Part("credential", None, Verification().with_check(Check.from_error("shape", content)))


def _contents_check(parts: tuple[Part, ...]) -> Check:
    verdicts = {part.verification.verdict for part in parts}
    if not parts:
        return Check.warning("credentials", "no_credential")
    if "invalid" in verdicts:
        return Check.from_error("credentials", ProofInvalid("credential_not_valid"))
    if "indeterminate" in verdicts:
        error = ProofInvalid("credential_undecided")
        return Check.from_error("credentials", error, Outcome.COULD_NOT_BE_CHECKED)
    return Check.passed("credentials")


def _subject_checks(presentation: Presentation, holder: str | None) -> Iterator[Check]:
    if holder is None or not presentation.credentials:
        return
    if all(credential.subject_id == holder for credential in presentation.credentials):
        yield Check.passed("holder_is_subject")
    else:
        yield Check.warning("holder_is_subject", "holder_not_subject")


def _with_not_reached(verification: Verification) -> Verification:
    done = {check.name for check in verification.checks}
    for name in NAMES:
        if name not in done:
            verification = verification.with_check(Check.not_reached(name))
    return verification
