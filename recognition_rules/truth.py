"""Three truth values: a predicate is true, false or unknown, and unknown is never coerced to false."""

from collections.abc import Iterable, Mapping, Sequence
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
    """One repair from the closed catalogue: what to `do` and its `details` (plain JSON values).

    It is `spare` where another way of repairing the same condition is cheaper; then it is tried, and not proposed.
    """

    do: str
    details: Mapping[str, Json] = field(default_factory=lambda: _NO_FACTS)
    spare: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Finding:
    """One atom that does not hold or is not known: its reason code, the facts, the edit that would repair it.

    It is `spare` where a cheaper branch of an `any` would do: it is told, and need not be mended.
    """

    code: str
    facts: Mapping[str, Json] = field(default_factory=lambda: _NO_FACTS)
    edit: Edit | None = None
    spare: bool = False

    def spared(self, *, closed: bool) -> "Finding":
        """The same, where something cheaper would do; a way that stays `closed` offers no repair at all."""
        edit = None if closed or self.edit is None else replace(self.edit, spare=True)
        return replace(self, edit=edit, spare=True)


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
    """Any of them: where one holds nothing is reported, else every atom that failed; to mend it, the branch that takes
    the fewest edits will do, of equal ones the first."""
    truth, branches, arithmetic = Truth.NO, [], ()  # type: tuple[Truth, list[tuple[Finding, ...]], tuple[str, ...]]
    for part in verdicts:
        truth = max(truth, part.truth)
        arithmetic += part.arithmetic
        if part.truth is not Truth.YES:
            branches.append(part.findings)
    if truth is Truth.YES:
        return Verdict(truth, (), arithmetic) if arithmetic else YES
    return Verdict(truth, _cheapest_first(branches), arithmetic)


def _cheapest_first(branches: Sequence[tuple[Finding, ...]]) -> tuple[Finding, ...]:
    """The findings of all branches, those spared that are not of the cheapest; all stay where none can be mended.

    A branch of which something cannot be mended stays closed: it offers nothing where another can be opened.
    """
    costs = [_cost(each) for each in branches] if len(branches) > 1 else []
    cheapest = min((cost for cost in costs if cost), default=None)
    chosen = None if cheapest is None else costs.index(cheapest)
    return tuple(
        finding if chosen in (None, number) else finding.spared(closed=costs[number] is None)
        for number, findings in enumerate(branches)
        for finding in findings
    )


def _cost(findings: tuple[Finding, ...]) -> int | None:
    """How many different edits mend a branch; None where something in it cannot be mended."""
    needed = [each.edit for each in findings if not each.spare]
    if not needed or None in needed:
        return None
    return sum(edit not in needed[:number] for number, edit in enumerate(needed))
