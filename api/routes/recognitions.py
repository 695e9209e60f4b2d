"""Decisions of record about a learner's credits."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from api.auth import holding
from api.door import StrictRoute
from api.requests import CREATED, Once
from api.schemas.recognitions import (
    Asked,
    Bundle,
    Explained,
    NewRecognition,
    Recognition,
    Trace,
)
from api.services import Desk, Services
from creditbank.caller import Caller
from creditbank.recognising import Recognising
from creditbank.transactions.recognition_request import RecognitionRequest

router = APIRouter(route_class=StrictRoute, tags=["Recognitions"])
Reader = Annotated[Caller, holding("learners:read")]
Decider = Annotated[Caller, holding("recognitions:write")]
Tongue = Annotated[str, Query(max_length=35, description="en, zh-Hans, ko, hi.")]


def asked_of(desk: Services, body: Asked, caller: Caller) -> RecognitionRequest:
    """The question as the bank takes it; without a version the one published last is meant."""
    today = desk.bank.office.today()
    version = body.pack_version or desk.lookups.newest_pack(body.pack_id, body.on or today).version
    return body.request(version, today, caller.client_id)


@router.post(
    "/recognitions",
    status_code=CREATED,
    operation_id="recognise",
    summary="Decide on a learner's credits, for the record",
)
def recognise(body: NewRecognition, caller: Decider, desk: Desk, once: Once) -> Recognition:
    """What counts is booked, and nothing counts twice. A refusal to recognise is a decision with reasons, not an error.

    An earlier decision on the same programme is undone and replaced.
    """
    bank = once.bank(Recognition.of)
    home = desk.lookups.own_book(caller, body.learner)
    request = asked_of(desk, body, caller)
    if body.quote is not None:
        request = desk.quotes.honoured(request, body.quote, home)
    return Recognition.of(Recognising(bank).recognise(home, request))


@router.get("/recognitions/{recognition_id}", operation_id="readRecognition", summary="One decision with its trace")
def read_recognition(recognition_id: UUID, caller: Reader, desk: Desk) -> Recognition:
    """Standing, replaced or withdrawn."""
    row, successor = desk.lookups.recognition(caller, recognition_id)
    return Recognition.of(row, successor, withdrawn=recognition_id in desk.lookups.withdrawn(row.book_id))


@router.get(
    "/recognitions/{recognition_id}/trace", operation_id="readTrace", summary="The steps of a decision, one by one"
)
def read_trace(recognition_id: UUID, caller: Reader, desk: Desk) -> Trace:
    """Rule, version, terms with their dates and legal basis, inputs, arithmetic. An appeal names one of these."""
    row, _ = desk.lookups.recognition(caller, recognition_id)
    return Trace(id=recognition_id, steps=row.result["steps"])


@router.get(
    "/recognitions/{recognition_id}/explanation", operation_id="explainRecognition", summary="A decision in sentences"
)
def explain(recognition_id: UUID, caller: Reader, desk: Desk, *, language: Tongue = "en") -> Explained:
    """Why each award counts or not, for the learner; told only of a decision that comes out the same again."""
    desk.lookups.recognition(caller, recognition_id)
    lines = Recognising(desk.bank).explained(recognition_id, language)
    return Explained(id=recognition_id, language=language, lines=lines)


@router.get(
    "/recognitions/{recognition_id}/bundle", operation_id="readBundle", summary="A decision with all that it rests on"
)
def read_bundle(recognition_id: UUID, caller: Reader, desk: Desk) -> Bundle:
    """Question, awards as they stood, pack, units and levels: `creditbank rules replay FILE` makes it again offline."""
    desk.lookups.recognition(caller, recognition_id)
    return Bundle.model_validate(Recognising(desk.bank).bundle(recognition_id).to_json())
