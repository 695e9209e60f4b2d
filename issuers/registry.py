"""May this issuer award this, on this day; and what becomes of a key — pure functions over immutable values.

A key's life is told by instants, never by a flag: *pending* until ``active_from``, *active* until
``retired_at``, *retired* afterwards, and *compromised* from the moment that was declared. Rotation, retirement and
compromise return new records for the caller to store. An old credential stays valid after rotation, because the
old record keeps its interval; it stops being so from ``compromised_from`` (``credentials.verify`` decides).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from credentials.keys import PublicKey
from credentials.verification_material import IssuerKey
from issuers.errors import RegistryError
from issuers.issuer import Accreditation, Custody, KeyRecord


@dataclass(frozen=True, slots=True)
class NotAccredited:
    """Why nothing covers an award: the reasons of the accreditation that came nearest, most telling first.

    Not an error: a deposit that meets it is held, and may be promoted when an accreditation arrives.
    """

    reasons: tuple[str, ...]
    nearest: str | None = None

    @property
    def code(self) -> str:
        """The first reason, one of the keys of ``NOT_ACCREDITED``."""
        return self.reasons[0]

    @property
    def message(self) -> str:
        """The first reason as a sentence."""
        return NOT_ACCREDITED[self.code]


@dataclass(frozen=True, slots=True)
class _Question:
    achievement: str | None
    level: tuple[str, str] | None
    unit: str | None
    on: date


NOT_ACCREDITED: Mapping[str, str] = MappingProxyType(
    {
        "no_accreditation": "The issuer has no accreditation.",
        "unit_not_accredited": "The issuer is not accredited for this credit unit.",
        "achievement_not_accredited": "The issuer is not accredited for this achievement.",
        "level_not_accredited": "The issuer is not accredited for this level.",
        "accreditation_not_yet_valid": "The issuer's accreditation had not begun on that day.",
        "accreditation_expired": "The issuer's accreditation had ended by that day.",
        "accreditation_withdrawn": "The issuer's accreditation was withdrawn by that day.",
    }
)

_OBSTACLES: tuple[tuple[str, Callable[[Accreditation, _Question], bool]], ...] = (
    ("unit_not_accredited", lambda a, q: q.unit is not None and q.unit not in a.units),
    ("achievement_not_accredited", lambda a, q: a.achievements is not None and q.achievement not in a.achievements),
    ("level_not_accredited", lambda a, q: a.levels is not None and q.level not in a.levels),
    ("accreditation_not_yet_valid", lambda a, q: q.on < a.valid_from),
    ("accreditation_withdrawn", lambda a, q: a.withdrawn_on is not None and a.withdrawn_on <= q.on),
    ("accreditation_expired", lambda a, q: a.valid_until is not None and a.valid_until < q.on),
)


def may_award(
    accreditations: Iterable[Accreditation],
    *,
    achievement: str | None,
    level: tuple[str, str] | None,
    unit: str | None,
    on: date,
) -> Accreditation | NotAccredited:
    """The accreditation under which an issuer may award this, on the day ``on``, or the reasons why none.

    ``accreditations`` are those of one issuer that a second person approved. Without a ``unit`` any will do. An award
    without a level or an achievement id is covered only by an accreditation that does not restrict it. Where several
    cover the award the oldest is named, so that the answer does not depend on their order.
    """
    question = _Question(achievement, level, unit, on)
    ordered = sorted(accreditations, key=lambda a: (a.valid_from, a.id))
    answers = [(_obstacles(accreditation, question), accreditation) for accreditation in ordered]
    if not answers:
        return NotAccredited(("no_accreditation",))
    reasons, nearest = min(answers, key=lambda answer: len(answer[0]))
    return NotAccredited(reasons, nearest.id) if reasons else nearest


def _obstacles(accreditation: Accreditation, question: _Question) -> tuple[str, ...]:
    return tuple(code for code, stands in _OBSTACLES if stands(accreditation, question))


def withdraw(accreditation: Accreditation, on: date) -> Accreditation:
    """The accreditation, withdrawn from the day ``on``; errors: ``accreditation_already_withdrawn``."""
    if accreditation.withdrawn_on is not None and accreditation.withdrawn_on <= on:
        raise RegistryError("accreditation_already_withdrawn")
    return replace(accreditation, withdrawn_on=on)


class KeyState(StrEnum):
    """Where a key stands at an instant."""

    PENDING = "pending"
    ACTIVE = "active"
    RETIRED = "retired"
    COMPROMISED = "compromised"


def state(record: KeyRecord, at: datetime) -> KeyState:
    """The state of a key at the instant ``at``, by what was known then."""
    declared = record.declared_compromised_at or record.compromised_from
    if declared is not None and declared <= at:
        return KeyState.COMPROMISED
    if record.retired_at is not None and record.retired_at <= at:
        return KeyState.RETIRED
    return KeyState.ACTIVE if record.active_from <= at else KeyState.PENDING


def verification_method(did: str, key: PublicKey) -> str:
    """The id of a key in credentials, ``<did>#<publicKeyMultibase>``, or ``#<thumbprint>`` where it has no Multikey."""
    return f"{did}#{key.thumbprint() if key.algorithm == 'RS256' else key.multibase()}"


