"""Step 8, before the choice: where an award stands in a limit that contains it."""

from dataclasses import dataclass

from recognition_rules.amount_text import Exact
from recognition_rules.calendars import Period
from recognition_rules.terms import Terms


@dataclass(frozen=True, slots=True)
class Placed:
    """Where an award stands in a limit: its group, the bound there, and the terms that set it.

    Of a limit whose base is `counted` the bound is the share itself, of a sum that only the choice knows.
    """

    group: str | None
    period: Period | None
    bound: Exact
    terms: Terms
