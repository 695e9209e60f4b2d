"""Endorsements inside a credential, each verified for itself (Open Badges 3.0, EndorsementCredential verification).

What others say about a credential, its achievement or its issuer is shown beside it: a broken endorsement is shown as
unverified, and none ever changes the verdict or counts for anything.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from credentials.canonical import jcs
from credentials.checks import Check, Outcome, Part, Verification
from credentials.credential import Credential
from credentials.errors import CredentialError, ProofInvalid
from credentials.members import single, texts
from credentials.read import read

NAME: Final = "endorsements"
MAX_ENDORSEMENTS: Final = 20
TYPE: Final = "EndorsementCredential"
SUBJECT: Final = "EndorsementSubject"
_MEMBERS: Final = ("endorsement", "endorsementJwt")

Verify = Callable[[Credential], Verification]


@dataclass(frozen=True, slots=True)
class Endorsed:
    """An endorsement as it stands in a credential, and the ids of what it may be about at its place."""

    source: Any
    about: frozenset[str]


def endorsements(document: Mapping[str, Any]) -> tuple[Endorsed, ...]:
    """Every endorsement of the credential, of its achievement, and of the profiles of its issuer and creator.

    One of the credential may be about the credential, its subject, its achievement or its issuer; any other is about
    the thing that it stands in.
    """
    subject = _object(document.get("credentialSubject"))
    achieved, issuer = _object(subject.get("achievement")), _issuer(document)
    creator = _object(achieved.get("creator"))
    whole = _ids(document, subject, achieved, issuer)
    places = ((document, whole), (achieved, _ids(achieved)), (issuer, _ids(issuer)), (creator, _ids(creator)))
    return tuple(Endorsed(item, about) for place, about in places for item in _sources(place))


def endorsement_parts(document: Mapping[str, Any], verify: Verify) -> Iterator[Part]:
    """Each endorsement, read and verified by the function given; at most 20, further ones are not looked at."""
    for number, endorsed in enumerate(endorsements(document)):
        if number < MAX_ENDORSEMENTS:
            yield _part(endorsed, verify)


def endorsement_check(found: tuple[Part, ...], count: int) -> Check:
    """One line on all of them: passed where each was verified, else a warning."""
    verified = sum(part.verification.verdict == "valid" for part in found)
    if verified == count:
        return replace(Check.passed(NAME), message=f"Endorsements verified: {count}.")
    return Check.warning(NAME, "endorsement_unverified", count=count - verified)


def _part(endorsed: Endorsed, verify: Verify) -> Part:
    try:
        credential = _read(endorsed.source)
    except CredentialError as error:
        return Part("endorsement", None, Verification().with_check(Check.from_error("shape", error)))
    verification = verify(credential)
    if verification.verdict == "valid":
        verification = verification.with_check(_subject_check(credential, endorsed.about))
    return Part("endorsement", credential.id, replace(verification, claims=None))


def _read(source: Any) -> Credential:
    if not isinstance(source, str | dict):
        raise ProofInvalid("no_proof")
    return read(source.encode("utf-8", "surrogatepass") if isinstance(source, str) else jcs(source))


def _subject_check(credential: Credential, about: frozenset[str]) -> Check:
    try:
        subject = single(credential.document, "credentialSubject") or {}
        if TYPE not in credential.types or SUBJECT not in texts(subject, "type") or subject.get("id") not in about:
            raise ProofInvalid("endorsement_mismatch")
    except CredentialError as error:
        return Check.from_error("endorsed", error)
    return Check(0, "endorsed", Outcome.PASSED)


def _sources(place: Mapping[str, Any]) -> Iterator[Any]:
    for member in _MEMBERS:
        value = place.get(member)
        yield from value if isinstance(value, list) else [] if value is None else [value]


def _issuer(document: Mapping[str, Any]) -> Mapping[str, Any]:
    issuer = document.get("issuer")
    return {"id": issuer} if isinstance(issuer, str) else _object(issuer)


def _ids(*nodes: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(node["id"] for node in nodes if isinstance(node.get("id"), str))


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
