"""Ed25519Signature2020, the proof type of badges from before there were cryptosuites: verified, never made."""

from typing import Any

import pytest

from credentials import multibase
from credentials.contexts import CREDENTIALS_V1, OPEN_BADGES, PINNED, ContextSet
from credentials.data_integrity import sign, suite_of, verify
from credentials.data_integrity.ed25519_signature_2020 import CONTEXT, SUITE
from credentials.data_integrity.over_rdf import configuration_hash, rdf_hash
from credentials.errors import CredentialError
from credentials.jsonld import to_quads
from credentials.keys import PrivateKey
from credentials.rdf_canonicalization import canonicalize
from tests.credential_samples import DAY, NOW, SCHOOL, check, with_subject
from tests.credentials.proof_vectors import WITH_EXAMPLES, key_of, needs_vectors, read, secret_key, text

FOLDER = "eddsa/Ed25519Signature2020"
Document = dict[str, Any]


@needs_vectors
def test_the_steps_of_the_published_proof() -> None:
    signed, configuration = read(f"{FOLDER}/signedEdSig.json"), read(f"{FOLDER}/proofConfigEdSig.json")
    document = {name: value for name, value in signed.items() if name != "proof"}
    options = {name: value for name, value in signed["proof"].items() if name != "proofValue"}
    assert canonicalize(to_quads(document, WITH_EXAMPLES)).nquads == text(f"{FOLDER}/canonDocEdSig.txt")
    assert canonicalize(to_quads(configuration, WITH_EXAMPLES)).nquads == text(f"{FOLDER}/proofCanonEdSig.txt")
    assert rdf_hash(document, WITH_EXAMPLES, "sha256").hex() == text(f"{FOLDER}/docHashEdSig.txt").strip()
    assert configuration_hash(document, options, WITH_EXAMPLES).hex() == text(f"{FOLDER}/proofHashEdSig.txt").strip()
    hash_data = SUITE.hash_data(document, options, "EdDSA", WITH_EXAMPLES)
    assert hash_data.hex() == text(f"{FOLDER}/combinedHashEdSig.txt").strip()
    key = secret_key("EdDSA", read("eddsa/keyPair.json")["privateKeyMultibase"])
    assert key.sign(hash_data).hex() == text(f"{FOLDER}/sigHexEdSig.txt").strip()
    verify(signed, signed["proof"], key_of(signed["proof"]), contexts=WITH_EXAMPLES)


def proven(document: Document, contexts: ContextSet = PINNED, **changes: Any) -> Document:
    """The document with a proof as its issuers made them."""
    options = {
        "type": "Ed25519Signature2020",
        "created": (NOW - DAY).isoformat().replace("+00:00", "Z"),
        "verificationMethod": SCHOOL.method,
        "proofPurpose": "assertionMethod",
        **changes,
    }
    signature = SCHOOL.key.sign(SUITE.hash_data(document, options, "EdDSA", contexts))
    return {**document, "proof": [{**options, "proofValue": multibase.encode(signature)}]}


@pytest.mark.parametrize("named", [True, False])
def test_its_context_may_stand_in_the_document_or_be_understood(named: bool) -> None:
    badge = SCHOOL.badge()
    document = {**badge, "@context": [*badge["@context"], CONTEXT]} if named else badge
    answer = check(proven(document))
    assert (answer.verdict, answer.code) == ("valid", None)
    assert answer.claims is not None


def test_a_badge_of_the_data_model_1_1() -> None:
    badge = SCHOOL.badge()
    old = {name: value for name, value in badge.items() if name != "validFrom"}
    document = {**old, "@context": [CREDENTIALS_V1, OPEN_BADGES, CONTEXT], "issuanceDate": badge["validFrom"]}
    document = {name: value for name, value in document.items() if name != "credentialSchema"}
    subject = {"id": document["credentialSubject"]["id"], "type": ["AchievementSubject"]}
    plain = {"id": "https://college.example/a/1", "type": ["Achievement"], "name": "W", "description": "W"}
    plain["criteria"] = {"narrative": "Four pieces"}
    answer = check(proven({**document, "credentialSubject": {**subject, "achievement": plain}}))
    assert (answer.verdict, answer.code) == ("valid", None)


def test_altered_it_does_not_hold() -> None:
    signed = proven(SCHOOL.badge())
    assert check(with_subject(signed, creditsEarned=450)).code == "bad_signature"
    [proof] = signed["proof"]
    for change, code in (
        ({"created": "2026-01-01T00:00:00Z"}, "bad_signature"),
        ({"type": "DataIntegrityProof"}, "unsupported_cryptosuite"),
        ({"type": "Ed25519Signature2018"}, "unsupported_cryptosuite"),
        ({"type": ["Ed25519Signature2020"]}, "unsupported_cryptosuite"),
        ({"cryptosuite": "eddsa-rdfc-2022"}, "data_loss_detected"),
        ({"proofPurpose": "authentication"}, "proof_purpose_mismatch"),
        ({"proofValue": "u" + proof["proofValue"][1:]}, "malformed_proof"),
    ):
        assert check({**signed, "proof": [proof | change]}).code == code, change


def test_times_bind_it_as_any_proof() -> None:
    assert check(proven(SCHOOL.badge(), created="2036-01-01T00:00:00Z")).code == "proof_time"


def test_it_is_never_made(badge: Document, ed25519: PrivateKey) -> None:
    with pytest.raises(CredentialError) as refusal:
        sign(badge, ed25519, cryptosuite="Ed25519Signature2020", verification_method="did:web:a.example#k", created=NOW)
    assert refusal.value.code == "unsupported_cryptosuite"
    assert suite_of({"type": "Ed25519Signature2020"}) is SUITE
