"""The JSON Schemas that a credential names (`credentialSchema`; Verifiable Credentials JSON Schema, CR)."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any, Final

from credentials.canonical import jcs
from credentials.checks import Check
from credentials.credential import Credential
from credentials.errors import CredentialError, MalformedCredential
from credentials.members import Object, objects, required_text, single, text, texts
from credentials.proof_check import attempt
from credentials.read import read
from credentials.schema_evaluation import check_conforms
from credentials.secured import secured
from credentials.status_check import check_period
from credentials.verification_material import VerificationMaterial

NAME: Final = "schema"
JSON_SCHEMA: Final = "JsonSchema"
SCHEMA_CREDENTIAL: Final = "JsonSchemaCredential"
OPEN_BADGES_VALIDATOR: Final = "1EdTechJsonSchemaValidator2019"
SCHEMA_OF_SCHEMAS: Final = "https://www.w3.org/2022/credentials/v2/json-schema-credential-schema.json"
_OF_BADGES: Final = (
    "https://purl.imsglobal.org/spec/ob/v3p0/schema/",
    "https://purl.imsglobal.org/spec/clr/v2p0/schema/",
)


def schema_checks(credential: Credential, material: VerificationMaterial, at: datetime) -> Iterator[Check]:
    """A check for each schema that the credential names; one that passed where there is none.

    Failed: `schema_mismatch`, `schema_malformed`. Could not be checked: `schema_unavailable`, for a schema that is not
    at hand or of a kind that is not read. For 1EdTech's own schemas of badges and records `shape.contents` stands,
    unless the schema itself was supplied.
    """
    named = objects(credential.document, "credentialSchema")
    for entry in named:
        yield attempt(NAME, partial(_check_entry, entry, credential, material, at))
    if not named:
        yield Check.passed(NAME)


def check_schema(document: Mapping[str, Any], entry: Object, schema: Any) -> None:
    """The document fits the schema (or the credential that holds one) that is said to be the entry's.

    Whether such a credential is secured is not asked here. Raises MalformedCredential `schema_malformed`,
    `schema_mismatch`, `schema_unavailable`.
    """
    kinds, address = texts(entry, "type"), required_text(entry, "id")
    if SCHEMA_CREDENTIAL in kinds:
        check_conforms(document, _held(schema, address))
    elif JSON_SCHEMA in kinds:
        check_conforms(document, _named(schema, address))
    elif OPEN_BADGES_VALIDATOR in kinds:
        check_conforms(document, schema)
    else:
        raise MalformedCredential("schema_unavailable")


def _check_entry(entry: Object, credential: Credential, material: VerificationMaterial, at: datetime) -> None:
    address = required_text(entry, "id")
    schema = material.documents.get(address)
    if schema is None:
        if address.startswith(_OF_BADGES) and {OPEN_BADGES_VALIDATOR, JSON_SCHEMA} & set(texts(entry, "type")):
            return
        raise MalformedCredential("schema_unavailable")
    if SCHEMA_CREDENTIAL in texts(entry, "type"):
        schema = _secured_document(schema, material, at)
    check_schema(credential.document, entry, schema)


def _secured_document(found: Any, material: VerificationMaterial, at: datetime) -> Mapping[str, Any]:
    """The credential that holds the schema, once its own signature and dates hold; else `schema_unavailable`."""
    try:
        holder = read(found.encode() if isinstance(found, str) else jcs(found))
        verification, contents = secured(holder, replace(material, required_signers=frozenset()), at, None)
        if contents is None or verification.verdict != "valid":
            raise MalformedCredential("schema_unavailable")
        check_period(contents.contents, at)
    except CredentialError:
        raise MalformedCredential("schema_unavailable") from None
    return holder.document


def _held(holder: Any, address: str) -> Any:
    """The schema in a JsonSchemaCredential (2.2), which is the one named, of the kind that is known."""
    if not isinstance(holder, dict) or SCHEMA_CREDENTIAL not in texts(holder, "type") or holder.get("id") != address:
        raise MalformedCredential("schema_malformed")
    described = single(holder, "credentialSchema") or {}
    subject = single(holder, "credentialSubject") or {}
    if described.get("id") != SCHEMA_OF_SCHEMAS or described.get("type") != JSON_SCHEMA:
        raise MalformedCredential("schema_malformed")
    if JSON_SCHEMA not in texts(subject, "type"):
        raise MalformedCredential("schema_malformed")
    return _named(subject.get("jsonSchema"), text(subject, "id") or required_text(holder, "id"))


def _named(schema: Any, address: str) -> Any:
    """The schema, if its `$id` (3.1.1) is the address that it goes by."""
    if not isinstance(schema, dict) or schema.get("$id") != address:
        raise MalformedCredential("schema_malformed")
    return schema
