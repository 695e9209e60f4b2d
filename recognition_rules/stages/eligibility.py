"""Steps 2 to 4: each award is classified and passes the gates, or every gate it fails is written down."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from recognition_rules.award import Award
from recognition_rules.canonical import Json
from recognition_rules.conditions.attributes import FACT, value_of
from recognition_rules.decision import Reason
from recognition_rules.input_errors import UnknownSession
from recognition_rules.pack import Eligibility
from recognition_rules.stages.choice import order_of
from recognition_rules.stages.frame import Candidate, Frame, iso
from recognition_rules.stages.pricing import Price
from recognition_rules.stages.recording import not_in_force, record, terms_now
from recognition_rules.stages.use import charge_use, check_use
from recognition_rules.stages.validity import check_validity
from recognition_rules.terms import RuleHead, Terms
from recognition_rules.truth import Edit, Finding, Truth, Verdict


def admit(candidates: Sequence[Candidate], frame: Frame) -> None:
    """Runs each award through the gates, in the order of the pipeline; nothing is skipped after a failure.

    Of the candidates those come last whose place in the order is not known.
    """
    telling, profile, place = frame.trace.telling, frame.situation.profile, order_of(frame.policy)
    all_placed = not candidates or None not in place(candidates[-1].award)
    for candidate in candidates:
        award = candidate.award
        known = profile(award)
        if award.revoked or frame.used:
            _fixed(candidate, frame)
        if telling or not known.classified:
            _classified(candidate, frame)
        if not all_placed and None in place(award):
            _ordered(candidate, frame)
        if frame.session is not None:
            _within_window(candidate, frame)
        for rule, is_silent in known.gates:
            if is_silent is None or not is_silent(award):
                _gate(candidate, rule, frame)
        if frame.pack.validity:
            check_validity(candidate, frame)


def _fixed(candidate: Candidate, frame: Frame) -> None:
    """Step 0 for one award: alive, and not used up elsewhere for the same purpose."""
    award, pack = candidate.award, frame.pack
    if award.revoked:
        _fail(candidate, frame, "fix", pack.revocation, Finding("REVOKED"))
    check_use(candidate, frame)


def _classified(candidate: Candidate, frame: Frame) -> None:
    """Step 3: a source and a class that the pack knows; there is no silent default."""
    award, pack = candidate.award, frame.pack
    inputs: dict[str, Json] = {"source": award.source, "class": award.course_class, "provider": award.provider}
    verdict = Verdict(Truth.YES)
    if award.source is not None and award.source not in pack.sources:
        verdict = Verdict(Truth.NO, (Finding("SOURCE_NOT_ELIGIBLE", {"source": award.source}),))
    elif award.source is None or award.course_class not in pack.classes:
        lacking = "source" if award.source is None else "class"
        finding = Finding("UNCLASSIFIED", {lacking: inputs[lacking]}, Edit("supply", {"fact": lacking}))
        verdict = Verdict(Truth.UNKNOWN, (finding,))
    record(candidate, frame, "classify", pack.classification, terms_now(pack.classification, frame), verdict, inputs)


def _ordered(candidate: Candidate, frame: Frame) -> None:
    """The order of the choice is made of facts: where one is missing the award's place is unknown."""
    for key in frame.policy.order:
        if key != "award_id" and getattr(candidate.award, key) is None:
            finding = Finding("FACT_MISSING", {"fact": key}, Edit("supply", {"fact": key}))
            head = frame.pack.classification
            record(candidate, frame, "classify", head, terms_now(head, frame), Verdict(Truth.UNKNOWN, (finding,)), {})


def _within_window(candidate: Candidate, frame: Frame) -> None:
    """The last day on which a course may end to count for the chosen award session."""
    window, session, ended_on = frame.programme.window, frame.session, candidate.award.ended_on
    if window is None or session is None or ended_on is None or not window.head.concerns(frame.programme.id):
        return
    terms = terms_now(window.head, frame)
    if terms is None:
        return
    year, month = read_session(session, frame)
    cutoff = window.cutoff(year, month)
    inputs: dict[str, Json] = {"ended_on": iso(ended_on), "cutoff": iso(cutoff), "session": session}
    verdict = Verdict(Truth.YES, (), (f"{ended_on} ≤ {cutoff}",))
    if ended_on > cutoff:
        edit = Edit("choose_session", {"session": window.next_session(ended_on)})
        verdict = Verdict(Truth.NO, (Finding("OUTSIDE_WINDOW", inputs, edit),), (f"{ended_on} > {cutoff}",))
    record(candidate, frame, "eligible", window.head, terms, verdict, inputs)


