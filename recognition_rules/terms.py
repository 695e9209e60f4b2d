"""Dated terms: what a rule says between two days, on whose authority, from which source, and checked or not."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Literal

from recognition_rules.amount_text import text_of_amount
from recognition_rules.canonical import Json
from recognition_rules.language import LanguageMap
from recognition_rules.reading.pack_reader import Node

ValueKind = Literal["amount", "share"] | None
"""What the `value` of terms replaces: an amount, a share, or nothing, so that there can be none."""

Overridable = Literal["no", "stricter", "looser", "any"]
_OVERRIDABLE: dict[str, Overridable] = {"no": "no", "stricter": "stricter", "looser": "looser", "any": "any"}

AUTHORITIES = ("law", "national-body", "bank", "accreditor", "institution", "programme")


@dataclass(frozen=True, slots=True)
class Terms:
    """One version of a rule. Both days are included; None is open. `value` replaces the rule's own figure.

    `confirmed` is false where nobody has checked the term against the text of the law. `overridable` says in which
    direction a lower authority may depart from the value, `lowest` and `highest` how far. `replaces` are the terms of
    a higher authority in whose place these stand here.
    """

    version: str
    start: date | None
    until: date | None
    value: Fraction | None
    authority: str
    legal_basis: str
    source: str
    confirmed: bool
    overridable: Overridable = "stricter"
    lowest: Fraction | None = None
    highest: Fraction | None = None
    replaces: "Terms | None" = None

    def covers(self, day: date) -> bool:
        """Whether the day lies between the first and the last day."""
        return (self.start or day) <= day <= (self.until or day)

    def to_json(self) -> dict[str, Json]:
        """The shape that a step of the trace carries; local terms show what they replace beside their own value."""
        local: dict[str, Json] = {} if self.replaces is None else self._local(self.replaces)
        return {
            "from": None if self.start is None else self.start.isoformat(),
            "until": None if self.until is None else self.until.isoformat(),
            "legal_basis": self.legal_basis,
            "source": self.source,
            "confirmed": self.confirmed,
            **local,
        }

    def _local(self, replaced: "Terms") -> dict[str, Json]:
        value = None if self.value is None else text_of_amount(self.value)
        above: dict[str, Json] = {
            "version": replaced.version,
            "authority": replaced.authority,
            "value": None if replaced.value is None else text_of_amount(replaced.value),
            **replaced.to_json(),
        }
        return {"authority": self.authority, "value": value, "replaces": above}


@dataclass(frozen=True, slots=True)
class RuleHead:
    """What all rules have: an id, the label shown with a reason, a title, and their terms.

    `selector` says which day picks the terms: the end of the course, the award, the application, the decision,
    or the first day of the period that a limit counts. A rule that is not `enabled` is listed and not applied.
    `picked` are the terms that the day of enrolment has picked for a learner; the rule `waits` where it is not known.
    """

    id: str
    label: str
    title: LanguageMap
    terms: tuple[Terms, ...]
    selector: str
    enabled: bool
    programmes: frozenset[str] | None
    picked: tuple[Terms | None] | None = None
    waits: bool = False

    def by(self, day: date | None) -> "RuleHead":
        """The head whose terms another day than that of the decision picks; it waits for one that is not known."""
        if day is None:
            first = self.terms[0]
            return replace(self, waits=len(self.terms) > 1 or first.start is not None or first.until is not None)
        return replace(self, picked=(next((terms for terms in self.terms if terms.covers(day)), None),), waits=False)

    def on(self, day: date) -> Terms | None:
        """The terms in force that day; None before the first and after the last of them."""
        if self.picked is not None:
            return self.picked[0]
        for terms in self.terms:
            if terms.covers(day):
                return terms
        return None

    def concerns(self, programme: str) -> bool:
        """Whether the rule is applied in this programme at all."""
        return self.enabled and (self.programmes is None or programme in self.programmes)


def read_head(
    node: Node,
    references: frozenset[str],
    *,
    selectors: tuple[str, ...] = ("decision",),
    value: ValueKind = None,
    optional: bool = True,
) -> RuleHead:
    """The head of a rule; raises `PackInvalid` on terms with gaps or overlaps, or a source nobody listed.

    `selectors` are those this kind of rule carries out, the usual one first; `value` says what its terms may set.
    A rule that is not `optional` can be neither switched off nor kept to some programmes.
    """
    terms = read_terms(node, references, value=value)
    if not terms:
        raise node.fail("A rule needs terms = [{ legal_basis, source, confirmed }].")
    rule_id = node.text("id")
    return RuleHead(
        id=rule_id,
        label=node.text_or_none("code") or rule_id,
        title=node.language_map("title"),
        terms=terms,
        selector=node.choice("selector", selectors, selectors[0]),
        enabled=node.flag("enabled", default=True) if optional else True,
        programmes=frozenset(node.words("programmes")) if optional and node.has("programmes") else None,
    )


def read_terms(node: Node, references: frozenset[str], *, value: ValueKind = None) -> tuple[Terms, ...]:
    """The terms of a table, in order of time, numbered from version 1; empty where there are none."""
    children = node.children("terms")
    terms = tuple(_one(child, str(n), references, value) for n, child in enumerate(children, 1))
    for child, before, after in zip(children[1:], terms, terms[1:], strict=False):
        if before.until is None or after.start != before.until + timedelta(days=1):
            raise child.fail("Terms must follow one another without gap or overlap, the earliest first.")
    return terms


def _one(node: Node, version: str, references: frozenset[str], value: ValueKind) -> Terms:
    start, until = node.day("from"), node.day("until")
    if start and until and until < start:
        raise node.fail("'until' lies before 'from'.", "until")
    terms = Terms(
        version=version,
        start=start,
        until=until,
        value=_figure(node, "value", value),
        authority=node.choice("authority", AUTHORITIES, "national-body"),
        legal_basis=node.text("legal_basis"),
        source=_source(node, references),
        confirmed=node.flag("confirmed"),
        overridable=_OVERRIDABLE[node.choice("overridable", tuple(_OVERRIDABLE), "stricter")],
        lowest=_figure(node, "lowest", value),
        highest=_figure(node, "highest", value),
    )
    node.done()
    return terms


def _source(node: Node, references: frozenset[str]) -> str:
    """One listed reference, or several with commas between them."""
    text = node.text("source")
    if not {each.strip() for each in text.split(",")} <= references:
        raise node.fail(f"'source' must name a [[reference]]: {', '.join(sorted(references))}.", "source")
    return text


def _figure(node: Node, key: str, kind: ValueKind) -> Fraction | None:
    node.raw(key)
    if not node.has(key):
        return None
    if kind is None:
        raise node.fail(f"The terms of this rule set no figure: '{key}' would change nothing.", key)
    return node.share(key) if kind == "share" else node.number(key)
