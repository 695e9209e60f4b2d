"""The transparency log for anybody: checkpoint, tiles and key as C2SP writes them; receipts for whom they concern."""

from typing import Annotated

from fastapi import APIRouter, Header, Path, Response

from api.auth import Perhaps
from api.door import StrictRoute
from api.errors import NotAuthenticated
from api.requests import DONE
from api.schemas.log import ReceiptView
from api.services import Desk
from creditbank.errors import NotFound
from creditbank.log.receipt import MEDIA_TYPE
from creditbank.log.tile import Tile

router = APIRouter(route_class=StrictRoute, tags=["Log"])
public_router = APIRouter(route_class=StrictRoute, tags=["Public documents"])
TEXT, BYTES = "text/plain; charset=utf-8", "application/octet-stream"
FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
NOW = {"Cache-Control": "no-cache"}
AS_TEXT = {DONE: {"content": {"text/plain": {"schema": {"type": "string"}}}}}
AS_BYTES = {DONE: {"content": {BYTES: {"schema": {"type": "string", "format": "binary"}}}}}
AS_RECEIPT = {DONE: {"model": ReceiptView, "content": {"text/plain": {"schema": {"type": "string"}}}}}


def checkpoint(desk: Desk) -> Response:
    """The signed head of the log (C2SP tlog-checkpoint): it covers everything that was acknowledged."""
    return Response(desk.bank.checkpoint(), headers=NOW, media_type=TEXT)


router.add_api_route(
    "/log/checkpoint", checkpoint, operation_id="readCheckpoint", summary="The log's checkpoint",
    response_class=Response, responses=AS_TEXT,  # type: ignore[arg-type]
)  # fmt: skip
for path in ("/checkpoint", "/log/checkpoint"):
    public_router.add_api_route(path, checkpoint, include_in_schema=False)


@router.get(
    "/log/key", operation_id="readLogKey", summary="The log's public key", response_class=Response,
    responses=AS_TEXT,  # type: ignore[arg-type]
)  # fmt: skip
def log_key(desk: Desk) -> Response:
    """As a vkey (C2SP signed-note): with it receipts check offline. Pin it from somewhere else than here."""
    publisher = desk.bank.publisher
    return Response(publisher.vault.log_verifier(publisher.origin).vkey + "\n", media_type=TEXT)


@public_router.get(
    "/log/tile/{place:path}", operation_id="readTile", summary="A tile of hashes, or a bundle of entries",
    response_class=Response, responses=AS_BYTES,  # type: ignore[arg-type]
)  # fmt: skip
def tile(place: Annotated[str, Path(max_length=100)], desk: Desk) -> Response:
    """C2SP tlog-tiles: `<level>/<index>[.p/<width>]`, or `entries/<index>[.p/<width>]`. Entries are commitments."""
    return Response(desk.lookups.tile(Tile.parse(f"tile/{place}")), headers=FOR_EVER, media_type=BYTES)


@router.get(
    "/receipts/{subject:path}", operation_id="readReceipt", summary="The receipt of a log entry",
    response_model=ReceiptView, responses=AS_RECEIPT,  # type: ignore[arg-type]
)  # fmt: skip
def receipt(
    subject: Annotated[str, Path(pattern=r"^[!-~]{1,600}$")],
    caller: Perhaps,
    desk: Desk,
    accept: Annotated[str, Header(description="`text/plain` for the receipt alone.")] = "application/json",
) -> Response:
    """By what it is about: a deposit, a recognition, `issuer:…`, `key:…`, `pack:…`. It checks offline.

    What is about nobody in person needs no token; else it is for the institution and the learner concerned.
    """
    if not desk.lookups.may_have_receipt(caller, subject):
        if caller is None:
            raise NotAuthenticated("token_missing")
        raise NotFound("receipt")
    found = desk.bank.receipt_of(subject)
    text = found.receipt.encode()
    if accept.startswith("text/plain"):
        return Response(text, headers={"Vary": "Accept"}, media_type=MEDIA_TYPE)
    view = ReceiptView(receipt=text.decode(), entry=found.entry.decode() if found.entry is not None else None)
    return Response(view.model_dump_json(), headers={"Vary": "Accept"}, media_type="application/json")
