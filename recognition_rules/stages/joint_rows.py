"""Step 8, best: rows that tie awards to one another: twins, shares of what counts, the courses of one award."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from recognition_rules.amount_text import whole
from recognition_rules.pack import Limit
from recognition_rules.stages.drafts import Draft, Presence, Rows
from recognition_rules.stages.equivalence import Class, Twins
from recognition_rules.stages.frame import Candidate, Frame
from recognition_rules.stages.leaf_rows import LeafRows
from recognition_rules.stages.limits import Limits
from recognition_rules.stages.placed import Placed
from recognition_rules.truth import Truth


@dataclass(slots=True)
class JointRows:
    """Adds such rows to the drafts of the awards, which stand in the same order."""

    frame: Frame
    candidates: Sequence[Candidate]
    limits: Limits
    twins: Twins
    rows: Rows

    def exclude(self, drafts: Sequence[Sequence[Draft]]) -> None:
        """At most one of the awards of an exclusive class; the courses of one award do not exclude each other."""
        members: dict[Class, list[int]] = {}
        for number, each in enumerate(self.candidates):
            for rule, found in self.twins.classes("exclusive", each.award):
                if rule.blocks == "counted":
                    members.setdefault(found, []).append(number)
        several = [(found, numbers) for found, numbers in members.items() if len(numbers) > 1]
        for found, numbers in several:
            for group in self._groups(numbers):
                row = self.rows.row((found, *group), 1)
                for draft in (draft for number in group for draft in drafts[number]):
                    draft.takes[row] = 1

    def _groups(self, numbers: list[int]) -> Iterator[tuple[int, ...]]:
        """All together, or where one award is there with several courses, any two of different awards."""
        ids = {number: self.candidates[number].award.id for number in numbers}
        if len(set(ids.values())) == len(ids) > 1:
            yield tuple(numbers)
        elif len(set(ids.values())) > 1:
            yield from ((a, b) for a, b in combinations(numbers, 2) if ids[a] != ids[b])

    def share(self, drafts: Sequence[Sequence[Draft]]) -> None:
        """Limits that are a share of what counts: what is in them, less the share of all, is at most nothing."""
        shared = [limit for limit in self.limits.concerned if limit.bound.share_of == "counted"]
        if not shared:
            return
        for limit, (candidate, found) in product(shared, list(zip(self.candidates, drafts, strict=True))):
            for draft in found:
                self._share(limit, candidate, draft)

    def _share(self, limit: Limit, candidate: Candidate, draft: Draft) -> None:
        award, situation, among = draft.told.form.award, self.frame.situation, limit.bound.among
        place = self.limits.bounds.place(limit, award)
        if not isinstance(place, Placed):
            return
        size = whole(draft.told.amount) if limit.measure == "credits" else 1
        row = self.rows.row((limit.head.id, place.group), 0)
        inside = situation.truth(limit.where, award) is Truth.YES
        based = among is None or situation.truth(among, award) is Truth.YES
        taken = (size if inside else 0) - (place.bound * size if based and not candidate.on_condition else 0)
        draft.takes[row] = draft.takes.get(row, 0) + taken

    def count_once(self, drafts: Sequence[Sequence[Draft]], leaves: LeafRows) -> list[Presence]:
        """Limits and leaves that count awards count one that stands for several courses once.

        Its presence takes the room instead, and is there if any of its courses counts; a leaf has its presence, which
        is there only if one does.
        """
        several = {award for award, number in Counter(each.award.id for each in self.candidates).items() if number > 1}
        if not several:
            return []
        counted = {id(room) for (limit, _), room in self.limits.rooms.items() if limit in self._of_items()}
        rows = {self.rows.numbers[room] for room in counted if room in self.rows.numbers}
        found: dict[tuple[str, str, int], Presence] = {}
        for number, (candidate, own) in enumerate(zip(self.candidates, drafts, strict=True)):
            for draft in own if candidate.award.id in several else ():
                for row in rows & set(draft.takes):
                    self._once(found.setdefault(("row", candidate.award.id, row), Presence({}, {})), row, number, draft)
                for leaf in leaves.of_items & set(draft.brings):
                    key = ("leaf", candidate.award.id, leaf)
                    self._had_once(found.setdefault(key, Presence({}, {})), leaf, key, draft)
        return list(found.values())

    def _of_items(self) -> set[str]:
        return {limit.head.id for limit in self.limits.concerned if limit.measure == "items"}

    def _once(self, presence: Presence, row: int, number: int, draft: Draft) -> None:
        """A course counts only where the award is present, which takes the room."""
        presence.takes[row] = draft.takes.pop(row)
        tie = self.rows.row(("presence", id(presence), number), 0)
        presence.takes[tie], draft.takes[tie] = -1, 1

    def _had_once(self, presence: Presence, leaf: int, key: object, draft: Draft) -> None:
        """The award is present only where one of its courses counts, and only then the leaf has it."""
        presence.brings[leaf] = max(presence.brings.get(leaf, 0), draft.brings.pop(leaf))
        tie = self.rows.row(("had", key), 0)
        presence.takes[tie] = 1
        draft.takes[tie] = -1
