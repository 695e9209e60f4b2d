"""Compact JWS, strictly (SECURITY S01, S02, S14, S16, S17, S19, S23, S29, S32)."""

import base64
import hashlib
import hmac
import json
import time
from typing import Any

import pytest

from credentials.errors import CredentialError, ProofInvalid
from credentials.jose import read_compact, sign_compact, split_compact, verify_compact
from credentials.keys import PrivateKey


def part(value: object) -> str:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def token(header: object, payload: object = None, signature: bytes = bytes(64)) -> str:
    return f"{part(header)}.{part(payload or {'iss': 'did:web:uni.example'})}.{part(signature) if signature else ''}"


def header(**members: Any) -> dict[str, Any]:
    return {"alg": "ES256", **members}


REFUSED: dict[str, tuple[str, str]] = {
    "S01 none, unsigned": (token({"alg": "none"}, signature=b""), "alg_not_allowed"),
    "S01 none, signed": (token({"alg": "none"}), "alg_not_allowed"),
    "S01 None": (token({"alg": "None"}, signature=b""), "alg_not_allowed"),
    "S01 NONE": (token({"alg": "NONE"}, signature=b""), "alg_not_allowed"),
    "S01 nOnE": (token({"alg": "nOnE"}, signature=b""), "alg_not_allowed"),
    "S01 no alg": (token({"typ": "JWT"}, signature=b""), "alg_not_allowed"),
    "S01 alg null": (token({"alg": None}), "alg_not_allowed"),
    "S01 alg list": (token({"alg": ["ES256"]}), "alg_not_allowed"),
    "S02 HS256": (token({"alg": "HS256"}), "alg_not_allowed"),
    "S02 HS512": (token({"alg": "HS512"}), "alg_not_allowed"),
    "PS256": (token({"alg": "PS256"}), "alg_not_allowed"),
    "S14 padding": (token(header()) + "==", "malformed_jws"),
    "S14 stray trailing bits": (token(header())[:-1] + "B", "malformed_jws"),
    "S14 a line feed": (token(header()) + "\n", "malformed_jws"),
    "standard base64": (token(header())[:-3] + "+/A", "malformed_jws"),
    "S16 an unknown extension": (token(header(crit=["x-foo"], **{"x-foo": 1})), "unsupported_critical"),
    "S16 unencoded payload": (token(header(crit=["b64"], b64=False)), "unsupported_critical"),
    "S17 crit empty": (token(header(crit=[])), "malformed_header"),
    "S17 crit names alg": (token(header(crit=["alg"])), "malformed_header"),
    "S17 crit is text": (token(header(crit="x-foo")), "malformed_header"),
    "S17 crit null": (token(header(crit=None)), "malformed_header"),
    "S17 crit names what is not there": (token(header(crit=["x-foo"])), "malformed_header"),
    "S17 crit twice": (token(header(crit=["x", "x"], x=1)), "malformed_header"),
    "S17 b64 true": (token(header(crit=["b64"], b64=True)), "malformed_header"),
    "S17 b64 'false'": (token(header(crit=["b64"], b64="false")), "malformed_header"),
    "S17 b64 0": (token(header(crit=["b64"], b64=0)), "malformed_header"),
    "S17 b64 without crit": (token(header(b64=False)), "malformed_header"),
    "S19 jku": (token(header(jku="https://evil.example/jwks")), "untrusted_key_hint"),
    "S19 x5u": (token(header(x5u="https://evil.example/cert")), "untrusted_key_hint"),
    "S19 x5c": (token(header(x5c=["MIIB"])), "untrusted_key_hint"),
    "jwk is text": (token(header(jwk="key")), "malformed_header"),
    "kid is a number": (token(header(kid=5)), "malformed_header"),
    "S25 typ is a number": (token(header(typ=5)), "malformed_header"),
    "S23 alg twice": (part(b'{"alg":"none","alg":"ES256"}') + ".e30.AAAA", "duplicate_json_key"),
    "S23 sub twice": (token(header(), b'{"sub":"a","sub":"b"}'), "duplicate_json_key"),
    "a header that is a list": (token(["ES256"]), "malformed_header"),
    "a header that is not JSON": (token(b"{alg:ES256}"), "malformed_header"),
    "a payload that is a list": (token(header(), [1]), "malformed_jws"),
    "a payload that is not JSON": (token(header(), b"four credits"), "malformed_json"),
    "a payload 33 deep": (token(header(), json.loads('{"a":' * 33 + "1" + "}" * 33)), "too_deep"),
    "two parts": ("e30.e30", "malformed_jws"),
    "four parts": ("e30.e30.e30.e30", "malformed_jws"),
    "five parts, a JWE": ("e30.e30.e30.e30.e30", "malformed_jws"),
    "no signature": (token(header(), signature=b""), "malformed_jws"),
    "an empty header": (f".{part({})}.AAAA", "malformed_header"),
    "nothing": ("", "malformed_jws"),
    "other letters": ("é.é.é", "malformed_jws"),
    "S29 larger than 128 kB": ("e30." + "A" * 131_072 + ".AAAA", "too_large"),
}


