"""The sentences of a verification report, as data in one file a language; which language to speak (BCP 47)."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, Final

LANGUAGES: Final = ("en", "zh-Hans", "ko", "hi")
DEFAULT: Final = "en"
_TABLES: Final = ("headlines", "outcomes", "labels", "counted", "fallback", "advice", "codes")
_LONGEST_HEADER: Final = 1_000
_RANGE: Final = re.compile(
    r"\s*([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*|\*)\s*(?:;\s*[qQ]=([01](?:\.\d{0,3})?)\s*)?", re.ASCII
)

# Where Chinese is written in simplified characters, though the tag leaves that unsaid (CLDR, likely subtags).
_SIMPLIFIED: Final = ("zh-cn", "zh-sg", "zh-my")
_WRITTEN_EITHER_WAY: Final = ("zh", "cmn")


@dataclass(frozen=True, slots=True)
class CheckWords:
    """A check's name for people, and what it means that the check passed."""

    title: str
    passed: str


@dataclass(frozen=True, slots=True)
class Sentences:
    """Everything that a report says in one language.

    `counted` are numbers of certificates by how they stand, `codes` by error code, `checks` by the name of the
    check, `advice` by the keys of `report_advice`.
    """

    language: str
    headlines: Mapping[str, str]
    outcomes: Mapping[str, str]
    labels: Mapping[str, str]
    counted: Mapping[str, str]
    fallback: Mapping[str, str]
    advice: Mapping[str, str]
    checks: Mapping[str, CheckWords]
    codes: Mapping[str, str]

    def words(self, name: str) -> CheckWords:
        """The words for a check, by its name; general ones for a check that has none of its own."""
        key = "other_proof" if name.startswith("proof_") and name.removeprefix("proof_").isdecimal() else name
        return self.checks.get(key) or CheckWords(self.fallback["title"], self.fallback["passed"])

    def of_code(self, code: str) -> str:
        """The sentence for a code; a general one for a code that has none."""
        return self.codes.get(code, self.fallback["code"])


@cache
def sentences(language: str) -> Sentences:
    """The sentences in one of LANGUAGES. Raises KeyError for any other; `choose_language` never gives one."""
    if language not in LANGUAGES:
        raise KeyError(language)
    data = _table(language)
    checks = {name: CheckWords(words["title"], words["passed"]) for name, words in data["checks"].items()}
    tables = {name: MappingProxyType(data[name]) for name in _TABLES}
    return Sentences(language=language, checks=MappingProxyType(checks), **tables)


def choose_language(preferred: Iterable[str]) -> str:
    """The first of the preferred tags that there are sentences for, shortened from the right (RFC 4647, 3.4)."""
    for tag in preferred:
        found = _lookup(tag.lower())
        if found is not None:
            return found
    return DEFAULT


def accepted_languages(header: str | None) -> list[str]:
    """The tags of an `Accept-Language` header, the most wanted first (RFC 9110, 12.5.4); the malformed are skipped."""
    wanted: list[tuple[float, str]] = []
    for item in (header or "")[:_LONGEST_HEADER].split(","):
        found = _RANGE.fullmatch(item)
        quality = float(found[2] or 1) if found else 0.0
        if found and found[1] != "*" and 0 < quality <= 1:
            wanted.append((quality, found[1]))
    return [tag for _, tag in sorted(wanted, key=lambda pair: -pair[0])]


def _lookup(tag: str) -> str | None:
    """RFC 4647, 3.4; simplified Chinese also under the tags that mean it."""
    known = {language.lower(): language for language in LANGUAGES} | dict.fromkeys(_SIMPLIFIED, "zh-Hans")
    if tag in _WRITTEN_EITHER_WAY:
        return known["zh-hans"]
    subtags = tag.split("-")
    while subtags:
        if "-".join(subtags) in known:
            return known["-".join(subtags)]
        subtags = subtags[:-1]
        if subtags and len(subtags[-1]) == 1:
            subtags = subtags[:-1]
    return None


def _table(language: str) -> dict[str, Any]:
    path = resources.files("credentials").joinpath("sentences", f"{language}.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))
