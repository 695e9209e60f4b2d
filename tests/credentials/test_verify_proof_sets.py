"""Several proofs on one badge: any one of the issuer suffices; chains and demanded co-signatures must hold."""

from dataclasses import replace
from typing import Any

import pytest

from credentials import data_integrity
from credentials.checks import Outcome
from tests.credential_samples import (
    DAY,
    NOW,
    OTHER,
    SCHOOL,
    School,
    check,
    material,
)

BADGE = SCHOOL.badge()


def test_any_one_proof_of_the_issuer_suffices_and_the_others_are_reported() -> None:
    both = OTHER.prove(SCHOOL.prove(BADGE))
    answer = check({**both, "proof": both["proof"][::-1]})
    assert answer.verdict == "valid"
    assert (answer.check("proof_1").outcome, answer.check("proof_1").code) == (Outcome.WARNING, "controller_mismatch")


def test_the_issuers_proof_suffices_when_the_co_signers_was_taken_away() -> None:
    assert check(SCHOOL.prove(BADGE)).verdict == "valid"
    alone = OTHER.prove(SCHOOL.prove(BADGE))
    assert check({**alone, "proof": alone["proof"][1:]}).code == "controller_mismatch"


def test_a_co_signature_that_a_policy_demands_must_be_there_and_hold() -> None:
    both = OTHER.prove(SCHOOL.prove(BADGE))
    demanded = replace(material(SCHOOL, OTHER), required_signers=frozenset({OTHER.id}))
    assert check(both, demanded).verdict == "valid"
    assert check(SCHOOL.prove(BADGE), demanded).code == "missing_required_signer"
    both["proof"][1]["proofValue"] = both["proof"][0]["proofValue"]
    assert check(both, demanded).code == "missing_required_signer"


def test_a_chain_of_proofs_holds_only_whole() -> None:
    first = OTHER.bare_proof(BADGE, id="urn:proof:1")
    how = {"cryptosuite": "eddsa-jcs-2022", "verification_method": SCHOOL.method, "previous_proof": "urn:proof:1"}
    signed = data_integrity.sign({**BADGE, "proof": [first]}, SCHOOL.key, created=NOW - DAY, **how)
    last = signed["proof"][1]
    assert check(signed).verdict == "valid"
    assert check({**signed, "proof": [last]}).code == "proof_chain"
    broken = {**first, "proofValue": last["proofValue"]}
    assert check({**signed, "proof": [last, broken]}).code == "bad_signature"
    assert check(signed, material(SCHOOL)).code == "proof_chain"


def all_demanded(*schools: School, **more: Any) -> Any:
    return material(*schools, all_proofs=True, **more)


def test_where_all_proofs_must_hold_one_that_fails_ends_it() -> None:
    """Data Integrity 1.0, 4.5, against Open Badges 3.0, where any one suffices."""
    both = SCHOOL.prove(SCHOOL.prove(BADGE, "eddsa-jcs-2022"), "eddsa-rdfc-2022")
    assert check(both, all_demanded(SCHOOL)).verdict == "valid"
    for place in (0, 1):
        spoilt = [dict(proof) for proof in both["proof"]]
        spoilt[place]["created"] = "2026-01-01T00:00:00Z"
        assert check({**both, "proof": spoilt}, material(SCHOOL)).verdict == "valid"
        answer = check({**both, "proof": spoilt}, all_demanded(SCHOOL))
        assert (answer.verdict, answer.code, answer.claims) == ("invalid", "bad_signature", None)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"type": "Ed25519Signature2018"}, "unsupported_cryptosuite"),
        ({"expires": "2026-01-01T00:00:00Z"}, "bad_signature"),
        ({"proofPurpose": "authentication"}, "proof_purpose_mismatch"),
        ({"verificationMethod": "did:web:nobody.example#key-1"}, "controller_mismatch"),
        ({"previousProof": "urn:proof:9"}, "proof_chain"),
    ],
)
def test_where_all_must_hold_each_is_looked_at(change: dict[str, Any], code: str) -> None:
    both = SCHOOL.prove(SCHOOL.prove(BADGE))
    document = {**both, "proof": [both["proof"][0], both["proof"][1] | change]}
    assert check(document, material(SCHOOL)).verdict == "valid"
    assert check(document, all_demanded(SCHOOL)).code == code


