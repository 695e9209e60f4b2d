"""Checks of figures: requirements that no learner can meet, and limits, rules and milestones that never matter."""

from collections.abc import Iterator
from fractions import Fraction

from recognition_rules.amount_text import text_of_amount
from recognition_rules.authoring.filters import allowed, covers, impossible
from recognition_rules.authoring.lint_draft import Check, Draft, Found
from recognition_rules.conditions.atoms import Condition
from recognition_rules.conditions.compound import Everything
from recognition_rules.normalisers import COARSENESS
from recognition_rules.pack import Limit, Pack
from recognition_rules.programme import Group, Leaf, Programme, leaves
from recognition_rules.terms import RuleHead

MAX_COMPARED = 200
"""Limits that are compared with one another; a pack of more is not asked which of them are idle."""


def highest(limit: Limit, programme: Programme) -> Fraction | None:
    """The highest bound that a limit ever has in a programme, where the programme alone decides it."""
    if not limit.bound.of_programme or not limit.head.concerns(programme.id):
        return None
    found = [limit.bound.resolve(programme, terms.value) for terms in limit.head.terms]
    known = [each for each in found if each is not None]
    return max(known) if known and len(known) == len(found) else None


def _pooled(pack: Pack) -> list[Limit]:
    return [limit for limit in pack.limits if limit.calendar is None and limit.per is None]


def _leaves(pack: Pack) -> Iterator[tuple[Programme, Leaf]]:
    for programme in pack.programmes.values():
        for version in programme.versions:
            yield from ((programme, leaf) for leaf in leaves(version.require))


def needed(leaf: Leaf, programme: Programme) -> Fraction | None:
    """How much a leaf needs, where the programme alone decides it."""
    need = leaf.need
    if need.amount is None or need.from_syllabus or leaf.form != "amount":
        return None
    if need.share_of is None:
        return need.amount
    return need.amount * programme.parts[need.share_of] if need.share_of in programme.parts else None


def _above_caps(draft: Draft) -> Iterator[Found]:
    if draft.pack is None:
        return
    for programme, leaf in _leaves(draft.pack):
        need = needed(leaf, programme)
        for limit in _pooled(draft.pack):
            most = highest(limit, programme)
            fits = limit.measure == leaf.measure and covers(limit.where, leaf.where) and not leaf.rest
            if need is not None and most is not None and fits and need > most:
                yield draft.leaf(programme.id, leaf.id), _above(leaf, programme, need, limit, most)


def _above(leaf: Leaf, programme: Programme, need: Fraction, limit: Limit, most: Fraction) -> str:
    return (
        f"'{leaf.id}' of '{programme.id}' needs {text_of_amount(need)}, but the limit '{limit.head.id}' lets only "
        f"{text_of_amount(most)} in."
    )


def _slots_together(draft: Draft) -> Iterator[Found]:
    for programme in draft.pack.programmes.values() if draft.pack else ():
        together = max(_minimum(version.require, programme) for version in programme.versions)
        for name, most in _totals(draft.pack, programme):
            if together > most:
                told = f"The slots of '{programme.id}' need {text_of_amount(together)} together"
                yield _programme(draft, programme.id), f"{told}, more than {name} ({text_of_amount(most)})."


def _programme(draft: Draft, programme: str) -> tuple[str | int, ...]:
    return next((path for path, each in draft.tables("programme") if each.get("id") == programme), ())


def _minimum(group: Group, programme: Programme) -> Fraction:
    """What the slots of a tree need at least: all of them, or the cheapest of those that may be chosen from."""
    sums = [_minimum(part, programme) if isinstance(part, Group) else _own(part, programme) for part in group.parts]
    return sum(sorted(sums)[: group.at_least], Fraction(0))


def _own(leaf: Leaf, programme: Programme) -> Fraction:
    return (
        (needed(leaf, programme) or Fraction(0)) if leaf.kind == "slot" and leaf.measure == "credits" else Fraction(0)
    )


def _totals(pack: Pack | None, programme: Programme) -> Iterator[tuple[str, Fraction]]:
    if "programme.total" in programme.parts:
        yield "the programme's total", programme.parts["programme.total"]
    for limit in _pooled(pack) if pack else ():
        most = highest(limit, programme)
        if most is not None and limit.measure == "credits" and isinstance(limit.where, Everything):
            yield f"the limit '{limit.head.id}'", most


def _nothing_passes(draft: Draft) -> Iterator[Found]:
    if draft.pack is None:
        return
    for programme, leaf in _leaves(draft.pack):
        if impossible(leaf.where):
            yield draft.leaf(programme.id, leaf.id), f"No award can be in '{leaf.id}': its filter contradicts itself."
    for head, where in _filters(draft.pack):
        if impossible(where):
            yield draft.rule(head.id), f"'{head.id}' can never apply: its filter contradicts itself."


def _filters(pack: Pack) -> Iterator[tuple[RuleHead, Condition]]:
    yield from ((rule.head, rule.when) for rule in pack.eligibility)
    for group in (pack.equivalences, pack.limits, pack.tables):
        yield from ((rule.head, rule.where) for rule in group)


