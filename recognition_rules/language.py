"""Language maps: every text that a person reads, by BCP 47 tag."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeAlias

LanguageMap: TypeAlias = Mapping[str, str]

_TAG = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*", re.ASCII)

NOTHING: LanguageMap = MappingProxyType({})


def is_tag(text: str) -> bool:
    """Whether the text has the shape of a BCP 47 language tag."""
    return len(text) <= 40 and _TAG.fullmatch(text) is not None


def pick(texts: LanguageMap, language: str, otherwise: str = "") -> str:
    """The text in a language, else in its base language or another form of it, else English, else the first by tag."""
    base = language.split("-")[0]
    if language in texts or base in texts:
        return texts[language if language in texts else base]
    kin = [tag for tag in texts if tag.split("-")[0] == base]
    tag = min(kin, default="en" if "en" in texts else "und" if "und" in texts else min(texts, default=None))
    return texts[tag] if tag is not None else otherwise
