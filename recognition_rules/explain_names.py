"""What things are called in the reader's language: rules, awards, courses, facts, questions, units, days.

Names come from the pack (titles, `[sources]`, `[classes]`, `[words]`), then from the sentences, then from the words
that come with the program. A code that nobody has named is shown as a few plain words.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final

from recognition_rules.amount_text import text_of_amount
from recognition_rules.canonical import Json
from recognition_rules.credits import display
from recognition_rules.explain_sums import translated
from recognition_rules.explain_words import pack_words, primary, words
from recognition_rules.korean_particles import with_particles
from recognition_rules.language import LanguageMap, pick
from recognition_rules.pack import Pack
from recognition_rules.programme import Requirement
from recognition_rules.reading.pack_text import read_text
from recognition_rules.rules.roundings import display_rounding

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MONTH = re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})")
_LEVEL = re.compile(r"(?P<framework>[a-z][a-z-]*) (?P<value>\d[\d./]*)")
_LENGTH = re.compile(r"(?P<number>\d+) (?P<what>years|months|days)")
_AWARDS: Final = frozenset({"award", "with", "about"})
_UNITS: Final = frozenset({"unit", "into"})
_PREFIXES: Final = ("learner:", "fact:")


class _Facts(dict[str, str]):
    """Facts of a sentence; one that is missing reads as nothing."""

    def __missing__(self, key: str) -> str:
        return ""


class Names:
    """One reader's language for one recognition; without a pack, ids and codes stand for themselves."""

    def __init__(self, language: str, pack: Pack | None, programme: str, awards: Mapping[str, LanguageMap]) -> None:
        self.language = language
        self.words = words(language)
        self.awards = awards
        self.named = named_in(pack) if pack else {}
        self.own = pack.words if pack else {}
        self.rules = titles_of_rules(pack, programme) if pack else {}
        self.display = display_rounding(pack, programme) if pack else None

    def say(self, key: str, facts: Mapping[str, str]) -> str:
        """A sentence with its facts filled in; of two forms divided by `|` the first is for one."""
        one, _, many = self.words.get(key, key).partition("|")
        amount = facts.get("amount", facts.get("number"))
        said = (one if not many or amount == "1" else many).format_map(_Facts(facts))
        return with_particles(said) if primary(self.language) == "ko" else said

    def pick(self, texts: LanguageMap, otherwise: str) -> str:
        """The text in the reader's language, be it only among the words that come with the program."""
        base = primary(self.language)
        if any(primary(tag) == base for tag in texts):
            return pick(texts, self.language)
        first = pick(texts, self.language, otherwise)
        return self._elsewhere(pack_words().get(first, {}), first)

    def _elsewhere(self, known: LanguageMap, text: str) -> str:
        """The reader's words for a text, if there are any; else English ones, else the text."""
        base = primary(self.language)
        mine = next((said for tag, said in known.items() if primary(tag) == base), None)
        return mine or known.get("en", text)

    def text(self, text: str) -> str:
        """A text that a pack has in one language only, such as a legal basis."""
        return self.pick({}, text)

    def award(self, award: str) -> str:
        """An award's title, else its id."""
        return self.pick(self.awards.get(award, {}), award)

    def rule(self, rule: str | None) -> str:
        """A rule's or requirement's title, else its id."""
        return self.pick(self.rules.get(rule or "", {}), rule or "")

    def fact(self, code: str) -> str:
        """What a fact or question is called; its name comes before a source or class of the same code."""
        for prefix in _PREFIXES:
            code = code.removeprefix(prefix)
        if code in self.own or f"fact.{code}" not in self.words:
            return self.code(code)
        return self.say(f"fact.{code}", {}).strip()

    def code(self, code: str) -> str:
        """What a class, source, list or course is called; a code that nobody has named, in plain words."""
        if code in self.named:
            return self.pick(self.named[code], code)
        plain = re.sub("(?<=[A-Za-z])[-_](?=[A-Za-z0-9])", " ", code)
        return self._elsewhere(pack_words().get(code, {}), plain)

    def shown(self, amount: Fraction) -> str:
        """The exact text, and a rounded one beside it where nobody reads a fraction at a glance."""
        text = text_of_amount(amount)
        if self.display is not None:
            rounded = text_of_amount(self.display.apply(amount))
            return text if rounded == text else f"{text} (≈{rounded})"
        return f"{text} (≈{display(amount)})" if "/" in text else text

    def credits(self, amount: Fraction, unit: str) -> str:
        """An amount with its unit, as people say it."""
        shown = self.shown(amount)
        if f"unit.{unit}" in self.words:
            return self.say(f"unit.{unit}", {"amount": shown})
        return f"{shown} {self.code(unit)}" if unit in self.named else f"{shown} {unit}"

    def unit(self, unit: str) -> str:
        """A unit by itself."""
        if f"unit.{unit}" not in self.words:
            return self.code(unit)
        return self.say(f"unit.{unit}", {"amount": ""}).strip()

    def day(self, text: str) -> str:
        """An ISO day as people write it."""
        day = date.fromisoformat(text)
        facts = {"year": str(day.year), "month": self.words[f"month.{day.month}"], "day": str(day.day)}
        return self.say("day", facts)

    def days_in(self, text: str) -> str:
        """A text with every ISO day in it as people write it."""
        return _DAY.sub(lambda found: self.day(found[0]), text)

    def sum(self, arithmetic: str) -> str:
        """A line of arithmetic with its words in the reader's language."""
        said = self.days_in(translated(arithmetic, self.language, self.value))
        return with_particles(said) if primary(self.language) == "ko" else said

    def value(self, name: str, value: Json) -> str:
        """A fact of a reason by its name: a title, a day, a level, a word."""
        if isinstance(value, list):
            return ", ".join(self.value(name, each) for each in value)
        if value is None:
            return "–"
        if isinstance(value, bool):
            return self.words["word.yes" if value else "word.no"]
        text = str(value)
        if name in _AWARDS:
            return self.award(text)
        return self.unit(text) if name in _UNITS else self._word(name, text)

    def _word(self, name: str, text: str) -> str:
        if text.startswith("at least "):
            return self.say("word.at_least", {"value": self._word(name, text.removeprefix("at least "))})
        if name in ("arithmetic", "because"):
            return self.sum(text)
        if f"word.{text}" in self.words:
            return self.words[f"word.{text}"]
        if name in ("period", "by", "key", "code", "issuer", "provider_root") and text not in self.named:
            return text
        return self._measure(name, text)

    def _measure(self, name: str, text: str) -> str:
        if _DAY.fullmatch(text):
            return self.day(text)
        length, month, level = _LENGTH.fullmatch(text), _MONTH.fullmatch(text), _LEVEL.fullmatch(text)
        if month and name == "session":
            return self.say("year_month", {"year": month["year"], "month": self.words[f"month.{int(month['month'])}"]})
        if length:
            return self.say(length["what"], {"number": length["number"]})
        return f"{level['framework'].upper()} {level['value']}" if level else self._code_or_text(name, text)

    def _code_or_text(self, name: str, text: str) -> str:
        if name == "framework":
            return text.upper()
        if name in ("fact", "question"):
            return self.fact(text)
        return text if not text.isascii() or not text[:1].islower() else self.code(text)


