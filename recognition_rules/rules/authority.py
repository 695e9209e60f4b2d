"""Which authority may depart from which rule, in which direction, within which bounds.

Precedence: law, national body, bank, accreditor, institution, programme. A lower authority may be stricter unless the
higher one's terms say otherwise; a specific rule stands in the place of the general one where it is allowed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from recognition_rules.terms import AUTHORITIES, RuleHead, Terms

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Override:
    """One [[override]]: in place of the terms of the rule `of` those of the head, for some institutions or programmes.

    `lift` takes the rule away there while the terms are in force.
    """

    head: RuleHead
    of: str
    institutions: frozenset[str] | None
    lift: bool

    def concerns(self, programme: str, institution: str | None) -> bool:
        """Whether it holds for a recognition in this programme by this institution (None: not known which)."""
        return self.head.concerns(programme) and (self.institutions is None or institution in self.institutions)

    def meets(self, other: "Override") -> bool:
        """Whether some recognition could be concerned by both."""
        return _meet(self.head.programmes, other.head.programmes) and _meet(self.institutions, other.institutions)

    @property
    def rank(self) -> int:
        """The place of its authority, 0 being the highest."""
        return max(AUTHORITIES.index(terms.authority) for terms in self.head.terms)


def spliced(base: Sequence[Terms], override: Override) -> tuple[Terms, ...]:
    """The terms with the local ones in place while they are in force; those of a lifted rule leave a gap."""
    return tuple(piece for terms in base for piece in _pieces(terms, override))


def _pieces(base: Terms, override: Override) -> list[Terms]:
    found: list[Terms] = []
    free, last = base.start or date.min, base.until or date.max
    for local in override.head.terms:
        start, until = max(free, local.start or date.min), min(last, local.until or date.max)
        if start > until:
            continue
        if free < start:
            found.append(_between(base, free, start - _ONE_DAY))
        if not override.lift:
            version = f"{base.version}+{override.head.id}.{local.version}"
            found.append(replace(_between(local, start, until), version=version, replaces=base))
        if until == date.max:
            return found
        free = until + _ONE_DAY
    return [*found, _between(base, free, last)] if free <= last else found


def _between(terms: Terms, start: date, until: date) -> Terms:
    return replace(terms, start=None if start == date.min else start, until=None if until == date.max else until)


def _meet(one: frozenset[str] | None, other: frozenset[str] | None) -> bool:
    return one is None or other is None or bool(one & other)
