"""Appeals: the learner objects to one step of a decision; two people who had no part in it answer."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from api.auth import Known, holding
from api.door import StrictRoute
from api.requests import CREATED, Cursor, Limit, Once, after_of, cursor_of
from api.schemas.appeals import Appeal, Assignment, NewAppeal, SecondView, View
from api.schemas.common import Page
from api.services import Desk, Services
from creditbank.appealing import Appealing
from creditbank.caller import Caller
from creditbank.transactions.appeals import Case

router = APIRouter(route_class=StrictRoute, tags=["Appeals"])
Objector = Annotated[Caller, holding("appeals:write")]
Reviewer = Annotated[Caller, holding("appeals:review")]
Tongue = Annotated[str, Query(max_length=35, description="Of `message`: en, zh-Hans, ko, hi.")]


def _shown(desk: Services, found: Case, language: str = "en") -> Appeal:
    return Appeal.of(found, language, desk.bank.office.today())


@router.post("/appeals", status_code=CREATED, operation_id="openAppeal", summary="Object to one step of a decision")
def open_appeal(body: NewAppeal, caller: Objector, desk: Desk, once: Once) -> Appeal:
    """For the learner, an institution that has taught her, or the bank on her behalf."""
    bank = once.bank(lambda found: _shown(desk, found))
    return _shown(desk, Appealing(bank).open(caller, body.objection()))


@router.get("/appeals", operation_id="listAppeals", summary="Appeals in the order of their opening")
def list_appeals(
    caller: Known, desk: Desk, limit: Limit = 50, cursor: Cursor = None, *, language: Tongue = "en"
) -> Page[Appeal]:
    """One's own; for the bank everybody's."""
    found = Appealing(desk.bank).cases(caller, after_of(cursor), limit)
    last = found[-1].appeal if len(found) == limit else None
    following = cursor_of(last.opened_at.isoformat(), str(last.appeal_id)) if last else None
    return Page(items=[_shown(desk, each, language) for each in found], next=following)


@router.get("/appeals/{appeal_id}", operation_id="readAppeal", summary="One appeal as it stands")
def read_appeal(appeal_id: UUID, caller: Known, desk: Desk, *, language: Tongue = "en") -> Appeal:
    """With the step objected to, what has happened since, and the signed outcome."""
    return _shown(desk, Appealing(desk.bank).case(caller, appeal_id), language)


@router.post("/appeals/{appeal_id}/assignment", operation_id="assignAppeal", summary="Name who judges first")
def assign(appeal_id: UUID, body: Assignment, caller: Reviewer, desk: Desk) -> Appeal:
    """A reviewer of the bank who neither had the decision made nor objected to it."""
    return _shown(desk, Appealing(desk.bank).assign(caller, appeal_id, body.reviewer))


@router.post("/appeals/{appeal_id}/view", operation_id="giveView", summary="Give the first reviewer's view")
def give_view(appeal_id: UUID, body: View, caller: Reviewer, desk: Desk) -> Appeal:
    """Nothing changes until a second reviewer agrees."""
    return _shown(desk, Appealing(desk.bank).propose(caller, appeal_id, body.view()))


@router.post("/appeals/{appeal_id}/second-view", operation_id="giveSecondView", summary="Agree with the first, or not")
def give_second_view(appeal_id: UUID, body: SecondView, caller: Reviewer, desk: Desk) -> Appeal:
    """Agreed, the outcome is signed and logged; upheld, a new decision takes the old one's place at once."""
    desk_of_appeals = Appealing(desk.bank)
    act = desk_of_appeals.agree if body.agrees else desk_of_appeals.disagree
    return _shown(desk, act(caller, appeal_id, body.text))


@router.post("/appeals/{appeal_id}/withdrawal", operation_id="withdrawAppeal", summary="Let an objection go")
def withdraw(appeal_id: UUID, caller: Objector, desk: Desk) -> Appeal:
    """For whoever opened it."""
    return _shown(desk, Appealing(desk.bank).withdraw(caller, appeal_id))
