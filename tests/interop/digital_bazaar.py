"""Digital Bazaar's libraries, as they are asked: keys told as they want them, and the moment of the tests."""

from datetime import datetime
from typing import Any

from credentials import multibase
from credentials.keys import Algorithm, PrivateKey
from tests.credential_samples import NOW, School
from tests.interop import javascript

Document = dict[str, Any]
SECRET_CODECS: dict[Algorithm, str] = {"EdDSA": "8026", "ES256": "8626", "ES384": "8726"}


def own_school(algorithm: Algorithm, seed: int = 7) -> School:
    """A school that is its own did:key."""
    key = PrivateKey.from_bytes(algorithm, bytes([seed]) * (48 if algorithm == "ES384" else 32)).public_key
    return School(id=key.did_key(), seed=seed, algorithm=algorithm, name=key.multibase())


def ask(action: str, **question: Any) -> Any:
    """What the libraries answer; it is the moment of the tests for them, too."""
    return javascript.ask("proofs", action=action, at=NOW.isoformat(), **question)


def key_of(school: School) -> dict[str, str]:
    """The school's key as a Multikey with its secret half."""
    secret = bytes.fromhex(SECRET_CODECS[school.algorithm]) + school.key.to_bytes()
    if school.algorithm == "EdDSA":
        secret += school.key.public_key.material
    return {"publicKeyMultibase": school.key.public_key.multibase(), "secretKeyMultibase": multibase.encode(secret)}


def issued(credential: Document, suite: str, school: School, *, created: datetime = NOW, **more: Any) -> Document:
    """The credential with a proof made there."""
    made: Document = ask(
        "issue", credential=credential, suite=suite, key=key_of(school), created=created.isoformat(), **more
    )
    return made
