"""What the checks of `lint` look at and what they find: a draft, its places, and findings by name."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias

from recognition_rules.canonical import Json
from recognition_rules.levels import LevelTable
from recognition_rules.pack import Pack
from recognition_rules.reading.pack_source import Document, Raw
from recognition_rules.reading.toml_lines import Path
from recognition_rules.units import UnitTable

Severity: TypeAlias = Literal["error", "warning", "note"]
_TEXTS = ("title", "description", "name", "legal_basis", "label", "acknowledge", "standing")
"""Keys below which words for people stand; a word there uses nothing."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found: where, in a sentence. What to do about it stands with the check."""

    check: str
    severity: Severity
    file: str
    line: int | None
    problem: str

    def to_json(self) -> dict[str, Json]:
        """The shape for programs."""
        return {
            "check": self.check,
            "severity": self.severity,
            "file": self.file,
            "line": self.line,
            "problem": self.problem,
            "mend": CHECK_TEXTS[self.check].mend if self.check in CHECK_TEXTS else "",
        }


@dataclass(frozen=True, slots=True)
class Draft:
    """A pack to be checked. `pack` is None where it cannot be read at all; `cases` where none were given.

    `on` is the day on which the rules should be in force, None where that is not asked. `units` and `levels` are the
    tables that the bank has; without them nothing is asked of units, or of frameworks.
    """

    document: Document
    pack: Pack | None
    on: date | None = None
    cases: Raw | None = None
    units: UnitTable | None = None
    levels: LevelTable | None = None
    _rules: dict[str, Path] = field(default_factory=dict, compare=False, repr=False)

    @property
    def raw(self) -> Raw:
        """The parsed form."""
        return self.document.raw

    def tables(self, key: str) -> list[tuple[Path, Mapping[str, object]]]:
        """The `[[key]]` tables with their paths."""
        found = self.raw.get(key)
        listed = found if isinstance(found, list) else []
        return [((key, number), each) for number, each in enumerate(listed) if isinstance(each, dict)]

    def rule(self, rule_id: str) -> Path:
        """The path of the rule with this id."""
        if not self._rules:
            for path, each in walk(self.raw):
                if len(path) <= 2 and "id" in each:
                    self._rules.setdefault(str(each["id"]), path)
        return self._rules.get(rule_id, ())

    def leaf(self, programme: str, name: str) -> Path:
        """The path of a slot or test of a programme."""
        below = (
            each for path, table in self.tables("programme") if table.get("id") == programme
            for each in walk(table, path)
        )  # fmt: skip
        return next((path for path, each in below if name in (each.get("slot"), each.get("test"))), ())


Found: TypeAlias = tuple[Path, str]
"""Where, and the sentence."""


@dataclass(frozen=True, slots=True)
class Check:
    """A named check: how serious what it finds is, what it looks for, how that is mended, and the search itself."""

    id: str
    severity: Severity
    title: str
    mend: str
    run: Callable[[Draft], Iterator[Found]] = field(repr=False, compare=False)

    def findings(self, draft: Draft) -> Iterator[Finding]:
        """What this check finds in the draft."""
        for path, problem in self.run(draft):
            file, line, _ = draft.document.source.place(path)
            yield Finding(self.id, self.severity, file, line, problem)


CHECK_TEXTS: dict[str, Check] = {}
"""Every check by its id; `lint` fills it."""


def walk(value: object, path: Path = ()) -> Iterator[tuple[Path, Mapping[str, object]]]:
    """Every table of the parsed form with its path, outer ones first."""
    if isinstance(value, Mapping):
        yield path, value
        for key, each in value.items():
            yield from walk(each, (*path, key))
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from walk(each, (*path, number))


def words_in(value: object) -> Iterator[str]:
    """Every text that may name something: texts for people and the ids of the tables themselves are left out."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, each in value.items():
            if key not in _TEXTS and key != "id":
                yield from words_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from words_in(each)


def day_of(value: object) -> date | None:
    """A day of the parsed form, also where JSON has it as a text."""
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return None
    return value if isinstance(value, date) else None
