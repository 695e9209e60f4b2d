"""Quotes: what would be recognised, signed and dated; found again by whom it was promised to, and by the bank."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from api.auth import Known, holding
from api.door import StrictRoute
from api.requests import CREATED, Cursor, Limit, Once, after_of, cursor_of
from api.routes.recognitions import Reader, asked_of
from api.schemas.common import Instant, Page, Tongue
from api.schemas.quotes import Exposure, ListedQuote, WholeQuote
from api.schemas.recognitions import HypotheticalAward, NewQuote, Quote
from api.services import Desk, Services
from creditbank.caller import Caller
from creditbank.quotes import Quotes
from creditbank.quotes_kept import KeptQuote, KeptQuotes
from recognition_rules.award import Award

router = APIRouter(route_class=StrictRoute, tags=["Recognitions"])
Asker = Annotated[Caller, holding("quotes:write")]
At = Annotated[Instant | None, Query(description="Those that hold at this instant; now if left out.")]


@router.post("/quotes", status_code=CREATED, operation_id="quote", summary="What would be recognised, signed and dated")
def quote(body: NewQuote, caller: Asker, desk: Desk, once: Once, *, language: Tongue = "en") -> Quote:
    """Nothing is booked; the quote is kept. Asked again, it is decided again."""
    home = desk.lookups.own_book(caller, body.learner) if body.learner else None
    awards = [_award(award) for award in body.awards]
    request = asked_of(desk, body, caller)
    return Quote.of(Quotes(once.bank(Quote.of)).quote(request, awards, home, body.valid_until, language))


def _award(award: HypotheticalAward) -> Award:
    return Award.from_json(award.model_dump(mode="json", by_alias=True, exclude_none=True))


def _listed(desk: Services, found: KeptQuote) -> ListedQuote:
    return ListedQuote.of(found, desk.bank.office.clock())


@router.get("/quotes", operation_id="listQuotes", summary="Quotes in the order of their issue")
def list_quotes(caller: Known, desk: Desk, limit: Limit = 50, cursor: Cursor = None) -> Page[ListedQuote]:
    """Those that one has asked for; for the bank everybody's."""
    found = KeptQuotes(desk.bank).asked(caller, after_of(cursor), limit)
    last = found[-1].quote if len(found) == limit else None
    following = cursor_of(last.issued_at.isoformat(), str(last.quote_id)) if last else None
    return Page(items=[_listed(desk, each) for each in found], next=following)


@router.get("/quotes/exposure", operation_id="readExposure", summary="What the bank has promised and not kept yet")
def exposure(caller: Known, desk: Desk, *, at: At = None) -> Page[Exposure]:
    """For administrators: by version of a pack, programme and institution, summed exactly."""
    return Page(items=[Exposure.of(found) for found in KeptQuotes(desk.bank).exposure(caller, at)])


@router.get("/quotes/{quote_id}", operation_id="readQuote", summary="One quote with the answer that it stands for")
def read_quote(quote_id: UUID, caller: Known, desk: Desk) -> WholeQuote:
    """For whom it is, for whoever asked for it, and for the bank."""
    found, answer = KeptQuotes(desk.bank).quote(caller, quote_id)
    return WholeQuote.of(found, desk.bank.office.clock(), recognition=answer)


@router.get("/learners/{learner}/quotes", operation_id="listQuotesOfLearner", summary="What a learner was promised")
def quotes_of_learner(learner: UUID, caller: Reader, desk: Desk) -> Page[ListedQuote]:
    """Oldest first; those that have run out too."""
    return Page(items=[_listed(desk, each) for each in KeptQuotes(desk.bank).of_learner(caller, learner)])
