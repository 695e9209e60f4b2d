"""Several proofs on one document: sets, in which each stands alone, and chains, in which one secures others."""

from collections.abc import Mapping
from typing import Any, Final

from credentials.errors import ProofInvalid

# Where the schema of the standard wants an array of proofs; a generic credential has one as an object.
_PROOFS_IN_ARRAY: Final = frozenset(
    {"OpenBadgeCredential", "AchievementCredential", "EndorsementCredential", "ClrCredential"}
)


def secured(document: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
    """The document as a proof secures it: without proofs, but for those that this one names as previous
    (Data Integrity 1.0, 4.2). Raises ProofInvalid `proof_chain` where one of them is missing.
    """
    alone = {name: value for name, value in document.items() if name != "proof"}
    if "previousProof" in options:
        alone["proof"] = _previous(document.get("proof", []), options["previousProof"])
    return alone


def beside(document: Mapping[str, Any], proof: dict[str, Any]) -> dict[str, Any] | list[Any]:
    """The document's `proof` with one more: an array where there are several or the standard's schema wants
    one.
    """
    present = document.get("proof", [])
    proofs = [*present, proof] if isinstance(present, list) else [present, proof]
    types = document.get("type", [])
    names = set(types) if isinstance(types, list) else {types}
    return proofs if len(proofs) > 1 or names & _PROOFS_IN_ARRAY else proof


def _previous(proofs: object, names: object) -> list[Any]:
    wanted = [names] if isinstance(names, str) else names
    if not isinstance(wanted, list) or not wanted or not all(isinstance(name, str) for name in wanted):
        raise ProofInvalid("proof_chain")
    candidates = proofs if isinstance(proofs, list) else [proofs]
    named = [proof for proof in candidates if isinstance(proof, dict) and isinstance(proof.get("id"), str)]
    by_id = {proof["id"]: proof for proof in named}
    if len(set(wanted)) != len(wanted) or not set(wanted) <= by_id.keys():
        raise ProofInvalid("proof_chain")
    return [by_id[name] for name in wanted]
