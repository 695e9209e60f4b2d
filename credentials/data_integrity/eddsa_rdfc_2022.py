"""eddsa-rdfc-2022 (Data Integrity EdDSA Cryptosuites 1.0, 3.2): Ed25519 over two RDFC-1.0 datasets."""

from typing import Final

from credentials.data_integrity.cryptosuite import HashingCryptosuite
from credentials.data_integrity.over_rdf import hash_data as hash_data

SUITE: Final = HashingCryptosuite(
    "eddsa-rdfc-2022", frozenset({"EdDSA"}), hash_data, context_in_proof=False, over_rdf=True
)
