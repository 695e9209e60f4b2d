"""What the trust registry says of an award's issuer on the days that a pack asks about: facts of the award, yes or no.

An institution may lose its accreditation after a deposit. Whether the credit stays is the pack's to say; whether the
institution was accredited at the start, at the award, at the deposit, now, or on all days since, the registry's.
Supplied only where the pack asks, and kept with the decision's inputs like everything else about an award.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from creditbank.store import Transaction, registry
from creditbank.transactions.registry import accreditations_of
from issuers.issuer import Accreditation
from issuers.registry import may_award
from recognition_rules.award import Award
from recognition_rules.conditions.issuers import ACCREDITED_FACTS, AccreditedOn
from recognition_rules.levels import Level
from recognition_rules.pack import Pack

_KEY: Final = "issuer_accredited"
_DAY: Final = timedelta(days=1)


def with_registry_facts(tx: Transaction, pack: Pack, awards: Sequence[Award], on: date) -> list[Award]:
    """The awards with the registry's answers that the pack asks for, as at the day of the decision where it says now.

    The registry's word takes the place of anybody's. An institution that is not registered, or a day that is not known,
    stays without an answer.
    """
    asked = _asked_by(pack)
    if not asked:
        return list(awards)
    known = {issuer: _accreditations(tx, issuer) for issuer in {award.issuer for award in awards}}
    return [_with(award, known[award.issuer], asked, on) for award in awards]


def asks_registry(pack: Pack) -> bool:
    """Whether a pack asks the registry about other days than the end of a course."""
    return bool(_asked_by(pack))


def _accreditations(tx: Transaction, issuer: str) -> tuple[Accreditation, ...] | None:
    row = registry.issuer(tx, issuer)
    return None if row is None else accreditations_of(tx, row)


def _with(award: Award, known: tuple[Accreditation, ...] | None, asked: frozenset[str], on: date) -> Award:
    if known is None:
        return award
    answers = {ACCREDITED_FACTS[day]: _answer(award, known, day, on) for day in sorted(asked)}
    return replace(
        award, facts={**award.facts, **{name: found for name, found in answers.items() if found is not None}}
    )


def _answer(award: Award, known: tuple[Accreditation, ...], day: str, on: date) -> bool | None:
    first = {
        "started_on": award.started_on,
        "awarded_on": award.awarded_on,
        "received_on": award.received_on,
        "since-deposit": award.received_on,
        "decision": on,
    }[day]
    if first is None:
        return None
    days = _days_of_change(known, first, on) if day == "since-deposit" else [first]
    return all(_covered(award, known, each) for each in days)


def _days_of_change(known: tuple[Accreditation, ...], first: date, last: date) -> Iterator[date]:
    """The first day, and every later one up to the last on which an accreditation may be over."""
    yield first
    for each in known:
        over = [each.valid_until + _DAY] if each.valid_until else []
        yield from (day for day in [*over, *filter(None, [each.withdrawn_on])] if first < day <= last)


def _covered(award: Award, known: tuple[Accreditation, ...], on: date) -> bool:
    levels = {pair for each in known for pair in each.levels or ()}
    same = [pair for pair in levels if award.level is not None and Level.parse(*pair) == award.level]
    stated: list[tuple[str, str] | None] = [*same] or [None]
    return any(
        isinstance(
            may_award(known, achievement=award.achievement, level=level, unit=award.amount.unit, on=on), Accreditation
        )
        for level in stated
    )


_ASKED: Final[dict[str, frozenset[str]]] = {}


def _asked_by(pack: Pack) -> frozenset[str]:
    """The days, as rules name them, on which a pack asks the registry; looked for once in each pack."""
    if _KEY not in pack.text:
        return frozenset()
    if pack.digest not in _ASKED:
        _ASKED[pack.digest] = frozenset(day for found in _within(pack, set()) for day in found.days) & set(
            ACCREDITED_FACTS
        )
    return _ASKED[pack.digest]


def _within(value: Any, seen: set[int]) -> Iterator[AccreditedOn]:
    """Every such condition in a pack, wherever a rule holds it."""
    if isinstance(value, str | int | date | type(None)) or id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, AccreditedOn):
        yield value
    for part in _parts(value):
        yield from _within(part, seen)


def _parts(value: Any) -> Sequence[Any]:
    if isinstance(value, Mapping):
        return list(value.values())
    if isinstance(value, tuple | list | set | frozenset):
        return list(value)
    if is_dataclass(value) and not isinstance(value, type):
        return [getattr(value, each.name) for each in fields(value)]
    return []
