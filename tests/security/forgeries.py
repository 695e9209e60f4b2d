"""What attackers make: tokens over any text, bad keys, graphs without end, and the proofs of careless software."""

import base64
import hashlib
from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from pyld import jsonld as pyld

from credentials import multibase
from credentials.canonical import jcs
from credentials.contexts import PINNED
from credentials.curves import NIST_CURVES
from credentials.dates import timestamp
from credentials.multibase import base64url_decode, base64url_encode
from tests.bank_world import OwnSigner
from tests.security.attacks import Document

SMALL_ORDER = (
    "0100000000000000000000000000000000000000000000000000000000000000",  # the identity
    "0000000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
)


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(value: int) -> str:
    return b64(value.to_bytes((value.bit_length() + 7) // 8))


def rsa_jwk(modulus: int, exponent: int = 65537) -> dict[str, str]:
    return {"kty": "RSA", "n": number(modulus), "e": number(exponent)}


def modulus(bits: int, exponent: int = 65537) -> int:
    return rsa.generate_private_key(exponent, bits).public_key().public_numbers().n


def token_with(header: dict[str, Any], payload: dict[str, Any], sign: Any) -> str:
    signing_input = f"{base64url_encode(jcs(header))}.{base64url_encode(jcs(payload))}"
    return f"{signing_input}.{base64url_encode(sign(signing_input.encode()))}"


def raw_token(signer: OwnSigner, header: str, body: str | bytes) -> str:
    octets = body if isinstance(body, bytes) else body.encode()
    signing_input = f"{base64url_encode(header.encode())}.{base64url_encode(octets)}"
    return f"{signing_input}.{base64url_encode(signer.key.sign(signing_input.encode()))}"


def twin(token: str) -> str:
    """The other signature that ECDSA accepts: (r, n - s)."""
    head, body, signature = token.split(".")
    raw = base64url_decode(signature)
    other = NIST_CURVES["ES256"].order - int.from_bytes(raw[32:])
    return f"{head}.{body}.{base64url_encode(raw[:32] + other.to_bytes(32))}"


def rdf(document: Document) -> bytes:
    """What a stock JSON-LD processor signs of a document."""
    load = lambda url, _: {"contextUrl": None, "documentUrl": url, "document": PINNED.documents[url]}  # noqa: E731
    options = {"documentLoader": load, "algorithm": "URDNA2015", "format": "application/n-quads"}
    return hashlib.sha256(pyld.normalize(document, options).encode()).digest()


def signed_by_stock_software(signer: OwnSigner, document: Document) -> Document:
    """A genuine eddsa-rdfc-2022 proof, made by an issuer whose software does not look."""
    proof: Document = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": timestamp(signer.world.now - timedelta(minutes=5)),
        "verificationMethod": signer.key_id,
        "proofPurpose": "assertionMethod",
    }
    data = rdf({**proof, "@context": document["@context"]}) + rdf(document)
    return {**document, "proof": [{**proof, "proofValue": multibase.encode(signer.key.sign(data))}]}


def nested(depth: int, member: str = "criteria") -> Document:
    inner: Document = {"narrative": "deep"}
    for _ in range(depth):
        inner = {member: inner}
    return inner


def alignments(number: int) -> list[Document]:
    """So many objects without an id that nothing tells apart."""
    return [{"type": ["Alignment"], "targetName": "x", "targetUrl": "https://x.example/"} for _ in range(number)]


def tied(number: int, depth: int) -> list[Document]:
    """Blank nodes that only their place in a deep and even tree tells apart: the worst of RDF canonicalisation."""
    if depth == 0:
        return [{"type": ["Profile"]} for _ in range(number)]
    return [{"type": ["Profile"], "parentOrg": tied(number, depth - 1)} for _ in range(number)]
