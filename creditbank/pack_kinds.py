"""What a pack can hold: rules of recognition, tables of grades, rules of issuance. Each is read and tried in its way.

All go through one life cycle. Units and levels do not: a decision names them by the program's digest.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Protocol

from recognition_rules.cases import run_cases
from recognition_rules.errors import PackInvalid
from recognition_rules.grading.cases import run_grade_cases
from recognition_rules.grading.reader import parse as parse_grades
from recognition_rules.issuance.cases import run_issuance_cases
from recognition_rules.issuance.reader import parse as parse_issuance
from recognition_rules.levels import LevelTable
from recognition_rules.pack import parse as parse_rules
from recognition_rules.reading.pack_text import read_text
from recognition_rules.units import UnitTable

RULES, GRADES, ISSUANCE = "rules", "grades", "issuance"
FILE: Final = "pack.toml"


class AnyPack(Protocol):
    """What a pack of every kind has."""

    @property
    def id(self) -> str:
        """What it is called."""

    @property
    def version(self) -> str:
        """Its version."""

    @property
    def digest(self) -> str:
        """Over its canonical parsed form."""


class Tried(Protocol):
    """A case that was run."""

    @property
    def id(self) -> str:
        """What it is called."""

    @property
    def differences(self) -> tuple[str, ...]:
        """What is not as expected, in words."""

    @property
    def passed(self) -> bool:
        """Whether all is."""


@dataclass(frozen=True, slots=True)
class Kind:
    """How packs of a kind are told (one of the tables `parts` is in them), read and tried."""

    parts: frozenset[str]
    parse: Callable[..., AnyPack]
    cases: Callable[[Any, str, UnitTable, LevelTable], Sequence[Tried]]


KINDS: Final[Mapping[str, Kind]] = {
    GRADES: Kind(frozenset({"scale"}), parse_grades, lambda pack, text, _units, _levels: run_grade_cases(pack, text)),
    ISSUANCE: Kind(
        frozenset({"element", "validator"}),
        parse_issuance,
        lambda pack, text, _units, levels: run_issuance_cases(pack, text, levels=levels),
    ),
    RULES: Kind(
        frozenset(),
        parse_rules,
        lambda pack, text, units, levels: run_cases(pack, text, units=units, levels=levels),
    ),
}


def kind_of(content: str) -> str:
    """What a pack holds, by its tables; what cannot be read counts as rules, whose reader says what is wrong."""
    try:
        parts = set(read_text(content, name=FILE).raw)
    except PackInvalid:
        return RULES
    return next((name for name, kind in KINDS.items() if parts & kind.parts), RULES)


@lru_cache(maxsize=64)
def read(kind: str, content: str) -> AnyPack:
    """The pack. Raises PackInvalid with file and line."""
    return KINDS[kind].parse(content, name=FILE)