def _never_produced(draft: Draft) -> Iterator[Found]:
    """Where one table answers the class of every award, other classes do not come about."""
    pack = draft.pack
    deciding = [table for table in pack.tables if "class" in table.columns.gives] if pack else []
    if pack is None or not any(
        isinstance(each.where, Everything) and each.otherwise != "as-stated" for each in deciding
    ):
        return
    produced = {str(row.answers.get("class")) for table in deciding for row in table.rows}
    produced |= {str(rule.others_become) for rule in pack.equivalences}
    for programme, leaf in _leaves(pack):
        wanted = allowed(leaf.where, "class")
        if wanted is not None and not wanted & produced:
            told = f"'{leaf.id}' asks for {', '.join(sorted(wanted))}, which no table row answers."
            yield draft.leaf(programme.id, leaf.id), told


def _never_binds(draft: Draft) -> Iterator[Found]:
    if draft.pack is None or len(draft.pack.limits) > MAX_COMPARED:
        return
    for inner in draft.pack.limits:
        for outer in draft.pack.limits:
            if outer is not inner and _shadowed(inner, outer, draft.pack):
                told = f"'{inner.head.id}' never binds: '{outer.head.id}' covers it and lets no more in."
                yield draft.rule(inner.head.id), told
                break


def _shadowed(inner: Limit, outer: Limit, pack: Pack) -> bool:
    wider = (outer.calendar, outer.per) in ((None, None), (inner.calendar, inner.per)) and outer.date == inner.date
    if not wider or inner.measure != outer.measure or not covers(outer.where, inner.where):
        return False
    if outer.within == inner.head.id:
        return False
    concerned = [each for each in pack.programmes.values() if inner.head.concerns(each.id)]
    pairs = [(_lowest(inner, each), highest(outer, each)) for each in concerned]
    return bool(pairs) and all(least is not None and most is not None and least >= most for least, most in pairs)


def _lowest(limit: Limit, programme: Programme) -> Fraction | None:
    if not limit.bound.of_programme:
        return None
    found = [limit.bound.resolve(programme, terms.value) for terms in limit.head.terms]
    return None if None in found else min((each for each in found if each is not None), default=None)


def _milestones(draft: Draft) -> Iterator[Found]:
    for milestone in draft.pack.milestones if draft.pack else ():
        concerned = [each for each in draft.pack.programmes.values() if milestone.head.concerns(each.id)]  # type: ignore[union-attr]
        caps = [min((most for _, most in _totals_by_limit(draft.pack, each)), default=None) for each in concerned]
        if caps and all(cap is not None and cap < milestone.at_least for cap in caps):
            told = (
                f"'{milestone.head.id}' opens at {text_of_amount(milestone.at_least)}, which no programme lets count."
            )
            yield draft.rule(milestone.head.id), told


def _totals_by_limit(pack: Pack | None, programme: Programme) -> Iterator[tuple[str, Fraction]]:
    return ((name, most) for name, most in _totals(pack, programme) if name.startswith("the limit"))


def _switched_off(draft: Draft) -> Iterator[Found]:
    for head in draft.pack.rules().values() if draft.pack else ():
        if not head.enabled:
            yield draft.rule(head.id), f"'{head.id}' is switched off: it is listed and never applied."


def _share_of_counted(draft: Draft) -> Iterator[Found]:
    choose = draft.raw.get("choose")
    if not isinstance(choose, dict) or choose.get("items") != "in-order":
        return
    for path, each in draft.tables("limit"):
        bound = each.get("at_most")
        if isinstance(bound, dict) and bound.get("of") == "counted":
            told = f"'{each.get('id')}' is a share of what counts, which is not known while awards are taken in order."
            yield (*path, "at_most"), told


def _keys(draft: Draft) -> Iterator[Found]:
    rules = [(path, each, COARSENESS.get(str(each.get("key")))) for path, each in draft.tables("equivalence")]
    finest = min(
        (rank for _, each, rank in rules if each.get("kind") == "substitute" and rank is not None), default=None
    )
    for path, each, rank in rules:
        if each.get("kind") == "exclusive" and finest is not None and rank is not None and rank >= finest:
            yield (*path, "key"), f"The key of the duplicates '{each.get('id')}' is no finer than that of substitutes."


CHECKS = (
    Check("minimum_above_cap", "error", "requirements that need more than a limit lets in",
          "Lower the minimum, raise the limit, or keep them apart by their filters.", _above_caps),
    Check("slots_above_total", "error", "slots that need more together than may count at all",
          "Lower the slots' minima, or raise the total.", _slots_together),
    Check("filter_contradicts", "error", "filters that no award can pass",
          "Join the values in one list, or write any = [ … ].", _nothing_passes),
    Check("class_never_produced", "error", "requirements of a class that no table row answers",
          "Add a row that answers the class, or ask for another.", _never_produced),
    Check("keys_not_finer", "error", "duplicates as coarse as substitutes, so that a twin could count twice",
          "Give the duplicates the finer key, such as title-core.", _keys),
    Check("share_of_counted_in_order", "error", "limits that are shares of what counts, under in-order",
          'Take the share of the programme\'s total, or set items = "best".', _share_of_counted),
    Check("limit_never_binds", "warning", "limits that another limit makes idle", "Leave it out, or lower it.",
          _never_binds),
    Check("milestone_unreachable", "warning", "milestones above what can count", "Lower it.", _milestones),
    Check("rule_switched_off", "note", "rules that are listed and not applied",
          "Nothing, where the rule waits to be confirmed.", _switched_off),
)  # fmt: skip
