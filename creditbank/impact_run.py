"""A draft pack tried on everybody: who gains, who loses, by how much. Nothing is booked, nothing is kept of anybody.

The population is read a page at a time, each page its own short transaction, and decided on all cores; a run that was
stopped goes on where it was, with the sums it had.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from creditbank.bank import Bank
from creditbank.errors import Refused
from creditbank.impact import Case, Tally, Trial, begin, report, try_page
from creditbank.many_cores import in_order
from creditbank.replay_inputs import outcome_of_result, shipped, unpacked
from creditbank.replay_of_record import found_again
from creditbank.store import Transaction, jobs, population, rules
from creditbank.store.population import START, After
from creditbank.transactions.recognition_request import RecognitionRequest
from creditbank.transactions.registry_facts import asks_registry, with_registry_facts
from recognition_rules.award import Award
from recognition_rules.pack import Pack
from recognition_rules.pack import parse as parse_pack

PAGE, SAVED_EVERY = 250, 8
Progress = Callable[[int, int], None]
"""Decisions tried, and how many there are."""


def _quiet(_done: int, _total: int) -> None:
    """Nobody watches."""


@dataclass(frozen=True, slots=True)
class Population:
    """Whom to try a draft on: those with a decision under any version of the pack, or (`books`) every living book.

    With `books` the programme must be named; `facts` are then assumed of everybody.
    """

    programme: str | None = None
    books: bool = False
    facts: Mapping[str, str | int | bool] | None = None


@dataclass(frozen=True, slots=True)
class ImpactRun:
    """The use case."""

    bank: Bank

    def run(
        self,
        draft: str,
        whom: Population | None = None,
        *,
        fresh: bool = False,
        jobs_at_once: int = 0,
        progress: Progress = _quiet,
    ) -> dict[str, Any]:
        """The report of a draft over a population; see `impact.report`.

        Raises PackInvalid with file and line; Refused `programme_needed`; Unavailable `worker_lost`.
        """
        pack, whom = parse_pack(draft), whom or Population()
        trial = self._trial(pack, whom)
        job = _job(pack, whom, trial)
        after, tally = self._resumed(job, fresh=fresh)
        total = self.bank.run(lambda tx: _size(tx, pack, whom))
        pages = self._pages(pack, whom, after)
        for number, (last, part) in enumerate(in_order(begin, (trial,), try_page, pages, jobs_at_once), 1):
            tally.add(part)
            if number % SAVED_EVERY == 0:
                self.bank.run(lambda tx, last=last: jobs.save(tx, job, last, tally.to_json()))  # type: ignore[misc]
            progress(tally.total, total)
        self.bank.run(lambda tx: jobs.done(tx, job))
        return {"pack": pack.identity(), "population": _described(whom), **report(tally, self._pseudonym)}

    def _trial(self, pack: Pack, whom: Population) -> Trial:
        texts = dict(shipped().values())
        if not whom.books:
            return Trial(pack.text, None, None, texts["units"], texts["levels"])
        if whom.programme is None:
            raise Refused("programme_needed", "Over all books a draft is tried for one programme: name it.")
        question = RecognitionRequest(
            pack.id, pack.version, whom.programme, self.bank.office.today(), learner=dict(whom.facts or {})
        )
        current = self.bank.run(lambda tx: _current(tx, pack, self.bank.office.today()))
        return Trial(pack.text, current, question.to_json(), texts["units"], texts["levels"])

    def _resumed(self, job: str, *, fresh: bool) -> tuple[After, Tally]:
        known = None if fresh else self.bank.run(lambda tx: jobs.progress(tx, job))
        if known is None or known.after_book is None or known.after_id is None:
            return START, Tally()
        return (known.after_book, known.after_id), Tally.from_json(known.state)

    def _pages(self, pack: Pack, whom: Population, after: After) -> Iterator[tuple[After, list[Case]]]:
        read = partial(_books, on=self.bank.office.today()) if whom.books else _decisions
        while True:
            start = after
            page = self.bank.run(lambda tx, start=start: read(tx, pack, whom, start))  # type: ignore[misc]
            if page is None:
                return
            yield page
            after = page[0]

    def _pseudonym(self, book: str) -> str:
        """The same for the same learner at this bank, and nobody else can tell who it is."""
        return "L-" + self.bank.office.vault.keyed_hash("impact", book).hex()[:12]


def _job(pack: Pack, whom: Population, trial: Trial) -> str:
    """The same only where the sums of a run that was stopped are those of this one: of the same question too."""
    told = json.dumps([_described(whom), trial.question, trial.current, trial.units, trial.levels], sort_keys=True)
    return f"impact:{hashlib.sha256((pack.digest + told).encode()).hexdigest()}"


def _described(whom: Population) -> dict[str, Any]:
    kind = "all books" if whom.books else "decisions of record"
    return {"of": kind, "programme": whom.programme, "facts": dict(whom.facts or {})}


def _size(tx: Transaction, pack: Pack, whom: Population) -> int:
    return population.count_books(tx) if whom.books else population.count_decisions(tx, pack.id, whom.programme)


def _current(tx: Transaction, pack: Pack, on: date) -> str | None:
    """The text of the version that is in force; None for a pack that is new. One that is only scheduled is not it."""
    newest = rules.newest_published(tx, pack.id, on)
    return newest.content if newest else None


def _decisions(tx: Transaction, pack: Pack, whom: Population, after: After) -> tuple[After, list[Case]] | None:
    rows = population.decisions(tx, after, PAGE, pack.id, whom.programme)
    if not rows:
        return None
    last = (rows[-1].book_id, rows[-1].recognition_id)
    return last, [_case(tx, pack, row) for row in rows]


def _case(tx: Transaction, pack: Pack, row: Any) -> Case:
    if row.content is not None:
        return Case(str(row.book_id), row.request, _asked(tx, pack, row.request, bytes(row.content)), row.outcome)
    stored = rules.recognition(tx, row.recognition_id)
    assert stored is not None
    content = _asked(tx, pack, row.request, found_again(tx, row.book_id, row.recognition_id).packed())
    return Case(str(row.book_id), row.request, content, json.dumps(outcome_of_result(stored.result)))


def _asked(tx: Transaction, pack: Pack, request: str, content: bytes) -> bytes:
    """The inputs of then, with what a draft asks of the registry beyond the rules of then."""
    if not asks_registry(pack):
        return content
    inputs, on = unpacked(content), date.fromisoformat(json.loads(request)["on"])
    return replace(inputs, awards=tuple(with_registry_facts(tx, pack, inputs.awards, on))).packed()


def _books(tx: Transaction, pack: Pack, _whom: Population, after: After, on: date) -> tuple[After, list[Case]] | None:
    rows = population.books(tx, after[0], PAGE)
    if not rows:
        return None
    last = (rows[-1].book_id, UUID(int=0))
    return last, [Case(str(row.book_id), None, None, None, _answered(tx, pack, row.awards, on)) for row in rows]


def _answered(tx: Transaction, pack: Pack, awards: Sequence[str], on: date) -> tuple[str, ...]:
    if not asks_registry(pack):
        return tuple(awards)
    found = with_registry_facts(tx, pack, [Award.from_json(json.loads(text)) for text in awards], on)
    return tuple(json.dumps(award.to_json(), ensure_ascii=False) for award in found)
