"""The pinned contexts and nothing else (SECURITY P05, P08; traps 1 and 2)."""

import hashlib
import socket
from importlib import resources
from typing import Any

import pytest

from credentials import jsonld
from credentials.contexts import (
    CONTEXTS,
    CREDENTIALS_V1,
    CREDENTIALS_V2,
    OPEN_BADGES,
    PinnedContext,
    check_contexts,
)
from credentials.errors import ContextRefused

OB_302 = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json"
OB_301 = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json"
CLR = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"


def test_the_bytes_are_the_pinned_ones() -> None:
    for pinned in CONTEXTS.values():
        assert hashlib.sha256(pinned.load()).hexdigest() == pinned.sha256


def test_the_readme_names_every_file_with_its_address_and_digest() -> None:
    folder = resources.files("credentials").joinpath("context_data")
    readme = folder.joinpath("README.md").read_text(encoding="utf-8")
    rows = [line for line in readme.splitlines() if line.startswith("| ") and ".json" in line]
    assert len(rows) == len(CONTEXTS)
    for pinned in CONTEXTS.values():
        assert any(all(fact in row for fact in (pinned.file, pinned.url, pinned.sha256)) for row in rows)
    assert {item.name for item in folder.iterdir()} == {pinned.file for pinned in CONTEXTS.values()} | {"README.md"}


def test_an_altered_file_is_a_broken_installation() -> None:
    with pytest.raises(ValueError, match="altered"):
        PinnedContext(CREDENTIALS_V2, "credentials-v2.json", "0" * 64, "base").load()


@pytest.mark.parametrize(
    "context",
    [
        [CREDENTIALS_V2],
        [CREDENTIALS_V2, OPEN_BADGES],
        [CREDENTIALS_V2, OB_302],
        [CREDENTIALS_V2, CLR, OPEN_BADGES],
        [CREDENTIALS_V1, OB_301],
    ],
)
def test_accepts(context: list[str]) -> None:
    check_contexts({"@context": context})


REFUSED: dict[str, Any] = {
    "none": None,
    "one address": CREDENTIALS_V2,
    "an empty list": [],
    "P05 an inline context": [CREDENTIALS_V2, OPEN_BADGES, {"name": "urn:evil"}],
    "P05 a null": [CREDENTIALS_V2, None],
    "P05 a term set to null": [CREDENTIALS_V2, {"credentialSubject": None}],
    "P05 a catch-all": [CREDENTIALS_V2, {"@vocab": "https://evil.example/#"}],
    "P05 creditsEarned as @index": [CREDENTIALS_V2, {"creditsEarned": "@index"}],
    "a context of one's own": {"@vocab": "https://evil.example/#"},
    "P08 loopback": [CREDENTIALS_V2, "http://127.0.0.1:8000/ctx"],
    "P08 an unknown address": [CREDENTIALS_V2, "https://evil.example/context.json"],
    "P08 the same address over http": ["http://www.w3.org/ns/credentials/v2"],
    "a slash more": [CREDENTIALS_V2 + "/"],
    "a space more": [CREDENTIALS_V2 + " "],
    "a fragment more": [CREDENTIALS_V2, OPEN_BADGES + "#"],
    "the wrong order": [OPEN_BADGES, CREDENTIALS_V2],
    "no base": [OPEN_BADGES],
    "two bases": [CREDENTIALS_V2, CREDENTIALS_V1],
    "two versions": [CREDENTIALS_V2, OPEN_BADGES, OB_302],
    "the same twice": [CREDENTIALS_V2, OPEN_BADGES, OPEN_BADGES],
    "a nested list": [CREDENTIALS_V2, [OPEN_BADGES]],
}


@pytest.mark.parametrize("context", REFUSED.values(), ids=REFUSED.keys())
def test_refuses(badge: dict[str, Any], context: object, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_network(*_: object, **__: object) -> None:
        raise AssertionError("a context was fetched")

    monkeypatch.setattr(socket, "socket", no_network)
    spoilt = badge | {"@context": context}
    for refuse in (check_contexts, jsonld.check):
        with pytest.raises(ContextRefused) as refusal:
            refuse(spoilt)
        assert refusal.value.code == "context_not_allowed"


def test_a_document_without_context_is_refused(badge: dict[str, Any]) -> None:
    del badge["@context"]
    with pytest.raises(ContextRefused) as refusal:
        jsonld.check(badge)
    assert refusal.value.code == "context_not_allowed"


def test_contexts_that_contradict_each_other_are_refused(badge: dict[str, Any]) -> None:
    """Open Badges 3.0.1 redefines names that version 2 of the data model protects."""
    with pytest.raises(ContextRefused) as refusal:
        jsonld.check(badge | {"@context": [CREDENTIALS_V2, OB_301]})
    assert refusal.value.code == "context_not_allowed"
