"""The W3C's vectors for Data Integrity proofs, and the contexts that they name and the bank never allows."""

import json
from pathlib import Path
from typing import Any

import pytest

from credentials import multibase
from credentials.contexts import PINNED, ContextSet
from credentials.keys import Algorithm, PrivateKey, PublicKey

VECTORS = Path(__file__).resolve().parents[3] / "shared" / "vectors" / "data-integrity"
needs_vectors = pytest.mark.skipif(
    not VECTORS.is_dir(), reason="the vectors are not beside the project (../shared/vectors/data-integrity)"
)
EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"
CITIZENSHIP = "https://w3id.org/citizenship/v4rc1"
_SCHEMA, _CITIZEN = "https://schema.org/", "https://w3id.org/citizenship#"
_DATE = "http://www.w3.org/2001/XMLSchema#dateTime"
_TERMS = {
    **{
        name: _SCHEMA + name for name in ("additionalName", "familyName", "gender", "givenName", "identifier", "Person")
    },
    **{
        name: _CITIZEN + name
        for name in (
            "birthCountry",
            "commuterClassification",
            "employmentAuthorizationDocument",
            "EmployablePerson",
            "EmploymentAuthorizationDocument",
            "EmploymentAuthorizationDocumentCredential",
            "lprCategory",
            "lprNumber",
            "PermanentResident",
            "PermanentResidentCard",
            "permanentResidentCard",
            "PermanentResidentCardCredential",
        )
    },
    "birthDate": {"@id": _SCHEMA + "birthDate", "@type": _DATE},
    "residentSince": {"@id": _CITIZEN + "residentSince", "@type": _DATE},
    "image": {"@id": _SCHEMA + "image", "@type": "@id"},
}
# Only the terms that the vectors use, with the meanings that their canonical texts show.
WITH_EXAMPLES = ContextSet(
    {
        **PINNED.documents,
        EXAMPLES: {"@context": {"@vocab": "https://www.w3.org/ns/credentials/examples#"}},
        CITIZENSHIP: {"@context": _TERMS},
    },
    {**PINNED.families, EXAMPLES: "examples", CITIZENSHIP: "citizenship"},
)


def text(name: str) -> str:
    return (VECTORS / name).read_text(encoding="utf-8")


def read(name: str) -> Any:
    return json.loads(text(name))


def key_of(proof: dict[str, Any]) -> PublicKey:
    return PublicKey.from_multibase(proof["verificationMethod"].partition("#")[2])


def secret_key(algorithm: Algorithm, secret: str) -> PrivateKey:
    """A Multikey's secret: two bytes of multicodec, then the key."""
    return PrivateKey.from_bytes(algorithm, multibase.decode(secret)[2:])
