"""Group S of the catalogue: JOSE, JWS, VC-JWT and SD-JWT."""

import hmac
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from credentials.curves import NIST_CURVES
from credentials.keys import PrivateKey
from credentials.multibase import base64url_decode, base64url_encode
from tests.bank_world import ANNA
from tests.sd_jwt_samples import disclosure, hashed, sd_jwt
from tests.security.attacks import careless_token
from tests.security.catalogue import Case, Effect, Scene
from tests.security.forgeries import SMALL_ORDER, b64, raw_token, rsa_jwk, token_with

STRANGER = PrivateKey.from_bytes("EdDSA", b"mallory!" * 4)
ORDER = 2**252 + 27742317777372353535851937790883648493
Sign = Callable[[bytes], bytes]


def token(scene: Scene, sign: Sign | None = None, **header: Any) -> str:
    """The school's badge as a token under any header (None leaves a member out) and any signature."""
    members = {"alg": "EdDSA", "typ": "JWT", "kid": scene.signer.key_id, **header}
    kept = {name: value for name, value in members.items() if value is not None}
    return token_with(kept, scene.signer.document(), sign or scene.signer.key.sign)


def headed(**header: Any) -> Callable[[Scene], str]:
    return lambda scene: token(scene, **header)


def by_stranger(**header: Any) -> Callable[[Scene], str]:
    return lambda scene: token(scene, STRANGER.sign, **header)


def null_alg(value: object) -> Callable[[Scene], str]:
    return lambda scene: raw_token(scene.signer, json.dumps({"alg": value, "kid": scene.signer.key_id}), body(scene))


def body(scene: Scene, more: str = "") -> str:
    """The badge as JSON, with more members as they are written."""
    return json.dumps(scene.signer.document())[:-1] + more + "}"


def rsa_secrets(encoding: Encoding) -> Callable[[Scene], str]:
    """A token under HS256, whose secret is the PEM or DER of the school's own registered RSA key."""

    def make(scene: Scene) -> str:
        public = rsa.generate_private_key(65537, 2048).public_key()
        jwk = rsa_jwk(public.public_numbers().n)
        row = scene.world.administration.register_key(
            ANNA, "seoul", PrivateKey.generate("EdDSA").public_key.from_jwk(jwk), scene.world.now - timedelta(days=9)
        )
        secret = public.public_bytes(encoding, PublicFormat.SubjectPublicKeyInfo)
        return token(scene, lambda data: hmac.digest(secret, data, "sha256"), alg="HS256", kid=row.key_id)

    return make


def with_signature(change: Callable[[bytes], bytes], *, nist: bool = False) -> Callable[[Scene], str]:
    """A genuine token whose signature is written otherwise."""

    def make(scene: Scene) -> str:
        signer = scene.nist_signer if nist else scene.signer
        head, _, last = signer.sign(signer.document()).rpartition(".")
        return f"{head}.{base64url_encode(change(base64url_decode(last)))}"

    return make


def s_plus_order(raw: bytes) -> bytes:
    return raw[:32] + (int.from_bytes(raw[32:], "little") + ORDER).to_bytes(32, "little")


def der(raw: bytes, *, long: bool = False) -> bytes:
    integers = b"".join(b"\x02\x21\0" + part for part in (raw[:32], raw[32:]))
    return b"\x30" + (b"\x81" if long else b"") + bytes([len(integers)]) + integers


def r_plus_order(raw: bytes) -> bytes:
    return ((int.from_bytes(raw[:32]) + NIST_CURVES["ES256"].order) % 2**256).to_bytes(32) + raw[32:]


ORDER_TWICE = NIST_CURVES["ES256"].order.to_bytes(32) * 2
NIST_FORMS: dict[str, Callable[[bytes], bytes]] = {
    "DER": der,
    "DER with a long length": lambda raw: der(raw, long=True),
    "r=s=0": lambda raw: bytes(64),
    "r=s=n": lambda raw: ORDER_TWICE,
    "r+n": r_plus_order,
    "a byte more": lambda raw: raw + b"\0",
    "a byte less": lambda raw: raw[:-1],
}


def respelt(respell: Callable[[str], str]) -> Callable[[Scene], str]:
    return lambda scene: respell(token(scene))


