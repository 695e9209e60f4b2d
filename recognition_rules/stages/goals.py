"""The objectives of a choice: what an award adds to each, and what each comes to in the end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from recognition_rules.amount_text import Exact, as_fraction, total
from recognition_rules.award import Award
from recognition_rules.recognition import Objective
from recognition_rules.stages.frame import Candidate, Frame
from recognition_rules.truth import Truth

Goal = tuple[str, str | None]


@dataclass(slots=True)
class Goals:
    """The policy's objectives one by one: `counted:a,b` is two of them, `soonest-expiring` one for each last day.

    `names` are the objectives, each with what it is about: a class, a set, a day.
    """

    frame: Frame
    candidates: Sequence[Candidate]
    names: tuple[Goal, ...] = ()

    def __post_init__(self) -> None:
        found: list[Goal] = []
        for kind, name in self.frame.policy.goals():
            found += [(kind, day) for day in self._last_days()] if kind == "soonest-expiring" else [(kind, name)]
        self.names = tuple(found)

    def _last_days(self) -> list[str]:
        return sorted({each.expires_on.isoformat() for each in self.candidates if each.expires_on is not None})

    def costs(self, candidate: Candidate, award: Award, amount: Exact) -> dict[int, Exact]:
        """What so much of an award adds to each objective, less being better."""
        return {
            number: self.sign(goal) * each
            for number, goal in enumerate(self.names)
            if (each := self.amount(goal, candidate, award, amount))
        }

    @staticmethod
    def sign(goal: Goal) -> int:
        """Whether less of it is better (1), or more (-1)."""
        return -1 if goal[0] in ("counted", "soonest-expiring") else 1

    @staticmethod
    def reached(goal: Goal, cost: Fraction) -> Objective:
        """The objective that a cost stands for; whether an award is granted is no amount."""
        value = Fraction(not cost) if goal[0] == "granted" else Goals.sign(goal) * cost
        return Objective(title_of(goal), value, value)

    def amount(self, goal: Goal, candidate: Candidate, award: Award, amount: Exact) -> Exact:
        """What so much of an award adds: credits that count, or credits that are used up."""
        kind, name = goal
        if kind == "least-used":
            return amount
        if kind == "soonest-expiring":
            return amount if candidate.expires_on == date.fromisoformat(name or "") else 0
        if kind != "counted" or candidate.on_condition:
            return 0
        return amount if name is None or self._is_in(name, award) else 0

    def _is_in(self, name: str, award: Award) -> bool:
        if name in self.frame.pack.classes:
            return award.course_class == name
        return self.frame.situation.truth(self.frame.pack.sets[name], award) is Truth.YES


def reached(
    frame: Frame, candidates: Sequence[Candidate], missing: Fraction, *, granted: bool
) -> tuple[Objective, ...]:
    """What each objective came to. A choice that is proven best reaches its bounds; in order nothing is bounded, and
    the bound repeats the value."""
    goals = Goals(frame, candidates)
    told = {"granted": Fraction(granted), "shortfall": missing}
    return tuple(_reached(goals, goal, told) for goal in goals.names)


def _reached(goals: Goals, goal: Goal, told: dict[str, Fraction]) -> Objective:
    value = told.get(goal[0])
    if value is None and goal == ("counted", None):
        value = as_fraction(sum([each.size for each in goals.candidates]))
    if value is None:
        value = total(goals.amount(goal, each, each.award, each.granted) for each in goals.candidates)
    return Objective(title_of(goal), value, value)


def title_of(goal: Goal) -> str:
    """An objective as it is written."""
    kind, name = goal
    return kind if name is None else f"{kind}:{name}"
