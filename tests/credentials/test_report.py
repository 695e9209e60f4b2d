"""What a personnel officer reads: the verdict, the certificate as far as it is vouched for, and each check."""

import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest

from credentials.checks import Check, Outcome, Part, Verification
from credentials.errors import CredentialError
from credentials.read import read
from credentials.report import Report, report, unreadable
from credentials.report_certificate import exact, visible
from credentials.report_sentences import LANGUAGES
from credentials.report_text import headline, plain_text
from tests.credential_samples import DAY, NOW, OTHER, SCHOOL, SECURED, changed, check, material, outcome, with_subject

RIVERSIDE = {SCHOOL.id: {"en": "Riverside College", "ko": "리버사이드 대학"}}
SECRET = "Completely Invented Title"


def told(data: Any, language: str = "en", names: Mapping[str, Mapping[str, str]] = RIVERSIDE, **more: Any) -> Report:
    return report(check(data, **more), more.get("at", NOW), language, names)


@pytest.mark.parametrize("how", SECURED)
def test_a_genuine_certificate_is_told_whole(how: str) -> None:
    found = told(SCHOOL.sign(SCHOOL.badge(), how))
    assert (found.verdict, found.code) == ("valid", None)
    assert found.headline == "This certificate is genuine and in force."
    assert [line.number for line in found.checks] == list(range(1, len(found.checks) + 1))
    assert {line.outcome for line in found.checks} == {Outcome.PASSED}
    assert found.certificate is not None
    assert (found.certificate.title, found.certificate.credits, found.certificate.unit) == ("Welding", "4.5", "ects")
    assert found.certificate.issuer.name == "Riverside College"
    assert found.certificate.issuer.claimed_name is None


def test_it_speaks_the_readers_language() -> None:
    data = SCHOOL.sign(SCHOOL.badge())
    korean = told(data, "ko")
    assert korean.headline == "이 증명서는 진본이며 유효합니다."
    assert korean.certificate is not None
    assert (korean.certificate.title, korean.certificate.issuer.name) == ("용접", "리버사이드 대학")
    assert len({told(data, language).headline for language in LANGUAGES}) == len(LANGUAGES)
    assert "发证" not in plain_text(told(data, "zh-Hans"))
    assert "颁发机构: Riverside College" in plain_text(told(data, "zh-Hans"))


def forged(how: str) -> Any:
    """A badge whose title was changed after signing, in every way of securing it that leaves it readable."""
    signed = json.loads(SCHOOL.sign(SCHOOL.badge(), how))
    return with_subject(signed, achievement=changed(signed["credentialSubject"]["achievement"], name=SECRET))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("how", ["eddsa-jcs-2022", "eddsa-rdfc-2022"])
def test_where_the_signature_fails_only_that_is_told(how: str, language: str) -> None:
    found = told(forged(how), language)
    assert (found.verdict, found.code) == ("invalid", "bad_signature")
    assert [line.name for line in found.checks] == ["signature"]
    assert found.certificate is None
    said = json.dumps(found.to_json(), ensure_ascii=False) + plain_text(found, details=True)
    for word in (SECRET, "Riverside", "리버사이드", SCHOOL.id, "Welding", "college.example"):
        assert word not in said


def test_what_comes_before_the_signature_is_told_alone_too() -> None:
    unsigned = SCHOOL.badge()
    found = told(unsigned)
    assert [(line.name, line.code) for line in found.checks] == [("proof", "no_proof")]
    assert (
        found.headline
        == "Do not rely on this certificate. The certificate is not signed. Anybody could have written it."
    )
    stranger = told(OTHER.sign({**OTHER.badge(), "name": SECRET}), gathered=None)
    assert stranger.verdict == "valid"
    unknown = report(check(OTHER.sign(OTHER.badge()), material(unreachable=frozenset({OTHER.id}))), NOW)
    assert (unknown.verdict, unknown.code) == ("indeterminate", "key_unavailable")
    assert [line.name for line in unknown.checks] == ["key"]
    assert unknown.certificate is None


