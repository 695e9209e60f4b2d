"""Data Integrity proofs, step by step against the W3C's vectors, then against attackers.

SECURITY P01, P02, P05, P07, P19, P22, S11; P14 as far as one proof can tell.
"""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from credentials import data_integrity, multibase
from credentials.canonical import jcs, sha256
from credentials.contexts import PINNED, ContextSet
from credentials.data_integrity import SUITES, check_times, sign, verify
from credentials.errors import CredentialError
from credentials.jsonld import to_quads
from credentials.keys import PrivateKey, PublicKey
from credentials.rdf_canonicalization import canonicalize

VECTORS = Path(__file__).resolve().parents[3] / "shared" / "vectors" / "data-integrity" / "eddsa"
needs_vectors = pytest.mark.skipif(
    not VECTORS.is_dir(), reason="the EdDSA vectors are not beside the project (../shared/vectors/data-integrity)"
)
EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"
# The vectors name the W3C's examples context, which defines every term; the bank itself never allows it.
WITH_EXAMPLES = ContextSet(
    {**PINNED.documents, EXAMPLES: {"@context": {"@vocab": "https://www.w3.org/ns/credentials/examples#"}}},
    {**PINNED.families, EXAMPLES: "examples"},
)
CREATED = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
BOTH = ["eddsa-jcs-2022", "eddsa-rdfc-2022"]


def text(name: str) -> str:
    return (VECTORS / name).read_text(encoding="utf-8")


def read(name: str) -> Any:
    return json.loads(text(name))


def key_of(proof: dict[str, Any]) -> PublicKey:
    return PublicKey.from_multibase(proof["verificationMethod"].partition("#")[2])


@needs_vectors
def test_the_steps_of_eddsa_rdfc_2022() -> None:
    folder, options = "eddsa-rdfc-2022", read("eddsa-rdfc-2022/proofConfigDataInt.json")
    document = canonicalize(to_quads(read("unsigned.json"), WITH_EXAMPLES))
    assert document.nquads == text(f"{folder}/canonDocDataInt.txt")
    assert document.hash().hex() == text(f"{folder}/docHashDataInt.txt").strip()
    configuration = canonicalize(to_quads(options, WITH_EXAMPLES))
    assert configuration.nquads == text(f"{folder}/proofCanonDataInt.txt")
    assert configuration.hash().hex() == text(f"{folder}/proofHashDataInt.txt").strip()
    hash_data = SUITES[folder].hash_data(read("unsigned.json"), options, "EdDSA", WITH_EXAMPLES)
    assert hash_data.hex() == text(f"{folder}/combinedHashDataInt.txt").strip()
    signature = the_key().sign(hash_data)
    assert signature.hex() == text(f"{folder}/sigHexDataInt.txt").strip()
    assert multibase.encode(signature) == text(f"{folder}/sigBTC58DataInt.txt").strip()


@needs_vectors
def test_the_steps_of_eddsa_jcs_2022() -> None:
    folder, options = "eddsa-jcs-2022", read("eddsa-jcs-2022/proofConfigJCS.json")
    assert jcs(read("unsigned.json")).decode() == text(f"{folder}/canonDocJCS.txt")
    assert sha256(jcs(read("unsigned.json"))).hex() == text(f"{folder}/docHashJCS.txt").strip()
    assert jcs(options).decode() == text(f"{folder}/proofCanonJCS.txt")
    assert sha256(jcs(options)).hex() == text(f"{folder}/proofHashJCS.txt").strip()
    hash_data = SUITES[folder].hash_data(read("unsigned.json"), options, "EdDSA", WITH_EXAMPLES)
    assert hash_data.hex() == text(f"{folder}/combinedHashJCS.txt").strip()
    signature = the_key().sign(hash_data)
    assert signature.hex() == text(f"{folder}/sigHexJCS.txt").strip()
    assert multibase.encode(signature) == text(f"{folder}/sigBTC58JCS.txt").strip()


def the_key() -> PrivateKey:
    """The vectors' key pair: multicodec 0x1300 and 32 bytes."""
    raw = multibase.decode(read("keyPair.json")["privateKeyMultibase"])
    assert raw.startswith(b"\x80\x26")
    return PrivateKey.from_bytes("EdDSA", raw[2:])


