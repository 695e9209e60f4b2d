"""One table of a pack with its place in the file, so that every complaint can point at it."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NoReturn

from recognition_rules.credits import parse_amount
from recognition_rules.errors import AmountMalformed, PackInvalid
from recognition_rules.reading.strict_toml import table_line


@dataclass(frozen=True, slots=True)
class TomlTable:
    """The values of a table, its file and line, and what a person would call it.

    Every reader below returns the value in its type or raises `PackInvalid` with a sentence a registrar can act on.
    """

    values: Mapping[str, object]
    file: str
    line: int | None
    what: str

    def refuse(self, problem: str, code: str = "pack_invalid") -> NoReturn:
        """Raise `PackInvalid` at this place."""
        raise PackInvalid(file=self.file, line=self.line, problem=f"{self.what}: {problem}", problem_code=code)

    def allow(self, keys: Set[str]) -> None:
        """Refuse every key that is not one of these."""
        unknown = sorted(set(self.values) - keys)
        if unknown:
            known = ", ".join(sorted(keys))
            self.refuse(f"the key {unknown[0]} is not known here; known are {known}.", "unknown_key")

    def text(self, key: str) -> str:
        """A text that is not blank."""
        value = self.values.get(key)
        if not isinstance(value, str) or not value.strip():
            self.refuse(f"{key} must be a text in quotes.")
        return value

    def choice(self, key: str, allowed: Sequence[str]) -> str:
        """One of the allowed words."""
        value = self.text(key)
        if value not in allowed:
            self.refuse(f"{key} must be one of {', '.join(allowed)}.")
        return value

    def flag(self, key: str) -> bool:
        """`true` or `false`; there is no default."""
        value = self.values.get(key)
        if not isinstance(value, bool):
            self.refuse(f"{key} must be true or false.")
        return value

    def day(self, key: str) -> date | None:
        """A local date, or None where the key is absent."""
        value = self.values.get(key)
        if value is not None and not isinstance(value, date):
            self.refuse(f"{key} must be a day such as 2026-09-01, without quotes.")
        return value

    def language_map(self, key: str) -> dict[str, str]:
        """A text by language tag."""
        value = self.values.get(key)
        if not isinstance(value, dict) or not value or not all(isinstance(each, str) for each in value.values()):
            self.refuse(f'{key} must give the text by language, such as {{ en = "…", ko = "…" }}.')
        return value

    def positive(self, value: object, key: str) -> Fraction:
        """An exact number above zero, written as a whole number or as text."""
        number = _number(value)
        if number is None or number <= 0:
            self.refuse(f'{key} must be a number above zero, such as 10 or "80/3".')
        return number

    def pair(self, key: str, example: str) -> tuple[object, object]:
        """A list of exactly two values."""
        value = self.values.get(key)
        if not isinstance(value, list) or len(value) != 2:
            self.refuse(f"{key} must be two values, such as {example}.")
        return value[0], value[1]

    def tables(self, key: str) -> list["TomlTable"]:
        """The tables of a list inside this one; none where the key is absent."""
        return [
            TomlTable(each, self.file, self.line, f"{self.what}, {key} {number}")
            for number, each in enumerate(self._list(key), 1)
        ]

    def top_tables(self, key: str, text: str) -> list["TomlTable"]:
        """The `[[key]]` tables (or the one `[key]`) of a whole file, each with the line of its header in `text`."""
        return [
            TomlTable(each, self.file, table_line(text, key, index), f"[[{key}]] {each.get('id', index + 1)}")
            for index, each in enumerate(self._list(key))
        ]

    def _list(self, key: str) -> list[dict[str, object]]:
        value = self.values.get(key, [])
        value = [value] if isinstance(value, dict) else value
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            self.refuse(f"{key} must be a list of tables.")
        return value


def _number(value: object) -> Fraction | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return Fraction(value)
    try:
        return parse_amount(value) if isinstance(value, str) else None
    except AmountMalformed:
        return None
