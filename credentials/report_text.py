"""A report as lines of plain text, for a terminal or a file; each line has a tone, which a terminal may colour."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from credentials.checks import Outcome, Verdict
from credentials.report import Report, ReportedCheck
from credentials.report_certificate import Certificate, ShownIssuer, visible
from credentials.report_sentences import sentences

Tone = Literal["good", "bad", "unsure", "plain", "faint"]
INDENT: Final = "  "
_MARKS: Final[Mapping[Outcome, str]] = {
    Outcome.PASSED: "✓", Outcome.FAILED: "✗", Outcome.WARNING: "!", Outcome.COULD_NOT_BE_CHECKED: "?",
}  # fmt: skip
_TONES: Final[Mapping[Outcome, Tone]] = {
    Outcome.PASSED: "plain", Outcome.FAILED: "bad", Outcome.WARNING: "unsure", Outcome.COULD_NOT_BE_CHECKED: "unsure",
}  # fmt: skip
_VERDICTS: Final[Mapping[Verdict, tuple[str, Tone]]] = {
    "valid": ("✓", "good"), "invalid": ("✗", "bad"), "indeterminate": ("?", "unsure"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text without its end, and how it is meant."""

    text: str
    tone: Tone = "plain"


def headline(report: Report) -> Line:
    """The verdict in one line, with its code."""
    mark, tone = _VERDICTS[report.verdict]
    code = f" [{report.code}]" if report.code else ""
    return Line(f"{mark} {report.headline}{code}", tone)


def lines(report: Report, *, details: bool = False) -> Iterator[Line]:
    """The report: verdict, what to do, what is certified, the checks, then technical details of what did not pass.

    Of a record or a presentation the certificates in it come first, in a line each, and whole at the end. With
    `details` the technical details of every check.
    """
    labels = sentences(report.language).labels
    yield headline(report)
    yield Line(f"{INDENT}{labels['advice']}: {report.advice}")
    if report.summary:
        yield from _opening(report, labels)
    yield from _body(report, labels, details=details)


def contents(report: Report) -> Iterator[Line]:
    """Each certificate in a record or presentation in a line: what is certified, and what is the matter with it."""
    for part in report.parts:
        if part.kind == "credential":
            yield _content(part.report)
            yield from (replace(line, text=f"{INDENT}{line.text}") for line in contents(part.report))


def certified(shown: Certificate) -> str:
    """A certificate in a few words: its name, its credits, its institution."""
    amount = f"{shown.credits} {shown.unit or ''}".strip() if shown.credits is not None else ""
    return ", ".join(text for text in (shown.title, amount, shown.issuer.name or shown.issuer.id) if text)


def _content(report: Report) -> Line:
    line, mark = headline(report), _VERDICTS[report.verdict][0]
    name = certified(report.certificate) if report.certificate else report.summary
    if name is None:
        return line
    said = "" if report.verdict == "valid" else f": {line.text.removeprefix(mark).strip()}"
    return Line(f"{mark} {name}{said}", line.tone)


def _opening(report: Report, labels: Mapping[str, str]) -> Iterator[Line]:
    """Whose the certificates inside are, where all that can be read name the same learner, and what they are."""
    known = [part.report.certificate for part in report.parts if part.kind == "credential" and part.report.certificate]
    learners = {shown.learner for shown in known}
    if len(learners) == 1 and None not in learners:
        yield Line(f"{INDENT}{labels['awarded_to']}: {known[0].learner}")
    yield Line(f"{INDENT}{labels['contents']}: {report.summary}")
    yield from (replace(line, text=f"{INDENT * 2}{line.text}") for line in contents(report))


def _body(report: Report, labels: Mapping[str, str], *, details: bool) -> Iterator[Line]:
    yield Line(f"{INDENT}{labels['checked_at']}: {report.verified_at:%Y-%m-%d %H:%M:%S %Z}".rstrip(), "faint")
    if report.certificate:
        for label, value in _certificate(report.certificate, report.language):
            yield Line(f"{INDENT}{label}: {value}")
    for check in report.checks:
        yield Line(f"{INDENT}{_MARKS[check.outcome]} {check.title}: {check.sentence}", _TONES[check.outcome])
    told = [check for check in report.checks if details or check.code]
    if told:
        yield Line(f"{INDENT}{labels['details']}", "faint")
        yield from (Line(f"{INDENT * 2}{_detail(check)}", "faint") for check in told)
    yield from _parts(report, details=details)


def plain_text(report: Report, *, details: bool = False) -> str:
    """The report as text, a line each, without any colour."""
    return "".join(f"{line.text}\n" for line in lines(report, details=details))


def _parts(report: Report, *, details: bool) -> Iterator[Line]:
    labels = sentences(report.language).labels
    for part in report.parts:
        kind = labels.get(part.kind, part.kind)
        yield Line(f"{INDENT}{labels['inside']}: {kind} {visible(part.id or '')}".rstrip())
        for line in (headline(part.report), *_body(part.report, labels, details=details)):
            yield replace(line, text=f"{INDENT * 2}{line.text}")


def _certificate(shown: Certificate, language: str) -> Iterator[tuple[str, str]]:
    labels = sentences(language).labels
    yield labels["institution"], _issuer(shown.issuer, labels)
    if shown.issuer.claimed_name:
        yield labels["claimed_name"], shown.issuer.claimed_name
    yield labels["awarded_to"], _learner(shown, labels)
    yield labels["achievement"], shown.title
    if shown.credits is not None:
        yield labels["credits"], f"{shown.credits} {shown.unit or ''}".strip()
    for framework, level in shown.levels:
        yield labels["level"], f"{framework} {level}"
    yield from _results(shown, labels)
    if shown.activity_start or shown.activity_end:
        yield labels["period"], f"{shown.activity_start or '…'} – {shown.activity_end or '…'}"
    yield labels["valid_from"], shown.valid_from
    if shown.valid_until:
        yield labels["valid_until"], shown.valid_until
    yield labels["signed_at"], shown.signed_at
    yield labels["number"], shown.id


def _results(shown: Certificate, labels: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    found = (("score", shown.score), ("grade", shown.grade), ("hours", shown.hours))
    yield from ((labels[name], value) for name, value in found if value is not None)
    if shown.attendance is not None:
        yield labels["attendance"], f"{shown.attendance} %"


def _issuer(issuer: ShownIssuer, labels: Mapping[str, str]) -> str:
    if not issuer.registered:
        return f"{issuer.id} ({labels['not_registered']})"
    return f"{issuer.name} ({issuer.id})" if issuer.name else issuer.id


def _learner(shown: Certificate, labels: Mapping[str, str]) -> str:
    named = [shown.learner] if shown.learner else []
    named += [f"{value} ({kind})" for kind, value in shown.identifiers if value is not None]
    return ", ".join(named) or labels["hashed_identifier"]


def _detail(check: ReportedCheck) -> str:
    facts = ", ".join(f"{name}={value}" for name, value in check.facts.items())
    parts = (f"{check.number} {check.name}", check.code or check.outcome.value, check.message, facts)
    return " | ".join(part for part in (*parts, check.standard) if part)