@pytest.mark.parametrize(("compact", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_refuses(compact: str, code: str) -> None:
    with pytest.raises(CredentialError) as refusal:
        read_compact(compact)
    assert refusal.value.code == code


def test_s29_twenty_megabytes_cost_nothing() -> None:
    monster = "e30." + "A" * 20_000_000 + ".AAAA"
    started = time.perf_counter()
    with pytest.raises(CredentialError):
        read_compact(monster)
    assert time.perf_counter() - started < 0.1


def test_s02_a_public_key_is_no_shared_secret(ed25519: PrivateKey) -> None:
    """Trap 4: the raw public key as the secret of an HMAC."""
    signing_input = f"{part({'alg': 'HS256'})}.{part({'credits': 500})}"
    mac = hmac.digest(ed25519.public_key.material, signing_input.encode(), hashlib.sha256)
    with pytest.raises(ProofInvalid) as refusal:
        read_compact(f"{signing_input}.{part(mac)}")
    assert refusal.value.code == "alg_not_allowed"


@pytest.mark.parametrize("algorithm", ["EdDSA", "ES256", "ES384"])
def test_signs_and_reads_back(algorithm: Any) -> None:
    key = PrivateKey.generate(algorithm)
    jws = read_compact(sign_compact({"credits": 4.5, "name": "Schweißen"}, key, {"kid": "k1", "typ": "JWT"}))
    verify_compact(jws, key.public_key)
    assert jws.payload == {"credits": 4.5, "name": "Schweißen"}
    assert jws.header == {"alg": algorithm, "kid": "k1", "typ": "JWT"}


def test_another_payload_or_key_does_not_verify(ed25519: PrivateKey) -> None:
    head, _, signature = sign_compact({"credits": 5}, ed25519, {}).split(".")
    forged = read_compact(f"{head}.{part({'credits': 500})}.{signature}")
    with pytest.raises(ProofInvalid) as refusal:
        verify_compact(forged, ed25519.public_key)
    assert refusal.value.code == "bad_signature"
    with pytest.raises(ProofInvalid):
        verify_compact(read_compact(sign_compact({}, ed25519, {})), PrivateKey.generate("EdDSA").public_key)


def test_s32_the_algorithm_is_the_keys_own(ed25519: PrivateKey, p256: PrivateKey) -> None:
    jws = read_compact(sign_compact({"credits": 5}, p256, {}))
    with pytest.raises(ProofInvalid) as refusal:
        verify_compact(jws, ed25519.public_key)
    assert refusal.value.code == "alg_key_mismatch"
    with pytest.raises(ProofInvalid) as refusal:
        sign_compact({}, ed25519, {"alg": "ES256"})
    assert refusal.value.code == "alg_key_mismatch"


def test_no_token_is_issued_that_its_reader_would_refuse(ed25519: PrivateKey) -> None:
    for bad in ({"jku": "https://uni.example/jwks"}, {"crit": ["x"], "x": 1}, {"kid": 5}):
        with pytest.raises(CredentialError):
            sign_compact({}, ed25519, bad)
    with pytest.raises(CredentialError) as refusal:
        sign_compact({"narrative": "x" * 131_072}, ed25519, {})
    assert refusal.value.code == "too_large"


def test_a_payload_may_be_any_bytes_where_only_the_parts_are_wanted(ed25519: PrivateKey) -> None:
    signing_input = f"{part({'alg': 'EdDSA'})}.{part(b'foo')}"
    parts = split_compact(f"{signing_input}.{part(ed25519.sign(signing_input.encode()))}")
    verify_compact(parts, ed25519.public_key)
    assert parts.payload == b"foo"


def test_the_token_of_rfc_8037() -> None:
    """RFC 8037, appendix A.4."""
    compact = (
        "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
        "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
    )
    key = PrivateKey.from_bytes(
        "EdDSA", base64.urlsafe_b64decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=")
    ).public_key
    verify_compact(split_compact(compact), key)
