"""Step 4, validity: the day until which an award may be used, seen from this target, and whether that is over."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from recognition_rules.award import Award
from recognition_rules.canonical import Json
from recognition_rules.durations import Duration, of_years, parse_duration
from recognition_rules.rules.validity import Life, Validity
from recognition_rules.stages.frame import Candidate, Frame, iso
from recognition_rules.stages.recording import not_in_force, record
from recognition_rules.terms import Terms
from recognition_rules.truth import YES, Edit, Finding, Truth, Verdict, both, either

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class End:
    """One limit on the life of one award: its last good day, or the fact that is missing; `length` where it has one."""

    kind: str
    last: date | None = None
    missing: str | None = None
    length: Duration | None = None


def check_validity(candidate: Candidate, frame: Frame) -> None:
    """Asks every [[validity]] of the pack that concerns the award, and notes the earliest last day."""
    for rule in frame.pack.validity:
        if rule.head.concerns(frame.programme.id):
            _ask(candidate, rule, frame)


def _ask(candidate: Candidate, rule: Validity, frame: Frame) -> None:
    award, situation = candidate.award, frame.situation
    applies = situation.applies(rule.where, award)
    if applies.truth is Truth.NO:
        return
    terms, missing_day = frame.terms_for(rule.head, award)
    if missing_day is not None:
        record(candidate, frame, "eligible", rule.head, None, _missing(missing_day), {})
        return
    if terms is None:
        not_in_force(candidate, frame, rule.head)
        return
    verdict, last = judge_validity(rule, award, terms, frame)
    if last is not None:
        candidate.expires_on = last if candidate.expires_on is None else min(last, candidate.expires_on)
    if verdict.truth is not Truth.YES and applies.truth is Truth.UNKNOWN:
        verdict = Verdict(Truth.UNKNOWN, applies.findings)
    record(candidate, frame, "eligible", rule.head, terms, verdict, {"last_day": iso(last)})


def judge_validity(rule: Validity, award: Award, terms: Terms | None, frame: Frame) -> tuple[Verdict, date | None]:
    """Whether the award is still good, and its last day as far as it is known (None: it has none)."""
    never = rule.never.judge(award, frame.situation) if rule.never else Verdict(Truth.NO)
    if never.truth is Truth.YES:
        return Verdict(Truth.YES, (), ("never expires",) if frame.trace.telling else ()), None
    ends = [_end(rule, life, award, terms, frame) for life in rule.lives]
    days = [end.last for end in ends if end.last is not None]
    last = min(days, default=None)
    verdict = _by_life(rule, award, ends, last, frame) if rule.lives else None
    if verdict is None or verdict.truth is not Truth.YES:
        verdict = _with_evidence(rule, award, verdict, frame)
    if verdict.truth is not Truth.YES and never.truth is Truth.UNKNOWN:
        verdict = Verdict(Truth.UNKNOWN, (*verdict.findings, *never.findings), verdict.arithmetic)
    return verdict, last


def _by_life(rule: Validity, award: Award, ends: list[End], last: date | None, frame: Frame) -> Verdict:
    """Over where a known end is over; open where a length or a day that matters is not known."""
    on, missing_day = _measured_on(rule, award, frame)
    unknown = [end.missing for end in ends if end.missing is not None]
    if last is None and not unknown:
        return YES
    if on is None:
        return both([_missing(missing_day), *map(_missing, unknown)])
    if last is not None and on > last:
        return _expired(rule, award, ends, last, on)
    words = (f"{on} ≤ {last}",) if frame.trace.telling and last is not None else ()
    return both([Verdict(Truth.YES, (), words), *(_missing(name) for name in dict.fromkeys(unknown))])


def _expired(rule: Validity, award: Award, ends: list[End], last: date, on: date) -> Verdict:
    shortest = next(end for end in ends if end.last == last)
    facts: dict[str, Json] = {
        "ended_on": iso(award.ended_on),
        "since": iso(_start(rule, award)),
        "last_day": last.isoformat(),
        "on": on.isoformat(),
        "limit": shortest.kind,
        "length": None if shortest.length is None else str(shortest.length),
    }
    finding = Finding(rule.reason, facts, _edit(rule, ends, on))
    return Verdict(Truth.NO, (finding,), (f"{on} > {last}",))


def _edit(rule: Validity, ends: list[End], on: date) -> Edit | None:
    """The earliest day from which none of the limits would be over; none where one is over whatever the start."""
    reached = on if rule.inclusive else on + _ONE_DAY
    starts = [end.length.earliest_start(reached, rule.rollover) for end in ends if end.length is not None]
    fixed = [end for end in ends if end.length is None and end.last is not None and end.last < on]
    if not starts or None in starts or fixed:
        return None
    day = max(start for start in starts if start is not None).isoformat()
    if rule.starts == "ended_on":
        return Edit("end_on_or_after", {"day": day})
    return Edit("reach", {"fact": rule.starts, "value": day})


def _with_evidence(rule: Validity, award: Award, life: Verdict | None, frame: Frame) -> Verdict:
    """Evidence overrides an end; without a limit it is what is asked for."""
    if rule.evidence is None:
        return life or YES
    shown = rule.evidence.judge(award, frame.situation)
    if life is None:
        refused = tuple(replace(finding, code=rule.reason) for finding in shown.findings)
        found = Verdict(Truth.NO, refused, shown.arithmetic) if shown.truth is Truth.NO else shown
        return found if rule.asks or found.truth is not Truth.UNKNOWN else Verdict(Truth.NO, refused)
    if shown.truth is Truth.UNKNOWN and not rule.asks and life.truth is Truth.NO:
        repair = next((finding.edit for finding in shown.findings if finding.edit), None)
        return Verdict(
            Truth.NO, tuple(replace(each, edit=repair or each.edit) for each in life.findings), life.arithmetic
        )
    if shown.truth is Truth.NO and life.truth is Truth.NO:
        return life
    return either([life, shown])


def _end(rule: Validity, life: Life, award: Award, terms: Terms | None, frame: Frame) -> End:
    """The last good day of one limit, or what is missing to tell it."""
    if life.kind == "until":
        return End(life.kind, life.day)
    if life.kind == "carried_day":
        return _carried_day(life, award)
    length, missing = _length(life, award, terms, frame)
    if length is None:
        return End(life.kind, missing=missing)
    start = _start(rule, award)
    if start is None:
        return End(life.kind, missing=rule.starts, length=length)
    over = length.after(start, rule.rollover)
    return End(life.kind, over if rule.inclusive else over - _ONE_DAY, length=length)


def _length(life: Life, award: Award, terms: Terms | None, frame: Frame) -> tuple[Duration | None, str | None]:
    """The length and, where there is none, the fact that is missing; neither where there is no limit."""
    if life.kind == "own":
        dated = None if terms is None or terms.value is None else of_years(terms.value)
        return dated or life.duration, None
    if life.table is not None:
        return _of_target(life, frame)
    stated = award.facts.get(life.fact) if life.kind == "carried" else frame.situation.learner.get(life.fact)
    if stated == "none":
        return None, None
    length = parse_duration(stated) if isinstance(stated, str) else None
    return length, None if length or (stated is None and life.absent == "none") else life.fact


def _of_target(life: Life, frame: Frame) -> tuple[Duration | None, str | None]:
    by_programme = life.kind == "by_programme"
    target = frame.programme.id if by_programme else frame.situation.institution
    if target is None:
        return None, "institution"
    if life.table is not None and target in life.table:
        return life.table[target], None
    return None, None if life.absent == "none" else f"validity_{life.kind}"


def _carried_day(life: Life, award: Award) -> End:
    stated = award.facts.get(life.fact)
    try:
        last = date.fromisoformat(stated) if isinstance(stated, str) else None
    except ValueError:
        last = None
    unknown = last is None and not (stated is None and life.absent == "none")
    return End(life.kind, last, life.fact if unknown else None)


def _start(rule: Validity, award: Award) -> date | None:
    day: date | None = getattr(award, rule.starts)
    return day


def _measured_on(rule: Validity, award: Award, frame: Frame) -> tuple[date | None, str]:
    """The day on which the credit must still be good, and what is missing where it is not known."""
    if rule.measured_on == "decision":
        return frame.situation.on, ""
    if rule.measured_on == "application":
        return award.received_on, "received_on"
    name = rule.measured_on.removeprefix("learner:")
    return frame.situation.learner_day(name), name


def _missing(name: str) -> Verdict:
    return Verdict(Truth.UNKNOWN, (Finding("FACT_MISSING", {"fact": name}, Edit("supply", {"fact": name})),))
