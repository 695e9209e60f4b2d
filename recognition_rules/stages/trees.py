"""What a tree of requirements says whoever the learner is, worked out once."""

from dataclasses import dataclass

from recognition_rules.programme import Leaf, Requirement, leaves


@dataclass(frozen=True, slots=True, eq=False)
class Tree:
    """A tree of requirements taken apart: `named` are the slots but for the one that takes the `rest`, `asking` the
    leaves that ask for a fact about the learner.

    `passes_on` says whether the surplus of some slot goes to another; `by_choice` whether some group may be met by
    slots or by tests, so that what the tests lack tells which slots matter.
    """

    root: Requirement
    leaves: tuple[Leaf, ...]
    slots: tuple[Leaf, ...]
    named: tuple[Leaf, ...]
    rest: Leaf | None
    asking: tuple[Leaf, ...]
    passes_on: bool
    by_choice: bool


def taken_apart(root: Requirement) -> Tree:
    """The tree of a programme, an exit award or a milestone."""
    found = tuple(leaves(root))
    slots = tuple(leaf for leaf in found if leaf.kind == "slot")
    return Tree(
        root=root,
        leaves=found,
        slots=slots,
        named=tuple(slot for slot in slots if not slot.rest),
        asking=tuple(leaf for leaf in found if leaf.learner is not None),
        rest=next((slot for slot in slots if slot.rest), None),
        passes_on=any(slot.surplus_to is not None for slot in slots),
        by_choice=_chooses_between(root),
    )


def _chooses_between(requirement: Requirement) -> bool:
    if isinstance(requirement, Leaf):
        return False
    kinds = {leaf.kind for leaf in leaves(requirement)}
    here = requirement.at_least < len(requirement.parts) and len(kinds) > 1
    return here or any(map(_chooses_between, requirement.parts))
