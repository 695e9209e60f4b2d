"""ecdsa-rdfc-2019 (Data Integrity ECDSA Cryptosuites 1.0, 3.2): P-256 or P-384 over two RDFC-1.0 datasets."""

from typing import Final

from credentials.data_integrity.cryptosuite import HashingCryptosuite
from credentials.data_integrity.over_rdf import hash_data

SUITE: Final = HashingCryptosuite(
    "ecdsa-rdfc-2019", frozenset({"ES256", "ES384"}), hash_data, context_in_proof=False, over_rdf=True
)
