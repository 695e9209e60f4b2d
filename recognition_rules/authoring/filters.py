"""What can be said about filters without any award: that one covers another, or that nothing can pass.

The answers are sound and not complete: where a filter asks for facts or dates, nothing is claimed.
"""

from collections.abc import Iterable

from recognition_rules.conditions.atoms import Among, Condition
from recognition_rules.conditions.compound import All, AnyOf, Everything


def allowed(condition: Condition, key: str) -> frozenset[str] | None:
    """The only values of a field with which an award can pass; None where every value may."""
    if isinstance(condition, Among):
        return condition.values if condition.key == key else None
    if isinstance(condition, All):
        return _common(allowed(part, key) for part in condition.parts)
    if isinstance(condition, AnyOf):
        found = [allowed(part, key) for part in condition.parts]
        return None if None in found else frozenset().union(*(each for each in found if each is not None))
    return None


def _common(found: Iterable[frozenset[str] | None]) -> frozenset[str] | None:
    known = [each for each in found if each is not None]
    return frozenset.intersection(*known) if known else None


def covers(outer: Condition, inner: Condition) -> bool:
    """Whether every award that passes `inner` surely passes `outer`."""
    if isinstance(outer, Everything) or outer == inner:
        return True
    if isinstance(outer, All):
        return all(covers(part, inner) for part in outer.parts)
    if isinstance(inner, AnyOf):
        return all(covers(outer, part) for part in inner.parts)
    if isinstance(outer, AnyOf) and any(covers(part, inner) for part in outer.parts):
        return True
    if isinstance(outer, Among):
        values = allowed(inner, outer.key)
        return values is not None and values <= outer.values
    return isinstance(inner, All) and any(covers(outer, part) for part in inner.parts)


def impossible(condition: Condition) -> bool:
    """Whether surely no award passes: it asks for two values of one field at once."""
    if isinstance(condition, AnyOf):
        return all(map(impossible, condition.parts))
    if not isinstance(condition, All):
        return False
    keys = {key for part in condition.parts for key in _keys(part)}
    return any(map(impossible, condition.parts)) or any(allowed(condition, key) == frozenset() for key in keys)


def _keys(condition: Condition) -> set[str]:
    if isinstance(condition, Among):
        return {condition.key}
    parts = condition.parts if isinstance(condition, All | AnyOf) else ()
    return {key for part in parts for key in _keys(part)}
