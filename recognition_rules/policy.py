"""The policy of choice: which awards are offered room first, and what counts as better."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from recognition_rules.canonical import Json
from recognition_rules.input_errors import PolicyInvalid

ORDER_KEYS = ("started_on", "ended_on", "awarded_on", "received_on", "sequence", "award_id")
OBJECTIVES = ("shortfall", "counted", "canonical")


@dataclass(frozen=True, slots=True)
class Policy:
    """How the choice is made where the rules leave it open. Raises `PolicyInvalid` on what is not carried out.

    `items` in-order: each award, in `order`, is offered room and a refused one does not stop the walk. `slots`
    best: the awards that count are assigned to slots so that the shortfall is least. `order` ends in a unique key.
    """

    items: Literal["in-order"]
    slots: Literal["best"]
    order: tuple[str, ...]
    objectives: tuple[str, ...]

    def __post_init__(self) -> None:
        problem = policy_problem(self.items, self.slots, self.order, self.objectives)
        if problem:
            raise PolicyInvalid(problem=problem)

    def to_json(self) -> dict[str, Json]:
        """The shape within a recognition's inputs."""
        return {
            "items": self.items,
            "slots": self.slots,
            "order": list(self.order),
            "objectives": list(self.objectives),
        }


def policy_problem(items: str, slots: str, order: Sequence[str], objectives: Sequence[str]) -> str | None:
    """A sentence about what the engine does not carry out, or None."""
    if items != "in-order":
        return "items can be chosen 'in-order' only; 'best' is not carried out by this version"
    if slots != "best":
        return "slots can be assigned 'best' only"
    if not set(order) <= set(ORDER_KEYS) or len(set(order)) != len(order):
        return f"order lists each of these at most once: {', '.join(ORDER_KEYS)}"
    if not order or order[-1] != "award_id":
        return "order must end in a key that no two awards share: award_id"
    if not set(objectives) <= set(OBJECTIVES) or list(objectives)[-1:] != ["canonical"]:
        return f"objectives are of {', '.join(OBJECTIVES)}, and canonical is the last"
    return None
