"""An award: this issuer says this learner earned these credits, at this level, on this day.

It is all that the rules may look at. Days are local dates; a score is out of 100; attendance is a share of 1;
what is not known is None, which the rules read as *unknown*, never as *no*.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from dataclasses import fields as dataclass_fields
from datetime import date, datetime
from fractions import Fraction
from operator import attrgetter
from types import MappingProxyType
from typing import TypeAlias

from recognition_rules.amount_text import text_of_amount
from recognition_rules.canonical import Json
from recognition_rules.credits import Credits
from recognition_rules.input_errors import AwardMalformed
from recognition_rules.language import LanguageMap, is_tag
from recognition_rules.levels import Level

FactValue: TypeAlias = str | int | bool

_SAFE_INTEGER = 2**53 - 1
_NO_FACTS: Mapping[str, FactValue] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade as given, with the scheme it belongs to (`kr-letter`, `us-letter` …)."""

    scheme: str
    value: str


@dataclass(frozen=True, slots=True)
class LearningOutcome:
    """What was reached in one learning outcome of a course: a score out of 100, or passed or not."""

    id: str
    score: Fraction | None = None
    passed: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Award:
    """One award. Raises `AwardMalformed` where a field cannot be what it says.

    `source` is the way the credit was earned (`accredited-course`, `certificate` …), `course_class` the place
    the course has in a programme (`major-required`, `liberal` …). `provider_root` is the head of the provider's
    successor chain as at `ended_on`; absent it is the issuer. `issuer_accredited` is the registry's answer as
    at `ended_on`. `sequence` orders awards of one day. `facts` hold what only some rules ask for, such as the
    code of a certificate.
    """

    id: str
    issuer: str
    amount: Credits
    title: LanguageMap
    provider_root: str | None = None
    achievement: str | None = None
    hours: Fraction | None = None
    country: str | None = None
    source: str | None = None
    course_class: str | None = None
    area: str | None = None
    level: Level | None = None
    grade: Grade | None = None
    score: Fraction | None = None
    attendance: Fraction | None = None
    started_on: date | None = None
    ended_on: date | None = None
    awarded_on: date | None = None
    received_on: date | None = None
    sequence: int | None = None
    issuer_accredited: bool | None = None
    revoked: bool = False
    outcomes: tuple[LearningOutcome, ...] = ()
    facts: Mapping[str, FactValue] = field(default_factory=lambda: _NO_FACTS)

    def __post_init__(self) -> None:
        _check_texts(self)
        _check_numbers(self)
        object.__setattr__(self, "title", MappingProxyType(dict(self.title)))
        object.__setattr__(self, "facts", MappingProxyType(dict(self.facts)))

    def changed(self, *, facts: Mapping[str, FactValue] | None = None, **fields: str | None) -> "Award":
        """The same award with other texts or facts, which rules have set: they are not checked again."""
        made = object.__new__(Award)
        for put, value in zip(_PUT, _FIELDS(self), strict=True):
            put(made, value)
        for name, text in fields.items():
            object.__setattr__(made, name, text)
        if facts is not None:
            object.__setattr__(made, "facts", MappingProxyType(dict(facts)))
        return made

    @property
    def provider(self) -> str:
        """The head of the provider's successor chain, else the issuer."""
        return self.provider_root or self.issuer

    def to_json(self) -> dict[str, Json]:
        """Every field by name, amounts and shares as exact text, days as in ISO 8601; nothing is left out."""
        return {
            "id": self.id,
            "issuer": self.issuer,
            "amount": {"amount": text_of_amount(self.amount.amount), "unit": self.amount.unit},
            "title": dict(self.title),
            "provider_root": self.provider_root,
            "achievement": self.achievement,
            "hours": _text(self.hours),
            "country": self.country,
            "source": self.source,
            "class": self.course_class,
            "area": self.area,
            "level": None
            if self.level is None
            else {"framework": self.level.framework, "value": text_of_amount(self.level.value)},
            "grade": None if self.grade is None else {"scheme": self.grade.scheme, "value": self.grade.value},
            "score": _text(self.score),
            "attendance": _text(self.attendance),
            "started_on": _day(self.started_on),
            "ended_on": _day(self.ended_on),
            "awarded_on": _day(self.awarded_on),
            "received_on": _day(self.received_on),
            "sequence": self.sequence,
            "issuer_accredited": self.issuer_accredited,
            "revoked": self.revoked,
            "outcomes": [
                {"id": outcome.id, "score": _text(outcome.score), "passed": outcome.passed} for outcome in self.outcomes
            ],
            "facts": dict(self.facts),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, object]) -> "Award":
        """The award that `to_json` wrote; keys may be missing, unknown keys raise `AwardMalformed`."""
        from recognition_rules.award_json import read_award

        return read_award(value)


_NAMES = tuple(each.name for each in dataclass_fields(Award))
_FIELDS = attrgetter(*_NAMES)
_PUT = tuple(Award.__dict__[name].__set__ for name in _NAMES)
"""What puts a value into each slot: a frozen award sets none itself."""


@dataclass(frozen=True, slots=True)
class Use:
    """An award's credits used up: for which `purpose`, and `by` which redemption (its id).

    `amount` is how much of it, in the award's own unit; None is all of it. `programme` is the one that they went into.
    """

    award: str
    by: str
    purpose: str = "degree"
    amount: Fraction | None = None
    programme: str | None = None

    def to_json(self) -> dict[str, Json]:
        """What a recognition's inputs hold of it; what is not stated is not written."""
        found: dict[str, Json] = {"award": self.award, "by": self.by, "purpose": self.purpose}
        if self.amount is not None:
            found["amount"] = text_of_amount(self.amount)
        return found if self.programme is None else {**found, "programme": self.programme}


def _text(amount: Fraction | None) -> str | None:
    return None if amount is None else text_of_amount(amount)


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _check_texts(award: Award) -> None:
    _require(0 < len(award.id) <= 1000, "id", "an id has 1 to 1000 characters")
    _require(0 < len(award.issuer) <= 1000, "issuer", "an issuer's id has 1 to 1000 characters")
    _require(all(map(is_tag, award.title)), "title", "a title is a map from language tags to text")
    for name, value in award.facts.items():
        _require(name.isascii() and 0 < len(name) <= 100, "facts", "a fact's name is short ASCII text")
        small = not isinstance(value, int) or abs(value) <= _SAFE_INTEGER
        _require(isinstance(value, str | int) and small, "facts", "a fact is text, true, false or a whole number")


def _check_numbers(award: Award) -> None:
    _require(award.amount.amount >= 0, "amount", "credits earned are not negative")
    for name in ("hours", "score", "attendance"):
        value = getattr(award, name)
        _require(value is None or (isinstance(value, Fraction) and value >= 0), name, "it is an exact number from 0")
    _require(award.score is None or award.score <= 100, "score", "a score is out of 100")
    _require(award.attendance is None or award.attendance <= 1, "attendance", "attendance is a share of 1")
    sequence = award.sequence
    _require(sequence is None or abs(sequence) <= _SAFE_INTEGER, "sequence", "it is a whole number")
    for name in ("started_on", "ended_on", "awarded_on", "received_on"):
        day = getattr(award, name)
        is_day = isinstance(day, date) and not isinstance(day, datetime)
        _require(day is None or (is_day and 1900 <= day.year < 3000), name, "it is a day between 1900 and 2999")


def _require(holds: bool, field_name: str, problem: str) -> None:
    if not holds:
        raise AwardMalformed(field=field_name, problem=problem)
