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
    PINNED,
    PinnedContext,
    check_contexts,
    known_digests,
)
from credentials.errors import ContextRefused
from credentials.suite_contexts import EXAMPLES, EXAMPLES_V2, suite_contexts

OB_302 = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json"
OB_301 = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json"
CLR = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"


ALL = (*CONTEXTS.values(), *EXAMPLES)


def test_the_bytes_are_the_pinned_ones() -> None:
    for pinned in ALL:
        assert hashlib.sha256(pinned.load()).hexdigest() == pinned.sha256


def test_the_readme_names_every_file_with_its_address_and_digest() -> None:
    folder = resources.files("credentials").joinpath("context_data")
    readme = folder.joinpath("README.md").read_text(encoding="utf-8")
    rows = [line for line in readme.splitlines() if line.startswith("| ") and ".json" in line]
    assert len(rows) == len(ALL)
    for pinned in ALL:
        assert any(all(fact in row for fact in (pinned.file, pinned.url, pinned.sha256)) for row in rows)
    assert {item.name for item in folder.iterdir()} == {pinned.file for pinned in ALL} | {"README.md"}


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


def test_the_contexts_of_a_test_run_are_no_part_of_the_pinned_ones() -> None:
    assert PINNED.documents.keys() == CONTEXTS.keys()
    assert not PINNED.inline
    assert not {example.url for example in EXAMPLES} & CONTEXTS.keys()


@pytest.mark.parametrize(
    "context",
    [
        [CREDENTIALS_V2, EXAMPLES_V2],
        [CREDENTIALS_V2, {"Boat": "https://boats.example/#Boat"}],
        [CREDENTIALS_V2, EXAMPLES_V2, {"@protected": True, "sail": "urn:example:sail"}, {"mast": "urn:example:mast"}],
    ],
)
def test_a_test_run_reads_contexts_that_the_document_brings(context: list[Any]) -> None:
    suite_contexts().check(context)


@pytest.mark.parametrize(
    "context",
    [
        [{"Boat": "https://boats.example/#Boat"}, CREDENTIALS_V2],
        {"Boat": "https://boats.example/#Boat"},
        [EXAMPLES_V2, CREDENTIALS_V2],
        [CREDENTIALS_V2, None],
        [CREDENTIALS_V2, 123192875],
        [CREDENTIALS_V2, "https ://not-a-url/contexts/example/v1"],
        [CREDENTIALS_V2, "https://boats.example/context.json"],
        [CREDENTIALS_V2, [EXAMPLES_V2]],
    ],
)
def test_even_a_test_run_refuses(context: Any) -> None:
    with pytest.raises(ContextRefused):
        suite_contexts().check(context)


def test_words_of_a_context_that_the_document_brings_are_covered_and_others_are_not() -> None:
    document = {
        "@context": [CREDENTIALS_V2, {"sail": "urn:example:sail", "Boat": "https://boats.example/#Boat"}],
        "type": ["VerifiableCredential", "Boat"],
        "issuer": "did:example:issuer",
        "credentialSubject": {"id": "did:example:subject", "sail": "A-17"},
    }
    assert any("urn:example:sail" in quad.predicate for quad in jsonld.to_quads(document, suite_contexts()))
    with pytest.raises(ContextRefused) as refusal:
        jsonld.check(document | {"credentialSubject": {"id": "did:example:subject", "mast": "oak"}}, suite_contexts())
    assert refusal.value.code == "data_loss_detected"
    with pytest.raises(ContextRefused):
        jsonld.check(document)


@pytest.mark.parametrize("within", [{"@import": "https://boats.example/c"}, {"b": {"@id": "urn:b", "@context": "u:c"}}])
def test_a_context_that_the_document_brings_fetches_nothing(within: dict[str, Any]) -> None:
    document = {
        "@context": [CREDENTIALS_V2, within],
        "type": ["VerifiableCredential"],
        "issuer": "did:example:issuer",
        "credentialSubject": {"id": "did:example:subject", "b": {"id": "urn:x"}},
    }
    with pytest.raises(ContextRefused) as refusal:
        jsonld.check(document, suite_contexts())
    assert refusal.value.code == "context_not_allowed"


def test_the_digests_of_a_pinned_context_are_known_in_each_edition() -> None:
    known = known_digests(CREDENTIALS_V2)
    assert bytes.fromhex("59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734") in known
    assert bytes.fromhex("24a18c90e9856d526111f29376e302d970b2bd10182e33959995b0207d7043b9") in known
    assert {len(digest) for digest in known} == {32, 48}
    assert known_digests("https://boats.example/context.json") == frozenset()
