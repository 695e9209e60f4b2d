"""SD-JWTs for the tests: honest ones, and ones put together by hand without any care."""

import itertools
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from credentials.keys import PrivateKey
from credentials.multibase import base64url_encode
from credentials.sd_jwt import digest
from credentials.sd_jwt_issue import Disclosing, to_sd_jwt, to_sd_jwt_vc
from tests.credential_samples import DAY, NOW, SCHOOL, outcome

HOLDER = PrivateKey.from_bytes("EdDSA", bytes([33]) * 32)
HOLDER_ID = HOLDER.public_key.did_key()
HOLDER_METHOD = f"{HOLDER_ID}#{HOLDER.public_key.multibase()}"
BADGE = SCHOOL.badge(outcome(subject_id=HOLDER_ID))
VCT = "https://college.example/types/badge"
VERIFIER = "https://employer.example"
CHALLENGE = "5b3d2c8e-challenge"
ACHIEVEMENT = "/credentialSubject/achievement"
CREDITS = "/credentialSubject/creditsEarned"
SCORE = "/credentialSubject/result/0"
CHOICE = (CREDITS, ACHIEVEMENT, f"{ACHIEVEMENT}/criteria", f"{ACHIEVEMENT}/criteria/narrative", SCORE)


def salts() -> Callable[[], bytes]:
    """Salts that are the same in every run."""
    count = itertools.count(1)
    return lambda: next(count).to_bytes(16)


def disclosing(pointers: Sequence[str] = CHOICE, decoys: int = 2) -> Disclosing:
    return Disclosing(tuple(pointers), salts(), decoys)


def w3c(document: dict[str, Any] = BADGE, pointers: Sequence[str] = CHOICE) -> str:
    """The badge as `vc+sd-jwt`, issued to the holder's key, with everything disclosed."""
    return to_sd_jwt(
        document,
        SCHOOL.key,
        key_id=SCHOOL.method,
        disclosing=disclosing(pointers),
        holder_key=HOLDER.public_key,
        issued_at=NOW - DAY,
    )


def ietf(document: dict[str, Any] = BADGE, pointers: Sequence[str] = CHOICE) -> str:
    """The badge as `dc+sd-jwt`, in its claim `ld`."""
    return to_sd_jwt_vc(
        document,
        SCHOOL.key,
        vct=VCT,
        key_id=SCHOOL.method,
        disclosing=disclosing(pointers),
        holder_key=HOLDER.public_key,
        issued_at=NOW - DAY,
    )


def disclosure(*content: Any) -> str:
    return base64url_encode(json.dumps(list(content)).encode())


def hashed(text: str, name: str = "sha-256") -> str:
    return digest(text, name)


def jws(payload: Mapping[str, Any] | str, key: PrivateKey = SCHOOL.key, **header: Any) -> str:
    """A JWS over exactly this, however odd."""
    members = {"alg": key.public_key.algorithm, "typ": "vc+sd-jwt", "kid": SCHOOL.method, **header}
    kept = {name: value for name, value in members.items() if value is not None}
    text = payload if isinstance(payload, str) else json.dumps(payload)
    signed = ".".join(base64url_encode(part.encode()) for part in (json.dumps(kept), text))
    return f"{signed}.{base64url_encode(key.sign(signed.encode()))}"


def sd_jwt(payload: Mapping[str, Any] | str, *disclosures: str, binding: str = "", **header: Any) -> bytes:
    return "~".join([jws(payload, **header), *disclosures, binding]).encode()


def key_binding(shown: str, key: PrivateKey = HOLDER, typ: str = "kb+jwt", **claims: Any) -> str:
    """A key binding over what is shown (which ends in `~`); `None` takes a claim away."""
    made = {"iat": int(NOW.timestamp()), "aud": VERIFIER, "nonce": CHALLENGE, "sd_hash": hashed(shown), **claims}
    return jws({name: value for name, value in made.items() if value is not None}, key, typ=typ, kid=None)
