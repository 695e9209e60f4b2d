"""Decisions of record made again: each must come out as it was recorded, byte for byte.

Decisions from before inputs were kept are made from the events and uses of their time; the digest of the inputs, which
every result names, tells whether those are the same.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from creditbank.bank import Bank
from creditbank.errors import NotFound, Refused
from creditbank.many_cores import in_order
from creditbank.replay import Bundle, Replayed, replay
from creditbank.replay_inputs import Inputs, shipped, unpacked
from creditbank.store import Transaction, jobs, ledger, population, recognition_inputs, rules
from creditbank.store.population import START, After
from creditbank.transactions.recognitions import REVOKED_STATES
from recognition_rules.award import Award, Use

PAGE, SAVED_EVERY = 200, 5
Progress = Callable[[int, int], None]
"""Decisions made again, and how many there are."""


def _quiet(_done: int, _total: int) -> None:
    """Nobody watches."""


_TABLES: dict[str, str] = {}
"""In each process: the texts of packs and tables by digest, told once."""


@dataclass(slots=True)
class ReplayReport:
    """How many decisions agreed, and for each that did not, where it differs."""

    agreed: int = 0
    differing: dict[str, list[str]] = field(default_factory=dict)

    @property
    def done(self) -> int:
        """Decisions made again."""
        return self.agreed + len(self.differing)

    def to_json(self) -> dict[str, Any]:
        """The report as it is saved, and as `--json` prints it."""
        return {"agreed": self.agreed, "differing": self.differing}


@dataclass(frozen=True, slots=True)
class ReplayOfRecord:
    """The use case."""

    bank: Bank

    def bundle(self, recognition_id: UUID) -> Bundle:
        """A decision with all that it rests on, for anybody to make again.

        Raises NotFound `recognition_not_found`; Refused `inputs_not_kept` where an early decision's inputs cannot be
        found again, or its tables were never kept.
        """
        return self.bank.run(lambda tx: _bundle(tx, recognition_id))

    def run(
        self, since: datetime | None = None, *, fresh: bool = False, jobs_at_once: int = 0, progress: Progress = _quiet
    ) -> ReplayReport:
        """Make every decision again, or those since an instant, on all cores; stopped, it goes on where it was."""
        job = f"replay:{since.isoformat() if since else 'all'}"
        after, report = self._resumed(job, fresh=fresh)
        texts, total = self.bank.run(_texts), self.bank.run(lambda tx: population.count_recorded(tx, since))
        pages = self._pages(after, since, frozenset({*texts, *shipped()}))
        for number, (last, answers) in enumerate(in_order(_begin, (texts,), _replay_page, pages, jobs_at_once), 1):
            for recognition_id, differences in answers:
                _note(report, recognition_id, differences)
            if number % SAVED_EVERY == 0:
                self.bank.run(lambda tx, last=last: jobs.save(tx, job, last, report.to_json()))  # type: ignore[misc]
            progress(report.done, total)
        self.bank.run(lambda tx: jobs.done(tx, job))
        return report

    def _resumed(self, job: str, *, fresh: bool) -> tuple[After, ReplayReport]:
        known = None if fresh else self.bank.run(lambda tx: jobs.progress(tx, job))
        if known is None or known.after_book is None or known.after_id is None:
            return START, ReplayReport()
        return (known.after_book, known.after_id), ReplayReport(**known.state)

    def _pages(self, after: After, since: datetime | None, told: frozenset[str]) -> Iterator[list[dict[str, Any]]]:
        while True:
            start = after
            page = self.bank.run(lambda tx, start=start: _plain_rows(tx, start, since, told))  # type: ignore[misc]
            if not page:
                return
            yield page
            after = (UUID(page[-1]["book"]), UUID(page[-1]["id"]))


def _plain_rows(tx: Transaction, after: After, since: datetime | None, told: frozenset[str]) -> list[dict[str, Any]]:
    """A page as plain values, which travel to another process; with it go texts published since the run began."""
    page = [_plain(tx, row) for row in population.recorded(tx, after, PAGE, since)]
    for row in page:
        unknown = {row["pack"], row["units"], row["levels"]} - told - {None}
        row["later"] = {digest: text for digest, text in _texts(tx).items() if digest in unknown} if unknown else {}
    return page


def _plain(tx: Transaction, row: Row[Any]) -> dict[str, Any]:
    content = row.content if row.content is not None else found_again(tx, row.book_id, row.recognition_id).packed()
    return {
        "book": str(row.book_id),
        "id": str(row.recognition_id),
        "request": row.request,
        "result": row.result,
        "content": bytes(content),
        "units": row.units,
        "levels": row.levels,
        "pack": row.pack,
        "sealed": row.sealed,
    }


def found_again(tx: Transaction, book: UUID, recognition_id: UUID) -> Inputs:
    """What an early decision looked at, from the events and uses that stood at its instant."""
    row = rules.recognition(tx, recognition_id)
    assert row is not None
    then = recognition_inputs.awards_then(tx, book, row.decided_at)
    used = recognition_inputs.uses_then(tx, book, row.decided_at, recognition_id)
    awards = [
        replace(Award.from_json(award), revoked=state != "credited")
        for state, award in then
        if state in ("credited", *REVOKED_STATES)
    ]
    return Inputs(tuple(awards), tuple(Use(str(award), str(by), purpose) for award, purpose, by in used))


def _bundle(tx: Transaction, recognition_id: UUID) -> Bundle:
    row = rules.recognition(tx, recognition_id)
    if row is None:
        raise NotFound("recognition")
    kept = recognition_inputs.of_decision(tx, row.book_id, recognition_id)
    inputs = unpacked(bytes(kept.content)) if kept else found_again(tx, row.book_id, recognition_id)
    pack = rules.pack(tx, row.pack_id, row.pack_version)
    assert pack is not None
    units, levels = _table_texts(
        recognition_inputs.tables(tx), kept.units if kept else None, kept.levels if kept else None
    )
    entry = ledger.entry(tx, row.book_id, row.entry_id) if row.entry_id else None
    about = {
        "recognition": str(recognition_id),
        "learner": str(row.book_id),
        "decided_at": row.decided_at.isoformat(),
        "replaces": str(row.replaces) if row.replaces else None,
        "result": entry.reference["result"] if entry else None,
    }
    return Bundle(row.result, row.request, inputs, pack.content, units, levels, about)


def _table_texts(kept: Mapping[str, str], units: str | None, levels: str | None) -> tuple[str, str]:
    """The texts of two tables by digest; those shipped now where a decision from before does not name them."""
    now = dict(shipped().values())
    known = {digest: text for digest, (_, text) in shipped().items()} | dict(kept)
    found = [
        now["units"] if units is None else known.get(units),
        now["levels"] if levels is None else known.get(levels),
    ]
    if None in found:
        raise Refused("inputs_not_kept", "The units or levels that this decision was read with were not kept.")
    return str(found[0]), str(found[1])


def _texts(tx: Transaction) -> dict[str, str]:
    """Every published pack and every table, by digest."""
    packs = {row.digest: row.content for row in rules.packs(tx)}
    return {**packs, **recognition_inputs.tables(tx)}


def _begin(texts: dict[str, str]) -> None:
    """What a process does first."""
    _TABLES.clear()
    _TABLES.update(texts)


def _replay_page(page: list[dict[str, Any]]) -> tuple[After, list[tuple[str, tuple[str, ...]]]]:
    """In a process of its own: each decision's id and where it differs; and where the page ended."""
    last = (UUID(page[-1]["book"]), UUID(page[-1]["id"]))
    return last, [(row["id"], _replayed(row).differences) for row in page]


def _replayed(row: Mapping[str, Any]) -> Replayed:
    about = {"result": row["sealed"]} if row["sealed"] else {}
    texts = {**_TABLES, **row["later"]} if row["later"] else _TABLES
    try:
        units, levels = _table_texts(texts, row["units"], row["levels"])
        inputs = unpacked(row["content"])
    except Refused as refused:
        return Replayed("", None, (refused.code,))
    result, request = json.loads(row["result"]), json.loads(row["request"])
    return replay(Bundle(result, request, inputs, texts[row["pack"]], units, levels, about))


def _note(report: ReplayReport, recognition_id: str, differences: tuple[str, ...]) -> None:
    if differences:
        report.differing[recognition_id] = list(differences)
    else:
        report.agreed += 1
