"""The JSON Schemas that a credential names: success, failure, indeterminate, and never more work than is allowed."""

import copy
import json
import time
from typing import Any

import pytest

from credentials.canonical import jcs
from credentials.checks import Verification
from credentials.errors import CredentialError
from credentials.read import read
from credentials.schema_check import SCHEMA_OF_SCHEMAS, check_schema
from credentials.schema_evaluation import check_conforms
from credentials.verify import verify
from tests.credential_samples import NOW, OTHER, SCHOOL, School, changed, material

URL = "https://college.example/schemas/welding.json"
HOLDER = "https://college.example/schemas/credentials/1"
DRAFTS = {
    "2020-12": "https://json-schema.org/draft/2020-12/schema",
    "2019-09": "https://json-schema.org/draft/2019-09/schema",
    "draft-07": "http://json-schema.org/draft-07/schema#",
    "draft-07 over https": "https://json-schema.org/draft-07/schema",
}
NEEDS: dict[str, Any] = {
    "type": "object",
    "properties": {"credentialSubject": {"required": ["creditsEarned"], "type": "object"}},
    "required": ["credentialSubject"],
}


def schema(draft: str = "2020-12", address: str = URL, **members: Any) -> dict[str, Any]:
    return changed({"$schema": DRAFTS[draft], "$id": address, **NEEDS}, **members)


def holder(school: School = SCHOOL, **members: Any) -> dict[str, Any]:
    """A JsonSchemaCredential (2.2), as its issuer wrote it."""
    return changed(
        {
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "id": HOLDER,
            "type": ["VerifiableCredential", "JsonSchemaCredential"],
            "issuer": school.id,
            "validFrom": "2026-01-01T00:00:00Z",
            "credentialSchema": {"id": SCHEMA_OF_SCHEMAS, "type": "JsonSchema"},
            "credentialSubject": {"id": URL, "type": "JsonSchema", "jsonSchema": schema()},
        },
        **members,
    )


def secured(document: dict[str, Any], school: School = SCHOOL) -> dict[str, Any]:
    return {**document, "proof": school.bare_proof(document)}


def answer(entry: Any, documents: dict[str, Any], **members: Any) -> Verification:
    document = {**SCHOOL.badge(), "credentialSchema": entry, **members}
    data = json.dumps(secured(document)).encode()
    return verify(read(data), material(SCHOOL, documents=documents), NOW)


BY_SCHEMA = {"id": URL, "type": "JsonSchema"}
BY_HOLDER = {"id": HOLDER, "type": "JsonSchemaCredential"}
BY_1EDTECH = {"id": URL, "type": "1EdTechJsonSchemaValidator2019"}


@pytest.mark.parametrize("draft", DRAFTS)
@pytest.mark.parametrize("entry", [BY_SCHEMA, BY_1EDTECH, [BY_SCHEMA]])
def test_a_schema_that_is_at_hand_decides(draft: str, entry: Any) -> None:
    assert answer(entry, {URL: schema(draft)}).verdict == "valid"
    mismatch = answer(entry, {URL: schema(draft, required=["evidence"])})
    assert (mismatch.verdict, mismatch.code) == ("invalid", "schema_mismatch")
    assert mismatch.check("schema").facts == {"keyword": "required"}
    missing = answer(entry, {})
    assert (missing.verdict, missing.code) == ("indeterminate", "schema_unavailable")


@pytest.mark.parametrize(
    ("found", "verdict", "code"),
    [
        (schema(**{"$id": None}), "invalid", "schema_malformed"),
        (schema(**{"$id": "https://college.example/schemas/other.json"}), "invalid", "schema_malformed"),
        (schema(**{"$id": "welding.json"}), "invalid", "schema_malformed"),
        (schema(**{"$schema": None}), "invalid", "schema_malformed"),
        (schema(**{"$schema": "https://json-schema.org/draft/unknown/schema"}), "indeterminate", "schema_unavailable"),
        (schema(type="objekt"), "invalid", "schema_malformed"),
        (schema(properties=[]), "invalid", "schema_malformed"),
        ([], "invalid", "schema_malformed"),
        ("{}", "invalid", "schema_malformed"),
        (True, "invalid", "schema_malformed"),
    ],
)
def test_a_schema_says_what_it_is_and_where(found: Any, verdict: str, code: str) -> None:
    """Verifiable Credentials JSON Schema, 3.1.1, 3.1.2 and 4."""
    result = answer(BY_SCHEMA, {URL: found})
    assert (result.verdict, result.code) == (verdict, code)


