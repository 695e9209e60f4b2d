"""Step 6: minimum grants. An award is worth at least what a floor says, whole or in parts that stand for courses."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from recognition_rules.amount_text import text_of_amount, total
from recognition_rules.canonical import Json
from recognition_rules.reading.pack_reader import exact
from recognition_rules.rules.floors import Floor
from recognition_rules.stages.carry import floors_in_force
from recognition_rules.stages.frame import Candidate, Frame
from recognition_rules.stages.pricing import Price
from recognition_rules.terms import Terms
from recognition_rules.truth import Edit, Finding, Truth

_ZERO = Fraction(0)


def raise_amounts(candidates: Sequence[Candidate], frame: Frame) -> None:
    """Gives every award the amount that it must be granted at least; where it stands for several courses each part
    gets its share, and a part that is refused gets nothing."""
    for floor, terms in floors_in_force(frame):
        least = floor.at_least if terms.value is None else terms.value
        for parts in _awards(candidates) if least is not None or floor.fact else ():
            asked = _own_minimum(parts, floor, frame) if floor.fact else least
            if asked is not None:
                _raise_parts(parts, floor, terms, asked, frame)


def _awards(candidates: Sequence[Candidate]) -> list[list[Candidate]]:
    """The candidates of each award: itself, or its parts but for those that are refused."""
    found: dict[str, list[Candidate]] = {}
    for each in candidates:
        if each.part is None or not each.against:
            found.setdefault(each.award.id, []).append(each)
    return list(found.values())


def _own_minimum(parts: Sequence[Candidate], floor: Floor, frame: Frame) -> Fraction | None:
    """What the award's own fact says; where a minimum must be granted and is not stated, nothing is known."""
    value = exact(parts[0].award.facts.get(str(floor.fact)))
    for each in parts if value is None else ():
        if frame.situation.truth(floor.where, each.award) is Truth.YES:
            finding = Finding("FACT_MISSING", {"fact": floor.fact}, Edit("supply", {"fact": floor.fact}))
            each.hold(Truth.UNKNOWN, (finding,), floor.head.label, floor.head.id)
    return value


def _raise_parts(parts: Sequence[Candidate], floor: Floor, terms: Terms, least: Fraction, frame: Frame) -> None:
    """Raises those parts that the floor is about, each in proportion to what it has; of nothing all get the same.

    What is not known yet, and may come to more than the minimum, stays unknown.
    """
    have = total(each.worth for each in parts)
    if have >= least or any(each.price.truth is Truth.UNKNOWN and each.price.high > least for each in parts):
        return
    concerned = [each for each in parts if _is_concerned(each, floor, least, frame)]
    own = total(each.worth for each in concerned)
    for each in concerned:
        share = each.worth / own if own else Fraction(1, len(concerned))
        _raise(each, floor, terms, each.worth + (least - have) * share, least, frame)


def _is_concerned(candidate: Candidate, floor: Floor, least: Fraction, frame: Frame) -> bool:
    """Whether the floor is about it; a part of which that is not known is left open, and may come to the minimum."""
    verdict = floor.where.judge(candidate.award, frame.situation)
    if verdict.truth is Truth.UNKNOWN:
        candidate.hold(Truth.UNKNOWN, verdict.findings, floor.head.label, floor.head.id)
        candidate.price = replace(candidate.price, high=max(candidate.price.high, least))
    return verdict.truth is Truth.YES


def _raise(candidate: Candidate, floor: Floor, terms: Terms, amount: Fraction, least: Fraction, frame: Frame) -> None:
    old, shown = text_of_amount(candidate.worth), text_of_amount(amount)
    words = f"at least {shown} instead of {old}"
    if amount != least:
        words = f"at least {text_of_amount(least)} in all: {shown} instead of {old} for {candidate.part}"
    candidate.price = Price(amount, amount, _ZERO, Truth.YES, None, None, None, {}, "")
    if frame.trace.telling:
        inputs: dict[str, Json] = {"at_least": text_of_amount(least)}
        award = candidate.award.id
        step = frame.trace.add(
            "outcome", "raised", award=award, rule=floor.head.id, terms=terms, inputs=inputs, arithmetic=words
        )
        candidate.steps.append(step)
