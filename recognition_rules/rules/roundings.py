"""Rounding: of what a bucket or the whole comes to, or for display only; never fed back into the awards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, Protocol

from recognition_rules.credits import Rounding
from recognition_rules.reading.pack_reader import Node
from recognition_rules.reading.vocabulary import Vocabulary
from recognition_rules.terms import RuleHead, read_head

MODES: Final = ("none", "floor", "half-up", "half-even")
BUCKETS: Final[Mapping[str, str]] = {
    "slot": "slot",
    "class": "course_class",
    "area": "area",
    "source": "source",
    "issuer": "issuer",
    "provider_root": "provider",
    "achievement": "achievement",
}
Point = Literal["bucket", "total", "display"]


@dataclass(frozen=True, slots=True)
class RoundingRule:
    """One [[rounding]] of a pack: at which point, how, and of a bucket what makes it one."""

    head: RuleHead
    rounding: Rounding
    by: str | None

    @property
    def point(self) -> str:
        """bucket, total or display."""
        return self.rounding.point


class Rounds(Protocol):
    """What has roundings: a pack."""

    @property
    def roundings(self) -> tuple[RoundingRule, ...]:
        """The [[rounding]] tables."""


def read_roundings(nodes: Sequence[Node], vocabulary: Vocabulary) -> tuple[RoundingRule, ...]:
    """The [[rounding]] tables; raises `PackInvalid` where one point is rounded twice."""
    rules: list[RoundingRule] = []
    for node in nodes:
        rule = _rule(node, vocabulary)
        if any(_same_place(rule, other) for other in rules):
            raise node.fail(f"What a {rule.point} comes to is rounded twice in one programme.", "point")
        rules.append(rule)
    return tuple(rules)


def display_rounding(pack: Rounds, programme: str) -> Rounding | None:
    """How amounts are shown in this programme, where its pack says so; nobody computes with what is shown."""
    rules = (each for each in pack.roundings if each.point == "display" and each.head.concerns(programme))
    return next((each.rounding for each in rules), None)


def _same_place(one: RoundingRule, other: RoundingRule) -> bool:
    if one.point != other.point or not (one.head.enabled and other.head.enabled):
        return False
    mine, others = one.head.programmes, other.head.programmes
    return mine is None or others is None or bool(mine & others)


def _rule(node: Node, vocabulary: Vocabulary) -> RoundingRule:
    rounding = read_rounding(node, ("bucket", "total", "display"))
    rule = RoundingRule(
        head=read_head(node, vocabulary.references),
        rounding=rounding,
        by=node.choice("by", BUCKETS, "slot") if rounding.point == "bucket" else None,
    )
    node.done()
    return rule


def read_rounding(node: Node, points: tuple[str, ...]) -> Rounding:
    """Mode, increment and point out of a table; rounding up, which can make credits, must be acknowledged."""
    mode, increment = node.choice("mode", MODES), node.number("increment")
    point = node.choice("point", points)
    if increment <= 0:
        raise node.fail("'increment' must be above zero.", "increment")
    if mode.startswith("half") and point != "display":
        if not node.has("acknowledge"):
            problem = (
                f"Rounding {mode} can make credits out of nothing: say in 'acknowledge' who accepts that, and why."
            )
            raise node.fail(problem, "mode")
        node.text("acknowledge")
    return Rounding(mode, increment, point)  # type: ignore[arg-type]  # choice has checked mode and point
