"""What a condition may look at beside the award: the day, the learner's facts, and the learner's other awards."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from recognition_rules.award import Award, FactValue
from recognition_rules.canonical import Json
from recognition_rules.judgement import Judgement
from recognition_rules.levels import LevelTable
from recognition_rules.truth import YES, Truth, Verdict

if TYPE_CHECKING:
    from recognition_rules.conditions.atoms import Condition
    from recognition_rules.stages.plan import Plan, Profile

LearnerFact = FactValue | date


@dataclass(slots=True)
class Situation:
    """The fixed surroundings of one recognition.

    `peers` are the awards that passed the eligibility step, the reference set of every rule that speaks of what
    a learner *also has*: it does not move with the choice. `submitted` are all awards, failed ones too: the history.
    `institution` is the body that awards the qualification, whom a rule calls its own. `telling` is false in bulk
    runs, where nobody reads sums in words: conditions then write none. `index` and `histories` cache what
    conditions derive from them; `plan` is what was worked out for the pack, `profiles` what it says of each award.
    """

    on: date
    learner: Mapping[str, LearnerFact]
    levels: LevelTable | None
    peers: tuple[Award, ...] = ()
    submitted: tuple[Award, ...] = ()
    given_up: tuple[Award, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    institution: str | None = None
    telling: bool = True
    index: dict[int, frozenset[str]] = field(default_factory=dict)
    histories: dict[int, dict[str, tuple[Award, ...]]] = field(default_factory=dict)
    plan: "Plan | None" = None
    profiles: "dict[int, tuple[Award, Profile]]" = field(default_factory=dict)

    def profile(self, award: Award) -> "Profile":
        """What the plan knows of all awards with the same plain attributes; there must be a plan."""
        known = self.profiles.get(id(award))
        if known is None:
            assert self.plan is not None
            known = self.profiles[id(award)] = (award, self.plan.profile(award))
        return known[1]

    def truth(self, condition: "Condition", award: Award) -> Truth:
        """The truth of a condition, without being asked where the award's plain attributes settle it."""
        known = None if self.plan is None else self.profile(award).truths.get(id(condition))
        return condition.judge(award, self).truth if known is None else known

    def applies(self, condition: "Condition", award: Award) -> Verdict:
        """The verdict of a condition that says to which awards a rule applies: of a *no* or a *yes* nobody
        reads more than that."""
        known = None if self.plan is None else self.profile(award).truths.get(id(condition))
        if known is Truth.UNKNOWN or known is None:
            return condition.judge(award, self)
        return YES if known is Truth.YES else _NO

    def learner_day(self, name: str) -> date | None:
        """A fact about the learner that is a day, or None where it is not known."""
        value = self.learner.get(name)
        return value if isinstance(value, date) else None


_NO = Verdict(Truth.NO)


def fact_json(value: LearnerFact) -> Json:
    """A learner's fact as it stands in the digested inputs."""
    return value.isoformat() if isinstance(value, date) else value
