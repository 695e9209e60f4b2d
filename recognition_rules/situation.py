"""What a condition may look at beside the award: the day, the learner's facts, and the learner's other awards."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from recognition_rules.award import Award, FactValue
from recognition_rules.canonical import Json
from recognition_rules.judgement import Judgement
from recognition_rules.levels import LevelTable

LearnerFact = FactValue | date


@dataclass(slots=True)
class Situation:
    """The fixed surroundings of one recognition.

    `peers` are the awards that passed the eligibility step, the reference set of every rule that speaks of what
    a learner *also has*: it does not move with the choice. `submitted` are all awards, failed ones too: the history.
    `institution` is the body that awards the qualification, whom a rule calls its own. `telling` is false in bulk
    runs, where nobody reads sums in words: conditions then write none. `index` and `histories` cache what
    conditions derive from them.
    """

    on: date
    learner: Mapping[str, LearnerFact]
    levels: LevelTable | None
    peers: tuple[Award, ...] = ()
    submitted: tuple[Award, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    institution: str | None = None
    telling: bool = True
    index: dict[int, frozenset[str]] = field(default_factory=dict)
    histories: dict[int, dict[str, tuple[Award, ...]]] = field(default_factory=dict)

    def learner_day(self, name: str) -> date | None:
        """A fact about the learner that is a day, or None where it is not known."""
        value = self.learner.get(name)
        return value if isinstance(value, date) else None


def fact_json(value: LearnerFact) -> Json:
    """A learner's fact as it stands in the digested inputs."""
    return value.isoformat() if isinstance(value, date) else value
