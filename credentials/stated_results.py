"""What a badge states that has no result type in Open Badges 3.0: named facts, and each learning outcome.

Both are signed results. The name stands in the result's description: of a result of the type `ext:Fact` the fact's
name, of one of the type `ext:LearningOutcome` the outcome's id.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType
from typing import Final, TypeAlias

from credentials.achievement import FACT, LEARNING_OUTCOME, Result, exact_decimal
from credentials.errors import MalformedCredential
from credentials.members import wrong

FactValue: TypeAlias = str | int | bool
MAX_FACTS: Final = 50
MAX_OUTCOMES: Final = 100
MAX_VALUE: Final = 1_000
MAX_NAME: Final = 100
LARGEST: Final = 2**53 - 1

COMPLETED: Final = "Completed"
FAILED: Final = "Failed"
NO_FACTS: Final[Mapping[str, FactValue]] = MappingProxyType({})

_NAME: Final = re.compile(r"[!-~]{1,100}", re.ASCII)
_INTEGER: Final = re.compile(r"0|-?[1-9][0-9]{0,15}", re.ASCII)
_FLAGS: Final[Mapping[str, bool]] = MappingProxyType({"true": True, "false": False})


@dataclass(frozen=True, slots=True)
class StatedOutcome:
    """What was reached in one learning outcome: a score out of 100, passed or not; None where that is not said."""

    id: str
    score: Fraction | None = None
    passed: bool | None = None


@dataclass(frozen=True, slots=True)
class StatedResults:
    """The facts by name and the outcomes by id. `unshown`: something is described of which no result is there."""

    facts: Mapping[str, FactValue] = field(default_factory=lambda: NO_FACTS)
    outcomes: tuple[StatedOutcome, ...] = ()
    unshown: bool = False


@dataclass(frozen=True, slots=True)
class WrittenResult:
    """One result to be written: its type, what its description's id ends with, the description's name, what it says."""

    type: str
    part: str
    name: str
    value: str | None
    status: str | None = None


NONE_STATED: Final = StatedResults()


def stated_results(results: Iterable[Result], described: Mapping[str, tuple[str, str]]) -> StatedResults:
    """What results say of facts and outcomes; `described` maps a description's id to its type and name.

    Said twice alike is said once. Raises MalformedCredential: `cardinality` where two results contradict each other,
    `out_of_range` for a score above 100, `malformed_credential` for a name, value or number of them that cannot be.
    """
    if not described:
        return NONE_STATED
    found: dict[tuple[str, str], list[Result]] = {named: [] for named in described.values()}
    for result in results:
        named = described.get(result.description_id or "")
        if named is not None:
            found[named].append(result)
    facts = {name: each for (type_, name), each in sorted(found.items()) if type_ == FACT}
    outcomes = {name: each for (type_, name), each in sorted(found.items()) if type_ == LEARNING_OUTCOME}
    _check_names(facts, outcomes)
    texts = {name: _one(item.value for item in each) for name, each in facts.items()}
    return StatedResults(
        MappingProxyType({name: _fact(text) for name, text in texts.items() if text is not None}),
        tuple(_outcome(name, each) for name, each in outcomes.items()),
        unshown=None in texts.values() or not all(outcomes.values()),
    )


def written_results(facts: Mapping[str, FactValue], outcomes: Iterable[StatedOutcome]) -> Iterator[WrittenResult]:
    """The results that say this, in the order of ids and names; read back they say exactly the same.

    Raises MalformedCredential `malformed_credential` for what cannot be said so.
    """
    listed = sorted(outcomes, key=lambda outcome: outcome.id)
    names = [outcome.id for outcome in listed]
    if len(set(names)) != len(names):
        raise wrong("outcomes", "names an outcome twice")
    _check_names(facts, names)
    for number, outcome in enumerate(listed, 1):
        yield _written_outcome(outcome, number)
    for number, (name, value) in enumerate(sorted(facts.items()), 1):
        yield WrittenResult(FACT, f"Fact-{number}", name, _text(value))


def _written_outcome(outcome: StatedOutcome, number: int) -> WrittenResult:
    if outcome.score is None and outcome.passed is None:
        raise wrong("outcomes", "says neither a score nor whether an outcome was passed")
    if outcome.score is not None and not 0 <= outcome.score <= 100:
        raise wrong("outcomes", "holds a score that is not between 0 and 100")
    value = None if outcome.score is None else decimal_text(outcome.score, "outcomes")
    status = None if outcome.passed is None else COMPLETED if outcome.passed else FAILED
    return WrittenResult(LEARNING_OUTCOME, f"LearningOutcome-{number}", outcome.id, value, status)


def decimal_text(value: Fraction, member: str) -> str:
    """The value as a decimal with at most six places; what has none is refused rather than rounded."""
    scaled = value * 10**6
    if scaled.denominator != 1 or not 0 <= value < 10**6:
        raise wrong(member, "is not a decimal number with at most six places")
    whole, places = divmod(int(scaled), 10**6)
    return f"{whole}.{places:06}".rstrip("0").rstrip(".")


def _check_names(facts: Iterable[str], outcomes: Iterable[str]) -> None:
    names, ids = list(facts), list(outcomes)
    if len(names) > MAX_FACTS or len(ids) > MAX_OUTCOMES:
        raise wrong("result", f"states more than {MAX_FACTS} facts or {MAX_OUTCOMES} learning outcomes")
    if not all(map(_NAME.fullmatch, names)):
        raise wrong("resultDescription", f"has a fact's name that is not 1 to {MAX_NAME} visible ASCII characters")
    if not all(0 < len(each) <= MAX_NAME for each in ids):
        raise wrong("resultDescription", f"has a learning outcome's id that is not 1 to {MAX_NAME} characters")


def _one(texts: Iterable[str | None]) -> str | None:
    """The one thing that is said, however often."""
    said = {text for text in texts if text is not None}
    if len(said) > 1:
        raise MalformedCredential("cardinality", pointer="result")
    return said.pop() if said else None


def _fact(text: str) -> FactValue:
    """Yes or no, a whole number in its one spelling, else the text itself."""
    if not 0 < len(text) <= MAX_VALUE:
        raise wrong("result", f"has a fact's value that is not 1 to {MAX_VALUE} characters")
    if text in _FLAGS:
        return _FLAGS[text]
    return int(text) if _INTEGER.fullmatch(text) and abs(int(text)) <= LARGEST else text


def _text(value: FactValue) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    read = _fact(text)
    if type(read) is not type(value):
        raise wrong("facts", "holds a text that reads as a number, true or false, or a number beyond 2^53 - 1")
    return text


def _outcome(name: str, results: list[Result]) -> StatedOutcome:
    value, status = _one(item.value for item in results), _one(item.status for item in results)
    score = None if value is None else exact_decimal(value)
    if score is not None and score > 100:
        raise MalformedCredential("out_of_range")
    return StatedOutcome(name, score, {COMPLETED: True, FAILED: False}.get(status or ""))
