"""Reading the limits of a pack: what they add up, by which groups, and the bound in each."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from recognition_rules.calendars import Calendar
from recognition_rules.conditions.compound import read_filter
from recognition_rules.pack import Limit
from recognition_rules.programme import Measure, Programme
from recognition_rules.reading.pack_reader import Node
from recognition_rules.reading.requirement_tree import read_among
from recognition_rules.reading.vocabulary import Vocabulary
from recognition_rules.rules.bounds import BY_EXIT, BY_PROGRAMME, FACT, Bound
from recognition_rules.rules.exits import Exit
from recognition_rules.terms import RuleHead, ValueKind, read_head

_PER = {
    "provider_root": "LIMIT_PROVIDER",
    "issuer": "LIMIT_PROVIDER",
    "area": "LIMIT_AREA",
    "class": "LIMIT_AREA",
    "source": "LIMIT_TOTAL",
    "country": "LIMIT_TOTAL",
    "achievement": "LIMIT_TOTAL",
}
_REASONS = ("LIMIT_TOTAL", "LIMIT_SHARE", "LIMIT_PERIOD", "LIMIT_PROVIDER", "LIMIT_COUNT", "LIMIT_AREA")
_DATES = ("ended_on", "started_on", "awarded_on", "received_on")
_BASES = ("exit_award.total", "source.total", "registered", "counted")
_TABLE_WORDS = ("key", "of", "otherwise")


@dataclass(frozen=True, slots=True)
class Names:
    """What limits may name beside the words of the vocabulary: programmes, exit awards, and how items are chosen."""

    programmes: Mapping[str, Programme]
    exits: Sequence[Exit]
    items: str
    kept_to: Collection[str] = ()

    def parts(self) -> tuple[str, ...]:
        """The totals that every programme has, or every one of those that the limit is kept to."""
        concerned = [each for name, each in self.programmes.items() if not self.kept_to or name in self.kept_to]
        return tuple(sorted(set.intersection(*(set(each.parts) for each in concerned)))) if concerned else ()


@dataclass(frozen=True, slots=True)
class _Group:
    """How a limit is told apart: by period, by key, or both."""

    calendar: Calendar | None
    date: str
    key: str | None


def read_limits(nodes: Sequence[Node], vocabulary: Vocabulary, names: Names) -> tuple[Limit, ...]:
    """The limits, innermost first; `within` must name another limit and never lead back."""
    parents = {node.text("id"): node.text_or_none("within") for node in nodes}
    limits = [_limit(node, vocabulary, names, _depth(node, parents)) for node in nodes]
    return tuple(sorted(limits, key=lambda limit: -limit.depth))


def _depth(node: Node, parents: Mapping[str, str | None]) -> int:
    depth, at = 0, parents[node.text("id")]
    while at is not None:
        depth += 1
        if at not in parents or depth > len(parents):
            raise node.fail("'within' must name another limit of this pack, and never lead back here.", "within")
        at = parents[at]
    return depth


def _limit(node: Node, vocabulary: Vocabulary, names: Names, depth: int) -> Limit:
    group = _group(node, vocabulary)
    kept_to = node.words("programmes") if node.has("programmes") else ()
    bound = _bound(node, vocabulary, replace(names, kept_to=kept_to))
    measure = _measure(node)
    _check_group(node, bound, group)
    limit = Limit(
        head=_limit_head(node, vocabulary, bound, by_period=group.calendar is not None),
        where=read_filter(node, vocabulary),
        measure=measure,
        bound=bound,
        calendar=group.calendar,
        per=group.key,
        within=node.text_or_none("within"),
        depth=depth,
        reason=node.choice("reason", _REASONS, _reason(measure, bound, group)),
        date=group.date,
    )
    node.done()
    return limit


def _measure(node: Node) -> Measure:
    measure = node.choice("measure", ("credits", "items", "courses"), "credits")
    return "items" if measure == "items" else "courses" if measure == "courses" else "credits"


def _group(node: Node, vocabulary: Vocabulary) -> _Group:
    per = node.child_or_none("per")
    if per is None:
        return _Group(None, "ended_on", None)
    if not per.has("calendar") and not per.has("key"):
        raise per.fail("'per' needs a calendar, a key, or both.")
    calendar = vocabulary.calendars[per.choice("calendar", vocabulary.calendars)] if per.has("calendar") else None
    group = _Group(calendar, per.choice("date", _DATES, "ended_on"), _key(per, _PER) if per.has("key") else None)
    per.done()
    return group


def _key(node: Node, known: Collection[str]) -> str:
    """An attribute of the award, or a fact of it: `"fact:contract"`."""
    text = node.text("key")
    if text.startswith(FACT) and len(text) > len(FACT):
        return text
    return node.choice("key", (*known, "fact:…"))


def _check_group(node: Node, bound: Bound, group: _Group) -> None:
    """What changes the bound must also part the awards, or two bounds would hold for one sum."""
    if bound.table is not None and bound.key not in (BY_PROGRAMME, BY_EXIT, group.key):
        raise node.fail(f"A table by '{bound.key}' needs per = {{ key = \"{bound.key}\" }}.", "table")
    if bound.share_of == "source.total" and group.key is None:
        raise node.fail('A share of source.total needs the qualification: per = { key = "fact:qualification" }.', "per")


def _limit_head(node: Node, vocabulary: Vocabulary, bound: Bound, *, by_period: bool) -> RuleHead:
    selectors = ("period", "decision", "enrolment") if by_period else ("decision", "enrolment")
    value: ValueKind = None if bound.table is not None else "share" if bound.share_of else "amount"
    return read_head(node, vocabulary.references, selectors=selectors, value=value)


def _reason(measure: str, bound: Bound, group: _Group) -> str:
    if measure != "credits":
        return "LIMIT_COUNT"
    if group.calendar:
        return "LIMIT_PERIOD"
    found = _PER.get(group.key, "LIMIT_TOTAL") if group.key else "LIMIT_TOTAL"
    return "LIMIT_SHARE" if found == "LIMIT_TOTAL" and bound.share_of else found


def _bound(node: Node, vocabulary: Vocabulary, names: Names) -> Bound:
    floor = node.has("round") and bool(node.choice("round", ("floor",)))
    node.raw("round")
    if node.has("table"):
        return _table(node.child("table"), vocabulary, names, floor=floor)
    if not isinstance(node.raw("at_most"), dict):
        return Bound(node.number("at_most"), floor=floor)
    return _share(node.child("at_most"), vocabulary, names, floor=floor)


def _share(node: Node, vocabulary: Vocabulary, names: Names, *, floor: bool) -> Bound:
    """`{ share = "40%", of = "registered" }`; `on` or `where` says which awards the base adds up.

    `{ ref = "programme.electives" }` is all of a total.
    """
    if node.has("ref"):
        whole = Bound(amount=Fraction(1), share_of=node.choice("ref", names.parts()), floor=floor)
        node.done()
        return whole
    base = _base(node, names)
    bound = Bound(
        amount=node.share("share"),
        share_of=base,
        floor=floor,
        among=read_among(node, vocabulary, base),
        fact=node.text("fact") if base == "source.total" and node.has("fact") else "source_total",
    )
    node.done()
    return bound


def _base(node: Node, names: Names) -> str:
    base = node.choice("of", (*names.parts(), *_BASES))
    if base == "counted" and names.items != "best":
        raise node.fail("A share of what counted is a limit only where items are chosen 'best'.", "of")
    return base


def _table(node: Node, vocabulary: Vocabulary, names: Names, *, floor: bool) -> Bound:
    """Bounds by programme, exit award or a key of the award; with `of` they are shares of that base."""
    known = (BY_PROGRAMME, BY_EXIT, *_PER)
    key = _key(node, known)
    base = _base(node, names) if node.has("of") else None
    read = node.share if base else node.number
    values = [name for name in node.values if name not in _TABLE_WORDS]
    _check_values(node, key, values, vocabulary, names)
    bound = Bound(
        share_of=base,
        table={name: read(name) for name in values},
        key=key,
        otherwise=read("otherwise") if node.has("otherwise") else None,
        floor=floor,
    )
    node.done()
    return bound


def _check_values(node: Node, key: str, values: list[str], vocabulary: Vocabulary, names: Names) -> None:
    if not values:
        raise node.fail("A table of bounds must name at least one value." if key != BY_PROGRAMME else _NO_PROGRAMME)
    exits = {each.head.id for each in names.exits} | set(names.programmes)
    there: Mapping[str, tuple[str, Collection[str]]] = {
        BY_PROGRAMME: ("programme", names.programmes),
        BY_EXIT: ("exit award", exits),
        "class": ("class", vocabulary.classes),
        "source": ("source", vocabulary.sources),
    }
    word, known = there.get(key, ("", values))
    for name in values:
        if name not in known:
            raise node.fail(f"There is no {word} '{name}'.", name)


_NO_PROGRAMME = "A table of bounds must name at least one programme."
