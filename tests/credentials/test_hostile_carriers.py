"""Group S of the security catalogue, for every kind of token that carries a credential."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from credentials.curves import NIST_CURVES
from credentials.errors import CredentialError
from credentials.keys import PrivateKey, PublicKey
from credentials.multibase import base64url_decode, base64url_encode
from credentials.verify import VerificationMaterial
from tests.credential_samples import DAY, NOW, OTHER, SCHOOL, School, check, did_key_school, material
from tests.sd_jwt_samples import VCT

BADGE = SCHOOL.badge()
TWIN = School(id="did:web:es256.example", algorithm="ES256")
BIG = School(id="did:web:es384.example", algorithm="ES384")
KNOWN = material(SCHOOL, OTHER, TWIN, BIG)

Payload = Callable[[dict[str, Any], str], dict[str, Any]]


def _itself(document: dict[str, Any], issuer: str) -> dict[str, Any]:
    return document


def _with_claims(document: dict[str, Any], issuer: str) -> dict[str, Any]:
    return {**document, "iss": issuer, "jti": document["id"]}


def _nested(document: dict[str, Any], issuer: str) -> dict[str, Any]:
    return {"iss": issuer, "vct": VCT, "ld": document}


def _old(document: dict[str, Any], issuer: str) -> dict[str, Any]:
    return {"iss": issuer, "vc": document}


CARRIERS: dict[str, tuple[str, str, Payload]] = {
    "1edtech": ("JWT", "", _with_claims),
    "vcdm-1.1": ("JWT", "", _old),
    "vc+jwt": ("vc+jwt", "", _itself),
    "vc+sd-jwt": ("vc+sd-jwt", "~", _itself),
    "dc+sd-jwt": ("dc+sd-jwt", "~", _nested),
}


@pytest.fixture(params=CARRIERS)
def carrier(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def signed(carrier: str, school: School = SCHOOL, payload: str | None = None, **header: Any) -> bytes:
    """The school's badge in this carrier; a header member of None is left out."""
    typ, tail, _ = CARRIERS[carrier]
    members = {"alg": school.key.public_key.algorithm, "typ": typ, "kid": school.method, **header}
    kept = {name: value for name, value in members.items() if value is not None}
    return assembled(json.dumps(kept), payload or body(carrier, school), school.key.sign, tail)


def body(carrier: str, school: School = SCHOOL, **members: Any) -> str:
    return json.dumps({**CARRIERS[carrier][2](school.badge(), school.id), **members})


def assembled(header: str, payload: str, sign: Callable[[bytes], bytes], tail: str) -> bytes:
    text = ".".join(base64url_encode(part.encode()) for part in (header, payload))
    return f"{text}.{base64url_encode(sign(text.encode()))}{tail}".encode()


def code(data: bytes, known: VerificationMaterial = KNOWN) -> str | None:
    """Why the bytes are refused; None where they are valid. What is refused claims nothing."""
    try:
        answer = check(data, known)
    except CredentialError as refused:
        return refused.code
    assert answer.verdict == "valid" or answer.claims is None
    return answer.code


@pytest.mark.parametrize("school", [SCHOOL, TWIN, BIG, did_key_school()], ids=lambda school: school.algorithm)
def test_an_honest_token_is_valid(carrier: str, school: School) -> None:
    assert code(signed(carrier, school)) is None


@pytest.mark.parametrize(
    "alg", ["none", "None", "NONE", "nOnE", None, [], 5, "HS256", "HS512", "RS512", "ES512", "eddsa"]
)
def test_s01_s02_no_other_algorithm(carrier: str, alg: Any) -> None:
    header = {"typ": CARRIERS[carrier][0], "kid": SCHOOL.method, "alg": alg}
    assert (
        code(assembled(json.dumps(header), body(carrier), SCHOOL.key.sign, CARRIERS[carrier][1])) == "alg_not_allowed"
    )


def test_s01_no_signature(carrier: str) -> None:
    whole = signed(carrier).decode()
    tail = CARRIERS[carrier][1]
    head = whole.removesuffix(tail).rpartition(".")[0]
    assert code(f"{head}.{tail}".encode()) == "malformed_jws"
    assert code(f"{head}{tail}".encode()) == "malformed_jws"


def test_s02_s04_a_public_key_is_no_secret(carrier: str) -> None:
    """HMAC under the raw public key, under any name of an algorithm that is allowed."""
    secret = SCHOOL.key.public_key.material
    for alg, expected in (("HS256", "alg_not_allowed"), ("EdDSA", "bad_signature"), ("ES256", "alg_key_mismatch")):
        header = {"alg": alg, "typ": CARRIERS[carrier][0], "kid": SCHOOL.method}
        forged = assembled(
            json.dumps(header),
            body(carrier),
            lambda text: hmac.new(secret, text, hashlib.sha256).digest(),
            CARRIERS[carrier][1],
        )
        assert code(forged) == expected


