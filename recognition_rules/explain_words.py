"""The sentences of an explanation, by language: one for every reason code, status and requirement.

A fact in braces is filled in from the reason; one that is missing reads as nothing. Codes are the engine's and closed.
The sentences stand in `sentences/`, one file a language; a test holds their keys and facts equal. `pack_words.toml` has
words for what the packs that come with the program say in English only: legal bases, titles, questions.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

from recognition_rules.language import LanguageMap

LANGUAGES: Final[Mapping[str, str]] = {"en": "en", "ko": "ko", "zh": "zh-Hans", "hi": "hi"}
"""The file of each language by its primary subtag."""


def primary(language: str) -> str:
    """The primary subtag of a language tag, in lower case."""
    return language.split("-")[0].lower()


@cache
def words(language: str) -> Mapping[str, str]:
    """The sentences of a language tag such as `zh-CN`; those of English where there are none."""
    sentences: Mapping[str, str] = _read(LANGUAGES.get(primary(language), "en"))
    return sentences


@cache
def pack_words() -> Mapping[str, LanguageMap]:
    """What a text of a pack is called in other languages, by that text: an English sentence or a code."""
    return {each["text"]: each["as"] for each in _read("pack_words")["word"]}


def _read(name: str) -> Any:
    return tomllib.loads(files("recognition_rules.sentences").joinpath(f"{name}.toml").read_text("utf-8"))
