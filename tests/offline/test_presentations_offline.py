"""A presentation handed in as a file: the holder's proof, and every credential with its own issuer's accreditation."""

from collections.abc import Sequence

import pytest

from credentials.canonical import jcs
from credentials.checks import Outcome, Verification
from credentials.presentation import presentation, sign, to_vp_jwt
from credentials.strict_json import loads
from creditbank.offline.judging import Judge
from creditbank.offline.presented import Occasion
from creditbank.trust_bundle import read_bundle
from tests.credential_samples import DAY, NOW, OTHER, did_key_school
from tests.offline.offline_world import PIN, badge, bundle, forged

HOLDER = did_key_school()
ASKED = Occasion("what-was-asked", "employer.example")


def shown(*credentials: bytes, challenge: str = "what-was-asked") -> bytes:
    document = presentation([loads(one) for one in credentials], holder=HOLDER.id)  # type: ignore[misc]
    signed = sign(
        document,
        HOLDER.key,
        verification_method=HOLDER.method,
        created=NOW - DAY,
        challenge=challenge,
        domain="employer.example",
    )
    return jcs(signed)


def judged(data: bytes, occasion: Occasion = ASKED) -> Verification:
    return Judge(read_bundle(bundle(), PIN), occasion=occasion).verification(data, None, NOW)


def test_a_presentation_is_as_good_as_what_is_in_it() -> None:
    found = judged(shown(badge()))
    assert (found.verdict, [part.verification.verdict for part in found.parts]) == ("valid", ["valid"])
    assert found.check("challenge").outcome is Outcome.PASSED
    assert found.check("trust_bundle").outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("credentials", "verdict", "code"),
    [
        ([badge(), forged()], "invalid", "credential_not_valid"),
        ([badge(), OTHER.sign(OTHER.badge())], "indeterminate", "credential_undecided"),
        ([HOLDER.sign(HOLDER.badge())], "indeterminate", "credential_undecided"),  # by nobody in particular
    ],
)
def test_and_no_better(credentials: Sequence[bytes], verdict: str, code: str) -> None:
    found = judged(shown(*credentials))
    assert (found.verdict, found.code) == (verdict, code)


@pytest.mark.parametrize(
    ("occasion", "code"),
    [
        (Occasion("another", "employer.example"), "challenge_mismatch"),
        (Occasion("what-was-asked", "other.example"), "domain_mismatch"),
        (Occasion("what-was-asked"), "domain_mismatch"),
    ],
)
def test_it_was_made_for_this_occasion(occasion: Occasion, code: str) -> None:
    assert judged(shown(badge()), occasion).code == code


def test_where_nobody_asked_that_is_noted() -> None:
    found = judged(shown(badge()), Occasion(domain="employer.example"))
    assert found.verdict == "valid"
    assert found.check("challenge").code == "challenge_missing"
    assert found.check("challenge").outcome is Outcome.WARNING


def test_one_as_jwt_is_read_too() -> None:
    document = presentation([loads(badge())], holder=HOLDER.id)  # type: ignore[list-item]
    token = to_vp_jwt(
        document, HOLDER.key, key_id=HOLDER.method, audience="employer.example", challenge="n", issued_at=NOW
    )
    assert judged(token.encode(), Occasion("n", "employer.example")).verdict == "valid"


def test_one_with_nothing_in_it_is_not_valid() -> None:
    document = {"@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiablePresentation"]}
    made = {"verification_method": HOLDER.method, "created": NOW - DAY, "challenge": "a", "domain": "b"}
    found = judged(jcs(sign({**document, "holder": HOLDER.id}, HOLDER.key, **made)), Occasion("a", "b"))  # type: ignore[arg-type]
    assert (found.verdict, found.code) == ("invalid", "no_credential")


def test_one_that_nobody_signed_proves_nothing() -> None:
    document = presentation([loads(badge())], holder=HOLDER.id)  # type: ignore[list-item]
    assert judged(jcs(document)).code == "no_proof"
