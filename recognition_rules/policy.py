"""The policy of choice: which awards are offered room first, and what counts as better.

Two ways to choose items: *in order*, where each award is offered room along `order` (by application, by end date …),
and *best*, where a list of objectives is reached one after the other, never as one weighted sum.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from recognition_rules.canonical import Json
from recognition_rules.input_errors import PolicyInvalid

ORDER_KEYS = ("started_on", "ended_on", "awarded_on", "received_on", "sequence", "award_id")
OBJECTIVES = ("granted", "shortfall", "counted", "least-used", "soonest-expiring", "canonical")
COUNTED = "counted:"
REDEMPTION = ("granted", "least-used", "soonest-expiring", "canonical")

Items = Literal["in-order", "best"]


@dataclass(frozen=True, slots=True)
class Policy:
    """How the choice is made where the rules leave it open. Raises `PolicyInvalid` on what is not carried out.

    `items` in-order: each award, in `order`, is offered room and a refused one does not stop the walk; best: the
    selection is proven best by `objectives`, first to last, of which `canonical` settles every tie. `slots` best: the
    awards that count are assigned to slots so that the shortfall is least. `order` ends in a unique key.
    """

    items: Items
    slots: Literal["best"]
    order: tuple[str, ...]
    objectives: tuple[str, ...]

    def __post_init__(self) -> None:
        problem = policy_problem(self.items, self.slots, self.order, self.objectives)
        if problem:
            raise PolicyInvalid(problem=problem)

    def goals(self) -> tuple[tuple[str, str | None], ...]:
        """The objectives but for `canonical`, each with the class or set it is about; a list of names is in turn."""
        found: list[tuple[str, str | None]] = []
        for objective in self.objectives[:-1]:
            kind, _, names = objective.partition(":")
            found += [(kind, name) for name in names.split(",")] if names else [(kind, None)]
        return tuple(found)

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
    if items not in ("in-order", "best"):
        return "items can be chosen 'in-order' or 'best' only"
    if slots != "best":
        return "slots can be assigned 'best' only"
    if not set(order) <= set(ORDER_KEYS) or len(set(order)) != len(order):
        return f"order lists each of these at most once: {', '.join(ORDER_KEYS)}"
    if not order or order[-1] != "award_id":
        return "order must end in a key that no two awards share: award_id"
    return _objectives_problem(objectives)


def _objectives_problem(objectives: Sequence[str]) -> str | None:
    known = all(each in OBJECTIVES or _names(each) for each in objectives)
    if not known or list(objectives)[-1:] != ["canonical"]:
        names = ", ".join((*OBJECTIVES[:3], "counted:<classes or sets>", *OBJECTIVES[3:]))
        return f"objectives are of {names}, and canonical is the last"
    if len(set(objectives)) != len(objectives):
        return "objectives lists each at most once, and canonical is the last"
    return None


def _names(objective: str) -> tuple[str, ...]:
    """The classes or sets of `counted:major,liberal`; nothing where it is no such objective, or a name is empty."""
    if not objective.startswith(COUNTED):
        return ()
    names = tuple(objective[len(COUNTED) :].split(","))
    return names if all(names) and len(set(names)) == len(names) else ()


def unknown_name(policy: Policy, known: Collection[str]) -> str | None:
    """The first class or set that an objective names and the pack does not have."""
    return next((name for _, name in policy.goals() if name is not None and name not in known), None)
