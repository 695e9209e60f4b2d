"""Levels of qualification frameworks: many-to-one maps that give sets, and a minimum test with three answers.

SCQF 9 and 10 are both EQF 6, so a map has no inverse and nothing here ever derives one: from EQF 6 the table may
*say* that SCQF is 9 or 10, and a minimum of SCQF 10 is then neither met nor failed but a matter of judgement.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from recognition_rules.credits import exact, is_id, parse_amount, render_amount
from recognition_rules.errors import AmountMalformed, LevelMalformed, LevelsDiffer
from recognition_rules.language import LanguageMap
from recognition_rules.truth import Truth
from recognition_rules.units import Provenance

HIGHEST = 20
LevelReason = Literal["LEVEL_BELOW", "LEVEL_STRADDLES", "FACT_MISSING"]


@dataclass(frozen=True, slots=True)
class Level:
    """A level of a framework, such as `Level("ncrf", Fraction("5.5"))`: whole or half, from 0 to 20.

    Text is not a number: `Level("eqf", "6")` is a `TypeError`, use `Level.parse`. Raises `LevelMalformed`.
    """

    framework: str
    value: Fraction

    def __post_init__(self) -> None:
        value = exact(self.value)
        if not 0 <= value <= HIGHEST or value.denominator > 2 or not is_id(self.framework):
            raise LevelMalformed(lowest=0, highest=HIGHEST)
        object.__setattr__(self, "value", value)

    @classmethod
    def parse(cls, framework: str, text: str) -> "Level":
        """The level from its text, such as `10` or `5.5`; raises `LevelMalformed`."""
        try:
            return cls(framework, parse_amount(text))
        except AmountMalformed:
            raise LevelMalformed(lowest=0, highest=HIGHEST) from None

    def __lt__(self, other: "Level") -> bool:
        return self.value < self._value_of(other)

    def __le__(self, other: "Level") -> bool:
        return self.value <= self._value_of(other)

    def __str__(self) -> str:
        return f"{self.framework} {render_amount(self.value)}"

    def _value_of(self, other: object) -> Fraction:
        if not isinstance(other, Level):
            raise TypeError(f"a level cannot be compared with {type(other).__name__}")
        if other.framework != self.framework:
            raise LevelsDiffer(left=self.framework, right=other.framework)
        return other.value


@dataclass(frozen=True, slots=True)
class Framework:
    """A framework with its names, its lowest and highest level, and its step (1 or 1/2)."""

    id: str
    name: LanguageMap
    lowest: Fraction
    highest: Fraction
    step: Fraction

    def has(self, value: Fraction) -> bool:
        """Is this one of the framework's levels?"""
        return self.lowest <= value <= self.highest and ((value - self.lowest) / self.step).denominator == 1


@dataclass(frozen=True, slots=True)
class LevelMap:
    """A declared map in one direction: each source level to the set of target levels it may be."""

    source: str
    target: str
    rows: Mapping[Fraction, frozenset[Fraction]]
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class LevelTest:
    """Whether a level meets a minimum, the levels it was read as, and why not.

    `levels` is sorted and holds what the level is in the minimum's framework: itself, or the mapped set, or
    nothing where no map is declared. `provenance` is the map's, None within one framework.
    """

    truth: Truth
    reason: LevelReason | None
    levels: tuple[Level, ...]
    provenance: Provenance | None
    arithmetic: str


@dataclass(frozen=True, slots=True)
class LevelTable:
    """A levels pack, parsed: frameworks by id, and maps by (source, target)."""

    id: str
    version: str
    title: LanguageMap
    digest: str
    frameworks: Mapping[str, Framework]
    maps: Mapping[tuple[str, str], LevelMap]

    def mapped(self, level: Level, framework: str, on: date | None = None) -> tuple[Level, ...]:
        """The levels of `framework` that `level` may be, sorted; empty where no map says so on that day.

        One declared map and nothing else: it is neither inverted nor chained through a third framework.
        """
        if level.framework == framework:
            return (level,)
        found = self._map(level, framework, on)
        values = found.rows.get(level.value, frozenset()) if found else frozenset()
        return tuple(Level(framework, value) for value in sorted(values))

    def meets(self, level: Level, minimum: Level, on: date | None = None) -> LevelTest:
        """Is the level at least the minimum? Unknown where its mapped set straddles it, or no map is declared."""
        levels = self.mapped(level, minimum.framework, on)
        found = None if level.framework == minimum.framework else self._map(level, minimum.framework, on)
        truth, reason = _answer(levels, minimum)
        return LevelTest(truth, reason, levels, found.provenance if found else None, _words(level, levels, minimum))

    def _map(self, level: Level, framework: str, on: date | None) -> LevelMap | None:
        found = self.maps.get((level.framework, framework))
        return found if found and found.provenance.applies(on) else None


def _answer(levels: tuple[Level, ...], minimum: Level) -> tuple[Truth, LevelReason | None]:
    if not levels:
        return Truth.UNKNOWN, "FACT_MISSING"
    if minimum <= levels[0]:
        return Truth.YES, None
    if levels[-1] < minimum:
        return Truth.NO, "LEVEL_BELOW"
    return Truth.UNKNOWN, "LEVEL_STRADDLES"


def _words(level: Level, levels: tuple[Level, ...], minimum: Level) -> str:
    if not levels:
        return f"{level} has no declared place in {minimum.framework}"
    read_as = "" if levels == (level,) else f" is {' or '.join(map(str, levels))}"
    return f"{level}{read_as}, at least {minimum} is asked"
