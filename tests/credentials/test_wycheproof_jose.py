"""Wycheproof's JWS and JWK cases at our own functions. The algorithms that we do not take are refusals throughout."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from credentials.errors import CredentialError
from credentials.jose import split_compact, verify_compact
from credentials.keys import ALGORITHMS, PublicKey

VECTORS = Path(__file__).resolve().parents[3] / "shared" / "vectors" / "wycheproof"
needs_vectors = pytest.mark.skipif(
    not VECTORS.is_dir(), reason="the Wycheproof vectors are not beside the project (../shared/vectors/wycheproof)"
)


def accepted(token: str, keys: list[dict[str, Any]]) -> bool:
    """Whether one of the keys, as its owner would publish it, verifies the token."""
    for jwk in keys:
        try:
            verify_compact(split_compact(token), PublicKey.from_jwk(jwk))
        except CredentialError:
            continue
        return True
    return False


def cases(name: str) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    for group in json.loads((VECTORS / name).read_bytes())["testGroups"]:
        published = group.get("public", group["private"])
        for test in group["tests"]:
            yield test, published.get("keys", [published])


def ours(keys: list[dict[str, Any]]) -> bool:
    return all(key.get("alg") in ALGORITHMS for key in keys)


@needs_vectors
@pytest.mark.parametrize(("name", "count"), [("json_web_signature_test.json", 401), ("json_web_key_test.json", 26)])
def test_tokens(name: str, count: int) -> None:
    tried, valid = 0, 0
    for test, keys in cases(name):
        tried += 1
        token = test["jws"]
        if not isinstance(token, str):
            continue  # the JSON serialisation is not read at all
        verdict = accepted(token, keys)
        expected = test["result"] == "valid" and ours(keys)
        assert verdict == expected, (name, test["tcId"], test["comment"])
        valid += verdict
    assert tried == count
    assert valid > 0
