"""Keys by which two awards are the same course, or may stand for each other."""

import unicodedata
from collections.abc import Mapping
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

_LANGUAGES = ("ko", "und", "en")
_PLAIN_LANGUAGES = ("en", "und")


def equivalence_key(award: Award, key: str) -> str | None:
    """The award's key, or None where it has nothing to derive it from: then it equals no other award."""
    if key == "achievement":
        return award.achievement
    if TOGETHER in key:
        found = [equivalence_key(award, each) for each in key.split(TOGETHER)]
        return None if None in found else TOGETHER.join(map(str, found))
    if key.startswith(_FACT) or key in _DAYS:
        value = getattr(award, key) if key in _DAYS else award.facts.get(key.removeprefix(_FACT))
        return None if value is None else str(value)
    return title_key(award.title, key)


def title_key(title: LanguageMap, key: str) -> str | None:
    """The key of a title: of its Korean text, else of that without a language, else English, else the first; the key
    `title` looks for English before the rest."""
    text = _wording(title, _PLAIN_LANGUAGES if key == "title" else _LANGUAGES)
    if not text:
        return None
    if key == "title":
        return plain_title(text)
    return titles.title_core(text) if key == "title-core" else titles.title_family(text)


def _wording(title: LanguageMap, wanted: tuple[str, ...]) -> str | None:
    """The text in the first of the languages that there is, else the first by its tag."""
    for tag in wanted:
        text = title.get(tag)
        if text is not None:
            return text
    return title[min(title)] if title else None


@lru_cache(maxsize=65_536)
def plain_title(text: str) -> str:
    """A title without regard to case, width, spaces and punctuation; one of signs only stays itself.

    Letters, marks and numbers of every script are kept (Unicode NFKC, casefold), so ordinals and accents divide.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    kept = "".join(letter for letter in folded if unicodedata.category(letter)[0] in "LMN")
    return kept or " ".join(folded.split())
