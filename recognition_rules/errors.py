"""What can go wrong in the rules, each with a stable code, a sentence and the facts behind it.

A refusal to recognise an award is not an error: it is a decision with reasons. What stands here is for packs
that cannot be read, amounts that are not amounts, and conversions that no rule provides.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar


class RuleError(Exception):
    """The root of every error of this package.

    `code` is stable and snake_case, `message` is a sentence for a person, `facts` holds what the sentence was
    built from. Facts never carry personal data and never echo raw input.
    """

    code: ClassVar[str] = "rule_error"
    sentence: ClassVar[str] = "The rules could not be applied."

    def __init__(self, **facts: object) -> None:
        self.facts: Mapping[str, object] = MappingProxyType(facts)
        self.message = self.sentence.format(**facts)
        super().__init__(self.message)


class PackInvalid(RuleError):
    """A pack that cannot be accepted: facts are `file`, `line` (from 1, or None), `problem` (a sentence).

    `problem_code` names the finding for programs (`amplifying_cycle`, `unknown_key` …).
    """

    code = "pack_invalid"

    def __init__(self, *, file: str, line: int | None, problem: str, problem_code: str = "pack_invalid") -> None:
        self.file, self.line, self.problem, self.problem_code = file, line, problem, problem_code
        super().__init__(file=file, line=line, problem=problem, problem_code=problem_code)
        place = file if line is None else f"{file}, line {line}"
        self.message = f"{place}: {problem}"
        self.args = (self.message,)


class AmountMalformed(RuleError):
    """Text that is not a credit amount such as `4`, `4.5` or `20/3`."""

    code = "amount_malformed"
    sentence = "A credit amount is a whole number, a decimal such as 4.5, or a fraction such as 20/3."


class AmountOutOfRange(RuleError):
    """An amount beyond what one account may hold; `limit_credits` is the bound in credits."""

    code = "amount_out_of_range"
    sentence = "The amount is larger than {limit_credits} credits, which is more than the books can hold."


class NotWholeGrains(RuleError):
    """An amount that the books cannot hold exactly; the rule that produced it must state its rounding."""

    code = "not_whole_grains"
    sentence = "The amount {amount} is not a whole number of grains: its rule must say how to round."


class UnitMalformed(RuleError):
    """Text that cannot be the id of a credit unit."""

    code = "unit_malformed"
    sentence = "A credit unit is named by lower-case letters, digits and single hyphens, such as uk-cats."


class UnitsDiffer(RuleError, TypeError):
    """Amounts in two units were added or compared; it is a `TypeError`, as adding metres to hours is."""

    code = "units_differ"
    sentence = "Credits in {left} and in {right} cannot be added or compared: convert one of them first."


class UnitNotConvertible(RuleError):
    """No ratio and no hours lead from `source` to `target`, or one of them is not academic credit."""

    code = "unit_not_convertible"
    sentence = "Credits in {source} cannot be converted into {target}: {because}."


class UnknownUnit(UnitNotConvertible):
    """A unit that the units pack does not define; the fact is `unit`."""

    code = "unknown_unit"
    sentence = "The credit unit {unit} is not in the units pack, so nothing can be converted from or into it."


class LevelMalformed(RuleError):
    """A level that is not a positive whole or half step of a framework."""

    code = "level_malformed"
    sentence = "A level is a whole or half step from {lowest} to {highest}, such as 6 or 5.5, of a named framework."


class LevelsDiffer(RuleError, TypeError):
    """Levels of two frameworks were compared without a map; like unlike units, a `TypeError`."""

    code = "levels_differ"
    sentence = "Levels of {left} and of {right} cannot be compared: map one of them first."
