"""Three truth values: a predicate is true, false or unknown, and unknown is never coerced to false."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum
from types import MappingProxyType

from recognition_rules.canonical import Json

_NO_FACTS: Mapping[str, Json] = MappingProxyType({})


class Truth(IntEnum):
    """No < unknown < yes, so that *all* is the least and *any* the greatest of its parts (Kleene)."""

    NO = 0
    UNKNOWN = 1
    YES = 2

    def negated(self) -> "Truth":
        """Yes and no change places; unknown stays."""
        return Truth(2 - self)


@dataclass(frozen=True, slots=True)
class Edit:
    """One repair from the closed catalogue: what to `do` and its `details` (plain JSON values)."""

    do: str
    details: Mapping[str, Json] = field(default_factory=lambda: _NO_FACTS)


@dataclass(frozen=True, slots=True)
class Finding:
    """One atom that does not hold or is not known: its reason code, the facts, the edit that would repair it."""

    code: str
    facts: Mapping[str, Json] = field(default_factory=lambda: _NO_FACTS)
    edit: Edit | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The truth of a condition for one award, every atom that failed, and the sums in words."""

    truth: Truth
    findings: tuple[Finding, ...] = ()
    arithmetic: tuple[str, ...] = ()

    def negated(self) -> "Verdict":
        """The opposite; a condition that holds and must not gets a finding from its caller."""
        return Verdict(self.truth.negated(), self.findings, self.arithmetic)


YES = Verdict(Truth.YES)


def both(verdicts: Iterable[Verdict]) -> Verdict:
    """All of them: every failing atom is reported, there is no short circuit."""
    truth, findings, arithmetic = Truth.YES, (), ()  # type: tuple[Truth, tuple[Finding, ...], tuple[str, ...]]
    for part in verdicts:
        if part is YES:
            continue
        arithmetic += part.arithmetic
        if part.truth is not Truth.YES:
            truth = min(truth, part.truth)
            findings += part.findings
    return Verdict(truth, findings, arithmetic) if findings or arithmetic or truth is not Truth.YES else YES


def either(verdicts: Iterable[Verdict]) -> Verdict:
    """Any of them: where one holds nothing is reported, else every atom that failed."""
    parts = tuple(verdicts)
    truth = max((part.truth for part in parts), default=Truth.NO)
    arithmetic = tuple(line for part in parts for line in part.arithmetic)
    if truth is Truth.YES:
        return Verdict(truth, (), arithmetic) if arithmetic else YES
    return Verdict(truth, tuple(finding for ways in _ways(parts) for finding in ways), arithmetic)


def _ways(parts: tuple[Verdict, ...]) -> Iterable[tuple[Finding, ...]]:
    """What failed in each part; a part that no repairs can mend offers none, where another part can be mended."""
    mended = [all(finding.edit is not None for finding in part.findings) for part in parts]
    for part, can_be in zip(parts, mended, strict=True):
        hopeless = not can_be and any(mended)
        yield tuple(replace(each, edit=None) for each in part.findings) if hopeless else part.findings
