"""Programmes as a difference sees them: their versions by first day, their requirements by name."""

from collections.abc import Mapping
from typing import TypeAlias

Table: TypeAlias = Mapping[str, object]

_VERSIONED = ("require", "terms", "keep", "attach_window")


def versions_of(programme: Table) -> dict[str, Table]:
    """The versions of a programme by the first day of their terms, the former ones first."""
    former = programme.get("former")
    listed = [each for each in former if isinstance(each, Mapping)] if isinstance(former, list) else []
    current = {key: value for key, value in programme.items() if key in _VERSIONED}
    return {_start(each): each for each in (*listed, current)}


def _start(version: Table) -> str:
    terms = version.get("terms")
    return str(terms[0].get("from")) if isinstance(terms, list) and terms and isinstance(terms[0], dict) else "None"


def leaves_of(tree: object) -> dict[str, Table]:
    """The slots and tests below a requirement by name."""
    if not isinstance(tree, Mapping):
        return {}
    name = tree.get("slot", tree.get("test"))
    if name is not None:
        return {str(name): tree}
    parts = [part for key in ("all", "any", "of") for part in _listed(tree.get(key))]
    return {name: leaf for part in parts for name, leaf in leaves_of(part).items()}


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []
