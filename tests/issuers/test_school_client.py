"""A school's client against a bank of the test's own that speaks the same HTTP."""

import base64
import itertools
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from credentials.keys import PrivateKey
from credentials.open_badges import OutcomeDraft
from credentials.read import read
from issuers.access_token import issue_access_token, verify_access_token
from issuers.client import CredentialSigner, Deposit, SchoolClient, bake
from issuers.client_assertion import verify_client_assertion
from issuers.errors import BankError, TokenError

BASE = "https://bank.example"
START = datetime(2026, 6, 1, tzinfo=UTC)
SCHOOL_KEY, BANK_KEY, BADGE_KEY = (PrivateKey.generate(name) for name in ("ES256", "EdDSA", "EdDSA"))
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8"/></svg>'


class Bank:
    """Checks assertions and tokens as the real one does, and answers as the test wishes."""

    def __init__(self) -> None:
        self.now = START
        self.seen: list[httpx.Request] = []
        self.assertions: set[str] = set()
        self.answers: list[httpx.Response | Exception] = []
        self.slept: list[float] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/oauth/token":
            return self.grant(parse_qs(request.content.decode()))
        self.seen.append(request)
        if self.answers:
            return self.scripted()
        token = request.headers["Authorization"].removeprefix("Bearer ")
        try:
            known = {BANK_KEY.public_key.thumbprint(): BANK_KEY.public_key}
            verify_access_token(token, known, issuer=BASE, audience=BASE, at=self.now)
        except TokenError as error:
            return httpx.Response(401, json={"code": error.code, "detail": error.message})
        return httpx.Response(201, json={"outcome": "credited"})

    def scripted(self) -> httpx.Response:
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def grant(self, form: dict[str, list[str]]) -> httpx.Response:
        assert form["grant_type"] == ["client_credentials"]
        keys = {SCHOOL_KEY.public_key.thumbprint(): SCHOOL_KEY.public_key}
        proof = verify_client_assertion(
            form["client_assertion"][0], keys, client_id="college", audiences={f"{BASE}/oauth/token"}, at=self.now
        )
        assert proof.token_id not in self.assertions, "each assertion is used once"
        self.assertions.add(proof.token_id)
        token = issue_access_token(
            BANK_KEY,
            issuer=BASE,
            audience=BASE,
            client_id="college",
            scopes=form["scope"][0].split(),
            token_id=proof.token_id,
            at=self.now,
        )
        return httpx.Response(200, json={"access_token": token, "token_type": "Bearer", "expires_in": 600})

    def client(self) -> SchoolClient:
        ids = itertools.count()
        return SchoolClient(
            BASE,
            "college",
            SCHOOL_KEY,
            clock=lambda: self.now,
            new_id=lambda: f"id-{next(ids)}",
            scopes=["deposits:write"],
            http=httpx.Client(transport=httpx.MockTransport(self)),
            waits=(0.5, 1.0),
            sleep=self.slept.append,
        )


@pytest.fixture
def bank() -> Bank:
    return Bank()


OUTCOME = OutcomeDraft(
    achievement_id="urn:welding",
    name={"ko": "용접 기초", "en": "Welding basics"},
    description={"en": "Two weeks in the workshop"},
    criteria={"en": "A seam that holds"},
    credits=Fraction(3, 2),
    unit="ects",
    subject_id="did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK",
)


def badge() -> str:
    signer = CredentialSigner("did:web:college.example", {"en": "College"}, BADGE_KEY)
    return signer.sign(OUTCOME, credential_id="urn:uuid:5a1f", valid_from=START)


def test_a_school_signs_bakes_and_deposits(bank: Bank) -> None:
    image = bake(SVG, badge())
    credential = read(image)
    assert credential.issuer_id == "did:web:college.example"
    assert credential.jws is not None
    assert credential.jws.header["kid"] == f"did:web:college.example#{BADGE_KEY.public_key.multibase()}"
    BADGE_KEY.public_key.verify(credential.jws.signature, credential.jws.signing_input)
    answer = bank.client().deposit(Deposit(image, [("studentNumber", "2026-0042")]))
    assert answer == {"outcome": "credited"}
    body = json.loads(bank.seen[0].content)
    assert body["credential"].encode() == image, "the bytes as signed"
    assert body["identifiers"] == [{"type": "studentNumber", "value": "2026-0042"}]