def claims(**members: Any) -> Callable[[Scene], str]:
    return lambda scene: scene.signed({**scene.signer.document(), **members})


def written(more: str) -> Callable[[Scene], str]:
    """A genuine token over a payload with members that no JSON writer would write."""
    header = '{"alg":"EdDSA","typ":"JWT","kid":"%s"}'
    return lambda scene: raw_token(scene.signer, header.replace("%s", scene.signer.key_id), body(scene, more))


def twice_headed(scene: Scene) -> str:
    return raw_token(scene.signer, f'{{"alg":"none","alg":"EdDSA","kid":"{scene.signer.key_id}"}}', body(scene))


def same_name(scene: Scene) -> str:
    """Another school's key in the first school's badge, under a name that both use."""
    return careless_token(scene.signer, scene.nist_signer.document(), kid=f"#{scene.signer.key_id.partition('#')[2]}")


SHOWN = disclosure("salt-1", "creditsEarned", 3)
OTHER = disclosure("salt-2", "creditsEarned", 300)
TAG = disclosure("salt-3", "steel")


def selective(*shown: str, digests: Any = (SHOWN,), **members: Any) -> Callable[[Scene], bytes]:
    """An SD-JWT of the school's badge whose credits stand in disclosures."""

    def make(scene: Scene) -> bytes:
        document = scene.signer.document()
        subject = {name: value for name, value in document["credentialSubject"].items() if name != "creditsEarned"}
        subject["_sd"] = [hashed(text) for text in digests]
        payload = {**document, "credentialSubject": subject, **members}
        return sd_jwt(payload, *shown, key=scene.signer.key, kid=scene.signer.key_id)

    return make


def digest_in_an_array_twice(scene: Scene) -> bytes:
    document = scene.signer.document()
    document["credentialSubject"]["achievement"]["tag"] = [{"...": hashed(TAG)}] * 2
    return sd_jwt(document, TAG, key=scene.signer.key, kid=scene.signer.key_id)


KEY_HINTS: dict[str, object] = {
    "jku": "https://evil.example/jwks",
    "x5u": "https://evil.example/x",
    "x5c": ["MII"],
    "jwk": STRANGER.public_key.jwk(),
}
CRITICAL: dict[str, dict[str, Any]] = {
    "an empty list": {"crit": []},
    "alg": {"crit": ["alg"]},
    "b64 true": {"crit": ["b64"], "b64": True},
    "b64 as text": {"crit": ["b64"], "b64": "false"},
    "b64 zero": {"crit": ["b64"], "b64": 0},
}
TIMES = {"text": '"1930122000"', "Arabic digits": '"٩٩٩٩٩٩٩٩٩٩"', "true": "true"}


