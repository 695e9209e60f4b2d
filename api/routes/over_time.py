"""Decisions over time: what a learner is told when one is made anew, and orders to decide the past anew."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from api.auth import holding
from api.door import StrictRoute
from api.requests import CREATED
from api.routes.recognitions import Reader, Tongue
from api.schemas.common import Name, Page
from api.schemas.over_time import NewRetroaction, Notice, Retroaction
from api.services import Desk
from creditbank.caller import Caller
from creditbank.reevaluation import Reevaluation

router = APIRouter(route_class=StrictRoute, tags=["Recognitions"])
RuleWriter = Annotated[Caller, holding("rules:write")]


@router.get(
    "/learners/{learner}/notices", operation_id="listNotices", summary="What was decided anew, and what it changed"
)
def notices(learner: UUID, caller: Reader, desk: Desk, *, language: Tongue = "en") -> Page[Notice]:
    """The newest first: why, before and after, in numbers and in sentences."""
    home = desk.lookups.own_book(caller, learner)
    return Page(items=[Notice.of(found) for found in Reevaluation(desk.bank).notices(home, language)])


@router.post(
    "/retroactions",
    status_code=CREATED,
    operation_id="proposeRetroaction",
    summary="Propose that a published version decide the past anew",
)
def propose(body: NewRetroaction, caller: RuleWriter, desk: Desk) -> Retroaction:
    """For administrators. It does nothing until a second one has approved it and the bank runs it."""
    return Retroaction.of(Reevaluation(desk.bank).propose(caller, body.pack_id, body.version, body.reason))


@router.post(
    "/retroactions/{pack_id}/{version}/approval",
    operation_id="approveRetroaction",
    summary="Approve that the past be decided anew",
)
def approve(pack_id: Name, version: Name, caller: RuleWriter, desk: Desk) -> Retroaction:
    """For a second administrator. `creditbank rules reevaluate` then does it, learner by learner."""
    return Retroaction.of(Reevaluation(desk.bank).approve(caller, pack_id, version))
