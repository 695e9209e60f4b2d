"""From what a signature covers to an award: unit, level, days and accreditation, or the reason why it is held."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from credentials.checks import Outcome
from credentials.claims import SecuredClaims
from credentials.stated_results import StatedOutcome
from creditbank.badge_facts import check_facts, not_taken
from creditbank.claim import HELD_REASONS, Claim, IssuerFacts, RegisteredAchievement, claim, earned_on
from creditbank.errors import Refused
from creditbank.vouching import accreditation_check
from issuers.issuer import Accreditation
from recognition_rules.award import Award, Grade, LearningOutcome
from recognition_rules.conditions.issuers import ACCREDITED_FACTS
from recognition_rules.conditions.targets import COMPULSORY, COURSE, EXCLUDED, KIND
from recognition_rules.credits import Credits
from recognition_rules.levels import Level
from recognition_rules.stages.own_ratios import AMOUNT, UNIT
from tests.credential_samples import SCHOOL, check, outcome

EARNED = date(2026, 5, 20)
RECEIVED = date(2026, 6, 1)


def claims_of(credits_left_out: bool = False, unit_left_out: bool = False, **facts: Any) -> SecuredClaims:
    """A badge as signed and verified: nothing else is accepted."""
    document = SCHOOL.badge(outcome(**{"activity_end": EARNED, **facts}))
    if credits_left_out:
        del document["credentialSubject"]["creditsEarned"]
    if unit_left_out:
        achievement = document["credentialSubject"]["achievement"]
        achievement["alignment"] = [a for a in achievement["alignment"] if a["targetType"] != "ext:CreditUnit"]
    found = check(SCHOOL.sign(document)).claims
    assert found is not None
    return found


def accreditation(**limits: Any) -> Accreditation:
    """For every achievement and level in ECTS, open-ended, unless limited."""
    facts = {"achievements": None, "levels": None, "units": frozenset({"ects"}), "valid_from": date(2020, 1, 1)}
    return Accreditation("a1", "school", "NILE", **{**facts, **limits})


def school(*accreditations: Accreditation, achievement: RegisteredAchievement | None = None) -> IssuerFacts:
    return IssuerFacts("school", "group", "FI", accreditations or (accreditation(),), achievement)


def decided(claims: SecuredClaims, issuer: IssuerFacts | None) -> Claim:
    return claim(claims, issuer, "award-1", RECEIVED)


def awarded(claims: SecuredClaims, issuer: IssuerFacts) -> Award:
    found = decided(claims, issuer)
    assert found.award is not None, found
    return found.award


def test_an_award_holds_what_was_signed_and_what_is_registered() -> None:
    claims = claims_of(credits=Fraction(3, 2), unit="ects", score=Fraction(81), attendance=Fraction(9, 10), grade="B")
    award = awarded(claims, school())
    assert (award.id, award.issuer, award.provider_root, award.country) == ("award-1", "school", "group", "FI")
    assert (award.amount, award.score, award.attendance) == (Credits(Fraction(3, 2), "ects"), 81, Fraction(9, 10))
    assert award.grade == Grade("fi-letter", "B")
    assert (award.ended_on, award.received_on, award.issuer_accredited) == (EARNED, RECEIVED, True)
    assert award.awarded_on == claims.valid_from.date()


def test_without_an_activity_the_credits_are_earned_when_the_badge_begins() -> None:
    claims = claims_of(activity_start=None, activity_end=None)
    assert earned_on(claims) == claims.valid_from.date()
    assert earned_on(claims_of()) == EARNED


ELSEWHERE = RegisteredAchievement("kr-credit", ("eqf", "4"), "school-course", "general")


@pytest.mark.parametrize(
    ("signed", "registered", "accredited", "unit"),
    [
        ("ects", ELSEWHERE, {"ects", "kr-credit"}, "ects"),
        (None, ELSEWHERE, {"ects", "kr-credit"}, "kr-credit"),
        (None, None, {"ects"}, "ects"),
        (None, None, {"ects", "kr-credit"}, None),
        (None, None, set(), None),
    ],
    ids=["signed", "registered", "only one accredited", "ambiguous", "none"],
)
def test_where_the_unit_comes_from(
    signed: str | None, registered: RegisteredAchievement | None, accredited: set[str], unit: str | None
) -> None:
    issuer = school(accreditation(units=frozenset(accredited)), achievement=registered)
    claims = claims_of(unit="ects", unit_left_out=signed is None)
    found = decided(claims, issuer)
    assert (found.award.amount.unit if found.award else None) == unit
    assert found.held == (None if unit else "credit_unit_unknown")


def test_what_is_registered_fills_what_the_badge_leaves_out() -> None:
    issuer = school(achievement=replace(ELSEWHERE, unit="ects"))
    bare = awarded(claims_of(source_type=None, course_class=None, levels=()), issuer)
    assert (bare.source, bare.course_class, bare.level) == ("school-course", "general", Level("eqf", Fraction(4)))
    told = awarded(
        claims_of(source_type="accredited-course", course_class="major-elective", levels=[("eqf", "6")]), issuer
    )
    assert (told.source, told.course_class) == ("accredited-course", "major-elective")
    assert told.level == Level("eqf", Fraction(6))


HELD: dict[str, tuple[dict[str, Any], IssuerFacts | None, str, str | None]] = {
    "unknown issuer": ({}, None, "issuer_unknown", None),
    "no accreditation": ({}, IssuerFacts("s", "s", "FI", (), None), "issuer_not_accredited", "no_accreditation"),
    "another unit": ({"unit": "kr-credit"}, school(), "issuer_not_accredited", "unit_not_accredited"),
    "another achievement": (
        {},
        school(accreditation(achievements=frozenset({"https://other.example"}))),
        "issuer_not_accredited",
        "achievement_not_accredited",
    ),
    "another level": (
        {"levels": [("eqf", "7")]},
        school(accreditation(levels=frozenset({("eqf", "5")}))),
        "issuer_not_accredited",
        "level_not_accredited",
    ),
    "no level where levels are limited": (
        {"levels": ()},
        school(accreditation(levels=frozenset({("eqf", "5")}))),
        "issuer_not_accredited",
        "level_not_accredited",
    ),
    "a level that cannot be read": ({"levels": [("eqf", "high")]}, school(), "award_unreadable", "level_malformed"),
    "no credits": ({"credits_left_out": True}, school(), "credits_not_disclosed", None),
}


@pytest.mark.parametrize("name", HELD)
def test_what_cannot_be_credited_is_held_with_its_reason(name: str) -> None:
    facts, issuer, reason, detail = HELD[name]
    found = decided(claims_of(**facts), issuer)
    assert (found.award, found.held, found.detail) == (None, reason, detail)
    assert found.held in HELD_REASONS


@pytest.mark.parametrize(
    ("limits", "credited"),
    [
        ({"valid_from": EARNED}, True),
        ({"valid_from": EARNED + timedelta(days=1)}, False),
        ({"valid_until": EARNED}, True),
        ({"valid_until": EARNED - timedelta(days=1)}, False),
        ({"withdrawn_on": EARNED}, False),
        ({"withdrawn_on": EARNED + timedelta(days=1)}, True),
    ],
    ids=[
        "begins that day",
        "begins the next",
        "ends that day",
        "ended before",
        "withdrawn that day",
        "withdrawn after",
    ],
)
def test_accreditation_counts_as_of_the_day_it_was_earned(limits: dict[str, Any], credited: bool) -> None:
    assert (decided(claims_of(), school(accreditation(**limits))).award is not None) is credited


def test_one_of_several_levels_is_enough_and_it_is_the_one_that_counts() -> None:
    """Accredited for level 5, a badge that also says 7 is an award at level 5: nobody raises himself."""
    limited = school(accreditation(levels=frozenset({("nzqf", "5")})))
    for stated in ([("eqf", "7"), ("nzqf", "5")], [("nzqf", "5"), ("eqf", "7")]):
        assert awarded(claims_of(levels=stated), limited).level == Level("nzqf", Fraction(5))
    assert awarded(claims_of(levels=[("eqf", "7"), ("nzqf", "5")]), school()).level == Level("eqf", Fraction(7))


def test_one_of_several_accreditations_covers_it() -> None:
    ended = accreditation(valid_until=date(2021, 1, 1))
    assert decided(claims_of(), school(ended, accreditation())).award is not None


def test_nothing_but_secured_claims_is_accepted() -> None:
    with pytest.raises(TypeError):
        SecuredClaims(**{name: None for name in SecuredClaims.__annotations__ if name != "seal"}, seal=object())


def test_what_discloses_no_credits_needs_an_accreditation_all_the_same() -> None:
    claims = claims_of(credits_left_out=True)
    nobody = IssuerFacts("school", "group", "FI", (), None)
    other = school(accreditation(achievements=frozenset({"https://elsewhere.example/course"})))
    assert accreditation_check(claims, school()).outcome is Outcome.PASSED
    for issuer in (None, nobody, other):
        assert accreditation_check(claims, issuer).code == "untrusted_issuer"


def test_facts_outcomes_area_and_scheme_come_through_the_badge() -> None:
    reached = [StatedOutcome("2", Fraction(81), passed=True), StatedOutcome("1", passed=False)]
    stated = {"assessed": True, "semester": 2, "module": "DB-101"}
    award = awarded(
        claims_of(facts=stated, outcomes=reached, area="0613", grade_scheme="us-letter", human_code="W1"), school()
    )
    assert dict(award.facts) == {**stated, "certificate": "W1"}
    assert award.outcomes == (LearningOutcome("1", None, False), LearningOutcome("2", Fraction(81), True))
    assert (award.area, award.grade) == ("0613", Grade("us-letter", "B+"))
    assert Award.from_json(award.to_json()) == award


def test_what_only_the_registry_or_the_engine_says_is_not_taken() -> None:
    engines = [*ACCREDITED_FACTS.values(), COURSE, KIND, COMPULSORY, EXCLUDED, AMOUNT, UNIT, "passed_exam:maths"]
    spoofed = claims_of(facts={**dict.fromkeys(engines, True), "assessed": True})
    assert dict(awarded(spoofed, school()).facts) == {"assessed": True}
    assert not_taken(spoofed) == {"facts_not_taken": sorted(engines)}
    assert not_taken(claims_of(facts={"assessed": True})) == {}
    with pytest.raises(Refused) as refused:
        check_facts({"issuer_accredited_now": True}, None)
    assert refused.value.code == "fact_reserved"


def test_a_certificate_has_one_code() -> None:
    agreed = awarded(claims_of(facts={"certificate": "W1"}, human_code="W1"), school())
    assert dict(agreed.facts) == {"certificate": "W1"}
    found = decided(claims_of(facts={"certificate": "W2"}, human_code="W1"), school())
    assert (found.held, found.detail) == ("award_unreadable", "certificate_stated_twice")
    with pytest.raises(Refused) as refused:
        check_facts({"certificate": "W2"}, "W1")
    assert refused.value.code == "fact_contradicted"
