"""Reading the rules of a pack: eligibility, equivalences, conversions, limits, milestones."""

from collections.abc import Mapping, Sequence

from recognition_rules.conditions.compound import Everything, read_condition, read_filter
from recognition_rules.credits import Rounding
from recognition_rules.normalisers import COARSENESS
from recognition_rules.pack import ConversionRule, Eligibility, Equivalence, Limit, Milestone
from recognition_rules.programme import Programme
from recognition_rules.reading.pack_reader import Node
from recognition_rules.reading.vocabulary import Vocabulary
from recognition_rules.rules.bounds import Bound
from recognition_rules.terms import RuleHead, ValueKind, read_head

_MODES = ("none", "floor", "half-up", "half-even")
_PER = {"provider_root": "LIMIT_PROVIDER", "issuer": "LIMIT_PROVIDER", "area": "LIMIT_AREA", "class": "LIMIT_AREA"}


def read_eligibility(node: Node, vocabulary: Vocabulary) -> Eligibility:
    """A gate: `when` it applies, what it must `require`."""
    when = node.child_or_none("when")
    rule = Eligibility(
        head=read_head(node, vocabulary.references, selectors=("end", "award", "application", "decision")),
        when=read_condition(when, vocabulary, peers=False) if when else Everything(),
        require=read_condition(node.child("require"), vocabulary, peers=False),
    )
    node.done()
    return rule


def read_equivalences(nodes: Sequence[Node], vocabulary: Vocabulary) -> tuple[Equivalence, ...]:
    """The equivalences; an exclusive key must refine the substitute key, or a duplicate could count twice."""
    rules = tuple(_equivalence(node, vocabulary) for node in nodes)
    finest = min((COARSENESS[rule.key] for rule in rules if rule.kind == "substitute"), default=None)
    for node, rule in zip(nodes, rules, strict=True):
        if rule.kind == "exclusive" and finest is not None and COARSENESS[rule.key] >= finest:
            raise node.fail("The key of a duplicate must be finer than the key of a substitute.", "key")
    return rules


def _equivalence(node: Node, vocabulary: Vocabulary) -> Equivalence:
    kind = node.choice("kind", ("exclusive", "substitute"))
    keeps = node.child("keeps") if kind == "substitute" else None
    exclusive = keeps is None
    rule = Equivalence(
        head=read_head(node, vocabulary.references),
        where=read_filter(node, vocabulary, peers=False),
        kind="exclusive" if exclusive else "substitute",
        key=node.choice("key", COARSENESS),
        blocks="eligible" if exclusive and node.choice("blocks", ("counted", "eligible")) == "eligible" else "counted",
        across="recognition"
        if exclusive and node.choice("across", ("learner", "recognition"), "learner") == "recognition"
        else "learner",
        keeps_class=keeps.choice("class", vocabulary.classes) if keeps else None,
        at_most=keeps.whole("at_most") if keeps else 1,
        others_become=node.choice("others_become", vocabulary.classes) if keeps else None,
    )
    if keeps:
        keeps.done()
        if rule.keeps_class == rule.others_become:
            raise node.fail("The others must become another class than the one that is kept.", "others_become")
    node.done()
    return rule


def read_conversion(node: Node, vocabulary: Vocabulary) -> ConversionRule:
    """Units that are recognised through the units table, from the award's original amount, in one hop."""
    node.choice("method", ("units-table",))
    rounding = node.child_or_none("round")
    rule = ConversionRule(
        head=read_head(node, vocabulary.references),
        units=frozenset(node.words("from")),
        range_end="low" if node.choice("range", ("undetermined", "low"), "undetermined") == "low" else "undetermined",
        rounding=_rounding(rounding) if rounding else Rounding(),
    )
    node.done()
    return rule


def _rounding(node: Node) -> Rounding:
    mode, increment = node.choice("mode", _MODES), node.number("increment")
    node.choice("point", ("item",))
    if increment <= 0:
        raise node.fail("'increment' must be above zero.", "increment")
    if mode.startswith("half"):
        node.text("acknowledge")
    node.done()
    return Rounding(mode, increment, "item")  # type: ignore[arg-type]  # choice has checked the mode


def read_limits(
    nodes: Sequence[Node], vocabulary: Vocabulary, programmes: Mapping[str, Programme]
) -> tuple[Limit, ...]:
    """The limits, innermost first; `within` must name another limit and never lead back."""
    parents = {node.text("id"): node.text_or_none("within") for node in nodes}
    limits = [_limit(node, vocabulary, programmes, _depth(node, parents)) for node in nodes]
    return tuple(sorted(limits, key=lambda limit: -limit.depth))


def _depth(node: Node, parents: Mapping[str, str | None]) -> int:
    depth, at = 0, parents[node.text("id")]
    while at is not None:
        depth += 1
        if at not in parents or depth > len(parents):
            raise node.fail("'within' must name another limit of this pack, and never lead back here.", "within")
        at = parents[at]
    return depth


def _limit(node: Node, vocabulary: Vocabulary, programmes: Mapping[str, Programme], depth: int) -> Limit:
    measure = node.choice("measure", ("credits", "items"), "credits")
    per = node.child_or_none("per")
    calendar = (
        vocabulary.calendars[per.choice("calendar", vocabulary.calendars)] if per and per.has("calendar") else None
    )
    key = per.choice("key", _PER) if per and calendar is None else None
    if per:
        per.choice("date", ("ended_on",), "ended_on")
        per.done()
    bound = _bound(node, programmes)
    limit = Limit(
        head=_limit_head(node, vocabulary, bound, by_period=calendar is not None),
        where=read_filter(node, vocabulary),
        measure="items" if measure == "items" else "credits",
        bound=bound,
        calendar=calendar,
        per=key,
        within=node.text_or_none("within"),
        depth=depth,
        reason=_reason(measure, bound, calendar=calendar is not None, key=key),
    )
    node.done()
    return limit


def _limit_head(node: Node, vocabulary: Vocabulary, bound: Bound, *, by_period: bool) -> RuleHead:
    selectors = ("period", "decision") if by_period else ("decision",)
    value: ValueKind = None if bound.table is not None else "share" if bound.share_of else "amount"
    return read_head(node, vocabulary.references, selectors=selectors, value=value)


def _reason(measure: str, bound: Bound, *, calendar: bool, key: str | None) -> str:
    if measure == "items":
        return "LIMIT_COUNT"
    if calendar:
        return "LIMIT_PERIOD"
    return _PER[key] if key else "LIMIT_SHARE" if bound.share_of else "LIMIT_TOTAL"


def _bound(node: Node, programmes: Mapping[str, Programme]) -> Bound:
    if node.has("table"):
        table = node.child("table")
        table.choice("key", ("award",))
        for name in table.values:
            if name != "key" and name not in programmes:
                raise table.fail(f"There is no programme '{name}'.", name)
        if len(table.values) < 2:
            raise table.fail("A table of bounds must name at least one programme.")
        return Bound(table={name: table.number(name) for name in table.values if name != "key"})
    if not isinstance(node.raw("at_most"), dict):
        return Bound(node.number("at_most"))
    child = node.child("at_most")
    bases = sorted(set.intersection(*(set(each.parts) for each in programmes.values())))
    bound = Bound(child.share("share"), child.choice("of", bases))
    child.done()
    return bound


def read_milestone(node: Node, references: frozenset[str]) -> Milestone:
    """An entitlement that opens at a number of counted credits."""
    milestone = Milestone(read_head(node, references, value="amount"), node.number("at_least"))
    node.done()
    return milestone
