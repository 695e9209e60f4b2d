"""Token Status List: what a token's `status` claim points to, in the draft's own examples and in every wrong shape."""

import zlib
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from credentials.checks import Verification
from credentials.errors import StatusInvalid
from credentials.multibase import base64url_encode
from credentials.token_status_list import value_at
from tests.credential_samples import DAY, NOW, OTHER, SCHOOL, check, material
from tests.sd_jwt_samples import BADGE, VCT, jws, sd_jwt

URI = "https://college.example/statuslists/1"
PLAIN = {"iss": SCHOOL.id, "vct": VCT, "iat": int((NOW - DAY).timestamp())}
# 0, 1, 2 and 3 in two bits each, the first in the right-most two
VALUES = bytes([0b11_10_01_00])


def packed(values: bytes) -> str:
    return base64url_encode(zlib.compress(values))


def status_list(typ: str = "statuslist+jwt", key: Any = SCHOOL.key, kid: str = SCHOOL.method, **claims: Any) -> str:
    listed = {"bits": 2, "lst": packed(VALUES)}
    said = {"sub": URI, "iat": int((NOW - DAY).timestamp()), "status_list": listed, **claims}
    kept = {name: value for name, value in said.items() if value is not None}
    return jws(kept, key, typ=typ, kid=kid)


def looked_up(index: Any, token: Any = None, badge: bool = False, age: timedelta = timedelta(0)) -> Verification:
    reference = {"status": {"status_list": {"idx": index, "uri": URI}}}
    given = sd_jwt({**(BADGE if badge else PLAIN), **reference}, typ="vc+sd-jwt" if badge else "dc+sd-jwt")
    known = material(SCHOOL, OTHER)
    if token is not None:
        known = replace(known, documents={URI: token}, documents_fetched_at={URI: NOW - age})
    return check(given, known)


@pytest.mark.parametrize(
    ("size", "text", "values"),
    [
        (1, "eNrbuRgAAhcBXQ", [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1]),
        (2, "eNo76fITAAPfAgc", [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3]),
    ],
)
def test_the_examples_of_the_draft(size: int, text: str, values: list[int]) -> None:
    found = {"bits": size, "lst": text}
    assert [value_at(found, index) for index in range(len(values))] == values
    with pytest.raises(StatusInvalid) as refusal:
        value_at(found, len(values))
    assert refusal.value.code == "range_error"


@pytest.mark.parametrize("badge", [False, True])
@pytest.mark.parametrize(
    ("index", "verdict", "code"),
    [
        (0, "valid", None),
        (1, "invalid", "revoked"),
        (2, "invalid", "suspended"),
        (3, "indeterminate", "status_type_unsupported"),
        (4, "invalid", "range_error"),
        (-1, "invalid", "range_error"),
        (True, "invalid", "range_error"),
        ("0", "invalid", "range_error"),
    ],
)
def test_the_value_decides(index: Any, verdict: str, code: str | None, badge: bool) -> None:
    answer = looked_up(index, status_list(), badge)
    assert (answer.verdict, answer.code) == (verdict, code)
    if not badge or verdict != "valid":
        assert answer.check("status").code == code


def test_a_badge_whose_token_is_in_order_makes_its_claims() -> None:
    claims = looked_up(0, status_list(), badge=True).claims
    assert claims is not None
    assert claims.credits_earned is not None


@pytest.mark.parametrize(
    ("token", "code"),
    [
        (None, "status_unavailable"),
        ({"status_list": {"bits": 1, "lst": packed(bytes(9))}}, "status_unverified"),
        ("not a token", "status_unverified"),
        (status_list(typ="JWT"), "status_unverified"),
        (status_list(typ="vc+jwt"), "status_unverified"),
        (status_list(key=OTHER.key), "status_unverified"),
        (status_list(key=OTHER.key, kid=OTHER.method), "status_unverified"),
        (status_list(sub="https://college.example/statuslists/2"), "status_unverified"),
        (status_list(sub=None), "status_unverified"),
        (status_list(iat=None), "status_unverified"),
        (status_list(iat=int((NOW + DAY).timestamp())), "status_unverified"),
        (status_list(exp=int(NOW.timestamp())), "status_stale"),
        (status_list(exp="tomorrow"), "status_unverified"),
        (status_list(status_list=None), "status_unverified"),
        (status_list(status_list={"bits": 3, "lst": packed(VALUES)}), "status_unverified"),
        (status_list(status_list={"bits": True, "lst": packed(VALUES)}), "status_unverified"),
        (status_list(status_list={"bits": 2, "lst": "%%%"}), "status_unverified"),
        (status_list(status_list={"bits": 2, "lst": base64url_encode(b"no zlib")}), "status_unverified"),
        (
            status_list(status_list={"bits": 2, "lst": base64url_encode(zlib.compress(VALUES)[:-2])}),
            "status_unverified",
        ),
        (
            status_list(status_list={"bits": 2, "lst": base64url_encode(zlib.compress(VALUES) + b"x")}),
            "status_unverified",
        ),
    ],
)
def test_a_list_that_cannot_be_relied_on_decides_nothing(token: Any, code: str) -> None:
    answer = looked_up(0, token)
    assert (answer.verdict, answer.code) == ("indeterminate", code)


def test_a_list_that_unpacks_without_end_is_refused() -> None:
    bomb = status_list(status_list={"bits": 1, "lst": packed(bytes(17 * 1_048_576))})
    assert looked_up(0, bomb).check("status").code == "too_large"


@pytest.mark.parametrize(
    ("age", "verdict"), [(timedelta(seconds=60), "valid"), (timedelta(seconds=61), "indeterminate")]
)
def test_a_list_is_kept_for_as_long_as_it_says(age: timedelta, verdict: str) -> None:
    assert looked_up(0, status_list(ttl=60), age=age).verdict == verdict


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ({"identifier_list": {"id": "1"}}, "status_type_unsupported"),
        ({"status_list": {"idx": 0, "uri": URI}, "other": {}}, "status_type_unsupported"),
        ({"status_list": {"idx": 0, "uri": "http://college.example/1"}}, "malformed_claim"),
        ({"status_list": {"idx": 0}}, "malformed_claim"),
        ({"status_list": {"idx": 0, "uri": "https://a@college.example/1"}}, "malformed_claim"),
    ],
)
def test_a_reference_of_another_shape_is_not_followed(status: Any, code: str) -> None:
    assert check(sd_jwt({**PLAIN, "status": status}, typ="dc+sd-jwt")).check("status").code == code


def test_the_type_of_a_list_may_be_written_in_full() -> None:
    assert looked_up(0, status_list("application/statuslist+jwt")).verdict == "valid"
    assert looked_up(1, status_list("application/statuslist+jwt")).code == "revoked"
