"""Holding a credential against a pack of issuance rules: it passes, or every defect is named.

1. Of each rule the terms of the day; a rule without terms that day is left out, one that nobody confirmed is `off`.
2. Each element: present in its form, or a defect (a note, if it only should be there).
3. Each validator: where its `when` holds its `require` must. A `when` that is unknown leaves the rule undetermined.
4. One defect breaks the rules; without one, one doubt leaves the whole undetermined.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from recognition_rules.canonical import Json
from recognition_rules.issuance.demands import Looking
from recognition_rules.issuance.places import well_formed
from recognition_rules.issuance.rules import Element, IssuancePack, Validator
from recognition_rules.issuance.subject import Subject
from recognition_rules.levels import LevelTable
from recognition_rules.terms import RuleHead, Terms
from recognition_rules.truth import YES, Finding, Truth, Verdict

Status = Literal["passed", "broken", "undetermined"]
Standing = Literal["broken", "undetermined", "noted", "off"]


@dataclass(frozen=True, slots=True)
class RuleFinding:
    """A rule that does not simply hold: broken, undetermined, only noted (it should hold), or off (unconfirmed)."""

    head: RuleHead
    terms: Terms
    standing: Standing
    reasons: tuple[Finding, ...]

    def to_json(self) -> dict[str, Json]:
        """The shape on the wire."""
        return {
            "rule": self.head.id,
            "label": self.head.label,
            "title": dict(self.head.title),
            "standing": self.standing,
            "reasons": [{"code": each.code, "facts": dict(each.facts)} for each in self.reasons],
            "version": self.terms.version,
            "terms": self.terms.to_json(),
        }


@dataclass(frozen=True, slots=True)
class Validation:
    """The answer for one pack and day, with a finding for every rule that does not simply hold."""

    pack: IssuancePack
    on: date
    status: Status
    findings: tuple[RuleFinding, ...]

    def to_json(self) -> dict[str, Json]:
        """The shape on the wire."""
        return {
            "pack": {"id": self.pack.id, "version": self.pack.version, "digest": self.pack.digest},
            "on": self.on.isoformat(),
            "status": self.status,
            "findings": [finding.to_json() for finding in self.findings],
        }


def validate(pack: IssuancePack, subject: Subject, on: date, levels: LevelTable | None = None) -> Validation:
    """The credential under the rules of the day. `levels` are maps by which a level of another framework is read."""
    looking = Looking(subject, on, levels)
    findings = tuple(_findings(pack, looking))
    standings = {finding.standing for finding in findings}
    status: Status = "passed"
    if "broken" in standings:
        status = "broken"
    elif "undetermined" in standings:
        status = "undetermined"
    return Validation(pack, on, status, findings)


def _findings(pack: IssuancePack, looking: Looking) -> Iterator[RuleFinding]:
    rules: tuple[Element | Validator, ...] = (*pack.elements, *pack.validators)
    for rule in rules:
        terms = rule.head.on(looking.on)
        if terms is None:
            continue
        if not terms.confirmed and pack.unconfirmed == "off":
            yield RuleFinding(rule.head, terms, "off", (Finding("TERM_UNCONFIRMED", {"source": terms.source}),))
            continue
        verdict = _presence(rule, looking) if isinstance(rule, Element) else _verdict(rule, looking)
        if verdict.truth is not Truth.YES:
            yield RuleFinding(rule.head, terms, _standing(rule, verdict.truth), verdict.findings)


def _standing(rule: Element | Validator, truth: Truth) -> Standing:
    if rule.weight == "should":
        return "noted"
    return "broken" if truth is Truth.NO else "undetermined"


def _presence(element: Element, looking: Looking) -> Verdict:
    """Present at one of its places, in its form there."""
    malformed = []
    for place in element.places:
        forms = [well_formed(value, place.form) for value in place.values(looking.subject.document)]
        if True in forms:
            return YES
        if False in forms:
            malformed.append(place)
    code = "ELEMENT_MALFORMED" if malformed else "ELEMENT_MISSING"
    places = malformed or element.places
    facts: Mapping[str, Json] = {"element": element.head.id, "places": [str(place) for place in places]}
    return Verdict(Truth.NO, (Finding(code, facts),))


def _verdict(validator: Validator, looking: Looking) -> Verdict:
    condition = YES if validator.when is None else validator.when(looking)
    if condition.truth is Truth.NO:
        return YES
    required = validator.require(looking)
    if required.truth is Truth.NO and condition.truth is Truth.YES and condition.arithmetic:
        blocked = Finding("TITLE_BLOCKED", {"words": list(condition.arithmetic)})
        return Verdict(Truth.NO, (blocked, *required.findings))
    if condition.truth is Truth.YES or required.truth is Truth.YES:
        return required
    return Verdict(Truth.UNKNOWN, condition.findings + required.findings)
