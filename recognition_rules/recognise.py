"""Recognition: a learner's awards against a programme, under a pack, on a day; pure, and the same everywhere.

0. Fix the inputs: awards, uses, facts, day, pack, policy; all are digested.
1. Pick the versions: of the programme, with those kept by criteria met in time; of each rule by its own day.
2. Normalise titles and units, 3. classify by source and class, 4. check eligibility: every failing atom is a reason.
5. Build classes of equal courses over the eligible and the earlier-used awards.
6. Value each award in the programme's unit, from its original amount.
8. Choose along the policy's order within all limits, then assign slots so that least is missing.
10. Read the requirements. 11. Read the milestones. 13. Explain: reasons, steps, counterfactuals.

7 belongs to 8. 9. Round buckets and totals where the pack says so. 12. Open the obligations that decisions bring.
What a version does not carry out is refused when the pack is parsed.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from operator import attrgetter

from recognition_rules.award import Award, Use
from recognition_rules.counterfactuals.proposals import Proposals
from recognition_rules.counterfactuals.search import verified
from recognition_rules.judgement import Judgement
from recognition_rules.levels import LevelTable
from recognition_rules.pack import Pack
from recognition_rules.policy import Policy
from recognition_rules.programme import ProgrammeVersion, Syllabus
from recognition_rules.recognition import Recognition
from recognition_rules.request import Request, by_id, programme_of
from recognition_rules.rules.enrolment import enrolled
from recognition_rules.rules.use import relevant
from recognition_rules.situation import LearnerFact, Situation
from recognition_rules.stages.articulate import articulate
from recognition_rules.stages.authority import tell_overrides
from recognition_rules.stages.best import choose
from recognition_rules.stages.carry import carry, lift, name_kinds
from recognition_rules.stages.choice import order_of
from recognition_rules.stages.classify import classify
from recognition_rules.stages.compatibility import compare
from recognition_rules.stages.eligibility import admit, read_session, value_amounts
from recognition_rules.stages.enrolment import await_enrolment, worths
from recognition_rules.stages.exits import seat, seek_exit
from recognition_rules.stages.frame import Candidate, Frame, Trace, iso
from recognition_rules.stages.minimum import raise_amounts
from recognition_rules.stages.open_questions import doubts
from recognition_rules.stages.outcome import conclude
from recognition_rules.stages.plan import plan_of
from recognition_rules.stages.requirements import Audit
from recognition_rules.stages.rounding import round_buckets
from recognition_rules.stages.worlds import Chosen, Settled, settle
from recognition_rules.units import UnitTable


def recognise(
    awards: Collection[Award],
    programme: str,
    pack: Pack,
    policy: Policy | None,
    on: date,
    *,
    units: UnitTable,
    levels: LevelTable | None = None,
    used: Collection[Use] = (),
    session: str | None = None,
    learner: Mapping[str, LearnerFact] | None = None,
    syllabus: Syllabus | None = None,
    granted: bool = False,
    held: Collection[str] = (),
    exit_award: str | None = None,
    judgements: Collection[Judgement] = (),
    institution: str | None = None,
    verify_counterfactuals: bool = False,
    trace: bool = True,
) -> Recognition:
    """Decides every award and every requirement, with reasons; see the procedure at the head of this file.

    `on` is the day of the decision. `used` are awards used up elsewhere. `session` is the month for which the
    qualification is sought (`2027-02`), `exit_award` the award sought on the way. `learner` holds facts about the
    learner (days as `date`), `judgements` the signed answers of people; `institution` is the body that awards the
    qualification. `granted` and `held` say what was given earlier, so that its loss shows as `at_risk` and `lost`.
    With `policy` None the pack's own holds. `verify_counterfactuals` re-runs each proposal, which costs one
    recognition an award. Without `trace` the same is decided, and neither steps nor counterfactuals are written
    down: for bulk runs.

    Raises `UnknownProgramme`, `UnknownSession`, `AwardConflict` or `OptimumNotProven`; a refusal is not an error.
    """
    pack = pack.localised(programme_of(pack, programme).id, institution)
    request = Request(
        awards=by_id(awards),
        programme=programme_of(pack, programme),
        pack=pack,
        policy=policy or pack.choose,
        on=on,
        units=units,
        levels=levels,
        used=relevant(tuple(used), pack.uses),
        session=session,
        learner=dict(learner or {}),
        syllabus=syllabus,
        granted=granted,
        held=frozenset(held),
        exit_award=exit_award,
        judgements=tuple(judgements),
        institution=institution,
        telling=trace,
    )
    version, why = _version(request)
    first = _run(request, version, why)
    if not verify_counterfactuals:
        return first
    return verified(first, request, lambda changed: _run(changed, version, why, asking=False))


_UNKNOWN = "unknown: "


def _version(request: Request) -> tuple[ProgrammeVersion, str]:
    """Step 1: the version in force, unless an earlier one was met in time by what had ended by its last day."""
    day, fact = request.version_day(), request.programme.versions_fact
    current = request.programme.version_on(day or request.on)
    why = "in force on the day" if fact is None else f"in force by {fact}" if day else f"{_UNKNOWN}{fact}"
    questions: list[str] = []
    for version in request.programme.versions:
        if version is current:
            break
        asked = _kept(request, version) if version.kept_by_criteria else "no"
        if asked == "":
            return version, "kept: its criteria were met by its last day"
        questions += [] if asked == "no" else [asked]
    if not questions or _run(replace(request, telling=False), current, why).status == "granted":
        return current, why
    return current, f"{_UNKNOWN}{questions[0]}"


def _kept(request: Request, version: ProgrammeVersion) -> str:
    """Nothing where the criteria were met in time, "no" where they were not, else the first fact that would tell."""
    past = _as_at_its_last_day(request, version, undated=False)
    if past.status == "granted":
        return ""
    if past.status != "undetermined" and all(award.ended_on for award in request.awards.values()):
        return "no"
    widest = past if past.status == "undetermined" else _as_at_its_last_day(request, version, undated=True)
    if widest.status not in ("granted", "undetermined"):
        return "no"
    facts = (reason.facts.get("fact") for each in widest.decisions for reason in each.reasons)
    return next((str(fact) for fact in facts if fact is not None), "ended_on")


def _as_at_its_last_day(request: Request, version: ProgrammeVersion, *, undated: bool) -> Recognition:
    """What had ended by the last day of a version, decided on that day; with those of which the day is not known."""
    until = version.terms.until
    assert until is not None
    ends = ((key, award, award.ended_on) for key, award in request.awards.items())
    early = {key: award for key, award, end in ends if (undated if end is None else end <= until)}
    past = replace(request, awards=early, on=until, session=None, granted=False, telling=False)
    return _run(past, version, "as at its last day")


def _run(request: Request, version: ProgrammeVersion, why: str, *, asking: bool = True) -> Recognition:
    """One run; `asking` whether what is decided holds however the open questions are settled."""
    pack = enrolled(request.pack, request.enrolled_on())
    request = request if pack is request.pack else replace(request, pack=pack)
    chosen = _chosen(request, version, why, Settled())
    frame, candidates = chosen.frame, chosen.candidates
    if asking and any(each.unknown for each in candidates):
        silent = replace(request, telling=False)
        frame.doubts = doubts(chosen, lambda settled: _chosen(silent, version, why, settled))
    if request.telling:
        Proposals(frame, chosen.limits, candidates).propose()
    return conclude(request, frame, candidates, chosen.audit, chosen.method)


def _chosen(request: Request, version: ProgrammeVersion, why: str, settled: Settled) -> Chosen:
    frame = _frame(request, version, why)
    frame.contained = settled.contained
    candidates = _candidates(request, frame)
    classify(candidates, frame)
    admit(candidates, frame)
    lift(candidates, frame)
    await_enrolment(candidates, frame)
    waiting = settle(candidates, settled)
    compare(candidates, frame)
    frame.situation.peers = tuple([each.award for each in candidates if not each.against and not each.unknown])
    candidates = articulate(candidates, frame)
    raise_amounts(candidates, frame)
    name_kinds(candidates, frame)
    value_amounts(candidates, frame)
    carry(candidates, frame)
    frame.eligible = tuple([each for each in candidates if not each.against and not each.unknown])
    earlier = [each.award for each in candidates if each.award.id in frame.used and not each.award.revoked]
    limits, proof = choose(frame.eligible, frame, earlier)
    audit = Audit(frame, candidates)
    method = proof or seat(candidates, frame, audit)
    frame.rounded = round_buckets(candidates, frame)
    return Chosen(frame, candidates, limits, audit, method, settled, waiting)


def _frame(request: Request, version: ProgrammeVersion, why: str) -> Frame:
    situation = _situation(request)
    frame = Frame(
        pack=request.pack,
        programme=request.programme,
        version=version,
        policy=request.policy,
        situation=situation,
        session=request.session,
        used=request.used,
        syllabus=request.syllabus,
        trace=Trace(telling=request.telling),
        exit_award=request.exit_award,
    )
    if request.session is not None and request.programme.window is not None:
        read_session(request.session, frame)
    frame.trace.add("fix", "fixed", inputs={"awards": len(request.awards), "on": iso(request.on)})
    programme = request.programme.id
    frame.trace.add("versions", why, rule=programme, terms=version.terms, inputs={"programme": programme})
    tell_overrides(frame)
    frame.undated = why.removeprefix(_UNKNOWN) if why.startswith(_UNKNOWN) else None
    seek_exit(frame)
    return frame


def _situation(request: Request) -> Situation:
    return Situation(
        on=request.on,
        learner=request.learner,
        levels=request.levels,
        submitted=(*request.awards.values(), *request.given_up),
        given_up=request.given_up,
        judgements=request.judgements,
        institution=request.institution,
        telling=request.telling,
        plan=plan_of(request.pack, request.programme.id, request.on, telling=request.telling),
    )


def _candidates(request: Request, frame: Frame) -> list[Candidate]:
    """The awards in the order of the walk; those whose place is unknown come last, by id."""
    place = order_of(request.policy)
    known: list[Award] = []
    unknown: list[Award] = []
    for award in request.awards.values():
        (unknown if None in place(award) else known).append(award)
    placed = [*sorted(known, key=place), *sorted(unknown, key=attrgetter("id"))]
    return list(map(Candidate, placed, worths(placed, frame, request.units)))
