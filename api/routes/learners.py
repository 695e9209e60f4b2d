"""Learners: books opened, found, joined; their record, accounts and statements."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from api.auth import holding
from api.door import StrictRoute
from api.handed_in import plain
from api.requests import CREATED
from api.schemas.common import Day, Instant, Page, Tongue
from api.schemas.deposits import Deposit
from api.schemas.learners import (
    Accounts,
    Event,
    Learner,
    Lookup,
    Merge,
    Merged,
    NewIdentifiers,
    NewLearner,
    StatementView,
)
from api.schemas.recognitions import Recognition
from api.services import Desk, Services
from creditbank.caller import Caller

router = APIRouter(route_class=StrictRoute, tags=["Learners"])
Reader = Annotated[Caller, holding("learners:read")]
Writer = Annotated[Caller, holding("learners:write")]
On = Annotated[Day | None, Query(description="As earned by this day; today where it is left out.")]
KnownAt = Annotated[Instant | None, Query(description="As known at this instant; now where it is left out.")]


def _did_of(desk: Services, issuer: str | None) -> str | None:
    return desk.administration.issuer(issuer).did if issuer else None


@router.post("/learners", status_code=CREATED, operation_id="openLearner", summary="Open a learner's book")
def open_learner(body: NewLearner, caller: Writer, desk: Desk) -> Learner:
    """For administrators. An identifier that leads to another book is refused (409): then merge the two."""
    caller.need_administrator()
    profile = body.profile.model_dump(exclude_none=True)
    return Learner.of(desk.learners.open(plain(body.identifiers), _did_of(desk, body.issuer), profile))


@router.post("/learners/lookup", operation_id="findLearner", summary="The learner behind an identifier")
def find(body: Lookup, caller: Reader, desk: Desk) -> Learner:
    """For administrators. The identifier stands in the body and is not logged."""
    caller.need_administrator()
    return Learner.of(desk.learners.find(plain([body.identifier])[0], _did_of(desk, body.issuer)))


@router.get("/learners/{learner}", operation_id="readLearner", summary="One learner")
def read_learner(learner: UUID, caller: Reader, desk: Desk) -> Learner:
    """By her book; by a merged one too."""
    return Learner.of(desk.learners.learner(desk.lookups.own_book(caller, learner)))


@router.post("/learners/{learner}/identifiers", operation_id="addIdentifiers", summary="Add identifiers of a learner")
def add_identifiers(learner: UUID, body: NewIdentifiers, caller: Writer, desk: Desk) -> Learner:
    """For administrators. Adding one again changes nothing."""
    caller.need_administrator()
    did = _did_of(desk, body.issuer)
    return Learner.of(desk.learners.add_identifiers(learner, plain(body.identifiers), did))


@router.post("/learners/{learner}/merge", operation_id="mergeLearner", summary="Merge a learner's book into another")
def merge(learner: UUID, body: Merge, caller: Writer, desk: Desk) -> Merged:
    """For administrators. What costs credits needs a second one: 409 `merge_conflict`, then the same from another."""
    caller.need_administrator()
    outcome = desk.bank.merge(learner, body.into, caller.client_id)
    return Merged(
        learner=outcome.target, merged=outcome.source, deposits=outcome.moved, conflicts=list(outcome.conflicts)
    )


@router.get("/learners/{learner}/record", operation_id="readRecord", summary="Everything on a learner's record")
def record(learner: UUID, caller: Reader, desk: Desk, *, language: Tongue = "en") -> Page[Deposit]:
    """In order of arrival; what is held, and what was taken back, is part of it."""
    home = desk.lookups.own_book(caller, learner)
    return Page(items=[Deposit.of(stored, language) for stored in desk.learners.record(home)])


@router.get("/learners/{learner}/history", operation_id="readHistory", summary="What happened to a learner's deposits")
def history(learner: UUID, caller: Reader, desk: Desk) -> Page[Event]:
    """In order of time."""
    found = desk.learners.history(desk.lookups.own_book(caller, learner))
    names = Event.model_fields.keys()
    return Page(items=[Event.model_validate({name: event[name] for name in names}) for event in found])


@router.get("/learners/{learner}/accounts", operation_id="readAccounts", summary="A learner's balances as of a day")
def accounts(learner: UUID, caller: Reader, desk: Desk, on: On = None) -> Accounts:
    """By account and unit, exact."""
    home = desk.lookups.own_book(caller, learner)
    return Accounts.of(desk.bank.statement(home, on or desk.bank.office.today()))


@router.get("/learners/{learner}/statement", operation_id="readStatement", summary="A learner's statement as of a day")
def statement(learner: UUID, caller: Reader, desk: Desk, on: On = None, known_at: KnownAt = None) -> StatementView:
    """Balances and movements: as earned by `on`, and as the bank knew it at `known_at`."""
    home = desk.lookups.own_book(caller, learner)
    return StatementView.of(desk.bank.statement(home, on or desk.bank.office.today(), known_at))


@router.get(
    "/learners/{learner}/recognitions", operation_id="listRecognitions", summary="Every decision about a learner"
)
def list_recognitions(learner: UUID, caller: Reader, desk: Desk) -> Page[Recognition]:
    """Oldest first; those that were replaced too."""
    home = desk.lookups.own_book(caller, learner)
    found, gone = desk.learners.recognitions(home), desk.lookups.withdrawn(home)
    later = {row.replaces: row.recognition_id for row in found if row.replaces}
    shown = [(row, row.recognition_id) for row in found]
    return Page(items=[Recognition.of(row, later.get(name), withdrawn=name in gone) for row, name in shown])
