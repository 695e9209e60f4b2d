"""Rule packs: proposed by one administrator, published by another, and never changed afterwards."""

from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool

from api.auth import Known, holding
from api.door import JSON, StrictRoute, media_type
from api.errors import BodyRefused
from api.requests import CREATED
from api.schemas.common import Name, Page
from api.schemas.recognitions import NewRulePack, RulePack, RulePackContent
from api.services import Desk
from creditbank.caller import Caller

router = APIRouter(route_class=StrictRoute, tags=["Rule packs"])
RuleWriter = Annotated[Caller, holding("rules:write")]
TOML_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            JSON: {"schema": {"$ref": "#/components/schemas/NewRulePack"}},
            "text/plain": {"schema": {"type": "string"}},
        },
    }
}


@router.post(
    "/rule-packs",
    status_code=CREATED,
    operation_id="proposeRulePack",
    summary="Propose a version of a rule pack",
    openapi_extra=TOML_BODY,
)
async def propose(request: Request, caller: RuleWriter, desk: Desk) -> RulePack:
    """For administrators. What is wrong with it is said with file and line; published versions never change (409)."""
    content = await _content(request)
    return RulePack.of(await run_in_threadpool(desk.administration.propose_pack, caller, content))


async def _content(request: Request) -> str:
    if media_type(request.headers) == JSON:
        try:
            return NewRulePack.model_validate(await request.json()).content
        except ValidationError as error:
            raise RequestValidationError([{**one, "loc": ("body", *one["loc"])} for one in error.errors()]) from None
    try:
        return (await request.body()).decode("utf-8")
    except UnicodeDecodeError:
        raise BodyRefused("malformed_text") from None


@router.get("/rule-packs", operation_id="listRulePacks", summary="Every version of every rule pack")
def list_packs(_caller: Known, desk: Desk) -> Page[RulePack]:
    """Published, or proposed and awaiting a second person."""
    return Page(items=[RulePack.of(row) for row in desk.administration.packs()])


@router.get("/rule-packs/{pack_id}/{version}", operation_id="readRulePack", summary="One version of a rule pack")
def read_pack(pack_id: Name, version: Name, _caller: Known, desk: Desk) -> RulePackContent:
    """With its content; `digest` is over the parsed form."""
    return RulePackContent.of(desk.administration.pack(pack_id, version))


@router.post(
    "/rule-packs/{pack_id}/{version}/approval",
    operation_id="publishRulePack",
    summary="Publish a rule pack that somebody else proposed",
)
def approve(pack_id: Name, version: Name, caller: RuleWriter, desk: Desk) -> RulePack:
    """For a second administrator. From now on decisions may rest on it."""
    return RulePack.of(desk.administration.publish_pack(caller, pack_id, version))
