"""Judgements: what no rule can answer, answered and signed by a person."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from api.auth import Known, holding
from api.door import StrictRoute
from api.requests import CREATED, Once
from api.schemas.common import Page
from api.schemas.judgements import Judgement, NewSignedAnswer
from api.services import Desk
from creditbank.caller import Caller
from creditbank.judging import Judging

router = APIRouter(route_class=StrictRoute, tags=["Recognitions"])
Judge = Annotated[Caller, holding("judgements:write")]


@router.post("/judgements", status_code=CREATED, operation_id="judge", summary="Answer a question about an award")
def judge(body: NewSignedAnswer, caller: Judge, once: Once) -> Judgement:
    """For the bank, and for institutions as to learners whom they have taught.

    It is signed, kept for good, and taken by every later decision about the learner; a later answer follows it.
    """
    return Judgement.of(Judging(once.bank(Judgement.of)).judge(caller, body.learner, body.new()))


@router.get("/learners/{learner}/judgements", operation_id="listJudgements", summary="What people judged of a learner")
def judgements(learner: UUID, caller: Known, desk: Desk) -> Page[Judgement]:
    """Oldest first. An institution sees its own."""
    return Page(items=[Judgement.of(row) for row in Judging(desk.bank).of(caller, learner)])
