"""Revocation and suspension: every entry is looked up, and no list makes a badge valid that cannot be relied on."""

import json
from typing import Any

import pytest

from credentials.checks import Outcome, Verification
from credentials.credential import Credential
from credentials.read import read
from credentials.status_list import MIN_ENTRIES, StatusEntry
from credentials.verify import verify
from tests.credential_samples import DAY, LIST_URL, NOW, SECURED, School, changed, did_key_school, material, revocable

SCHOOL = School()
OTHER = School(id="did:web:other.example", seed=2)
SUSPENSIONS = "https://bank.example/status/2"
BADGE = SCHOOL.badge(status_entries=[revocable()])


def check(
    document: dict[str, Any], lists: dict[str, Credential], how: str = "eddsa-jcs-2022", **more: Any
) -> Verification:
    return verify(read(SCHOOL.sign(document, how)), material(SCHOOL, OTHER, lists=lists, **more), NOW)


def status(entry: dict[str, Any], **lists: Credential) -> Verification:
    return check({**SCHOOL.badge(), "credentialStatus": entry}, {LIST_URL: SCHOOL.status_list()} | lists, "vc-jwt")


@pytest.mark.parametrize("how", SECURED)
def test_a_badge_whose_bit_is_clear_is_valid(how: str) -> None:
    answer = check(BADGE, {LIST_URL: SCHOOL.status_list(94_566, 94_568)}, how)
    assert (answer.verdict, answer.check("status").outcome) == ("valid", Outcome.PASSED)


@pytest.mark.parametrize("how", SECURED)
@pytest.mark.parametrize(("purpose", "code"), [("revocation", "revoked"), ("suspension", "suspended")])
def test_a_badge_whose_bit_is_set_is_invalid_and_still_says_what_it_was(how: str, purpose: str, code: str) -> None:
    badge = SCHOOL.badge(status_entries=[revocable(purpose)])
    answer = check(badge, {LIST_URL: SCHOOL.status_list(94_567, purpose=purpose)}, how)
    assert (answer.verdict, answer.code) == ("invalid", code)
    assert answer.claims is not None
    assert answer.claims.status_entries == (revocable(purpose),)


def test_every_entry_is_looked_up_not_only_the_first() -> None:
    entries = [revocable(), StatusEntry("suspension", SUSPENSIONS, 5)]
    badge = SCHOOL.badge(status_entries=entries)
    suspended = SCHOOL.status_list(5, purpose="suspension", id=SUSPENSIONS)
    lists = {LIST_URL: SCHOOL.status_list(), SUSPENSIONS: suspended}
    assert check(badge, lists).code == "suspended"
    assert [one.outcome for one in check(badge, lists).checks if one.name == "status"] == ["passed", "failed"]


def test_a_list_that_could_not_be_had_leaves_the_verdict_open() -> None:
    answer = check(BADGE, {})
    assert (answer.verdict, answer.code) == ("indeterminate", "status_unavailable")
    assert answer.claims is not None


def test_blocking_one_of_two_lists_does_not_keep_a_badge_alive() -> None:
    badge = SCHOOL.badge(status_entries=[revocable(), StatusEntry("suspension", SUSPENSIONS, 5)])
    assert check(badge, {LIST_URL: SCHOOL.status_list()}).verdict == "indeterminate"
    assert check(badge, {LIST_URL: SCHOOL.status_list(94_567)}).verdict == "invalid"


GOOD = SCHOOL.status_list()


def altered(**members: Any) -> Credential:
    return read(json.dumps(changed(GOOD.document, **members)).encode())


def broken_signature() -> Credential:
    return altered(credentialSubject=SCHOOL.status_list(94_567).document["credentialSubject"])


def signed(**members: Any) -> Credential:
    return SCHOOL.status_list(**members)


