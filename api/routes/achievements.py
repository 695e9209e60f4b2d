"""What institutions offer: achievements with texts by language, credits, unit and level."""

from typing import Annotated

from fastapi import APIRouter

from api.auth import Known, holding
from api.door import StrictRoute
from api.requests import CREATED, Cursor, Limit, Once, cursor_of, place_of
from api.routes.issuers import IssuerPath
from api.schemas.common import Name, Page
from api.schemas.registry import Achievement, NewAchievement
from api.services import Desk
from credentials.open_badges import credits_number
from creditbank.caller import Caller
from creditbank.store import rows
from recognition_rules.credits import parse_amount

router = APIRouter(route_class=StrictRoute, tags=["Achievements"])
Author = Annotated[Caller, holding("achievements:write")]


@router.post(
    "/issuers/{issuer_id}/achievements",
    status_code=CREATED,
    operation_id="registerAchievement",
    summary="Register an achievement",
)
def register(issuer_id: IssuerPath, body: NewAchievement, caller: Author, desk: Desk, once: Once) -> Achievement:
    """It never changes afterwards: a new edition has an id of its own."""
    credits_number(parse_amount(body.credits))
    row = rows.Achievement(
        issuer_id=issuer_id, achievement_id=body.id, name=body.name, description=body.description,
        criteria=body.criteria, achievement_type=body.achievement_type, unit=body.unit, credits=body.credits,
        level_framework=body.level.framework if body.level else None,
        level_value=body.level.value if body.level else None, source_type=body.source_type,
        course_class=body.course_class, recorded_at=desk.bank.office.clock(),
    )  # fmt: skip
    return Achievement.of(once.administration(Achievement.of).register_achievement(caller, row))


@router.get(
    "/issuers/{issuer_id}/achievements", operation_id="listAchievements", summary="Achievements, in the order of ids"
)
def list_achievements(
    issuer_id: IssuerPath, caller: Known, desk: Desk, limit: Limit = 50, cursor: Cursor = None
) -> Page[Achievement]:
    """What the institution offers."""
    caller.confine_to_issuer(issuer_id)
    place = place_of(cursor)
    found = desk.administration.achievements(issuer_id, place[0] if place else "", limit + 1)
    following = cursor_of(found[limit - 1].achievement_id) if len(found) > limit else None
    return Page(items=[Achievement.of(row) for row in found[:limit]], next=following)


@router.get(
    "/issuers/{issuer_id}/achievements/{achievement_id:path}",
    operation_id="readAchievement",
    summary="One achievement",
)
def read_achievement(issuer_id: IssuerPath, achievement_id: Name, caller: Known, desk: Desk) -> Achievement:
    """By its id, percent-encoded."""
    caller.confine_to_issuer(issuer_id)
    return Achievement.of(desk.administration.achievement(issuer_id, achievement_id))
