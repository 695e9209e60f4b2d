"""Rule packs: proposed by one person, approved by another, in force from their day on, and never changed afterwards."""

from datetime import date
from functools import partial
from typing import Annotated, Any, Literal, TypeVar

from fastapi import APIRouter, Query, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool

from api.auth import Known, holding
from api.door import JSON, StrictRoute, media_type
from api.errors import BodyRefused
from api.requests import CREATED
from api.schemas.common import Name, Page
from api.schemas.rule_packs import NewRulePack, PackCheck, PackDifference, PackText, RulePack, RulePackContent
from api.services import Desk, Services
from creditbank.caller import Caller
from creditbank.rule_packs import Proposal
from creditbank.store import rows

T = TypeVar("T", bound=PackText)
router = APIRouter(route_class=StrictRoute, tags=["Rule packs"])
RuleWriter = Annotated[Caller, holding("rules:write")]
Retroactive = Annotated[bool, Query(description="Said by the second person, too, where the day lies in the past.")]


def _toml_body(shape: str) -> dict[str, Any]:
    forms = {JSON: {"schema": {"$ref": f"#/components/schemas/{shape}"}}, "text/plain": {"schema": {"type": "string"}}}
    return {"requestBody": {"required": True, "content": forms}}


@router.post(
    "/rule-packs",
    status_code=CREATED,
    operation_id="proposeRulePack",
    summary="Propose a version of a rule pack",
    openapi_extra=_toml_body("NewRulePack"),
)
async def propose(request: Request, caller: RuleWriter, desk: Desk) -> RulePack:
    """For administrators, and for institutions as to themselves. What is wrong is said with file and line.

    A case that fails keeps it a draft. Published versions never change (409).
    """
    asked = await _read(request, NewRulePack)
    work = partial(desk.rule_packs.propose, caller)
    return _shown(desk, await run_in_threadpool(lambda: work(_proposal(desk, asked, asked.in_force_from))))


@router.post(
    "/rule-packs/check",
    operation_id="checkRulePack",
    summary="Check a rule pack",
    openapi_extra=_toml_body("PackText"),
)
async def check(request: Request, caller: RuleWriter, desk: Desk) -> PackCheck:
    """What is wrong with it, in sentences with file and line, and whether its cases hold. Nothing is stored."""
    asked = await _read(request, PackText)
    if asked.base_id is None:
        return PackCheck.of(await run_in_threadpool(lambda: desk.rule_packs.check(asked.text(), asked.cases)))
    work = partial(desk.rule_packs.check_proposed, caller)
    return PackCheck.of(await run_in_threadpool(lambda: work(_proposal(desk, asked))))


def _proposal(desk: Services, asked: PackText, day: date | None = None) -> Proposal:
    """The proposal; what departs from a pack of the bank departs from the version in force on its day."""
    if asked.base_id is None or asked.base_version is not None:
        return asked.proposal()
    return asked.proposal(desk.lookups.newest_pack(asked.base_id, day or desk.bank.office.today()).version)


async def _read(request: Request, shape: type[T]) -> T:
    if media_type(request.headers) == JSON:
        found = await request.json()
    else:
        found = {"content": _text(await request.body())}
    try:
        return shape.model_validate(found)
    except ValidationError as error:
        raise RequestValidationError([{**one, "loc": ("body", *one["loc"])} for one in error.errors()]) from None


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        raise BodyRefused("malformed_text") from None


def _shown(desk: Services, row: rows.RulePack) -> RulePack:
    return RulePack.of(row, desk.rule_packs.state(row))


@router.get("/rule-packs", operation_id="listRulePacks", summary="Every version of every rule pack")
def list_packs(caller: Known, desk: Desk) -> Page[RulePack]:
    """With their states. What an institution drafts is shown to itself and the bank alone."""
    return Page(items=[_shown(desk, row) for row in desk.rule_packs.packs(caller)])


@router.get("/rule-packs/{pack_id}/{version}", operation_id="readRulePack", summary="One version of a rule pack")
def read_pack(
    pack_id: Name, version: Name, caller: Known, desk: Desk, *, form: Literal["toml", "json"] = "toml"
) -> RulePackContent:
    """With its text and its cases; `digest` is over the parsed form, which is the same in both forms."""
    row = desk.rule_packs.pack(caller, pack_id, version)
    return RulePackContent.whole(row, desk.rule_packs.state(row), as_json=form == "json")


@router.get(
    "/rule-packs/{pack_id}/{version}/diff/{other}",
    operation_id="diffRulePacks",
    summary="What another version says otherwise",
)
def diff(pack_id: Name, version: Name, other: Name, caller: Known, desk: Desk) -> PackDifference:
    """In words, rule by rule, from `version` to `other`."""
    return PackDifference.of(desk.rule_packs.diff(caller, pack_id, version, other))


@router.post(
    "/rule-packs/{pack_id}/{version}/approval",
    operation_id="publishRulePack",
    summary="Approve a rule pack that somebody else proposed",
)
def approve(
    pack_id: Name, version: Name, caller: RuleWriter, desk: Desk, *, retroactive: Retroactive = False
) -> RulePack:
    """For a second person. It is published into the log at once, and decisions rest on it from its day on."""
    return _shown(desk, desk.rule_packs.approve(caller, pack_id, version, retroactive=retroactive))


@router.post(
    "/rule-packs/{pack_id}/{version}/withdrawal",
    operation_id="withdrawRulePack",
    summary="Give up a version that was never published",
)
def withdraw(pack_id: Name, version: Name, caller: RuleWriter, desk: Desk) -> RulePack:
    """Its number stays taken."""
    return _shown(desk, desk.rule_packs.withdraw(caller, pack_id, version))
