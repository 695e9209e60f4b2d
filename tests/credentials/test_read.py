"""Whatever arrives, `read` gives a credential or names what is wrong, and never anything else."""

import json
import time
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from credentials.baking import bake_png, bake_svg
from credentials.canonical import jcs
from credentials.credential import Container, Format
from credentials.errors import CredentialError
from credentials.jose import sign_compact
from credentials.read import MEDIA_TYPES, read
from tests.credential_samples import NOW, School, changed, png, revocable, svg

SCHOOL = School()
BADGE = SCHOOL.badge(status_entries=[revocable()])
PROVED = SCHOOL.sign(BADGE)
TOKEN = SCHOOL.sign(BADGE, "vc-jwt")
WRAPPED = {
    "json": PROVED,
    "jws": TOKEN,
    "png of json": bake_png(png(), PROVED.decode()),
    "png of jws": bake_png(png(), TOKEN.decode()),
    "svg of json": bake_svg(svg(), PROVED.decode()),
    "svg of jws": bake_svg(svg(), TOKEN.decode()),
}


def refusal(data: bytes, media_type: str | None = None) -> str:
    with pytest.raises(CredentialError) as refused:
        read(data, media_type)
    return refused.value.code


def token(payload: dict[str, Any], **header: Any) -> bytes:
    return sign_compact(payload, SCHOOL.key, {"typ": "JWT", "kid": SCHOOL.method, **header}).encode()


@pytest.mark.parametrize("wrapping", WRAPPED)
def test_one_credential_is_read_from_every_wrapping(wrapping: str) -> None:
    credential = read(WRAPPED[wrapping])
    assert credential.received == WRAPPED[wrapping]
    assert credential.container is Container(wrapping[:3].strip() if wrapping != "json" else "json")
    assert credential.format is (Format.VC_JWT if wrapping.endswith("jws") else Format.DATA_INTEGRITY)
    assert (credential.id, credential.issuer_id) == (BADGE["id"], SCHOOL.id)
    assert credential.subject_id == BADGE["credentialSubject"]["id"]
    assert credential.verification_methods == (SCHOOL.method,)
    assert credential.status_list_urls == (revocable().list_url,)
    assert "OpenBadgeCredential" in credential.types
    assert changed(credential.document, proof=None) == BADGE


def test_the_views_of_a_shapeless_document_are_empty() -> None:
    credential = read(b'{"id": 5, "issuer": [], "type": {}, "proof": "x", "credentialStatus": ["x", {}]}')
    assert (credential.id, credential.issuer_id, credential.subject_id) == (None, None, None)
    assert (credential.types, credential.proofs, credential.status_list_urls) == ((), (), ())


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
def test_a_media_type_and_the_data_must_agree(media_type: str) -> None:
    for wrapping, data in WRAPPED.items():
        stated = f"{media_type.upper()}; charset=utf-8"
        if read(data).container is MEDIA_TYPES[media_type]:
            assert read(data, stated).received == data, wrapping
        else:
            assert refusal(data, stated) in ("wrong_type", "malformed_json"), wrapping


def test_a_media_type_that_is_not_read_is_refused() -> None:
    assert refusal(PROVED, "application/evil+json") == "unsupported_format"
    assert read(PROVED, "application/octet-stream").document == read(PROVED).document


