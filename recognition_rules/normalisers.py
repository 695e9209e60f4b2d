"""Keys by which two awards are the same course, or may stand for each other."""

import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

from recognition_rules import titles
from recognition_rules.award import Award
from recognition_rules.language import LanguageMap

COARSENESS: Final[Mapping[str, int]] = {"achievement": 0, "title": 1, "title-core": 2, "title-family": 3}
"""The keys of equivalences, from the finest to the coarsest: equal finer keys imply equal coarser ones.

`title` is any language's title without regard to case, spaces and punctuation; the other two are of Korean subjects.
"""

NORMALISERS: Final[Mapping[str, str]] = {"kr-title": titles.VERSION, "plain-title": "1"}
"""The title normalisers a pack may name, and the version of each that this engine holds."""

TITLE_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "kr-title": ("title-core", "title-family"),
    "plain-title": ("title",),
}
"""The keys that each normaliser offers, the finest first: the one by which titles are the same."""

TOGETHER: Final = " + "
"""Between the parts of a key of several: awards are equal that are so in each of them."""
_FACT: Final = "fact:"
_DAYS: Final = ("started_on", "ended_on", "awarded_on")


def equivalence_key(award: Award, key: str) -> str | None:
    """The award's key, or None where it has nothing to derive it from: then it equals no other award."""
    return key_reader(key)(award)


@lru_cache(maxsize=1024)
def key_reader(key: str) -> Callable[[Award], str | None]:
    """What answers a key of an award, such as `title-core`, or `achievement + fact:area`."""
    if TOGETHER in key:
        readers = [key_reader(each) for each in key.split(TOGETHER)]
        return lambda award: _together([reader(award) for reader in readers])
    if key == "achievement":
        return lambda award: award.achievement
    if key in _DAYS:
        return lambda award: _text(getattr(award, key))
    if key.startswith(_FACT):
        name = key.removeprefix(_FACT)
        return lambda award: _text(award.facts.get(name))
    return lambda award: title_key(award.title, key)


def _together(found: list[str | None]) -> str | None:
    return None if None in found else TOGETHER.join(map(str, found))


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def title_key(title: LanguageMap, key: str) -> str | None:
    """The key of a title: of its Korean text, else of that without a language, else English, else the first; the key
    `title` looks for English before the rest."""
    normalised, wanted = _NORMALISED[key]
    for tag in wanted:
        text = title.get(tag)
        if text is not None:
            break
    else:
        text = title[min(title)] if title else None
    return normalised(text) if text else None


@lru_cache(maxsize=65_536)
def plain_title(text: str) -> str:
    """A title without regard to case, width, spaces and punctuation; one of signs only stays itself.

    Letters, marks and numbers of every script are kept (Unicode NFKC, casefold), so ordinals and accents divide.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    kept = "".join(letter for letter in folded if unicodedata.category(letter)[0] in "LMN")
    return kept or " ".join(folded.split())


_NORMALISED: Final[Mapping[str, tuple[Callable[[str], str], tuple[str, ...]]]] = {
    "title": (plain_title, ("en", "und")),
    "title-core": (titles.title_core, ("ko", "und", "en")),
    "title-family": (titles.title_family, ("ko", "und", "en")),
}
"""What makes each key of a title, and the languages in which the title is looked for first."""
