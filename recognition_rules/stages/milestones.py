"""Step 11: what opens on the way, by a number of counted credits or by tests; it may be lost again."""

from collections.abc import Collection, Iterator, Sequence
from fractions import Fraction

from recognition_rules.amount_text import reaches, text_of_amount, total
from recognition_rules.canonical import Json
from recognition_rules.pack import Milestone
from recognition_rules.programme import Group, leaves
from recognition_rules.recognition import Entitlement, RequirementResult
from recognition_rules.rules.enrolment import FACT
from recognition_rules.stages.frame import Candidate, Frame
from recognition_rules.stages.requirements import Audit
from recognition_rules.terms import Terms
from recognition_rules.truth import Truth


def entitlements(
    held: Collection[str], frame: Frame, candidates: Sequence[Candidate], audit: Audit, counted: Fraction
) -> Iterator[Entitlement]:
    """Every milestone of the programme, in the order of the pack; what was `held` and is not open now is lost."""
    possible = counted + total([each.may_still_count for each in candidates if each.unknown])
    for milestone in frame.pack.milestones:
        terms = milestone.head.on(frame.situation.on) or (milestone.head.terms[0] if milestone.head.waits else None)
        if not milestone.head.concerns(frame.programme.id) or terms is None:
            continue
        was_held = milestone.head.id in held
        if milestone.require is None:
            yield _by_credits(milestone, terms, frame, (counted, possible), held=was_held)
        else:
            yield _by_tests(milestone, milestone.require, audit, held=was_held)


def _by_credits(
    milestone: Milestone, terms: Terms, frame: Frame, credits_: tuple[Fraction, Fraction], *, held: bool
) -> Entitlement:
    needed = milestone.at_least if terms.value is None else terms.value
    counted, possible = credits_
    enough = reaches(counted, needed)
    truth = Truth.YES if enough else Truth.UNKNOWN if reaches(possible, needed) else Truth.NO
    truth = frame.answer(milestone, Truth.UNKNOWN if milestone.head.waits else truth, enough=enough)
    found = _entitlement(milestone, truth, needed, counted, held=held)
    if not frame.trace.telling:
        return found
    inputs: dict[str, Json] = {"needed": text_of_amount(needed), "have": text_of_amount(counted)}
    inputs |= {"missing": FACT} if milestone.head.waits else {}
    words = f"{text_of_amount(counted)} {'≥' if enough else '<'} {text_of_amount(needed)}"
    frame.trace.add("milestones", found.status, rule=milestone.head.id, terms=terms, inputs=inputs, arithmetic=words)
    return found


def _by_tests(milestone: Milestone, tree: Group, audit: Audit, *, held: bool) -> Entitlement:
    """Of a single test the amounts are its own; of several, how many of them are satisfied."""
    truth, results = audit.read(tree, "milestones")
    needed, have = _figures(tree, results)
    truth = Truth.UNKNOWN if milestone.head.waits else truth
    found = _entitlement(milestone, truth, needed, have, held=held)
    frame, head = audit.frame, milestone.head
    frame.trace.add("milestones", found.status, rule=head.id, terms=head.on(frame.situation.on))
    return found


def _figures(tree: Group, results: tuple[RequirementResult, ...]) -> tuple[Fraction, Fraction]:
    if len(tuple(leaves(tree))) == 1:
        return results[0].needed, results[0].have
    named = {part.id for part in tree.parts}
    satisfied = sum(each.satisfied == "yes" for each in results if each.id in named)
    return Fraction(tree.at_least), Fraction(satisfied)


def _entitlement(milestone: Milestone, truth: Truth, needed: Fraction, have: Fraction, *, held: bool) -> Entitlement:
    name = milestone.head.id
    if truth is Truth.YES:
        return Entitlement(name, "open", needed, have)
    if truth is Truth.UNKNOWN:
        return Entitlement(name, "undetermined", needed, have)
    return Entitlement(name, "lost" if held else "not_open", needed, have)
