"""Base proofs of ecdsa-sd-2023 that the bank made: the learner's to keep, and shown to verifiers as a whole derivation.

A base proof holds the key to every part of a badge, so no verifier takes one (ADR 33), the bank's own counter neither.
The bank deposits what shows all that was signed, keeps the base for the learner, and derives anew where it looks again.
"""

from credentials.canonical import jcs
from credentials.data_integrity import derive
from credentials.data_integrity.disclosure_values import is_base
from credentials.strict_json import loads

_SUITE = b"ecdsa-sd-2023"


def shown_whole(issued: bytes) -> bytes:
    """What a verifier is shown of a badge that the bank signed: all of it, derived where it has a base proof.

    Raises CredentialError where a base proof is no longer what was signed.
    """
    if not issued.startswith(b"{") or _SUITE not in issued:
        return issued
    document = loads(issued)
    proof = document.get("proof") if isinstance(document, dict) else None
    proofs = proof if isinstance(proof, list) else [proof]
    if not any(isinstance(one, dict) and is_base(one.get("proofValue")) for one in proofs):
        return issued
    assert isinstance(document, dict)
    return jcs(derive(document, [""]))
