"""A credit may be used for a time: the shortest of its issuer's, its acceptor's and the rule's own."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from recognition_rules.durations import Duration, parse_duration
from recognition_rules.errors import PackInvalid
from recognition_rules.judgement import Judgement
from tests.recognition_rules.gates import answer

Make = Callable[..., Any]


def life(limits: str, extra: str = "", terms: str = "TERMS") -> str:
    lines = f"limits = [{limits}]\n" if limits else ""
    return f'[[validity]]\nid = "life"\ncode = "SHELF_LIFE"\ntitle = {{ en = "Shelf life" }}\n{lines}{extra}\n{terms}\n'


SEVEN = life("{ years = 7 }")

# The rule's limits, the day of the award, the day of the decision, what becomes of it.
DAYS = [
    ("{ years = 7 }", date(2019, 5, 10), date(2026, 5, 10), "counted"),
    ("{ years = 7 }", date(2019, 5, 10), date(2026, 5, 11), "not_counted"),
    ("{ months = 18 }", date(2025, 1, 31), date(2026, 7, 31), "counted"),
    ("{ months = 18 }", date(2025, 1, 31), date(2026, 8, 1), "not_counted"),
    ("{ months = 1 }", date(2026, 1, 31), date(2026, 2, 28), "counted"),
    ("{ months = 1 }", date(2026, 1, 31), date(2026, 3, 1), "not_counted"),
    ("{ days = 90 }", date(2026, 1, 1), date(2026, 4, 1), "counted"),
    ("{ days = 90 }", date(2026, 1, 1), date(2026, 4, 2), "not_counted"),
    ("{ years = 7 }, { years = 2 }", date(2024, 9, 1), date(2026, 9, 2), "not_counted"),
    ("{ until = 2026-09-01 }", date(2026, 1, 1), date(2026, 9, 1), "counted"),
    ("{ until = 2026-09-01 }", date(2026, 1, 1), date(2026, 9, 2), "not_counted"),
]


@pytest.mark.parametrize(("limits", "awarded", "on", "status"), DAYS)
def test_the_last_day_is_still_good(
    make_pack: Make, make_award: Make, decide: Make, limits: str, awarded: date, on: date, status: str
) -> None:
    found = decide([make_award("a", awarded_on=awarded)], make_pack(life(limits)), on=on)
    assert found.decision("a").status == status


def test_the_last_day_may_be_declared_to_be_over(make_pack: Make, make_award: Make, decide: Make) -> None:
    pack, award = (
        make_pack(life("{ years = 7 }", 'end_day = "exclusive"')),
        make_award("a", awarded_on=date(2019, 5, 10)),
    )
    assert answer(decide([award], pack, on=date(2026, 5, 9))) == ["counted"]
    assert answer(decide([award], pack, on=date(2026, 5, 10))) == ["not_counted", "EXPIRED"]


@pytest.mark.parametrize(("leap_day", "last"), [("28-february", date(2027, 2, 28)), ("1-march", date(2027, 3, 1))])
def test_29_february_and_seven_years(
    make_pack: Make, make_award: Make, decide: Make, leap_day: str, last: date
) -> None:
    pack, award = (
        make_pack(life("{ years = 7 }", f'leap_day = "{leap_day}"')),
        make_award("a", awarded_on=date(2020, 2, 29)),
    )
    assert answer(decide([award], pack, on=last)) == ["counted"]
    assert answer(decide([award], pack, on=date.fromordinal(last.toordinal() + 1))) == ["not_counted", "EXPIRED"]


def test_the_earliest_of_issuer_acceptor_and_seven_years(make_pack: Make, make_award: Make, decide: Make) -> None:
    limits = '{ years = 7 }, { carried = "valid_for" }, { by_institution = { home = "5 years", open = "none" } }'
    pack = make_pack(life(limits))
    award = make_award("a", awarded_on=date(2020, 1, 1), facts={"valid_for": "6 years"})
    said = {home: answer(decide([award], pack, institution=home, on=date(2026, 1, 1))) for home in ("home", "open")}
    assert said == {"home": ["not_counted", "EXPIRED"], "open": ["counted"]}
    assert answer(decide([award], pack, institution="open", on=date(2026, 1, 2))) == ["not_counted", "EXPIRED"]


def test_an_acceptor_that_is_not_known_matters_only_while_the_credit_may_be_good(
    make_pack: Make, make_award: Make, decide: Make
) -> None:
    pack = make_pack(life('{ years = 7 }, { by_institution = { home = "5 years" } }'))
    old, young = make_award("old", awarded_on=date(2010, 1, 1)), make_award("young", awarded_on=date(2026, 1, 1))
    found = decide([old, young], pack)
    assert answer(found, "old") == ["not_counted", "EXPIRED"]
    assert answer(found, "young") == ["undetermined", "FACT_MISSING"]
    assert found.decision("young").reasons[0].facts == {"fact": "institution"}


def test_a_life_that_depends_on_the_programme(make_pack: Make, make_award: Make, decide: Make) -> None:
    pack = make_pack(life('{ by_programme = { degree = "P1Y6M" } }'))
    assert answer(decide([make_award("a", awarded_on=date(2025, 3, 1))], pack)) == ["counted"]
    assert answer(decide([make_award("a", awarded_on=date(2025, 2, 28))], pack)) == ["not_counted", "EXPIRED"]


def test_a_life_that_whoever_accepts_states_with_the_request(make_pack: Make, make_award: Make, decide: Make) -> None:
    pack, award = make_pack(life('{ learner = "accepts_for" }')), make_award("a", awarded_on=date(2024, 1, 1))
    said = [
        answer(decide([award], pack, learner=told))[0]
        for told in ({}, {"accepts_for": "2 years"}, {"accepts_for": "none"})
    ]
    assert said == ["undetermined", "not_counted", "counted"]


def test_a_last_day_that_the_award_carries(make_pack: Make, make_award: Make, decide: Make) -> None:
    pack = make_pack(life('{ carried_day = "valid_until" }'))
    days = ("2026-09-01", "2026-08-31", "soon", None)
    awards = [make_award(f"a{n}", facts={"valid_until": day} if day else {}) for n, day in enumerate(days)]
    found = decide(awards, pack)
    assert [each.status for each in found.decisions] == ["counted", "not_counted", "undetermined", "counted"]


def test_learning_must_be_recent_when_the_programme_begins(make_pack: Make, make_award: Make, decide: Make) -> None:
    extra = 'starts = "ended_on"\nmeasured_on = { learner = "started_on" }\nreason = "STALE"'
    pack, award = make_pack(life("{ years = 5 }", extra)), make_award("a", ended_on=date(2021, 9, 20))
    assert answer(decide([award], pack, learner={"started_on": date(2026, 9, 20)})) == ["counted"]
    assert answer(decide([award], pack, learner={"started_on": date(2026, 9, 21)})) == ["not_counted", "STALE"]
    unknown = decide([award], pack)
    assert unknown.decision("a").reasons[0].facts == {"fact": "started_on"}


def test_evidence_of_being_current_overrides_and_its_absence_leaves_the_question_open(
    make_pack: Make, make_award: Make, decide: Make
) -> None:
    evidence = 'starts = "ended_on"\nevidence = { judged = { question = "current", is = true } }'
    pack, award = make_pack(life("{ years = 5 }", evidence)), make_award("a", ended_on=date(2015, 6, 1))
    said = Judgement(question="current", award="a", answer=True, signer="dean", signed_on=date(2026, 8, 1))
    no = Judgement(question="current", award="a", answer=False, signer="dean", signed_on=date(2026, 8, 1))
    assert answer(decide([award], pack)) == ["undetermined", "EXPIRED", "JUDGEMENT_NEEDED"]
    assert answer(decide([award], pack, judgements=[said])) == ["counted"]
    assert answer(decide([award], pack, judgements=[no])) == ["not_counted", "EXPIRED"]


def test_evidence_that_is_missing_may_be_declared_to_refuse(make_pack: Make, make_award: Make, decide: Make) -> None:
    extra = 'evidence = { fact = { name = "current", among = [true] } }\nwithout_evidence = "refused"'
    pack = make_pack(life("{ years = 5 }", extra))
    found = decide([make_award("a", awarded_on=date(2015, 6, 1))], pack, verify_counterfactuals=True)
    assert answer(found) == ["not_counted", "EXPIRED"]
    assert answer(decide([make_award("a", awarded_on=date(2015, 6, 1), facts={"current": True})], pack)) == ["counted"]


def test_a_volatile_subject_is_confirmed_anew_each_time(make_pack: Make, make_award: Make, decide: Make) -> None:
    extra = 'where = { area = ["software"] }\nevidence = { judged = { question = "still-valid", is = true } }'
    pack = make_pack(life("", extra))
    awards = [make_award("a", area="software"), make_award("b", area="history")]
    no = Judgement(question="still-valid", award="a", answer=False, signer="dean", signed_on=date(2026, 8, 1))
    assert answer(decide(awards, pack)) == ["undetermined", "JUDGEMENT_NEEDED"]
    assert answer(decide(awards, pack, judgements=[no])) == ["not_counted", "STALE"]
    assert answer(decide(awards, pack), "b") == ["counted"]


def test_internal_credits_never_expire(make_pack: Make, make_award: Make, decide: Make) -> None:
    pack = make_pack(life("{ years = 5 }", 'never_expires = { issuer = "self" }'))
    own, other = (
        make_award("own", issuer="home", awarded_on=date(2001, 1, 1)),
        make_award("other", awarded_on=date(2001, 1, 1)),
    )
    found = decide([own, other], pack, institution="home")
    assert (answer(found, "own"), answer(found, "other")) == (["counted"], ["not_counted", "EXPIRED"])
    assert answer(decide([own], pack), "own") == ["undetermined", "EXPIRED", "FACT_MISSING"]


def test_the_change_that_would_help_is_the_earliest_day_of_the_award(
    make_pack: Make, make_award: Make, decide: Make
) -> None:
    award = make_award("a", awarded_on=date(2019, 8, 31))
    found = decide([award], make_pack(SEVEN), verify_counterfactuals=True).decision("a").counterfactual
    assert [(edit.do, dict(edit.details)) for edit in found.edits] == [
        ("reach", {"fact": "awarded_on", "value": "2019-09-01"})
    ]
    assert found.verified


def test_terms_change_the_length_by_the_day_that_picks_them(make_pack: Make, make_award: Make, decide: Make) -> None:
    basis = 'legal_basis = "S", source = "S0", confirmed = true'
    old, new = f"until = 2024-12-31, value = 3, {basis}", f"from = 2025-01-01, {basis}"
    terms = f'selector = "enrolment"\nterms = [{{ {old} }}, {{ {new} }}]'
    pack, award = make_pack(life("{ years = 7 }", terms=terms)), make_award("a", awarded_on=date(2022, 1, 1))
    assert answer(decide([award], pack, learner={"enrolled_on": date(2024, 12, 31)})) == ["not_counted", "EXPIRED"]
    assert answer(decide([award], pack, learner={"enrolled_on": date(2025, 1, 1)})) == ["counted"]
    assert answer(decide([award], pack)) == ["undetermined", "FACT_MISSING"]


COMPLAINTS = [
    ("", "", "how long a credit is good"),
    ("{ years = 7, carried = 'x' }", "", "One limit says one thing"),
    ("{ years = 0 }", "", "longer than nothing"),
    ("{ years = 7 }", 'without_evidence = "refused"', "none that could be missing"),
    ("{ by_programme = { degree = 'long' } }", "", "length of time"),
    ("{ years = 7 }", 'starts = "birthday"', "must be one of"),
]


@pytest.mark.parametrize(("limits", "extra", "sentence"), COMPLAINTS)
def test_a_limit_that_says_nothing_is_refused(make_pack: Make, limits: str, extra: str, sentence: str) -> None:
    with pytest.raises(PackInvalid) as refused:
        make_pack(life(limits, extra))
    assert sentence in refused.value.problem


LENGTHS = [
    ("5 years", (60, 0)), ("18 months", (18, 0)), ("90 days", (0, 90)), ("1 year", (12, 0)), ("P1Y6M10D", (18, 10)),
    ("P5Y", (60, 0)), ("P5Y ", (60, 0)), ("P", None), ("0 years", None), ("five years", None), ("-5 years", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "parts"), LENGTHS)
def test_lengths_of_time_are_read_in_words_and_in_iso_8601(text: str, parts: tuple[int, int] | None) -> None:
    assert parse_duration(text) == (None if parts is None else Duration(*parts))


@pytest.mark.parametrize("months", [1, 11, 12, 18, 60])
def test_the_earliest_start_is_the_first_from_which_the_day_is_reached(months: int) -> None:
    for reached in (date(2026, 2, 28), date(2026, 3, 1), date(2024, 2, 29), date(2025, 12, 31)):
        start = Duration(months).earliest_start(reached)
        assert start is not None
        before = date.fromordinal(start.toordinal() - 1)
        assert Duration(months).after(start) >= reached > Duration(months).after(before)
