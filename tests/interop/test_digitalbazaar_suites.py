"""Every cryptosuite of Digital Bazaar, in JavaScript, and ours accept one another's badges, whole and in part."""

import json
from typing import Any

import pytest

from credentials import data_integrity
from credentials.data_integrity.ed25519_signature_2020 import CONTEXT as ED25519_2020
from credentials.keys import Algorithm
from credentials.read import read
from credentials.verify import Verification, VerificationMaterial, verify
from tests.credential_samples import DAY, NOW, School, changed, outcome, with_achievement, with_subject
from tests.interop.digital_bazaar import ask, issued, own_school
from tests.interop.javascript import needs_node

pytestmark = needs_node

Document = dict[str, Any]
CASES: list[tuple[str, Algorithm]] = [
    ("eddsa-rdfc-2022", "EdDSA"),
    ("eddsa-jcs-2022", "EdDSA"),
    ("ecdsa-rdfc-2019", "ES256"),
    ("ecdsa-rdfc-2019", "ES384"),
    ("ecdsa-jcs-2019", "ES256"),
    ("ecdsa-jcs-2019", "ES384"),
]
WHOLE = pytest.mark.parametrize(("suite", "algorithm"), CASES)
MANDATORY = ["/id", "/issuer", "/validFrom", "/validUntil", "/credentialStatus"]


def issued_there(credential: Document, suite: str, school: School, **more: Any) -> Document:
    return issued(credential, suite, school, created=NOW, **more)


def verified_there(credential: Document, suite: str) -> Any:
    return ask("verify", credential=credential, suite=suite)


def verified_here(credential: Document) -> Verification:
    return verify(read(json.dumps(credential).encode()), VerificationMaterial(), NOW)


def badge_of(school: School) -> Document:
    return with_achievement(school.badge(outcome(valid_until=NOW + DAY)), tag=["steel", "용접 \U0001f525"])


@WHOLE
def test_ours_are_accepted_there(suite: str, algorithm: Algorithm) -> None:
    school = own_school(algorithm)
    signed = school.prove(badge_of(school), suite)
    assert verified_there(signed, suite) == {"verified": True, "errors": []}
    assert verified_there(with_subject(signed, creditsEarned=450), suite)["verified"] is False


@WHOLE
def test_theirs_are_accepted_here(suite: str, algorithm: Algorithm) -> None:
    school = own_school(algorithm)
    signed = issued_there(badge_of(school), suite, school)
    answer = verified_here(signed)
    assert (answer.verdict, answer.code) == ("valid", None)
    assert answer.claims is not None
    assert answer.claims.document == badge_of(school)
    assert verified_here(with_subject(signed, creditsEarned=450)).code == "bad_signature"


def test_their_ed25519_signature_2020_is_accepted_here() -> None:
    school = own_school("EdDSA")
    badge = badge_of(school)
    signed = issued_there({**badge, "@context": [*badge["@context"], ED25519_2020]}, "Ed25519Signature2020", school)
    assert signed["proof"]["type"] == "Ed25519Signature2020"
    assert verified_here(signed).verdict == "valid"
    assert verified_here(with_subject(signed, creditsEarned=450)).code == "bad_signature"


P256 = own_school("ES256")
STATUS = {
    "id": "https://bank.example/status/1#5",
    "type": "BitstringStatusListEntry",
    "statusPurpose": "revocation",
    "statusListIndex": "5",
    "statusListCredential": "https://bank.example/status/1",
}
RICH = {**badge_of(P256), "credentialStatus": STATUS}
CHOICES = [
    [],
    ["/credentialSubject"],
    ["/credentialSubject/creditsEarned", "/credentialSubject/achievement/name"],
    ["/credentialSubject/result/0", "/credentialSubject/achievement/tag/1"],
    ["/credentialSubject/identifier/0/identityHash", "/credentialSubject/achievement/alignment/0"],
]


def base_here(mandatory: list[str]) -> Document:
    return data_integrity.sign(
        RICH,
        P256.key,
        cryptosuite="ecdsa-sd-2023",
        verification_method=P256.method,
        created=NOW - DAY,
        mandatory_pointers=mandatory,
    )


def unsecured(document: Document) -> Document:
    return changed(document, proof=None)


def held_here(document: Document) -> None:
    proof = document["proof"][0] if isinstance(document["proof"], list) else document["proof"]
    data_integrity.verify(document, proof, P256.key.public_key)


@pytest.mark.parametrize("pointers", CHOICES, ids=len)
def test_our_base_proof_is_derived_from_there_and_here_alike(pointers: list[str]) -> None:
    base = base_here(MANDATORY)
    theirs = ask("derive", credential=base, selectivePointers=pointers)
    ours = data_integrity.derive(base, pointers)
    held_here(theirs)
    held_here(ours)
    assert unsecured(theirs) == unsecured(ours)
    assert theirs["proof"]["proofValue"] == ours["proof"][0]["proofValue"]


def test_our_derived_proof_is_accepted_there() -> None:
    derived = data_integrity.derive(base_here(["/issuer", "/validFrom"]), ["/credentialSubject/creditsEarned"])
    assert verified_there(derived, "ecdsa-sd-2023") == {"verified": True, "errors": []}
    assert verified_there(with_subject(derived, creditsEarned=450), "ecdsa-sd-2023")["verified"] is False


@pytest.mark.parametrize("pointers", CHOICES, ids=len)
def test_their_base_proof_is_derived_from_here_and_there_alike(pointers: list[str]) -> None:
    badge = changed(RICH, credentialStatus=None)
    base = issued_there(badge, "ecdsa-sd-2023", P256, mandatoryPointers=["/issuer", "/credentialSubject/id"])
    data_integrity.verify_base(base, base["proof"], P256.key.public_key)
    ours = data_integrity.derive(base, pointers)
    assert verified_there(ours, "ecdsa-sd-2023") == {"verified": True, "errors": []}
    theirs = ask("derive", credential=base, selectivePointers=pointers)
    held_here(theirs)
    assert unsecured(theirs) == unsecured(ours)
    assert verified_there({**ours, "name": "Doctor"}, "ecdsa-sd-2023")["verified"] is False


def test_a_part_that_was_derived_there_is_verified_here() -> None:
    base = issued_there(RICH, "ecdsa-sd-2023", P256, mandatoryPointers=MANDATORY)
    whole = ask("derive", credential=base, selectivePointers=["/credentialSubject"])
    answer = verified_here(whole)
    assert answer.check("signature").code is None
    assert answer.code == "status_unavailable"
    assert answer.claims is not None
    assert verified_here(base).code == "base_proof"
