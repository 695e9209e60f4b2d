"""Shapes that every part of the API uses. Requests refuse members that they do not know; credits are text, exact."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from fractions import Fraction
from functools import cache
from typing import Annotated, Any, Generic, Literal, TypeVar

from fastapi import Query
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from recognition_rules.credits import from_grains, render_amount

T = TypeVar("T")
D = TypeVar("D", bound=date)
FIRST_YEAR, LAST_YEAR = 1900, 2999


def _within(value: D) -> D:
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValueError("out of range")
    return value


def _utc(value: datetime) -> datetime:
    return _within(value).astimezone(UTC)


def _at_most(most: int, kind: str) -> Callable[[str], str]:
    """A check of an exact amount; what is more is refused as `kind`, for which `api.invalid` has a sentence."""

    def check(value: str) -> str:
        if Fraction(value) > most:
            raise PydanticCustomError(kind, "more than there can be")
        return value

    return check


def _no_controls(value: str) -> str:
    if any(character < " " or character == "\x7f" for character in value):
        raise ValueError("control characters")
    return value


Instant = Annotated[AwareDatetime, AfterValidator(_utc)]
"""An instant with an offset, between 1900 and 2999; given out in UTC."""
Day = Annotated[date, AfterValidator(_within)]
"""A day between 1900 and 2999."""
Line = Annotated[str, StringConstraints(min_length=1, max_length=1_000), AfterValidator(_no_controls)]
"""One line of text without control characters."""
Name = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,512}$")]
"""An identifier: visible ASCII characters, no spaces."""
IssuerId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$")]
"""An institution's id at this bank: lower-case letters, digits and hyphens."""
UnitId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]{0,19}(?:-[a-z0-9]{1,19}){0,4}$")]
"""A credit unit such as `ects`, `uk-cats` or `kr-credit`."""
Amount = Annotated[str, StringConstraints(pattern=r"^(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,15}|/[1-9][0-9]{0,11})?$")]
"""An exact amount as text: `3`, `4.5` or `20/3`. Never a JSON number, which could not hold it."""
Score = Annotated[Amount, AfterValidator(_at_most(100, "above_hundred"))]
"""A score out of 100."""
Share = Annotated[Amount, AfterValidator(_at_most(1, "above_whole"))]
"""A share between 0 and 1: 95 % is `0.95`."""
SignedAmount = Annotated[str, StringConstraints(pattern=r"^-?[0-9]+(?:\.[0-9]+|/[0-9]+)?$")]
LanguageTag = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,7}$")]
Paragraph = Annotated[str, StringConstraints(min_length=1, max_length=10_000)]
Texts = Annotated[dict[LanguageTag, Paragraph], Field(min_length=1, max_length=40)]
"""A text for people by language (BCP 47); `und` where the language is not stated."""
Format = Literal[
    "vc-jwt", "vc+jwt", "sd-jwt",
    "eddsa-rdfc-2022", "eddsa-jcs-2022", "ecdsa-rdfc-2019", "ecdsa-jcs-2019", "ecdsa-sd-2023",
]  # fmt: skip
"""How a badge is signed: as a token (1EdTech's profile, W3C's, with selective disclosure) or with an embedded proof."""
Tongue = Annotated[str, Query(max_length=35, description="Of what is for people: en, zh-Hans, ko, hi.")]
DepositState = Literal["credited", "held", "reversed", "suspended", "revoked", "superseded", "moved"]


def shown(*examples: Any) -> ConfigDict:
    """A shape's configuration with examples for the documentation."""
    return ConfigDict(json_schema_extra={"examples": list(examples)})


class Wire(BaseModel):
    """A shape on the wire. What is asked may hold only what is expected."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Page(Wire, Generic[T]):
    """One page of a list. Ask again with `cursor` for the next; null at the end."""

    items: list[T]
    next: str | None = None


class Identifier(Wire):
    """One way to recognise a learner. It is hashed under the bank's key at once and never stored in the clear."""

    model_config = shown({"type": "emailAddress", "value": "mina.kim@example.org"})

    type: Name
    value: Line


class Level(Wire):
    """A level in a qualification framework."""

    framework: Name
    value: Name


def credits_text(grains: int) -> str:
    """Grains as credits, exactly: a decimal where it ends, else as in `20/3`."""
    return render_amount(from_grains(grains))


@cache
def known_names() -> frozenset[str]:
    """The name of every member of every shape: what may be repeated in a problem."""
    pending, names = [Wire], set[str]()
    while pending:
        shape = pending.pop()
        names |= {field.alias or name for name, field in shape.model_fields.items()}
        pending.extend(shape.__subclasses__())
    return frozenset(names | {"cursor", "limit", "on", "known_at", "issuer", "Idempotency-Key"})
