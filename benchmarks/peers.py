"""Others on the same documents in the same run: PyJWT and openbadgeslib here, Digital Bazaar's vc and jose in node."""

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from importlib import import_module, resources
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from benchmarks.badges import ISSUER, KEY, MADE, METHOD, Document
from credentials import data_integrity
from credentials.contexts import CONTEXTS
from credentials.jose import to_vc_jwt

Peer = tuple[str, str, Callable[[int], object]]

NODE = shutil.which("node")
HERE = Path(__file__).parents[1] / "tests" / "interop" / "node"
FILES = {url: str(resources.files("credentials") / "context_data" / one.file) for url, one in CONTEXTS.items()}
_HANDLE = ed25519.Ed25519PrivateKey.from_private_bytes(KEY.to_bytes())


def python_peers(documents: list[Document]) -> Iterator[Peer]:
    """What Python libraries do with these documents; openbadgeslib only where it is installed."""
    tokens = [to_vc_jwt(document, KEY, key_id=METHOD) for document in documents]
    yield "PyJWT", "issue", lambda number: jwt.encode(documents[number], _HANDLE, "EdDSA", {"kid": METHOD})
    yield "PyJWT", "verify: proof", lambda number: jwt.decode(tokens[number], _HANDLE.public_key(), ["EdDSA"])
    try:
        ob3 = import_module("openbadgeslib.ob3")
    except ImportError:
        return
    yield from _openbadgeslib(ob3, documents, tokens)


def _openbadgeslib(ob3: Any, documents: list[Document], tokens: list[str]) -> Iterator[Peer]:
    public = _HANDLE.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    private = _HANDLE.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    of_tokens, of_proofs = ob3.OB3Verifier(public), ob3.OB3LdpVerifier(public)
    signer = ob3.OB3Signer(private, algorithm="EdDSA")
    badge = of_tokens.verify(tokens[0])
    signed = [_signed(document, "eddsa-rdfc-2022") for document in documents]
    received = [json.dumps(document).encode() for document in signed]
    yield "openbadgeslib, VC-JWT EdDSA", "issue", lambda _: signer.sign(badge)
    yield "openbadgeslib, VC-JWT EdDSA", "verify: whole report", lambda number: of_tokens.verify(tokens[number])
    yield "openbadgeslib, eddsa-rdfc-2022", "verify: whole report", lambda number: of_proofs.verify(received[number])


def _signed(document: Document, suite: str) -> Document:
    return data_integrity.sign(document, KEY, cryptosuite=suite, verification_method=METHOD, created=MADE)


def javascript(documents: list[Document], rounds: int) -> list[tuple[str, str, float]]:
    """What node's libraries do, in seconds a document; nothing where they are not installed."""
    if NODE is None or not (HERE / "node_modules" / "@digitalbazaar" / "vc").is_dir():
        return []
    question = {
        "files": FILES,
        "unsigned": documents,
        "signed": [_signed(document, "eddsa-rdfc-2022") for document in documents],
        "tokens": [to_vc_jwt(document, KEY, key_id=METHOD) for document in documents],
        "seed": KEY.to_bytes().hex(),
        "jwk": KEY.public_key.jwk(),
        "issuer": ISSUER,
        "at": MADE.isoformat(),
        "rounds": rounds,
    }
    done = subprocess.run(
        [NODE, "benchmark.mjs"], input=json.dumps(question), cwd=HERE, capture_output=True, text=True, check=True
    )
    return [(label, what, seconds) for label, what, seconds in json.loads(done.stdout)]
