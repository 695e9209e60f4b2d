"""eddsa-jcs-2022 (Data Integrity EdDSA Cryptosuites 1.0, 3.3): Ed25519 over two canonical JSON documents."""

from typing import Final

from credentials.data_integrity.cryptosuite import HashingCryptosuite
from credentials.data_integrity.over_json import hash_data as hash_data

SUITE: Final = HashingCryptosuite(
    "eddsa-jcs-2022", frozenset({"EdDSA"}), hash_data, context_in_proof=True, over_rdf=False
)
