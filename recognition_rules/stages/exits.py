"""Steps 1 and 11: exit awards. The one that is sought sets the requirements; all of them are read in the end."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from recognition_rules.amount_text import text_of_amount
from recognition_rules.input_errors import UnknownExitAward
from recognition_rules.programme import ProgrammeVersion
from recognition_rules.recognition import ExitResult, ExitStatus
from recognition_rules.rules.exits import Exit
from recognition_rules.stages.attainable import attainable
from recognition_rules.stages.frame import Candidate, Frame, Trace
from recognition_rules.stages.requirements import Audit, missing_in_slots, shortfall
from recognition_rules.stages.slots import assign
from recognition_rules.truth import Truth

_ZERO = Fraction(0)


def seek_exit(frame: Frame) -> None:
    """Where an exit award is sought, its requirements take the place of the programme's.

    Raises `UnknownExitAward` where the pack has exit awards and this is none of them, nor a programme.
    """
    if frame.exit_award is None or not frame.pack.exits or frame.exit_award in frame.pack.programmes:
        return
    sought = frame.exit
    if sought is None:
        raise UnknownExitAward(known=", ".join(each.head.id for each in frame.exits()))
    frame.version = _version(sought, frame)
    inputs = {"total": text_of_amount(sought.total)}
    frame.trace.add("versions", "exit award", rule=sought.head.id, terms=frame.version.terms, inputs=inputs)


def _version(sought: Exit, frame: Frame) -> ProgrammeVersion:
    terms = sought.head.on(frame.situation.on)
    assert terms is not None
    return ProgrammeVersion(terms, sought.require, kept_by_criteria=False)


def exit_results(held: Collection[str], frame: Frame, candidates: Sequence[Candidate]) -> Iterator[ExitResult]:
    """Every exit award of the programme, in the order of the pack, read over what counts in this recognition.

    Earlier exits have debited what they used: such awards do not count here, unless a rule of use lets them.
    """
    for each in frame.exits():
        yield _read(each, frame, candidates, held=each.head.id in held)


def _read(each: Exit, frame: Frame, candidates: Sequence[Candidate], *, held: bool) -> ExitResult:
    seen = replace(frame, exit_award=each.head.id, version=_version(each, frame))
    seats = [candidate.slot for candidate in candidates]
    audit = Audit(seen, candidates)
    if each.head.id != frame.exit_award:
        seat(candidates, seen, audit)
    truth, requirements = audit.read(each.require, "exits")
    for candidate, slot in zip(candidates, seats, strict=True):
        candidate.slot = slot
    status = _status(truth, held=held)
    code = "AWARD_AT_RISK" if status == "lost" else status
    frame.trace.add("exits", code, rule=each.head.id, terms=seen.version.terms)
    sought = each.head.id == frame.exit_award
    return ExitResult(each.head.id, status, each.total, sought, requirements)


def _status(truth: Truth, *, held: bool) -> ExitStatus:
    if truth is Truth.YES:
        return "open"
    if truth is Truth.UNKNOWN:
        return "undetermined"
    return "lost" if held else "not_open"


def seat(candidates: Sequence[Candidate], frame: Frame, audit: Audit) -> str:
    """Puts the counted awards into the slots of the tree that holds, so that least is missing; answers the method."""
    tree, open_tree = frame.plan.tree(frame.version.require), attainable(frame.version.require, frame.situation)
    needs = {leaf.id: audit.need(leaf) or _ZERO for leaf in tree.slots}
    counted = [each for each in candidates if each.size]
    if tree.by_choice:
        for each in counted:
            each.slot = None
    tests = _lacking_in_tests(frame, candidates) if tree.by_choice else {}
    return assign(
        counted,
        tree,
        needs,
        frame.situation,
        lambda have: shortfall(open_tree, {**tests, **missing_in_slots(tree.slots, needs, have)}),
    )


def _lacking_in_tests(frame: Frame, candidates: Sequence[Candidate]) -> dict[str, Fraction]:
    """What each test lacks, whichever slots the awards sit in."""
    untold = replace(frame, trace=Trace(telling=False))
    _, found = Audit(untold, candidates).results()
    return {each.id: each.shortfall for each in found if each.kind == "test"}
