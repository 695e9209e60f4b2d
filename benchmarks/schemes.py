"""Ours: each way of securing a credential as three calls over a list of documents."""

import json
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from benchmarks.badges import ISSUER, KEY, MADE, METHOD, Document
from credentials import data_integrity
from credentials.jose import from_vc_jwt, read_compact, to_vc_jwt, verify_compact
from credentials.keys import Algorithm, PrivateKey
from credentials.read import read
from credentials.sd_jwt import read_sd_jwt
from credentials.sd_jwt_credential import from_sd_jwt, issuer_jws
from credentials.sd_jwt_issue import Disclosing, to_sd_jwt
from credentials.strict_json import loads
from credentials.verify import IssuerKey, VerificationMaterial, verify

AT = MADE + timedelta(days=1)
CHOSEN = ("/name", "/credentialSubject/achievement/description", "/credentialSubject/achievement/criteria")


@dataclass(frozen=True)
class Scheme:
    """`issue` makes a proof or token, `proof` takes bytes to a verified payload, `report` to a verification."""

    name: str
    issue: Callable[[int], object]
    proof: Callable[[int], object]
    report: Callable[[int], object]


def schemes(documents: list[Document]) -> Iterator[Scheme]:
    """Every way in which this package can secure a credential."""
    yield _vc_jwt(documents, "EdDSA")
    yield _vc_jwt(documents, "ES256")
    yield _sd_jwt(documents, "EdDSA")
    for suite in sorted(data_integrity.SUITES, reverse=True):
        if suite != "ecdsa-sd-2023":
            yield _data_integrity(documents, suite)
    if "ecdsa-sd-2023" in data_integrity.SUITES:
        yield _selective(documents)


def _key(algorithm: Algorithm) -> PrivateKey:
    return KEY if algorithm == "EdDSA" else PrivateKey.from_bytes(algorithm, bytes([9]) * 32)


def _material(key: PrivateKey) -> VerificationMaterial:
    record = IssuerKey(METHOD, ISSUER, key.public_key, MADE - timedelta(days=1))
    return VerificationMaterial({METHOD: record})


def _report(secured: list[bytes], material: VerificationMaterial) -> Callable[[int], object]:
    def report(number: int) -> object:
        verification = verify(read(secured[number]), material, AT)
        assert verification.verdict == "valid" or verification.code == "not_disclosed", verification.code
        return verification

    return report


def _vc_jwt(documents: list[Document], algorithm: Algorithm) -> Scheme:
    key = _key(algorithm)

    def issue(number: int) -> str:
        return to_vc_jwt(documents[number], key, key_id=METHOD)

    tokens = [issue(number) for number in range(len(documents))]

    def proof(number: int) -> object:
        jws = read_compact(tokens[number])
        verify_compact(jws, key.public_key)
        return from_vc_jwt(jws)

    return Scheme(f"VC-JWT {algorithm}", issue, proof, _report([token.encode() for token in tokens], _material(key)))


def _sd_jwt(documents: list[Document], algorithm: Algorithm) -> Scheme:
    """The holder may withhold the name and what was asked and done; verified is a token that shows all of it."""
    key, open_to_choice = _key(algorithm), Disclosing(CHOSEN, partial(secrets.token_bytes, 16))

    def issue(number: int) -> str:
        return to_sd_jwt(documents[number], key, key_id=METHOD, disclosing=open_to_choice)

    tokens = [issue(number) for number in range(len(documents))]

    def proof(number: int) -> object:
        token = read_sd_jwt(tokens[number])
        verify_compact(issuer_jws(token), key.public_key)
        return from_sd_jwt(token)

    return Scheme(f"SD-JWT {algorithm}", issue, proof, _report([token.encode() for token in tokens], _material(key)))


def _data_integrity(documents: list[Document], suite: str) -> Scheme:
    key = _key("EdDSA" if suite.startswith("eddsa") else "ES256")

    def issue(number: int) -> Document:
        return data_integrity.sign(documents[number], key, cryptosuite=suite, verification_method=METHOD, created=MADE)

    return _embedded(suite, issue, [issue(number) for number in range(len(documents))], key)


def _selective(documents: list[Document]) -> Scheme:
    """The issuer demands its name and the dates; the holder discloses all members. Verified is what she derives."""
    key = _key("ES256")

    def issue(number: int) -> Document:
        return data_integrity.sign(
            documents[number],
            key,
            cryptosuite="ecdsa-sd-2023",
            verification_method=METHOD,
            created=MADE,
            mandatory_pointers=("/issuer", "/validFrom"),
        )

    pointers = [f"/{name}" for name in documents[0] if name != "@context"]
    derived = [data_integrity.derive(issue(number), pointers) for number in range(len(documents))]
    return _embedded("ecdsa-sd-2023", issue, derived, key)


def _embedded(name: str, issue: Callable[[int], Document], secured: list[Document], key: PrivateKey) -> Scheme:
    received = [json.dumps(document, ensure_ascii=False).encode() for document in secured]

    def proof(number: int) -> object:
        document = loads(received[number])
        assert isinstance(document, dict)
        found = document["proof"]
        data_integrity.verify(document, found[0] if isinstance(found, list) else found, key.public_key)
        return document

    return Scheme(name, issue, proof, _report(received, _material(key)))
