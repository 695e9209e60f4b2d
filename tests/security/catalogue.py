"""The catalogue of attacks: what a case is, and what must hold of it at the bank's two doors for credentials."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from httpx2 import Response

from tests.api.http_world import Http, Speaker, refused
from tests.bank_world import OwnSigner, World
from tests.security.attacks import careless_token, differences, everything
from tests.security.foreign_network import ForeignNetwork
from tests.security.status_world import Seoul

VERIFY, DEPOSIT = "/v1/verify", "/v1/deposits"
ECHO = 40
"""So many characters of an input in an answer are an echo; an institution's registered DID is shorter."""
STATUS = {"too_large": 413}


class Effect(Enum):
    """What becomes of an input: the verdict, and what the counter does."""

    REFUSED = "invalid, and nothing at all is booked"
    UNDECIDED = "indeterminate, and nothing at all is booked"
    HELD = "indeterminate, and on record without any credits"
    WITHHELD = "valid, and on record without any credits"
    AT_THE_DOOR = "not even read, and nothing at all is booked"
    VALID = "valid: an honest input, or one in which the attack had no effect"


@dataclass
class Scene:
    """A bank behind HTTP, a school that signs for itself, and a network that counts who is asked."""

    http: Http
    signer: OwnSigner
    nist_signer: OwnSigner
    counter: Speaker
    seoul: Seoul

    @property
    def world(self) -> World:
        return self.http.world

    @property
    def network(self) -> ForeignNetwork:
        return self.seoul.network

    def signed(self, document: dict[str, Any], **header: Any) -> str:
        """A token with the school's real key over any document at all."""
        return careless_token(self.signer, document, **header)


@dataclass(frozen=True, slots=True)
class Case:
    """One input of one row, and its code: the verdict's, or that of a check that a valid answer carries.

    `asks` is how many connections are right, `held_as` the reason at the counter where it is not the verdict's code.
    """

    row: str
    name: str
    make: Callable[[Scene], bytes | str]
    code: str | None
    effect: Effect = Effect.REFUSED
    asks: int = 0
    media_type: str | None = None
    status: int | None = None
    held_as: str | None = None

    def __str__(self) -> str:
        return f"{self.row} {self.name}"


VERDICTS = {
    Effect.REFUSED: "invalid",
    Effect.UNDECIDED: "indeterminate",
    Effect.HELD: "indeterminate",
    Effect.WITHHELD: "valid",
    Effect.VALID: "valid",
}


def media_type_of(data: bytes) -> str:
    """The type under which an honest client would send such bytes."""
    starts = {b"\x89PNG": "image/png", b"%PDF": "application/pdf", b"<": "image/svg+xml", b"eyJ": "text/plain"}
    return next((found for start, found in starts.items() if data.startswith(start)), "application/vc+ld+json")


def hold(scene: Scene, case: Case) -> None:
    """Let the bank verify the input and take it in deposit, and hold it to all that the catalogue asks."""
    made = case.make(scene)
    data = made.encode("utf-8", "surrogatepass") if isinstance(made, str) else made
    media_type = case.media_type or media_type_of(data)
    scene.network.asked.clear()
    scene.network.dialled.clear()
    before = everything(scene.world)
    headers = {"Content-Type": media_type}
    verdict = scene.http.client.post(VERIFY, content=data, headers=headers)
    _check_verdict(case, verdict)
    assert everything(scene.world) == before, "a verification keeps nothing"
    if case.effect is not Effect.VALID:
        deposit = scene.counter.send(DEPOSIT, data, media_type)
        _check_deposit(case, deposit, differences(before, everything(scene.world)))
        _check_no_echo(case, data, verdict, deposit)
    assert len(scene.network.dialled) <= case.asks, scene.network.dialled
    assert case.asks or not scene.network.asked, scene.network.asked


def _check_verdict(case: Case, answer: Response) -> None:
    if case.effect is Effect.AT_THE_DOOR:
        refused(answer, case.status or 400, str(case.code))
        return
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found["verdict"] == VERDICTS[case.effect], _told(found)
    if case.effect is Effect.VALID and case.code:
        assert case.code in [check["code"] for check in found["checks"]], _told(found)
    elif case.effect is not Effect.WITHHELD:
        assert found["code"] == case.code, _told(found)


def _told(found: dict[str, Any]) -> str:
    return json.dumps([found["verdict"], found["code"], [c for c in found["checks"] if c["outcome"] != "passed"]])


def _check_deposit(case: Case, answer: Response, grown: dict[str, int]) -> None:
    if case.effect in (Effect.HELD, Effect.WITHHELD):
        assert answer.status_code == 201, answer.text
        assert (answer.json()["state"], answer.json()["reason"]) == ("held", case.held_as or case.code), answer.text
        assert (grown["deposit"], grown["leaf"]) == (1, 1)
        assert not grown.keys() & {"entry", "posting", "use"}, grown
        return
    status = 400 if case.effect is Effect.AT_THE_DOOR else STATUS.get(str(case.code), 422)
    refused(answer, case.status or status, str(case.code))
    assert grown == {}, "a refusal books nothing"


def _check_no_echo(case: Case, data: bytes, *answers: Response) -> None:
    """No answer gives back what was handed in; what a genuine signature covers is told of what is held."""
    if case.effect in (Effect.HELD, Effect.WITHHELD):
        return
    text = data[:300_000].decode("latin-1")
    given = {text[place : place + ECHO] for place in range(max(1, len(text) - ECHO + 1))}
    for answer in answers:
        said = answer.content.decode("latin-1")
        found = [said[place : place + ECHO] for place in range(len(said)) if said[place : place + ECHO] in given]
        assert not found, found[:3]
