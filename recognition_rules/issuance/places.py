"""Where something stands in a credential's JSON: member by member, through lists, past what a filter leaves out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Literal, TypeAlias

Form = Literal["text", "day", "country", "number"]
FORMS: tuple[Form, ...] = ("text", "day", "country", "number")
Step: TypeAlias = str | Mapping[str, str]
"""A member's name, or what the members of an object must be to go on with it."""

_NO_TEXT = ("@language", "@direction", "type", "@type", "id", "@id")


@dataclass(frozen=True, slots=True)
class Place:
    """Steps from the document down, and the form that a value there has."""

    steps: tuple[Step, ...]
    form: Form

    def __str__(self) -> str:
        return "".join(_shown(step) for step in self.steps).removeprefix(".")

    def values(self, document: Mapping[str, object]) -> Iterator[object]:
        """Every value at this place; lists on the way are walked through."""
        found: list[object] = [document]
        for step in self.steps:
            found = [value for each in found for value in _after(each, step)]
        yield from (value for each in found for value in _each(each))


def well_formed(value: object, form: Form) -> bool | None:
    """Whether a value has the form; None where there is nothing: null, blank text, an empty object."""
    if form == "number":
        return None if value is None else exact_number(value) is not None
    texts = tuple(texts_of(value))
    if not texts:
        return None
    if form == "text":
        return True
    return any(_is_day(text) if form == "day" else _is_country(text) for text in texts)


def texts_of(value: object) -> Iterator[str]:
    """The texts in a value: itself, a language map's, a value object's. Blank ones are none."""
    if isinstance(value, str) and value.strip():
        yield value
    elif isinstance(value, Mapping):
        yield from (text for key, each in value.items() if key not in _NO_TEXT for text in texts_of(each))
    elif isinstance(value, list | tuple):
        yield from (text for each in value for text in texts_of(each))


def exact_number(value: object) -> Fraction | None:
    """A JSON number above zero as it was written, at most fifteen digits; None for anything else, text too."""
    if isinstance(value, bool) or not isinstance(value, int | float | Fraction):
        return None
    if isinstance(value, float):
        written = repr(value)
        return Fraction(written) if written.replace(".", "").isdecimal() and value > 0 else None
    return Fraction(value) if value > 0 else None


def _shown(step: Step) -> str:
    if isinstance(step, str):
        return f".{step}"
    return "".join(f"[{name}={value}]" for name, value in step.items())


def _each(value: object) -> Iterator[object]:
    if isinstance(value, list):
        yield from (inner for each in value for inner in _each(each))
    else:
        yield value


def _after(value: object, step: Step) -> Iterator[object]:
    for each in _each(value):
        if not isinstance(each, Mapping):
            continue
        if isinstance(step, str):
            yield from (each[step],) if step in each else ()
        elif all(_is_among(wanted, each.get(name)) for name, wanted in step.items()):
            yield each


def _is_among(wanted: str, value: object) -> bool:
    return value == wanted or (isinstance(value, Sequence) and not isinstance(value, str) and wanted in value)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_country(text: str) -> bool:
    return len(text) == 2 and text.isascii() and text.isalpha() and text.isupper()