def test_where_all_must_hold_one_that_cannot_be_checked_leaves_it_open() -> None:
    compromised = School(seed=3, name="key-3", registered={"compromised_from": NOW})
    both = compromised.prove(SCHOOL.prove(BADGE))
    known = (SCHOOL, compromised)
    assert check(both, material(*known)).verdict == "valid"
    answer = check(both, all_demanded(*known))
    assert (answer.verdict, answer.code) == ("indeterminate", "signing_time_unproven")


def chain(*links: School, suites: tuple[str, ...], **first: Any) -> dict[str, Any]:
    """Each proof builds on all before it."""
    document = dict(BADGE)
    for number, (school, suite) in enumerate(zip(links, suites, strict=True), 1):
        before = [f"urn:proof:{earlier}" for earlier in range(1, number)]
        document = data_integrity.sign(
            document,
            school.key,
            cryptosuite=suite,
            verification_method=school.method,
            created=NOW - DAY,
            proof_id=f"urn:proof:{number}",
            previous_proof=(before if len(before) > 1 else before[0]) if before else None,
            **(first if number == 1 else {}),
        )
    return document


P256 = School(id=SCHOOL.id, algorithm="ES256", name="key-256")
P384 = School(id=SCHOOL.id, algorithm="ES384", name="key-384")
SUITES = ("eddsa-rdfc-2022", "ecdsa-jcs-2019", "ecdsa-rdfc-2019")


def test_a_chain_over_several_suites() -> None:
    signed = chain(OTHER, P256, P384, suites=SUITES)
    known = (SCHOOL, OTHER, P256, P384)
    assert check(signed, material(*known)).verdict == "valid"
    first, second, third = signed["proof"]
    answer = check({**signed, "proof": [third, second]}, material(*known))
    assert answer.code == "proof_chain"
    assert check({**signed, "proof": [third, first]}, material(*known)).code == "proof_chain"
    assert check({**signed, "proof": [second, first]}, material(*known)).verdict == "valid"


@pytest.mark.parametrize(
    ("made", "registered", "code"),
    [
        ({"expires": NOW}, {}, "proof_chain"),
        ({}, {"retired_at": NOW - 2 * DAY}, "proof_chain"),
        ({}, {"compromised_from": NOW - 2 * DAY}, "proof_chain"),
        ({}, {"compromised_from": NOW}, "signing_time_unproven"),
        ({"proof_purpose": "authentication"}, {}, "proof_chain"),
    ],
)
def test_p14_what_a_chain_builds_on_must_hold_too(made: dict[str, Any], registered: dict[str, Any], code: str) -> None:
    witness = School(id=OTHER.id, seed=2, registered=registered)
    signed = chain(witness, P256, suites=SUITES[:2], **made)
    assert check({**signed, "proof": signed["proof"][1:] + signed["proof"][:1]}, material(witness, P256)).code == code


def test_p14_a_chain_that_bites_its_tail() -> None:
    first, second = OTHER.bare_proof(BADGE, id="urn:proof:1", previousProof="urn:proof:2"), None
    settings = {"cryptosuite": "eddsa-jcs-2022", "verification_method": SCHOOL.method, "previous_proof": "urn:proof:1"}
    signed = data_integrity.sign(
        {**BADGE, "proof": [first]}, SCHOOL.key, created=NOW - DAY, proof_id="urn:proof:2", **settings
    )
    second = signed["proof"][1]
    assert check({**signed, "proof": [second, first]}).code == "proof_chain"
    own = SCHOOL.bare_proof(BADGE, id="urn:proof:1", previousProof="urn:proof:1")
    assert check({**BADGE, "proof": [own]}).code == "proof_chain"


def test_where_all_proofs_must_hold_a_witness_may_sign_beside_the_issuer_if_that_proof_holds() -> None:
    """A notary's proof is not the issuer's, and need not be; the issuer's own must still be there."""
    both = OTHER.prove(SCHOOL.prove(BADGE))
    assert check(both, all_demanded(SCHOOL, OTHER)).verdict == "valid"
    assert check({**both, "proof": both["proof"][1:]}, all_demanded(SCHOOL, OTHER)).code == "controller_mismatch"
    both["proof"][1]["created"] = "2026-01-01T00:00:00Z"
    assert check(both, all_demanded(SCHOOL, OTHER)).code == "bad_signature"
