"""What a rule may look up about an award by name: its fields, its facts, its title's key; and its days."""

from collections.abc import Callable, Mapping
from datetime import date

from recognition_rules.award import Award, FactValue
from recognition_rules.normalisers import COARSENESS, equivalence_key
from recognition_rules.reading.pack_reader import Node
from recognition_rules.situation import Situation

FACT = "fact:"
"""How a fact of the award is named where fields may be named too: `fact:band`."""

_FIELDS: Mapping[str, Callable[[Award], FactValue | None]] = {
    "issuer": lambda award: award.issuer,
    "provider_root": lambda award: award.provider,
    "achievement": lambda award: award.achievement,
    "area": lambda award: award.area,
    "source": lambda award: award.source,
    "class": lambda award: award.course_class,
    "unit": lambda award: award.amount.unit,
    "country": lambda award: award.country,
    "level": lambda award: None if award.level is None else str(award.level),
    "grade": lambda award: None if award.grade is None else award.grade.value,
}

DAYS = ("started_on", "ended_on", "awarded_on", "received_on", "decision", "enrolment")
"""The days a rule may ask about: four of the award, the day of the decision, the day the learner enrolled."""


def value_of(award: Award, name: str) -> FactValue | None:
    """The award's value under a name that `read_attribute` accepted, or None where it is not known."""
    if name in _FIELDS:
        return _FIELDS[name](award)
    if name in COARSENESS:
        return equivalence_key(award, name)
    return award.facts.get(name.removeprefix(FACT))


def fact_name(name: str) -> str:
    """What a reason calls the value that is missing."""
    return "title" if name.startswith("title-") else name.removeprefix(FACT)


def is_field(name: str) -> bool:
    """Whether the name is that of a field of every award, not of a fact."""
    return name in _FIELDS


def read_attribute(node: Node, key: str, default: str | None = None) -> str:
    """The name of a field, of a title key, or `fact:name`; raises `PackInvalid` with the list of what there is."""
    name = node.text(key) if default is None or node.has(key) else default
    node.raw(key)
    if name in _FIELDS or name in COARSENESS or (name.startswith(FACT) and name != FACT):
        return name
    known = ", ".join(dict.fromkeys((*_FIELDS, *COARSENESS)))
    raise node.fail(f"'{key}' must be one of: {known}; or a fact of the award, such as \"fact:band\".", key)


def day_of(name: str, award: Award, situation: Situation) -> date | None:
    """One of `DAYS` for an award, or None where it is not known."""
    if name == "decision":
        return situation.on
    if name == "enrolment":
        return situation.learner_day("enrolled_on")
    day: date | None = getattr(award, name)
    return day


def day_fact(name: str) -> str:
    """The fact that is missing where a day is not known."""
    return "enrolled_on" if name == "enrolment" else name