def named_in(pack: Pack) -> Mapping[str, LanguageMap]:
    """Everything that the pack gives a title or a word, by id or code."""
    return _named(pack.source_name, pack.text)


@lru_cache(maxsize=16)
def _named(source_name: str, text: str) -> Mapping[str, LanguageMap]:
    raw: dict[str, Any] = dict(read_text(text, name=source_name).raw)
    titles: dict[str, LanguageMap] = dict(_titles(raw))
    for table in ("sources", "classes", "words"):
        titles |= raw.get(table, {})
    return titles


def titles_of_rules(pack: Pack, programme_id: str) -> Mapping[str, LanguageMap]:
    """The title of every rule, and of every requirement of one programme, by id."""
    titles = {rule: head.title for rule, head in pack.rules().items()}
    programme = pack.programmes[programme_id]
    if programme.window:
        titles[programme.window.head.id] = programme.window.head.title
    for version in programme.versions:
        titles |= dict(_requirement_titles(version.require))
    return titles


def _requirement_titles(requirement: Requirement) -> Iterator[tuple[str, LanguageMap]]:
    yield requirement.id, requirement.title
    for part in getattr(requirement, "parts", ()):
        yield from _requirement_titles(part)


def _titles(value: Any) -> Iterator[tuple[str, LanguageMap]]:
    """Every table that has an id (or is a slot or test) and a title, wherever it stands; the outermost speaks last."""
    if isinstance(value, list):
        for each in value:
            yield from _titles(each)
    elif isinstance(value, dict):
        for each in value.values():
            yield from _titles(each)
        name = next((value[key] for key in ("id", "slot", "test", "code") if key in value), None)
        if isinstance(name, str) and isinstance(value.get("title"), dict):
            yield name, value["title"]