def test_an_image_in_png_travels_in_base64() -> None:
    image = b"\x89PNG\r\n\x1a\n\xff\x00"
    assert base64.b64decode(Deposit(image).body()["credential_base64"]) == image


def test_one_token_serves_until_shortly_before_it_dies(bank: Bank) -> None:
    client = bank.client()
    for minutes, tokens in [(0, 1), (9, 1), (9.5, 2), (12, 2)]:
        bank.now = START + timedelta(minutes=minutes)
        client.deposit(Deposit(b"x"))
        assert len(bank.assertions) == tokens, f"after {minutes} minutes"


def test_a_busy_bank_is_asked_again_under_the_same_key(bank: Bank) -> None:
    busy = httpx.Response(503, headers={"Retry-After": "7"}, json={"code": "busy"})
    bank.answers = [busy, httpx.ConnectError("gone")]
    assert bank.client().deposit(Deposit(b"x"), "key-1") == {"outcome": "credited"}
    assert [request.headers["Idempotency-Key"] for request in bank.seen] == ["key-1"] * 3
    assert bank.slept == [7.0, 1.0]


@pytest.mark.parametrize("header", ["999999", "-1", "soon", "٧", "1e9", ""])
def test_a_strange_retry_after_does_not_stop_the_school_for_long(bank: Bank, header: str) -> None:
    bank.answers = [httpx.Response(503, headers={"Retry-After": header.encode()})]
    bank.client().deposit(Deposit(b"x"))
    assert bank.slept[0] <= 30


def test_the_same_deposit_has_the_same_key_and_another_has_another(bank: Bank) -> None:
    client = bank.client()
    for content in (b"x", b"x", b"y"):
        client.deposit(Deposit(content))
    first, again, other = (request.headers["Idempotency-Key"] for request in bank.seen)
    assert first == again != other


def test_a_refused_token_is_renewed_once(bank: Bank) -> None:
    client = bank.client()
    bank.answers = [httpx.Response(401, json={"code": "expired"})]
    assert client.deposit(Deposit(b"x")) == {"outcome": "credited"}
    assert len(bank.assertions) == 2
    bank.answers = [httpx.Response(401, json={"code": "expired", "detail": "Dead."})] * 2
    assert refusal(lambda: client.deposit(Deposit(b"x"))).code == "expired"


PROBLEM = {"code": "bad_signature", "detail": "It does not hold."}
OAUTH = {"error": "invalid_client", "error_description": "No."}


@pytest.mark.parametrize(
    ("answer", "code", "message"),
    [
        (httpx.Response(422, json=PROBLEM), "bad_signature", "It does not hold."),
        (httpx.Response(400, json=OAUTH), "invalid_client", "No."),
        (httpx.Response(502, text="<html>"), "unexpected_answer", "The bank answered with status 502"),
        (httpx.Response(200, text="[]"), "unexpected_answer", "The bank answered with status 200"),
        (httpx.Response(302, headers={"Location": BASE}), "unexpected_answer", "The bank answered with status 302"),
    ],
)
def test_a_refusal_is_an_error_in_the_banks_own_words(
    bank: Bank, answer: httpx.Response, code: str, message: str
) -> None:
    bank.answers = [answer]
    error = refusal(lambda: bank.client().issue({"name": "x"}, "key-1"))
    assert (error.code, error.status) == (code, answer.status_code)
    assert error.message.startswith(message)
    assert len(bank.seen) == 1


def test_a_bank_that_is_gone_is_said_to_be_gone(bank: Bank) -> None:
    bank.answers = [httpx.ReadTimeout("slow")] * 3
    error = refusal(lambda: bank.client().deposit_batch([Deposit(b"x"), Deposit(b"y")]))
    assert (error.code, error.status) == ("bank_unreachable", 0)
    assert len(json.loads(bank.seen[0].content)["items"]) == 2


def test_a_bank_without_tls_is_not_spoken_to() -> None:
    make: Any = SchoolClient
    error = refusal(lambda: make("http://bank.example", "c", SCHOOL_KEY, clock=lambda: START, new_id=str))
    assert error.code == "insecure_bank"


def refusal(action: Callable[[], object]) -> BankError:
    with pytest.raises(BankError) as refused:
        action()
    return refused.value
