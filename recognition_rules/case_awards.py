"""The awards of a case, with what they share written once, and the registry of issuers they refer to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from recognition_rules.award import Award, FactValue, Grade, LearningOutcome, Use
from recognition_rules.conditions.issuers import ACCREDITED_FACTS
from recognition_rules.credits import Credits
from recognition_rules.language import LanguageMap
from recognition_rules.levels import Level
from recognition_rules.reading.pack_reader import Node

_FACTS = ("certificate", "obtained_by")
MOST_REPEATED = 1_000
"""So often at most `repeat` makes an award."""


@dataclass(frozen=True, slots=True)
class Registry:
    """Issuers by id, with the days between which each was accredited (both included)."""

    accredited: Mapping[str, tuple[tuple[date | None, date | None], ...]]
    on: date | None = None

    def answer(self, issuer: str, day: date | None) -> bool | None:
        """Whether the issuer was accredited that day; None where the registry does not know it."""
        if issuer not in self.accredited or day is None:
            return None
        return any((start or day) <= day <= (until or day) for start, until in self.accredited[issuer])

    def on_other_days(self, issuer: str, days: Mapping[str, date | None]) -> dict[str, FactValue]:
        """What the registry says of an issuer it knows on other days than the end of the course, and ever since."""
        days = {**days, "decision": self.on}
        answers = {name: self.answer(issuer, day) for name, day in days.items() if day is not None}
        deposit = days.get("received_on")
        if issuer in self.accredited and deposit is not None and self.on is not None:
            times = self.accredited[issuer]
            answers["since-deposit"] = any((a or deposit) <= deposit and self.on <= (b or self.on) for a, b in times)
        return {ACCREDITED_FACTS[name]: answer for name, answer in answers.items() if answer is not None}

    def uses(self, node: Node) -> Iterator[Use]:
        """Awards used up elsewhere: `used = [{ award = "a1", by = "degree-2020" }]`."""
        for child in node.children("used"):
            yield Use(
                child.text("award"),
                child.text("by"),
                child.text_or_none("purpose") or "degree",
                amount=_number(child, "amount"),
                programme=child.text_or_none("programme"),
            )
            child.done()


def read_registry(nodes: Sequence[Node]) -> Registry:
    """The issuers of a cases file."""
    accredited = {}
    for node in nodes:
        issuer = node.text("id")
        accredited[issuer] = tuple(map(_interval, node.children("accredited")))
        node.done()
    return Registry(accredited)


def _interval(node: Node) -> tuple[date | None, date | None]:
    interval = node.day("from"), node.day("until")
    node.done()
    return interval


def read_awards(node: Node, unit: str, registry: Registry) -> list[Award]:
    """The awards of a case: `each` is what they share, `repeat = 9` makes A1 to A9 of A."""
    shared = node.child_or_none("each")
    common = dict(shared.values) if shared else {}
    awards: list[Award] = []
    registry = replace(registry, on=node.day("on"))
    for child in node.children("awards"):
        merged = Node({**common, **child.values}, child.path, child.source)
        awards += _repeated(merged, unit, registry)
        merged.done()
    return awards


def _repeated(node: Node, unit: str, registry: Registry) -> Iterator[Award]:
    count = node.whole("repeat") if node.has("repeat") else None
    node.raw("repeat")
    if count is not None and count > MOST_REPEATED:
        raise node.fail(f"An award is repeated at most {MOST_REPEATED} times.", "repeat")
    award = _award(node, unit, registry)
    if count is None:
        yield award
        return
    for number in range(1, count + 1):
        name = f"{award.id}{number}"
        yield replace(award, id=name, title=_numbered(name), sequence=number)


def _award(node: Node, unit: str, registry: Registry) -> Award:
    award_id, issuer, ended_on = node.text("id"), node.text_or_none("issuer") or "school", node.day("ended")
    days = {"started_on": node.day("began"), "received_on": node.day("received")}
    days["awarded_on"] = node.day("awarded") or ended_on
    return Award(
        id=award_id,
        issuer=issuer,
        amount=Credits(node.number("credits"), node.text_or_none("unit") or unit),
        title=_title(node, award_id),
        achievement=node.text_or_none("achievement"),
        hours=_number(node, "hours"),
        provider_root=node.text_or_none("provider"),
        source=node.text_or_none("source"),
        course_class=node.text_or_none("class"),
        area=node.text_or_none("area"),
        country=node.text_or_none("country"),
        level=_level(node),
        grade=_grade(node),
        score=_number(node, "score"),
        attendance=None if node.raw("attendance") is None else node.share("attendance"),
        sequence=None if node.raw("sequence") is None else node.whole("sequence"),
        issuer_accredited=registry.answer(issuer, ended_on),
        revoked=node.flag("revoked", default=False),
        outcomes=tuple(map(_outcome, node.children("outcomes"))),
        facts={**registry.on_other_days(issuer, days), **_facts(node)},
        ended_on=ended_on,
        **days,
    )


def _number(node: Node, key: str) -> Fraction | None:
    return None if node.raw(key) is None else node.number(key)


def _title(node: Node, award_id: str) -> LanguageMap:
    """The title by language, or as one text, which is Korean as in the first pack; else one made of the id."""
    given = node.raw("title")
    if isinstance(given, dict):
        return node.language_map("title")
    return _numbered(award_id) if given is None else {"ko": node.text("title")}


def _numbered(award_id: str) -> LanguageMap:
    # The number stands inside the title, where no ordinal is looked for: A1 and A2 are two subjects.
    return {"ko": f"{award_id}번 과목"}


def _outcome(node: Node) -> LearningOutcome:
    passed = node.flag("passed") if node.has("passed") else None
    outcome = LearningOutcome(node.text("id"), _number(node, "score"), passed)
    node.done()
    return outcome


def _facts(node: Node) -> Mapping[str, FactValue]:
    """What only some rules ask for: `facts = { band = "K-5" }`, and two names of the first pack on their own."""
    found: dict[str, FactValue] = {name: text for name in _FACTS if (text := node.text_or_none(name)) is not None}
    child = node.child_or_none("facts")
    for name in child.values if child else ():
        value = child.raw(name) if child else None
        if not isinstance(value, str | int):
            raise node.fail(f"The fact '{name}' must be a text, a whole number, true or false.", "facts")
        found[name] = value
    return found


def _level(node: Node) -> Level | None:
    child = node.child_or_none("level")
    if child is None:
        return None
    level = Level(child.text("framework"), child.number("value"))
    child.done()
    return level


def _grade(node: Node) -> Grade | None:
    """`grade = { scheme = "us-letter", value = "B" }`, or one text, which is a Korean letter."""
    if isinstance(node.raw("grade"), dict):
        child = node.child("grade")
        grade = Grade(child.text("scheme"), child.text("value"))
        child.done()
        return grade
    text = node.text_or_none("grade")
    return None if text is None else Grade("kr-letter", text)
