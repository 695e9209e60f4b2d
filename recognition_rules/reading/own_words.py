"""Frameworks and units that a pack declares for itself, because no table that comes with the program knows them.

They change no result: levels of one framework compare without a map, and a unit of its own is converted by the pack's
own ratios. They say that the name is meant, so that a misspelt one is found (`authoring.lint_known`).
"""

from collections.abc import Sequence
from fractions import Fraction

from recognition_rules.credits import Unit
from recognition_rules.language import LanguageMap
from recognition_rules.levels import HIGHEST, Framework
from recognition_rules.reading.pack_reader import Node

_HALF = Fraction(1, 2)


def read_frameworks(nodes: Sequence[Node]) -> dict[str, Framework]:
    """The [[framework]] tables: id, title, lowest, highest, and a step of 1 (usual) or "1/2"; raises `PackInvalid`."""
    found: dict[str, Framework] = {}
    for node in nodes:
        name = node.checked("id", Unit)
        if name in found:
            raise node.fail(f"'{name}' is there twice.", "id", "duplicate_id")
        found[name] = _framework(node, name)
    return found


def _framework(node: Node, name: str) -> Framework:
    lowest, highest = node.number("lowest"), node.number("highest")
    step = node.number("step") if node.has("step") else Fraction(1)
    node.raw("step")
    if step not in (1, _HALF) or lowest.denominator > 2 or not lowest <= highest <= HIGHEST:
        raise node.fail(f'Levels run from lowest to highest, at most {HIGHEST}, by a step of 1 or "1/2".', "highest")
    framework = Framework(name, node.language_map("title"), lowest, highest, step)
    node.done()
    return framework


def read_units(nodes: Sequence[Node]) -> dict[str, LanguageMap]:
    """The [[unit]] tables: id and title of units that no units table knows; raises `PackInvalid`."""
    found: dict[str, LanguageMap] = {}
    for node in nodes:
        name = node.checked("id", Unit)
        if name in found:
            raise node.fail(f"'{name}' is there twice.", "id", "duplicate_id")
        found[name] = node.language_map("title")
        node.done()
    return found
