"""The sentences of an explanation, by language: one for every reason code, status and requirement.

A fact in braces is filled in from the reason; one that is missing reads as nothing. Codes are the engine's and closed.
The sentences stand in `sentences/`, one file a language; a test holds their keys and facts equal.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

LANGUAGES: Final[Mapping[str, str]] = {"en": "en", "ko": "ko", "zh": "zh-Hans", "hi": "hi"}
"""The file of each language by its primary subtag."""


@cache
def words(language: str) -> Mapping[str, str]:
    """The sentences of a language tag such as `zh-CN`; those of English where there are none."""
    name = LANGUAGES.get(language.split("-")[0].lower(), "en")
    return tomllib.loads(files("recognition_rules.sentences").joinpath(f"{name}.toml").read_text("utf-8"))
