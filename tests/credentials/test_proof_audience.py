"""For whom, for what and until when a proof was made: challenge, domain, purpose and expiry (SECURITY P19, P20)."""

from datetime import timedelta
from typing import Any

import pytest

from credentials.data_integrity import SUITES, check_times, sign, verify
from credentials.errors import CredentialError
from tests.credential_samples import DAY, NOW, SCHOOL, School, check, material

PRESENTATION: dict[str, Any] = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "type": ["VerifiablePresentation"],
    "holder": "did:web:learner.example",
}
HOLDERS = {
    "eddsa-rdfc-2022": School(),
    "eddsa-jcs-2022": School(),
    "ecdsa-rdfc-2019": School(algorithm="ES384"),
    "ecdsa-jcs-2019": School(algorithm="ES256"),
}
SUITES_FOR_ALL = pytest.mark.parametrize("suite", HOLDERS)


def presented(suite: str, **options: Any) -> dict[str, Any]:
    holder = HOLDERS[suite]
    settings = {"cryptosuite": suite, "verification_method": holder.method, "created": NOW - DAY}
    return sign(PRESENTATION, holder.key, proof_purpose="authentication", **settings | options)


def answered(suite: str, document: dict[str, Any], **expected: Any) -> str | None:
    try:
        verify(document, document["proof"], HOLDERS[suite].key.public_key, proof_purpose="authentication", **expected)
    except CredentialError as refusal:
        return refusal.code
    return None


@SUITES_FOR_ALL
@pytest.mark.parametrize(
    ("made", "expected", "code"),
    [
        ({}, {}, None),
        ({"challenge": "abc"}, {"challenge": "abc"}, None),
        ({"challenge": "abc"}, {"challenge": "abd"}, "challenge_mismatch"),
        ({"challenge": "abc"}, {"challenge": ""}, "challenge_mismatch"),
        ({}, {"challenge": "abc"}, "challenge_mismatch"),
        ({"challenge": "abc", "domain": "bank.example"}, {"challenge": "abc", "domain": "bank.example"}, None),
        ({"domain": "bank.example"}, {"domain": "evil.example"}, "domain_mismatch"),
        ({"domain": "bank.example"}, {"domain": ["bank.example"]}, None),
        ({"domain": ["a.example", "b.example"]}, {"domain": ["b.example", "a.example"]}, None),
        ({"domain": ["a.example", "b.example"]}, {"domain": "a.example"}, "domain_mismatch"),
        ({}, {"domain": "bank.example"}, "domain_mismatch"),
        ({"domain": "bank.example"}, {"domain": []}, "domain_mismatch"),
        ({"challenge": "abc", "domain": "bank.example"}, {}, None),
    ],
)
def test_the_challenge_and_domain_that_are_expected(
    suite: str, made: dict[str, Any], expected: dict[str, Any], code: str | None
) -> None:
    assert answered(suite, presented(suite, **made), **expected) == code


@SUITES_FOR_ALL
@pytest.mark.parametrize(
    "changes", [{"challenge": "abd"}, {"domain": "evil.example"}, {"expires": "2036-01-01T00:00:00Z"}]
)
def test_they_are_part_of_what_is_signed(suite: str, changes: dict[str, Any]) -> None:
    document = presented(suite, challenge="abc", domain="bank.example", expires=NOW + DAY)
    assert answered(suite, {**document, "proof": document["proof"] | changes}) == "bad_signature"
    without = {name: value for name, value in document["proof"].items() if name not in changes}
    assert answered(suite, {**document, "proof": without}) == "bad_signature"


@SUITES_FOR_ALL
@pytest.mark.parametrize(
    ("changes", "member"),
    [
        ({"challenge": 5}, "challenge"),
        ({"challenge": ["abc"]}, "challenge"),
        ({"domain": 5}, "domain"),
        ({"domain": ["a.example", 5]}, "domain"),
        ({"domain": {"a": 1}}, "domain"),
        ({"nonce": {}}, "nonce"),
    ],
)
def test_they_are_texts(suite: str, changes: dict[str, Any], member: str) -> None:
    document = presented(suite, challenge="abc")
    spoilt = {**document, "proof": document["proof"] | changes}
    with pytest.raises(CredentialError) as refusal:
        verify(spoilt, spoilt["proof"], HOLDERS[suite].key.public_key, proof_purpose="authentication")
    assert (refusal.value.code, refusal.value.facts["member"]) == ("malformed_proof", member)


@SUITES_FOR_ALL
@pytest.mark.parametrize("purpose", ["assertionMethod", "keyAgreement", "capabilityInvocation", "pay", "", None, 5, []])
def test_a_proof_for_one_purpose_serves_no_other(suite: str, purpose: Any) -> None:
    document = presented(suite)
    spoilt = {**document, "proof": document["proof"] | {"proofPurpose": purpose}}
    assert answered(suite, spoilt) == "proof_purpose_mismatch"
    badge = HOLDERS[suite].badge()
    settings = {"cryptosuite": suite, "verification_method": HOLDERS[suite].method, "created": NOW - DAY}
    authenticating = sign(badge, HOLDERS[suite].key, proof_purpose="authentication", **settings)
    assert check(authenticating, material(HOLDERS[suite])).code == "proof_purpose_mismatch"


@SUITES_FOR_ALL
def test_p19_an_expired_proof(suite: str) -> None:
    holder, settings = HOLDERS[suite], {"cryptosuite": suite, "created": NOW - 2 * DAY}
    document = sign(
        holder.badge(),
        holder.key,
        verification_method=holder.method,
        expires=NOW,
        **settings,  # type: ignore[arg-type]
    )
    assert check(document, material(holder)).code == "proof_time"
    assert check(document, material(holder), at=NOW - timedelta(seconds=1)).verdict == "valid"
    with pytest.raises(CredentialError):
        check_times(document["proof"][0], NOW)


def test_every_suite_is_among_these_or_has_tests_of_its_own() -> None:
    assert set(SUITES) == {*HOLDERS, "ecdsa-sd-2023"}
    assert SCHOOL.algorithm == "EdDSA"
