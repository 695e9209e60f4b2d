"""Quotes on record: a learner finds what she was promised, whoever asked finds it again, the bank knows what it owes.

A quote is kept as it was handed out, with the whole answer that it stands for. Nothing depends on that: whoever shows
the signed text is answered from its signature alone, as ever.
"""

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from itertools import groupby
from typing import Any
from uuid import UUID

from creditbank.bank import Bank
from creditbank.caller import Caller
from creditbank.errors import NotFound
from creditbank.store import Transaction, quotes, rows
from creditbank.store.quotes import Place, Promised, StoredQuote
from creditbank.transactions.judgements import hers
from creditbank.transactions.living import living_book
from recognition_rules.amount_text import total
from recognition_rules.canonical import canonical
from recognition_rules.credits import parse_amount


@dataclass(frozen=True, slots=True)
class KeptQuote:
    """A quote on record, and those decisions which kept it that the reader may see."""

    quote: StoredQuote
    kept_by: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Exposure:
    """What is promised under a version, towards a programme, at an institution, and not kept by a decision yet.

    `promised` is the exact sum of the `quotes` to learners, in `unit`; what `to_anybody` comes to, nobody can know.
    """

    pack_id: str
    pack_version: str
    programme: str
    institution: str | None
    unit: str
    quotes: int
    promised: Fraction
    to_anybody: int


@dataclass(frozen=True, slots=True)
class KeptQuotes:
    """The reading side of quotes."""

    bank: Bank

    def of_learner(self, caller: Caller, book: UUID) -> list[KeptQuote]:
        """What a learner was promised, from before a merger too, oldest first. Raises NotFound `learner_not_found`."""

        def work(tx: Transaction) -> list[KeptQuote]:
            home = living_book(tx, book)
            caller.confine_to_book(home)
            return _shown(tx, caller, quotes.in_books(tx, hers(tx, home)))

        return self.bank.run(work)

    def asked(self, caller: Caller, after: Place | None, limit: int) -> list[KeptQuote]:
        """What the caller asked for, or for the bank everybody, in the order of issue."""
        by = None if caller.role == "administrator" else caller.client_id
        return self.bank.run(lambda tx: _shown(tx, caller, quotes.page(tx, after, limit, by)))

    def quote(self, caller: Caller, quote_id: UUID) -> tuple[KeptQuote, dict[str, Any]]:
        """One quote and the whole answer that it stands for. Raises NotFound `quote_not_found`."""

        def work(tx: Transaction) -> tuple[KeptQuote, dict[str, Any]]:
            row = quotes.by_id(tx, quote_id)
            if row is None or not _sees(tx, caller, row):
                raise NotFound("quote")
            stored = StoredQuote(**row.model_dump(exclude={"recognition"}))
            return _shown(tx, caller, [stored])[0], json.loads(zlib.decompress(row.recognition))

        return self.bank.run(work)

    def exposure(self, caller: Caller, at: datetime | None = None) -> list[Exposure]:
        """What holds at an instant (None: now) of what the bank promised and has not kept yet. Raises Forbidden."""
        caller.need_administrator()
        moment = at or self.bank.office.clock()
        return exposure_of(self.bank.run(lambda tx: quotes.open_at(tx, moment)))


def exposure_of(found: Iterable[Promised]) -> list[Exposure]:
    """Quotes alike added up, exactly; `found` is in the order of pack, version, programme, institution, unit."""

    def what(each: Promised) -> tuple[str, str, str, str | None, str]:
        return each.pack_id, each.pack_version, each.programme, each.institution, each.unit

    return [_exposure(key, list(alike)) for key, alike in groupby(found, what)]


def _exposure(what: tuple[str, str, str, str | None, str], alike: Sequence[Promised]) -> Exposure:
    to_learners = [each for each in alike if not each.to_anybody]
    promised = total(each.quotes * parse_amount(each.promised) for each in to_learners)
    number, offers = sum(each.quotes for each in to_learners), sum(each.quotes for each in alike if each.to_anybody)
    return Exposure(*what, number, promised, offers)


def _sees(tx: Transaction, caller: Caller, row: rows.Quote) -> bool:
    if caller.role == "administrator" or row.asked_by == caller.client_id:
        return True
    return row.book_id is not None and _is_hers(tx, caller, row.book_id)


def _is_hers(tx: Transaction, caller: Caller, book: UUID) -> bool:
    return caller.role == "learner" and caller.book_id == living_book(tx, book)


def _shown(tx: Transaction, caller: Caller, found: Sequence[StoredQuote]) -> list[KeptQuote]:
    kept = quotes.kept_by(tx, [each.quote_id for each in found])
    return [KeptQuote(each, _visible(tx, caller, kept.get(each.quote_id, ()))) for each in found]


def _visible(tx: Transaction, caller: Caller, decisions: Iterable[tuple[UUID, UUID]]) -> tuple[UUID, ...]:
    """Of the decisions that kept a quote those about the caller herself; the bank sees all."""
    everybody = caller.role == "administrator"
    return tuple(name for name, book in decisions if everybody or _is_hers(tx, caller, book))


def packed(answer: Mapping[str, Any]) -> bytes:
    """The canonical bytes of a whole answer, compressed."""
    return zlib.compress(canonical(answer), 6)
