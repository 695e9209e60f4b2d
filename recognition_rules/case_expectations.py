"""What a case expects, and how an answer differs from it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from recognition_rules.amount_text import text_of_amount
from recognition_rules.decision import Decision
from recognition_rules.reading.pack_reader import Node
from recognition_rules.recognition import Recognition

_AWARD_KEYS = (
    "status", "reason", "reasons", "label", "amount", "counted", "conditional", "class", "slot", "period", "with",
    "edit",
)  # fmt: skip
_REQUIREMENT_KEYS = ("satisfied", "needed", "have", "shortfall", "surplus")
_TOTALS = ("submitted", "counted", "conditional", "not_counted", "undetermined")
_OBLIGATION_KEYS = ("kind", "bucket", "amount", "because", "discharged")

Expected = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Expectation:
    """What is stated: totals, status, awards, requirements, entitlements; or the code of an error."""

    status: str | None
    error: str | None
    totals: Mapping[str, str]
    awards: Expected
    requirements: Expected
    entitlements: Mapping[str, str]
    others: str | None
    by_class: Mapping[str, str]
    measures: Mapping[str, str]
    objectives: Mapping[str, str]
    method: str | None
    obligations: tuple[Mapping[str, str], ...] | None


def read_expectation(node: Node) -> Expectation:
    """The `expect` table of a case."""
    expectation = Expectation(
        status=node.text_or_none("status"),
        error=node.text_or_none("error"),
        totals={name: text_of_amount(node.number(name)) for name in _TOTALS if node.has(name)},
        awards=_tables(node, "awards", _AWARD_KEYS),
        requirements=_tables(node, "requirements", _REQUIREMENT_KEYS),
        entitlements=_texts(node, "entitlements"),
        others="counted" if node.has("others") and node.choice("others", ("counted",)) else None,
        by_class=_amounts(node, "by_class"),
        measures=_amounts(node, "measures"),
        objectives=_amounts(node, "objectives"),
        method=node.text_or_none("method"),
        obligations=_obligations(node),
    )
    node.done()
    return expectation


def _tables(node: Node, key: str, allowed: tuple[str, ...]) -> Expected:
    child = node.child_or_none(key)
    if child is None:
        return {}
    return {name: _stated(child.child(name), allowed) for name in child.values}


def _stated(node: Node, allowed: tuple[str, ...]) -> Mapping[str, str]:
    stated = {key: _stated_text(node, key) for key in allowed if node.has(key)}
    node.done()
    return stated


def _obligations(node: Node) -> tuple[Mapping[str, str], ...] | None:
    """All that is owed, in order, as far as it is stated; `[]` says that nothing is."""
    if node.raw("obligations") is None:
        return None
    return tuple(_stated(child, _OBLIGATION_KEYS) for child in node.children("obligations"))


def _stated_text(node: Node, key: str) -> str:
    if key == "discharged":
        return str(node.flag(key))
    if key == "reasons":
        return ", ".join(node.words(key))
    amounts = ("amount", "counted", "conditional", "needed", "have", "shortfall", "surplus")
    return text_of_amount(node.number(key)) if key in amounts else node.text(key)


def _texts(node: Node, key: str) -> Mapping[str, str]:
    child = node.child_or_none(key)
    return {} if child is None else {name: child.text(name) for name in child.values}


def _amounts(node: Node, key: str) -> Mapping[str, str]:
    child = node.child_or_none(key)
    return {} if child is None else {name: text_of_amount(child.number(name)) for name in child.values}


def differences(expected: Expectation, found: Recognition) -> Iterator[str]:
    """One line for everything that is not as stated."""
    if expected.error is not None:
        yield f"error: expected {expected.error}, found none"
    if expected.status not in (None, found.status):
        yield f"status: expected {expected.status}, found {found.status}"
    totals = {name: text_of_amount(found.totals[name]) for name in expected.totals}
    yield from _compare("totals", expected.totals, totals)
    yield from _compare("by_class", expected.by_class, _by_class(found, expected.by_class))
    yield from _named(expected, found)
    statuses = {each.id: str(each.status) for each in found.entitlements}
    yield from _compare("entitlements", expected.entitlements, statuses)
    if expected.others:
        yield from _others(expected, found)
    yield from _beside(expected, found)


def _named(expected: Expectation, found: Recognition) -> Iterator[str]:
    """Awards and requirements by name; a name that the answer has not got is a mistake in the case."""
    known = {each.award for each in found.decisions}, {each.id for each in found.requirements}
    for award, stated in expected.awards.items():
        if award in known[0]:
            yield from _compare(award, stated, _decision_texts(found.decision(award), stated))
        else:
            yield f"{award}: this case has no such award"
    for requirement, stated in expected.requirements.items():
        if requirement in known[1]:
            yield from _compare(requirement, stated, _result_texts(found, requirement))
        else:
            yield f"{requirement}: the programme has no such requirement"


def _beside(expected: Expectation, found: Recognition) -> Iterator[str]:
    """What stands beside awards and requirements: measures, objectives, the method, what is owed."""
    values = {each.id: text_of_amount(each.amount) for each in found.measures if each.amount is not None}
    yield from _compare("measures", expected.measures, values)
    objectives = _objectives(found) if expected.objectives else {}
    yield from _compare("objectives", expected.objectives, objectives)
    if expected.method not in (None, found.method):
        yield f"method: expected {expected.method}, found {found.method}"
    if expected.obligations is not None:
        yield from _owed(expected.obligations, found)


def _objectives(found: Recognition) -> Mapping[str, str]:
    written = cast(list[dict[str, str]], found.to_json()["objectives"])
    return {each["name"]: each["value"] for each in written}


def _owed(stated: tuple[Mapping[str, str], ...], found: Recognition) -> Iterator[str]:
    if len(stated) != len(found.obligations):
        yield f"obligations: expected {len(stated)}, found {len(found.obligations)}"
    for number, (wanted, owed) in enumerate(zip(stated, found.obligations, strict=False), 1):
        texts = {key: str(getattr(owed, key)) for key in _OBLIGATION_KEYS}
        yield from _compare(f"obligation {number}", wanted, {**texts, "amount": text_of_amount(owed.amount)})


def _others(expected: Expectation, found: Recognition) -> Iterator[str]:
    for decision in found.decisions:
        if decision.award not in expected.awards and decision.status != "counted":
            reasons = ", ".join(f"{reason.code} {dict(reason.facts)}" for reason in decision.reasons)
            yield f"{decision.award}: expected counted, found {decision.status} ({reasons})"


def _compare(name: str, stated: Mapping[str, str], found: Mapping[str, str]) -> Iterator[str]:
    for key, value in stated.items():
        if found.get(key) != value:
            yield f"{name}.{key}: expected {value}, found {found.get(key)}"


def _by_class(found: Recognition, classes: Mapping[str, str]) -> Mapping[str, str]:
    return {
        name: text_of_amount(
            sum((each.counted for each in found.decisions if each.course_class == name), 0 * found.totals["counted"])
        )
        for name in classes
    }


def _decision_texts(decision: Decision, stated: Mapping[str, str]) -> Mapping[str, str]:
    reasons = [reason for reason in decision.reasons if reason.code == stated.get("reason", reason.code)]
    facts = reasons[0].facts if reasons else {}
    edits = decision.counterfactual.edits if decision.counterfactual else ()
    held = facts.get("with", ())
    return {
        "status": decision.status,
        "reasons": ", ".join(reason.code for reason in decision.reasons),
        "amount": text_of_amount(decision.amount),
        "counted": text_of_amount(decision.counted),
        "conditional": text_of_amount(decision.conditional),
        "class": str(decision.course_class),
        "slot": str(decision.slot),
        "reason": reasons[0].code if reasons else "none",
        "label": reasons[0].label if reasons else "none",
        "period": str(facts.get("period")),
        "with": ",".join(held) if isinstance(held, list) else "none",
        "edit": edits[0].do if edits else "none",
    }


def _result_texts(found: Recognition, requirement: str) -> Mapping[str, str]:
    result = found.requirement(requirement)
    return {
        "satisfied": result.satisfied,
        "needed": text_of_amount(result.needed),
        "have": text_of_amount(result.have),
        "shortfall": text_of_amount(result.shortfall),
        "surplus": text_of_amount(result.surplus),
    }
