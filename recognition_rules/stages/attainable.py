"""What a learner's facts leave of a tree of requirements: a way that a fact closes is not the cheapest one."""

from dataclasses import replace

from recognition_rules.programme import Leaf, Requirement, leaves
from recognition_rules.situation import Situation


def attainable(tree: Requirement, situation: Situation) -> Requirement:
    """The tree without the ways that facts about the learner close, wherever enough others are left to choose from.

    So nothing is said to be short by one fact that no award could change, while another way is open.
    """
    asking = leaves(tree) if situation.plan is None else situation.plan.tree(tree).asking
    return _opened(tree, situation) if any(barred(leaf, situation) for leaf in asking) else tree


def _opened(tree: Requirement, situation: Situation) -> Requirement:
    if isinstance(tree, Leaf):
        return tree
    parts = tuple(_opened(part, situation) for part in tree.parts)
    open_ways = tuple(part for part in parts if not barred(part, situation))
    return replace(tree, parts=open_ways if len(open_ways) >= tree.at_least else parts)


def barred(tree: Requirement, situation: Situation) -> bool:
    """Whether a fact about the learner is known to close every way to satisfy the tree, whatever awards come."""
    if isinstance(tree, Leaf):
        return tree.learner is not None and tree.learner.answer(situation.learner.get(tree.learner.fact)) is False
    return sum(not barred(part, situation) for part in tree.parts) < tree.at_least