def test_s10_s11_malleable_ed25519(carrier: str) -> None:
    order = 2**252 + 27742317777372353535851937790883648493
    token = signed(carrier).decode()
    tail = CARRIERS[carrier][1]
    head, _, last = token.removesuffix(tail).rpartition(".")
    signature = base64url_decode(last)
    s = int.from_bytes(signature[32:], "little") + order
    grown = signature[:32] + s.to_bytes(32, "little")
    assert code(f"{head}.{base64url_encode(grown)}{tail}".encode()) == "bad_signature"
    small = bytes([1]) + bytes(31) + signature[32:]
    assert code(f"{head}.{base64url_encode(small)}{tail}".encode()) == "small_order_r"


def _ecdsa_twins(signature: bytes) -> Iterator[bytes]:
    order = NIST_CURVES["ES256"].order
    r, s = signature[:32], int.from_bytes(signature[32:])
    yield bytes(64)
    yield order.to_bytes(32) * 2
    yield r + bytes(32)
    yield signature + b"\0"
    yield signature[:-1]
    integers = b"".join(b"\x02" + bytes([len(part)]) + part for part in (b"\0" + r, b"\0" + s.to_bytes(32)))
    yield b"\x30" + bytes([len(integers)]) + integers


def test_s13_ecdsa_signatures_have_one_form(carrier: str) -> None:
    token, tail = signed(carrier, TWIN).decode(), CARRIERS[carrier][1]
    head, _, last = token.removesuffix(tail).rpartition(".")
    for twin in _ecdsa_twins(base64url_decode(last)):
        assert code(f"{head}.{base64url_encode(twin)}{tail}".encode()) == "bad_signature"


def test_s14_one_token_one_spelling(carrier: str) -> None:
    token, tail = signed(carrier).decode(), CARRIERS[carrier][1]
    compact = token.removesuffix(tail)
    for spelling in (compact + "==", compact + "=", compact + " ", compact + "\n\n", compact.replace(".", ". ", 1)):
        assert code((spelling + tail).encode()) == "malformed_jws"
    stray = compact[:-1] + chr(ord(compact[-1]) + 1)  # the trailing bits of 64 bytes in base64
    assert code((stray + tail).encode()) == "malformed_jws"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ({"crit": ["x-foo"], "x-foo": 1}, "unsupported_critical"),
        ({"crit": []}, "malformed_header"),
        ({"crit": ["alg"]}, "malformed_header"),
        ({"crit": ["b64"], "b64": True}, "malformed_header"),
        ({"crit": ["b64"], "b64": "false"}, "malformed_header"),
        ({"crit": ["b64"], "b64": 0}, "malformed_header"),
        ({"crit": ["b64"], "b64": False}, "unsupported_critical"),
        ({"b64": False}, "malformed_header"),
        ({"jku": "https://evil.example/keys"}, "untrusted_key_hint"),
        ({"x5u": "https://evil.example/cert"}, "untrusted_key_hint"),
        ({"x5c": ["MIIB"]}, "untrusted_key_hint"),
        ({"jwk": OTHER.key.public_key.jwk()}, "untrusted_key_hint"),
        ({"jwk": {**SCHOOL.key.public_key.jwk(), "d": "AAAA"}}, "private_key_published"),
        ({"jwk": {"kty": "oct", "k": "AAAA"}}, "key_type_not_allowed"),
        ({"jwk": SCHOOL.key.public_key.jwk()}, None),
        ({"kid": "did:web:college.example#key-9"}, "unknown_key"),
        ({"kid": "key-1"}, None),
        ({"kid": "#key-1"}, None),
        ({"kid": "##key-1"}, "unknown_key"),
        ({"kid": "key-9"}, "unknown_key"),
        ({"kid": None}, "unknown_key"),
        ({"kid": OTHER.method}, "bad_signature"),
        ({"typ": "at+jwt"}, "wrong_type"),
        ({"typ": "logout+jwt"}, "wrong_type"),
        ({"typ": "vp+jwt"}, "wrong_type"),
        ({"typ": "kb+jwt"}, "wrong_type"),
        ({"typ": "verification-receipt+jwt"}, "wrong_type"),
        ({"typ": 5}, "malformed_header"),
        ({"alg": "ES256"}, "alg_key_mismatch"),
        ({"alg": "RS256"}, "alg_key_mismatch"),
    ],
)
def test_s16_to_s32_headers(carrier: str, header: dict[str, Any], expected: str | None) -> None:
    assert code(signed(carrier, **header)) == expected


def test_s22_two_issuers_with_one_key_name(carrier: str) -> None:
    assert code(signed(carrier, replace(OTHER, id=SCHOOL.id), kid="key-1")) == "bad_signature"


def test_s23_duplicate_members(carrier: str) -> None:
    typ, tail, _ = CARRIERS[carrier]
    twice = f'{{"alg":"none","alg":"EdDSA","typ":"{typ}","kid":"{SCHOOL.method}"}}'
    assert code(assembled(twice, body(carrier), SCHOOL.key.sign, tail)) == "duplicate_json_key"
    payload = body(carrier)[:-1] + ',"iss":"did:web:a.example","\\u0069ss":"did:web:b.example"}'
    assert code(signed(carrier, payload=payload)) == "duplicate_json_key"


