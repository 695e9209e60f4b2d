"""Identifiers are well formed or refused (SECURITY P02, P04, P10, P31, I07, N14)."""

import time

import pytest

from credentials.errors import ContextRefused
from credentials.iris import check_iri, check_language_tag

ACCEPTED = [
    "https://college.example/achievements/welding-4?lang=en#top",
    "https://college.example:8443/a/b",
    "https://大学.example/学位",
    "urn:uuid:0f4e9d2c-5a0e-4a39-9f44-6a1c1d3c7a10",
    "mailto:anna@example.org",
    "data:image/png;base64,iVBORw0KGgo+/A==",
    "did:web:college.example",
    "did:web:college.example%3A8443:a:b#key-1",
    "did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2#z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2",
    "did:example:123/path/a?service=files#part",
]
DID = "did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
REFUSED = {
    "P02 a trailing space": (DID + " ", "malformed_iri"),
    "P02 a trailing tab": (DID + "\t", "malformed_iri"),
    "P02 a no-break space": (DID + "\u00a0", "malformed_iri"),
    "P02 an inner space": (DID.replace("z6", "z6 "), "malformed_iri"),
    "P02 a leading space": (" " + DID, "relative_iri"),
    "P04 a line feed": (DID + "\n", "malformed_iri"),
    "P04 a carriage return": ("https://a.example/\r", "malformed_iri"),
    "P04 a control character": ("https://a.example/\x01", "malformed_iri"),
    "P31 a zero-width space": (DID + "\u200b", "malformed_iri"),
    "P31 a zero-width space in an IRI": ("https://a.example/\u200b", "malformed_iri"),
    "P31 a bidi override": ("https://a.example/\u202e", "malformed_iri"),
    "P31 a line separator": ("https://a.example/\u2028", "malformed_iri"),
    "P10 relative": ("Admin", "relative_iri"),
    "P10 a path": ("/achievements/1", "relative_iri"),
    "P10 no scheme": ("//a.example/1", "relative_iri"),
    "P10 a fragment": ("#key-1", "relative_iri"),
    "nothing": ("", "malformed_iri"),
    "a blank node": ("_:b0", "malformed_iri"),
    "only a scheme": ("https:", "relative_iri"),
    "angle brackets": ("https://a.example/<b>", "malformed_iri"),
    "a quotation mark": ('https://a.example/"', "malformed_iri"),
    "a backslash": ("https://a.example\\b", "malformed_iri"),
    "a percent sign alone": ("https://a.example/%zz", "malformed_iri"),
    "two fragments": ("https://a.example/#a#b", "malformed_iri"),
    "a private character": ("https://a.example/\ue000", "malformed_iri"),
    "a lone surrogate": ("https://a.example/\ud800", "malformed_iri"),
    "a DID in upper case": ("DID:key:z6Mk", "malformed_iri"),
    "a DID method in upper case": ("did:KEY:z6Mk", "malformed_iri"),
    "a DID without identifier": ("did:key:", "malformed_iri"),
    "a DID that ends in a colon": ("did:web:a.example:", "malformed_iri"),
    "I07 a DID with an at sign": ("did:web:good@evil.example", "malformed_iri"),
    "a DID outside ASCII": ("did:web:bücher.example", "malformed_iri"),
}


@pytest.mark.parametrize("text", ACCEPTED)
def test_accepts(text: str) -> None:
    check_iri(text, "/id")


@pytest.mark.parametrize(("text", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_refuses(text: str, code: str) -> None:
    with pytest.raises(ContextRefused) as refusal:
        check_iri(text, "/id")
    assert refusal.value.code == code
    assert refusal.value.facts == {"pointer": "/id"}


@pytest.mark.parametrize(
    "text", ["did:a:" + "a:" * 20_000 + "!", "https:" + "%41" * 20_000 + " ", "did:" + "a" * 60_000]
)
def test_the_grammar_takes_linear_time(text: str) -> None:
    started = time.perf_counter()
    with pytest.raises(ContextRefused):
        check_iri(text, "/id")
    assert time.perf_counter() - started < 0.2


@pytest.mark.parametrize("tag", ["en", "de-CH", "zh-Hans-CN", "x-klingon", "ko"])
def test_accepts_language_tags(tag: str) -> None:
    check_language_tag(tag, "/name")


@pytest.mark.parametrize("tag", ["", "en_GB", "en-", "-en", "e n", "en\n", 'en"@x', "abcdefghi", "ко"])
def test_refuses_language_tags(tag: str) -> None:
    with pytest.raises(ContextRefused) as refusal:
        check_language_tag(tag, "/name")
    assert refusal.value.code == "malformed_language_tag"