def test_every_schema_counts() -> None:
    other = "https://college.example/schemas/other.json"
    entries = [BY_SCHEMA, {"id": other, "type": "JsonSchema"}]
    second = schema(address=other, required=["evidence"])
    assert answer(entries, {URL: schema(), other: schema(address=other)}).verdict == "valid"
    assert answer(entries, {URL: schema(), other: second}).code == "schema_mismatch"
    assert answer(entries, {other: second}).code == "schema_mismatch"
    assert answer(entries, {URL: schema()}).code == "schema_unavailable"


@pytest.mark.parametrize("kind", ["JsonSchemaValidator2020", "ShapeExpressionSchema2017", "Json Schema"])
def test_a_schema_of_a_kind_that_is_not_read_leaves_the_verdict_open(kind: str) -> None:
    result = answer({"id": URL, "type": kind}, {URL: schema()})
    assert (result.verdict, result.code) == ("indeterminate", "schema_unavailable")


@pytest.mark.parametrize("name", ["achievementcredential", "endorsementcredential"])
def test_for_the_schemas_of_open_badges_our_own_reading_stands(name: str) -> None:
    address = f"https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_{name}_schema.json"
    assert answer({"id": address, "type": "1EdTechJsonSchemaValidator2019"}, {}).verdict == "valid"
    assert answer({"id": address, "type": "Unheard"}, {}).code == "schema_unavailable"
    strict = {"$schema": DRAFTS["2019-09"], "required": ["evidence"]}
    entry = {"id": address, "type": "1EdTechJsonSchemaValidator2019"}
    assert answer(entry, {address: strict}).code == "schema_mismatch"


def test_a_schema_in_a_credential_counts_once_that_credential_holds() -> None:
    assert answer(BY_HOLDER, {HOLDER: secured(holder())}).verdict == "valid"
    strict = {"id": URL, "type": "JsonSchema", "jsonSchema": schema(required=["evidence"])}
    assert answer(BY_HOLDER, {HOLDER: secured(holder(credentialSubject=strict))}).code == "schema_mismatch"
    assert answer(BY_HOLDER, {HOLDER: SCHOOL.sign(holder(), "eddsa-jcs-2022").decode()}).verdict == "valid"


@pytest.mark.parametrize(
    "found",
    [
        holder(),
        {**secured(holder()), "validUntil": "2030-01-01T00:00:00Z"},
        secured(holder(OTHER), OTHER),
        secured(holder(validUntil="2026-05-01T00:00:00Z")),
        "no token",
        5,
    ],
    ids=["unsigned", "altered", "by a stranger", "expired", "text", "number"],
)
def test_a_schema_in_a_credential_that_does_not_hold_is_not_at_hand(found: Any) -> None:
    result = answer(BY_HOLDER, {HOLDER: found})
    assert (result.verdict, result.code) == ("indeterminate", "schema_unavailable")


@pytest.mark.parametrize(
    "members",
    [
        {"id": "https://college.example/schemas/credentials/2"},
        {"type": ["VerifiableCredential"]},
        {"credentialSchema": {"id": "https://college.example/other", "type": "JsonSchema"}},
        {"credentialSchema": {"id": SCHEMA_OF_SCHEMAS, "type": "JsonSchemaCredential"}},
        {"credentialSchema": None},
        {"credentialSubject": {"id": URL, "type": "NotJsonSchema", "jsonSchema": schema()}},
        {"credentialSubject": {"id": URL, "jsonSchema": schema()}},
        {"credentialSubject": {"id": URL, "type": "JsonSchema"}},
        {"credentialSubject": {"id": URL, "type": "JsonSchema", "jsonSchema": schema(**{"$id": "bad"})}},
        {"credentialSubject": {"id": URL, "type": "JsonSchema", "jsonSchema": schema(**{"$schema": None})}},
        {"credentialSubject": {"id": URL, "type": "JsonSchema", "jsonSchema": json.dumps(schema())}},
    ],
)
def test_a_credential_that_holds_a_schema_has_a_shape_of_its_own(members: dict[str, Any]) -> None:
    result = answer(BY_HOLDER, {HOLDER: secured(holder(**members))})
    assert (result.verdict, result.code) == ("invalid", "schema_malformed")