def key_for(records: Iterable[KeyRecord], issuer_id: str, verification_method: str) -> KeyRecord:
    """The one key of this issuer under this id; errors: ``unknown_key``. It never returns None (SECURITY S20, S22)."""
    for record in records:
        if (record.issuer_id, record.verification_method) == (issuer_id, verification_method):
            return record
    raise RegistryError("unknown_key")


def material_keys(records: Iterable[KeyRecord]) -> Mapping[str, IssuerKey]:
    """The keys as verification takes them, by verification method; retired and compromised ones with their instants.

    Two records under one verification method are refused rather than one preferred (``key_id_taken``).
    """
    keys: dict[str, IssuerKey] = {}
    for record in records:
        if record.verification_method in keys:
            raise RegistryError("key_id_taken")
        keys[record.verification_method] = _issuer_key(record)
    return MappingProxyType(keys)


def _issuer_key(record: KeyRecord) -> IssuerKey:
    return IssuerKey(
        verification_method=record.verification_method,
        controller=record.controller,
        key=record.key,
        active_from=record.active_from,
        retired_at=record.retired_at,
        compromised_from=record.compromised_from,
    )


def signing_key(records: Iterable[KeyRecord], at: datetime, custody: Custody = Custody.HOSTED) -> KeyRecord:
    """The key to sign with at ``at``: active, in this custody, the youngest; errors: ``no_active_key``."""
    active = [r for r in records if r.custody is custody and state(r, at) is KeyState.ACTIVE]
    if not active:
        raise RegistryError("no_active_key")
    return max(active, key=lambda record: (record.active_from, record.verification_method))


def register(records: Iterable[KeyRecord], new: KeyRecord) -> tuple[KeyRecord, ...]:
    """The keys with a new one; errors: ``key_id_taken``, ``key_already_registered`` (whoever holds it)."""
    known = tuple(records)
    if any((r.issuer_id, r.verification_method) == (new.issuer_id, new.verification_method) for r in known):
        raise RegistryError("key_id_taken")
    if any(r.thumbprint == new.thumbprint for r in known):
        raise RegistryError("key_already_registered")
    return (*known, new)


def rotate(old: KeyRecord, new: KeyRecord) -> tuple[KeyRecord, KeyRecord]:
    """The old key, retired at the instant the new one becomes active, and the new one.

    What the old key signed before stays valid. Errors: those of ``register`` and ``retire``.
    """
    register((old,), new)
    return retire(old, new.active_from), new


def retire(record: KeyRecord, at: datetime) -> KeyRecord:
    """The key, retired at ``at``: it signs no more. Errors: ``key_already_retired``, ``key_compromised``."""
    if record.compromised_from is not None:
        raise RegistryError("key_compromised")
    if record.retired_at is not None and record.retired_at <= at:
        raise RegistryError("key_already_retired")
    return replace(record, retired_at=at)


def compromise(record: KeyRecord, since: datetime, *, declared_at: datetime) -> KeyRecord:
    """The key, declared at ``declared_at`` to have been in foreign hands since ``since``.

    It is retired with the declaration. A later declaration may only widen the interval. Errors:
    ``compromise_in_future``, ``compromise_narrowed``.
    """
    if since > declared_at:
        raise RegistryError("compromise_in_future")
    if record.compromised_from is not None and since > record.compromised_from:
        raise RegistryError("compromise_narrowed")
    return replace(
        record,
        compromised_from=since,
        declared_compromised_at=record.declared_compromised_at or declared_at,
        retired_at=min(record.retired_at or declared_at, max(declared_at, record.active_from)),
    )
