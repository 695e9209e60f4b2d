"""The atoms that ask for a level: at least, at most, exactly; each with three answers."""

from dataclasses import dataclass, replace
from fractions import Fraction

from recognition_rules.amount_text import text_of_amount
from recognition_rules.award import Award
from recognition_rules.canonical import Json
from recognition_rules.conditions.judged import Judged, read_judged
from recognition_rules.errors import RuleError
from recognition_rules.levels import Level
from recognition_rules.reading.pack_reader import Node
from recognition_rules.reading.vocabulary import Vocabulary
from recognition_rules.situation import Situation
from recognition_rules.truth import Edit, Finding, Truth, Verdict, either


@dataclass(frozen=True, slots=True)
class LevelAtLeast:
    """The award's level, read in the minimum's framework, is at least the minimum."""

    minimum: Level
    settled_by: Judged | None = None

    def judge(self, award: Award, situation: Situation) -> Verdict:
        """Unknown where no level is given, no map is at hand, or the mapped set straddles the minimum.

        What stays unknown may be settled by a signed judgement, where the rule names its question.
        """
        verdict = self._by_level(award, situation)
        return verdict if verdict.truth is not Truth.UNKNOWN else settled(verdict, self.settled_by, award, situation)

    def _by_level(self, award: Award, situation: Situation) -> Verdict:
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
        details = {"fact": "level", "framework": self.minimum.framework, "value": text_of_amount(self.minimum.value)}
        return Edit("supply" if truth is Truth.UNKNOWN else "reach", details)


@dataclass(frozen=True, slots=True)
class LevelWithin:
    """The award's level, read in the framework of the bounds, is at most `highest`, or exactly that."""

    highest: Level
    exactly: bool
    settled_by: Judged | None = None

    def judge(self, award: Award, situation: Situation) -> Verdict:
        """Unknown where some of the levels that the award's may be lie within and others do not."""
        levels = self._levels(award, situation)
        within = [self._fits(level) for level in levels]
        if within and all(within):
            return Verdict(Truth.YES, (), (f"{award.level}, {self._asked()} is asked",) if situation.telling else ())
        facts: dict[str, Json] = {
            "have": None if award.level is None else str(award.level),
            "read_as": [str(level) for level in levels],
            "needed": self._asked(),
        }
        if within and not any(within):
            return Verdict(Truth.NO, (Finding(self._code(levels), facts, self._edit()),))
        code = "LEVEL_STRADDLES" if within else "FACT_MISSING"
        unknown = Finding(code, facts if within else {"fact": "level", **facts}, self._edit("supply"))
        return settled(Verdict(Truth.UNKNOWN, (unknown,)), self.settled_by, award, situation)

    def _levels(self, award: Award, situation: Situation) -> tuple[Level, ...]:
        if award.level is None:
            return ()
        if situation.levels is not None:
            return situation.levels.mapped(award.level, self.highest.framework, situation.on)
        return (award.level,) if award.level.framework == self.highest.framework else ()

    def _fits(self, level: Level) -> bool:
        return level.value == self.highest.value if self.exactly else level <= self.highest

    def _code(self, levels: tuple[Level, ...]) -> str:
        return "LEVEL_BELOW" if self.exactly and levels[-1] < self.highest else "SOURCE_NOT_ELIGIBLE"

    def _asked(self) -> str:
        return str(self.highest) if self.exactly else f"at most {self.highest}"

    def _edit(self, do: str = "reach") -> Edit:
        value = text_of_amount(self.highest.value)
        return Edit(do, {"fact": "level", "framework": self.highest.framework, "value": value})


def settled(open_: Verdict, by: Judged | None, award: Award, situation: Situation) -> Verdict:
    """What a level leaves open, as a person has judged it; without a judgement both what is open are told."""
    if by is None:
        return open_
    judged = by.judge(award, situation)
    if judged.truth is not Truth.UNKNOWN:
        level: dict[str, Json] = dict(open_.findings[0].facts)
        refused = tuple(replace(each, code="LEVEL_BELOW", facts={**level, **each.facts}) for each in judged.findings)
        return Verdict(judged.truth, refused, (*open_.arithmetic, *judged.arithmetic))
    return Verdict(Truth.UNKNOWN, either((open_, judged)).findings, open_.arithmetic)


def read_level(node: Node, key: str, vocabulary: Vocabulary) -> LevelAtLeast:  # noqa: ARG001 - shape of a reader
    """`level_at_least = { framework = "eqf", value = 6 }`; half levels as "5.5".

    With `judged = { question = "level-match", is = true }` a signed answer settles what the level leaves open.
    """
    return LevelAtLeast(*_bound(node, key))


def read_level_at_most(node: Node, key: str, vocabulary: Vocabulary) -> LevelWithin:  # noqa: ARG001
    """`level_at_most = { framework = "hkqf", value = 2 }`."""
    level, judged = _bound(node, key)
    return LevelWithin(level, exactly=False, settled_by=judged)


def read_level_is(node: Node, key: str, vocabulary: Vocabulary) -> LevelWithin:  # noqa: ARG001
    """`level_is = { framework = "rqf", value = 7 }`: exactly this level."""
    level, judged = _bound(node, key)
    return LevelWithin(level, exactly=True, settled_by=judged)


def _bound(node: Node, key: str) -> tuple[Level, Judged | None]:
    child = node.child(key)
    framework, value = child.text("framework"), child.number("value")
    try:
        level = Level(framework, Fraction(value))
    except RuleError as error:
        raise child.fail(error.message, "value") from None
    judged = child.child_or_none("judged")
    settled_by = read_judged(judged) if judged else None
    child.done()
    return level, settled_by
