"""Whose credits they are: accredited on the days that matter, on a dated list, or the institution's own."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from recognition_rules.errors import PackInvalid
from tests.recognition_rules.gates import MEMBERS, answer, gate

Make = Callable[..., Any]

AT_DEPOSIT = "issuer_accredited_at_deposit"
NOW = "issuer_accredited_now"
SINCE = "issuer_accredited_since_deposit"

# What becomes of a removal after the deposit, the registry's answers, what becomes of the award.
REMOVALS = [
    ("", {AT_DEPOSIT: True, NOW: True}, "counted"),
    ("", {AT_DEPOSIT: True, NOW: False}, "not_counted"),
    ("", {AT_DEPOSIT: False, NOW: True}, "not_counted"),
    ("", {AT_DEPOSIT: True}, "undetermined"),
    (', removed_later = "asks-again"', {AT_DEPOSIT: True, NOW: True, SINCE: False}, "counted"),
    (', removed_later = "stays"', {AT_DEPOSIT: True, NOW: False}, "counted"),
    (', removed_later = "lapses"', {AT_DEPOSIT: True, NOW: True, SINCE: False}, "not_counted"),
    (', removed_later = "lapses"', {AT_DEPOSIT: True, SINCE: True}, "counted"),
]


@pytest.mark.parametrize(("option", "facts", "status"), REMOVALS)
def test_an_institution_that_left_the_registry_after_the_deposit(
    make_pack: Make, make_award: Make, decide: Make, option: str, facts: dict[str, bool], status: str
) -> None:
    pack = make_pack(gate(f'{{ issuer_accredited = {{ as_at = "received_on"{option} }} }}'))
    assert decide([make_award("a", facts=facts)], pack).decision("a").status == status


def test_accreditation_may_be_asked_about_on_several_days(make_pack: Make, make_award: Make, decide: Make) -> None:
    pack = make_pack(gate('{ issuer_accredited = { as_at = ["started_on", "ended_on"] } }'))
    fine = make_award("a", issuer_accredited=True, facts={"issuer_accredited_at_start": True})
    lapsed = make_award("b", issuer_accredited=False, facts={"issuer_accredited_at_start": True})
    found = decide([fine, lapsed], pack)
    assert (answer(found), answer(found, "b")) == (["counted"], ["not_counted", "ISSUER_NOT_ELIGIBLE"])
    assert found.decision("b").reasons[0].facts["as_at"] == "2025-06-20"


OWN = gate('{ issuer = "self" }')


@pytest.mark.parametrize(
    ("issuer", "root", "institution", "said"),
    [("home", None, "home", ["counted"]), ("old-home", "home", "home", ["counted"]),
     ("school", None, "home", ["not_counted", "ISSUER_NOT_ELIGIBLE"]),
     ("home", None, None, ["undetermined", "FACT_MISSING"])],
)  # fmt: skip
def test_the_institution_s_own_credits(
    make_pack: Make,
    make_award: Make,
    decide: Make,
    issuer: str,
    root: str | None,
    institution: str | None,
    said: list[str],
) -> None:
    award = make_award("a", issuer=issuer, provider_root=root)
    assert answer(decide([award], make_pack(OWN), institution=institution)) == said


@pytest.mark.parametrize(
    ("issuer", "ended", "institution", "status"),
    [("school", date(2024, 12, 31), "home", "counted"), ("school", date(2025, 1, 1), "home", "not_counted"),
     ("college", date(2025, 1, 1), "home", "counted"), ("college", date(2025, 1, 1), "stranger", "not_counted"),
     ("stranger", date(2025, 1, 1), "stranger", "counted")],
)  # fmt: skip
def test_members_of_a_consortium_are_its_own_while_they_are_members(
    make_pack: Make, make_award: Make, decide: Make, issuer: str, ended: date, institution: str, status: str
) -> None:
    pack = make_pack(MEMBERS + gate('{ issuer = { self_or = "consortium" } }'))
    award = make_award("a", issuer=issuer, ended_on=ended)
    assert decide([award], pack, institution=institution).decision("a").status == status


REFUSED = ["not_counted", "ISSUER_NOT_ELIGIBLE"]


def listed(options: str) -> str:
    return MEMBERS + gate(f'{{ listed = {{ list = "consortium", {options} }} }}')


@pytest.mark.parametrize(
    ("options", "issuer", "ended", "said"),
    [('as_at = "ended_on"', "school", date(2024, 12, 31), ["counted"]),
     ('as_at = "ended_on"', "school", date(2025, 1, 1), REFUSED),
     ('as_at = ["ended_on", "decision"]', "school", date(2024, 1, 1), REFUSED),
     ('as_at = "ended_on", removed_later = "asks-again"', "school", date(2024, 1, 1), REFUSED),
     ('as_at = "ended_on", removed_later = "lapses"', "home", date(2024, 1, 1), ["counted"]),
     ('as_at = "ended_on", removed_later = "lapses"', "school", date(2024, 1, 1), REFUSED)],
)  # fmt: skip
def test_partners_stand_on_a_dated_list(
    make_pack: Make, make_award: Make, decide: Make, options: str, issuer: str, ended: date, said: list[str]
) -> None:
    assert answer(decide([make_award("a", issuer=issuer, ended_on=ended)], make_pack(listed(options)))) == said


def test_anything_about_an_award_may_be_looked_up_in_a_list(make_pack: Make, make_award: Make, decide: Make) -> None:
    pack = make_pack(listed('as_at = "ended_on", by = "fact:host"'))
    awards = [make_award("a", facts={"host": "college"}), make_award("b", facts={"host": "x"}), make_award("c")]
    assert [each.status for each in decide(awards, pack).decisions] == ["counted", "not_counted", "undetermined"]


def test_terms_may_be_those_of_the_day_of_enrolment(make_pack: Make, make_award: Make, decide: Make) -> None:
    basis = 'legal_basis = "S", source = "S0", confirmed = true'
    rule = gate('{ source = ["exam"] }', f'selector = "enrolment"\nterms = [{{ from = 2025-09-01, {basis} }}]').replace(
        "TERMS", ""
    )
    pack = make_pack(rule)
    said = [
        answer(decide([make_award("a")], pack, learner={"enrolled_on": day}))[0]
        for day in (date(2025, 8, 31), date(2025, 9, 1))
    ]
    assert said == ["counted", "not_counted"]
    assert answer(decide([make_award("a")], pack)) == ["undetermined", "FACT_MISSING"]


BROKEN = [
    ('{ issuer_accredited = { as_at = "birthday" } }', "must be one of"),
    ('{ issuer = "other" }', '"self"'),
    ('{ issuer = { self_or = "friends" } }', "must be one of"),
]


@pytest.mark.parametrize(("require", "sentence"), BROKEN)
def test_a_question_about_issuers_that_nobody_can_answer_is_refused(
    make_pack: Make, require: str, sentence: str
) -> None:
    with pytest.raises(PackInvalid) as refused:
        make_pack(MEMBERS + gate(require))
    assert sentence in refused.value.problem
