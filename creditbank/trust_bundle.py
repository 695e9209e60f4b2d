"""A trust bundle: all that an offline verifier needs of the bank, dated and signed, in one JSON file.

`{"version": 1, "signed": JWS, "bundle": {…}}`: the JWS, of the type `trust-bundle+jwt` under the bank's key for
statements, holds the SHA-256 of the bundle's canonical JSON (RFC 8785), so that the bundle may be large and stays
readable. It holds public data alone: who signs with which keys, who may award what, the status lists as they were
published, the log's checkpoint. Reading it opens no database and no connection.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any, Final, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from credentials.canonical import jcs
from credentials.errors import CredentialError
from credentials.jws import read_compact, sign_compact, verify_compact
from credentials.keys import PublicKey, Signer
from credentials.strict_json import loads
from creditbank.errors import Refused
from creditbank.log.checkpoint import TrustedLog, open_checkpoint
from creditbank.log.errors import LogError
from creditbank.log.note import VerifierKey

TYPE: Final = "trust-bundle+jwt"
"""The `typ` of the JWS; no credential, token or receipt has it."""
MAX_BYTES: Final = 64 * 1_048_576
_DIGEST: Final = "bundle_sha256"


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Signatory(_Form):
    """The bank: its public URL, and its key for statements as a JWK."""

    url: str
    jwk: dict[str, str]


class BundledKey(_Form):
    """A key that an institution signs with, and from when to when."""

    verification_method: str
    jwk: dict[str, str]
    active_from: AwareDatetime
    retired_at: AwareDatetime | None = None
    compromised_from: AwareDatetime | None = None


class BundledAccreditation(_Form):
    """What an authority lets an institution award; `None` means all, days are inclusive."""

    id: str
    authority: str
    units: list[str]
    achievements: list[str] | None = None
    levels: list[tuple[str, str]] | None = None
    valid_from: date
    valid_until: date | None = None
    withdrawn_on: date | None = None


class BundledAchievement(_Form):
    """What an institution offers, for credentials that leave unit or level to the register."""

    id: str
    unit: str
    level: tuple[str, str] | None = None
    source_type: str | None = None
    course_class: str | None = None


class BundledIssuer(_Form):
    """An institution as the bank has it on record."""

    id: str
    did: str
    name: dict[str, str]
    country: str
    provider_root: str
    keys: list[BundledKey]
    accreditations: list[BundledAccreditation]
    achievements: list[BundledAchievement]


class BundledStatusList(_Form):
    """A signed status list, byte for byte, and when it was fetched."""

    url: str
    fetched_at: AwareDatetime
    credential: str


class BundledDocument(_Form):
    """Another document that was fetched, such as an issuer's profile or a JSON Schema."""

    url: str
    fetched_at: AwareDatetime
    content: Any


class BundledLog(_Form):
    """The log's key (C2SP signed-note, vkey) and its checkpoint when the bundle was made."""

    vkey: str
    checkpoint: str


class Bundle(_Form):
    """The contents. From `valid_until` on they are out of date as a whole; each status list may be earlier."""

    bank: Signatory
    issued_at: AwareDatetime
    valid_until: AwareDatetime
    issuers: list[BundledIssuer]
    status_lists: list[BundledStatusList]
    documents: list[BundledDocument] = []
    log: BundledLog | None = None


class BundleFile(_Form):
    """The file as it is read and written."""

    version: Literal[1]
    signed: str
    bundle: dict[str, Any]


@dataclass(frozen=True, slots=True)
class TrustBundle:
    """A bundle whose signature holds, the key that signed it, and whether that is a key the reader had before."""

    contents: Bundle
    key: PublicKey
    pinned: bool

    @property
    def thumbprint(self) -> str:
        """The RFC 7638 thumbprint of the bank's key: what to compare with what the bank says elsewhere."""
        return self.key.thumbprint()


def write_bundle(contents: Bundle, signer: Signer) -> bytes:
    """The file: the contents with the bank's signature over their digest."""
    plain = contents.model_dump(mode="json")
    statement = {"iss": contents.bank.url, _DIGEST: _digest(plain)}
    signed = sign_compact(statement, signer, {"typ": TYPE, "kid": signer.public_key.thumbprint()})
    return jcs({"version": 1, "signed": signed, "bundle": plain}) + b"\n"


def read_bundle(data: bytes, pin: str | None = None) -> TrustBundle:
    """The bundle in a file, if its signature holds; `pin` is the thumbprint of the key that must have signed it.

    Without a pin the bundle vouches for itself: whoever reads it must compare `thumbprint` with what the bank says.
    Raises Refused `trust_malformed`, `trust_signature_invalid`, `trust_key_mismatch`, `trust_checkpoint_invalid` where
    the log's checkpoint in it was not signed by the log's key in it.
    """
    try:
        file = BundleFile.model_validate(loads(data, max_bytes=MAX_BYTES))
        contents = Bundle.model_validate(file.bundle)
        key = PublicKey.from_jwk(contents.bank.jwk)
    except (CredentialError, ValidationError) as error:
        raise Refused("trust_malformed", "This is not a trust bundle of a version that is read here.") from error
    if pin is not None and key.thumbprint() != pin:
        raise Refused("trust_key_mismatch", "The trust bundle was signed with another key than the one stated.")
    if not _is_signed(file, contents, key):
        raise Refused("trust_signature_invalid", "The trust bundle's signature does not hold.")
    if contents.log is not None:
        _check_log(contents.log)
    return TrustBundle(contents, key, pinned=pin is not None)


def _check_log(log: BundledLog) -> None:
    try:
        open_checkpoint(log.checkpoint.encode(), TrustedLog(VerifierKey.parse(log.vkey)))
    except LogError as error:
        message = "The log's checkpoint in the trust bundle was not signed by the log."
        raise Refused("trust_checkpoint_invalid", message) from error


def _is_signed(file: BundleFile, contents: Bundle, key: PublicKey) -> bool:
    try:
        jws = read_compact(file.signed)
        verify_compact(jws, key)
    except CredentialError:
        return False
    said = {"iss": contents.bank.url, _DIGEST: _digest(file.bundle)}
    return jws.header.get("typ") == TYPE and jws.payload == said


def _digest(plain: Mapping[str, Any]) -> str:
    return sha256(jcs(dict(plain))).hexdigest()
