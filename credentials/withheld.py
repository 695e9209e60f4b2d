"""What a holder may have withheld: under selective disclosure the absence of a member says nothing.

Nothing in a derived proof (ecdsa-sd-2023) tells how much was left out, so a badge that shows no end of validity and no
status may be one that is over or revoked. A badge is relied on for credit, hence it must show both; of another
credential their absence is only pointed out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from credentials import data_integrity
from credentials.checks import Check, Outcome
from credentials.credential import Credential
from credentials.data_integrity import Disclosed, disclosed
from credentials.errors import CredentialError, MalformedCredential, ProofInvalid
from credentials.jws import CompactJws
from credentials.open_badges import TYPES as BADGE_TYPES
from credentials.proof_check import Case, CheckedProof, Proof
from credentials.shape import Contents, contents

_RESTRICTING: Final = ("credentialStatus", "validUntil", "expirationDate")
_STATUS: Final = "<https://www.w3.org/2018/credentials#credentialStatus>"
_DESCRIBED: Final = "<https://purl.imsglobal.org/spec/vc/ob/vocab.html#resultDescription>"
_LISTS: Final = "/credentialSubject/achievement"
_NOT_SHOWN: Final = "The credential does not show its {member}; its holder may have held that back."
_CHOSEN: Final = "The issuer let the holder choose what to show of {member}, so part of it may be missing."


def is_selective(proof: Proof) -> bool:
    """Whether the proof lets its holder withhold members; what cannot be told has no proof that holds anyway."""
    try:
        return not isinstance(proof, CompactJws) and data_integrity.is_selective(proof)
    except CredentialError:
        return False


def disclosed_contents(credential: Credential) -> Contents:
    """The typed contents; those of no badge where a badge under selective disclosure lacks what every badge has.

    Without a subject they make no claims. Raises as `shape.contents`.
    """
    document = credential.document
    try:
        return contents(document)
    except MalformedCredential as error:
        selective = _is_partial(credential)
        if error.code != "malformed_credential" or not selective:
            raise
        plain = [name for name in credential.types if name not in BADGE_TYPES]
        return replace(contents({**document, "type": plain}, partial=True), types=credential.types)


def shown_badge_checks(credential: Credential, found: Contents) -> Iterator[Check]:
    """What credit would need of a badge under selective disclosure, and is not shown; none for any other credential.

    Its credits, as a warning, for nothing else rests on them; and of an SD-JWT what makes it a badge.
    """
    if BADGE_TYPES.isdisjoint(found.types) or not _is_partial(credential):
        return
    subject = credential.document.get("credentialSubject")
    if found.subject is None and credential.sd_jwt:
        yield Check.from_error("disclosure", _not_disclosed(credential.document), Outcome.COULD_NOT_BE_CHECKED)
    if isinstance(subject, dict) and "creditsEarned" not in subject:
        yield Check.warning("disclosure", "not_disclosed", member="creditsEarned")


def _is_partial(credential: Credential) -> bool:
    """Whether its holder could have withheld members: of an SD-JWT, has withheld some."""
    if credential.sd_jwt:
        return bool(credential.sd_jwt.withheld)
    return credential.jws is None and bool(credential.proofs) and all(map(is_selective, credential.proofs))


def _not_disclosed(document: Mapping[str, Any]) -> ProofInvalid:
    try:
        contents(document)
    except MalformedCredential as error:
        return ProofInvalid("not_disclosed", member=str(error.facts.get("member", "credentialSubject")))
    return ProofInvalid("not_disclosed", member="credentialSubject")


def shown_by(case: Case, relied_on: CheckedProof) -> Disclosed | None:
    """What a proof under selective disclosure shows, where it holds; None for any other proof."""
    proof, holds = relied_on.proof, relied_on.key is not None and relied_on.verification.verdict != "invalid"
    if not holds or isinstance(proof, CompactJws) or not is_selective(proof):
        return None
    return disclosed(case.credential.document, proof, case.material.contexts)


def chooses_results(case: Case, shown: Disclosed | None) -> bool:
    """Whether the holder may have left out some of the results that the achievement describes, with no trace of them.

    Of a derived proof it is so where the descriptions that are there are there by her choice.
    """
    if case.contents.subject is None:
        return False
    if shown is not None:
        listing = f"<{case.contents.subject.achievement.id}> {_DESCRIBED} "
        return any(line.startswith(listing) for line in shown.chosen)
    places = case.credential.sd_jwt.withheld if case.credential.sd_jwt else ()
    return any(place.endswith(_LISTS) or f"{_LISTS}/resultDescription" in place for place in places)


def disclosure_checks(case: Case, shown: Disclosed | None) -> Iterator[Check]:
    """What is not shown of a document under selective disclosure, and is needed; none for any other document.

    The status of a badge must also be mandatory: of entries that its holder may choose from, one may be missing.
    """
    if shown is None:
        return
    document, is_badge = case.credential.document, not BADGE_TYPES.isdisjoint(case.contents.types)
    outcome = Outcome.COULD_NOT_BE_CHECKED if is_badge else Outcome.WARNING
    for member in _not_shown(document):
        yield Check.from_error("disclosure", ProofInvalid("not_disclosed", _NOT_SHOWN, member=member), outcome)
    if is_badge and _has_chosen_status(document, shown):
        yield Check.from_error("disclosure", ProofInvalid("not_disclosed", _CHOSEN, member=_RESTRICTING[0]), outcome)


def _not_shown(document: Mapping[str, Any]) -> list[str]:
    missing = [_RESTRICTING[0]] if _RESTRICTING[0] not in document else []
    if not any(member in document for member in _RESTRICTING[1:]):
        missing.append(_RESTRICTING[1])
    try:
        contents(document)
    except MalformedCredential as error:
        missing.insert(0, str(error.facts.get("member", "credentialSubject")))
    return missing


def _has_chosen_status(document: Mapping[str, Any], shown: Disclosed) -> bool:
    """Whether a statement on the credential's status, or on an entry, is there by the holder's choice."""
    root = f"<{document.get('id')}>"
    parted = [line.split(" ", 2) for line in (*shown.mandatory, *shown.chosen)]
    entries = {rest.removesuffix(" .\n") for subject, name, rest in parted if (subject, name) == (root, _STATUS)}
    chosen = (line.split(" ", 2) for line in shown.chosen)
    return any(subject in entries or (subject, name) == (root, _STATUS) for subject, name, _ in chosen)
