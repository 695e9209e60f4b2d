"""Step 8, best: which of the open awards contend with one another, and which count in any case.

Where more is never worse, an award counts in full that finds room whatever else counts, has no twin, and may be only
one thing in one slot: a selection without it would not be the best, because adding it takes nothing from anybody, and
of equal selections the canonical one counts more. So only the others have to be chosen among.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from recognition_rules.amount_text import Exact, whole
from recognition_rules.stages.drafts import Form
from recognition_rules.stages.equivalence import Class, Twins
from recognition_rules.stages.frame import Candidate, Frame
from recognition_rules.stages.limits import Hit, Limits

_MORE_IS_BETTER = frozenset({"granted", "shortfall", "counted"})


def more_is_never_worse(frame: Frame) -> bool:
    """Whether no objective and no share of what counts can suffer from an award that counts beside the others."""
    if not {kind for kind, _ in frame.policy.goals()} <= _MORE_IS_BETTER:
        return False
    if limits_share_what_counts(frame):
        return False
    return all(leaf.need.share_of != "counted" for leaf in frame.plan.tree(frame.version.require).leaves)


def limits_share_what_counts(frame: Frame) -> bool:
    """Whether the room of a limit is known only when all is chosen, so that nobody can walk in order."""
    return any(each.bound.share_of == "counted" for each in frame.plan.limits)


@dataclass(slots=True)
class Contest:
    """The awards that are to be chosen among; `forms`, by key, are those of awards that may be more than one thing.

    `scarce` are the rooms, by identity, that all of them together would overfill; `amounts` what each would count.
    """

    candidates: Sequence[Candidate]
    forms: Mapping[str, Sequence[Form]]
    limits: Limits
    twins: Twins
    scarce: set[int] = field(default_factory=set)
    amounts: list[Exact] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.amounts = [whole(each.offered) for each in self.candidates]
        alike: dict[int, tuple[Sequence[Hit], list[Exact]]] = {}
        for each, amount in zip(self.candidates, self.amounts, strict=True):
            hits = self._hits(each)
            alike.setdefault(id(hits), (hits, []))[1].append(amount)
        asked: dict[int, Exact] = {}
        bounds: dict[int, Exact] = {}
        for hits, amounts in alike.values():
            together = sum(amounts)
            for hit in hits:
                room = id(hit.room)
                asked[room] = asked.get(room, 0) + (together if hit.limit.measure == "credits" else len(amounts))
                bounds[room] = hit.place.bound
        self.scarce = {room for room, amount in asked.items() if amount > bounds[room]}

    def _hits(self, candidate: Candidate) -> Sequence[Hit]:
        """The limits that contain an award in any form, each room once."""
        forms = self.forms.get(candidate.key) if self.forms else None
        if forms is None:
            return self.limits.hits(candidate.award)[0]
        found = (hit for form in forms for hit in self.limits.hits(form.award)[0])
        return tuple({id(hit.room): hit for hit in found}.values())

    def alone(self) -> Iterator[tuple[Candidate, Exact]]:
        """Those to whom nothing matters that another one does: no room, no class, no fate; with what each counts."""
        classes = [self._classes(each) for each in self.candidates]
        shared = self._shared(classes)
        for each, amount, own in zip(self.candidates, self.amounts, classes, strict=True):
            if each.part is not None or each.together is not None or (self.forms and each.key in self.forms):
                continue
            crowded = self.scarce and any(id(hit.room) in self.scarce for hit in self.limits.hits(each.award)[0])
            if not crowded and (not shared or shared.isdisjoint(own)):
                yield each, amount

    def _classes(self, candidate: Candidate) -> list[Class]:
        """The classes of an award of which one at most may count."""
        return [found for rule, found in self.twins.classes("exclusive", candidate.award) if rule.blocks == "counted"]

    def _shared(self, classes: Sequence[Sequence[Class]]) -> set[Class]:
        """The classes that more than one award is in."""
        holders: dict[Class, str] = {}
        shared = set()
        for each, own in zip(self.candidates, classes, strict=True):
            for found in own:
                if holders.setdefault(found, each.award.id) != each.award.id:
                    shared.add(found)
        return shared
