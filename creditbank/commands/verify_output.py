"""What `creditbank verify` prints: a report for one file, lines for many, JSON lines for programs."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain, islice

from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from credentials.report import Report
from credentials.report_sentences import choose_language, sentences
from credentials.report_text import INDENT, Line, Tone, certified, contents, headline, lines
from creditbank.commands.terminal import err, out
from creditbank.offline.many import Judged
from recognition_rules.credits import parse_amount
from recognition_rules.explain_names import Names

_STYLES: Mapping[Tone, str] = {"good": "bold green", "bad": "bold red", "unsure": "yellow", "plain": "", "faint": "dim"}

_INSTANT = re.compile(r"(?<!\S)(?P<day>\d{4}-\d{2}-\d{2})(?:T| )(?P<time>\d{2}:\d{2})(?::\d{2})?(?:Z| UTC)(?!\S)")
_DAY = re.compile(r"(?<!\S)\d{4}-\d{2}-\d{2}(?!\S)")
_CREDITS = re.compile(r"(?<!\S)(?P<amount>\d+(?:[./]\d+)?) (?P<unit>[a-z][a-z0-9-]*)$")


@dataclass(frozen=True, slots=True)
class Told:
    """How to tell it."""

    json_lines: bool = False
    whole: bool = False
    details: bool = False


def tell(judged: Iterator[Judged], told: Told) -> Iterator[Judged]:
    """Print each as it comes and pass it on; several are summed up at the end, for people."""
    first = list(islice(judged, 2))
    language = ""
    whole, counted = told.whole or len(first) < 2, Counter[str]()
    for one in chain(first, judged):
        _print(one, told, whole=whole)
        counted[one.report.verdict if one.report else "not read"] += 1
        language = one.report.language if one.report else language
        yield one
    if counted.total() > 1 and not told.json_lines:
        err.print(", ".join(_counted(what, number, language) for what, number in sorted(counted.items())), style="dim")


def _counted(what: str, number: int, language: str) -> str:
    words = sentences(choose_language([language])).counted
    return words[what].format(number=number) if what in words else f"{number} {what}"


@contextmanager
def progress() -> Iterator[Callable[[], None]]:
    """A count of the files done, on a terminal only; what is called for each one."""
    if not err.is_terminal or out.is_terminal:
        yield lambda: None
        return
    columns = (SpinnerColumn(), TextColumn("{task.completed:.0f} files"), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True) as shown:
        task = shown.add_task("", total=None)
        yield lambda: shown.advance(task)


def as_json(judged: Judged) -> str:
    """One file as one line of JSON."""
    shape = {
        "file": judged.name,
        "sha256": judged.sha256,
        "report": judged.report.to_json() if judged.report else None,
        "trouble": {"code": judged.trouble.code, "message": judged.trouble.message} if judged.trouble else None,
    }
    return json.dumps(shape, ensure_ascii=False)


def _print(judged: Judged, told: Told, *, whole: bool) -> None:
    if told.json_lines:
        out.print(as_json(judged), markup=False, soft_wrap=True)
    elif judged.report is None:
        trouble = judged.trouble
        said = f"{trouble.message} [{trouble.code}]" if trouble else ""
        err.print(f"{judged.name}: {said}", style="red", markup=False, soft_wrap=True)
    elif whole:
        out.print(judged.name, style="bold", markup=False, soft_wrap=True)
        for line in lines(judged.report, details=told.details):
            _say(readable(line, judged.report.language))
    else:
        _say(_short(judged.name, judged.report))
        for line in contents(judged.report):
            _say(replace(line, text=f"{INDENT}{line.text}"))


def _short(name: str, report: Report) -> Line:
    line = headline(report)
    named = certified(report.certificate) if report.certificate else report.summary
    said = f" — {named}" if named else ""
    return Line(f"{line.text[:2]}{name}: {line.text[2:]}{said}", line.tone)


def readable(line: Line, language: str) -> Line:
    """Days, instants and credits as people write them; what is part of an address or an id stays as it is."""
    names = Names(language, None, "", {})
    text = _INSTANT.sub(lambda found: f"{names.day(found['day'])}, {found['time']} UTC", line.text)
    text = _DAY.sub(lambda found: names.day(found[0]), text)
    return replace(line, text=_CREDITS.sub(lambda found: _credits(names, found), text))


def _credits(names: Names, found: re.Match[str]) -> str:
    known = f"unit.{found['unit']}" in names.words
    return names.credits(parse_amount(found["amount"]), found["unit"]) if known else found[0]


def _say(line: Line) -> None:
    out.print(line.text, style=_STYLES[line.tone], markup=False, soft_wrap=True)
