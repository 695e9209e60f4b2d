"""Step 8, before the choice: where awards stand in the limits that contain them."""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field

from recognition_rules.amount_text import Exact
from recognition_rules.calendars import Period
from recognition_rules.conditions.settled import Key, by_names
from recognition_rules.pack import Limit
from recognition_rules.rules.bounds import BY_EXIT, attribute_of
from recognition_rules.terms import Terms

MAX_PLACES = 4_096


@dataclass(frozen=True, slots=True)
class Placed:
    """Where an award stands in a limit: its group, the bound there, and the terms that set it.

    Of a limit whose base is `counted` the bound is the share itself, of a sum that only the choice knows.
    """

    group: str | None
    period: Period | None
    bound: Exact
    terms: Terms


Places = tuple[tuple[Limit, Placed], ...]


@dataclass(slots=True, eq=False)
class Containing:
    """Limits that are certain to contain some awards; `key` answers what settles where one of these stands in them.

    Where they are `steady` that is so whoever the learner is: `places` are what was found, by the answers.
    """

    limits: tuple[Limit, ...]
    key: Key = field(init=False)
    steady: bool = field(init=False)
    places: dict[Hashable, Places] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.key = by_names(sorted({name for limit in self.limits for name in placing(limit)}))
        self.steady = all(map(_is_steady, self.limits))

    def remember(self, key: Hashable, places: Places) -> None:
        """Keeps where such awards stand, unless another learner's might stand elsewhere."""
        if self.steady:
            if len(self.places) >= MAX_PLACES:
                self.places.clear()
            self.places[key] = places


def placing(limit: Limit) -> Iterator[str]:
    """The attributes that settle where an award stands in a limit: its day there, and what it is grouped by."""
    if limit.calendar is not None:
        yield limit.date
    if limit.per is not None:
        yield attribute_of(limit.per)


def _is_steady(limit: Limit) -> bool:
    """Whether nothing but the award tells its place there: not the learner, nor what else there is."""
    by_learner = limit.head.selector == "enrolment" or (limit.bound.table is not None and limit.bound.key == BY_EXIT)
    return limit.bound.share_of is None and not by_learner
