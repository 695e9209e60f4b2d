"""W3C Data Integrity proofs, one small file a cryptosuite."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from credentials.data_integrity import eddsa_jcs_2022, eddsa_rdfc_2022
from credentials.data_integrity.cryptosuite import Cryptosuite
from credentials.data_integrity.proofs import Prover
from credentials.data_integrity.times import check_times, proof_times

__all__ = ["SUITES", "Cryptosuite", "check_times", "proof_times", "sign", "verify"]

SUITES: Final[Mapping[str, Cryptosuite]] = MappingProxyType(
    {suite.name: suite for suite in (eddsa_rdfc_2022.SUITE, eddsa_jcs_2022.SUITE)}
)

_PROVER: Final = Prover(SUITES)

sign = _PROVER.sign
verify = _PROVER.verify
