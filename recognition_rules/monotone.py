"""Whether one more award can make a programme's answer worse. Where only upper limits and duplicates bind, under the
best choice, it cannot: such a programme is monotone, and may be tested for it."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from recognition_rules.conditions.dates import SamePeriod
from recognition_rules.conditions.history import HasOther, NoOther
from recognition_rules.conditions.targets import PassedExamOf
from recognition_rules.pack import Pack
from recognition_rules.programme import Leaf, Programme, leaves
from recognition_rules.rules.bounds import BY_EXIT
from recognition_rules.terms import RuleHead

GOALS = ("granted", "shortfall", "counted")


def is_monotone(pack: Pack, programme: Programme) -> tuple[str, ...]:
    """The reasons, in sentences, why one more award may worsen the first objective; none: it never does."""
    reasons = (*_choice(pack), *_rules(pack, programme), *_limits(pack, programme), *_trees(programme))
    return tuple(dict.fromkeys(reasons))


def _choice(pack: Pack) -> Iterator[str]:
    if pack.choose.items != "best":
        yield "Items are chosen in order: an early large award may take the room of two later ones."
    if pack.choose.objectives[0] not in GOALS:
        yield f"The first objective is '{pack.choose.objectives[0]}', which more awards may worsen."


def _rules(pack: Pack, programme: Programme) -> Iterator[str]:
    if pack.matches:
        yield "Articulations: one more award may take the course that another stood for."
    for rule in pack.equivalences:
        if rule.head.concerns(programme.id) and rule.blocks == "eligible":
            yield f"'{rule.head.id}': an eligible twin blocks even where it does not count itself."
    for compatibility in pack.compatibilities:
        if compatibility.head.concerns(programme.id):
            yield f"'{compatibility.head.id}': one more award may decide which group counts."
    for head, concerned in _heads(pack):
        if head.concerns(programme.id) and _looks_at_others(concerned):
            yield f"'{head.id}': whom it concerns depends on the learner's other awards."


def _heads(pack: Pack) -> Iterator[tuple[RuleHead, object]]:
    for group in (pack.eligibility, pack.equivalences, pack.limits, pack.outcomes, pack.kinds):
        yield from ((rule.head, rule) for rule in group)


def _limits(pack: Pack, programme: Programme) -> Iterator[str]:
    unsettling = {
        "source.total": "one more award may say another total of the source and leave it open.",
        "exit_award.total": "one more award may make the choice of the exit award matter.",
    }
    for limit in pack.limits:
        base = "exit_award.total" if limit.bound.key == BY_EXIT else limit.bound.share_of
        if limit.head.concerns(programme.id) and base in unsettling:
            yield f"'{limit.head.id}': {unsettling[base]}"


def _looks_at_others(value: object) -> bool:
    """Whether a condition anywhere inside the rule looks beyond the award it is asked about."""
    if isinstance(value, SamePeriod | HasOther | NoOther | PassedExamOf):
        return True
    if isinstance(value, tuple | frozenset):
        return any(map(_looks_at_others, value))
    if not is_dataclass(value):
        return False
    return any(_looks_at_others(getattr(value, each.name)) for each in fields(value) if each.name != "head")


def _trees(programme: Programme) -> Iterator[str]:
    for version in programme.versions:
        for leaf in leaves(version.require):
            yield from _leaf(leaf)


def _leaf(leaf: Leaf) -> Iterator[str]:
    if leaf.window is not None:
        yield f"'{leaf.id}': one more award may push another out of the window."
    if leaf.need.share_of in ("registered", "counted"):
        yield f"'{leaf.id}': one more award raises the base of its share."
    if _looks_at_others(leaf.where):
        yield f"'{leaf.id}': whom it concerns depends on the learner's other awards."
