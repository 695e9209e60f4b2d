"""Verifiable presentations as they are received: with Data Integrity proofs, as JWT, as SD-JWT with key binding.

Reading takes a presentation apart and reads every credential inside; nothing is verified by it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from credentials.canonical import jcs
from credentials.credential import Container, Credential, Format
from credentials.enveloped import PRESENTATION, enveloped_token
from credentials.errors import CredentialError, LimitExceeded, MalformedCredential
from credentials.jws import MAX_TOKEN_BYTES, CompactJws, Document, read_compact
from credentials.read import read as read_credential
from credentials.sd_jwt import SdJwt, read_sd_jwt
from credentials.sd_jwt_credential import VC_TYPES, issuer_jws
from credentials.strict_json import MAX_BYTES, Json, loads
from credentials.vc_jwt import CLAIMS, check_claims

TYPE: Final = "VerifiablePresentation"
MAX_CREDENTIALS: Final = 100
_JWT_TYPES: Final = ("JWT", "vp+jwt")
_SD_JWT_TYPES: Final = ("vp+sd-jwt",)
_CONTENT_TYPES: Final = frozenset({"vp", "application/vp", "vp+ld+json", "application/vp+ld+json"})


@dataclass(frozen=True, slots=True)
class Presentation:
    """A presentation as received. `document` is the presentation without the claims of the JWT that carried it.

    `contents` are its credentials in order: each as `read` gives it, or why it cannot be read. Of an SD-JWT shown by
    itself (`is_bare`) the document is empty, and the credential the only content. `jws` is the holder's signature, but
    for Data Integrity: of an SD-JWT shown by itself its key binding, None where it has none.
    """

    received: bytes = field(repr=False)
    format: Format
    document: Mapping[str, Any] = field(repr=False)
    contents: tuple[Credential | CredentialError, ...] = field(repr=False)
    jws: CompactJws | None = field(default=None, repr=False)
    bare: SdJwt | None = field(default=None, repr=False)

    @property
    def credentials(self) -> tuple[Credential, ...]:
        """The credentials that can be read: what to gather keys and status lists for."""
        return tuple(item for item in self.contents if isinstance(item, Credential))

    @property
    def holder_id(self) -> str | None:
        """Whom the presentation names as its holder: `holder`, or the `iss` of the JWT."""
        holder = self.document.get("holder")
        named = holder.get("id") if isinstance(holder, dict) else holder
        claimed = self.jws.payload.get("iss") if self.jws and self.bare is None else None
        found = named if named is not None else claimed
        return found if isinstance(found, str) else None

    @property
    def proofs(self) -> tuple[Mapping[str, Any], ...]:
        """The embedded proofs; none in a JWT."""
        return tuple(item for item in _values(self.document.get("proof")) if isinstance(item, dict))

    @property
    def verification_methods(self) -> tuple[str, ...]:
        """The key ids that the holder's proofs name: what to gather before verification."""
        named = [proof.get("verificationMethod") for proof in self.proofs]
        named += [self.jws.header.get("kid")] if self.jws and self.bare is None else []
        return tuple(method for method in named if isinstance(method, str))

    @property
    def challenges(self) -> tuple[str, ...]:
        """The challenges that it answers: `challenge` of its proofs, or `nonce` of the JWT."""
        named = [proof.get("challenge") for proof in self.proofs]
        named += [self.jws.payload.get("nonce")] if self.jws else []
        return tuple(value for value in named if isinstance(value, str))


def read(data: bytes) -> Presentation:
    """The presentation in the data: JSON, enveloped or not, JWT, or SD-JWT (of a presentation, or of one credential).

    Raises CredentialError and nothing else: LimitExceeded `too_large`, `too_complex` over 100 credentials;
    MalformedCredential `malformed_presentation`, `wrong_type`, `malformed_claim`, `claim_mismatch`; and as
    `strict_json.loads`, `read_compact`, `read_sd_jwt`, `enveloped_token`. What is wrong with a credential inside is
    not raised but kept in `contents`.
    """
    if data.startswith(b"eyJ"):
        return _from_token(data, _ascii(data).removesuffix("\n").removesuffix("\r"))
    value = loads(data, max_bytes=MAX_BYTES)
    if not isinstance(value, dict):
        raise MalformedCredential("malformed_presentation", reason="not a JSON object")
    token = enveloped_token(value, PRESENTATION)
    if token is not None:
        return _from_token(data, token)
    return Presentation(data, Format.DATA_INTEGRITY, _document(value), _contents(value))


