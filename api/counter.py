"""The counter: from a prepared deposit to the depositor's answer, through the gatherer. The hot path of the service."""

import asyncio

from starlette.responses import Response

from api.schemas.deposits import DepositResult
from api.services import Services
from creditbank.gather import Acknowledgement
from creditbank.transactions.prepared import PreparedDeposit

NEW, AGAIN = 201, 200


async def booked(desk: Services, item: PreparedDeposit) -> Acknowledgement:
    """Committed, logged and published. A caller who goes away takes nothing back: it is booked all the same."""
    return await asyncio.shield(asyncio.wrap_future(desk.gatherer.deposit(item)))


def result(acknowledgement: Acknowledgement) -> DepositResult:
    """What the depositor is told."""
    return DepositResult.of(acknowledgement.outcome, acknowledgement.receipt, discreet=acknowledgement.discreet)


def status(acknowledgement: Acknowledgement) -> int:
    """201 for a new deposit, 200 for one that is on record already."""
    return AGAIN if acknowledgement.outcome.repeated else NEW


def answer(acknowledgement: Acknowledgement) -> Response:
    """The answer to one deposit."""
    body = result(acknowledgement)
    headers = {"Location": f"/v1/deposits/{body.deposit_id}"}
    return Response(body.model_dump_json(), status(acknowledgement), headers, "application/json")
