"""The forms in which a badge is issued: what each is signed with, what it is called on the wire, and what it can bear.

Two of them let the learner show a part. What the achievement is, who says so, from when until when and under which
status always stands in the open there; what concerns the learner is hers to show (ADR 47).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from credentials.canonical import jcs
from credentials.data_integrity import derive, sign
from credentials.data_integrity.disclosure_values import is_base
from credentials.keys import Algorithm, Signer
from credentials.sd_jwt_issue import Disclosing, to_sd_jwt
from credentials.strict_json import loads
from credentials.vc_jwt import Profile, to_vc_jwt

Document = dict[str, Any]

ANY_ALGORITHM: Final[tuple[Algorithm, ...]] = ("EdDSA", "ES256", "ES384")
"""What a hosted key may be, where the form of the signature leaves it open."""
MANDATORY: Final = (
    "/id", "/name", "/issuer", "/validFrom", "/validUntil", "/credentialStatus", "/credentialSubject/achievement",
)  # fmt: skip
"""What a badge shows in every part of it (ecdsa-sd-2023): without these nobody could rely on the part."""
_BY_ITEM: Final = ("identifier", "result")


@dataclass(frozen=True, slots=True)
class Signing:
    """Whose signature, under which verification method, when; `salts` gives 16 random bytes a call."""

    signer: Signer
    method: str
    at: datetime
    salts: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Form:
    """A form: the keys that fit it, its media type, the most bytes of a badge that can be read again once signed.

    `needs_end`: a badge without an end is never relied on in this form, for its holder may have held the end back.
    """

    algorithms: tuple[Algorithm, ...]
    media_type: str
    sign: Callable[[Document, Signing], bytes]
    max_draft: int = 90_000
    needs_end: bool = False


def _one_edtech(document: Document, by: Signing) -> bytes:
    return to_vc_jwt(document, by.signer, key_id=by.method).encode()


def _w3c(document: Document, by: Signing) -> bytes:
    token = to_vc_jwt(document, by.signer, key_id=by.method, profile=Profile.W3C, issued_at=by.at)
    return token.encode()


def _sd_jwt(document: Document, by: Signing) -> bytes:
    disclosing = Disclosing(tuple(_choices(document)), by.salts)
    token = to_sd_jwt(document, by.signer, key_id=by.method, disclosing=disclosing, issued_at=by.at)
    return token.encode()


def _choices(document: Document) -> Iterator[str]:
    """What the learner may hold back: each member of the subject, identifiers and results one by one."""
    for name, value in document["credentialSubject"].items():
        if name in _BY_ITEM and isinstance(value, list):
            yield from (f"/credentialSubject/{name}/{place}" for place in range(len(value)))
        elif name != "type":
            yield f"/credentialSubject/{name}"


def _proof(suite: str) -> Callable[[Document, Signing], bytes]:
    def signed(document: Document, by: Signing) -> bytes:
        return jcs(sign(document, by.signer, cryptosuite=suite, verification_method=by.method, created=by.at))

    return signed


def _base_proof(document: Document, by: Signing) -> bytes:
    pointers = tuple(pointer for pointer in MANDATORY if pointer.split("/")[1] in document)
    secured = sign(
        document,
        by.signer,
        cryptosuite="ecdsa-sd-2023",
        verification_method=by.method,
        created=by.at,
        mandatory_pointers=pointers,
    )
    return jcs(secured)


_JSON: Final = "application/vc+ld+json"
_ECDSA: Final[tuple[Algorithm, ...]] = ("ES256", "ES384")

FORMS: Final[Mapping[str, Form]] = MappingProxyType(
    {
        "vc-jwt": Form(ANY_ALGORITHM, "application/vc+jwt", _one_edtech),
        "vc+jwt": Form(ANY_ALGORITHM, "application/vc+jwt", _w3c),
        "sd-jwt": Form(ANY_ALGORITHM, "application/vc+sd-jwt", _sd_jwt, max_draft=60_000),
        "eddsa-rdfc-2022": Form(("EdDSA",), _JSON, _proof("eddsa-rdfc-2022")),
        "eddsa-jcs-2022": Form(("EdDSA",), _JSON, _proof("eddsa-jcs-2022")),
        "ecdsa-rdfc-2019": Form(_ECDSA, _JSON, _proof("ecdsa-rdfc-2019")),
        "ecdsa-jcs-2019": Form(_ECDSA, _JSON, _proof("ecdsa-jcs-2019")),
        "ecdsa-sd-2023": Form(("ES256",), _JSON, _base_proof, max_draft=60_000, needs_end=True),
    }
)
"""Every form by its name on the wire: `vc-jwt` in 1EdTech's profile, `vc+jwt` and `sd-jwt` in W3C's."""


def whole(issued: bytes) -> bytes:
    """What a verifier is shown of a badge that was issued: all of it, derived where it has a base proof.

    Raises CredentialError where a base proof is no longer what was signed.
    """
    if not issued.startswith(b"{") or b"ecdsa-sd-2023" not in issued:
        return issued
    document = loads(issued)
    proof = document.get("proof") if isinstance(document, dict) else None
    proofs = proof if isinstance(proof, list) else [proof]
    if not any(isinstance(one, dict) and is_base(one.get("proofValue")) for one in proofs):
        return issued
    assert isinstance(document, dict)
    return jcs(derive(document, [""]))
