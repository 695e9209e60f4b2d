"""What is told at the top of a record or a presentation: how many certificates, how they stand, and each in a line."""

from dataclasses import replace
from typing import Any

import pytest

from credentials.checks import Check, Outcome, Part, Verdict, Verification
from credentials.report import Report, report
from credentials.report_sentences import LANGUAGES, sentences
from credentials.report_summary import summary
from credentials.report_text import contents, plain_text
from tests.credential_samples import LEARNER, NOW, SCHOOL, check

NAMES = {SCHOOL.id: {"en": "Riverside College"}}
HEAD = Verification().with_check(Check.passed("signature"))
GOOD = check(SCHOOL.sign(SCHOOL.badge()))


def standing(code: str | None, outcome: Outcome = Outcome.FAILED) -> Verification:
    """A certificate whose signature holds, with this one thing the matter."""
    return GOOD if code is None else GOOD.with_check(Check(0, "status", outcome, code, "No."))


def holding(*inside: Verification, by: str = "inner_credentials") -> Verification:
    """What holds these certificates, with the check that a record or a presentation makes of them."""
    parts = tuple(Part("credential", f"urn:uuid:{number}", one) for number, one in enumerate(inside))
    worst = next((one for one in inside if one.verdict != "valid"), None)
    outcome = Outcome.FAILED if worst else Outcome.PASSED
    made = HEAD.with_check(Check(0, by, outcome, "inner_credential_invalid" if worst else None))
    return replace(made, parts=parts)


def told(verification: Verification, language: str = "en") -> Report:
    return report(verification, NOW, language, NAMES)


def test_the_certificates_are_counted_by_how_they_stand() -> None:
    found = told(holding(*[GOOD] * 11, standing("revoked")))
    assert found.summary == "12 certificates, 11 valid, 1 withdrawn"
    assert found.to_json()["summary"] == found.summary
    assert told(holding(GOOD)).summary == "1 certificate, 1 valid"
    assert told(GOOD).summary is None


@pytest.mark.parametrize(
    ("code", "outcome", "said"),
    [
        ("reversed", Outcome.FAILED, "1 withdrawn"),
        ("suspended", Outcome.FAILED, "1 suspended"),
        ("expired", Outcome.FAILED, "1 expired"),
        ("bad_signature", Outcome.FAILED, "1 not to be relied on"),
        ("status_stale", Outcome.COULD_NOT_BE_CHECKED, "1 undecided"),
    ],
)
def test_each_standing_has_its_word(code: str, outcome: Outcome, said: str) -> None:
    assert summary([standing(code, outcome)], sentences("en")) == f"1 certificate, {said}"


def test_every_language_counts_in_its_own_words() -> None:
    said = {told(holding(GOOD, GOOD, standing("revoked")), language).summary for language in LANGUAGES}
    assert len(said) == len(LANGUAGES)
    assert "共 3 份证书，2 份有效，1 份已撤销" in said


def test_each_certificate_is_named_at_the_top_and_so_is_the_learner() -> None:
    said = plain_text(told(holding(GOOD, standing("revoked"))))
    top = said.partition("Inside it")[0]
    assert f"  Awarded to: {LEARNER}\n" in top
    assert "  Certificates inside: 2 certificates, 1 valid, 1 withdrawn\n" in top
    assert "    ✓ Welding, 4.5 ects, Riverside College\n" in top
    assert "    ✗ Welding, 4.5 ects, Riverside College: Do not rely on this certificate. The institution" in top


def test_what_no_signature_vouches_for_is_counted_and_not_named() -> None:
    forged = HEAD.with_check(Check(0, "signature", Outcome.FAILED, "bad_signature")).with_check(
        Check.not_reached("status")
    )
    found = told(holding(GOOD, forged))
    assert found.summary == "2 certificates, 1 valid, 1 not to be relied on"
    assert [line.text.partition(",")[0].partition(".")[0] for line in contents(found)] == [
        "✓ Welding",
        "✗ Do not rely on this certificate",
    ]


def test_a_record_in_a_presentation_counts_as_one_and_is_opened() -> None:
    found = told(holding(holding(GOOD, GOOD), GOOD))
    assert found.summary == "2 certificates, 2 valid"
    assert [line.text[:14] for line in contents(found)] == [
        "✓ 2 certificat", "  ✓ Welding, 4", "  ✓ Welding, 4", "✓ Welding, 4.5",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("inside", "verdict", "headline"),
    [
        (GOOD, "valid", "This presentation is genuine, and every certificate in it is in force."),
        (standing("revoked"), "invalid", "Do not rely on this presentation. "),
    ],
)
def test_a_presentation_is_called_one(inside: Any, verdict: Verdict, headline: str) -> None:
    presented = holding(inside, by="credentials").with_check(Check.passed("holder_binding"))
    found = told(presented)
    assert found.verdict == verdict
    assert found.headline.startswith(headline)
    assert told(holding(GOOD)).headline == "This certificate is genuine and in force."
