"""The engine's own words in a line of arithmetic, put into another language.

The arithmetic is part of a recognition's digest and is English in every recognition. The English sentences `sum.…`,
`because.…` and `range` are the patterns by which its words are found; the sentences of the same keys say them in the
reader's language.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from string import Formatter
from typing import Final

from recognition_rules.explain_words import words

Name = Callable[[str, str], str]
"""What a part of the sentence is called: from its place (`fact`, `level` …) and its text."""

_AMOUNT = r"-?\d[\d./]*(?: %)?"
_FIGURES: Final = ("x", "y", "z", "u", "amount", "share")
_PLACES: Final[Mapping[str, str]] = {
    "fact": "[A-Za-z_]+",
    "day": r"\d{4}-\d{2}-\d{2}",
    **dict.fromkeys(_FIGURES, "[^A-Za-z:]+?(?: to [^A-Za-z:]+?)?"),
}
_RANGE = re.compile(rf"(?P<low>{_AMOUNT}) to (?P<high>{_AMOUNT})")
_HOURS = re.compile(r"(?P<number>\([^()]*\)|\d[\d./]*) h(?![a-z])")
_SEVERAL: Final = ("levels", "needed", "answer")


def translated(text: str, language: str, name: Name) -> str:
    """A line of arithmetic or a cause in the reader's language; what is not known stays as it is."""
    return "; ".join(_part(part, words(language), name) for part in text.split("; "))


def _part(part: str, said: Mapping[str, str], name: Name) -> str:
    for key, pattern in _patterns():
        found = pattern.fullmatch(part)
        if found is not None:
            return said[key].format_map(
                {place: _place(place, text, said, name) for place, text in found.groupdict().items()}
            )
    return _sums(part, said)


def _place(place: str, text: str, said: Mapping[str, str], name: Name) -> str:
    if place == "sum":
        return _part(text, said, name)
    if place in _FIGURES:
        return _sums(text, said)
    if place in _SEVERAL and " or " in text:
        *most, last = (name(place, each) for each in text.split(" or "))
        return said["or"].format(first=", ".join(most), last=last)
    return name(place, text)


def _sums(text: str, said: Mapping[str, str]) -> str:
    """Ranges and hours inside a sum."""
    hours = _HOURS.sub(lambda found: said["hours"].format(number=found["number"]), text)
    return _RANGE.sub(lambda found: said["range"].format(low=found["low"], high=found["high"]), hours)


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    english = words("en")
    keys = [key for key in english if key.startswith(("sum.", "because."))]
    return tuple((key, re.compile("".join(_pieces(english[key])))) for key in keys)


def _pieces(sentence: str) -> Iterator[str]:
    for literal, place, _, _ in Formatter().parse(sentence):
        yield re.escape(literal)
        if place:
            yield f"(?P<{place}>{_PLACES.get(place, '.+?')})"
