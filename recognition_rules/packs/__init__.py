"""The packs that come with the program, each in a folder of its own: pack.toml, cases.toml, SOURCES.md."""

from importlib.resources import files

_PACKS = (
    "cn-1plusx-example", "cn-open-university", "cn-shanghai-open-university", "community-credits",
    "community-learning", "de-anrechnung", "ects-grades", "eu-microcredential", "hk-credit", "hk-titles", "in-ncrf",
    "kr-acbs", "levels", "my-apel", "nz-microcredential", "scqf", "uk-cats", "units", "us-transfer",
    "us-transfer-quarter", "za-cat",
)  # fmt: skip
_KINDS = {
    "ects-grades": "grades",
    "eu-microcredential": "issuance",
    "hk-titles": "issuance",
    "levels": "levels",
    "nz-microcredential": "issuance",
    "units": "units",
}
"""What is no pack of recognition rules: tables of grades, levels and units, and rules of issuance."""


def builtin_ids(kind: str | None = None) -> tuple[str, ...]:
    """The ids of the packs that come with the program, sorted; of one kind only (as `kind_of` says) if it is named."""
    return tuple(pack for pack in _PACKS if kind in (None, kind_of(pack)))


def kind_of(pack_id: str) -> str:
    """What a built-in pack is: `rules` (recognition), `grades`, `issuance`, `levels` or `units`."""
    return _KINDS.get(pack_id, "rules")


def builtin(pack_id: str, name: str = "pack.toml") -> str:
    """The text of a file of a built-in pack: `pack.toml`, `cases.toml` or `SOURCES.md`.

    Raises `KeyError` for a pack that does not come with the program, `FileNotFoundError` for a file it lacks.
    """
    if pack_id not in _PACKS or name not in ("pack.toml", "cases.toml", "SOURCES.md"):
        raise KeyError(pack_id)
    return (files("recognition_rules") / "packs" / pack_id / name).read_text("utf-8")
