"""What the bank works with besides the database: its secrets, its clock, its ids, and the packs it has read."""

import secrets
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, TypeVar
from uuid import UUID, uuid4

from creditbank.vault import Vault
from recognition_rules.levels import LevelTable
from recognition_rules.levels_pack import parse as parse_levels
from recognition_rules.pack import Pack
from recognition_rules.pack import parse as parse_pack
from recognition_rules.packs import builtin
from recognition_rules.units import UnitTable
from recognition_rules.units_pack import parse as parse_units

T = TypeVar("T")
MOST_REMEMBERED = 4_000


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Office:
    """Arguments that every use case needs. Clock, ids and salts are given, so that tests decide them."""

    vault: Vault
    units: UnitTable
    levels: LevelTable
    clock: Callable[[], datetime] = _now
    new_id: Callable[[], UUID] = uuid4
    new_salt: Callable[[], bytes] = lambda: secrets.token_bytes(16)
    packs: dict[str, Pack] = field(default_factory=dict)
    memory: dict[Hashable, tuple[int, Any]] = field(default_factory=dict)

    def today(self) -> date:
        """The bank's day, in UTC."""
        return self.clock().date()

    def remembered(self, what: Hashable, version: int, read: Callable[[], T]) -> T:
        """What was read at this version of the registry, or what is read now; at most a few thousand things."""
        known = self.memory.get(what)
        if known is not None and known[0] == version:
            found: T = known[1]
            return found
        if len(self.memory) >= MOST_REMEMBERED:
            self.memory.clear()
        fresh = read()
        self.memory[what] = (version, fresh)
        return fresh

    def pack(self, digest: str, content: str) -> Pack:
        """A published pack, read once: its digest names its content for good."""
        if digest not in self.packs:
            self.packs[digest] = parse_pack(content)
        return self.packs[digest]


def builtin_units() -> UnitTable:
    """The units and ratios that the bank ships."""
    return parse_units(builtin("units"))


def builtin_levels() -> LevelTable:
    """The level map that the bank ships."""
    return parse_levels(builtin("levels"))