@needs_vectors
@pytest.mark.parametrize("name", ["eddsa-rdfc-2022/signedDataInt.json", "eddsa-jcs-2022/signedJCS.json"])
def test_published_proofs_verify_and_are_made_again(name: str) -> None:
    signed = read(name)
    verify(signed, signed["proof"], key_of(signed["proof"]), contexts=WITH_EXAMPLES)
    again = sign(
        read("unsigned.json"),
        the_key(),
        cryptosuite=signed["proof"]["cryptosuite"],
        verification_method=signed["proof"]["verificationMethod"],
        created=datetime.fromisoformat(signed["proof"]["created"]),
        contexts=WITH_EXAMPLES,
    )
    assert again == signed


@needs_vectors
@pytest.mark.parametrize("name", ["signedProofSet1", "signedProofSet2", "signedProofChain1", "signedProofChain2"])
def test_published_proof_sets_and_chains(name: str) -> None:
    signed = read(f"proof-set-chain/{name}.json")
    proofs = signed["proof"] if isinstance(signed["proof"], list) else [signed["proof"]]
    for proof in proofs:
        verify(signed, proof, key_of(proof), contexts=WITH_EXAMPLES)


@needs_vectors
def test_a_link_cut_out_of_a_chain_is_missed() -> None:
    signed = read("proof-set-chain/signedProofChain1.json")
    last = signed["proof"][-1]
    for proofs, code in (
        (signed["proof"][1:], "proof_chain"),
        ([last], "proof_chain"),
        ([signed["proof"][0] | {"created": "2020-01-01T00:00:00Z"}, *signed["proof"][1:]], "bad_signature"),
    ):
        with pytest.raises(CredentialError) as refusal:
            verify(signed | {"proof": proofs}, last, key_of(last), contexts=WITH_EXAMPLES)
        assert refusal.value.code == code


def signed(badge: dict[str, Any], key: PrivateKey, suite: str, **options: Any) -> dict[str, Any]:
    method = f"{key.public_key.did_key()}#{key.public_key.multibase()}"
    settings = {"cryptosuite": suite, "verification_method": method, "created": CREATED}
    return sign(badge, key, **settings | options)


@pytest.mark.parametrize("suite", BOTH)
def test_signs_and_verifies_a_badge(badge: dict[str, Any], ed25519: PrivateKey, suite: str) -> None:
    before = json.dumps(badge)
    document = signed(badge, ed25519, suite)
    [proof] = document["proof"]  # an array, as Open Badges' schema wants it
    verify(document, proof, ed25519.public_key)
    assert json.dumps(badge) == before
    assert proof["created"] == "2026-03-01T09:30:00Z"
    assert ("@context" in proof) == (suite == "eddsa-jcs-2022")


def test_a_generic_credential_has_its_proof_as_an_object(ed25519: PrivateKey) -> None:
    document = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "issuer": "did:web:college.example",
        "credentialSubject": {"id": "did:web:learner.example"},
    }
    assert isinstance(signed(document, ed25519, "eddsa-jcs-2022")["proof"], dict)


@pytest.mark.parametrize("suite", BOTH)
def test_sets_and_chains_of_our_own(badge: dict[str, Any], ed25519: PrivateKey, suite: str) -> None:
    first = signed(badge, ed25519, suite)
    first["proof"][0]["id"] = "urn:uuid:first"
    other = PrivateKey.generate("EdDSA")
    with pytest.raises(CredentialError):  # the id was added after signing
        verify(first, first["proof"][0], ed25519.public_key)
    chained = signed(first, other, suite, previous_proof="urn:uuid:first")
    verify(chained, chained["proof"][1], other.public_key)
    spoilt = chained | {"proof": [chained["proof"][0] | {"proofValue": "z2222"}, chained["proof"][1]]}
    with pytest.raises(CredentialError):
        verify(spoilt, spoilt["proof"][1], other.public_key)
    with pytest.raises(CredentialError) as refusal:
        signed(badge, other, suite, previous_proof="urn:uuid:missing")
    assert refusal.value.code == "proof_chain"


TAMPERED: dict[str, Any] = {
    "more credits": ("credentialSubject", "creditsEarned", 500000),
    "another learner": ("credentialSubject", "id", "did:web:attacker.example"),
    "no end": (None, "validUntil", "2099-01-01T00:00:00Z"),
    "another status entry": ("credentialStatus", "statusListIndex", "5"),
    "another issuer": ("issuer", "id", "did:web:evil.example"),
}


