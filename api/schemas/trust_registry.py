"""What the trust registry answers, with its evidence."""

from datetime import date
from typing import Any, Self
from uuid import UUID

from api.schemas.common import Instant, Level, Texts, Wire, shown
from creditbank.accreditation import Accredited
from creditbank.store import rows


class Evidence(Wire):
    """The accreditation that an answer rests on. `reference` is its legal basis, as the authority cites it."""

    accreditation_id: UUID
    authority: str
    reference: str | None
    units: list[str]
    achievements: list[str] | None
    levels: list[Level] | None
    valid_from: date
    valid_until: date | None
    withdrawn_on: date | None
    approved_at: Instant

    @classmethod
    def of(cls, row: rows.Accreditation) -> Self:
        """The accreditation of a row."""
        levels = None if row.levels is None else [{"framework": name, "value": value} for name, value in row.levels]
        names = ("accreditation_id", "authority", "reference", "units", "achievements", "valid_from", "valid_until",
                 "withdrawn_on", "approved_at")  # fmt: skip
        found: dict[str, Any] = {name: getattr(row, name) for name in names}
        return cls.model_validate({**found, "levels": levels})


class Reason(Wire):
    """Something that stands in the way: a stable code, and a sentence."""

    code: str
    message: str


class AccreditationAnswer(Wire):
    """Whether the issuer was accredited on that day. For a no, `evidence` is the accreditation that came nearest."""

    model_config = shown(
        {
            "accredited": True,
            "on": "2026-06-20",
            "issuer": "did:web:bank.example:issuers:hanbit-college",
            "issuer_id": "hanbit-college",
            "name": {"ko": "한빛대학", "en": "Hanbit College"},
            "reasons": [],
            "evidence": {
                "accreditation_id": "0c0f3a4e-7a3e-4b1c-8f6e-0f1a2b3c4d5e",
                "authority": "National Institute for Lifelong Education",
                "reference": "NILE 2026-117",
                "units": ["kr-credit"],
                "achievements": None,
                "levels": None,
                "valid_from": "2026-01-01",
                "valid_until": None,
                "withdrawn_on": None,
                "approved_at": "2026-01-01T09:00:00Z",
            },
        }
    )

    accredited: bool
    on: date
    issuer: str
    issuer_id: str
    name: Texts
    reasons: list[Reason]
    evidence: Evidence | None

    @classmethod
    def of(cls, answer: Accredited) -> Self:
        """The answer of the registry."""
        pairs = zip(answer.reasons, answer.sentences(), strict=True)
        return cls(
            accredited=answer.accredited,
            on=answer.asked.on,
            issuer=answer.issuer.did,
            issuer_id=answer.issuer.issuer_id,
            name=answer.issuer.name,
            reasons=[Reason(code=code, message=message) for code, message in pairs],
            evidence=Evidence.of(answer.evidence) if answer.evidence else None,
        )
