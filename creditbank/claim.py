"""From secured claims to an award: the only place that reads credits out of a badge.

It accepts nothing but `SecuredClaims`, which only a verification hands out, so nothing is ever counted that no
signature covers. What cannot be credited yet is *held*, with the reason; it is never dropped and never counted.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from types import MappingProxyType

from credentials.claims import SecuredClaims
from credentials.subject import AchievementSubject
from creditbank.badge_facts import outcomes, taken
from issuers.issuer import Accreditation
from issuers.registry import NotAccredited, may_award
from recognition_rules.award import Award, Grade
from recognition_rules.credits import Credits
from recognition_rules.errors import RuleError
from recognition_rules.levels import Level

_ELSEWHERE = timedelta(days=1)
HELD_REASONS: Mapping[str, str] = MappingProxyType(
    {
        "issuer_not_accredited": "The institution is not accredited for this award on this day.",
        "issuer_unknown": "The institution is not registered with this bank.",
        "credits_not_disclosed": "The credential does not say how many credits were earned.",
        "results_not_disclosed": "The credential does not show every fact and learning outcome that it lists.",
        "credit_unit_unknown": "The credential does not say in which unit its credits are counted.",
        "award_unreadable": "What the credential says of level, hours or results cannot be read.",
        "not_yet_earned": "The credits are earned only on a day to come.",
        "subject_ambiguous": "The learner's identifiers lead to more than one book.",
    }
)


@dataclass(frozen=True, slots=True)
class RegisteredAchievement:
    """What the registry knows of an achievement, for badges that leave it out."""

    unit: str
    level: tuple[str, str] | None
    source_type: str | None
    course_class: str | None


@dataclass(frozen=True, slots=True)
class IssuerFacts:
    """The issuer as registered: its id and provider root, accreditations, the achievement if registered, its names."""

    issuer_id: str
    provider_root: str
    country: str
    accreditations: tuple[Accreditation, ...]
    achievement: RegisteredAchievement | None
    name: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Claim:
    """What a credential amounts to: an award, or the reason why it is held for now."""

    award: Award | None
    held: str | None
    detail: str | None = None


def claim(claims: SecuredClaims, issuer: IssuerFacts | None, award_id: str, received_on: date) -> Claim:
    """The award that a verified credential stands for.

    1. The issuer is registered, else `issuer_unknown`.
    2. Credits are disclosed, else `credits_not_disclosed`; where the holder chose what to show, so is every fact and
       learning outcome that is listed, else `results_not_disclosed`: she would leave out the one she failed.
    3. They have been earned by now, a day's difference between time zones allowed, else `not_yet_earned`.
    4. Their unit is known: signed in the badge, else registered for the achievement, else the only unit the
       issuer is accredited for; else `credit_unit_unknown`.
    5. The issuer was accredited for this achievement, level and unit on the day it was earned, else
       `issuer_not_accredited` with the registry's own reason. Of several levels stated the award has the first for
       which it was: what else the badge claims for itself does not count.
    """
    subject = claims.subject
    if issuer is None:
        return Claim(None, "issuer_unknown")
    if subject.credits_earned is None:
        return Claim(None, "credits_not_disclosed")
    if claims.hides_stated:
        return Claim(None, "results_not_disclosed")
    if earned_on(claims) > received_on + _ELSEWHERE:
        return Claim(None, "not_yet_earned")
    unit = _unit(subject, issuer)
    if unit is None:
        return Claim(None, "credit_unit_unknown")
    answer, level = _accredited(subject, issuer, unit, earned_on(claims))
    if isinstance(answer, NotAccredited):
        return Claim(None, "issuer_not_accredited", answer.code)
    facts = taken(claims)
    if facts is None:
        return Claim(None, "award_unreadable", "certificate_stated_twice")
    try:
        amount = Credits(subject.credits_earned, unit)
        award = _award(claims, issuer, amount, level, award_id, received_on)
        return Claim(replace(award, facts=facts, outcomes=outcomes(claims)), None)
    except RuleError as error:
        return Claim(None, "award_unreadable", error.code)


def accredited(claims: SecuredClaims, issuer: IssuerFacts) -> Accreditation | NotAccredited:
    """What covers the achievement on the day it was earned, whatever is disclosed of its credits.

    Where no unit is known any will do.
    """
    unit = _unit(claims.subject, issuer)
    return _accredited(claims.subject, issuer, unit, earned_on(claims))[0]


def earned_on(claims: SecuredClaims) -> date:
    """The day the credits were earned: the end of the activity, else the day the credential begins."""
    return claims.subject.activity_end or claims.valid_from.date()


def _unit(subject: AchievementSubject, issuer: IssuerFacts) -> str | None:
    registered = issuer.achievement.unit if issuer.achievement else None
    accredited = {unit for accreditation in issuer.accreditations for unit in accreditation.units}
    only = next(iter(accredited)) if len(accredited) == 1 else None
    return subject.achievement.unit or registered or only


def _levels(subject: AchievementSubject, issuer: IssuerFacts) -> tuple[tuple[str, str], ...]:
    if subject.achievement.levels:
        return subject.achievement.levels
    registered = issuer.achievement.level if issuer.achievement else None
    return (registered,) if registered else ()


def _accredited(
    subject: AchievementSubject, issuer: IssuerFacts, unit: str | None, on: date
) -> tuple[Accreditation | NotAccredited, tuple[str, str] | None]:
    """The first of the levels stated that is accredited; without a level only an accreditation for all covers it."""
    answers = [
        (may_award(issuer.accreditations, achievement=subject.achievement.id, level=level, unit=unit, on=on), level)
        for level in _levels(subject, issuer) or (None,)
    ]
    return next((answer for answer in answers if isinstance(answer[0], Accreditation)), answers[0])


def _award(
    claims: SecuredClaims,
    issuer: IssuerFacts,
    amount: Credits,
    level: tuple[str, str] | None,
    award_id: str,
    received_on: date,
) -> Award:
    registered = issuer.achievement
    subject, achievement = claims.subject, claims.subject.achievement
    return Award(
        id=award_id,
        issuer=issuer.issuer_id,
        provider_root=issuer.provider_root,
        country=issuer.country,
        achievement=achievement.id,
        title=achievement.name,
        amount=amount,
        hours=subject.hours,
        source=achievement.source_type or (registered.source_type if registered else None),
        course_class=achievement.course_class or (registered.course_class if registered else None),
        area=achievement.subject_area,
        level=Level.parse(*level) if level else None,
        grade=_grade(subject, issuer),
        score=subject.score,
        attendance=subject.attendance,
        started_on=subject.activity_start,
        ended_on=earned_on(claims),
        awarded_on=claims.valid_from.date(),
        received_on=received_on,
        issuer_accredited=True,
    )


def _grade(subject: AchievementSubject, issuer: IssuerFacts) -> Grade | None:
    """The grade in the scheme that the badge names, else in the letters of the institution's country."""
    if not subject.grade:
        return None
    return Grade(subject.achievement.grade_scheme or f"{issuer.country.lower()}-letter", subject.grade)
