"""Several proofs on one badge: any one of the issuer suffices; chains and demanded co-signatures must hold."""

from dataclasses import replace

from credentials import data_integrity
from credentials.checks import Outcome
from tests.credential_samples import (
    DAY,
    NOW,
    OTHER,
    SCHOOL,
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
