"""`creditbank verify`: files, folders, archives and links; without the bank, and without the network unless asked."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from credentials.report_certificate import visible
from credentials.report_sentences import choose_language
from creditbank.commands.bank_key import StatedKey
from creditbank.commands.terminal import DONE, INTERRUPTED, NO, TROUBLE, UNDECIDED, err
from creditbank.commands.verify_output import Told, progress, tell
from creditbank.commands.verify_receipt import check_receipt_file
from creditbank.offline.items import Item, items
from creditbank.offline.links import ENCODINGS
from creditbank.offline.many import Judged, Task, judge_all
from creditbank.offline.presented import Occasion
from creditbank.trust_bundle import MAX_BYTES, read_bundle

_CODES = {"valid": DONE, "invalid": NO, "indeterminate": UNDECIDED}
_NAMED = 10
_WORST_FIRST = (TROUBLE, NO, UNDECIDED, DONE)

Files = Annotated[
    list[str],
    typer.Argument(
        help="Credentials (JSON, JWS, SD-JWT, PNG, SVG, PDF), presentations, folders, patterns, ZIP archives, CSV "
        "tables of links, or - for standard input.",
        show_default=False,
    ),
]
Trust = Annotated[Path | None, typer.Option(help="A trust bundle (`creditbank trust export`).", show_default=False)]
BankKey = Annotated[
    str | None,
    typer.Option(help="The bank's key for statements: JWK, RFC 7638 thumbprint, or a file.", show_default=False),
]
Language = Annotated[str, typer.Option("--lang", help="Language of the report: en, zh-Hans, ko, hi (BCP 47).")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line and file, on standard output.")]
Whole = Annotated[bool, typer.Option("--report", help="The whole report for each of several files.")]
Details = Annotated[bool, typer.Option("--details", help="Technical details of every check.")]
Jobs = Annotated[int | None, typer.Option(min=1, max=256, help="Processes; all cores by default.", show_default=False)]
At = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%SZ"],
        help="Verify as of this moment (UTC) instead of now.",
        show_default=False,
    ),
]
Online = Annotated[bool, typer.Option("--online", help="Ask issuers for what is not at hand; else no network at all.")]
Hosts = Annotated[list[str], typer.Option("--host", help="With --online, only these hosts.", show_default=False)]
Encoding = Annotated[str, typer.Option(help=f"Encoding of CSV tables: {', '.join(ENCODINGS)}.")]
Challenge = Annotated[
    str | None, typer.Option(help="Of a presentation: what the holder was asked to answer.", show_default=False)
]
Domain = Annotated[str | None, typer.Option(help="Of a presentation: whom it was to be made for.", show_default=False)]
Receipt = Annotated[
    Path | None,
    typer.Option("--check-receipt", help="Check this receipt of an earlier verification of FILE.", show_default=False),
]


def verify(
    files: Files,
    trust: Trust = None,
    bank_key: BankKey = None,
    lang: Language = "en",
    json_lines: AsJson = False,
    report: Whole = False,
    details: Details = False,
    jobs: Jobs = None,
    at: At = None,
    online: Online = False,
    host: Hosts = [],  # noqa: B006 - typer copies it
    encoding: Encoding = "utf-8",
    challenge: Challenge = None,
    domain: Domain = None,
    check_receipt: Receipt = None,
) -> None:
    """Verify credentials by named checks, offline. Exit codes: 0 all valid, 1 one invalid, 2 one undecided, 3 trouble.

    3 is for what could not be read or asked, and goes before 1, and 1 before 2. 130 after an interrupt.
    Without --trust nobody vouches for an institution, so that nothing is better than undecided.
    """
    stated = StatedKey.parse(bank_key) if bank_key else None
    bundle = _bundle(trust, stated) if trust else None
    if check_receipt is not None:
        raise typer.Exit(check_receipt_file(check_receipt, files, bundle, stated))
    hosts = frozenset(name.lower() for name in host) if online else None
    moment = at.replace(tzinfo=UTC) if at else None
    pin, occasion = stated.thumbprint if stated else None, Occasion(challenge, domain)
    task = Task(bundle, pin, moment, choose_language([lang]), hosts, occasion)
    told = Told(json_lines=json_lines, whole=report, details=details)
    passed_over: list[str] = []
    code = _run(items(files, network=online, encoding=encoding, passed_over=passed_over), task, jobs, told)
    if passed_over:
        named = ", ".join(passed_over[:_NAMED]) + (", …" if len(passed_over) > _NAMED else "")
        said = f"Not looked at, for their names end otherwise: {named} ({len(passed_over)}). Name a file to verify it."
        err.print(said, style="yellow", markup=False, soft_wrap=True)
    raise typer.Exit(code)


def _run(found: Iterator[Item], task: Task, jobs: int | None, told: Told) -> int:
    codes = set()
    try:
        with closing(judge_all(found, task, jobs)) as judged, progress() as count:
            for one in tell(judged, told):
                codes.add(_code(one))
                count()
    except KeyboardInterrupt:
        err.print("interrupted", style="yellow")
        return INTERRUPTED
    return next((code for code in _WORST_FIRST if code in codes), TROUBLE)


def _code(judged: Judged) -> int:
    return _CODES[judged.report.verdict] if judged.report else TROUBLE


def _bundle(path: Path, stated: StatedKey | None) -> bytes:
    """The bundle's bytes, its signature checked; whose key that is, is said where none was stated."""
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    bundle = read_bundle(data, stated.thumbprint if stated else None)
    if not bundle.pinned:
        err.print(
            f"Trust bundle of {visible(bundle.contents.bank.url)}, {bundle.contents.issued_at:%Y-%m-%d %H:%M} UTC, "
            f"signed with the key {bundle.thumbprint}. Compare it with what the bank says, and give it as --bank-key.",
            style="yellow", markup=False, soft_wrap=True,
        )  # fmt: skip
    return data