@pytest.mark.parametrize(
    ("status_list", "verdict", "code"),
    [
        (altered(proof=None), "indeterminate", "status_unverified"),
        (broken_signature(), "indeterminate", "status_unverified"),
        (School(seed=9).status_list(), "indeterminate", "status_unverified"),
        (SCHOOL.status_list(id="https://bank.example/status/9"), "indeterminate", "status_unverified"),
        (OTHER.status_list(), "invalid", "status_list_issuer_mismatch"),
        (did_key_school().status_list(), "invalid", "status_list_issuer_mismatch"),
        (SCHOOL.status_list(purpose="suspension"), "invalid", "status_purpose_mismatch"),
        (signed(validUntil="2026-05-31T23:00:00Z"), "indeterminate", "status_stale"),
        (signed(validFrom="2026-06-01T13:00:00Z"), "indeterminate", "status_stale"),
        (signed(credentialStatus=revocable().document()), "indeterminate", "status_recursion"),
        (read(SCHOOL.sign(SCHOOL.badge())), "indeterminate", "status_unverified"),
    ],
    ids=[
        "unsigned",
        "tampered",
        "forged",
        "other list",
        "other issuer",
        "stranger",
        "other purpose",
        "stale",
        "from the future",
        "with a status",
        "no list",
    ],
)
def test_a_list_that_cannot_be_relied_on_never_makes_a_badge_valid(
    status_list: Credential, verdict: str, code: str
) -> None:
    answer = check(BADGE, {LIST_URL: status_list})
    assert (answer.verdict, answer.code) == (verdict, code)


def test_a_list_signed_by_a_compromised_key_is_not_relied_on() -> None:
    school = School(registered={"compromised_from": NOW - 10 * DAY})
    badge, lists = school.sign(BADGE), {LIST_URL: school.status_list()}
    answer = verify(read(badge), material(school, lists=lists), NOW)
    assert answer.verdict == "invalid"
    key_2 = School(name="key-2", seed=5)
    fresh = verify(read(key_2.sign(BADGE)), material(school, key_2, lists=lists), NOW)
    assert (fresh.verdict, fresh.code) == ("indeterminate", "status_unverified")


ENTRY = revocable().document()


@pytest.mark.parametrize(
    ("changes", "verdict", "code"),
    [
        ({"statusListIndex": "-1"}, "invalid", "range_error"),
        ({"statusListIndex": "-128"}, "invalid", "range_error"),
        ({"statusListIndex": str(MIN_ENTRIES)}, "invalid", "range_error"),
        ({"statusListIndex": 94_567}, "invalid", "range_error"),
        ({"type": "RevocationList2020Status"}, "indeterminate", "status_type_unsupported"),
        ({"statusPurpose": None}, "invalid", "malformed_credential"),
        ({"statusSize": 2}, "invalid", "malformed_credential"),
    ],
)
def test_an_entry_that_cannot_be_followed_never_makes_a_badge_valid(
    changes: dict[str, Any], verdict: str, code: str
) -> None:
    forged = {**SCHOOL.badge(), "credentialStatus": [ENTRY, {**ENTRY, "id": f"{LIST_URL}#b", **changes}]}
    answer = check_unsafely_signed(forged)
    assert (answer.verdict, answer.code) == (verdict, code)


def check_unsafely_signed(document: dict[str, Any]) -> Verification:
    data = json.dumps({**document, "proof": SCHOOL.bare_proof(document)}).encode()
    return verify(read(data), material(SCHOOL, lists={LIST_URL: GOOD}), NOW)


@pytest.mark.parametrize(("age", "verdict"), [(0.9, "valid"), (1.1, "indeterminate")])
def test_a_list_is_stale_when_its_time_to_live_is_over(age: float, verdict: str) -> None:
    subject = {**GOOD.document["credentialSubject"], "ttl": 86_400_000}
    lists = {LIST_URL: signed(credentialSubject=subject)}
    answer = check(BADGE, lists, status_fetched_at={LIST_URL: NOW - age * DAY})
    assert answer.verdict == verdict
