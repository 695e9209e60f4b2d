"""The trust registry's public question: may this issuer award this, on this day? Apart from every signature."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from api.door import StrictRoute
from api.errors import ValueRefused
from api.schemas.common import Name
from api.schemas.trust_registry import AccreditationAnswer
from api.services import Desk
from creditbank.accreditation import Asked

router = APIRouter(route_class=StrictRoute, tags=["Issuers"])


@router.get(
    "/accreditations/answer",
    operation_id="askAccreditation",
    summary="May this issuer award this, at this level, on this day?",
)
def ask(
    desk: Desk,
    issuer: Annotated[Name, Query(description="Its DID or address as in credentials, or its id at this bank.")],
    on: Annotated[date | None, Query(description="The day that it was awarded. Default: today.")] = None,
    achievement: Annotated[Name | None, Query(description="The achievement's id.")] = None,
    level_framework: Annotated[Name | None, Query(description="With `level_value`: the level.")] = None,
    level_value: Annotated[Name | None, Query()] = None,
    unit: Annotated[Name | None, Query(description="The unit of the credits. Without it any unit will do.")] = None,
) -> AccreditationAnswer:
    """No account is needed. The answer names the accreditation that it rests on, or all that stands in the way."""
    if (level_framework is None) != (level_value is None):
        raise ValueRefused("level_incomplete")
    level = (level_framework, level_value) if level_framework and level_value else None
    day = on or desk.bank.office.today()
    return AccreditationAnswer.of(desk.bank.accredited(Asked(issuer, day, achievement, level, unit)))