def cases() -> Iterator[Case]:
    """Every case of the group that is a credential handed in."""
    for alg in ("none", "None", "NONE", "nOnE"):
        yield Case("S01", f"{alg}, no signature", lambda s, a=alg: token(s, lambda _: b"", alg=a), "alg_not_allowed")  # type: ignore[misc]
    yield Case("S01", "missing", headed(alg=None), "alg_not_allowed")
    yield Case("S01", "null", null_alg(None), "alg_not_allowed")
    yield Case("S01", "a list", headed(alg=[]), "alg_not_allowed")
    yield Case("S02", "PEM as the secret", rsa_secrets(Encoding.PEM), "alg_not_allowed")
    yield Case("S02", "DER as the secret", rsa_secrets(Encoding.DER), "alg_not_allowed")
    secret: Sign = lambda data: hmac.digest(b"k" * 32, data, "sha256")  # noqa: E731
    yield Case("S04", "HS256 under a shared secret", lambda s: token(s, secret, alg="HS256"), "alg_not_allowed")
    oct_key = {"kty": "oct", "k": b64(b"k" * 32)}
    yield Case("S04", "the secret in the header", lambda s: token(s, jwk=oct_key), "key_type_not_allowed")
    with_private = {**STRANGER.public_key.jwk(), "d": b64(b"mallory!" * 4)}
    yield Case("S05", "the private part in the header", headed(jwk=with_private), "private_key_published")
    constant = bytes.fromhex(SMALL_ORDER[0]) + bytes(32)
    yield Case("S08", "one constant signature", lambda s: token(s, lambda _: constant), "small_order_r")
    identity = {"kty": "OKP", "crv": "Ed25519", "x": b64(bytes.fromhex(SMALL_ORDER[0]))}
    yield Case(
        "S08", "the identity in the header", lambda s: token(s, lambda _: constant, jwk=identity), "small_order_key"
    )
    yield Case("S10", "S + L", with_signature(s_plus_order), "bad_signature")
    yield Case(
        "S11", "R of small order", with_signature(lambda raw: bytes.fromhex(SMALL_ORDER[0]) + raw[32:]), "small_order_r"
    )
    for name, change in NIST_FORMS.items():
        yield Case("S13", name, with_signature(change, nist=True), "bad_signature")
    yield Case("S14", "padding", respelt(lambda text: text + "=="), "malformed_jws")
    yield Case("S14", "padding inside", respelt(lambda text: text.replace(".", "=.", 1)), "malformed_jws")
    yield Case("S16", "an unknown extension", headed(crit=["x-foo"], **{"x-foo": 1}), "unsupported_critical")
    for name, header in CRITICAL.items():
        yield Case("S17", name, headed(**header), "malformed_header")
    for name, value in KEY_HINTS.items():
        yield Case("S19", name, by_stranger(**{name: value}), "untrusted_key_hint")
    yield Case("S20", "an unknown name", headed(kid="did:web:bank.example:issuers:seoul#gone"), "unknown_key")
    yield Case("S20", "no name", headed(kid=None), "unknown_key")
    yield Case("S22", "a name that two use", same_name, "unknown_key")
    yield from _payloads()


def _payloads() -> Iterator[Case]:
    yield Case("S23", "in the header", twice_headed, "duplicate_json_key")
    yield Case("S23", "in the payload", written(',"sub":"urn:a","\\u0073ub":"urn:b"'), "duplicate_json_key")
    yield Case("S25", "an access token", lambda scene: scene.counter.token, "wrong_type")
    for typ in ("at+jwt", "logout+jwt", "vp+jwt", "verification-receipt+jwt"):
        yield Case("S25", f"typ {typ}", headed(typ=typ), "wrong_type")
    yield Case("S25", "typ 5", headed(typ=5), "malformed_header")
    for name, text in TIMES.items():
        yield Case("S26", f"exp as {name}", written(f',"exp":{text}'), "malformed_claim")
    yield Case("S26", "exp 1e400", written(',"exp":1e400'), "malformed_number")
    for claim, value in {"iss": "did:web:evil.example", "sub": "urn:x:other", "jti": "urn:x:other", "nbf": 1}.items():
        yield Case("S28", claim, claims(**{claim: value}), "claim_mismatch")
    yield Case("S29", "20 MB", lambda s: "eyJ" + "A" * 20_000_000, "too_large", Effect.AT_THE_DOOR, status=413)
    yield Case("S29", "129 kB", lambda s: "eyJ" + "A" * 131_100, "too_large")
    yield from _selective()
    yield Case("S32", "ES256 over an Ed25519 key", headed(alg="ES256"), "alg_key_mismatch")
    yield Case("S32", "RS256 over an Ed25519 key", headed(alg="RS256"), "alg_key_mismatch")


def _selective() -> Iterator[Case]:
    yield Case("S31", "nothing shown", selective(), "credits_not_disclosed", Effect.WITHHELD)
    yield Case("S31", "shown twice", selective(SHOWN, SHOWN), "duplicate_disclosure")
    yield Case("S31", "foreign", selective(OTHER), "foreign_disclosure")
    yield Case("S31", "md5", selective(SHOWN, _sd_alg="md5"), "sd_alg_not_allowed")
    yield Case("S31", "a digest twice", selective(SHOWN, digests=(SHOWN, SHOWN)), "duplicate_digest")
    yield Case("S31", "a digest twice in an array", digest_in_an_array_twice, "duplicate_digest")
    yield Case("S31", "two amounts", selective(SHOWN, OTHER, digests=(SHOWN, OTHER)), "disclosure_conflict")
