"""Texts for people as language maps: BCP 47 tag -> text; a text without a stated language stands under `und`."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeAlias

from credentials.errors import MalformedCredential
from credentials.members import wrong

LanguageMap: TypeAlias = Mapping[str, str]

UNDETERMINED: Final = "und"
_TAG: Final = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,7}", re.ASCII)
_VALUE_MEMBERS: Final = {"@value", "@language", "@direction"}


def language_map(value: Any, member: str, language: str = UNDETERMINED) -> dict[str, str]:
    """The texts of a member: a string, or language value objects as VC Data Model 2.0 (section 11.1) writes them.

    A plain string is taken to be in `language`. Raises MalformedCredential: `malformed_credential`,
    `malformed_language_tag`, `cardinality` for two texts in one language.
    """
    if isinstance(value, str):
        return {language: value}
    values = value if isinstance(value, list) else [value]
    texts = [_language_value(item, member, language) for item in values]
    return merged(texts, member)


def merged(texts: Iterable[tuple[str, str]], member: str) -> dict[str, str]:
    """Tag and text pairs as one map; each language may occur once."""
    pairs = list(texts)
    result = dict(pairs)
    if len(result) != len(pairs):
        raise MalformedCredential("cardinality", pointer=member)
    return result


def language_tag(tag: object, member: str) -> str:
    """The tag in its one spelling, if it is formed as BCP 47 asks; raises MalformedCredential `malformed_language_tag`.

    Capitals mean nothing in a tag, and a signature over RDF does not cover them.
    """
    if not isinstance(tag, str) or not _TAG.fullmatch(tag):
        raise MalformedCredential("malformed_language_tag", pointer=member)
    first, *others = tag.lower().split("-")
    return "-".join([first, *map(_conventional, others)])


def primary(texts: LanguageMap, preferred: str | None = None) -> str:
    """The tag of the text to show first: the preferred language, else `und`, else English, else the first by name."""
    for tag in (preferred, UNDETERMINED, "en"):
        if tag is not None and tag in texts:
            return tag
    return min(texts)


def _conventional(subtag: str) -> str:
    """A subtag as RFC 5646 (2.1.1) writes it: scripts with a capital, countries in capitals, the rest small."""
    if len(subtag) == 4 and subtag.isalpha():
        return subtag.title()
    return subtag.upper() if len(subtag) == 2 and subtag.isalpha() else subtag


def _language_value(item: Any, member: str, language: str) -> tuple[str, str]:
    if isinstance(item, str):
        return language, item
    if not isinstance(item, dict) or not item.keys() <= _VALUE_MEMBERS or not isinstance(item.get("@value"), str):
        raise wrong(member, "is not a text")
    tag = language_tag(item["@language"], member) if "@language" in item else language
    return tag, item["@value"]