@pytest.mark.parametrize("suite", BOTH)
@pytest.mark.parametrize(("holder", "name", "value"), TAMPERED.values(), ids=TAMPERED.keys())
def test_a_tampered_badge_does_not_verify(
    badge: dict[str, Any], ed25519: PrivateKey, suite: str, holder: str | None, name: str, value: object
) -> None:
    document = signed(badge, ed25519, suite)
    (document[holder] if holder else document)[name] = value
    with pytest.raises(CredentialError) as refusal:
        verify(document, document["proof"][0], ed25519.public_key)
    assert refusal.value.code == "bad_signature"


SPOILT: dict[str, tuple[dict[str, Any], str, str]] = {
    "P01 an undefined term": ({"admin": True}, "data_loss_detected", "bad_signature"),
    "P05 an inline context": ({"@context": [{"name": "urn:evil"}]}, "context_not_allowed", "context_not_allowed"),
    "a null context": ({"@context": None}, "context_not_allowed", "context_not_allowed"),
    "P07 a keyword": ({"@included": [{"id": "urn:x:1"}]}, "keyword_not_allowed", "keyword_not_allowed"),
    "P02 the subject's id with a space": (
        {"credentialSubject": {"id": "did:web:learner.example ", "type": ["AchievementSubject"]}},
        "malformed_iri",
        "malformed_iri",
    ),
}


@pytest.mark.parametrize("suite", BOTH)
@pytest.mark.parametrize(("changes", "at_signing", "over_json"), SPOILT.values(), ids=SPOILT.keys())
def test_the_traps_are_refused_when_signing_and_when_verifying(
    badge: dict[str, Any], ed25519: PrivateKey, suite: str, changes: dict[str, Any], at_signing: str, over_json: str
) -> None:
    with pytest.raises(CredentialError) as refusal:
        signed(badge | changes, ed25519, suite)
    assert refusal.value.code == at_signing
    document = signed(badge, ed25519, suite)
    with pytest.raises(CredentialError) as refusal:
        verify(document | changes, document["proof"][0], ed25519.public_key)
    assert refusal.value.code == (over_json if suite == "eddsa-jcs-2022" else at_signing)


def test_p02_credits_cannot_be_raised_under_a_subject_that_is_dropped(
    badge: dict[str, Any], ed25519: PrivateKey
) -> None:
    """Trap 1: PyLD drops the whole subject for one trailing space, so its signature would hold for any credits."""
    badge["credentialSubject"]["id"] += " "
    for credits_earned in (5, 500_000):
        badge["credentialSubject"]["creditsEarned"] = credits_earned
        with pytest.raises(CredentialError) as refusal:
            signed(badge, ed25519, "eddsa-rdfc-2022")
        assert refusal.value.code == "malformed_iri"


BAD_OPTIONS: dict[str, tuple[dict[str, Any], str]] = {
    "another type": ({"type": "Ed25519Signature2018"}, "unsupported_cryptosuite"),
    "an unknown suite": ({"cryptosuite": "eddsa-2099"}, "unsupported_cryptosuite"),
    "a suite that is a list": ({"cryptosuite": ["eddsa-jcs-2022"]}, "unsupported_cryptosuite"),
    "another purpose": ({"proofPurpose": "authentication"}, "proof_purpose_mismatch"),
    "no purpose": ({"proofPurpose": None}, "proof_purpose_mismatch"),
    "no method": ({"verificationMethod": None}, "malformed_proof"),
    "a method with a space": ({"verificationMethod": "did:web:a.example#k 1"}, "malformed_proof"),
    "P19 created is no date": ({"created": "yesterday"}, "malformed_proof"),
    "P19 created is a number": ({"created": 5}, "malformed_proof"),
    "P19 created on 30 February": ({"created": "2026-02-30T00:00:00Z"}, "malformed_proof"),
    "no value": ({"proofValue": None}, "malformed_proof"),
    "a value in base64url": ({"proofValue": "uAAAA"}, "malformed_proof"),
    "a value that is not base58": ({"proofValue": "z0OIl"}, "malformed_proof"),
    "P22 a value of 50,000 characters": ({"proofValue": "z" + "2" * 50_000}, "too_long"),
    "a value too short": ({"proofValue": "z2222"}, "bad_signature"),
    "S11 a small nonce point": ({"proofValue": multibase.encode(b"\x01" + bytes(63))}, "small_order_r"),
    "another time": ({"created": "2026-03-01T09:30:01Z"}, "bad_signature"),
    "a dangling link": ({"previousProof": "urn:uuid:missing"}, "proof_chain"),
    "a link to nothing": ({"previousProof": []}, "proof_chain"),
    "a link that is a number": ({"previousProof": 5}, "proof_chain"),
}


