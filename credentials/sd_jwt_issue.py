"""Issue SD-JWTs, and show a choice of what they disclose (RFC 9901, sections 4 and 5): for issuers and holders."""

import copy
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from credentials import jsonld
from credentials.canonical import jcs
from credentials.contexts import PINNED, ContextSet
from credentials.errors import LimitExceeded, MalformedCredential
from credentials.jws import MAX_TOKEN_BYTES, Document, sign_compact
from credentials.key_binding import TYPE as KEY_BINDING
from credentials.keys import PublicKey, Signer
from credentials.multibase import base64url_encode
from credentials.sd_jwt import NEVER_DISCLOSABLE, digest, read_sd_jwt
from credentials.vc_jwt import CLAIMS, claims_of, issuer_claim

_HASH: Final = "sha-256"
# What verification rests on is always shown: a holder who could hide it could hide a revocation.
_IN_THE_OPEN: Final = NEVER_DISCLOSABLE | {
    "@context", "id", "type", "issuer", "validFrom", "validUntil", "issuanceDate", "expirationDate",
    "credentialStatus", "credentialSchema", "relatedResource", "termsOfUse", "proof",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Disclosing:
    """What an issuer lets the holder choose: JSON pointers into the credential; where random salts come from.

    `salts` gives 16 random bytes a call. `decoys` digests that stand for nothing are put into every object from which
    something can be held back, so that nobody can count it.
    """

    pointers: tuple[str, ...]
    salts: Callable[[], bytes]
    decoys: int = 0


def to_sd_jwt(
    document: Document,
    signer: Signer,
    *,
    key_id: str,
    disclosing: Disclosing,
    holder_key: PublicKey | None = None,
    issued_at: datetime | None = None,
    contexts: ContextSet = PINNED,
) -> str:
    """The credential as W3C's `vc+sd-jwt` (VC-JOSE-COSE, 3.2), all disclosures with it; `holder_key` becomes `cnf`.

    Raises as `jsonld.check`; MalformedCredential `malformed_claim`, `disclosure_not_allowed` for a pointer to what
    must stand in the open, `unknown_pointer` for one to nothing.
    """
    _check_no_claims(document)
    jsonld.check(document, contexts)
    payload = {**document, **issuer_claim(document), **_times(issued_at), **_confirmation(holder_key)}
    return _issued(payload, signer, {"typ": "vc+sd-jwt", "cty": "vc", "kid": key_id}, disclosing)


def to_sd_jwt_vc(
    document: Document,
    signer: Signer,
    *,
    vct: str,
    key_id: str,
    disclosing: Disclosing,
    holder_key: PublicKey | None = None,
    issued_at: datetime | None = None,
    contexts: ContextSet = PINNED,
) -> str:
    """The credential as an SD-JWT VC of type `vct`, itself in `ld` (SD-JWT VCLD); raises as `to_sd_jwt`."""
    _check_no_claims(document)
    jsonld.check(document, contexts)
    own = {name: value for name, value in claims_of(document).items() if name in ("iss", "nbf", "exp")}
    payload = {"vct": vct, **own, **_times(issued_at), **_confirmation(holder_key), "ld": document}
    inside = Disclosing(tuple(f"/ld{pointer}" for pointer in disclosing.pointers), disclosing.salts, disclosing.decoys)
    return _issued(payload, signer, {"typ": "dc+sd-jwt", "kid": key_id}, inside)


def present(
    token: str,
    *,
    shown: Iterable[str],
    signer: Signer | None = None,
    audience: str | None = None,
    nonce: str | None = None,
    issued_at: datetime | None = None,
) -> str:
    """The SD-JWT with those disclosures alone that the pointers name, and what they stand in.

    The pointers are into the payload with everything disclosed (`read_sd_jwt(token).payload`). With a signer (the key
    of `cnf`) a key binding for this audience and nonce is added; it needs all three of the others. Raises as
    `read_sd_jwt`; MalformedCredential `malformed_claim` where one of the three is missing.
    """
    sd_jwt = read_sd_jwt(token)
    wanted = tuple(shown)
    kept = [item.text for item in sd_jwt.disclosures if any(_leads_to(sd_jwt.places[item.text], to) for to in wanted)]
    shortened = "~".join([sd_jwt.issued.token, *kept, ""])
    if signer is None:
        return shortened
    if not audience or not nonce or issued_at is None:
        raise MalformedCredential("malformed_claim", claim="aud, nonce or iat")
    claims = {**_times(issued_at), "aud": audience, "nonce": nonce, "sd_hash": digest(shortened, sd_jwt.hash_name)}
    return shortened + sign_compact(claims, signer, {"typ": KEY_BINDING})


def _leads_to(place: str, pointer: str) -> bool:
    return pointer == place or pointer.startswith(f"{place}/")


def _check_no_claims(document: Mapping[str, Any]) -> None:
    for name in sorted((CLAIMS | NEVER_DISCLOSABLE | {"vc", "vp", "ld", "_sd", "_sd_alg"}) & document.keys()):
        raise MalformedCredential("malformed_claim", claim=name)


def _times(issued_at: datetime | None) -> dict[str, int]:
    return {} if issued_at is None else {"iat": math.floor(issued_at.timestamp())}


def _confirmation(holder_key: PublicKey | None) -> dict[str, Any]:
    return {} if holder_key is None else {"cnf": {"jwk": holder_key.jwk()}}


def _issued(payload: Document, signer: Signer, header: Mapping[str, Any], disclosing: Disclosing) -> str:
    hidden = copy.deepcopy(payload)
    # The innermost first, so that what stands in a disclosure has been hidden in it.
    order = sorted(enumerate(disclosing.pointers), key=lambda item: -item[1].count("/"))
    disclosures = [_hide(hidden, pointer, place, disclosing) for place, pointer in order]
    jws = sign_compact({**hidden, "_sd_alg": _HASH}, signer, header)
    token = "~".join([jws, *disclosures, ""])
    if len(token) > MAX_TOKEN_BYTES:
        raise LimitExceeded("too_large", limit=MAX_TOKEN_BYTES)
    return token


def _hide(payload: Document, pointer: str, place: int, disclosing: Disclosing) -> str:
    """Put a digest in the place of what the pointer names; the disclosure that stands for it."""
    steps = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
    named = steps[1:] if steps[:1] == ["ld"] else steps
    if not named or named[0] in _IN_THE_OPEN:
        raise MalformedCredential("disclosure_not_allowed", name=named[0] if named else "")
    holder, last = _holder(payload, steps, place), steps[-1]
    salt = base64url_encode(disclosing.salts())
    if isinstance(holder, list):
        text = base64url_encode(jcs([salt, holder[int(last)]]))
        holder[int(last)] = {"...": digest(text, _HASH)}
        return text
    text = base64url_encode(jcs([salt, last, holder.pop(last)]))
    decoys = [] if "_sd" in holder else [_decoy(disclosing) for _ in range(disclosing.decoys)]
    holder["_sd"] = sorted([*holder.get("_sd", []), *decoys, digest(text, _HASH)])
    return text


def _decoy(disclosing: Disclosing) -> str:
    return digest(base64url_encode(disclosing.salts()), _HASH)


def _holder(payload: Document, steps: list[str], place: int) -> Any:
    """The object or array that holds what the steps name."""
    node: Any = payload
    for step in steps[:-1]:
        node = node[_index(node, step, place)]
    _index(node, steps[-1], place)
    return node


def _index(node: Any, step: str, place: int) -> Any:
    if isinstance(node, dict) and step in node:
        return step
    if isinstance(node, list) and step.isascii() and step.isdigit() and int(step) < len(node):
        return int(step)
    raise MalformedCredential("unknown_pointer", place=place)
