"""Who vouches for an issuer: a signature that holds says only that nobody changed the text, not who may award what.

Pure, and without the database: the bank asks it with what is registered, an offline verifier with a trust bundle.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from credentials.checks import Check, Outcome, Part, Verification
from credentials.claims import SecuredClaims
from creditbank.claim import IssuerFacts, accredited
from issuers.issuer import Accreditation

NAME = "accreditation"
Registry = Callable[[SecuredClaims], IssuerFacts | None]


def accreditation_check(claims: SecuredClaims, issuer: IssuerFacts | None) -> Check:
    """Was the issuer accredited for this when it was earned, whether or not credits are disclosed?

    A valid signature by nobody in particular is the commonest forgery: it is never shown as valid (I22).
    """
    answer = accredited(claims, issuer) if issuer else None
    if isinstance(answer, Accreditation):
        return Check.passed(NAME, "The issuer was accredited for this when it was earned.")
    return untrusted(answer.code if answer else None)


def untrusted(why: str | None = None) -> Check:
    """The check that nothing at hand vouches for the issuer; `why` is the registry's own reason."""
    message = "The signature holds, but this bank knows of no accreditation of the issuer for this."
    facts = {"reason": why} if why else {}
    return Check(0, NAME, Outcome.COULD_NOT_BE_CHECKED, "untrusted_issuer", message, facts)


def vouched(verification: Verification, registry: Registry, *, accredited: bool = False) -> Verification:
    """The verification, and those of what is inside it, each with the accreditation of its own issuer.

    `accredited` says that the outermost was asked already. What makes no claims that could be accredited is never more
    than undecided, nor is a record with something undecided in it.
    """
    parts = tuple(_vouched_part(part, registry) for part in verification.parts)
    verification = replace(verification, parts=parts)
    claims = verification.claims
    if not accredited and (claims or verification.verdict == "valid"):
        asked = accreditation_check(claims, registry(claims)) if claims else untrusted()
        verification = verification.with_check(asked)
    if verification.verdict == "valid" and any(_is_open(part) for part in parts):
        message = "Something inside was issued by somebody for whom nothing vouches."
        inside = Check(0, "inner_credentials", Outcome.COULD_NOT_BE_CHECKED, "credential_undecided", message)
        verification = verification.with_check(inside)
    return verification


def registered_names(verification: Verification, registry: Registry) -> Mapping[str, Mapping[str, str]]:
    """The registered names of all whose signatures hold, those inside included, by the id that they go by."""
    named = {claims.issuer_id: claims for claims in _all_claims(verification)}
    found = {issuer_id: registry(claims) for issuer_id, claims in named.items()}
    return {issuer_id: issuer.name for issuer_id, issuer in found.items() if issuer}


def _all_claims(verification: Verification) -> Iterator[SecuredClaims]:
    if verification.claims:
        yield verification.claims
    for part in verification.parts:
        yield from _all_claims(part.verification)


def _vouched_part(part: Part, registry: Registry) -> Part:
    return replace(part, verification=vouched(part.verification, registry))


def _is_open(part: Part) -> bool:
    return part.kind == "credential" and part.verification.verdict == "indeterminate"
