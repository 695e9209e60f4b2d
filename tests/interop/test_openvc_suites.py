"""The ECDSA suites of openvc-core, in Python, and ours accept one another's badges, whole and in part."""

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from credentials import data_integrity
from credentials.contexts import PINNED
from credentials.read import read
from credentials.verify import VerificationMaterial, verify
from tests.credential_samples import DAY, NOW, School, outcome, revocable, with_subject

openvc = pytest.importorskip("openvc", reason="the independent library openvc-core is not installed")
ob3 = pytest.importorskip("openbadgeslib.ob3", reason="the independent library openbadgeslib is not installed")
ecdsa_sd = pytest.importorskip("openvc.proof.ecdsa_sd")
ecdsa_rdfc = pytest.importorskip("openvc.proof.di_ecdsa_rdfc")

SCHOOL = School(algorithm="ES256")
BADGE = SCHOOL.badge(outcome(valid_until=NOW + 40_000 * DAY), status_entries=[revocable()])
MANDATORY = ["/id", "/issuer", "/validFrom", "/validUntil", "/credentialStatus"]
CONTEXTS = {"extra_contexts": dict(PINNED.documents)}
JWK = {name: value for name, value in SCHOOL.key.public_key.jwk().items() if name in ("kty", "crv", "x", "y")}
Document = dict[str, Any]


def signing_key() -> Any:
    handle = ec.derive_private_key(int.from_bytes(SCHOOL.key.to_bytes()), ec.SECP256R1())
    return openvc.P256SigningKey(handle, SCHOOL.method)


def single(document: Document) -> Document:
    """With its one proof as an object: openvc-core takes no array."""
    [proof] = document["proof"] if isinstance(document["proof"], list) else [document["proof"]]
    return {**document, "proof": proof}


def base_here() -> Document:
    return data_integrity.sign(
        BADGE,
        SCHOOL.key,
        cryptosuite="ecdsa-sd-2023",
        verification_method=SCHOOL.method,
        created=NOW - DAY,
        mandatory_pointers=MANDATORY,
    )


def base_there() -> Document:
    made: Document = ecdsa_sd.EcdsaSdProofSuite().add_base_proof(
        BADGE,
        signing_key=signing_key(),
        verification_method=SCHOOL.method,
        mandatory_pointers=MANDATORY,
        created=NOW - DAY,
        **CONTEXTS,
    )
    return made


def derived_there(base: Document, pointers: list[str]) -> Document:
    made: Document = ecdsa_sd.EcdsaSdProofSuite().derive_proof(single(base), selective_pointers=pointers, **CONTEXTS)
    return made


def accepted_there(document: Document) -> None:
    ecdsa_sd.EcdsaSdProofSuite().verify(single(document), public_key_jwk=JWK, **CONTEXTS)


def held_here(document: Document) -> None:
    data_integrity.verify(document, single(document)["proof"], SCHOOL.key.public_key)


BASES = pytest.mark.parametrize("base", [base_here, base_there])


@BASES
@pytest.mark.parametrize(
    "pointers", [["/credentialSubject"], ["/credentialSubject/creditsEarned"], ["/credentialSubject/result/1"], []]
)
def test_parts_that_we_derive_are_accepted_there(base: Any, pointers: list[str]) -> None:
    whole = base()
    data_integrity.verify_base(whole, single(whole)["proof"], SCHOOL.key.public_key)
    derived = data_integrity.derive(whole, pointers)
    held_here(derived)
    accepted_there(derived)


@BASES
@pytest.mark.parametrize("pointers", [["/credentialSubject/creditsEarned"], ["/credentialSubject/id"], []])
def test_parts_that_they_derive_are_accepted_here(base: Any, pointers: list[str]) -> None:
    """It knows no places in arrays, and derives no whole subject with lists, not even from its own base proof."""
    derived = derived_there(base(), pointers)
    held_here(derived)
    accepted_there(derived)


def test_openbadgeslib_accepts_a_part_of_our_badge() -> None:
    handle = ec.derive_private_key(int.from_bytes(SCHOOL.key.to_bytes()), ec.SECP256R1())
    pem = handle.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    derived = data_integrity.derive(base_here(), ["/credentialSubject"])
    accepted = ob3.OB3LdpVerifier(pem).verify(json.dumps(derived), check_status=False)
    assert (accepted.issuer.id, accepted.credits_earned) == (SCHOOL.id, 4.5)


def test_whole_badges_with_ecdsa_rdfc_2019() -> None:
    suite = ecdsa_rdfc.EcdsaRdfcProofSuite()
    theirs = suite.add_proof(
        BADGE, signing_key=signing_key(), verification_method=SCHOOL.method, created=NOW - DAY, **CONTEXTS
    )
    known = VerificationMaterial({SCHOOL.method: SCHOOL.record()})
    answer = verify(read(json.dumps(theirs).encode()), known, NOW)
    assert answer.code == "status_unavailable"
    assert answer.claims is not None
    assert verify(read(json.dumps(with_subject(theirs, creditsEarned=9)).encode()), known, NOW).code == "bad_signature"
    suite.verify(single(SCHOOL.prove(BADGE, "ecdsa-rdfc-2019")), public_key_jwk=JWK, **CONTEXTS)
