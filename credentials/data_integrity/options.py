"""The options of a proof: well formed, and for whom and for what it was made (Data Integrity 1.0, 2.1 and 4.4)."""

from collections.abc import Mapping
from typing import Any, Final

from credentials.data_integrity.times import proof_times
from credentials.errors import CredentialError, ProofInvalid
from credentials.iris import check_iri

PROOF_TYPE: Final = "DataIntegrityProof"


def check_options(options: Mapping[str, Any]) -> None:
    """Refuse options of a wrong type, whatever the cryptosuite. Raises ProofInvalid `malformed_proof`."""
    for member, default in (("verificationMethod", None), ("id", ""), ("challenge", ""), ("nonce", "")):
        if not isinstance(options.get(member, default), str):
            raise ProofInvalid("malformed_proof", member=member)
    _domains(options)
    try:
        check_iri(options["verificationMethod"], "/proof/verificationMethod")
        proof_times(options)
    except CredentialError as error:
        member = "verificationMethod" if "pointer" in error.facts else "created or expires"
        raise ProofInvalid("malformed_proof", member=member) from None


def check_audience(options: Mapping[str, Any], challenge: str | None, domain: str | list[str] | None) -> None:
    """The challenge and the domains that are expected, where there are any, are those of the proof (4.4).

    Several domains may stand in any order. Raises ProofInvalid `challenge_mismatch`, `domain_mismatch`.
    """
    if challenge is not None and options.get("challenge") != challenge:
        raise ProofInvalid("challenge_mismatch")
    expected = {domain} if isinstance(domain, str) else set(domain or ())
    if domain is not None and _domains(options) != expected:
        raise ProofInvalid("domain_mismatch")


def _domains(options: Mapping[str, Any]) -> set[str]:
    value = options.get("domain", [])
    named = [value] if isinstance(value, str) else value
    if not isinstance(named, list) or not all(isinstance(name, str) for name in named):
        raise ProofInvalid("malformed_proof", member="domain")
    return set(named)
