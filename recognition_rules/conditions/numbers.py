"""Facts that are numbers, such as years or an age: compared exactly, and unknown where they are no number."""

from dataclasses import dataclass
from fractions import Fraction

from recognition_rules.amount_text import text_of_amount
from recognition_rules.award import Award
from recognition_rules.canonical import Json
from recognition_rules.conditions.atoms import missing
from recognition_rules.credits import parse_amount
from recognition_rules.errors import RuleError
from recognition_rules.reading.pack_reader import Node
from recognition_rules.situation import Situation
from recognition_rules.truth import Edit, Finding, Truth, Verdict


@dataclass(frozen=True, slots=True)
class Bounds:
    """A number is at least `low` and at most `high`, both included; one of them may be left out."""

    low: Fraction | None
    high: Fraction | None

    def hold(self, value: object) -> bool | None:
        """Whether the value, a whole number or an exact text such as "7/2", lies within; None where it is none."""
        number = exact_number(value)
        if number is None:
            return None
        return (self.low is None or number >= self.low) and (self.high is None or number <= self.high)

    def words(self, value: str) -> str:
        """The comparison, such as `3 ≤ 4 ≤ 5`."""
        low = "" if self.low is None else f"{text_of_amount(self.low)} ≤ "
        return f"{low}{value}" + ("" if self.high is None else f" ≤ {text_of_amount(self.high)}")

    def nearest(self, value: object) -> Json:
        """The number within the bounds that lies nearest, as a fact is written."""
        number = exact_number(value)
        end = self.low if self.low is not None and (number is None or number < self.low) else self.high
        assert end is not None
        return int(end) if end.denominator == 1 else text_of_amount(end)


def exact_number(value: object) -> Fraction | None:
    """The number that a fact states; None for words, for yes and no, and for nothing."""
    if value is None or isinstance(value, bool):
        return None
    try:
        return parse_amount(str(value))
    except RuleError:
        return None


def read_bounds(node: Node) -> Bounds:
    """`at_least` and `at_most`; raises `PackInvalid` where nothing is said, or no number fits."""
    found = Bounds(*(node.number(key) if node.has(key) else None for key in ("at_least", "at_most")))
    if found.low is None and found.high is None:
        raise node.fail("Say what the fact must be: 'at_least', 'at_most', or both.")
    if found.low is not None and found.high is not None and found.high < found.low:
        raise node.fail("'at_most' is less than 'at_least'.", "at_most")
    return found


@dataclass(frozen=True, slots=True)
class FactWithin:
    """A fact of the award is a number within bounds."""

    name: str
    bounds: Bounds

    def judge(self, award: Award, situation: Situation) -> Verdict:
        """What is no number is unknown, as what is not there."""
        value = award.facts.get(self.name)
        holds = self.bounds.hold(value)
        if holds is None:
            return missing(self.name, value=self.bounds.nearest(None))
        if holds:
            return Verdict(Truth.YES, (), (self.bounds.words(str(value)),) if situation.telling else ())
        edit = Edit("reach", {"fact": self.name, "value": self.bounds.nearest(value)})
        return Verdict(Truth.NO, (Finding("SOURCE_NOT_ELIGIBLE", {self.name: value}, edit),))
