"""Reading `[choose]`: how items and slots are chosen, in which order, by which objectives, and what may be split."""

from collections.abc import Sequence

from recognition_rules.conditions.compound import read_filter
from recognition_rules.pack import Split
from recognition_rules.policy import REDEMPTION, Policy, policy_problem, unknown_name
from recognition_rules.reading.pack_reader import Node
from recognition_rules.reading.vocabulary import Vocabulary


def read_choice(node: Node, vocabulary: Vocabulary) -> tuple[Policy, Policy, tuple[Split, ...]]:
    """The policy for recognition, the one for redemption, and the sets of awards that may be counted in part.

    Redemption, where credits are used up for good, chooses best by objectives of its own: `redemption`, which where
    it is not stated is to reach the award with as few credits as possible, those first that expire first.
    """
    order, splits = node.words("order"), tuple(_split(each, vocabulary) for each in node.children("split"))
    recognition = _policy(node, node.text("items"), order, node.words("objectives"), vocabulary)
    objectives = node.words("redemption") if node.has("redemption") else REDEMPTION
    redemption = _policy(node, "best", order, objectives, vocabulary)
    node.done()
    return recognition, redemption, splits


def _policy(
    node: Node, items: str, order: tuple[str, ...], objectives: Sequence[str], vocabulary: Vocabulary
) -> Policy:
    slots = node.text("slots")
    problem = policy_problem(items, slots, order, objectives)
    if problem:
        raise node.fail(f"{problem}.", code="policy_not_carried_out")
    policy = Policy("best" if items == "best" else "in-order", "best", order, tuple(objectives))
    unknown = unknown_name(policy, {*vocabulary.classes, *vocabulary.sets})
    if unknown is not None:
        raise node.fail(f"There is no class and no set '{unknown}' to count.", "objectives")
    return policy


def _split(node: Node, vocabulary: Vocabulary) -> Split:
    split = Split(node.number("step"), read_filter(node, vocabulary))
    if split.step <= 0:
        raise node.fail("'step' must be above zero.", "step")
    node.done()
    return split
