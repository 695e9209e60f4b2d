"""Is a pack sound? Read, linted, and tried on its own cases; nothing is stored, and the work is bounded.

A pack always ends; what is bounded here is its size, the number of its cases, and how many checks run at once in a
process.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from threading import BoundedSemaphore
from typing import Any

from creditbank.errors import Refused, Unavailable
from creditbank.office import Office
from creditbank.pack_kinds import FILE, KINDS, RULES, AnyPack, Tried, kind_of, read
from recognition_rules.authoring.forms import read_files
from recognition_rules.authoring.lint import lint
from recognition_rules.authoring.lint_draft import Finding
from recognition_rules.authoring.lint_other import lint_other
from recognition_rules.errors import PackInvalid
from recognition_rules.levels import LevelTable
from recognition_rules.reading.strict_toml import loads
from recognition_rules.units import UnitTable

MAX_LENGTH = 1_000_000
"""Characters of a pack, and of its cases."""
MAX_CASES = 500
AT_ONCE = 2
"""Checks that run at once in a process; one more is asked to come again."""
MAX_CASE_AWARDS = 20_000
"""Awards of all cases together, each as often as it is repeated."""
CASES_FILE = "cases.toml"
_room = BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found: the pack, if it could be read; how many cases hold; the findings, worst first.

    A finding has `level` (error, warning, note), `code`, `sentence`, and where it is known `file` and `line`.
    """

    pack: AnyPack | None
    cases_held: int
    findings: tuple[dict[str, Any], ...]

    @property
    def errors(self) -> list[dict[str, Any]]:
        """The findings that keep a pack from being published."""
        return [finding for finding in self.findings if finding["level"] == "error"]

    @property
    def sound(self) -> bool:
        """Whether it may go to a second person."""
        return self.pack is not None and not self.errors


def check(office: Office, content: str, cases: str | None) -> Checked:
    """Read a pack, lint it, run its cases.

    Raises Refused `too_many_cases`, `too_many_awards`, `too_long`; Unavailable `busy`.
    """
    if max(len(content), len(cases or "")) > MAX_LENGTH:
        raise Refused("too_long", f"A pack and its cases have at most {MAX_LENGTH} characters each.", limit=MAX_LENGTH)
    with _turn():
        _check_size(cases or "")
        return _checked(content, cases or "", _Tables(office.units, office.levels))


def _check_size(cases: str) -> None:
    """How much work the cases are, however they are written. Raises Refused `too_many_cases`, `too_many_awards`."""
    try:
        found = loads(cases, name=CASES_FILE).get("case") if cases else None
    except PackInvalid:
        return  # said where the cases are run
    each = [case for case in found if isinstance(case, dict)] if isinstance(found, list) else []
    if len(each) > MAX_CASES:
        raise Refused("too_many_cases", f"A pack has at most {MAX_CASES} cases.", limit=MAX_CASES)
    if sum(map(_awards_of, each)) > MAX_CASE_AWARDS:
        sentence = f"The cases of a pack have at most {MAX_CASE_AWARDS} awards together."
        raise Refused("too_many_awards", sentence, limit=MAX_CASE_AWARDS)


def _awards_of(case: Mapping[str, Any]) -> int:
    """How many awards a case has; `repeat` may stand in `each`, too."""
    awards, shared = case.get("awards"), case.get("each")
    common = shared if isinstance(shared, dict) else {}
    listed = [{**common, **award} for award in awards if isinstance(award, dict)] if isinstance(awards, list) else []
    repeats = [award.get("repeat", 1) for award in listed]
    return sum(repeat for repeat in repeats if isinstance(repeat, int))


@contextmanager
def _turn() -> Iterator[None]:
    if not _room.acquire(blocking=False):
        raise Unavailable("busy", "Other packs are being checked now; please try again.")
    try:
        yield
    finally:
        _room.release()


@dataclass(frozen=True, slots=True, eq=False)
class _Tables:
    """Units and levels, the same where their digests are."""

    units: UnitTable
    levels: LevelTable

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Tables) and self._digests == other._digests

    def __hash__(self) -> int:
        return hash(self._digests)

    @property
    def _digests(self) -> tuple[str, str]:
        return self.units.digest, self.levels.digest


@lru_cache(maxsize=8)
def _checked(content: str, cases: str, tables: _Tables) -> Checked:
    """A pure function of the texts, so a pack that was checked is proposed without checking it again."""
    kind = kind_of(content)
    try:
        pack = read(kind, content)
    except PackInvalid as refused:
        return Checked(None, 0, tuple(_linted(kind, content, "", tables)) or (_invalid(refused),))
    held, failed = _tried(kind, pack, cases, tables) if cases else (0, [])
    return Checked(pack, held, (*failed, *_linted(kind, content, cases, tables)))


def _tried(kind: str, pack: AnyPack, cases: str, tables: _Tables) -> tuple[int, list[dict[str, Any]]]:
    try:
        results = KINDS[kind].cases(pack, cases, tables.units, tables.levels)
    except PackInvalid as refused:
        return 0, [_invalid(refused)]
    failed = [_failed(result) for result in results if not result.passed]
    return len(results) - len(failed), failed


def _linted(kind: str, content: str, cases: str, tables: _Tables) -> list[dict[str, Any]]:
    if kind != RULES:
        found = lint_other(kind, content, name=FILE, units=tables.units, levels=tables.levels)
        return [_found(finding) for finding in found]
    try:
        parsed = loads(cases, name=CASES_FILE) if cases else None
        document = read_files({"pack.toml": content.encode()})
    except PackInvalid:
        return []  # said by whoever read it first
    return [_found(finding) for finding in lint(document, cases=parsed, units=tables.units, levels=tables.levels)]


def _found(finding: Finding) -> dict[str, Any]:
    return {
        "level": finding.severity,
        "code": finding.check,
        "sentence": finding.problem,
        "file": finding.file,
        "line": finding.line,
    }


def _failed(result: Tried) -> dict[str, Any]:
    sentence = f"The case {result.id} does not hold: {'; '.join(result.differences)}"
    return {"level": "error", "code": "case_fails", "sentence": sentence, "file": CASES_FILE, "line": None}


def _invalid(refused: PackInvalid) -> dict[str, Any]:
    return {
        "level": "error",
        "code": refused.problem_code,
        "sentence": refused.problem,
        "file": refused.file,
        "line": refused.line,
    }
