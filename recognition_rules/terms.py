"""Dated terms: what a rule says between two days, on whose authority, from which source, and checked or not."""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from recognition_rules.canonical import Json
from recognition_rules.language import LanguageMap
from recognition_rules.pack_reader import Node, exact

AUTHORITIES = ("law", "national-body", "bank", "accreditor", "institution", "programme")
_SELECTORS = ("end", "award", "application", "decision", "period")


@dataclass(frozen=True, slots=True)
class Terms:
    """One version of a rule. Both days are included; None is open. `value` replaces the rule's own figure.

    `confirmed` is false where nobody has checked the term against the text of the law.
    """

    version: str
    start: date | None
    until: date | None
    value: Fraction | None
    authority: str
    legal_basis: str
    source: str
    confirmed: bool

    def covers(self, day: date) -> bool:
        """Whether the day lies between the first and the last day."""
        return (self.start or day) <= day <= (self.until or day)

    def to_json(self) -> dict[str, Json]:
        """The shape that a step of the trace carries."""
        return {
            "from": None if self.start is None else self.start.isoformat(),
            "until": None if self.until is None else self.until.isoformat(),
            "legal_basis": self.legal_basis,
            "source": self.source,
            "confirmed": self.confirmed,
        }


@dataclass(frozen=True, slots=True)
class RuleHead:
    """What all rules have: an id, the label shown with a reason, a title, and their terms.

    `selector` says which day picks the terms: the end of the course, the award, the application, the decision,
    or the first day of the period that a limit counts. A rule that is not `enabled` is listed and not applied.
    """

    id: str
    label: str
    title: LanguageMap
    terms: tuple[Terms, ...]
    selector: str
    enabled: bool
    programmes: frozenset[str] | None

    def on(self, day: date) -> Terms | None:
        """The terms in force that day; None before the first and after the last of them."""
        return next((terms for terms in self.terms if terms.covers(day)), None)

    def concerns(self, programme: str) -> bool:
        """Whether the rule is applied in this programme at all."""
        return self.enabled and (self.programmes is None or programme in self.programmes)


def read_head(node: Node, references: frozenset[str], *, selector: str = "decision") -> RuleHead:
    """The head of a rule; raises `PackInvalid` on terms with gaps or overlaps, or a source nobody listed."""
    terms = read_terms(node, references)
    if not terms:
        raise node.fail("A rule needs terms = [{ legal_basis, source, confirmed }].")
    rule_id = node.text("id")
    return RuleHead(
        id=rule_id,
        label=node.text_or_none("code") or rule_id,
        title=node.language_map("title"),
        terms=terms,
        selector=node.choice("selector", _SELECTORS, selector),
        enabled=node.flag("enabled", default=True),
        programmes=frozenset(node.words("programmes")) if node.has("programmes") else None,
    )


def read_terms(node: Node, references: frozenset[str]) -> tuple[Terms, ...]:
    """The terms of a table, in order of time, numbered from version 1; empty where there are none."""
    children = node.children("terms")
    terms = tuple(_one(child, str(n), references) for n, child in enumerate(children, 1))
    for child, before, after in zip(children[1:], terms, terms[1:], strict=False):
        if before.until is None or after.start != before.until + timedelta(days=1):
            raise child.fail("Terms must follow one another without gap or overlap, the earliest first.")
    return terms


def _one(node: Node, version: str, references: frozenset[str]) -> Terms:
    start, until = node.day("from"), node.day("until")
    if start and until and until < start:
        raise node.fail("'until' lies before 'from'.", "until")
    terms = Terms(
        version=version,
        start=start,
        until=until,
        value=_value(node),
        authority=node.choice("authority", AUTHORITIES, "national-body"),
        legal_basis=node.text("legal_basis"),
        source=_source(node, references),
        confirmed=node.flag("confirmed"),
    )
    node.done()
    return terms


def _source(node: Node, references: frozenset[str]) -> str:
    """One listed reference, or several with commas between them."""
    text = node.text("source")
    if not {each.strip() for each in text.split(",")} <= references:
        raise node.fail(f"'source' must name a [[reference]]: {', '.join(sorted(references))}.", "source")
    return text


def _value(node: Node) -> Fraction | None:
    if exact(node.raw("value")) is None and not node.has("value"):
        return None
    return node.number("value")
