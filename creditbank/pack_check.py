"""Is a pack sound? Read, and tried on its own cases; nothing is stored, and the work is bounded.

A pack is Turing-incomplete and ends always; what is bounded here is its size, the number of its cases, and how many
checks run at once in a process.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import Any

from creditbank.errors import Refused, Unavailable
from creditbank.office import Office
from recognition_rules.cases import CaseResult, run_cases
from recognition_rules.errors import PackInvalid
from recognition_rules.pack import Pack
from recognition_rules.pack import parse as parse_pack

MAX_LENGTH = 1_000_000
"""Characters of a pack, and of its cases."""
MAX_CASES = 500
AT_ONCE = 2
"""Checks that run at once in a process; one more is asked to come again."""
_CASE = "[[case]]"
_room = BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found: the pack, if it could be read; how many cases hold; the findings, worst first.

    A finding has `level` (error, warning, note), `code`, `sentence`, and where it is known `file` and `line`.
    """

    pack: Pack | None
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
    """Read a pack and run its cases. Raises Refused `too_many_cases`, `too_long`; Unavailable `busy`."""
    _refuse_oversized(content, cases)
    with _turn():
        try:
            pack = parse_pack(content)
        except PackInvalid as refused:
            return Checked(None, 0, (_invalid(refused),))
        held, failed = _cases(office, pack, cases)
        return Checked(pack, held, tuple(failed))


def _refuse_oversized(content: str, cases: str | None) -> None:
    if max(len(content), len(cases or "")) > MAX_LENGTH:
        raise Refused("too_long", f"A pack and its cases have at most {MAX_LENGTH} characters each.", limit=MAX_LENGTH)
    if (cases or "").count(_CASE) > MAX_CASES:
        raise Refused("too_many_cases", f"A pack has at most {MAX_CASES} cases.", limit=MAX_CASES)


@contextmanager
def _turn() -> Iterator[None]:
    if not _room.acquire(blocking=False):
        raise Unavailable("busy", "Other packs are being checked now; please try again.")
    try:
        yield
    finally:
        _room.release()


def _cases(office: Office, pack: Pack, cases: str | None) -> tuple[int, list[dict[str, Any]]]:
    if not cases:
        return 0, []
    try:
        results = run_cases(pack, cases, units=office.units, levels=office.levels)
    except PackInvalid as refused:
        return 0, [_invalid(refused)]
    failed = [_failed(result) for result in results if not result.passed]
    return len(results) - len(failed), failed


def _failed(result: CaseResult) -> dict[str, Any]:
    sentence = f"The case {result.id} does not hold: {'; '.join(result.differences)}"
    return {"level": "error", "code": "case_fails", "sentence": sentence, "file": "cases.toml", "line": None}


def _invalid(refused: PackInvalid) -> dict[str, Any]:
    return {
        "level": "error",
        "code": refused.problem_code,
        "sentence": refused.problem,
        "file": refused.file,
        "line": refused.line,
    }
