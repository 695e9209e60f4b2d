"""The files of a rule pack that a command is given: a built-in pack's id, a file, or a folder."""

from pathlib import Path

import typer

from creditbank.commands.terminal import NO, TROUBLE, err, out
from recognition_rules.authoring.csv_form import decoded
from recognition_rules.authoring.forms import parse_files, read_files
from recognition_rules.errors import PackInvalid
from recognition_rules.pack import Pack
from recognition_rules.packs import builtin, builtin_ids
from recognition_rules.reading.pack_source import Document

RULE_PACKS = builtin_ids("rules")
"""The built-in packs that decide anything; the others are tables of units and levels, without cases of this form."""

_TEXTS = ("pack.toml", "pack.json", "pack.xlsx")
_SHEETS = ("*.csv", "tables/*.csv", "tables/*.xlsx")
_MAX_BYTES = 64_000_000


def pack_files(pack: str) -> dict[str, bytes]:
    """The files by name; ends the command where there are none."""
    if pack in RULE_PACKS:
        return {f"{pack}/pack.toml": builtin(pack).encode()}
    place = Path(pack)
    paths = [place] if place.is_file() else _in_folder(place)
    if not paths:
        known = ", ".join(RULE_PACKS)
        err.print(f"There is no pack in {pack}; the built-in rule packs are {known}. [pack_not_found]", markup=False)
        raise typer.Exit(TROUBLE)
    if sum(path.stat().st_size for path in paths) > _MAX_BYTES:
        err.print(f"The files in {pack} are larger than a pack can be. [pack_too_large]", markup=False)
        raise typer.Exit(TROUBLE)
    return {path.as_posix(): path.read_bytes() for path in paths}


def _in_folder(folder: Path) -> list[Path]:
    texts = [folder / name for name in _TEXTS if (folder / name).is_file()]
    return [*texts, *(path for pattern in _SHEETS for path in sorted(folder.glob(pattern)))]


def cases_of(pack: str) -> tuple[str, str] | None:
    """The text and the name of the pack's cases, which lie beside it; None where there are none."""
    if pack in RULE_PACKS:
        return builtin(pack, "cases.toml"), f"{pack}/cases.toml"
    place = Path(pack)
    path = (place.parent if place.is_file() else place) / "cases.toml"
    return (read_cases(path), path.as_posix()) if path.is_file() else None


def read_cases(path: Path) -> str:
    """The text of a file of cases; ends the command where it is no text."""
    try:
        return decoded(path.read_bytes(), file=path.as_posix(), otherwise="utf-8")
    except PackInvalid as refused:
        raise refusal(refused) from None


def read_document(pack: str) -> Document:
    """The parsed form of a pack, in whatever form it is; ends the command where it cannot be read."""
    try:
        return read_files(pack_files(pack), name=pack)
    except PackInvalid as refused:
        raise refusal(refused) from None


def read_pack(pack: str) -> Pack:
    """The pack; ends the command where it is refused."""
    try:
        return parse_files(pack_files(pack), name=pack)
    except PackInvalid as refused:
        raise refusal(refused) from None


def refusal(refused: PackInvalid) -> typer.Exit:
    """Says what is wrong, and with which status the command ends."""
    out.print(f"✗ {refused.message} [{refused.code}]", style="bold red", markup=False, soft_wrap=True)
    return typer.Exit(NO)


__all__ = ["RULE_PACKS", "cases_of", "pack_files", "read_cases", "read_document", "read_pack", "refusal"]