@pytest.mark.parametrize("claim", ["exp", "nbf"])
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('"1930122000"', "malformed_claim"),
        ('"٩٩٩٩٩٩٩٩٩٩"', "malformed_claim"),
        ("true", "malformed_claim"),
        ("null", "malformed_claim"),
        ("[1]", "malformed_claim"),
        ("1e400", "malformed_number"),
        ("1e18", "out_of_range"),
    ],
)
def test_s26_times_are_numbers(carrier: str, claim: str, value: str, expected: str) -> None:
    assert code(signed(carrier, payload=f'{body(carrier)[:-1]},"{claim}":{value}}}')) == expected


@pytest.mark.parametrize("claims", [{"iss": OTHER.id}, {"jti": "urn:uuid:x"}, {"sub": OTHER.id}])
def test_s28_what_is_said_twice_is_said_alike(carrier: str, claims: dict[str, str]) -> None:
    assert code(signed(carrier, payload=body(carrier, **claims))) == "claim_mismatch"


def test_s28_the_issuer_is_the_signer(carrier: str) -> None:
    stranger = replace(SCHOOL, id=OTHER.id)
    assert code(signed(carrier, replace(SCHOOL, id=OTHER.id), kid=SCHOOL.method), KNOWN) == "controller_mismatch"
    assert code(signed(carrier, stranger, kid=OTHER.method), KNOWN) == "bad_signature"


def test_s29_a_large_payload_is_not_parsed(carrier: str) -> None:
    huge = base64.urlsafe_b64encode(b"{" + b" " * 20_000_000).decode().rstrip("=")
    assert code(f"eyJhbGciOiJFZERTQSJ9.{huge}.AAAA{CARRIERS[carrier][1]}".encode()) == "too_large"


def test_s08_a_key_of_small_order_is_no_key() -> None:
    with pytest.raises(CredentialError) as refused:
        PublicKey("EdDSA", bytes([1]) + bytes(31))
    assert refused.value.code == "small_order_key"


NOW_SECONDS = int(NOW.timestamp())


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ({"exp": NOW_SECONDS + 1}, None),
        ({"exp": NOW_SECONDS}, "proof_time"),
        ({"exp": NOW_SECONDS - 1}, "proof_time"),
        ({"nbf": NOW_SECONDS - 5}, None),
        ({"nbf": NOW_SECONDS + 600}, "proof_time"),
        ({"iat": NOW_SECONDS - 5}, None),
        ({"iat": NOW_SECONDS + 600}, "proof_time"),
        ({"iat": "2026-05-31T12:00:00Z"}, None),
        ({"iat": "2036-05-31T12:00:00Z"}, "proof_time"),
        ({"iat": "yesterday"}, "malformed_claim"),
        ({"iat": "2026-05-31"}, "malformed_claim"),
        ({"validUntil": "2026-05-31T18:00:00Z", "exp": int((NOW - DAY / 4 * 3).timestamp())}, "expired"),
    ],
)
def test_in_the_w3c_profile_the_times_are_the_signatures(claims: dict[str, Any], expected: str | None) -> None:
    for carrier in ("vc+jwt", "vc+sd-jwt"):
        data = signed(carrier, payload=body(carrier, **claims))
        try:
            assert check(data, KNOWN).code == expected
        except CredentialError as refused:
            assert refused.code == expected


def test_a_date_in_words_is_no_time_in_other_profiles() -> None:
    for carrier in ("1edtech", "vcdm-1.1", "dc+sd-jwt"):
        payload = body(carrier, iat="2026-05-31T12:00:00Z")
        assert code(signed(carrier, payload=payload)) == "malformed_claim"


@pytest.mark.parametrize(
    ("cty", "expected"),
    [("vc", None), ("application/vc", None), ("vc+ld+json", None), ("vp", "wrong_type"), ("bad+cty", "wrong_type")],
)
def test_the_content_type_of_the_w3c_profile(cty: str, expected: str | None) -> None:
    for carrier in ("vc+jwt", "vc+sd-jwt"):
        assert code(signed(carrier, cty=cty)) == expected


def test_a_status_token_is_not_passed_over() -> None:
    claim = {"status": {"status_list": {"idx": 4, "uri": "https://status.example/1"}}}
    for carrier in ("vc+jwt", "vc+sd-jwt", "dc+sd-jwt"):
        answer = check(signed(carrier, payload=body(carrier, **claim)), KNOWN)
        assert (answer.verdict, answer.code) == ("indeterminate", "status_unavailable")
        assert [one.code for one in answer.checks if one.name == "status"] == ["status_unavailable"]


def test_keys_that_only_look_alike() -> None:
    """A key of the same bytes under another algorithm is another key."""
    seed = PrivateKey.from_bytes("ES256", bytes([1]) * 32)
    assert code(signed("vc+jwt", replace(TWIN, id=SCHOOL.id), kid=SCHOOL.method)) == "alg_key_mismatch"
    assert seed.public_key != SCHOOL.key.public_key
