"""Reading members of a JSON object by type: what is absent is None, what has another type is refused by name."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from credentials.errors import LimitExceeded, MalformedCredential

MAX_CREDITS: Final = 100_000
_MAX_ITEMS: Final = 500

Object = Mapping[str, Any]


def wrong(member: str, problem: str) -> MalformedCredential:
    """The error for a member that has not the shape it must have."""
    return MalformedCredential("malformed_credential", "The member {member} {problem}.", member=member, problem=problem)


def text(source: Object, member: str) -> str | None:
    """The member as a string, or None where it is absent."""
    value = source.get(member)
    if isinstance(value, str):
        return value
    if member in source:
        raise wrong(member, "is not a string")
    return None


def required_text(source: Object, member: str) -> str:
    """The member as a string that is not empty."""
    value = text(source, member)
    if not value:
        raise wrong(member, "is missing")
    return value


def single(source: Object, member: str) -> Object | None:
    """The member as one object, or None where it is absent. A list raises `cardinality`."""
    value = source.get(member)
    if isinstance(value, list):
        raise MalformedCredential("cardinality", pointer=member)
    if member in source and not isinstance(value, dict):
        raise wrong(member, "is not an object")
    return value


def objects(source: Object, member: str) -> tuple[Object, ...]:
    """The member as objects: one object or a list of them; none where it is absent. At most 500."""
    values = items(source, member)
    for value in values:
        if not isinstance(value, dict):
            raise wrong(member, "holds something else than objects")
    return values


def texts(source: Object, member: str) -> tuple[str, ...]:
    """The member as strings: one string or a list of them; none where it is absent. At most 500."""
    values = items(source, member)
    for value in values:
        if not isinstance(value, str):
            raise wrong(member, "holds something else than strings")
    return values


def strings_of(source: Object, member: str) -> tuple[str, ...]:
    """The member as strings that are not empty: one or a list of them; none where it is absent."""
    values = texts(source, member)
    if not all(values):
        raise wrong(member, "is empty")
    return values


def of_type(source: Object, name: str) -> Object:
    """The object itself, unless it says that it is something else: RDF would let a part of another kind stand here."""
    stated = source.get("type")
    if stated not in (name, [name]) and "type" in source and name not in texts(source, "type"):
        raise wrong("type", "names another kind of object than stands here")
    return source


def items(source: Object, member: str) -> tuple[Any, ...]:
    """The member's values, whether it is written as one value or as a list. More than 500 raise `too_complex` (P26)."""
    value = source.get(member)
    if not isinstance(value, list):
        return (value,) if member in source else ()
    if len(value) > _MAX_ITEMS:
        raise LimitExceeded("too_complex", limit=_MAX_ITEMS, unit="values of one member")
    return tuple(value)


def credits_amount(source: Object, member: str) -> Fraction | None:
    """Credits, exactly as the shortest decimal text of the JSON number says; None where absent.

    Raises MalformedCredential: `cardinality` for a list, `credits_out_of_range` unless 0 < amount <= 100,000
    with at most three decimals (Open Badges 3.0 `creditsEarned`, `creditsAvailable`; `xsd:float` on the
    wire).
    """
    if member not in source:
        return None
    value = source[member]
    if isinstance(value, list):
        raise MalformedCredential("cardinality", pointer=member)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise wrong(member, "is not a number")
    amount = Fraction(Decimal(repr(value))) if value == value and abs(value) <= MAX_CREDITS else Fraction(0)
    if amount <= 0 or (amount * 1000).denominator != 1:
        raise MalformedCredential("credits_out_of_range")
    return amount
