"""Step 4 over pairs: of the eligible awards of a set only those of one group may count together."""

from collections.abc import Sequence

from recognition_rules.amount_text import total
from recognition_rules.canonical import Json
from recognition_rules.conditions.attributes import fact_name, value_of
from recognition_rules.rules.compatibility import Compatibility
from recognition_rules.stages.frame import Candidate, Frame
from recognition_rules.stages.recording import record, terms_now
from recognition_rules.truth import Edit, Finding, Truth, Verdict


def compare(candidates: Sequence[Candidate], frame: Frame) -> None:
    """Applies each [[compatibility]]; `candidates` are in the order of the choice, so that *first* has a meaning."""
    for rule in frame.pack.compatibilities:
        if rule.head.concerns(frame.programme.id) and terms_now(rule.head, frame) is not None:
            _apply(rule, [each for each in candidates if each.is_open], frame)


def _apply(rule: Compatibility, open_: Sequence[Candidate], frame: Frame) -> None:
    groups: dict[Json, list[Candidate]] = {}
    for candidate in open_:
        applies = rule.where.judge(candidate.award, frame.situation)
        value = value_of(candidate.award, rule.same) if applies.truth is Truth.YES else None
        if applies.truth is Truth.UNKNOWN:
            _record(candidate, rule, frame, Verdict(Truth.UNKNOWN, applies.findings), None)
        elif applies.truth is Truth.YES and value is None:
            _record(candidate, rule, frame, _missing(fact_name(rule.same)), None)
        elif value is not None:
            groups.setdefault(value, []).append(candidate)
    if groups:
        _settle(rule, groups, frame)


def _settle(rule: Compatibility, groups: dict[Json, list[Candidate]], frame: Frame) -> None:
    if rule.chosen_by is not None:
        chosen = frame.situation.learner.get(rule.chosen_by)
        kept: Json = chosen if isinstance(chosen, str | int) else None
        unknown = kept is None and len(groups) > 1
    else:
        kept, unknown = _kept(rule, groups), False
    for value, members in groups.items():
        for candidate in members:
            verdict = _missing(rule.chosen_by or "") if unknown else _verdict(rule, value, kept, groups)
            _record(candidate, rule, frame, verdict, value)


def _kept(rule: Compatibility, groups: dict[Json, list[Candidate]]) -> Json:
    """The group of the first award, or the one with most credits; of equal ones the one that comes first."""
    if rule.keep == "first":
        return next(iter(groups))
    return max(groups, key=lambda value: total(each.price.amount for each in groups[value]))


def _verdict(rule: Compatibility, value: Json, kept: Json, groups: dict[Json, list[Candidate]]) -> Verdict:
    if kept is None or value == kept:
        return Verdict(Truth.YES)
    others = [each.award.id for each in groups.get(kept, ())]
    facts: dict[str, Json] = {fact_name(rule.same): value, "kept": kept, "with": list(others)}
    edit: Edit | None
    if rule.chosen_by is not None:
        edit = Edit("supply", {"fact": rule.chosen_by, "value": value, "of": "learner"})
    else:
        edit = Edit("give_up", {"award": others[0]}) if len(others) == 1 else None
    return Verdict(Truth.NO, (Finding("SOURCE_NOT_ELIGIBLE", facts, edit),))


def _record(candidate: Candidate, rule: Compatibility, frame: Frame, verdict: Verdict, value: Json) -> None:
    inputs: dict[str, Json] = {fact_name(rule.same): value}
    record(candidate, frame, "eligible", rule.head, terms_now(rule.head, frame), verdict, inputs)


def _missing(name: str) -> Verdict:
    return Verdict(Truth.UNKNOWN, (Finding("FACT_MISSING", {"fact": name}, Edit("supply", {"fact": name})),))
