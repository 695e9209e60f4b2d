"""Every error of every package has its status, and every answer that refuses is a problem."""

import pytest

import creditbank.log.errors
import recognition_rules.input_errors  # noqa: F401 - so that its errors are known
from api import errors
from api.errors import BodyRefused, RequestError
from api.problems import FAMILIES, ROOTS, as_problem, status_of
from credentials.errors import CredentialError, LimitExceeded, MalformedCredential
from creditbank.errors import BankError, Conflict, NotFound, Refused, Unavailable
from issuers.errors import IssuerError, RegistryError, TokenError
from recognition_rules.errors import PackInvalid
from tests.api.http_world import Http, refused


def subclasses(root: type[Exception]) -> list[type[Exception]]:
    return [root, *(one for child in root.__subclasses__() for one in subclasses(child))]


UNRAISED: set[type[Exception]] = {BankError, IssuerError, RequestError}
"""Roots that are never raised themselves: what falls back on one of them has been forgotten in the table."""

ALL = sorted(
    {one for root in ROOTS for one in subclasses(root)} - UNRAISED,
    key=lambda one: f"{one.__module__}.{one.__name__}",
)


@pytest.mark.parametrize("kind", ALL, ids=lambda one: f"{one.__module__}.{one.__name__}")
def test_every_error_has_a_status(kind: type[Exception]) -> None:
    family = next(one for one in kind.__mro__ if one in FAMILIES)
    assert family not in UNRAISED
    assert 400 <= status_of(kind.__new__(kind)) <= 599


def test_the_walk_sees_all_packages() -> None:
    modules = {kind.__module__ for kind in ALL}
    assert {
        creditbank.log.errors.__name__,
        "issuers.errors",
        "credentials.errors",
        "recognition_rules.errors",
    } <= modules


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotFound("deposit"), 404),
        (Conflict("already_recorded", "There."), 409),
        (Conflict("idempotency_key_reused", "Used."), 422),
        (Refused("bad_signature", "Bad."), 422),
        (Unavailable("queue_full", "Busy."), 503),
        (LimitExceeded("too_large", limit=1), 413),
        (MalformedCredential("duplicate_json_key"), 422),
        (BodyRefused("duplicate_json_key"), 400),
        (RegistryError("unknown_key"), 404),
        (TokenError("expired"), 401),
        (TokenError("insufficient_scope", scope="a:b"), 403),
        (PackInvalid(file="pack.toml", line=3, problem="no such key"), 422),
    ],
)
def test_a_problem_says_what_where_and_which(error: Exception, status: int) -> None:
    problem = as_problem(error, "r-1")
    assert problem["status"] == status
    assert problem["type"] == f"urn:creditbank:problem:{problem['code']}"
    assert problem["detail"]
    assert problem["instance"] == "urn:creditbank:request:r-1"


def test_a_fault_of_our_own_tells_nothing(http: Http, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("the secret is 123-45-6789")

    monkeypatch.setattr(type(http.app.state.services.lookups), "ready", fail)
    answer = http.client.get("/health/ready")
    refused(answer, 500, "internal_error")
    assert "secret" not in answer.text


def test_an_address_that_is_not_there_and_a_method_that_is_not_taken(http: Http) -> None:
    refused(http.client.get("/v1/nothing"), 404, "not_found")
    answer = http.client.delete("/v1/issuers")
    refused(answer, 405, "method_not_allowed")
    assert "GET" in answer.headers["allow"]


def test_sentences_of_the_api_take_the_facts_they_name() -> None:
    for family in (errors.BodyRefused, errors.ValueRefused, errors.BodyTooLarge, errors.MediaTypeRefused):
        for code in family.sentences:
            assert family(code, limit=3, accepted="a/b").message


def test_credential_errors_are_refusals() -> None:
    assert status_of(CredentialError("anything")) == 422