def test_a_certificate_out_of_date_still_says_what_it_was() -> None:
    found = told(SCHOOL.sign({**SCHOOL.badge(), "validUntil": "2026-06-01T12:00:00Z"}), at=NOW + DAY)
    assert (found.verdict, found.code) == ("invalid", "expired")
    assert found.headline == "Do not rely on this certificate. The certificate has expired."
    assert found.certificate is not None
    assert len(found.checks) > 10


def test_names_come_from_the_register_and_the_claimed_one_stands_beside_it() -> None:
    data = SCHOOL.sign(SCHOOL.badge())
    differs = told(data, names={SCHOOL.id: {"en": "Riverside  COLLEGE"}}).certificate
    assert differs is not None and differs.issuer.claimed_name is None  # capitals and spaces are no difference
    differs = told(data, names={SCHOOL.id: {"en": "Riverside Driving School"}}).certificate
    assert differs is not None
    assert (differs.issuer.name, differs.issuer.claimed_name) == ("Riverside Driving School", "Riverside College")
    unknown = told(data, names={}).certificate
    assert unknown is not None
    assert (unknown.issuer.registered, unknown.issuer.name) == (False, None)
    assert "not in the register" in plain_text(told(data, names={}))


def test_text_cannot_steer_the_terminal_or_the_eye() -> None:
    hostile = "Welding\x1b[2J\u202egnidleW\u200b"
    found = told(SCHOOL.sign(SCHOOL.badge(outcome(name={"en": hostile}))))
    assert found.certificate is not None
    said = plain_text(found)
    for character in ("\x1b", "\u202e", "\u200b"):
        assert character not in said
        assert character not in json.dumps(found.to_json(), ensure_ascii=False)
    assert "\\u202e" in said
    assert visible("क्‍ष \n") == "क्‍ष \\u000a"


def test_a_credential_inside_is_reported_for_itself() -> None:
    whole = check(SCHOOL.sign(SCHOOL.badge()))
    broken = Verification().with_check(Check(0, "signature", Outcome.FAILED, "bad_signature", "No."))
    hidden = Verification((*broken.checks, Check.not_reached("status")))
    outer = Verification(
        whole.checks, whole.claims, (Part("credential", "urn:a", whole), Part("endorsement", "urn:b", hidden))
    )
    found = report(outer, NOW, names) if (names := "en") else None
    assert found is not None
    assert [(part.kind, part.id, part.report.verdict) for part in found.parts] == [
        ("credential", "urn:a", "valid"),
        ("endorsement", None, "invalid"),
    ]
    assert "urn:b" not in plain_text(found)
    unsigned = Verification((*hidden.checks,), None, outer.parts)
    assert report(unsigned, NOW).parts == ()


def test_bytes_that_are_no_certificate_have_a_report_too() -> None:
    with pytest.raises(CredentialError) as refusal:
        read(b"%PDF-1.7 nothing")
    found = report(unreadable(refusal.value), NOW)
    assert (found.verdict, [line.name for line in found.checks]) == ("invalid", ["form"])
    assert headline(found).text.startswith("✗ Do not rely on this certificate.")


def test_the_json_form_is_plain_and_has_a_digest() -> None:
    found = told(SCHOOL.sign(SCHOOL.badge()))
    shape = found.to_json()
    assert json.loads(json.dumps(shape)) == shape
    assert list(shape) == [
        "version", "language", "verified_at", "verdict", "code", "headline", "summary", "advice", "checks",
        "certificate", "parts",
    ]  # fmt: skip
    assert shape["version"] == 1
    assert found.digest() == told(SCHOOL.sign(SCHOOL.badge())).digest()
    assert found.digest() != told(SCHOOL.sign(SCHOOL.badge()), "ko").digest()


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (Fraction(3), "3"),
        (Fraction(9, 2), "4.5"),
        (Fraction(1, 8), "0.125"),
        (Fraction(20, 3), "20/3"),
        (Fraction(1, 1000), "0.001"),
        (Fraction(-7, 20), "-0.35"),
        (Fraction(0), "0"),
        (Fraction(100), "100"),
        (None, None),
    ],
)
def test_amounts_are_exact(amount: Fraction | None, text: str | None) -> None:
    assert exact(amount) == text
