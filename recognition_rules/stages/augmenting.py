"""Putting single awards to single courses so that as many courses as possible are satisfied.

Augmenting paths, breadth first: an award placed earlier keeps a course, though perhaps another of its own, so
nobody loses by a later award. The result depends on the order of the awards and of each one's courses alone.
"""

from collections import deque
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field

from recognition_rules.stages.pairing import Pairing


@dataclass(slots=True)
class _Plan:
    options: Mapping[str, Sequence[Pairing]]
    taken: Set[str]
    held: dict[str, tuple[str, Pairing]] = field(default_factory=dict)
    course_of: dict[str, str] = field(default_factory=dict)

    def place(self, award: str) -> None:
        """Finds the award a course, moving others to courses of theirs where that frees one."""
        came: dict[str, tuple[str, Pairing]] = {}
        waiting = deque([award])
        while waiting:
            at = waiting.popleft()
            for option in self.options[at]:
                course = option.courses[0].id
                if course in came or course in self.taken:
                    continue
                came[course] = (at, option)
                if course not in self.held:
                    self._move(course, came)
                    return
                waiting.append(self.held[course][0])

    def _move(self, course: str, came: Mapping[str, tuple[str, Pairing]]) -> None:
        at: str | None = course
        while at is not None:
            award, option = came[at]
            before = self.course_of.get(award)
            self.held[at], self.course_of[award] = (award, option), at
            at = before


def assign_courses(options: Mapping[str, Sequence[Pairing]], taken: Set[str]) -> list[Pairing]:
    """The pairings chosen, in the order of the awards; courses that are `taken` are not given again."""
    plan = _Plan(options, taken)
    for award in options:
        plan.place(award)
    return [plan.held[plan.course_of[award]][1] for award in options if award in plan.course_of]
