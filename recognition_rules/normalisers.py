"""Keys by which two awards are the same course, or may stand for each other."""

from collections.abc import Mapping
from typing import Final

from recognition_rules import titles
from recognition_rules.award import Award
from recognition_rules.language import LanguageMap

COARSENESS: Final[Mapping[str, int]] = {"achievement": 0, "title-core": 1, "title-family": 2}
"""The keys of equivalences, from the finest to the coarsest: equal finer keys imply equal coarser ones."""

NORMALISERS: Final[Mapping[str, str]] = {"kr-title": titles.VERSION}
"""The title normalisers a pack may name, and the version of each that this engine holds."""

_LANGUAGES = ("ko", "und", "en")


def equivalence_key(award: Award, key: str) -> str | None:
    """The award's key, or None where it has nothing to derive it from: then it equals no other award."""
    if key == "achievement":
        return award.achievement
    return title_key(award.title, key)


def title_key(title: LanguageMap, key: str) -> str | None:
    """The key of a title: of its Korean text, else of that without a language, else English, else the first."""
    text = next((title[tag] for tag in _LANGUAGES if tag in title), None)
    if text is None and title:
        text = title[min(title)]
    if not text:
        return None
    return titles.title_core(text) if key == "title-core" else titles.title_family(text)