def _from_token(received: bytes, token: str) -> Presentation:
    if len(token) > MAX_TOKEN_BYTES:
        raise LimitExceeded("too_large", limit=MAX_TOKEN_BYTES)
    if "~" in token:
        return _from_sd_jwt(received, token)
    jws = read_compact(token)
    if jws.header.get("typ", "JWT") not in _JWT_TYPES:
        raise MalformedCredential("wrong_type")
    document = _from_claims(jws)
    return Presentation(received, Format.VC_JWT, document, _contents(document), jws)


def _from_sd_jwt(received: bytes, token: str) -> Presentation:
    """An SD-JWT whose payload is a presentation, or a credential that is presented by itself."""
    sd_jwt = read_sd_jwt(token)
    if sd_jwt.issued.header.get("typ") in VC_TYPES:
        shown = _read_or_error(token.encode())
        return Presentation(received, Format.SD_JWT, {}, (shown,), sd_jwt.key_binding, sd_jwt)
    if sd_jwt.issued.header.get("typ") not in _SD_JWT_TYPES:
        raise MalformedCredential("wrong_type")
    jws = issuer_jws(sd_jwt)
    document = _from_claims(jws)
    return Presentation(received, Format.SD_JWT, document, _contents(document), jws)


def _from_claims(jws: CompactJws) -> Document:
    """The presentation of a JWT: the payload (VC-JOSE-COSE), or its `vp` claim (VCDM 1.1, 6.3.1)."""
    check_claims(jws)
    if "vc" in jws.payload:
        raise MalformedCredential("malformed_claim", claim="vc")
    is_old = jws.header.get("typ", "JWT") == "JWT"
    if not is_old and jws.header.get("cty", "vp") not in _CONTENT_TYPES:
        raise MalformedCredential("wrong_type")
    if ("vp" in jws.payload) is not is_old:
        raise MalformedCredential("malformed_claim", claim="vp")
    source = jws.payload["vp"] if is_old else {name: jws.payload[name] for name in jws.payload if name not in CLAIMS}
    if not isinstance(source, dict):
        raise MalformedCredential("malformed_claim", claim="vp")
    _check_beside(jws, source)
    return _document(dict(source))


def _check_beside(jws: CompactJws, document: Mapping[str, Any]) -> None:
    """`iss` is the holder and `jti` the id, wherever both are given; a `vp` claim has no members beside it."""
    holder = document.get("holder")
    named = holder.get("id") if isinstance(holder, dict) else holder
    for claim, value, member in (("iss", named, "holder"), ("jti", document.get("id"), "id")):
        if claim in jws.payload and value is not None and value != jws.payload[claim]:
            raise MalformedCredential("claim_mismatch", claim=claim, member=member)
    if "vp" in jws.payload and {"verifiableCredential", "holder", "type"} & jws.payload.keys():
        raise MalformedCredential("malformed_claim", claim="vp")


def _document(value: Document) -> Document:
    types = [item for item in _values(value.get("type")) if isinstance(item, str)]
    if TYPE not in types:
        raise MalformedCredential("malformed_presentation", reason="type does not name VerifiablePresentation")
    return value


def _contents(document: Mapping[str, Any]) -> tuple[Credential | CredentialError, ...]:
    items = [item for item in _values(document.get("verifiableCredential")) if item is not None]
    if len(items) > MAX_CREDENTIALS:
        raise LimitExceeded("too_complex", limit=MAX_CREDENTIALS, unit="credentials")
    return tuple(_content(item) for item in items)


def _content(item: Json) -> Credential | CredentialError:
    """One credential inside: an object, secured or enveloped, or in VCDM 1.1 a token."""
    if isinstance(item, str):
        return _read_or_error(item.encode("utf-8", "replace"), tokens_only=True)
    if not isinstance(item, dict):
        return MalformedCredential("malformed_presentation", reason="a credential is neither an object nor a token")
    return _read_or_error(jcs(item))


def _read_or_error(data: bytes, *, tokens_only: bool = False) -> Credential | CredentialError:
    try:
        found = read_credential(data)
    except CredentialError as error:
        return error
    if tokens_only and found.container is not Container.JWS:
        return MalformedCredential("malformed_presentation", reason="a credential is neither an object nor a token")
    return found


def _ascii(data: bytes) -> str:
    try:
        return data.decode("ascii")
    except UnicodeError:
        raise MalformedCredential("malformed_jws", reason="not ASCII") from None


def _values(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
