"""The API describes itself: OpenAPI 3.1 with ids, summaries and examples, on a page that needs nobody else."""

import re
from typing import Any

import pytest
from fastapi import FastAPI

from tests.api.http_world import Http


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [(path, verb, one) for path, verbs in document["paths"].items() for verb, one in verbs.items()]


@pytest.fixture
def document(http: Http) -> dict[str, Any]:
    answer = http.client.get("/openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def test_every_operation_has_an_id_a_summary_and_a_tag(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    ids = [one["operationId"] for _, _, one in operations(document)]
    assert len(ids) == len(set(ids)) > 50
    for path, verb, one in operations(document):
        assert one["summary"] and one["tags"] and one["description"], f"{verb} {path}"
        assert re.fullmatch(r"[a-z][A-Za-z]+", one["operationId"]), one["operationId"]


def test_every_shape_that_goes_in_or_out_has_an_example(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    for path, verb, one in operations(document):
        bodies = [one.get("requestBody", {}), *(answer for code, answer in one["responses"].items() if code < "3")]
        for body in bodies:
            reference = body.get("content", {}).get("application/json", {}).get("schema", {}).get("$ref", "")
            name = reference.rpartition("/")[2]
            if name and not name.startswith("Page_"):
                assert schemas[name].get("examples"), f"{verb} {path}: {name}"


def test_every_operation_says_that_it_answers_with_problems(document: dict[str, Any]) -> None:
    for path, verb, one in operations(document):
        assert "application/problem+json" in one["responses"]["default"]["content"], f"{verb} {path}"
        assert "422" not in one["responses"]
    assert "HTTPValidationError" not in document["components"]["schemas"]


def test_what_needs_a_token_says_which_scope(document: dict[str, Any]) -> None:
    needed = {one["operationId"]: one.get("security") for _, _, one in operations(document)}
    assert needed["deposit"] == [{"bank": ["deposits:write"]}]
    assert needed["verifyCredential"] is None
    flow = document["components"]["securitySchemes"]["bank"]["flows"]["clientCredentials"]
    assert flow["tokenUrl"] == "/oauth/token"


def test_every_body_and_every_name_is_described_where_it_is_raw(document: dict[str, Any]) -> None:
    content = document["paths"]["/v1/deposits"]["post"]["requestBody"]["content"]
    assert {"application/json", "application/vc+jwt", "image/png", "image/svg+xml", "text/plain"} <= content.keys()
    assert "NewDeposit" in document["components"]["schemas"]


def test_the_page_and_all_it_needs_come_from_here(http: Http) -> None:
    """A23, and no CDN: every address on the page is relative, and the policy allows nothing else."""
    page = http.client.get("/docs")
    assert "script-src 'self'" in page.headers["content-security-policy"]
    found = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert len(found) == 4
    assert "://" not in page.text
    for address in found:
        answer = http.client.get(f"/{address}")
        assert answer.status_code == 200
        assert answer.content
    assert "://" not in http.client.get("/docs/start.js").text
    assert http.client.get("/docs/../api/app.py").status_code == 404
    assert http.client.get("/redoc").status_code == 404


def test_credits_are_never_numbers(document: dict[str, Any]) -> None:
    for name, schema in document["components"]["schemas"].items():
        for member, shape in schema.get("properties", {}).items():
            if member in ("credits", "amount", "hours", "score", "attendance"):
                kinds = {one.get("type") for one in shape.get("anyOf", [shape])}
                assert not kinds & {"number", "integer"}, f"{name}.{member}"


def test_the_application_needs_no_server_to_describe_itself(http: Http) -> None:
    assert isinstance(http.app, FastAPI)
    assert http.app.openapi() is http.app.openapi()
