"""Whatever is put in at the package's doors comes out as a value or as one of its errors, and as nothing else."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from credentials.canonical import jcs
from credentials.errors import CredentialError
from credentials.keys import PrivateKey
from issuers.client_assertion import verify_client_assertion
from issuers.custody import Envelope, Keyring, LocalKeyEncryptionKey
from issuers.did import check_did, did_web_url, parse_did_document
from issuers.errors import CustodyError, DidError, FetchError, TokenError
from issuers.fetch import Fetcher

NOW = datetime(2026, 6, 1, tzinfo=UTC)
DID = "did:web:college.example"
KEY = PrivateKey.generate("EdDSA").public_key
DID_PIECES = st.sampled_from(
    ["did:web:", "did:key:z", "a.example", "..", ":", "%3A", "%40", "[::1]", "\n", " ", "8", "é"]
)
SHORT = settings(max_examples=100, deadline=None)


@SHORT
@given(st.one_of(st.text(), st.lists(DID_PIECES).map("".join)))
def test_any_text_is_an_identifier_or_a_named_refusal(text: str) -> None:
    with suppress(DidError, CredentialError):
        check_did(text)
        assert text.startswith("did:key:z") or did_web_url(text).startswith("https://")


LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 5), st.sampled_from([DID, f"{DID}#k", "#k", "Multikey", ""])
)
MEMBERS = st.sampled_from(["id", "type", "controller", "verificationMethod", "assertionMethod", "publicKeyJwk", "kty"])
JSON = st.recursive(LEAVES, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(MEMBERS, inner)))


@SHORT
@given(st.dictionaries(MEMBERS, JSON))
def test_any_object_is_a_document_or_a_named_refusal(content: dict[str, Any]) -> None:
    with suppress(DidError, CredentialError):
        assert parse_did_document(jcs(content | {"id": DID}), DID)


ASKED: list[str] = []
FETCHER = Fetcher(frozenset(), clock=lambda: NOW, resolver=lambda host, port: ASKED.append(host) or [])


@SHORT
@given(st.one_of(st.text(), st.lists(DID_PIECES).map(lambda pieces: "https://" + "".join(pieces))))
def test_any_text_as_a_url_is_refused_without_asking_a_resolver(text: str) -> None:
    with suppress(FetchError):
        FETCHER.get(text)
        raise AssertionError("nothing is on the list")
    assert ASKED == []


@SHORT
@given(st.one_of(st.binary(), st.binary().map(lambda data: b"\x02\x00\x10\x01\x06" + data)))
def test_any_bytes_as_an_envelope_are_refused_by_name(data: bytes) -> None:
    with suppress(CustodyError):
        Envelope(Keyring(LocalKeyEncryptionKey(b"k" * 32))).open(data, b"")
        raise AssertionError("nothing was sealed")


@SHORT
@given(st.one_of(st.text(), st.from_regex(r"[\w-]{1,40}\.[\w-]{1,40}\.[\w-]{1,40}", fullmatch=True)))
def test_any_text_as_an_assertion_is_refused_by_name(text: str) -> None:
    with suppress(TokenError):
        verify_client_assertion(text, {"k": KEY}, client_id="c", audiences={"a"}, at=NOW)
        raise AssertionError("nothing was signed")
