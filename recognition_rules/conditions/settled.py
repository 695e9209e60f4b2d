"""What an award's plain attributes alone settle of a condition, so that it need not be asked of every award anew.

Most conditions of a pack look at a handful of attributes: the source, the class, a fact. All awards that have those in
common get the same answer. What looks at days, scores or the learner is never settled here and is always asked.
"""

from collections.abc import Callable, Hashable, Iterable
from datetime import date
from operator import attrgetter

from recognition_rules.award import Award
from recognition_rules.conditions.atoms import Accredited, Among, AtLeast, Condition, FactAmong
from recognition_rules.conditions.attributes import FACT
from recognition_rules.conditions.compound import All, AnyOf, Everything, Not
from recognition_rules.conditions.targets import EXCLUDED, ExcludedFrom, RecognisedAs
from recognition_rules.situation import Situation
from recognition_rules.truth import Truth

Key = Callable[[Award], Hashable]

_UNIT = "amount.unit"
_NOBODY = Situation(on=date.min, learner={}, levels=None)


def reads(condition: Condition) -> frozenset[str]:
    """The attributes that those parts of the condition look at which attributes alone settle; facts as `fact:name`."""
    if isinstance(condition, All | AnyOf):
        return frozenset().union(*map(reads, condition.parts))
    if isinstance(condition, Not):
        return reads(condition.part)
    name = _attribute(condition)
    return frozenset() if name is None else frozenset({name})


def _attribute(condition: Condition) -> str | None:
    if isinstance(condition, Among):
        return _UNIT if condition.attribute == "unit" else condition.attribute
    if isinstance(condition, Accredited):
        return "issuer_accredited"
    if isinstance(condition, FactAmong):
        return FACT + condition.name
    if isinstance(condition, RecognisedAs):
        return FACT + condition.fact
    return FACT + EXCLUDED if isinstance(condition, ExcludedFrom) else None


def settled(condition: Condition, award: Award) -> Truth | None:
    """The truth of the condition where the attributes that it `reads` settle it; None where more has to be asked."""
    if isinstance(condition, All):
        return _least([settled(part, award) for part in condition.parts])
    if isinstance(condition, AnyOf):
        opposite = _least([_negated(settled(part, award)) for part in condition.parts])
        return _negated(opposite)
    if isinstance(condition, Not):
        return _negated(settled(condition.part, award))
    if isinstance(condition, Everything) or _attribute(condition) is not None:
        return condition.judge(award, _NOBODY).truth
    return None


def _least(truths: list[Truth | None]) -> Truth | None:
    """The least of them, where no part that is not settled could make it less."""
    known = min((truth for truth in truths if truth is not None), default=Truth.YES)
    return known if None not in truths or known is Truth.NO else None


def _negated(truth: Truth | None) -> Truth | None:
    return None if truth is None else truth.negated()


def holding(condition: Condition) -> Callable[[Award], bool] | None:
    """A quick test that is true only of awards that meet a condition made of thresholds; None where there is none."""
    if isinstance(condition, AtLeast):
        return condition.is_met
    if not isinstance(condition, All):
        return None
    tests = [test for part in condition.parts if (test := holding(part)) is not None]
    if len(tests) < len(condition.parts):
        return None
    if len(tests) == 2:
        one, other = tests
        return lambda award: one(award) and other(award)
    return lambda award: all(test(award) for test in tests)


def key_of(conditions: Iterable[Condition], names: Iterable[str] = ()) -> Key:
    """A function that answers the same for two awards only where they settle each condition in the same way, and have
    the same attributes of these names."""
    return by_names(sorted(frozenset(names).union(*map(reads, conditions))))


def by_names(names: Iterable[str]) -> Key:
    """A function that answers the attributes, and facts as `fact:name`, of an award; what it has not got is None."""
    names = tuple(names)
    facts = [name.removeprefix(FACT) for name in names if name.startswith(FACT)]
    plain = [name for name in names if not name.startswith(FACT)]
    attributes = _attributes(plain)
    if not facts:
        return attributes

    nothing = ((type(None), None),) * len(facts)

    def with_facts(award: Award) -> Hashable:
        if not award.facts:
            return (attributes(award), *nothing)
        # 1 and true are equal as keys, but not as facts.
        found = [award.facts.get(name) for name in facts]
        return (attributes(award), *((type(value), value) for value in found))

    return with_facts


def _attributes(names: list[str]) -> Key:
    if not names:
        return lambda _: None
    getter: Key = attrgetter(*names)
    return getter
