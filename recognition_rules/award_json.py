"""Reading an award from JSON: the inverse of `Award.to_json`, strict about names and kinds."""

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from typing import TypeVar

from recognition_rules.award import Award, FactValue, Grade, LearningOutcome
from recognition_rules.credits import Credits, parse_amount
from recognition_rules.errors import RuleError
from recognition_rules.input_errors import AwardMalformed
from recognition_rules.levels import Level

T = TypeVar("T")

_TEXTS = ("provider_root", "achievement", "country", "source", "area")
_NUMBERS = ("hours", "score", "attendance")
_DAYS = ("started_on", "ended_on", "awarded_on", "received_on")
_OTHERS = (
    "id", "issuer", "amount", "title", "class", "level", "grade", "sequence", "issuer_accredited", "revoked",
    "outcomes", "facts",
)  # fmt: skip


def read_award(value: Mapping[str, object]) -> Award:
    """The award; raises `AwardMalformed` naming the field."""
    unknown = set(value) - {*_TEXTS, *_NUMBERS, *_DAYS, *_OTHERS}
    if unknown:
        known = ", ".join(sorted({*_TEXTS, *_NUMBERS, *_DAYS, *_OTHERS}))
        raise AwardMalformed(field="form", problem=f"it has a field that awards do not have; they have {known}")
    fields: dict[str, object] = {name: _field(value, name, _string) for name in _TEXTS}
    fields |= {name: _field(value, name, _number) for name in _NUMBERS}
    fields |= {name: _field(value, name, _date) for name in _DAYS}
    return Award(
        id=_needed(value, "id", _string),
        issuer=_needed(value, "issuer", _string),
        amount=_needed(value, "amount", _credits),
        title=_needed(value, "title", _texts),
        course_class=_field(value, "class", _string),
        level=_field(value, "level", _level),
        grade=_field(value, "grade", _grade),
        sequence=_field(value, "sequence", _whole),
        issuer_accredited=_field(value, "issuer_accredited", _flag),
        revoked=_field(value, "revoked", _flag) or False,
        outcomes=_field(value, "outcomes", _outcomes) or (),
        facts=_field(value, "facts", _facts) or {},
        **fields,  # type: ignore[arg-type]  # each read by the reader of its kind, just above
    )


def _field(value: Mapping[str, object], name: str, read: Callable[[object], T]) -> T | None:
    raw = value.get(name)
    if raw is None:
        return None
    try:
        return read(raw)
    except AwardMalformed:
        raise
    except (TypeError, ValueError, KeyError, RuleError) as error:
        raise AwardMalformed(field=name, problem="it is not of the kind that awards have there") from error


def _needed(value: Mapping[str, object], name: str, read: Callable[[object], T]) -> T:
    found = _field(value, name, read)
    if found is None:
        raise AwardMalformed(field=name, problem="it is missing")
    return found


def _string(raw: object) -> str:
    if not isinstance(raw, str):
        raise TypeError
    raw.encode("utf-8")
    return raw


def _number(raw: object) -> Fraction:
    return parse_amount(_string(raw))


def _date(raw: object) -> date:
    return date.fromisoformat(_string(raw))


def _flag(raw: object) -> bool:
    if not isinstance(raw, bool):
        raise TypeError
    return raw


def _whole(raw: object) -> int:
    if not isinstance(raw, int) or isinstance(raw, bool):
        raise TypeError
    return raw


def _object(raw: object, *names: str) -> Mapping[str, object]:
    if not isinstance(raw, Mapping) or (names and set(raw) != set(names)):
        raise TypeError
    return raw


def _credits(raw: object) -> Credits:
    form = _object(raw, "amount", "unit")
    return Credits(_number(form["amount"]), _string(form["unit"]))


def _texts(raw: object) -> dict[str, str]:
    return {_string(tag): _string(text) for tag, text in _object(raw).items()}


def _level(raw: object) -> Level:
    form = _object(raw, "framework", "value")
    return Level(_string(form["framework"]), _number(form["value"]))


def _grade(raw: object) -> Grade:
    form = _object(raw, "scheme", "value")
    return Grade(_string(form["scheme"]), _string(form["value"]))


def _outcomes(raw: object) -> tuple[LearningOutcome, ...]:
    if not isinstance(raw, list):
        raise TypeError
    return tuple(_outcome(_object(item, "id", "score", "passed")) for item in raw)


def _outcome(form: Mapping[str, object]) -> LearningOutcome:
    return LearningOutcome(_string(form["id"]), _field(form, "score", _number), _field(form, "passed", _flag))


def _facts(raw: object) -> dict[str, FactValue]:
    return {_string(name): _fact(value) for name, value in _object(raw).items()}


def _fact(raw: object) -> FactValue:
    if isinstance(raw, str):
        return _string(raw)
    if isinstance(raw, int):
        return raw
    raise TypeError
