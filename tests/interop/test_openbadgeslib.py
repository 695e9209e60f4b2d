"""Independent implementations of Open Badges 3.0 and ours accept one another's badges."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from credentials import baking
from credentials.contexts import OPEN_BADGES, PINNED
from credentials.read import read
from credentials.verify import IssuerKey, VerificationMaterial, verify
from tests.credential_samples import NOW, School, did_key_school, png, svg

ob3 = pytest.importorskip("openbadgeslib.ob3", reason="the independent library openbadgeslib is not installed")
openvc = pytest.importorskip("openvc", reason="the independent library openvc-core is not installed")
DataIntegrityProofSuite = pytest.importorskip("openvc.proof.data_integrity").DataIntegrityProofSuite

LEARNER = "did:example:learner"


def handle(school: School) -> Any:
    if school.algorithm == "EdDSA":
        return ed25519.Ed25519PrivateKey.from_private_bytes(school.key.to_bytes())
    return ec.derive_private_key(int.from_bytes(school.key.to_bytes()), ec.SECP256R1())


def public_pem(school: School) -> bytes:
    return handle(school).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def private_pem(school: School) -> bytes:
    return handle(school).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def foreign_badge(issuer_id: str) -> Any:
    """A badge as openbadgeslib models it."""
    return ob3.OpenBadgeCredential(
        issuer=ob3.Issuer(id=issuer_id, name="Riverside College"),
        recipient_id=LEARNER,
        achievement=ob3.Achievement(
            id="https://college.example/achievements/1",
            name="Welding",
            description="Welds",
            criteria_narrative="Four test pieces",
            alignments=[ob3.Alignment(target_name="ECTS", target_url="https://bank.example/units/ects")],
        ),
        id="urn:uuid:0f4e9d2c-5a0e-4a39-9f44-6a1c1d3c7a11",
        issuance_date=datetime(2026, 5, 1, tzinfo=UTC),
        credits_earned=4.5,
    )


def known(school: School) -> VerificationMaterial:
    return VerificationMaterial({school.method: school.record()})


@pytest.mark.parametrize("algorithm", ["EdDSA", "ES256"])
def test_openbadgeslib_accepts_our_vc_jwt(algorithm: Any) -> None:
    school = School(algorithm=algorithm)
    accepted = ob3.OB3Verifier(public_pem(school)).verify(school.sign(school.badge(), "vc-jwt").decode())
    assert (accepted.issuer.id, accepted.credits_earned) == (school.id, 4.5)


def test_openbadgeslib_accepts_our_eddsa_rdfc_2022() -> None:
    school = did_key_school()
    accepted = ob3.OB3LdpVerifier(public_pem(school)).verify(school.sign(school.badge(), "eddsa-rdfc-2022"))
    assert (accepted.issuer.id, accepted.credits_earned) == (school.id, 4.5)


def test_openvc_accepts_our_eddsa_rdfc_2022() -> None:
    school = did_key_school()
    secured = school.prove(school.badge(), "eddsa-rdfc-2022")
    single = {**secured, "proof": secured["proof"][0]}  # it takes one proof as an object, not the array of Open Badges
    accepted = openvc.verify_credential(single, extra_contexts={OPEN_BADGES: PINNED.documents[OPEN_BADGES]})
    assert accepted.issuer == school.id


@pytest.mark.parametrize("algorithm", ["EdDSA", "ES256"])
def test_we_accept_openbadgeslibs_vc_jwt(algorithm: Any) -> None:
    school = School(algorithm=algorithm)
    token = ob3.OB3Signer(private_pem(school), algorithm=algorithm).sign(foreign_badge(school.id))
    answer = verify(read(token.encode()), known(school), NOW)
    assert (answer.verdict, answer.code) == ("valid", None)
    assert answer.claims is not None
    assert (answer.claims.subject_id, answer.claims.credits_earned) == (LEARNER, 9 / 2)


def test_we_accept_openbadgeslibs_eddsa_rdfc_2022() -> None:
    school = did_key_school()
    secured = ob3.OB3LdpSigner(private_pem(school)).sign(foreign_badge(school.id))
    answer = verify(read(json.dumps(secured).encode()), VerificationMaterial(), NOW)
    assert (answer.verdict, answer.code) == ("invalid", "proof_time")  # it was made at the time of this test
    later = datetime(2100, 1, 1, tzinfo=UTC)
    assert verify(read(json.dumps(secured).encode()), VerificationMaterial(), later).verdict == "valid"


def test_we_accept_openvcs_eddsa_rdfc_2022() -> None:
    school = did_key_school()
    secured = DataIntegrityProofSuite().add_proof(
        school.badge(),
        signing_key=openvc.Ed25519SigningKey(handle(school), school.method),
        verification_method=school.method,
        created=NOW,
        extra_contexts={OPEN_BADGES: PINNED.documents[OPEN_BADGES]},
    )
    assert verify(read(json.dumps(secured).encode()), VerificationMaterial(), NOW).verdict == "valid"


def test_we_read_what_openbadgeslib_bakes_and_it_reads_ours() -> None:
    school = School(algorithm="ES256")
    signer = ob3.OB3Signer(private_pem(school), algorithm="ES256")
    badge = foreign_badge(school.id)
    for baked in (signer.sign_into_png(badge, png()), signer.sign_into_svg(badge, svg())):
        assert verify(read(baked), known(school), NOW).verdict == "valid"
    token = school.sign(school.badge(), "vc-jwt").decode()
    assert ob3.OB3Verifier.extract_token_from_png(baking.bake_png(png(), token)) == token
    assert ob3.OB3Verifier.extract_token_from_svg(baking.bake_svg(svg(), token)) == token


def test_openbadgeslib_reads_our_status_list() -> None:
    school = School()
    subject = school.status_list(0, 94_567).document["credentialSubject"]
    assert ob3.set_indices(ob3.decode_encoded_list(subject["encodedList"])) == {0, 94_567}


def test_the_keys_are_the_same_on_both_sides() -> None:
    school = did_key_school()
    assert ob3.did_key_from_pem(public_pem(school)) == school.id
    assert IssuerKey(school.method, school.id, school.key.public_key, NOW).key.did_key() == school.id
