"""Presentations among the files: what a holder signed for an occasion, with credentials inside."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from credentials import presentation
from credentials.checks import Check, Outcome, Verification
from credentials.credential import Credential
from credentials.errors import CredentialError
from credentials.presentation import Presentation
from credentials.verification_material import VerificationMaterial, base


@dataclass(frozen=True, slots=True)
class Occasion:
    """What the holder was asked: a challenge to answer and whom to make it for. None: nobody asked, or nobody knows."""

    challenge: str | None = None
    domain: str | None = None


NOT_ASKED = Occasion()


def presented(data: bytes) -> Presentation | None:
    """The presentation in the data; None where there is none. An SD-JWT shown by itself is a credential."""
    try:
        found = presentation.read(data)
    except CredentialError:
        return None
    return None if found.bare is not None else found


def holders(found: Presentation) -> tuple[str, ...]:
    """Whose keys to have at hand: the holder named, and whoever's keys the proofs name."""
    named = dict.fromkeys(base(method) for method in found.verification_methods)
    return (*named, *([found.holder_id] if found.holder_id and found.holder_id not in named else []))


def verify_presented(
    found: Presentation,
    material: VerificationMaterial,
    at: datetime,
    occasion: Occasion,
    examine: Callable[[Credential], Verification],
) -> Verification:
    """Every check of a presentation, and of the credentials inside as `examine` answers. Without any it is not valid.

    Where no challenge was asked a warning says that it may have been shown to others before.
    """
    verification = presentation.verify(
        found,
        material,
        at,
        challenge=occasion.challenge,
        domain=occasion.domain,
        challenge_waived=occasion.challenge is None,
        examine=examine,
    )
    if verification.verdict == "valid" and not verification.parts:
        message = "The presentation holds no credential."
        verification = verification.with_check(Check(0, "credentials", Outcome.FAILED, "no_credential", message))
    return verification
