"""Rules of which the terms of the day of enrolment hold: picked once for a learner, before anything is decided."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Protocol, TypeVar

from recognition_rules.terms import RuleHead

if TYPE_CHECKING:
    from recognition_rules.pack import Pack

BY_ENROLMENT = ("decision", "enrolment")
"""The selectors of rules that hold for the whole of a recognition: the day that picks their terms, the usual first."""

FACT = "enrolled_on"
_ONE_DAY = timedelta(days=1)


class _Headed(Protocol):
    @property
    def head(self) -> RuleHead: ...


T = TypeVar("T", bound=_Headed)


def enrolled(pack: "Pack", day: date | None) -> "Pack":
    """The pack with the terms in force on the day of enrolment; where the day is not known and could tell, its heads
    wait for it. The identity stays; awards of learners who enrolled under the same terms share one pack."""
    heads = _by_enrolment(*_amounts(pack), pack.equivalences, pack.milestones)
    if not heads:
        return pack
    picked = tuple(_version(head, day) for head in heads)
    key = (FACT, *picked)
    if key not in pack._local:
        pack._local[key] = replace(
            pack,
            _local={},
            equivalences=_picked(pack.equivalences, day),
            conversions=_picked(pack.conversions, day),
            ratios=_picked(pack.ratios, day),
            contact_hours=_picked(pack.contact_hours, day),
            milestones=_picked(pack.milestones, day),
        )
    return pack._local[key]


def ways(pack: "Pack") -> tuple["Pack", ...]:
    """The packs that could hold for what awards are worth, one for each day that would tell; none where it is known."""
    waiting = [head for head in _by_enrolment(*_amounts(pack)) if head.waits]
    if not waiting:
        return ()
    days = {date.min} | {term.start for head in waiting for term in head.terms if term.start}
    ends = {term.until + _ONE_DAY for head in waiting for term in head.terms if term.until and term.until < date.max}
    return tuple(enrolled(pack, day) for day in sorted(days | ends))


def _amounts(pack: "Pack") -> tuple[Iterable[_Headed], ...]:
    """The rules that say what awards are worth."""
    return pack.conversions, pack.ratios, pack.contact_hours


def _by_enrolment(*groups: Iterable[_Headed]) -> list[RuleHead]:
    return [rule.head for group in groups for rule in group if rule.head.selector == "enrolment"]


def _version(head: RuleHead, day: date | None) -> str:
    if day is None:
        return "?"
    terms = next((each for each in head.terms if each.covers(day)), None)
    return "none" if terms is None else terms.version


def _picked(rules: tuple[T, ...], day: date | None) -> tuple[T, ...]:
    return tuple(_by(rule, day) if rule.head.selector == "enrolment" else rule for rule in rules)


def _by(rule: T, day: date | None) -> T:
    changed: T = replace(rule, head=rule.head.by(day))  # type: ignore[type-var]  # every rule is a dataclass
    return changed
