"""Group N of the catalogue: JSON, numbers, text and time, inside credentials and in every other body of a request."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.api.http_world import outcome
from tests.security.attacks import careless_proof
from tests.security.catalogue import Case, Effect, Scene
from tests.security.catalogue_jose import written
from tests.security.catalogue_proofs import everywhere

AMOUNT = '"creditsEarned":3'
JSON = "application/json"
VC = "application/vc+ld+json"


def spelt(spell: Callable[[str], str | bytes]) -> Callable[[Scene], str | bytes]:
    """A genuine badge, its text spelt otherwise."""

    def make(scene: Scene) -> str | bytes:
        body = json.dumps(json.loads(careless_proof(scene.signer, scene.signer.document())), separators=(",", ":"))
        assert AMOUNT in body
        return spell(body)

    return make


def amount(text: str) -> Callable[[Scene], str | bytes]:
    return spelt(lambda body: body.replace(AMOUNT, text, 1))


AMOUNTS: dict[str, tuple[str, str, str]] = {
    "a member twice": ("N01", f'{AMOUNT},"creditsEarned":300', "duplicate_json_key"),
    "twice by an escape": ("N01", f'{AMOUNT},"\\u0063reditsEarned":300', "duplicate_json_key"),
    "NaN": ("N02", '"creditsEarned":NaN', "malformed_number"),
    "Infinity": ("N02", '"creditsEarned":Infinity', "malformed_number"),
    "1e400": ("N02", '"creditsEarned":1e400', "malformed_number"),
    "2^53+1": ("N04", '"creditsEarned":9007199254740993', "out_of_range"),
    "2^63": ("N04", '"creditsEarned":9223372036854775808', "out_of_range"),
    "2^64": ("N04", '"creditsEarned":18446744073709551616', "out_of_range"),
    "4,000 digits": ("N04", f'"creditsEarned":{"9" * 4000}', "out_of_range"),
    "5,000 digits": ("N04", f'"creditsEarned":{"9" * 5000}', "out_of_range"),
    "100,001": ("N04", '"creditsEarned":100001', "credits_out_of_range"),
    "four decimals": ("N04", '"creditsEarned":0.0005', "credits_out_of_range"),
    "1e1000000": ("N05", '"creditsEarned":1e1000000', "malformed_number"),
    "1e-1000000": ("N05", '"creditsEarned":1e-1000000', "out_of_range"),
    "a text": ("N05", '"creditsEarned":"1e1000000"', "malformed_credential"),
}
AT_THE_DOOR = {"duplicate_json_key": 400, "malformed_number": 400, "out_of_range": 422, "too_deep": 400}


def cases() -> Iterator[Case]:
    """Every case of the group that is a credential handed in."""
    for name, (row, text, code) in AMOUNTS.items():
        yield Case(row, f"{name}, as a credential", amount(text), code, media_type=VC)
        if code in AT_THE_DOOR:
            door, status = Effect.AT_THE_DOOR, AT_THE_DOOR[code]
            yield Case(row, f"{name}, as JSON", amount(text), code, door, media_type=JSON, status=status)
    deep: Callable[[Scene], str] = lambda _: "[" * 100_000 + "]" * 100_000  # noqa: E731
    yield Case("N10", "100,000 levels", deep, "too_deep", media_type=VC)
    yield Case("N10", "100,000 levels at the door", deep, "too_deep", Effect.AT_THE_DOOR, media_type=JSON)
    yield from _encodings()
    early, late = "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"
    yield from everywhere("N13", "before all days", "validFrom", early, "out_of_range")
    yield from everywhere("N13", "after all days", "validUntil", late, "out_of_range")
    yield Case("N13", "exp 1e18", written(',"exp":1e18'), "out_of_range")
    yield from everywhere(
        "N14", "a date with a line feed", "validFrom", "2026-01-01T00:00:00Z\n", "malformed_credential"
    )


def _encodings() -> Iterator[Case]:
    texts: dict[str, Callable[[str], str | bytes]] = {
        "UTF-16": lambda body: body.encode("utf-16"),
        "UTF-16 without a mark": lambda body: body.encode("utf-16-le"),
        "UTF-32": lambda body: body.encode("utf-32"),
        "a byte order mark": lambda body: "\ufeff" + body,
        "Latin-1": lambda body: body.replace("Course", "Cours\u00e9", 1).encode("latin-1"),
    }
    for name, spell in texts.items():
        yield Case("N11", name, spelt(spell), "malformed_json", media_type=VC)
        yield Case("N11", f"{name} at the door", spelt(spell), "malformed_json", Effect.AT_THE_DOOR, media_type=JSON)
    for kind in ("application/evil+json", "application/json; charset=utf-16", "application/xml"):
        make = spelt(lambda body: body)
        yield Case("N11", kind, make, "unsupported_media_type", Effect.AT_THE_DOOR, media_type=kind, status=415)


@dataclass(frozen=True, slots=True)
class Request:
    """A body for `POST /v1/credentials` that must be refused, nothing booked and nothing given back."""

    row: str
    name: str
    body: str
    status: int
    code: str

    def __str__(self) -> str:
        return f"{self.row} {self.name}"


def with_credits(text: str) -> str:
    return json.dumps(outcome()).replace('"credits": "3"', f'"credits": {text}')


def requests() -> Iterator[Request]:
    """Outcomes to be signed, of which each holds something that no reader may guess at."""
    whole = json.dumps(outcome())
    yield Request("N01", "a member twice", whole[:-1] + ',"credits":"300"}', 400, "duplicate_json_key")
    yield Request("N01", "by an escape", whole[:-1] + ',"\\u0063redits":"300"}', 400, "duplicate_json_key")
    for text in ("NaN", "Infinity", "-Infinity", "1e400"):
        yield Request("N02", text, with_credits(text), 400, "malformed_number")
    for name, text in {"2^53+1": str(2**53 + 1), "2^64": str(2**64), "5,000 digits": "9" * 5000}.items():
        yield Request("N04", name, with_credits(text), 422, "out_of_range")
    wrong = ("100001", "-5", "0", "0.0005", "1e3", "9" * 4000, "1e1000000", "1e2000000", "٣", "3\\n", "+3", " 3", "03")
    for text in wrong:
        row = "N05" if "e" in text else "N14" if "n" in text else "N04"
        yield Request(row, f"credits {text[:12]!r}", with_credits(f'"{text}"'), 422, "")
    yield Request("N04", "a JSON number", with_credits("3"), 422, "invalid_request")
    yield Request("N10", "100,000 levels", with_credits("[" * 100_000), 400, "too_deep")


def bodies() -> dict[str, tuple[bytes, str, int, str]]:
    """Bodies that no route may read: the bytes, their type, and the refusal."""
    evil: dict[str, tuple[bytes, str, int, str]] = {
        "N01 a member twice": (b'{"a":1,"\\u0061":2}', JSON, 400, "duplicate_json_key"),
        "N02 NaN": (b'{"a":NaN}', JSON, 400, "malformed_number"),
        "N10 levels without end": (b"[" * 100_000, JSON, 400, "too_deep"),
        "N11 UTF-16": ('{"a":1}'.encode("utf-16"), JSON, 400, "malformed_json"),
        "N11 another kind of JSON": (b"{}", "application/evil+json", 415, "unsupported_media_type"),
    }
    return evil


Routes = list[tuple[str, dict[str, Any]]]


def json_routes(document: dict[str, Any]) -> Routes:
    """The addresses that take JSON by POST, by the service's own description."""
    return [
        (path, item["post"])
        for path, item in document["paths"].items()
        if JSON in item.get("post", {}).get("requestBody", {}).get("content", {})
    ]
