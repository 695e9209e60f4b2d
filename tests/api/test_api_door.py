"""Bad input at the door: refused with a stable code, before it is read, and never repeated (N, A07, A16, A19)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.http_world import Http, Speaker, as_json, open_http, outcome, refused

DEEP = b"[" * 100_000 + b"]" * 100_000
SECRET = "123-45-6789-SECRET"


@pytest.fixture
def school(http: Http) -> Speaker:
    return http.school()


BODIES = [
    ("N01 twice", b'{"credits": "1", "credits": "1000"}', 400, "duplicate_json_key"),
    ("N01 by escapes", b'{"credits": "1", "\\u0063redits": "1000"}', 400, "duplicate_json_key"),
    ("N02 NaN", b'{"credits": NaN}', 400, "malformed_number"),
    ("N02 Infinity", b'{"credits": -Infinity}', 400, "malformed_number"),
    ("N02 1e400", b'{"credits": 1e400}', 400, "malformed_number"),
    ("N04 2^53+1", b'{"credits": 9007199254740993}', 422, "out_of_range"),
    ("N04 2^64", b'{"credits": 18446744073709551616}', 422, "out_of_range"),
    ("N04 5000 digits", b'{"credits": ' + b"9" * 5000 + b"}", 422, "out_of_range"),
    ("N05 exponent", as_json(outcome(credits="1e2000000")), 422, "invalid_request"),
    ("N10 deep", DEEP, 400, "too_deep"),
    ("N11 BOM", b"\xef\xbb\xbf" + as_json(outcome()), 400, "malformed_json"),
    ("N11 UTF-16", as_json(outcome()).decode().encode("utf-16"), 400, "malformed_json"),
    ("broken", b'{"credits": ', 400, "malformed_json"),
    ("empty", b"", 400, "body_missing"),
    ("a lone surrogate", b'{"unit": "\\ud800"}', 400, "malformed_json"),
    ("L10 negative", as_json(outcome(credits="-5")), 422, "invalid_request"),
    ("L10 nothing", as_json(outcome(credits="0")), 422, "credits_out_of_range"),
    ("L10 too many", as_json(outcome(credits="100001")), 422, "credits_out_of_range"),
    ("L10 too fine", as_json(outcome(credits="0.0005")), 422, "credits_out_of_range"),
    ("a number for credits", as_json(outcome(credits=3)), 422, "invalid_request"),
    ("mass assignment", as_json(outcome(state="credited", grains=10**9)), 422, "invalid_request"),
    ("year 1", as_json(outcome(valid_until="0001-01-01T00:00:00+14:00")), 422, "invalid_request"),
    ("no offset", as_json(outcome(valid_until="2030-01-01T00:00:00")), 422, "invalid_request"),
]


LATER = ("credits_out_of_range", "invalid_request")
"""What only an outcome can be wrong in: as a deposit, it is no deposit at all."""


@pytest.mark.parametrize("path", ["/v1/credentials", "/v1/deposits"])
def test_bad_json_is_refused_and_nothing_is_booked(
    http: Http, school: Speaker, path: str, subtests: pytest.Subtests
) -> None:
    before = http.world.counts()
    for name, body, status, code in BODIES:
        expected = (status, code) if path == "/v1/credentials" or code not in LATER else (422, "invalid_request")
        with subtests.test(name):
            refused(school.send(path, body, "application/json"), *expected)
    assert http.world.counts() == before


def test_other_types_than_json_are_not_read(school: Speaker, subtests: pytest.Subtests) -> None:
    """A07, N11: a form of another site can send text/plain, and nothing here takes it for JSON."""
    for media_type in (
        "application/evil+json",
        "application/json; charset=utf-16",
        "text/plain",
        "",
        "multipart/form-data",
    ):
        with subtests.test(media_type):
            answer = school.send("/v1/credentials", as_json(outcome()), media_type)
            refused(answer, 415, "unsupported_media_type")


def test_a_deposit_takes_credentials_under_their_own_types_only(school: Speaker) -> None:
    refused(school.send("/v1/deposits", b"x", "application/zip"), 415, "unsupported_media_type")
    refused(school.send("/v1/deposits", b"x", "multipart/form-data; boundary=x"), 415, "unsupported_media_type")
    refused(school.send("/v1/deposits", b"x", "image/png"), 422, "wrong_type")
    for untold in ("", "application/octet-stream"):
        refused(school.send("/v1/deposits", b"x", untold), 422, "malformed_json")
    refused(school.send("/v1/deposits", b"x", "application/pdf"), 422, "wrong_type")


def test_what_takes_no_body_gets_none(http: Http) -> None:
    desk = http.administrator()
    refused(desk.post("/v1/rule-packs/a/1/approval", {}), 400, "unexpected_body")


def test_no_problem_repeats_what_was_sent(http: Http) -> None:
    """A19: neither a value, nor the name of an unknown member, nor the key of a map."""
    desk = http.administrator()
    for body in (
        {"id": SECRET, "kind": SECRET, "name": {SECRET: SECRET}, "country": SECRET, SECRET: SECRET},
        {"identifiers": SECRET},
        SECRET,
    ):
        for path in ("/v1/issuers", "/v1/learners", "/v1/learners/lookup", "/v1/deposits", "/v1/quotes"):
            answer = desk.post(path, body)
            assert answer.status_code == 422
            assert SECRET not in answer.text
    assert SECRET not in desk.get(f"/v1/issuers?cursor={SECRET}").text
    assert SECRET not in desk.get(f"/v1/deposits/{SECRET}").text


def test_a_problem_points_at_what_is_wrong(http: Http) -> None:
    desk = http.administrator()
    problem = refused(desk.post("/v1/issuers", {"id": "x", "kind": "cult"}), 422, "invalid_request")
    found = {(error["pointer"], error["code"]) for error in problem["errors"]}
    assert {("/kind", "literal_error"), ("/name", "missing"), ("/country", "missing")} <= found


@pytest.fixture
def small(database_url: str, tmp_path: Path) -> Iterator[Http]:
    with open_http(database_url, tmp_path, max_body_bytes=65_536) as opened:
        yield opened


def test_a_long_body_is_refused_unread(small: Http) -> None:
    """A16: by its announced length, and where it has none, at the limit."""
    taken: list[int] = []

    def endless() -> Iterator[bytes]:
        for number in range(100):
            taken.append(number)
            yield b"[" * 8_192

    headers = {"Content-Type": "application/json"}
    refused(small.client.post("/v1/verify", content=b"[" * 70_000, headers=headers), 413, "too_large")
    refused(small.client.post("/v1/verify", content=endless(), headers=headers), 413, "too_large")
    refused(small.client.post("/v1/credentials", content=b"[" * 70_000, headers=headers), 413, "too_large")


def test_every_answer_has_its_headers(http: Http) -> None:
    for answer in (http.client.get("/v1/issuers"), http.client.get("/nothing"), http.client.get("/health/live")):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"
        assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_a_request_id_is_taken_over_if_well_formed(http: Http, subtests: pytest.Subtests) -> None:
    for given, kept in (("abc-12345678", True), ("short", False), ("x" * 65, False), ("bad id with space", False)):
        with subtests.test(given):
            found = http.client.get("/health/live", headers={"Request-Id": given}).headers["request-id"]
            assert (found == given) is kept
            assert len(found) >= 8


def test_a_cursor_that_we_did_not_give_out_is_refused(http: Http, subtests: pytest.Subtests) -> None:
    desk = http.administrator()
    for cursor in ("!!!", "WzFd", "W10", "bnVsbA", "WyJhIiwiYiJd", "A"):
        with subtests.test(cursor):
            refused(desk.get(f"/v1/deposits?cursor={cursor}"), 400, "malformed_cursor")


def test_addresses_with_control_characters_lead_nowhere(http: Http, subtests: pytest.Subtests) -> None:
    desk = http.administrator()
    for path in ("/v1/issuers/%00", "/v1/credentials/%00", "/v1/receipts/%00", "/status/%00x", "/log/tile/%00"):
        with subtests.test(path):
            answer = desk.get(path)
            assert answer.status_code in (404, 422)
            assert answer.headers["content-type"] == "application/problem+json"
