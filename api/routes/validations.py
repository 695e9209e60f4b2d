"""A credential held against a framework's rules of issuance, by anybody, before or after it is issued."""

from collections.abc import Iterable
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from api.door import StrictRoute
from api.handed_in import RAW_BODY, HandedIn, handed_in
from api.schemas.common import Day, Name
from api.schemas.validations import Validations
from api.services import Desk, Services
from credentials.read import read
from credentials.report_sentences import accepted_languages, choose_language
from creditbank import issuance_rules
from creditbank.pack_kinds import ISSUANCE
from creditbank.table_packs import published

router = APIRouter(route_class=StrictRoute, tags=["Verification"])
Packs = Annotated[list[Name], Query(min_length=1, max_length=5, description="Such as `eu-microcredential`.")]


@router.post(
    "/validations",
    operation_id="validateCredential",
    summary="Hold a credential against rules of issuance",
    openapi_extra=RAW_BODY,
)
async def validate(
    request: Request,
    response: Response,
    desk: Desk,
    pack: Packs,
    on: Annotated[Day | None, Query(description="The day whose rules count; today if left out.")] = None,
    accept_language: Annotated[str | None, Header(description="The sentences' language: en, zh-Hans, ko, hi.")] = None,
) -> Validations:
    """Titles, credits, level and the elements that must be there, of a credential signed or not yet.

    No account is needed and nothing is kept. The signature is not looked at: that is what verification is for.
    """
    given = await handed_in(request)
    language = choose_language(accepted_languages(accept_language))
    response.headers.update({"Content-Language": language, "Vary": "Accept-Language"})
    day = on or desk.bank.office.clock().date()
    return await run_in_threadpool(_validated, desk, given, tuple(pack), day, language)


def _validated(desk: Services, given: HandedIn, names: Iterable[str], on: Day, language: str) -> Validations:
    document = read(given.data, given.media_type).document
    own = desk.bank.run(lambda tx: published(tx, ISSUANCE, names, on))
    found = issuance_rules.validations(names, document, on, own)
    told = [{**one.to_json(), "findings": issuance_rules.told(one, language)} for one in found]
    return Validations.model_validate({"validations": told})
