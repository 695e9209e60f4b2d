"""The packs that come with the program, each in a folder of its own: pack.toml, cases.toml, SOURCES.md."""

from importlib.resources import files

_PACKS = ("kr-acbs", "levels", "units")


def builtin_ids() -> tuple[str, ...]:
    """The ids of the packs that come with the program, sorted."""
    return _PACKS


def builtin(pack_id: str, name: str = "pack.toml") -> str:
    """The text of a file of a built-in pack: `pack.toml`, `cases.toml` or `SOURCES.md`.

    Raises `KeyError` for a pack that does not come with the program, `FileNotFoundError` for a file it lacks.
    """
    if pack_id not in _PACKS or name not in ("pack.toml", "cases.toml", "SOURCES.md"):
        raise KeyError(pack_id)
    return (files("recognition_rules") / "packs" / pack_id / name).read_text("utf-8")
