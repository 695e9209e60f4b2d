"""Kinds of recognition: credit, credit on condition of an examination, a waiver that owes other credits."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from recognition_rules.conditions.atoms import Condition
from recognition_rules.conditions.compound import read_condition
from recognition_rules.reading.pack_reader import Node
from recognition_rules.reading.vocabulary import Vocabulary
from recognition_rules.terms import RuleHead, read_head

REASONS: Final = ("EXAM_STILL_REQUIRED", "WAIVED_NO_CREDIT", "JUDGEMENT_NEEDED")


@dataclass(frozen=True, slots=True)
class Kind:
    """One [[kind]] of a pack: what recognition of this kind gives.

    `credits_now` false and a `condition`: the credits count once the condition holds, until then they only use up
    room. `credits_now` false without one: they never count (a waiver). `satisfies` says whether the course of the
    target is satisfied; `reason` is the code shown while there are no credits.
    """

    head: RuleHead
    credits_now: bool
    condition: Condition | None
    satisfies: bool
    reason: str

    @property
    def waives(self) -> bool:
        """Whether there will never be credits."""
        return not self.credits_now and self.condition is None


def read_kinds(nodes: Sequence[Node], vocabulary: Vocabulary) -> tuple[Kind, ...]:
    """The [[kind]] tables; raises `PackInvalid`."""
    return tuple(_kind(node, vocabulary) for node in nodes)


def _kind(node: Node, vocabulary: Vocabulary) -> Kind:
    condition = node.child_or_none("condition")
    kind = Kind(
        head=read_head(node, vocabulary.references),
        credits_now=_credits_now(node),
        condition=read_condition(condition, vocabulary) if condition else None,
        satisfies=node.flag("satisfies_slot", default=True),
        reason=node.choice("reason", REASONS, "EXAM_STILL_REQUIRED" if condition else "WAIVED_NO_CREDIT"),
    )
    if condition and kind.credits_now:
        raise node.fail("Credits that wait for a condition do not count now: write credits_now = 0.", "credits_now")
    node.done()
    return kind


def _credits_now(node: Node) -> bool:
    """0, or "all", which is the usual."""
    if not node.has("credits_now"):
        node.raw("credits_now")
        return True
    value = node.raw("credits_now")
    if value == "all":
        return True
    if value != 0 or isinstance(value, bool):
        raise node.fail("'credits_now' is 0 or \"all\".", "credits_now")
    return False