@pytest.mark.parametrize("suite", BOTH)
@pytest.mark.parametrize(("changes", "code"), BAD_OPTIONS.values(), ids=BAD_OPTIONS.keys())
def test_bad_proof_options(
    badge: dict[str, Any], ed25519: PrivateKey, suite: str, changes: dict[str, Any], code: str
) -> None:
    document = signed(badge, ed25519, suite)
    with pytest.raises(CredentialError) as refusal:
        verify(document, document["proof"][0] | changes, ed25519.public_key)
    assert refusal.value.code == code


def test_a_proof_option_without_definition_is_refused_over_rdf(badge: dict[str, Any], ed25519: PrivateKey) -> None:
    document = signed(badge, ed25519, "eddsa-rdfc-2022")
    with pytest.raises(CredentialError) as refusal:
        verify(document, document["proof"][0] | {"admin": True}, ed25519.public_key)
    assert refusal.value.code == "data_loss_detected"


@pytest.mark.parametrize("suite", BOTH)
def test_the_key_must_fit_the_suite(badge: dict[str, Any], ed25519: PrivateKey, p256: PrivateKey, suite: str) -> None:
    with pytest.raises(CredentialError) as refusal:
        signed(badge, p256, suite)
    assert refusal.value.code == "alg_key_mismatch"
    document = signed(badge, ed25519, suite)
    with pytest.raises(CredentialError) as refusal:
        verify(document, document["proof"][0], p256.public_key)
    assert refusal.value.code == "alg_key_mismatch"
    with pytest.raises(CredentialError) as refusal:
        verify(document, document["proof"][0], PrivateKey.generate("EdDSA").public_key)
    assert refusal.value.code == "bad_signature"


def test_an_unknown_suite_does_not_sign(badge: dict[str, Any], ed25519: PrivateKey) -> None:
    with pytest.raises(CredentialError) as refusal:
        signed(badge, ed25519, "eddsa-2099")
    assert refusal.value.code == "unsupported_cryptosuite"


def test_jcs_holds_under_the_contexts_of_its_proof(badge: dict[str, Any], ed25519: PrivateKey) -> None:
    """Data Integrity EdDSA 1.0, 3.3.2: the document's contexts must start with the proof's."""
    document = signed(badge, ed25519, "eddsa-jcs-2022")
    [proof] = document["proof"]
    longer = document | {"@context": [*document["@context"], "https://w3id.org/security/data-integrity/v2"]}
    verify(longer, proof, ed25519.public_key)
    shorter = document | {"@context": document["@context"][:1]}
    with pytest.raises(CredentialError) as refusal:
        verify(shorter, proof, ed25519.public_key)
    assert refusal.value.code == "context_not_allowed"
    without = {name: value for name, value in proof.items() if name != "@context"}
    with pytest.raises(CredentialError) as refusal:
        verify(document, without, ed25519.public_key)
    assert refusal.value.code == "bad_signature"


AT = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.mark.parametrize(
    ("times", "code"),
    [
        ({"created": "2036-11-21T00:00:00Z"}, "proof_time"),
        ({"created": "2026-11-21T00:05:01Z"}, "proof_time"),
        ({"created": "2026-01-01T00:00:00Z", "expires": "2026-11-20T23:59:59Z"}, "proof_time"),
        ({"expires": "2026-11-21T00:00:00Z"}, "proof_time"),
        ({"created": "2026-06-02T00:00:00Z", "expires": "2026-06-01T00:00:00Z"}, "proof_time"),
        ({"created": "2026-11-20"}, "malformed_credential"),
        ({"expires": "9999-12-31T23:59:59-14:00"}, "out_of_range"),
    ],
)
def test_p19_times_that_cannot_be(times: dict[str, str], code: str) -> None:
    with pytest.raises(CredentialError) as refusal:
        check_times(times, AT)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    "times",
    [
        {},
        {"created": "2026-11-20T23:59:59Z"},
        {"created": "2026-11-21T00:05:00Z"},
        {"created": "2026-11-21T09:00:00+09:00"},
        {"created": "2026-11-20T09:30:00", "expires": "2026-11-21T00:00:01"},
    ],
)
def test_p19_times_that_can_be(times: dict[str, str]) -> None:
    """Without an offset a time is read as UTC (VC Data Model 2.0, 4.9; a W3C suite has such a case)."""
    check_times(times, AT)
    created, _ = data_integrity.proof_times(times)
    assert created is None or created - AT <= timedelta(minutes=5)
