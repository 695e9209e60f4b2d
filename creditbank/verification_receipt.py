"""A signed receipt of a verification: what was examined, what was found, with which evidence, when. It checks offline.

A receipt is a compact JWS of the type `verification-receipt+jwt` under the bank's key for statements. It is about
digests: of the bytes received, of what the signature covers, and of the report (canonical JSON, RFC 8785), so that it
says nothing to whoever does not have them. No credential and no token has its type, and it has no claims of either.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, ValidationError

from credentials.canonical import jcs
from credentials.checks import Verdict, Verification
from credentials.errors import MalformedCredential
from credentials.jws import read_compact, sign_compact, verify_compact
from credentials.keys import PublicKey, Signer
from credentials.report import Report
from credentials.verification_material import VerificationMaterial
from creditbank.errors import Refused

TYPE: Final = "verification-receipt+jwt"
"""The `typ` of a receipt."""


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class StatusListUsed(_Form):
    """A status list that was consulted: its address, SHA-256 of its bytes in hexadecimal, when it was fetched."""

    url: str
    sha256: str
    fetched_at: str | None


class MaterialUsed(_Form):
    """What a verification rested on: thumbprints (RFC 7638) of the keys, the lists, the log's checkpoint."""

    keys: list[str]
    status_lists: list[StatusListUsed]
    checkpoint: str | None


class VerificationReceipt(_Form):
    """What a receipt says. Digests are SHA-256 in hexadecimal; `iat` is in seconds; `content_sha256` only if signed."""

    iss: str
    jti: str
    iat: int
    version: int
    verdict: Verdict
    code: str | None
    verified_at: str
    received_sha256: str
    content_sha256: str | None
    report_sha256: str
    material: MaterialUsed

    @property
    def issued_at(self) -> datetime:
        """When it was signed."""
        return datetime.fromtimestamp(self.iat, UTC)


@dataclass(frozen=True, slots=True)
class Verifier:
    """Who verified: its name (the public URL), its key for statements, and its log's checkpoint, if it has one."""

    id: str
    key: Signer
    checkpoint: bytes | None = None


def issue_receipt(
    verifier: Verifier, receipt_id: UUID, at: datetime, received: bytes, verification: Verification, report: Report
) -> str:
    """The receipt of a verification that was reported so."""
    claims = verification.claims
    said = VerificationReceipt(
        iss=verifier.id,
        jti=f"urn:uuid:{receipt_id}",
        iat=int(at.timestamp()),
        version=1,
        verdict=report.verdict,
        code=report.code,
        verified_at=report.to_json()["verified_at"],
        received_sha256=sha256(received).hexdigest(),
        content_sha256=claims.content_digest.hex() if claims else None,
        report_sha256=report.digest().hex(),
        material=_used(verification, verifier.checkpoint),
    )
    header = {"typ": TYPE, "kid": verifier.key.public_key.thumbprint()}
    return sign_compact(said.model_dump(mode="json"), verifier.key, header)


def read_receipt(token: str, key: PublicKey) -> VerificationReceipt:
    """What a receipt says, if this key signed it.

    Raises CredentialError: those of `read_compact`, `wrong_type` for a token of another type, `malformed_claim`,
    `alg_key_mismatch`, `bad_signature`.
    """
    jws = read_compact(token.strip())
    if jws.header.get("typ") != TYPE:
        raise MalformedCredential("wrong_type", "The token is not the receipt of a verification.")
    verify_compact(jws, key)
    try:
        return VerificationReceipt.model_validate(jws.payload)
    except ValidationError:
        raise MalformedCredential("malformed_claim", claim="receipt") from None


def check_receipt(
    receipt: VerificationReceipt, received: bytes | None = None, report: Mapping[str, Any] | None = None
) -> None:
    """Whether the receipt is about these bytes, and about this report (its JSON form).

    Raises Refused `receipt_of_other_file`, `receipt_of_other_report`.
    """
    if received is not None and sha256(received).hexdigest() != receipt.received_sha256:
        raise Refused("receipt_of_other_file", "The receipt is about another file than this one.")
    if report is not None and sha256(jcs(dict(report))).hexdigest() != receipt.report_sha256:
        raise Refused("receipt_of_other_report", "The receipt is about another report than this one.")


def _used(verification: Verification, checkpoint: bytes | None) -> MaterialUsed:
    """The key relied on and the lists that the credential points to; only what a signature covers is looked up by."""
    material, claims = verification.material or VerificationMaterial(), verification.claims
    entries = claims.status_entries if claims else ()
    urls = [url for url in dict.fromkeys(entry.list_url for entry in entries) if url in material.status_lists]
    return MaterialUsed(
        keys=[claims.key_thumbprint] if claims else [],
        status_lists=[_list_used(material, url) for url in urls],
        checkpoint=checkpoint.decode() if checkpoint else None,
    )


def _list_used(material: VerificationMaterial, url: str) -> StatusListUsed:
    fetched_at = material.status_fetched_at.get(url)
    return StatusListUsed(
        url=url,
        sha256=sha256(material.status_lists[url].received).hexdigest(),
        fetched_at=fetched_at.astimezone(UTC).isoformat().replace("+00:00", "Z") if fetched_at else None,
    )
