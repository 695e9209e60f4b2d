"""W3C Data Integrity proofs, one small file a cryptosuite."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from credentials.data_integrity import (
    ecdsa_jcs_2019,
    ecdsa_rdfc_2019,
    ecdsa_sd_2023,
    ed25519_signature_2020,
    eddsa_jcs_2022,
    eddsa_rdfc_2022,
)
from credentials.data_integrity.cryptosuite import Cryptosuite
from credentials.data_integrity.ecdsa_sd_2023 import Disclosed, derive, disclosed, verify_base
from credentials.data_integrity.proofs import Prover
from credentials.data_integrity.times import check_times, proof_times

__all__ = [
    "SUITES",
    "Cryptosuite",
    "Disclosed",
    "check_times",
    "derive",
    "disclosed",
    "is_selective",
    "proof_times",
    "sign",
    "suite_of",
    "verify",
    "verify_base",
]

_MODERN: Final[tuple[Cryptosuite, ...]] = (
    eddsa_rdfc_2022.SUITE,
    eddsa_jcs_2022.SUITE,
    ecdsa_rdfc_2019.SUITE,
    ecdsa_jcs_2019.SUITE,
    ecdsa_sd_2023.SUITE,
)
SUITES: Final[Mapping[str, Cryptosuite]] = MappingProxyType({suite.name: suite for suite in _MODERN})
_VERIFIED_TYPES: Final = MappingProxyType({ed25519_signature_2020.SUITE.name: ed25519_signature_2020.SUITE})

_PROVER: Final = Prover(SUITES, _VERIFIED_TYPES)

sign = _PROVER.sign
verify = _PROVER.verify
suite_of = _PROVER.suite_of


def is_selective(proof: Mapping[str, Any]) -> bool:
    """Whether the proof lets its holder withhold members: what is absent from the document says nothing then."""
    return suite_of(proof) is ecdsa_sd_2023.SUITE
