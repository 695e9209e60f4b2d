"""The closed set of what a rule of issuance may ask of a credential, each with three answers.

`title = { has, until }` and `title = { lacks }`; `credits = { unit, at_least, at_most }`; `level = { framework, from,
to }`; `all` and `any` of these. Every part that fails is reported; what is not stated is unknown, never refused. Where
a title has a word, the verdict's `arithmetic` is that word.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from recognition_rules.amount_text import text_of_amount
from recognition_rules.canonical import Json
from recognition_rules.credits import is_id
from recognition_rules.issuance.subject import Subject
from recognition_rules.issuance.title_matching import words_in, words_of
from recognition_rules.levels import Level, LevelTable
from recognition_rules.reading.pack_reader import Node
from recognition_rules.truth import YES, Finding, Truth, Verdict, both, either


@dataclass(frozen=True, slots=True)
class Looking:
    """A credential under the rules of a day. `levels` are the maps between frameworks; only confirmed ones are used."""

    subject: Subject
    on: date
    levels: LevelTable | None = None


Demand = Callable[[Looking], Verdict]


def read_demand(node: Node) -> Demand:
    """One demand of the closed set, from its table; raises `PackInvalid`."""
    kinds = [kind for kind in _READERS if node.has(kind)]
    if len(kinds) != 1:
        raise node.fail(f"A demand is one of: {', '.join(_READERS)}.", next(iter(node.values), None))
    found = _READERS[kinds[0]](node, kinds[0])
    node.done()
    return found


def _parts(node: Node, key: str) -> Demand:
    parts = tuple(read_demand(child) for child in node.children(key))
    if not parts:
        raise node.fail(f"'{key}' needs at least one demand.", key)
    together = both if key == "all" else either
    return lambda looking: together(part(looking) for part in parts)


def _title(node: Node, key: str) -> Demand:
    child = node.child(key)
    if child.has("has") == child.has("lacks"):
        raise child.fail("A title either 'has' one of some words or 'lacks' them all.")
    wanted = child.has("has")
    words = child.words("has" if wanted else "lacks")
    until = child.words("until") if child.has("until") else ()
    child.read.update(("has", "lacks", "until"))
    child.done()
    if not all(map(words_of, words)):
        raise child.fail("A word in a title has letters or digits.", "has" if wanted else "lacks")

    def demand(looking: Looking) -> Verdict:
        titles = looking.subject.titles
        if not titles:
            return Verdict(Truth.UNKNOWN, (Finding("FACT_MISSING", {"fact": "title"}),))
        found = dict.fromkeys(word for title in titles for word in words_in(title, words, until))
        if bool(found) is wanted:
            return Verdict(Truth.YES, (), tuple(found))
        return Verdict(Truth.NO, (Finding("TITLE_BLOCKED", {"words": list(words if wanted else found)}),))

    return demand


def _credits(node: Node, key: str) -> Demand:
    child = node.child(key)
    unit = child.text("unit")
    least, most = (child.number(end) if child.has(end) else None for end in ("at_least", "at_most"))
    child.read.update(("at_least", "at_most"))
    child.done()
    if not is_id(unit) or (least is None and most is None) or (least or 0) > (most if most is not None else least or 0):
        raise child.fail("'credits' needs a unit, and 'at_least', 'at_most' or both, the lesser first.")

    def demand(looking: Looking) -> Verdict:
        amount, stated = looking.subject.credits, looking.subject.unit
        if amount is None or stated != unit:
            return Verdict(Truth.UNKNOWN, (Finding("FACT_MISSING", {"fact": "credits", "unit": unit}),))
        if (least or 0) <= amount and (most is None or amount <= most):
            return YES
        code = "CREDITS_ABOVE" if most is not None and amount > most else "CREDITS_BELOW"
        return Verdict(Truth.NO, (Finding(code, _amounts(unit, amount, least, most)),))

    return demand


def _amounts(unit: str, amount: Fraction, least: Fraction | None, most: Fraction | None) -> Mapping[str, Json]:
    bounds = {"at_least": least, "at_most": most}
    stated = {key: text_of_amount(value) for key, value in bounds.items() if value is not None}
    return {"unit": unit, "have": text_of_amount(amount), **stated}


def _level(node: Node, key: str) -> Demand:
    child = node.child(key)
    framework, lowest, highest = child.text("framework"), child.number("from"), child.number("to")
    child.done()
    if not is_id(framework) or lowest > highest:
        raise child.fail("'level' needs a framework, and 'from' and 'to', the lower first.")
    facts: dict[str, Json] = {"framework": framework, "from": text_of_amount(lowest), "to": text_of_amount(highest)}

    def demand(looking: Looking) -> Verdict:
        read_as = _read_as(looking, framework)
        inside = [lowest <= value <= highest for value in read_as]
        if inside and all(inside):
            return YES
        told = {**facts, "have": [text_of_amount(value) for value in read_as]}
        if not inside:
            return Verdict(Truth.UNKNOWN, (Finding("FACT_MISSING", {"fact": "level", **facts}),))
        if any(inside):
            return Verdict(Truth.UNKNOWN, (Finding("LEVEL_STRADDLES", told),))
        return Verdict(Truth.NO, (Finding("LEVEL_OUTSIDE", told),))

    return demand


def _read_as(looking: Looking, framework: str) -> list[Fraction]:
    """The levels of the framework that the credential may be at: as stated, or else by a map that was confirmed."""
    stated = [level for level in looking.subject.levels if level.framework == framework]
    if not stated:
        stated = [found for level in looking.subject.levels for found in _mapped(looking, level, framework)]
    return sorted({level.value for level in stated})


def _mapped(looking: Looking, level: Level, framework: str) -> tuple[Level, ...]:
    table = looking.levels
    declared = table.maps.get((level.framework, framework)) if table else None
    if table is None or declared is None or not declared.provenance.confirmed:
        return ()
    return table.mapped(level, framework, looking.on)


_READERS: Mapping[str, Callable[[Node, str], Demand]] = {
    "title": _title,
    "credits": _credits,
    "level": _level,
    "all": _parts,
    "any": _parts,
}
