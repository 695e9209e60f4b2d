"""Refreshing a credential (`refreshService`): what is offered, and whether what came back may take its place.

Fetching is the caller's: after the proof was checked, once, and never of what was refreshed already (Open Badges 3.0,
verification, step 3). A refresh that fails leaves the old credential as it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from credentials.claims import SecuredClaims
from credentials.errors import ProofInvalid
from credentials.members import objects, required_text, texts
from credentials.revocation_list import origin

SERVICES: Final = ("1EdTechCredentialRefresh", "VerifiableCredentialRefreshService2021")


@dataclass(frozen=True, slots=True)
class RefreshOffer:
    """Where a newer version of a credential can be had, over https, and by which method."""

    type: str
    url: str


def refresh_offer(document: Mapping[str, Any]) -> RefreshOffer | None:
    """The first refresh service of a kind that is known, at an https address; None where there is none.

    Raises MalformedCredential where the member holds something else than objects with their ids.
    """
    for service in objects(document, "refreshService"):
        known = [name for name in texts(service, "type") if name in SERVICES]
        if known and origin(required_text(service, "id")):
            return RefreshOffer(known[0], required_text(service, "id"))
    return None


def check_refreshed(old: SecuredClaims, new: SecuredClaims) -> None:
    """The new credential may take the old one's place: of the same issuer, id and subject, and newer (P38).

    Both were verified before. Raises ProofInvalid `refresh_refused` with the member that differs.
    """
    for member in ("issuer_id", "credential_id", "subject_id"):
        if getattr(old, member) != getattr(new, member):
            raise ProofInvalid("refresh_refused", member=member)
    if new.valid_from < old.valid_from or (new.valid_from == old.valid_from and new.signed_at <= old.signed_at):
        raise ProofInvalid("refresh_refused", member="valid_from")
