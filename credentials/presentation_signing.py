"""Make verifiable presentations: the holder's side. An SD-JWT is shown by `sd_jwt_issue.present`."""

import math
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from credentials import data_integrity
from credentials.contexts import CREDENTIALS_V2, PINNED, ContextSet
from credentials.enveloped import CREDENTIAL, envelope
from credentials.errors import MalformedCredential
from credentials.jws import Document, sign_compact
from credentials.keys import Signer
from credentials.presentation_document import TYPE
from credentials.vc_jwt import CLAIMS

_SD_JWT: Final = "application/vc+sd-jwt"
_JWT: Final = "application/vc+jwt"


def presentation(
    credentials: Iterable[Mapping[str, Any] | str], *, holder: str, presentation_id: str | None = None
) -> Document:
    """The unsigned presentation of some credentials: objects as they are, tokens in envelopes (VCDM 2.0, 4.13)."""
    items = [_enveloped(item) if isinstance(item, str) else dict(item) for item in credentials]
    named = {} if presentation_id is None else {"id": presentation_id}
    return {"@context": [CREDENTIALS_V2], **named, "type": [TYPE], "holder": holder, "verifiableCredential": items}


def sign(
    document: Mapping[str, Any],
    signer: Signer,
    *,
    verification_method: str,
    created: datetime,
    challenge: str,
    domain: str | None = None,
    cryptosuite: str = "eddsa-rdfc-2022",
    contexts: ContextSet = PINNED,
) -> Document:
    """The presentation with a Data Integrity proof made to authenticate; raises as `data_integrity.sign`."""
    return data_integrity.sign(
        document,
        signer,
        cryptosuite=cryptosuite,
        verification_method=verification_method,
        created=created,
        proof_purpose="authentication",
        challenge=challenge,
        domain=domain,
        contexts=contexts,
    )


def to_vp_jwt(
    document: Document,
    signer: Signer,
    *,
    key_id: str,
    challenge: str,
    audience: str | None = None,
    issued_at: datetime | None = None,
    expires_at: datetime | None = None,
) -> str:
    """The presentation as W3C's `vp+jwt`: the payload is the presentation, with `nonce`, `aud`, `iat` and `exp`.

    Raises MalformedCredential `malformed_claim` for a document with a member named like a claim; as `sign_compact`.
    """
    for name in sorted((CLAIMS | {"vc", "vp"}) & document.keys()):
        raise MalformedCredential("malformed_claim", claim=name)
    times = {"iat": issued_at, "exp": expires_at}
    claims: dict[str, Any] = {name: math.floor(time.timestamp()) for name, time in times.items() if time is not None}
    claims |= {"nonce": challenge} | ({} if audience is None else {"aud": audience})
    return sign_compact({**document, **claims}, signer, {"typ": "vp+jwt", "cty": "vp", "kid": key_id})


def _enveloped(token: str) -> Document:
    return envelope(CREDENTIAL, token, _SD_JWT if "~" in token else _JWT)