VALUES = read(TOKEN).jws.payload  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "malformed_json"),
        (b"\x00", "malformed_json"),
        (b"[]", "malformed_credential"),
        (b'"text"', "malformed_credential"),
        (b"\xef\xbb\xbf{}", "malformed_json"),
        (json.dumps(BADGE).encode("utf-16"), "malformed_json"),
        (b'{"issuer":{"id":"a:a","id":"b:b"}}', "duplicate_json_key"),
        (b'{"a":1,"\\u0061":2}', "duplicate_json_key"),
        (b'{"credentialSubject":{"creditsEarned":NaN}}', "malformed_number"),
        (b'{"credentialSubject":{"creditsEarned":1e400}}', "malformed_number"),
        (b'{"a":' * 300 + b"1" + b"}" * 300, "too_deep"),
        (b"[" * 100_000, "too_deep"),
        (b'{"a":"' + b"x" * 1_048_576 + b'"}', "too_large"),
        (b"x" * 2_097_153, "too_large"),
        (b"eyJ" + b"x" * 131_072, "too_large"),
        (b"\x89PNG\r\n\x1a\n", "malformed_png"),
        (b"<svg", "malformed_svg"),
        (png(), "no_badge"),
        (TOKEN + b"==", "malformed_jws"),
        (TOKEN + b"~", "wrong_type"),
        (TOKEN.replace(b".", b"..", 1), "malformed_jws"),
        (b" " + TOKEN, "malformed_json"),
        ("eyJé".encode(), "malformed_jws"),
        (token(VALUES, typ="at+jwt"), "wrong_type"),
        (token(VALUES, typ="logout+jwt"), "wrong_type"),
        (token({**VALUES, "iss": "did:web:other.example"}), "claim_mismatch"),
        (token({**VALUES, "sub": "did:web:other.example"}), "claim_mismatch"),
        (token({**VALUES, "jti": "urn:uuid:other"}), "claim_mismatch"),
        (token({**VALUES, "nbf": int(NOW.timestamp())}), "claim_mismatch"),
        (token({**VALUES, "exp": 4_102_444_800}), "claim_mismatch"),
        (token({**VALUES, "nbf": "1767225600"}), "malformed_claim"),
        (token({**VALUES, "nbf": "١٧٦٧٢٢٥٦٠٠"}), "malformed_claim"),
        (token({**VALUES, "nbf": True}), "malformed_claim"),
        (token({**VALUES, "exp": 10**15}), "out_of_range"),
        (token({**VALUES, "iat": "now"}), "malformed_claim"),
        (json.dumps({"type": ["VerifiablePresentation"]}).encode(), "unsupported_format"),
        (b"<!DOCTYPE html>\n<html><svg></svg></html>", "unsupported_format"),
        (b" \n<HTML lang=en>", "unsupported_format"),
        (json.dumps({"type": "EnvelopedVerifiableCredential"}).encode(), "malformed_credential"),
    ],
)
def test_what_is_no_credential_is_refused_by_name_and_at_once(data: bytes, code: str) -> None:
    started = time.process_time()
    assert refusal(data) == code
    assert time.process_time() - started < 1


def test_a_refusal_never_repeats_the_input() -> None:
    with pytest.raises(CredentialError) as refused:
        read(b'{"SECRET-123": ')
    assert "SECRET" not in refused.value.message + str(dict(refused.value.facts))


@given(st.binary(max_size=600))
@example(b"eyJ")
@example(b"eyJ.eyJ.e")
@example(b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR")
@example(b"<?xml version='1.0' encoding='\xff'?><svg/>")
@settings(max_examples=100, deadline=None)
def test_arbitrary_bytes_are_read_or_refused(data: bytes) -> None:
    for prefix in (b"", b"{", b"eyJ", b"<", b"\x89PNG\r\n\x1a\n"):
        try:
            assert read(prefix + data).received == prefix + data
        except CredentialError as refused:
            assert refused.code


@given(st.sampled_from(sorted(WRAPPED)), st.integers(0, 1 << 16), st.binary(max_size=4))
@settings(max_examples=100, deadline=None)
def test_a_spoilt_credential_is_read_or_refused(wrapping: str, place: int, noise: bytes) -> None:
    data = WRAPPED[wrapping]
    place %= len(data)
    try:
        read(data[:place] + noise + data[place + len(noise) :])
    except CredentialError as refused:
        assert refused.code


def test_the_document_is_read_whatever_its_spelling() -> None:
    spaced = json.dumps(json.loads(PROVED), indent=4, ensure_ascii=True).encode()
    assert jcs(read(spaced).document) == jcs(read(PROVED).document)
