"""Reading the rules of a pack: eligibility, equivalences, conversions, milestones."""

from collections.abc import Sequence
from fractions import Fraction

from recognition_rules.conditions.attributes import FACT
from recognition_rules.conditions.compound import Everything, facts_named, read_condition, read_filter
from recognition_rules.conditions.figures import Figure, figures_of
from recognition_rules.credits import Rounding
from recognition_rules.normalisers import COARSENESS, TOGETHER
from recognition_rules.pack import ConversionRule, Eligibility, Equivalence, Milestone
from recognition_rules.reading.pack_reader import Node
from recognition_rules.reading.requirement_tree import read_tree
from recognition_rules.reading.vocabulary import Vocabulary
from recognition_rules.rules.enrolment import BY_ENROLMENT
from recognition_rules.terms import read_head

_DAYS_EQUAL = ("started_on", "ended_on", "awarded_on")
_OF_A_FACT = -1
"""A key that is a fact, a day, or several at once is no title: no substitute goes by one, so none is finer."""
_SELECTORS = ("end", "start", "award", "application", "enrolment", "decision")
DECLARED_REASONS = (
    "SOURCE_NOT_ELIGIBLE", "ISSUER_NOT_ELIGIBLE", "COMPONENT_EXCLUDED", "NOT_WHOLE", "HISTORY_BARS", "LEVEL_BELOW",
    "THRESHOLD_GRADE", "THRESHOLD_SCORE", "THRESHOLD_ATTENDANCE", "THRESHOLD_OUTCOME", "EXPIRED", "STALE",
    "OUTSIDE_WINDOW",
)  # fmt: skip
"""The codes that an eligibility rule may declare for what only says that it does not hold."""

_MODES = ("none", "floor", "half-up", "half-even")


def read_eligibility(node: Node, vocabulary: Vocabulary) -> Eligibility:
    """A gate: `when` it applies, what it must `require`."""
    when = node.child_or_none("when")
    reason = node.choice("reason", DECLARED_REASONS) if node.has("reason") else None
    require = read_condition(node.child("require"), vocabulary, peers=False)
    figures = figures_of(require)
    rule = Eligibility(
        head=read_head(
            node, vocabulary.references, selectors=_SELECTORS, value=figures[0].kind if len(figures) == 1 else None
        ),
        when=read_condition(when, vocabulary, peers=False) if when else Everything(),
        require=require,
        reason=reason,
        looks_at=facts_named(require) if reason else (),
    )
    node.done()
    for child in node.children("terms") if len(figures) == 1 else ():
        check_figure(child, figures[0])
    return rule


def check_figure(terms: Node, figure: Figure) -> None:
    """Raises `PackInvalid` where terms set a figure that nobody could reach."""
    for key in ("value", "lowest", "highest"):
        if not terms.has(key) or figure.most is None:
            continue
        value = terms.share(key) if figure.kind == "share" else terms.number(key)
        if value > figure.most:
            raise terms.fail(f"'{key}' is more than there can be: at most {figure.most}.", key)


def read_equivalences(nodes: Sequence[Node], vocabulary: Vocabulary) -> tuple[Equivalence, ...]:
    """The equivalences; an exclusive key must refine the substitute key, or a duplicate could count twice."""
    rules = tuple(_equivalence(node, vocabulary) for node in nodes)
    finest = min((COARSENESS[rule.key] for rule in rules if rule.kind == "substitute"), default=None)
    for node, rule in zip(nodes, rules, strict=True):
        if rule.kind == "exclusive" and finest is not None and COARSENESS.get(rule.key, _OF_A_FACT) >= finest:
            raise node.fail("The key of a duplicate must be finer than the key of a substitute.", "key")
    return rules


def _equivalence(node: Node, vocabulary: Vocabulary) -> Equivalence:
    kind = node.choice("kind", ("exclusive", "substitute"))
    keeps = node.child("keeps") if kind == "substitute" else None
    exclusive = keeps is None
    rule = Equivalence(
        head=read_head(node, vocabulary.references, selectors=BY_ENROLMENT),
        where=read_filter(node, vocabulary, peers=False),
        kind="exclusive" if exclusive else "substitute",
        key=_equal_by(node, vocabulary, exclusive=exclusive),
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


def _equal_by(node: Node, vocabulary: Vocabulary, *, exclusive: bool) -> str:
    """What is equal in a class: the achievement, a key of titles; of duplicates also facts and days, or several at
    once, such as the code of a certificate and the day on which it was awarded."""
    titles = ("achievement", *vocabulary.title_keys)
    if not exclusive:
        return node.choice("key", titles)
    several = isinstance(node.values.get("key"), list)
    parts = node.words("key") if several else (node.text("key"),)
    for part in parts:
        is_fact = part.startswith(FACT) and part != FACT and TOGETHER not in part
        if part not in (*titles, *_DAYS_EQUAL) and not is_fact:
            known = ", ".join((*titles, *_DAYS_EQUAL))
            raise node.fail(f"'key' is one or several of: {known}, or a fact such as \"fact:certificate\".", "key")
    return TOGETHER.join(parts)


def read_conversion(node: Node, vocabulary: Vocabulary) -> ConversionRule:
    """Units that are recognised through the units table, from the award's original amount, in one hop."""
    node.choice("method", ("units-table",))
    rounding = node.child_or_none("round")
    rule = ConversionRule(
        head=read_head(node, vocabulary.references, selectors=BY_ENROLMENT),
        units=frozenset(node.words("from")),
        range_end="low" if node.choice("range", ("undetermined", "low"), "undetermined") == "low" else "undetermined",
        rounding=_rounding(rounding) if rounding else Rounding(),
        hours_per_credit=_hours(node) if node.has("hours_per_credit") else None,
    )
    node.done()
    return rule


def _hours(node: Node) -> Fraction:
    hours = node.number("hours_per_credit")
    if hours <= 0:
        raise node.fail("'hours_per_credit' must be above zero.", "hours_per_credit")
    return hours


def _rounding(node: Node) -> Rounding:
    mode, increment = node.choice("mode", _MODES), node.number("increment")
    node.choice("point", ("item",))
    if increment <= 0:
        raise node.fail("'increment' must be above zero.", "increment")
    if mode.startswith("half"):
        node.text("acknowledge")
    node.done()
    return Rounding(mode, increment, "item")  # type: ignore[arg-type]  # choice has checked the mode


def read_milestone(node: Node, vocabulary: Vocabulary) -> Milestone:
    """An entitlement that opens at a number of counted credits, or when every test of `require` is satisfied."""
    if node.has("at_least") == node.has("require"):
        raise node.fail("A milestone has either 'at_least', a number of credits, or 'require', a list of tests.")
    tree = node.child_or_none("require")
    milestone = Milestone(
        head=read_head(node, vocabulary.references, selectors=BY_ENROLMENT, value=None if tree else "amount"),
        at_least=Fraction(0) if tree else node.number("at_least"),
        require=read_tree(tree, vocabulary, {}, tests_only=True) if tree else None,
    )
    node.raw("at_least")
    node.done()
    return milestone
