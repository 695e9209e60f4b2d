"""The report of a verification on the wire: the shape that docs/verification.md describes, version 1."""

from typing import Literal

from api.schemas.common import Wire


class CheckDetails(Wire):
    """For specialists: the sentence in English, what it was built from, and the standard behind the check."""

    message: str
    facts: dict[str, str | int | bool | None]
    standard: str


class ReportedCheckView(Wire):
    """One check: what it is called and what it says, in the report's language; `code` is null where it passed."""

    number: int
    name: str
    title: str
    outcome: Literal["passed", "failed", "warning", "could_not_be_checked"]
    sentence: str
    code: str | None
    details: CheckDetails


class ReportIssuer(Wire):
    """The institution: `name` is the register's; `claimed_name` what the credential says, where that is another."""

    id: str
    registered: bool
    name: str | None
    claimed_name: str | None


class ReportIdentifier(Wire):
    """What the learner is recognised by; `value` is null where it is a hash."""

    type: str
    value: str | None


class ReportLevel(Wire):
    """A level in a framework."""

    framework: str
    level: str


class CertificateView(Wire):
    """What the signature covers, for people: amounts as exact text, days and instants as ISO 8601."""

    id: str
    issuer: ReportIssuer
    learner: str | None
    identifiers: list[ReportIdentifier]
    achievement: str
    title: str
    titles: dict[str, str]
    credits: str | None
    unit: str | None
    levels: list[ReportLevel]
    score: str | None
    grade: str | None
    attendance: str | None
    hours: str | None
    activity_start: str | None
    activity_end: str | None
    valid_from: str
    valid_until: str | None
    signed_at: str


class ReportView(Wire):
    """The verification in one language (`Accept-Language`). Where the signature does not hold, only that is told."""

    version: Literal[1]
    language: str
    verified_at: str
    verdict: Literal["valid", "invalid", "indeterminate"]
    code: str | None
    headline: str
    summary: str | None
    advice: str
    checks: list[ReportedCheckView]
    certificate: CertificateView | None
    parts: list["ReportedPartView"]


class ReportedPartView(Wire):
    """The report of a credential inside this one, or of an endorsement."""

    kind: Literal["credential", "endorsement"]
    id: str | None
    report: ReportView
