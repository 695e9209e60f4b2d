"""Conversions that the pack itself declares: a ratio for an external term, and contact hours by their type."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from recognition_rules.conditions.atoms import Condition
from recognition_rules.conditions.compound import Everything, read_filter
from recognition_rules.credits import Rounding, Unit
from recognition_rules.reading.pack_reader import Node
from recognition_rules.reading.vocabulary import Vocabulary
from recognition_rules.rules.enrolment import BY_ENROLMENT
from recognition_rules.rules.roundings import read_rounding
from recognition_rules.terms import RuleHead, read_head


@dataclass(frozen=True, slots=True)
class PackRatio:
    """One [[ratio]]: credits in the unit `source`, of the awards `where` holds for, are `factor` of the pack's unit.

    It beats the ratios and hours of the units pack; one with a filter beats one without.
    """

    head: RuleHead
    source: str
    where: Condition
    factor: Fraction
    rounding: Rounding

    @property
    def is_general(self) -> bool:
        """Whether it is for every award in its unit."""
        return isinstance(self.where, Everything)


@dataclass(frozen=True, slots=True)
class ContactHours:
    """One [[contact_hours]]: hours in class, by type, stand for hours of learning, and these for credits.

    credits = Σ contact × (1 + `self_study` of the type) ÷ `hours_per_credit`. The type and its hours are facts of the
    award, `contact_hours:<type>`, or its `hours` where a fact `contact_type` names the one type.
    """

    head: RuleHead
    source: str
    where: Condition
    self_study: Mapping[str, Fraction]
    hours_per_credit: Fraction
    rounding: Rounding


def read_ratios(nodes: Sequence[Node], vocabulary: Vocabulary) -> tuple[PackRatio, ...]:
    """The [[ratio]] tables; raises `PackInvalid` where two speak of every award in one unit."""
    ratios: list[PackRatio] = []
    for node in nodes:
        ratio = _ratio(node, vocabulary)
        if any(_both_general(ratio, other) for other in ratios):
            raise node.fail(f"There is another ratio for all credits in {ratio.source}.", "from", "duplicate_id")
        ratios.append(ratio)
    return tuple(ratios)


def _both_general(one: PackRatio, other: PackRatio) -> bool:
    mine, others = one.head.programmes, other.head.programmes
    shared = mine is None or others is None or bool(mine & others)
    return one.is_general and other.is_general and one.source == other.source and shared


def _ratio(node: Node, vocabulary: Vocabulary) -> PackRatio:
    ratio = PackRatio(
        head=read_head(node, vocabulary.references, selectors=BY_ENROLMENT, value="amount"),
        source=node.checked("from", Unit),
        where=read_filter(node, vocabulary, peers=False),
        factor=node.number("factor"),
        rounding=_rounding(node),
    )
    if ratio.factor <= 0:
        raise node.fail("'factor' must be above zero.", "factor")
    node.done()
    return ratio


def read_contact_hours(nodes: Sequence[Node], vocabulary: Vocabulary) -> tuple[ContactHours, ...]:
    """The [[contact_hours]] tables; raises `PackInvalid`."""
    return tuple(_contact_hours(node, vocabulary) for node in nodes)


def _contact_hours(node: Node, vocabulary: Vocabulary) -> ContactHours:
    types = node.child("self_study")
    rule = ContactHours(
        head=read_head(node, vocabulary.references, selectors=BY_ENROLMENT),
        source=node.checked("from", Unit),
        where=read_filter(node, vocabulary, peers=False),
        self_study={name: types.number(name) for name in types.values},
        hours_per_credit=node.number("hours_per_credit"),
        rounding=_rounding(node),
    )
    if not rule.self_study:
        raise node.fail("'self_study' names at least one type of contact: { lecture = 2 }.", "self_study")
    if rule.hours_per_credit <= 0:
        raise node.fail("'hours_per_credit' must be above zero.", "hours_per_credit")
    node.done()
    return rule


def _rounding(node: Node) -> Rounding:
    child = node.child_or_none("round")
    if child is None:
        return Rounding()
    rounding = read_rounding(child, ("item",))
    child.done()
    return rounding
