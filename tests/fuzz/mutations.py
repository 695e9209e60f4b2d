"""Valid inputs made wrong by bytes, by members of JSON, by segments of tokens; and signed again where a key is given.

From one seed always comes the same mutation.
"""

import base64
import copy
import json
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from credentials.keys import PrivateKey
from credentials.multibase import base64url_encode
from tests.random_documents import IRIS, NASTY, NUMBERS, TEXTS

DEEP: Any = []
for _ in range(70):
    DEEP = [DEEP]
VALUES: list[Any] = [
    *NASTY, *NUMBERS, *TEXTS, *IRIS, DEEP, {"a": DEEP}, [{}] * 101, "x" * 70_000, 10**400, -(10**19), 2**63, "1" * 5000,
    "2026-02-30T00:00:00Z", "2026-06-01T24:00:00Z", "0000-01-01T00:00:00Z", "99999-01-01T00:00:00Z", "P1Y", "NaN",
    "did:key:z6Mk", "did:key:z" + "1" * 60, "did:web:", "did:web:a%00b", "did:jwk:e30", "z",
    "data:application/vc+jwt,a.b.c",
    "data:application/vc+sd-jwt,a.b.c~", "data:,", "https://[::1", "https://a:99999/", "http://a@b/", "uAA", "z0OIl",
]  # fmt: skip
NAMES = [
    "id", "@id", "type", "@type", "@context", "@value", "@graph", "issuer", "credentialSubject", "proof",
    "proofValue", "verificationMethod", "credentialStatus", "credentialSchema", "evidence", "endorsement",
    "achievement", "result", "verifiableCredential", "holder", "_sd", "...", "_sd_alg", "cnf", "vct", "ld",
    "vc", "vp", "iss", "sub", "exp", "nbf", "iat", "jti", "aud", "nonce", "alg", "kid", "typ", "cty", "crit",
    "b64", "jwk", "x5c", "status", "refreshService", "termsOfUse", "relatedResource", "digestSRI",
    "digestMultibase", "recipient", "badge", "verification", "creator", "hosted", "association", "validFrom",
    "validUntil", "issuanceDate", "previousProof", "expires", "challenge", "domain", "name", "statusListIndex",
    "statusListCredential", "encodedList", "statusSize", "", "__proto__",
]  # fmt: skip
BYTES = [b"", b"\0", b"\xff", b"\xef\xbb\xbf", b"\r\n", b" ", b"{", b"}", b"[", b'"', b"~", b".", b"=", b"<", b"&#0;",
         b"\\u0000", b"\\ud800", b"1e999", b"null", b"<!DOCTYPE a>", b"]]>", b"\x1f\x8b", b"<!--", b"%PDF-", b"%%EOF",
         b"\x7f\xff\xff\xff", b"\x80\0\0\0", b"/Filter", b"obj"]  # fmt: skip


