"""ecdsa-jcs-2019 (Data Integrity ECDSA Cryptosuites 1.0, 3.3): P-256 or P-384 over two canonical JSON documents."""

from typing import Final

from credentials.data_integrity.cryptosuite import HashingCryptosuite
from credentials.data_integrity.over_json import hash_data

SUITE: Final = HashingCryptosuite(
    "ecdsa-jcs-2019", frozenset({"ES256", "ES384"}), hash_data, context_in_proof=True, over_rdf=False
)
