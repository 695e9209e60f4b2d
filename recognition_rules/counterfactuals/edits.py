"""The closed catalogue of edits: what each does to the inputs of a recognition.

`reach` a value, `supply` a fact or a judgement, `end_on_or_after`, `end_on_or_before`, `end_in_period`,
`choose_session`, `release` a use, `give_up` another award. An edit that names no value cannot be carried out: what the
missing fact would say, nobody knows.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import date
from fractions import Fraction

from recognition_rules.award import Award, Grade, LearningOutcome
from recognition_rules.canonical import Json
from recognition_rules.credits import parse_amount
from recognition_rules.judgement import Judgement
from recognition_rules.levels import Level
from recognition_rules.request import Request
from recognition_rules.truth import Edit

CATALOGUE = (
    "reach", "end_on_or_after", "end_on_or_before", "supply", "end_in_period", "give_up", "choose_session", "release",
)  # fmt: skip
"""The edits in the order in which they are preferred, where they are equally many."""

_SHARES = ("attendance",)
_EXACT = ("score", "hours")


def can_be_tried(edit: Edit) -> bool:
    """Whether the edit says everything that a new run needs."""
    if edit.do != "supply":
        return edit.do in CATALOGUE
    return "value" in edit.details or "answer" in edit.details


def changed(request: Request, award: str, edits: tuple[Edit, ...]) -> Request:
    """The request as it would be after the edits; `award` is the one that is to count."""
    for edit in edits:
        request = _CHANGES[edit.do](request, award, edit.details)
    return request


def _session(request: Request, award: str, details: Mapping[str, Json]) -> Request:  # noqa: ARG001 - shape of a change
    return replace(request, session=str(details["session"]))


def _release(request: Request, award: str, details: Mapping[str, Json]) -> Request:  # noqa: ARG001
    used = {
        key: tuple(use for use in uses if key != details["award"] or use.by != details["by"])
        for key, uses in request.used.items()
    }
    return replace(request, used={key: uses for key, uses in used.items() if uses})


def _give_up(request: Request, award: str, details: Mapping[str, Json]) -> Request:  # noqa: ARG001
    name = str(details["award"])
    kept = {key: each for key, each in request.awards.items() if key != name}
    return replace(request, awards=kept, given_up=(*request.given_up, request.awards[name]))


def _move(request: Request, award: str, details: Mapping[str, Json]) -> Request:
    """The course ends on another day; what began later than that day begins on it."""
    day = date.fromisoformat(str(details.get("day") or details["from"]))
    old = request.awards[award]
    started = min(old.started_on, day) if old.started_on else None
    awarded = day if old.awarded_on is not None and old.awarded_on == old.ended_on else old.awarded_on
    return _with(request, replace(old, ended_on=day, started_on=started, awarded_on=awarded))


def _reach(request: Request, award: str, details: Mapping[str, Json]) -> Request:
    fact, value = str(details["fact"]), details["value"]
    old = request.awards[award]
    if fact == "outcome":
        return _with(request, replace(old, outcomes=_outcomes(old, details)))
    return _with(request, _set(old, fact, value, details))


def _supply(request: Request, award: str, details: Mapping[str, Json]) -> Request:
    """A fact about the award or the learner, or the answer of a person."""
    if "answer" in details:
        return replace(request, judgements=(*request.judgements, _judgement(request, award, details)))
    fact, value = str(details["fact"]), details["value"]
    if details.get("of") == "learner":
        known = date.fromisoformat(str(value)) if fact.endswith("_on") else value
        return replace(request, learner={**request.learner, fact: known})  # type: ignore[dict-item]  # plain by its source
    return _with(request, _set(request.awards[award], fact, value, details))


def _judgement(request: Request, award: str, details: Mapping[str, Json]) -> Judgement:
    answer = details["answer"]
    number = _number(str(answer)) if details.get("answer_is_number") is True else None
    return Judgement(
        question=str(details["question"]),
        award=None if details.get("of") == "learner" else award,
        answer=number if number is not None else answer if isinstance(answer, bool) else str(answer),
        signer=str(details.get("signer", "somebody entitled")),
        signed_on=request.on,
        target=None if details.get("target") is None else str(details["target"]),
    )


def _number(text: str) -> Fraction:
    """A number, or a share such as "80%"."""
    return parse_amount(text.removesuffix("%")) / (100 if text.endswith("%") else 1)


def _set(award: Award, fact: str, value: Json, details: Mapping[str, Json]) -> Award:
    if fact in (*_SHARES, *_EXACT):
        number = parse_amount(str(value))
        return replace(award, **{fact: number})  # type: ignore[arg-type]  # the two exact numbers and the share
    if fact == "grade":
        scheme = str(details.get("scheme") or (award.grade.scheme if award.grade else ""))
        return replace(award, grade=Grade(scheme, str(value)))
    if fact == "level":
        return replace(award, level=Level(str(details["framework"]), parse_amount(str(value))))
    if fact.endswith("_on") and fact in _FIELDS:
        return replace(award, **{fact: date.fromisoformat(str(value))})  # type: ignore[arg-type]  # the days of an award
    if fact in _FIELDS:
        return replace(award, **{fact: value})  # type: ignore[arg-type]  # texts, and yes or no
    return replace(award, facts={**award.facts, fact: value})  # type: ignore[dict-item]  # plain by its source


def _outcomes(award: Award, details: Mapping[str, Json]) -> tuple[LearningOutcome, ...]:
    score = parse_amount(str(details["value"]))
    return tuple(
        LearningOutcome(each.id, score, each.passed) if each.id == details["outcome"] else each
        for each in award.outcomes
    )


def _with(request: Request, award: Award) -> Request:
    return replace(request, awards={**request.awards, award.id: award})


_FIELDS = frozenset(field.name for field in fields(Award)) - {"facts", "outcomes", "amount", "title"}
_CHANGES: Mapping[str, Callable[[Request, str, Mapping[str, Json]], Request]] = {
    "reach": _reach,
    "supply": _supply,
    "end_on_or_after": _move,
    "end_on_or_before": _move,
    "end_in_period": _move,
    "choose_session": _session,
    "release": _release,
    "give_up": _give_up,
}
