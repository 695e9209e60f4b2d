"""The holder's proof on a presentation: its key, signature and times, whether Data Integrity or JWT."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from credentials import data_integrity, jwt_times
from credentials.errors import LimitExceeded, ProofInvalid
from credentials.jws import CompactJws, verify_compact
from credentials.members import items
from credentials.presentation_document import Presentation
from credentials.proof_check import MAX_PROOFS
from credentials.verification_material import IssuerKey, VerificationMaterial, base, jws_key, proof_key

HolderProof = Mapping[str, Any] | CompactJws


def proofs(presentation: Presentation) -> tuple[HolderProof, ...]:
    """The presentation's proofs: the JWT that it is, or those embedded.

    Raises ProofInvalid `no_proof`, `malformed_proof`, `proof_chain` (a holder's proofs do not build on one another);
    LimitExceeded `too_complex` for more than ten.
    """
    if presentation.jws:
        return (presentation.jws,)
    found = presentation.proofs
    if not found:
        raise ProofInvalid("no_proof")
    if len(found) != len(items(presentation.document, "proof")):
        raise ProofInvalid("malformed_proof", member="proof")
    if len(found) > MAX_PROOFS:
        raise LimitExceeded("too_complex", limit=MAX_PROOFS, unit="proofs")
    if any("previousProof" in proof for proof in found):
        raise ProofInvalid("proof_chain")
    return found


def holder_key(proof: HolderProof, holder: str | None, material: VerificationMaterial) -> IssuerKey:
    """The key that the proof names, for the holder named or else for whoever controls it.

    Raises as `proof_key` and `jws_key`; ProofInvalid `key_unavailable` where the holder's keys could not be had.
    """
    header = proof.header if isinstance(proof, CompactJws) else None
    method = header.get("kid") if header is not None else proof.get("verificationMethod")  # type: ignore[union-attr]
    owner = holder or (base(method) if isinstance(method, str) else "")
    try:
        return jws_key(material, owner, header) if header is not None else proof_key(material, owner, method)
    except ProofInvalid as error:
        if error.code == "unknown_key" and owner in material.unreachable:
            raise ProofInvalid("key_unavailable", "The holder's keys could not be had.") from None
        raise


def check_signature(
    document: Mapping[str, Any], proof: HolderProof, key: IssuerKey, material: VerificationMaterial
) -> None:
    """The signature holds, and was made for the purpose `authentication`; raises as `data_integrity.verify`."""
    if isinstance(proof, CompactJws):
        verify_compact(proof, key.key)
        return
    data_integrity.verify(document, proof, key.key, proof_purpose="authentication", contexts=material.contexts)


def check_time(proof: HolderProof, at: datetime) -> None:
    """Not made later than now, and not over; else ProofInvalid `proof_time`. The times of a JWT are the signature's."""
    if not isinstance(proof, CompactJws):
        data_integrity.check_times(proof, at)
        return
    jwt_times.check_times(proof, at)
    jwt_times.check_lifetime(proof, at)


def made(proof: HolderProof) -> datetime | None:
    """When the holder says that it signed."""
    return jwt_times.issued_at(proof) if isinstance(proof, CompactJws) else data_integrity.proof_times(proof)[0]


def occasion_claims(proof: HolderProof) -> tuple[object, object]:
    """The challenge that the proof answers, and whom it is for."""
    if isinstance(proof, CompactJws):
        return proof.payload.get("nonce"), proof.payload.get("aud")
    return proof.get("challenge"), proof.get("domain")
