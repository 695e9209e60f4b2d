"""`creditbank rules check` and `test` for packs that are no recognition rules.

Those are tables of grades, units and levels, and rules of issuance.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol

import typer

from creditbank.commands.rules_files import read_cases, refusal
from creditbank.commands.terminal import TROUBLE, err, out
from creditbank.pack_kinds import GRADES, ISSUANCE, KINDS, AnyPack, Tried
from recognition_rules.authoring.csv_form import decoded
from recognition_rules.authoring.lint_draft import Finding
from recognition_rules.authoring.lint_other import lint_other
from recognition_rules.errors import PackInvalid
from recognition_rules.grading.cases import run_grade_cases
from recognition_rules.grading.reader import parse as parse_grades
from recognition_rules.issuance.cases import run_issuance_cases
from recognition_rules.issuance.reader import parse as parse_issuance
from recognition_rules.language import LanguageMap, pick
from recognition_rules.levels import LevelTable
from recognition_rules.levels_pack import parse as parse_levels
from recognition_rules.packs import builtin, builtin_ids, kind_of
from recognition_rules.reading import strict_toml
from recognition_rules.table_cases import run_level_cases, run_unit_cases
from recognition_rules.units import UnitTable
from recognition_rules.units_pack import parse as parse_units


class TablePack(AnyPack, Protocol):
    """What every such pack has."""

    @property
    def title(self) -> LanguageMap:
        """Its title by language."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """How a kind of pack is told, read and tried: it has one of the tables `parts`, and none of those it `lacks`."""

    parts: frozenset[str]
    parse: Callable[..., Any]
    cases: Callable[..., Sequence[Tried]]
    lacks: frozenset[str] = frozenset()


_OF_RULES = frozenset({"programme", "choose", "classification"})
_KINDS: Mapping[str, _Kind] = {
    GRADES: _Kind(KINDS[GRADES].parts, parse_grades, run_grade_cases),
    ISSUANCE: _Kind(KINDS[ISSUANCE].parts, parse_issuance, run_issuance_cases),
    "units": _Kind(frozenset({"unit"}), parse_units, run_unit_cases, _OF_RULES),
    "levels": _Kind(frozenset({"framework", "map"}), parse_levels, run_level_cases, _OF_RULES),
}
TABLE_PACKS = tuple(name for kind in _KINDS for name in builtin_ids(kind))


def check_tables(pack: str) -> bool:
    """Say what the pack is, if it is one of these; ends the command where it is refused."""
    found = _found(pack)
    if found is None:
        return False
    kind, text, name = found
    read = _parsed(kind, text, name)
    out.print(f"✓ {read.id} {read.version}: {pick(read.title, 'en', read.id)}", style="green", markup=False)
    out.print(read.digest, soft_wrap=True)
    return True


def tried_tables(pack: str) -> Sequence[Tried] | None:
    """The cases of the pack, run, if it is one of these; ends the command where it or they are refused."""
    found = _found(pack)
    if found is None:
        return None
    kind, text, name = found
    cases = _beside(pack)
    if cases is None:
        err.print(f"There is no cases.toml beside {pack}. [cases_not_found]", markup=False)
        raise typer.Exit(TROUBLE)
    read = _parsed(kind, text, name)
    try:
        return _KINDS[kind].cases(read, cases, name=name.replace("pack.toml", "cases.toml"))
    except PackInvalid as refused:
        raise refusal(refused) from None


def linted_tables(pack: str, on: date, units: UnitTable, levels: LevelTable) -> Sequence[Finding] | None:
    """What lint finds in the pack, if it is one of these."""
    found = _found(pack)
    if found is None:
        return None
    kind, text, name = found
    return lint_other(kind, text, name=name, on=on, units=units, levels=levels)


def read_table_pack(pack: str, kind: str) -> Any:
    """The pack of one kind; ends the command where there is none or it is refused."""
    found = _found(pack)
    if found is None or found[0] != kind:
        known = ", ".join(builtin_ids(kind))
        err.print(f"There is no pack of that kind in {pack}; built in are {known}. [pack_not_found]", markup=False)
        raise typer.Exit(TROUBLE)
    return _parsed(*found)


def _parsed(kind: str, text: str, name: str) -> TablePack:
    try:
        read: TablePack = _KINDS[kind].parse(text, name=name)
    except PackInvalid as refused:
        raise refusal(refused) from None
    return read


def _found(pack: str) -> tuple[str, str, str] | None:
    """The kind, the text and the name of a pack of one of these kinds; None for all others."""
    if pack in TABLE_PACKS:
        return kind_of(pack), builtin(pack), f"{pack}/pack.toml"
    place = Path(pack)
    path = place / "pack.toml" if place.is_dir() else place
    if path.suffix != ".toml" or not path.is_file():
        return None
    try:
        text = decoded(path.read_bytes(), file=path.as_posix(), otherwise="utf-8")
        parts = set(strict_toml.loads(text))
    except PackInvalid:  # whoever reads it as an ordinary pack says what is wrong
        return None
    kind = next((name for name, each in _KINDS.items() if parts & each.parts and not parts & each.lacks), None)
    return None if kind is None else (kind, text, path.as_posix())


def _beside(pack: str) -> str | None:
    if pack in TABLE_PACKS:
        return builtin(pack, "cases.toml")
    place = Path(pack)
    path = (place if place.is_dir() else place.parent) / "cases.toml"
    return read_cases(path) if path.is_file() else None