def of_bytes(random: Random, data: bytes) -> bytes:
    """One place changed, taken away, doubled or filled, or the rest cut off."""
    start = random.randrange(len(data) + 1)
    end = min(len(data), start + random.choice((0, 1, 1, 2, 4, 64, 1000)))
    part, kind = data[start:end], random.randrange(6)
    if kind == 0:
        return data[:start]
    if kind == 1:
        return data[:end] + part + data[end:]
    if kind == 2 and part:
        return data[:start] + bytes([part[0] ^ (1 << random.randrange(8))]) + data[start + 1 :]
    noise = random.choice(BYTES) if kind < 5 else random.randbytes(random.randint(1, 8))
    return data[:start] + noise + data[end:]


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every holder in a document with a name or number in it."""
    for name, item in list(value.items()) if isinstance(value, dict) else list(enumerate(value)):
        yield value, name
        if isinstance(item, dict | list):
            yield from places(item)


def of_json(random: Random, document: Any) -> Any:
    """A copy with one to three members changed."""
    changed = copy.deepcopy(document)
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        spots = list(places(changed))
        if spots:
            _mutate(random, *random.choice(spots), spots)
    return changed


def _mutate(random: Random, holder: Any, name: Any, spots: list[tuple[Any, Any]]) -> None:
    """Change one member: take it away, give it another value or another name, wrap it, or put one beside it."""
    kind, value = random.randrange(7), random.choice(VALUES)
    if kind == 0:
        del holder[name]
    elif kind == 1:
        holder[name] = random.choice(([holder[name]], [holder[name], holder[name]], {"id": holder[name]}))
    elif kind == 2 and isinstance(holder, dict):
        holder[random.choice(NAMES)] = holder.pop(name)
    elif kind == 3 and isinstance(holder, dict):
        holder[random.choice(NAMES)] = copy.deepcopy(value)
    elif kind == 4:
        donor, other = random.choice(spots)
        holder[name] = copy.deepcopy(donor[other] if other in donor or isinstance(donor, list) else value)
    elif kind == 5 and isinstance(holder[name], str):
        holder[name] = of_text(random, holder[name])
    else:
        holder[name] = copy.deepcopy(value)


def of_text(random: Random, text: str) -> str:
    """One place of a text changed."""
    start = random.randrange(len(text) + 1)
    kept = text[start + random.randrange(2) :]
    return (
        text[:start]
        + random.choice(["", " ", "a", "A", "0", "=", "\u200b", "\u00e9", "\x00", "%", "#", "/", text])
        + kept
    )


def of_token(random: Random, token: str, key: PrivateKey | None = None) -> str:
    """A segment of a token changed: taken away, doubled, swapped, spelt otherwise, or with other JSON inside.

    With a key, the JWS is signed again, so that what is inside is looked at.
    """
    issued, tilde, rest = token.partition("~")
    if key is not None or (random.random() < 0.4 and not rest):
        return _with_other_json(random, issued, key) + tilde + rest
    separator = "~" if rest and random.random() < 0.7 else "."
    segments = token.split(separator)
    place, kind = random.randrange(len(segments)), random.randrange(5)
    if kind == 0:
        del segments[place]
    elif kind == 1:
        segments.insert(place, random.choice(segments))
    elif kind == 2:
        other = random.randrange(len(segments))
        segments[place], segments[other] = segments[other], segments[place]
    elif kind == 3:
        segments[place] = of_text(random, segments[place])
    else:
        segments[place] = base64url_encode(_dumped(of_json(random, _loaded(segments[place]))))
    return separator.join(segments)


def _with_other_json(random: Random, jws: str, key: PrivateKey | None) -> str:
    parts = jws.split(".")
    place = random.choice((0, 1, 1, 1)) if len(parts) > 1 else 0
    parts[place] = base64url_encode(_dumped(of_json(random, _loaded(parts[place]))))
    if key is not None:
        parts[-1] = base64url_encode(key.sign(".".join(parts[:-1]).encode()))
    return ".".join(parts)


def _loaded(segment: str) -> Any:
    """The JSON in a segment; where there is none, a list with it."""
    try:
        found = json.loads(base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4)))
    except ValueError:
        return [segment]
    return found if isinstance(found, dict | list) else [found]


def _dumped(value: Any) -> bytes:
    return json.dumps(value).encode()


def of_document(random: Random, text: str, sign: Callable[[Any], Any] | None = None) -> str:
    """JSON with other members, signed again perhaps; now and then with a member twice or other bytes."""
    document = of_json(random, json.loads(text))
    if sign is not None and isinstance(document, dict):
        try:
            document = sign(document)
        except Exception:  # what cannot be signed is tried as it is
            return json.dumps(document)
    changed = json.dumps(document, ensure_ascii=random.random() < 0.5)
    if random.random() < 0.1:
        return changed.replace("{", '{"id": "urn:twice", ', 1)
    return changed
