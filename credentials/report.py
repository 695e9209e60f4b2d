"""A verification as a person reads it: the verdict in one sentence, each check in another, technical details below.

What a credential says is shown only where a verification vouches for it (`SecuredClaims`). Where the signature does
not hold, or something before it, only that is shown: no name, no title, nothing that its author wished to be read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from credentials.canonical import jcs, sha256
from credentials.checks import NOT_REACHED, Check, Outcome, Part, Verdict, Verification
from credentials.errors import CredentialError, Fact
from credentials.language import LanguageMap
from credentials.report_advice import advice_key
from credentials.report_certificate import Certificate, certificate, visible
from credentials.report_sentences import DEFAULT, Sentences, sentences
from credentials.report_standards import standard_of
from credentials.report_summary import summary

VERSION: Final = 1
"""The version of the JSON form; members are added under the same number, changed or taken away under a new one."""

FORM: Final = "form"
"""The check that bytes are a credential at all: `read` makes it, before any verification."""
_OF_PRESENTATIONS: Final = "holder_binding"
"""The check that every presentation has, and nothing else."""
_NOT_MADE: Final = (Outcome.FAILED, Outcome.COULD_NOT_BE_CHECKED)


@dataclass(frozen=True, slots=True)
class ReportedCheck:
    """One check: for people its title and a sentence, for specialists the code, message, facts and standard."""

    number: int
    name: str
    title: str
    outcome: Outcome
    sentence: str
    code: str | None
    message: str
    facts: Mapping[str, Fact]
    standard: str

    def to_json(self) -> dict[str, Any]:
        """The check as JSON, its technical details apart."""
        return {
            "number": self.number,
            "name": self.name,
            "title": self.title,
            "outcome": self.outcome.value,
            "sentence": self.sentence,
            "code": self.code,
            "details": {"message": self.message, "facts": dict(self.facts), "standard": self.standard},
        }


@dataclass(frozen=True, slots=True)
class ReportedPart:
    """The report of a credential inside this one, or of an endorsement."""

    kind: str
    id: str | None
    report: "Report"


@dataclass(frozen=True, slots=True)
class Report:
    """A verification in one language: what it found, and in `advice` what to do next.

    `certificate` is None where nothing is secured by a signature, and for records and presentations, whose `parts` say
    what is certified; `summary` counts the certificates among those, and is None where there are none.
    """

    language: str
    verified_at: datetime
    verdict: Verdict
    code: str | None
    headline: str
    summary: str | None
    advice: str
    checks: tuple[ReportedCheck, ...]
    certificate: Certificate | None
    parts: tuple[ReportedPart, ...]

    def to_json(self) -> dict[str, Any]:
        """The report as JSON: the form that docs/verification.md describes, and that receipts are about."""
        return {
            "version": VERSION,
            "language": self.language,
            "verified_at": _moment(self.verified_at),
            "verdict": self.verdict,
            "code": self.code,
            "headline": self.headline,
            "summary": self.summary,
            "advice": self.advice,
            "checks": [check.to_json() for check in self.checks],
            "certificate": self.certificate.to_json() if self.certificate else None,
            "parts": [{"kind": part.kind, "id": part.id, "report": part.report.to_json()} for part in self.parts],
        }

    def digest(self) -> bytes:
        """SHA-256 over the canonical JSON (RFC 8785) of the report: 32 bytes."""
        return sha256(jcs(self.to_json()))


def report(
    verification: Verification,
    at: datetime,
    language: str = DEFAULT,
    registered_names: Mapping[str, LanguageMap] = MappingProxyType({}),
) -> Report:
    """The verification made at `at` as a report in one of `report_sentences.LANGUAGES`.

    `registered_names` are institutions' names by the id that credentials name them by, from a registry; the name that
    a credential gives its issuer is shown beside one of these, and as a claim where there is none.
    """
    words = sentences(language)
    blocking = _blocking(verification)
    shown = (blocking,) if blocking else _reached(verification)
    claims = None if blocking else verification.claims
    parts = () if blocking else verification.parts
    return Report(
        language=language,
        verified_at=at,
        verdict=verification.verdict,
        code=verification.code,
        headline=_headline(verification, words),
        summary=summary((part.verification for part in parts if part.kind == "credential"), words),
        advice=words.advice[advice_key(verification.verdict, verification.code)],
        checks=tuple(_reported(check, words) for check in shown),
        certificate=certificate(claims, registered_names.get(claims.issuer_id), language) if claims else None,
        parts=tuple(_part(part, at, language, registered_names) for part in parts),
    )


def unreadable(error: CredentialError) -> Verification:
    """What `read` refused as a verification: one failed check, `form`."""
    return Verification().with_check(Check.from_error(FORM, error))


def _blocking(verification: Verification) -> Check | None:
    """The check that ended a verification before anything was secured: then it alone is told."""
    stopped = any(check.code == NOT_REACHED for check in verification.checks)
    if verification.claims is not None and not stopped:
        return None
    ended = (check for check in verification.checks if check.outcome in _NOT_MADE and check.code != NOT_REACHED)
    decisive = sorted(ended, key=lambda check: check.outcome is not Outcome.FAILED)
    unread = any(check.name == FORM for check in decisive)
    return decisive[0] if decisive and (stopped or unread) else None


def _reached(verification: Verification) -> tuple[Check, ...]:
    return tuple(check for check in verification.checks if check.code != NOT_REACHED)


def _headline(verification: Verification, words: Sentences) -> str:
    reason = words.of_code(verification.code) if verification.code else ""
    verdict = verification.verdict
    presented = any(check.name == _OF_PRESENTATIONS for check in verification.checks)
    said = words.headlines.get(f"presentation_{verdict}") if presented else None
    return (said or words.headlines[verdict]).format(reason=reason)


def _reported(check: Check, words: Sentences) -> ReportedCheck:
    said = words.words(check.name)
    return ReportedCheck(
        number=max(check.number, 1),
        name=check.name,
        title=said.title,
        outcome=check.outcome,
        sentence=words.of_code(check.code) if check.code else said.passed,
        code=check.code,
        message=visible(check.message),
        facts={name: visible(fact) if isinstance(fact, str) else fact for name, fact in check.facts.items()},
        standard=standard_of(check.name),
    )


def _part(part: Part, at: datetime, language: str, names: Mapping[str, LanguageMap]) -> ReportedPart:
    inner = report(part.verification, at, language, names)
    return ReportedPart(part.kind, part.id if inner.certificate else None, inner)


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")
