"""Reading [[override]]: a departure is refused at once where the higher authority does not allow it."""

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from recognition_rules.amount_text import text_of_amount
from recognition_rules.reading.pack_reader import Node
from recognition_rules.reading.pack_rules import check_figure
from recognition_rules.reading.vocabulary import Vocabulary
from recognition_rules.rules.authority import Override, spliced
from recognition_rules.rules.figures import Figured, figured
from recognition_rules.terms import AUTHORITIES, Terms, read_head

if TYPE_CHECKING:
    from recognition_rules.pack import Pack


def read_authority(nodes: Sequence[Node], vocabulary: Vocabulary, pack: "Pack") -> tuple[Override, ...]:
    """The [[override]] tables, the highest authority first; raises `PackInvalid` on one that is not allowed."""
    found = sorted(((_override(node, vocabulary, pack), node) for node in nodes), key=lambda pair: pair[0].rank)
    for place, (override, node) in enumerate(found):
        above = [other for other, _ in found[:place] if other.of == override.of and other.meets(override)]
        _check(override, node, above, pack)
    return tuple(override for override, _ in found)


def _override(node: Node, vocabulary: Vocabulary, pack: "Pack") -> Override:
    of = node.text("of")
    rule = figured(pack, of)
    if rule is None:
        problem = f"'{of}' is no rule of this pack that sets a figure or can be lifted."
        if of in pack.parameters:
            problem = f"'{of}' is a parameter, which is chosen once for the pack: name the rule that uses it."
        raise node.fail(problem, "of")
    for terms in node.children("terms"):
        terms.choice("authority", AUTHORITIES)
        if rule.several and terms.has("value"):
            problem = f"'{of}' asks for several figures: write a gate for each, so that it is clear which one changes."
            raise terms.fail(problem, "value")
    lift = node.flag("lift", default=False)
    override = Override(
        head=read_head(node, vocabulary.references, value=rule.kind),
        of=of,
        institutions=frozenset(node.words("institutions")) if node.has("institutions") else None,
        lift=lift,
    )
    node.raw("institutions")
    node.done()
    _check_form(node, override, rule)
    if rule.figure is not None:
        for terms in node.children("terms"):
            check_figure(terms, rule.figure)
    return override


def _check_form(node: Node, override: Override, rule: Figured) -> None:
    valued = [terms.value is not None for terms in override.head.terms]
    if override.lift and (any(valued) or not rule.can_lift):
        raise node.fail("A rule that is lifted has no value; a requirement or milestone cannot be lifted.", "lift")
    if not override.lift and not all(valued):
        raise node.fail("Say what holds instead: a 'value' in terms, or lift = true.")


def _check(override: Override, node: Node, above: Sequence[Override], pack: "Pack") -> None:
    """Against the terms it would replace, those of higher authorities that hold there too included."""
    rule = figured(pack, override.of)
    assert rule is not None
    base = rule.terms
    for other in above:
        if other.rank == override.rank and _overlap(other, override):
            raise node.fail(f"The same authority has said otherwise at the same time: '{other.head.id}'.", "of")
        base = spliced(base, other)
    for child, local in zip(node.children("terms"), override.head.terms, strict=True):
        bound_by = [terms for terms in base if _same_time(terms, local) and not _higher_or_same(local, terms)]
        problem = next(filter(None, (_problem(override, local, terms, rule) for terms in bound_by)), None)
        if problem:
            raise child.fail(problem, code="override_not_allowed")


def _problem(override: Override, local: Terms, base: Terms, rule: Figured) -> str | None:
    """Why the higher authority's terms do not allow it, in a sentence; None where they do."""
    old = rule.own if base.value is None else base.value
    new = local.value
    name = f"the rule '{override.of}' of a higher authority ({base.authority})"
    if base.overridable == "no":
        return f"{name} allows no departure.".capitalize()
    looser, stricter = _direction(override, old, new, rule)
    if looser and base.overridable not in ("looser", "any"):
        return f"This is looser than {name}, which does not allow it: {_told(old)}."
    if stricter and base.overridable == "looser":
        return f"This is stricter than {name}, which allows only looser terms: {_told(old)}."
    low, high = base.lowest, base.highest
    if new is not None and ((low is not None and new < low) or (high is not None and new > high)):
        return f"This lies outside what {name} allows: from {_told(low)} to {_told(high)}."
    return None


def _direction(override: Override, old: Fraction | None, new: Fraction | None, rule: Figured) -> tuple[bool, bool]:
    """Whether it is looser, and whether it is stricter."""
    if override.lift:
        return True, False
    if old is None or new is None or old == new:
        return False, False
    stricter = (new < old) is rule.lower_is_stricter
    return not stricter, stricter


def _told(figure: Fraction | None) -> str:
    return "no bound" if figure is None else text_of_amount(figure)


def _higher_or_same(local: Terms, base: Terms) -> bool:
    return AUTHORITIES.index(local.authority) <= AUTHORITIES.index(base.authority)


def _overlap(one: Override, other: Override) -> bool:
    return any(_same_time(mine, theirs) for mine in one.head.terms for theirs in other.head.terms)


def _same_time(one: Terms, other: Terms) -> bool:
    starts_in_time = one.start is None or other.until is None or one.start <= other.until
    return starts_in_time and (other.start is None or one.until is None or other.start <= one.until)