def refusal(found: dict[str, Any], instance: dict[str, Any]) -> str:
    with pytest.raises(CredentialError) as refused:
        check_conforms(instance, found)
    return refused.value.code


def doubling(depth: int, key: str = "allOf") -> dict[str, Any]:
    """Each part applies the next one twice: 2^depth applications."""
    parts = {f"p{n}": {key: [{"$ref": f"#/$defs/p{n + 1}"}] * 2} for n in range(depth)}
    return schema(**{"$ref": "#/$defs/p0", "$defs": {**parts, f"p{depth}": {"type": "object"}}})


DEEP: dict[str, Any] = {}
for _ in range(30):
    DEEP = {"a": copy.deepcopy(DEEP), "b": 1}


@pytest.mark.parametrize(
    "found",
    [
        doubling(60),
        doubling(60, "anyOf"),
        schema(**{"$ref": "#"}),
        schema(allOf=[{"$ref": "#"}, {"$ref": "#"}]),
        schema(**{"$defs": {"x": {"allOf": [{"properties": {"a": {"$ref": "#/$defs/x"}}}] * 2}}, "$ref": "#/$defs/x"}),
        schema(additionalProperties={"$ref": "#"}, properties={"a": {"oneOf": [{"$ref": "#"}] * 4}}),
        schema(**{"$ref": "https://evil.example/schema.json"}),
        schema(**{"$ref": "file:///etc/passwd"}),
        schema(**{"$ref": "http://169.254.169.254/latest"}),
        schema(properties={"a": {"$ref": "other.json"}}),
        schema(properties={"a": {"$id": "https://evil.example/", "$ref": "#/x"}}),
        schema(**{"$ref": "#/$defs/missing"}),
        schema(**{"$ref": "#anchor"}),
        schema(**{"$dynamicRef": "#meta"}),
        schema(properties={"a": {"pattern": "(?=a)b"}}),
        schema(properties={"a": {"pattern": "(a)\\1"}}),
        schema(properties={"a": {"pattern": "((a{1000}){1000}){1000}"}}),
        schema(properties={f"m{n}": {"pattern": f"a{{{n}}}"} for n in range(201)}),
    ],
)
def test_a_schema_that_asks_for_too_much_is_not_followed(found: dict[str, Any]) -> None:
    """P37: nothing is fetched, nothing backtracks, nothing multiplies."""
    started = time.process_time()
    assert refusal(found, DEEP) == "schema_unavailable"
    assert time.process_time() - started < 1


def test_a_pattern_runs_in_linear_time() -> None:
    found = schema(properties={"a": {"pattern": "^(a+)+$"}}, required=["a"])
    started = time.process_time()
    assert refusal(found, {"a": "a" * 100_000 + "!"}) == "schema_mismatch"
    assert time.process_time() - started < 1


def test_a_recursive_schema_of_honest_size_is_followed() -> None:
    tree = {"type": "object", "properties": {"a": {"$ref": "#/$defs/tree"}, "b": {"type": "integer"}}}
    found = schema(**{"$defs": {"tree": tree}, "$ref": "#/$defs/tree", "properties": None, "required": None})
    check_conforms(DEEP, found)
    assert refusal(found, {"a": {"a": {"b": "text"}}}) == "schema_mismatch"


def test_the_pure_decision_asks_for_no_proof() -> None:
    """For callers that have secured the schema in another way; the kinds are named as in the specification."""
    badge = json.loads(jcs(SCHOOL.badge()))
    check_schema(badge, BY_SCHEMA, schema())
    check_schema(badge, BY_HOLDER, holder())
    with pytest.raises(CredentialError):
        check_schema(badge, BY_HOLDER, schema())