def read_session(session: str, frame: Frame) -> tuple[int, int]:
    """The year and month of an award session such as `2027-02`; raises `UnknownSession`."""
    window = frame.programme.window
    months = sorted(window.until) if window else []
    year, dash, month = session.partition("-")
    good = dash and year.isascii() and year.isdecimal() and len(year) == 4 and 1900 <= int(year) < 3000
    if not good or not (month.isascii() and month.isdecimal() and len(month) == 2 and int(month) in months):
        raise UnknownSession(months=", ".join(f"{each:02d}" for each in months))
    return int(year), int(month)


def _gate(candidate: Candidate, rule: Eligibility, frame: Frame) -> None:
    award, situation = candidate.award, frame.situation
    applies = situation.applies(rule.when, award)
    if applies.truth is Truth.NO:
        return
    terms, missing_day = frame.terms_for(rule.head, award)
    if terms is None and missing_day is None:
        not_in_force(candidate, frame, rule.head)
        return
    verdict = _required(rule, terms, missing_day, candidate, frame)
    if applies.truth is Truth.UNKNOWN and verdict.truth is not Truth.YES:
        verdict = applies
    elif missing_day is not None and verdict.truth is not Truth.YES:
        finding = Finding("FACT_MISSING", {"fact": missing_day}, Edit("supply", {"fact": missing_day}))
        verdict = Verdict(Truth.UNKNOWN, (finding,))
    if verdict.truth is not Truth.YES or frame.trace.telling:
        record(candidate, frame, "eligible", rule.head, terms, _named(verdict, rule, award), {})


def _required(
    rule: Eligibility, terms: Terms | None, missing_day: str | None, candidate: Candidate, frame: Frame
) -> Verdict:
    """The verdict under the terms; where the day that picks them is missing, under all that it could pick."""
    if missing_day is None or not rule.has_other_figures:
        return rule.required(terms).judge(candidate.award, frame.situation)
    every = (rule.required(each).judge(candidate.award, frame.situation) for each in rule.head.terms)
    return min(every, key=lambda verdict: verdict.truth)


def _named(verdict: Verdict, rule: Eligibility, award: Award) -> Verdict:
    """The rule's declared reason in place of the general one, with what the rule looked at."""
    if rule.reason is None or verdict.truth is Truth.YES:
        return verdict
    facts: dict[str, Json] = {name: value_of(award, FACT + name) for name in rule.looks_at if name in award.facts}
    findings = verdict.findings or ((Finding("SOURCE_NOT_ELIGIBLE"),) if verdict.truth is Truth.NO else ())
    found = (
        replace(each, code=rule.reason, facts={**each.facts, **facts}) if each.code == "SOURCE_NOT_ELIGIBLE" else each
        for each in findings
    )
    return Verdict(verdict.truth, tuple(found), verdict.arithmetic)


def value_amounts(candidates: Iterable[Candidate], frame: Frame) -> None:
    """Step 6 for the eligible awards: writes down each conversion, and what stands in its way."""
    for candidate in candidates:
        if candidate.used_parts and candidate.is_open and candidate.price.truth is Truth.YES:
            charge_use(candidate, frame)
        if candidate.price.rule is not None or candidate.price.truth is not Truth.YES:
            _value_amount(candidate, candidate.price, frame)


def _value_amount(candidate: Candidate, price: Price, frame: Frame) -> None:
    head = price.rule.head if price.rule else None
    findings = (price.finding,) if price.finding else ()
    verdict = Verdict(price.truth, findings, (price.arithmetic,) if price.arithmetic else ())
    record(candidate, frame, "amount", head, price.terms, verdict, price.inputs)
    if head and price.rounded and candidate.is_open:
        facts: dict[str, Json] = {"arithmetic": price.arithmetic}
        candidate.charged.append(Reason("ROUNDED_AWAY", head.label, head.id, price.rounded, facts))


def _fail(candidate: Candidate, frame: Frame, stage: str, head: RuleHead, finding: Finding) -> None:
    record(candidate, frame, stage, head, terms_now(head, frame), Verdict(Truth.NO, (finding,)), finding.facts)
