"""Step 8, best: which of the open awards contend with one another, and which count in any case.

Where more is never worse, an award counts in full that finds room whatever else counts, has no twin, and may be only
one thing in one slot: a selection without it would not be the best, because adding it takes nothing from anybody, and
of equal selections the canonical one counts more. So only the others have to be chosen among.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from recognition_rules.amount_text import Exact, whole
from recognition_rules.programme import leaves
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
    return all(leaf.need.share_of != "counted" for leaf in leaves(frame.version.require))


def limits_share_what_counts(frame: Frame) -> bool:
    """Whether the room of a limit is known only when all is chosen, so that nobody can walk in order."""
    return any(each.bound.share_of == "counted" for each in frame.plan.limits)


@dataclass(slots=True)
class Contest:
    """The awards that are to be chosen among, with what each may be, by its key.

    `scarce` are the rooms, by identity, that all of them together would overfill.
    """

    candidates: Sequence[Candidate]
    forms: Mapping[str, Sequence[Form]]
    limits: Limits
    twins: Twins
    scarce: set[int] = field(default_factory=set)
    shared: set[Class] = field(default_factory=set)

    def __post_init__(self) -> None:
        asked: dict[int, Exact] = {}
        bounds: dict[int, Exact] = {}
        for each in self.candidates:
            amount = whole(each.offered)
            for hit in self._hits(each):
                room = id(hit.room)
                asked[room] = asked.get(room, 0) + (amount if hit.limit.measure == "credits" else 1)
                bounds[room] = hit.place.bound
        self.scarce = {room for room, amount in asked.items() if amount > bounds[room]}
        self.shared = self._shared()

    def _hits(self, candidate: Candidate) -> Sequence[Hit]:
        """The limits that contain an award in any form, each room once."""
        forms = self.forms[candidate.key]
        if len(forms) == 1:
            return self.limits.hits(candidate.award)[0]
        found = (hit for form in forms for hit in self.limits.hits(form.award)[0])
        return tuple({id(hit.room): hit for hit in found}.values())

    def _shared(self) -> set[Class]:
        """The classes of which one award at most may count and that more than one is in."""
        holders: dict[Class, str] = {}
        shared = set()
        for each in self.candidates:
            for found in self._classes(each):
                if holders.setdefault(found, each.award.id) != each.award.id:
                    shared.add(found)
        return shared

    def _classes(self, candidate: Candidate) -> Iterator[Class]:
        for rule, found in self.twins.classes("exclusive", candidate.award):
            if rule.blocks == "counted":
                yield found

    def is_alone(self, candidate: Candidate) -> bool:
        """Whether nothing that another award does or does not matters to it: its room, its class, its fate."""
        if candidate.part is not None or candidate.together is not None or len(self.forms[candidate.key]) > 1:
            return False
        if self.shared and not self.shared.isdisjoint(self._classes(candidate)):
            return False
        return not self.scarce or all(id(hit.room) not in self.scarce for hit in self._hits(candidate))
