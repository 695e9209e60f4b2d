"""Open questions settled for trial: what a recognition would choose, were each answered one way or the other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from recognition_rules.decision import Reason
from recognition_rules.stages.frame import Candidate, Frame
from recognition_rules.stages.limits import Limits
from recognition_rules.stages.requirements import Audit

SETTLED = "SETTLED"


@dataclass(frozen=True, slots=True)
class Settled:
    """What is taken for granted: whether an award passes its gates, and whether a limit contains it.

    `counting` is by award id, `contained` by award id and limit id. With neither nothing is settled.
    """

    counting: Mapping[str, bool] = field(default_factory=dict)
    contained: Mapping[str, Mapping[str, bool]] = field(default_factory=dict)

    def with_award(self, award: str, *, counts: bool) -> "Settled":
        """The same, and the award's gates answered."""
        return replace(self, counting={**self.counting, award: counts})

    def with_limit(self, award: str, limit: str, *, contains: bool) -> "Settled":
        """The same, and whether the limit contains the award."""
        own = {**self.contained.get(award, {}), limit: contains}
        return replace(self, contained={**self.contained, award: own})

    def about(self, award: str) -> tuple[bool | None, tuple[tuple[str, bool], ...]]:
        """All that is settled about one award."""
        return self.counting.get(award), tuple(sorted(self.contained.get(award, {}).items()))


@dataclass(frozen=True, slots=True)
class Chosen:
    """A recognition after its choice, before it is read: `waiting` are the awards whose gates were left open."""

    frame: Frame
    candidates: Sequence[Candidate]
    limits: Limits
    audit: Audit
    method: str
    settled: Settled
    waiting: frozenset[str]


def settle(candidates: Sequence[Candidate], settled: Settled) -> frozenset[str]:
    """Answers the gates of those awards that are settled; tells which awards were waiting for an answer."""
    waiting = [each for each in candidates if each.unknown and not each.against]
    for each in waiting if settled.counting else ():
        counts = settled.counting.get(each.award.id)
        if counts:
            each.unknown.clear()
        elif counts is False:
            each.against.append(Reason(SETTLED, SETTLED, None, Fraction(0), {}))
    return frozenset(each.award.id for each in waiting)
