"""Reading a pack's tables key by key: every key is known or refused, with its line and a plain sentence."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from fractions import Fraction

from recognition_rules.credits import parse_amount
from recognition_rules.errors import PackInvalid, RuleError
from recognition_rules.language import LanguageMap, is_tag
from recognition_rules.reading.pack_source import Source
from recognition_rules.reading.plain_text import is_version, why_no_name
from recognition_rules.reading.toml_lines import Path

_NAMES = ("id", "slot", "test")
"""Keys whose texts are names: others refer to them, and people see them in reasons."""

NONE_DECLARED = "(this pack declares none)"


@dataclass(slots=True)
class Node:
    """One table of the pack. Reading a key marks it as known; `done` refuses what nobody read."""

    values: Mapping[str, object]
    path: Path
    source: Source
    read: set[str] = field(default_factory=set)

    def fail(self, problem: str, key: str | int | None = None, code: str = "pack_invalid") -> PackInvalid:
        """The complaint about this table, or about one key of it; a key that is missing may be one misspelt."""
        if isinstance(key, str) and key not in self.values:
            near = get_close_matches(key, [each for each in self.values if each not in self.read], 1)
            if near:
                problem = f"'{near[0]}' is not known here; is '{key}' meant?"
                return self.source.invalid((*self.path, near[0]), problem, "unknown_key")
            problem = problem.replace(f"'{key}' must", f"'{key}' is missing: it must", 1)
        return self.source.invalid(self.path if key is None else (*self.path, key), problem, code)

    def has(self, key: str) -> bool:
        """Whether the key stands there; does not count as reading it."""
        return key in self.values

    def done(self) -> None:
        """Refuses keys that nothing has read (`unknown_key`)."""
        for key in self.values:
            if key not in self.read:
                known = ", ".join(sorted(self.read))
                raise self.fail(f"'{key}' is not known here; known are: {known}.", key, "unknown_key")

    def raw(self, key: str) -> object:
        """The value as parsed, or None."""
        self.read.add(key)
        return self.values.get(key)

    def text(self, key: str) -> str:
        """A text in quotes that must be there."""
        value = self.raw(key)
        if not isinstance(value, str) or not value.strip():
            raise self.fail(f"'{key}' must be a text in quotes.", key)
        why_not = why_no_name(value) if key in _NAMES else None
        if why_not:
            raise self.fail(f"'{key}' {why_not}.", key)
        return value

    def version(self) -> str:
        """The version of a pack, which stands in addresses: letters and digits with single signs between them."""
        value = self.text("version")
        if not is_version(value):
            problem = "'version' must be letters and digits with . - _ or + between them, such as 2026.1."
            raise self.fail(problem, "version")
        return value

    def text_or_none(self, key: str) -> str | None:
        """A text in quotes, or None where the key is absent."""
        if self.has(key):
            return self.text(key)
        self.read.add(key)
        return None

    def choice(self, key: str, allowed: Collection[str], default: str | None = None) -> str:
        """One of the named words."""
        if default is not None and not self.has(key):
            self.read.add(key)
            return default
        value = self.text(key) if self.has(key) else None
        if value is None or value not in allowed:
            raise self.fail(f"'{key}' must be one of: {', '.join(allowed) or NONE_DECLARED}.", key)
        return value

    def flag(self, key: str, *, default: bool | None = None) -> bool:
        """True or false."""
        value = self.raw(key)
        value = default if value is None else value
        if not isinstance(value, bool):
            raise self.fail(f"'{key}' must be true or false.", key)
        return value

    def day(self, key: str) -> date | None:
        """A local date without quotes (in JSON, which has no days, in quotes), or None where the key is absent."""
        value = self.raw(key)
        if isinstance(value, str) and self.source.days_are_texts:
            return self._day_in_text(key, value)
        if value is not None and not isinstance(value, date):
            raise self.fail(f"'{key}' must be a day such as 2026-09-01, without quotes.", key)
        return value

    def _day_in_text(self, key: str, text: str) -> date:
        try:
            day = date.fromisoformat(text)
        except ValueError:
            day = None
        if day is None or day.isoformat() != text:
            raise self.fail(f"'{key}' must be a day such as \"2026-09-01\".", key)
        self.source.days.add((*self.path, key))
        return day

    def whole(self, key: str) -> int:
        """A whole number from 0."""
        value = self.raw(key)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise self.fail(f"'{key}' must be a whole number from 0.", key)
        return value

    def number(self, key: str) -> Fraction:
        """An exact number from 0: `24`, `"9/2"` or `"4.5"`. A percentage is no number of credits."""
        found = exact(self.raw(key))
        if found is None:
            raise self.fail(f'\'{key}\' must be an exact number such as 24, "9/2" or "4.5".', key)
        return found

    def share(self, key: str) -> Fraction:
        """A part of a whole, from 0 to 1: `"25%"` or `"1/4"`."""
        value = self.raw(key)
        percent = isinstance(value, str) and value.endswith("%")
        found = exact(value.removesuffix("%")) if isinstance(value, str) else exact(value)
        found = found / 100 if found is not None and percent else found
        if found is None or found > 1:
            raise self.fail(f'\'{key}\' is a share of at most all: write "80%" or "4/5".', key)
        return found

    def words(self, key: str, allowed: Collection[str] | None = None) -> tuple[str, ...]:
        """A list of texts that is not empty."""
        value = self.raw(key)
        if not isinstance(value, list) or not value or not all(isinstance(word, str) for word in value):
            raise self.fail(f'\'{key}\' must be a list of texts such as ["a", "b"].', key)
        for index, word in enumerate(value):
            if allowed is not None and word not in allowed:
                problem = f"'{word}' is not one of: {', '.join(allowed) or NONE_DECLARED}."
                raise self.source.invalid((*self.path, key, index), problem)
        return tuple(value)

    def language_map(self, key: str, *, needed: bool = True) -> LanguageMap:
        """A text by language, such as `{ en = "…", ko = "…" }`."""
        value = self.raw(key)
        if value is None and not needed:
            return {}
        texts = list(value.values()) if isinstance(value, dict) else []
        good = bool(texts) and all(isinstance(text, str) and text.strip() for text in texts)
        if not good or not isinstance(value, dict) or not all(map(is_tag, value)):
            raise self.fail(f'\'{key}\' must give the text by language, such as {{ en = "…", ko = "…" }}.', key)
        return value

    def child(self, key: str) -> "Node":
        """The table below a key."""
        value = self.raw(key)
        if not isinstance(value, dict):
            raise self.fail(f"'{key}' must be a table such as {{ … }}.", key)
        return Node(value, (*self.path, key), self.source)

    def child_or_none(self, key: str) -> "Node | None":
        """The table below a key, or None where the key is absent."""
        if self.has(key):
            return self.child(key)
        self.read.add(key)
        return None

    def children(self, key: str) -> tuple["Node", ...]:
        """The tables of a list, empty where the key is absent."""
        value = self.raw(key)
        value = [] if value is None else value
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            raise self.fail(f"'{key}' must be a list of tables.", key)
        return tuple(Node(each, (*self.path, key, n), self.source) for n, each in enumerate(value))

    def checked(self, key: str, check: Callable[[str], object]) -> str:
        """A text that `check` accepts; its `RuleError` becomes a complaint at this line."""
        value = self.text(key)
        try:
            check(value)
        except RuleError as error:
            raise self.fail(error.message, key) from None
        return value


__all__ = ["Node", "Source", "exact"]


def exact(value: object) -> Fraction | None:
    """An exact number from 0 out of a pack: a whole number, or a fraction or decimal in quotes."""
    if isinstance(value, int) and not isinstance(value, bool):
        return Fraction(value) if value >= 0 else None
    if not isinstance(value, str):
        return None
    try:
        number = parse_amount(value)
    except RuleError:
        return None
    return number if number >= 0 else None
