"""The atom that asks for a minimum level, with its three answers."""

from dataclasses import dataclass
from fractions import Fraction

from recognition_rules.amount_text import text_of_amount
from recognition_rules.award import Award
from recognition_rules.errors import RuleError
from recognition_rules.levels import Level
from recognition_rules.reading.pack_reader import Node
from recognition_rules.reading.vocabulary import Vocabulary
from recognition_rules.situation import Situation
from recognition_rules.truth import Edit, Finding, Truth, Verdict


@dataclass(frozen=True, slots=True)
class LevelAtLeast:
    """The award's level, read in the minimum's framework, is at least the minimum."""

    minimum: Level

    def judge(self, award: Award, situation: Situation) -> Verdict:
        """Unknown where no level is given, no map is at hand, or the mapped set straddles the minimum."""
        if award.level is None:
            return self._unknown({"fact": "level", "needed": str(self.minimum)})
        if situation.levels is not None:
            return self._by_table(award.level, situation)
        if award.level.framework != self.minimum.framework:
            return self._unknown({"fact": "level", "needed": str(self.minimum), "have": str(award.level)})
        return self._within_framework(award.level)

    def _by_table(self, level: Level, situation: Situation) -> Verdict:
        assert situation.levels is not None
        test = situation.levels.meets(level, self.minimum, situation.on)
        if test.reason is None:
            return Verdict(test.truth, (), (test.arithmetic,))
        facts = {"have": str(level), "read_as": [str(each) for each in test.levels], "needed": str(self.minimum)}
        return Verdict(test.truth, (Finding(test.reason, facts, self._edit(test.truth)),), (test.arithmetic,))

    def _within_framework(self, level: Level) -> Verdict:
        words = f"{level}, at least {self.minimum} is asked"
        if self.minimum <= level:
            return Verdict(Truth.YES, (), (words,))
        facts = {"have": str(level), "read_as": [str(level)], "needed": str(self.minimum)}
        return Verdict(Truth.NO, (Finding("LEVEL_BELOW", facts, self._edit(Truth.NO)),), (words,))

    def _unknown(self, facts: dict[str, str]) -> Verdict:
        return Verdict(Truth.UNKNOWN, (Finding("FACT_MISSING", facts, self._edit(Truth.UNKNOWN)),))

    def _edit(self, truth: Truth) -> Edit:
        if truth is Truth.UNKNOWN:
            return Edit("supply", {"fact": "level"})
        value = text_of_amount(self.minimum.value)
        return Edit("reach", {"fact": "level", "framework": self.minimum.framework, "value": value})


def read_level(node: Node, key: str, vocabulary: Vocabulary) -> LevelAtLeast:  # noqa: ARG001 - shape of a reader
    """`level_at_least = { framework = "eqf", value = 6 }`; half levels as "5.5"."""
    child = node.child(key)
    framework, value = child.text("framework"), child.number("value")
    try:
        level = Level(framework, Fraction(value))
    except RuleError as error:
        raise child.fail(error.message, "value") from None
    child.done()
    return LevelAtLeast(level)
