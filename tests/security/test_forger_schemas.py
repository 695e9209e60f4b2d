"""A forger writes the JSON Schema that his badge names: it may not ask for much."""

import time
from typing import Any

import pytest

from credentials.errors import CredentialError
from credentials.schema_evaluation import check_conforms

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def schema(**of_each: Any) -> dict[str, Any]:
    return {"$schema": DRAFT, "$id": "https://evil.example/s", "properties": {"a": {"items": of_each}}}


def refusal(instance: dict[str, Any], found: dict[str, Any]) -> str | None:
    started = time.process_time()
    try:
        check_conforms(instance, found)
    except CredentialError as refused:
        return refused.code
    finally:
        assert time.process_time() - started < 5
    return None


LONG: dict[str, list[Any]] = {
    "objects": [{"a": number} for number in range(20_000)],
    "arrays": [[number] for number in range(20_000)],
    "numbers": list(range(60_000)),
    "one long array": [[0] * 60_000],
}


@pytest.mark.parametrize("values", LONG.values(), ids=LONG.keys())
def test_comparing_with_very_many_values_is_too_much_work(values: list[Any]) -> None:
    """Twenty thousand elements, each compared with twenty thousand values, would take minutes."""
    instance = {"a": [values[-1]] * 15_000}
    assert refusal(instance, schema(enum=values)) == "schema_unavailable"
    assert refusal(instance, schema(const=values)) == "schema_unavailable"


def test_an_honest_list_of_values_is_compared() -> None:
    codes = [f"{first}{second}" for first in "ABCDEFGHIJKLMNOP" for second in "ABCDEFGHIJKLMNOP"]
    assert refusal({"a": codes[:100]}, schema(enum=codes)) is None
    assert refusal({"a": ["ZZ"]}, schema(enum=codes)) == "schema_mismatch"
    assert refusal({"a": [3, 3]}, schema(const=3)) is None


@pytest.mark.parametrize(
    "of_each",
    [{"format": "email"}, {"format": "uri"}, {"format": "nobody-knows"}, {"contentMediaType": "text/html"}],
)
def test_a_format_says_nothing(of_each: dict[str, Any]) -> None:
    """In the draft of 2020-12 it is an annotation: so it refuses nobody."""
    assert refusal({"a": ["neither"]}, schema(**of_each)) is None
