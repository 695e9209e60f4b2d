"""Step 6, second half: what a minimum grant lifts, and what an award is recognised as and carries."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from recognition_rules.canonical import Json
from recognition_rules.conditions.targets import EXCLUDED, KIND
from recognition_rules.decision import Outcome, Reason
from recognition_rules.rules.floors import Floor
from recognition_rules.rules.kinds import Kind
from recognition_rules.rules.outcomes import OutcomeRule
from recognition_rules.stages.frame import Candidate, Frame
from recognition_rules.terms import RuleHead, Terms
from recognition_rules.truth import Finding, Truth, Verdict

_ZERO = Fraction(0)


def lift(candidates: Sequence[Candidate], frame: Frame) -> None:
    """Takes away what the gates said that a minimum grant beats; limits are lifted when they are asked."""
    for floor, terms in floors_in_force(frame):
        for candidate in candidates if floor.beats else ():
            verdict = floor.where.judge(candidate.award, frame.situation)
            if verdict.truth is Truth.YES:
                _lift(candidate, floor, terms, frame)


def floors_in_force(frame: Frame) -> list[tuple[Floor, Terms]]:
    """The minimum grants that hold on the day, each with its terms."""
    dated = ((each, _in_force(each.head, frame)) for each in frame.pack.floors)
    return [(floor, terms) for floor, terms in dated if terms is not None]


def _in_force(head: RuleHead, frame: Frame) -> Terms | None:
    return head.on(frame.situation.on) if head.concerns(frame.programme.id) else None


def _lift(candidate: Candidate, floor: Floor, terms: Terms, frame: Frame) -> None:
    award = candidate.award.id
    frame.lifted[award] = frame.lifted.get(award, frozenset()) | floor.beats
    beaten: list[Json] = [each.rule for each in (*candidate.against, *candidate.unknown) if each.rule in floor.beats]
    candidate.against = [each for each in candidate.against if each.rule not in floor.beats]
    candidate.unknown = [each for each in candidate.unknown if each.rule not in floor.beats]
    inputs: dict[str, Json] = {"beats": sorted(floor.beats), "beaten": beaten}
    _step(candidate, frame, floor.head, terms, "lifted", inputs)


def name_kinds(candidates: Sequence[Candidate], frame: Frame) -> None:
    """Puts down as what each award is recognised: by its articulation, else by a table."""
    kinds = {each.head.id: each for each in frame.pack.kinds if _in_force(each.head, frame) is not None}
    for candidate in candidates if kinds else ():
        said = candidate.directions.get("kind")
        if said is not None and str(said.value) in kinds:
            candidate.kind = kinds[str(said.value)]
            candidate.award = candidate.award.changed(facts={**candidate.award.facts, KIND: str(said.value)})


def carry(candidates: Sequence[Candidate], frame: Frame) -> None:
    """Carries out kinds and outcomes, once each award has its amount."""
    outcomes = [each for each in frame.pack.outcomes if _in_force(each.head, frame) is not None]
    for candidate in candidates:
        if candidate.kind is not None:
            _carry_kind(candidate, candidate.kind, frame)
        if outcomes or candidate.kind is not None:
            _carry_outcome(candidate, outcomes, frame)


def _carry_kind(candidate: Candidate, kind: Kind, frame: Frame) -> None:
    facts: dict[str, Json] = {"kind": kind.head.id, "course": candidate.part}
    terms = _in_force(kind.head, frame)
    if kind.condition is not None:
        _wait(candidate, kind, terms, kind.condition.judge(candidate.award, frame.situation), frame)
    elif kind.waives and candidate.worth > 0:
        _waive(candidate, kind, facts)
        _step(candidate, frame, kind.head, terms, "waived", facts)
    elif kind.waives:
        candidate.notes.append(Reason(kind.reason, kind.head.label, kind.head.id, _ZERO, facts))


def _waive(candidate: Candidate, kind: Kind, facts: dict[str, Json]) -> None:
    """Nothing of its worth is offered room: it is a waiver, with a reason that carries the amount."""
    lost, price = candidate.worth, candidate.price
    candidate.price = replace(price, rounded=price.amount)
    candidate.charged.append(Reason(kind.reason, kind.head.label, kind.head.id, lost, facts))


def _wait(candidate: Candidate, kind: Kind, terms: Terms | None, verdict: Verdict, frame: Frame) -> None:
    """Until its condition holds a credit is conditional; where it has failed, the award does not count."""
    facts: dict[str, Json] = {"kind": kind.head.id, "course": candidate.part}
    words = "; ".join(verdict.arithmetic) or None
    if verdict.truth is Truth.YES:
        _step(candidate, frame, kind.head, terms, "passed", facts, words)
        return
    if verdict.truth is Truth.NO:
        candidate.hold(Truth.NO, (Finding(kind.reason, facts),), kind.head.label, kind.head.id)
    elif candidate.is_open:
        candidate.on_condition = True
        candidate.notes.append(Reason(kind.reason, kind.head.label, kind.head.id, _ZERO, facts))
        candidate.edits += [each.edit for each in verdict.findings]
    _step(candidate, frame, kind.head, terms, "failed" if verdict.truth is Truth.NO else "on condition", facts, words)


def _carry_outcome(candidate: Candidate, rules: Sequence[OutcomeRule], frame: Frame) -> None:
    grades: dict[str, str] = {}
    excluded: set[str] = set()
    without = False
    for rule in rules:
        verdict = rule.where.judge(candidate.award, frame.situation)
        if verdict.truth is Truth.UNKNOWN:
            candidate.hold(Truth.UNKNOWN, verdict.findings, rule.head.label, rule.head.id)
        if verdict.truth is Truth.YES:
            without |= rule.without_grade
            excluded |= set(rule.excluded_from)
            grades |= {rule.grade: rule.head.id} if rule.grade is not None else {}
            _step(candidate, frame, rule.head, _in_force(rule.head, frame), "carries", {"grade": rule.grade})
    if len(grades) > 1:
        _disagree(candidate, grades, rules)
    _write(candidate, next(iter(grades), None), sorted(excluded), without=without)


def _disagree(candidate: Candidate, grades: dict[str, str], rules: Sequence[OutcomeRule]) -> None:
    named: list[Json] = [*sorted(grades)]
    head = next(each.head for each in rules if each.grade in grades)
    candidate.hold(Truth.UNKNOWN, (Finding("UNCLASSIFIED", {"grade": named}),), head.label, head.id)


def _write(candidate: Candidate, grade: str | None, excluded: list[str], *, without: bool) -> None:
    kind = candidate.kind
    named = "credit-without-grade" if without else "credit"
    if kind is not None and kind.waives:
        named = "waived"
    elif kind is not None and kind.condition is not None:
        named = "exempt-from-class"
    candidate.outcome = Outcome(named, grade, tuple(excluded))  # type: ignore[arg-type]  # one of its literals
    if excluded:
        facts = {**candidate.award.facts, EXCLUDED: ",".join(excluded)}
        candidate.award = candidate.award.changed(facts=facts)


def _step(
    candidate: Candidate,
    frame: Frame,
    head: RuleHead,
    terms: Terms | None,
    result: str,
    inputs: dict[str, Json],
    words: str | None = None,
) -> None:
    if frame.trace.telling:
        award = candidate.award.id
        step = frame.trace.add(
            "outcome", result, award=award, rule=head.id, terms=terms, inputs=inputs, arithmetic=words
        )
        candidate.steps.append(step)
