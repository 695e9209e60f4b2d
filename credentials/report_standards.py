"""Which standard each check is made by, for the technical details of a report."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_DATA_MODEL: Final = "W3C Verifiable Credentials Data Model 2.0"
_DATA_INTEGRITY: Final = "W3C Verifiable Credential Data Integrity 1.0"
_JOSE: Final = "RFC 7515 (JWS)"
_BADGES: Final = "1EdTech Open Badges 3.0"
_OWN: Final = "creditbank"

STANDARDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "form": "RFC 8259 (JSON); RFC 7515 (JWS); 1EdTech Open Badges 3.0, baking",
        "shape": f"{_DATA_MODEL}, section 4; {_BADGES}, appendix B",
        "contexts": f"{_DATA_MODEL}, section 4.3; JSON-LD 1.1",
        "identifiers": f"{_DATA_MODEL}, section 4.4; RFC 3987 (IRI)",
        "proof": f"{_DATA_MODEL}, section 4.12",
        "key": "W3C Controlled Identifiers 1.0; W3C Decentralized Identifiers 1.0",
        "signature": f"{_DATA_INTEGRITY}, section 4.4; {_JOSE}, section 5.2",
        "coverage": f"{_DATA_INTEGRITY}; RDF Dataset Canonicalization 1.0",
        "proof_time": f"{_DATA_INTEGRITY}, section 2.1; RFC 7519 (JWT), section 4.1",
        "key_validity": "W3C Controlled Identifiers 1.0, section 2.2",
        "issuer_binding": f"{_DATA_MODEL}, section 4.7; W3C Controlled Identifiers 1.0, section 3.3",
        "required_signers": f"{_DATA_INTEGRITY}, section 2.1.1",
        "validity_period": f"{_DATA_MODEL}, section 4.9",
        "status": f"{_DATA_MODEL}, section 4.10; W3C Bitstring Status List 1.0",
        "status_privacy": "W3C Bitstring Status List 1.0, privacy considerations",
        "schema": f"{_DATA_MODEL}, section 4.11",
        "recipient": "1EdTech Open Badges 2.0, IdentityObject",
        "key_binding": "RFC 9901 (SD-JWT), section 4.3",
        "holder_binding": "W3C Verifiable Credentials Data Model 2.0, section 4.13 (presentations)",
        "challenge": "W3C Data Integrity 1.0, section 2.1 (challenge); RFC 9901, section 7.3 (nonce)",
        "domain": "W3C Data Integrity 1.0, section 2.1 (domain); RFC 7519, section 4.1.3 (aud)",
        "replay": "W3C Data Integrity 1.0, section 2.1 (challenge)",
        "credentials": "W3C Verifiable Credentials Data Model 2.0, section 4.13 (presentations)",
        "holder_is_subject": "W3C Verifiable Credentials Data Model 2.0, section 4.13 (presentations)",
        "disclosure": "RFC 9901 (SD-JWT); W3C Data Integrity ECDSA Cryptosuites 1.0, ecdsa-sd-2023",
        "text": "Unicode Technical Report 36",
        "endorsements": f"{_BADGES}, EndorsementCredential",
        "endorsed": f"{_BADGES}, EndorsementSubject",
        "related_resources": f"{_DATA_MODEL}, section 5.3 (integrity of related resources)",
        "inner_credentials": "1EdTech Comprehensive Learner Record 2.0, verification",
        "inner_subjects": "1EdTech Comprehensive Learner Record 2.0, ClrSubject",
    }
)


def standard_of(name: str) -> str:
    """The standard behind a check, by the check's name; the credit bank's own rules where there is none."""
    return STANDARDS.get("signature" if name.startswith("proof_") and name[6:].isdecimal() else name, _OWN)
