"""From a posted learning outcome to the draft of a badge; a registered achievement supplies what was left out."""

from fractions import Fraction
from typing import Any

from api.schemas.credentials import NewCredential
from api.services import Services
from credentials.open_badges import OutcomeDraft
from credentials.stated_results import StatedOutcome
from creditbank.store import rows
from recognition_rules.credits import parse_amount

_TEXTS = ("name", "description", "criteria", "unit", "source_type", "course_class", "achievement_type")
_NEEDED = ("name", "description", "criteria", "credits", "unit")


def draft(desk: Services, issuer_id: str, body: NewCredential) -> OutcomeDraft:
    """The outcome, whole. Raises NotFound `achievement_not_found` where nothing supplies what was left out."""
    needs_registry = any(getattr(body, name) is None for name in _NEEDED)
    row = desk.administration.achievement(issuer_id, body.achievement) if needs_registry else None
    texts: dict[str, Any] = {name: getattr(body, name) or getattr(row, name, None) for name in _TEXTS}
    amount = _amount(body.credits or (row.credits if row else None))
    assert amount is not None
    return OutcomeDraft(
        achievement_id=body.achievement,
        credits=amount,
        subject_id=body.learner.id,
        levels=_levels(body, row),
        hours=_amount(body.hours),
        score=_amount(body.score),
        attendance=_amount(body.attendance),
        grade=body.grade,
        activity_start=body.activity_start,
        activity_end=body.activity_end,
        valid_until=body.valid_until,
        human_code=body.human_code,
        language=body.language,
        learning_outcomes=body.learning_outcomes,
        assessment_type=body.assessment_type,
        participation=body.participation,
        quality_assurance=body.quality_assurance,
        area=body.area,
        grade_scheme=body.grade_scheme,
        outcomes=[StatedOutcome(each.id, _amount(each.score), each.passed) for each in body.outcomes],
        facts=body.facts,
        issuance_rules=tuple(dict.fromkeys(body.validate_against)),
        **texts,
    )


def _levels(body: NewCredential, row: rows.Achievement | None) -> list[tuple[str, str]]:
    if body.levels is not None:
        return [(level.framework, level.value) for level in body.levels]
    if row and row.level_framework and row.level_value:
        return [(row.level_framework, row.level_value)]
    return []


def _amount(text: str | None) -> Fraction | None:
    return None if text is None else parse_amount(text)
