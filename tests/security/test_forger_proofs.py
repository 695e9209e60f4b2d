"""A forger with embedded proofs: old proof types, chains and sets, did:jwk, and JSON that RDF reads otherwise."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from credentials import data_integrity, multibase
from credentials.canonical import jcs
from credentials.contexts import CREDENTIALS_V1, PINNED
from credentials.data_integrity import ed25519_signature_2020
from credentials.errors import CredentialError
from credentials.keys import PrivateKey
from credentials.multibase import base64url_encode
from tests.credential_samples import DAY, NOW, OTHER, SCHOOL, changed, check, material, with_achievement, with_subject

Document = dict[str, Any]
BADGE = SCHOOL.badge()
KNOWN = material(SCHOOL, OTHER)


def told(document: Mapping[str, Any], known: Any = KNOWN) -> tuple[str, str | None, bool]:
    answer = check(json.dumps(document).encode(), known)
    return answer.verdict, answer.code, answer.claims is None


def old(document: Document = BADGE, **options: Any) -> Document:
    """With an Ed25519Signature2020, its signature right over whatever the options say."""
    made = {
        "type": "Ed25519Signature2020",
        "created": (NOW - DAY).isoformat().replace("+00:00", "Z"),
        "verificationMethod": SCHOOL.method,
        "proofPurpose": "assertionMethod",
    } | options
    kept = {name: value for name, value in made.items() if value is not None}
    hash_data = ed25519_signature_2020.hash_data(document, kept, "EdDSA", PINNED)
    return {**document, "proof": [{**kept, "proofValue": multibase.encode(SCHOOL.key.sign(hash_data))}]}


def with_proof(document: Document, **members: Any) -> Document:
    return {**document, "proof": [changed(document["proof"][0], **members)]}


OLD = old()
MALFORMED, BAD, UNKNOWN = "malformed_proof", "bad_signature", "unsupported_cryptosuite"
OF_OLD_TYPES: dict[str, tuple[Document, str]] = {
    "with another time": (with_proof(OLD, created="2026-01-01T00:00:00Z"), BAD),
    "without a time": (with_proof(OLD, created=None), BAD),
    "with an end": (with_proof(OLD, expires="2030-01-01T00:00:00Z"), BAD),
    "that is over": (old(expires="2026-05-31T13:00:00Z"), "proof_time"),
    "made in the future": (old(created="2027-01-01T00:00:00Z"), "proof_time"),
    "for another purpose": (old(proofPurpose="authentication"), "proof_purpose_mismatch"),
    "of no purpose": (with_proof(OLD, proofPurpose=None), "proof_purpose_mismatch"),
    "by another school": (with_proof(OLD, verificationMethod=OTHER.method), BAD),
    "called a cryptosuite": (with_proof(OLD, type="DataIntegrityProof", cryptosuite="eddsa-rdfc-2022"), BAD),
    "called Ed25519Signature2018": (with_proof(OLD, type="Ed25519Signature2018"), UNKNOWN),
    "called JsonWebSignature2020": (with_proof(OLD, type="JsonWebSignature2020"), UNKNOWN),
    "called by its address": (with_proof(OLD, type="https://w3id.org/security#Ed25519Signature2020"), UNKNOWN),
    "called by two types": (with_proof(OLD, type=["Ed25519Signature2020"]), UNKNOWN),
    "with a cryptosuite beside": (with_proof(OLD, cryptosuite="eddsa-rdfc-2022"), "data_loss_detected"),
    "with an unknown member": (with_proof(OLD, admin=True), "data_loss_detected"),
    "with a JWS instead of its value": (with_proof(OLD, proofValue=None, jws="eyJ..AA"), MALFORMED),
    "in base64url": (with_proof(OLD, proofValue="u" + base64url_encode(bytes(64))), MALFORMED),
    "with a value that is no text": (with_proof(OLD, proofValue=[OLD["proof"][0]["proofValue"]]), MALFORMED),
    "over another badge": ({**OLD, "name": "With honours"}, BAD),
    "the value of a modern proof": (
        with_proof(OLD, proofValue=SCHOOL.prove(BADGE, "eddsa-rdfc-2022")["proof"][0]["proofValue"]), BAD),
}  # fmt: skip


@pytest.mark.parametrize(("document", "code"), OF_OLD_TYPES.values(), ids=OF_OLD_TYPES.keys())
def test_a_proof_of_an_old_type_that_does_not_hold(document: Document, code: str) -> None:
    assert told(document) == ("invalid", code, True)


def test_an_honest_one_holds() -> None:
    assert told(OLD) == ("valid", None, False)


def link(
    document: Document, name: str, after: Any = None, school: Any = SCHOOL, how: str = "eddsa-jcs-2022"
) -> Document:
    return data_integrity.sign(
        document, school.key, cryptosuite=how, verification_method=school.method, created=NOW - DAY,
        proof_id=f"urn:p:{name}", previous_proof=after,
    )  # fmt: skip


ONE = link(BADGE, "1", school=OTHER)
CHAIN = link(ONE, "2", "urn:p:1")
FIRST, SECOND = CHAIN["proof"]
BROKEN = {**FIRST, "created": "2026-01-01T00:00:00Z"}
LOOP = {**SECOND, "previousProof": "urn:p:2"}
CHAINS: dict[str, tuple[list[Any], str]] = {
    "the one before is gone": ([SECOND], "proof_chain"),
    "the one before is another": ([{**FIRST, "id": "urn:p:3"}, SECOND], "proof_chain"),
    "the one before is broken": ([BROKEN, SECOND], BAD),
    "the one before has lost its value": ([changed(FIRST, proofValue=None), SECOND], BAD),
    "after itself": ([FIRST, LOOP], "proof_chain"),
    "after the same one twice": ([FIRST, {**SECOND, "previousProof": ["urn:p:1", "urn:p:1"]}], "proof_chain"),
    "after none in a list": ([FIRST, {**SECOND, "previousProof": []}], "proof_chain"),
    "after a number": ([FIRST, {**SECOND, "previousProof": 1}], "malformed_credential"),
    "after null": ([FIRST, {**SECOND, "previousProof": None}], "malformed_credential"),
    "after each other": ([{**FIRST, "previousProof": "urn:p:2"}, SECOND], "proof_chain"),
    "no longer after the first": ([FIRST, changed(SECOND, previousProof=None)], BAD),
    "by another name": ([FIRST, {**SECOND, "id": "urn:p:9"}], BAD),
    "the first alone": ([FIRST], "controller_mismatch"),
    "none": ([], "no_proof"),
    "null": ([None], "no_proof"),
    "a proof in a list in a list": ([[FIRST, SECOND]], "no_proof"),
    "a text beside": ([*CHAIN["proof"], "signed"], MALFORMED),
    "more than ten": ([FIRST] * 10 + [SECOND], "too_complex"),
}  # fmt: skip


@pytest.mark.parametrize(("proofs", "code"), CHAINS.values(), ids=CHAINS.keys())
def test_a_chain_that_does_not_hold(proofs: list[Any], code: str) -> None:
    assert told({**BADGE, "proof": proofs}) == ("invalid", code, True)


def test_a_chain_holds_in_any_order_and_not_with_a_first_by_a_stranger() -> None:
    assert told(CHAIN) == ("valid", None, False)
    assert told({**BADGE, "proof": [SECOND, FIRST]}) == ("valid", None, False)
    assert told(CHAIN, material(SCHOOL))[1] in ("proof_chain", "key_unavailable")


def did_jwk(jwk: Mapping[str, Any] | bytes, tail: str = "") -> str:
    return "did:jwk:" + base64url_encode(jwk if isinstance(jwk, bytes) else jcs(dict(jwk))) + tail


OWN = PrivateKey.from_bytes("EdDSA", bytes([44]) * 32)
JWK = OWN.public_key.jwk()
OTHERS = PrivateKey.from_bytes("EdDSA", bytes([45]) * 32).public_key.jwk()


def by_did(did: str, method: str) -> Document:
    document = {**BADGE, "issuer": did}
    made: Document = {"cryptosuite": "eddsa-jcs-2022", "verification_method": method, "created": NOW - DAY}
    return data_integrity.sign(document, OWN, **made)


DIDS: dict[str, tuple[str, str, str]] = {
    "another method": (did_jwk(JWK), "#1", "malformed_key"),
    "a private key": (did_jwk({**JWK, "d": "AAAA"}), "#0", "private_key_published"),
    "a key for encryption": (did_jwk({**JWK, "use": "enc"}), "#0", "key_type_not_allowed"),
    "a key that only signs": (did_jwk({**JWK, "key_ops": ["sign"]}), "#0", "key_type_not_allowed"),
    "a shared secret": (did_jwk({"kty": "oct", "k": "AAAA"}), "#0", "key_type_not_allowed"),
    "another's key": (did_jwk(OTHERS), "#0", BAD),
    "a member twice": (did_jwk(b'{"kty":"OKP","kty":"OKP"}'), "#0", "malformed_key"),
    "a list": (did_jwk(b"[1]"), "#0", "malformed_key"),
    "a point of small order": (did_jwk({**JWK, "x": base64url_encode(b"\x01" + bytes(31))}), "#0", "small_order_key"),
    "a key of another length": (did_jwk({**JWK, "x": base64url_encode(bytes(31))}), "#0", "malformed_key"),
    "a curve for agreement": (did_jwk({**JWK, "crv": "X25519"}), "#0", "key_type_not_allowed"),
}


@pytest.mark.parametrize(("did", "tail", "code"), DIDS.values(), ids=DIDS.keys())
def test_a_did_that_is_no_good_key(did: str, tail: str, code: str) -> None:
    assert told(by_did(did, did + tail)) == ("invalid", code, True)


def test_a_did_that_is_a_key() -> None:
    did = did_jwk(JWK)
    assert told(by_did(did, f"{did}#0")) == ("valid", None, False)
    assert told(by_did(did, did_jwk(OTHERS) + "#0"))[1] == BAD
    other = did_jwk({**JWK, "kid": "x"})
    assert told(by_did(did, f"{other}#0"))[1] == "controller_mismatch"


SIGNED = SCHOOL.prove(BADGE, "eddsa-rdfc-2022")
LEARNER = BADGE["credentialSubject"]["id"]
COURSE = BADGE["credentialSubject"]["achievement"]["id"]
READ_OTHERWISE: dict[str, Document] = {
    "credits twice": with_subject(SIGNED, creditsEarned=[4.5, 45]),
    "credits in a list in a list": with_subject(SIGNED, creditsEarned=[[4.5]]),
    "credits as text": with_subject(SIGNED, creditsEarned="4.5"),
    "credits as a value object": with_subject(SIGNED, creditsEarned={"@value": 4.5}),
    "credits by their address": with_subject(
        SIGNED, **{"https://purl.imsglobal.org/spec/vc/ob/vocab.html#creditsEarned": 45}),
    "credits by a compact address": with_subject(SIGNED, **{"ob:creditsEarned": 45}),
    "a member by an alias": {**SIGNED, "@id": "urn:x"},
    "a type by its keyword": {**SIGNED, "@type": "TestCredential"},
    "a reverse member": {**SIGNED, "@reverse": {"issuer": {"id": LEARNER}}},
    "included nodes": {**SIGNED, "@included": [{"id": LEARNER, "creditsEarned": 45}]},
    "a graph": {**SIGNED, "@graph": [{"id": LEARNER}]},
    "a nest": {**SIGNED, "@nest": {"name": "x"}},
    "an index": {**SIGNED, "@index": "x"},
    "an unknown keyword": {**SIGNED, "@foo": "x"},
    "a keyword with a space": {**SIGNED, "@type ": "x"},
    "a member without a name": {**SIGNED, "": "x"},
    "__proto__": {**SIGNED, "__proto__": {"admin": True}},
    "constructor": {**SIGNED, "constructor": "x"},
    "toString": with_subject(SIGNED, toString="x"),
    "a null": {**SIGNED, "validUntil": None},
    "an empty list": with_subject(SIGNED, result=[]),
    "an empty object": {**SIGNED, "evidence": {}},
    "a list of nothing": {**SIGNED, "name": [[]]},
    "a type twice": {**SIGNED, "type": [*BADGE["type"], BADGE["type"][0]]},
    "a type by its address": {**SIGNED, "type": ["https://www.w3.org/2018/credentials#VerifiableCredential"]},
    "a type more": {**SIGNED, "type": [*BADGE["type"], "EndorsementCredential"]},
    "the learner among the evidence": {**SIGNED, "evidence": [{"id": LEARNER, "type": ["Evidence"], "name": "x"}]},
    "the course among the evidence": {**SIGNED, "evidence": [{"id": COURSE, "type": ["Evidence"]}]},
    "a node without a name": {**SIGNED, "evidence": [{"id": "_:b0", "type": ["Evidence"]}]},
    "an address without a base": {**SIGNED, "evidence": [{"id": "evidence/1", "type": ["Evidence"]}]},
    "an address with a space": {**SIGNED, "evidence": [{"id": "urn:x y", "type": ["Evidence"]}]},
    "contexts inside that are null": with_achievement(SIGNED, **{"@context": None, "x": 1}),
    "contexts as a text": {**SIGNED, "@context": BADGE["@context"][0]},
    "contexts in another order": {**SIGNED, "@context": BADGE["@context"][::-1]},
    "contexts of both versions": {**SIGNED, "@context": [CREDENTIALS_V1, *BADGE["@context"]]},
    "a context twice": {**SIGNED, "@context": [*BADGE["@context"], BADGE["@context"][1]]},
    "a context with a stroke": {**SIGNED, "@context": [*BADGE["@context"], BADGE["@context"][1] + "#"]},
    "a context of his own": {**SIGNED, "@context": [*BADGE["@context"], {"creditsEarned": "urn:evil"}]},
    "a name in another form of Unicode": {**SIGNED, "name": "We\u0308lding"},
    "an unpaired surrogate": {**SIGNED, "name": "\ud800"},
    "a wrong language": with_achievement(SIGNED, name={"@value": "Welding", "@language": "not a language"}),
    "a text with a type": with_achievement(SIGNED, name={"@value": "Welding", "@type": "xsd:string"}),
    "a huge number": with_subject(SIGNED, creditsEarned=1e300),
    "a number nobody can write": with_subject(SIGNED, creditsEarned=10**400),
    "nought below nought": with_subject(SIGNED, creditsEarned=-0.0),
    "a truth for a number": with_subject(SIGNED, creditsEarned=True),
}  # fmt: skip


@pytest.mark.parametrize("document", READ_OTHERWISE.values(), ids=READ_OTHERWISE.keys())
def test_what_could_be_read_otherwise_claims_nothing(document: Document) -> None:
    """Refused by the bytes, the shape, the contexts or the signature; by whichever way, it is refused and silent."""
    try:
        verdict, code, silent = told(document)
    except CredentialError as error:
        verdict, code, silent = "invalid", error.code, True
    assert (verdict, silent) == ("invalid", True)
    assert code


def test_contexts_said_again_inside_change_nothing_that_is_claimed() -> None:
    again = check(json.dumps(with_achievement(SIGNED, **{"@context": BADGE["@context"]})).encode())
    honest = check(json.dumps(SIGNED).encode())
    assert again.claims is not None
    assert honest.claims is not None
    assert again.claims.subject == honest.claims.subject
