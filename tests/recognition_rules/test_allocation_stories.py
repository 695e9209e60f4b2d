"""Learner-best told in stories: what it gains over plain order, what it says, and where it changes nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from recognition_rules.award import Award
from recognition_rules.canonical import canonical
from recognition_rules.errors import PackInvalid
from recognition_rules.input_errors import PolicyInvalid
from recognition_rules.pack import Pack
from recognition_rules.policy import Policy
from recognition_rules.recognition import Recognition
from tests.recognition_rules.conftest import HEAD, TOTAL
from tests.recognition_rules.exam_pool import POOL, reasons
from tests.recognition_rules.korean_awards import PACK, certificate, course, courses, decided, former

Make = Callable[..., Any]

BEST = replace(PACK.choose, items="best")
BEST_HEAD = HEAD.replace('"in-order"', '"best"')


def best(awards: list[Award], programme: str = "bachelor", **told: Any) -> Recognition:
    """The Korean pack, chosen best."""
    policy = told.pop("policy", BEST)
    return decided(awards, programme, pack=replace(told.pop("pack", PACK), choose=policy), **told)


def counting(found: Recognition) -> list[str]:
    return [each.award for each in found.decisions if each.counted]


W1 = [*courses("A", 9, "2025-06-20"), *courses("B", 7, "2025-12-15"), course("C1", "2026-03-02")]
SAME_IN_ORDER: dict[str, list[Award]] = {
    "nothing binds": courses("A", 5, "2025-06-20"),
    "semesters and years of equal courses": [*W1, certificate("Z1", "2025-10-01")],
    "one institution": former("F", 36, "2010-06-20"),
    "twins and late awards": [course("A", "2025-06-20", title="논리학"), course("B", "2025-06-21", title="논리학")],
    "facts that are missing": [course("A", None), course("B", "2025-06-20", issuer_accredited=None)],
    "nothing at all": [],
}


@pytest.mark.parametrize("story", SAME_IN_ORDER)
def test_where_plain_order_is_the_best_all_is_told_in_the_same_bytes(story: str) -> None:
    awards = SAME_IN_ORDER[story]
    plain, found = decided(awards).to_json(), best(awards).to_json()
    assert (plain["method"], found["method"]) == ("in-order", "in-order-proved")
    told = {"inputs", "method", "id"}
    assert canonical({key: plain[key] for key in plain if key not in told}) == canonical(
        {key: found[key] for key in found if key not in told}
    )


def test_courses_of_four_and_two_fill_the_year_that_order_leaves_open() -> None:
    awards = [
        *courses("A", 6, "2025-03-01", 4), *courses("B", 4, "2025-12-20", 4), course("C", "2025-12-21", 3),
        course("D", "2026-02-28", 2),
    ]  # fmt: skip
    assert decided(awards).totals["counted"] == 42
    without = [each for each in awards if each.id != "D"]
    assert decided(without).totals["counted"] == 40
    assert best(without).totals["counted"] == 40
    uneven = [*courses("A", 7, "2025-06-01"), course("B", "2025-06-02", 2), course("C", "2025-06-03")]
    assert (decided(uneven).totals["counted"], best(uneven).totals["counted"]) == (23, 24)
    assert reasons(best(uneven), "B") == [("LIMIT_PERIOD", "CAP_SEMESTER_24", Fraction(2))]


def test_who_finds_no_room_is_told_which_limit_is_full_in_the_end_and_by_whom() -> None:
    awards = [*courses("A", 7, "2025-06-01"), course("B", "2025-06-02", 2), course("C", "2025-06-03")]
    reason = best(awards).decision("B").reasons[0]
    assert reason.facts["used"] == "24"
    assert reason.facts["with"] == ["A01", "A02", "A03", "A04", "A05", "A06", "A07", "C"]
    step = [each for each in best(awards).steps if each.award == "B" and each.rule == "R03-semester"][-1]
    assert (step.arithmetic, step.result) == ("24 + 2 = 26 > 24", "refused")


def test_an_over_cap_credit_is_dropped_where_nobody_misses_it() -> None:
    """Dropping a liberal or an elective credit gives the same total; only one of them fails the degree."""
    full = [*courses("G", 8, "2025-06-20", course_class="general"), course("L", "2025-06-21", course_class="liberal")]
    assert "L" not in counting(decided(full))
    found = best(full)
    assert counting(found) == [f"G{number:02}" for number in range(1, 8)] + ["L"]
    assert found.requirement("liberal").have == 3
    totals_first = replace(BEST, objectives=("counted", "canonical"))
    assert "L" not in counting(best(full, policy=totals_first))


def test_the_certificates_that_are_worth_more_count() -> None:
    awards = [
        certificate("Z1", "2025-01-10", amount=6, code="sql-developer"), certificate("Z2", "2025-02-10"),
        certificate("Z3", "2025-03-10", amount=14, code="network-administrator-2"), certificate("Z4", "2025-04-10"),
    ]  # fmt: skip
    assert counting(decided(awards)) == ["Z1", "Z2", "Z3"]
    assert counting(best(awards)) == ["Z2", "Z3", "Z4"]


def test_the_twin_that_is_better_for_the_learner_counts() -> None:
    awards = [course("A", "2025-06-20", 2, title="논리학"), course("B", "2025-12-20", 3, title="논리학")]
    assert (counting(decided(awards)), counting(best(awards))) == (["A"], ["B"])
    assert best(awards).decision("A").reasons[0].facts["with"] == ["B"]
    by_eligible = PACK.with_parameters({"r08-blocks": "eligible"})
    assert counting(best(awards, pack=by_eligible)) == ["A"]


def test_the_substitute_that_is_worth_more_keeps_the_required_subject() -> None:
    awards = [
        course("A", "2025-06-20", 2, title="경영학개론", course_class="major-required"),
        course("B", "2025-06-21", 3, title="경영학원론", course_class="major-required"),
    ]
    objectives = ("shortfall", "counted", "counted:major-required", "canonical")
    found = best(awards, policy=replace(BEST, objectives=objectives))
    assert {each.award: each.course_class for each in found.decisions} == {"A": "major-elective", "B": "major-required"}
    assert found.decision("A").reasons[0].facts["with"] == ["B"]
    plain = best(awards)
    assert {each.award: each.course_class for each in plain.decisions} == {"A": "major-required", "B": "major-elective"}


def test_objectives_and_their_proof_are_told() -> None:
    awards = [*courses("A", 7, "2025-06-01"), course("B", "2025-06-02", 2), course("C", "2025-06-03")]
    found = best(awards, policy=replace(BEST, objectives=("counted", "counted:major-elective,major", "canonical")))
    names = [each.name for each in found.objectives]
    assert names == ["counted", "counted:major-elective", "counted:major"]
    assert all(each.value == each.bound for each in found.objectives)
    told = next(step for step in found.steps if step.result == found.method)
    assert told.inputs["objectives"] == [each.to_json() for each in found.objectives]


LASTING = """
[[validity]]
id = "lasting"
title = { en = "Validity" }
limits = [{ years = 5 }]
TERMS
"""
SMALL = TOTAL.replace("60", "9")


def test_a_redemption_uses_no_more_than_it_needs(make_pack: Make, make_award: Make, decide: Make) -> None:
    pack: Pack = make_pack(programme=SMALL)
    assert pack.redeem is not None and pack.redeem.objectives[:2] == ("granted", "least-used")
    awards = [make_award(f"a{number}", amount) for number, amount in enumerate(["3", "5", "4", "6", "2"])]
    found = decide(awards, pack, policy=pack.redeem)
    assert found.status == "granted"
    assert found.totals["counted"] == 9
    assert counting(found) == ["a0", "a2", "a4"]
    assert reasons(found, "a1") == [("NOT_NEEDED", "NOT_NEEDED", 5)]
    assert {each.name: each.value for each in found.objectives} == {"granted": 1, "least-used": 9}


def test_what_cannot_be_granted_uses_nothing(make_pack: Make, make_award: Make, decide: Make) -> None:
    pack: Pack = make_pack(programme=SMALL)
    found = decide([make_award("a", "8")], pack, policy=pack.redeem)
    assert (found.status, found.totals["counted"]) == ("short", 0)
    assert reasons(found, "a") == [("NOT_NEEDED", "NOT_NEEDED", 8)]


def test_objectives_for_redemption_are_the_packs_own(make_pack: Make) -> None:
    head = HEAD.replace('"canonical"]', '"canonical"]\nredemption = ["shortfall", "least-used", "canonical"]', 1)
    assert make_pack(head=head).redeem == Policy(
        "best", "best", ("ended_on", "award_id"), ("shortfall", "least-used", "canonical")
    )


SHARE = """
[[limit]]
id = "exams"
title = { en = "Exams" }
where = { source = ["exam"] }
at_most = { share = "1/3", of = "counted" }
TERMS
"""


def test_a_share_of_what_counts_is_kept_exactly(make_pack: Make, make_award: Make, decide: Make) -> None:
    pack = make_pack(SHARE, head=BEST_HEAD)
    exams = [make_award("e1", "4", source="exam"), make_award("e2", "3", source="exam")]
    found = decide([make_award("a", "6"), *exams], pack)
    assert counting(found) == ["a", "e2"]
    assert found.decision("e1").reasons[0].code == "LIMIT_SHARE"
    assert found.decision("e1").reasons[0].facts["limit"] == "3"
    assert counting(decide([make_award("a", "8"), *exams], pack)) == ["a", "e1"]
    assert counting(decide([make_award("a", "14"), *exams], pack)) == ["a", "e1", "e2"]
    assert counting(decide(exams, pack)) == []


def test_a_share_of_what_counts_cannot_be_walked_in_order(make_pack: Make, make_award: Make, decide: Make) -> None:
    pack = make_pack(SHARE, head=BEST_HEAD)
    with pytest.raises(PolicyInvalid):
        decide([make_award("a")], pack, policy=replace(pack.choose, items="in-order"))


def test_best_counts_in_part_what_may_be_split(make_pack: Make, make_award: Make, decide: Make) -> None:
    split = '"canonical"]\nsplit = [{ step = 1, where = { source = ["exam"] } }]'
    pack = make_pack(POOL, head=BEST_HEAD.replace('"canonical"]', split, 1))
    awards = [
        make_award("a", "28", source="exam", area="ap"),
        make_award("b", "26", source="exam", area="ib"),
        make_award("c", "5", source="exam", area="ap"),
    ]
    policy = replace(pack.choose, objectives=("counted:free", "counted", "canonical"))
    for found in (decide(awards, pack), decide(awards, pack, policy=policy)):
        assert [each.counted for each in found.decisions] == [28, 2, 0]
        assert reasons(found, "b") == [("LIMIT_TOTAL", "CAP_IB_24", 2), ("LIMIT_TOTAL", "CAP_EXAM_POOL_30", 22)]
        assert reasons(found, "c") == [("LIMIT_TOTAL", "CAP_EXAM_POOL_30", 5)]


RECEIVED = HEAD.replace('["ended_on", "award_id"]', '["received_on", "sequence", "award_id"]')
TEN = """
[[limit]]
id = "ten"
title = { en = "Ten" }
at_most = 10
TERMS
"""


def test_order_of_application_is_a_fact_and_no_order_of_the_list(
    make_pack: Make, make_award: Make, decide: Make
) -> None:
    day = date(2026, 1, 5)
    first = make_award("z", "6", received_on=day, sequence=1, ended_on=date(2025, 12, 1))
    second = make_award("a", "6", received_on=day, sequence=2, ended_on=date(2024, 12, 1))
    by_application, by_end = make_pack(TEN, head=RECEIVED), make_pack(TEN)
    for awards in ([first, second], [second, first]):
        assert counting(decide(awards, by_application)) == ["z"]
        assert counting(decide(awards, by_end)) == ["a"]
        assert counting(decide(awards, by_end, policy=replace(by_application.choose, items="best"))) == ["z"]


@pytest.mark.parametrize("items", ["in-order", "best"])
def test_without_its_place_in_the_order_an_award_is_undetermined(
    items: str, make_pack: Make, make_award: Make, decide: Make
) -> None:
    pack = make_pack(TEN, head=RECEIVED.replace("in-order", items))
    found = decide([make_award("a", "6", received_on=date(2026, 1, 5))], pack)
    assert found.decision("a").status == "undetermined"
    assert found.decision("a").reasons[0].facts == {"fact": "sequence"}


def test_an_objective_names_what_the_pack_has(make_pack: Make, make_award: Make, decide: Make) -> None:
    with pytest.raises(PackInvalid, match="no class and no set 'arts'"):
        make_pack(head=HEAD.replace('"counted", ', '"counted:arts", '))
    pack = make_pack(head=BEST_HEAD)
    with pytest.raises(PolicyInvalid, match="arts"):
        decide([make_award("a")], pack, policy=replace(pack.choose, objectives=("counted:major,arts", "canonical")))


@pytest.mark.parametrize(
    "objectives",
    [("counted",), (), ("canonical", "counted"), ("counted", "counted", "canonical"), ("counted:", "canonical"),
     ("counted:major,", "canonical"), ("luck", "canonical"), ("granted:major", "canonical")],
)  # fmt: skip
def test_a_list_of_objectives_is_complete_and_ends_in_canonical(objectives: tuple[str, ...]) -> None:
    with pytest.raises(PolicyInvalid, match="objectives"):
        replace(BEST, objectives=objectives)


def test_one_award_more_never_worsens_the_first_objective() -> None:
    awards = [
        *courses("A", 5, "2025-06-01", 4), *courses("B", 4, "2025-06-02", course_class="liberal"),
        *courses("C", 3, "2025-12-01", "7/2", course_class="general"), *courses("D", 4, "2025-12-02", 5),
    ]  # fmt: skip
    before = None
    for size in range(len(awards) + 1):
        lacking = best(awards[:size]).objectives[0].value
        assert before is None or lacking <= before
        before = lacking


def test_a_hundred_awards_are_settled_and_the_bytes_rest_on_no_order() -> None:
    classes = ("major-required", "liberal", "general")
    awards = [
        course(f"A{number:03}", f"20{20 + number // 30}-{3 + number % 10:02}-10", 2 + number % 3,
               issuer=f"s{number % 3}", course_class=classes[number % 3])
        for number in range(100)
    ]  # fmt: skip
    found = best(awards)
    assert found.method == "dynamic"
    assert canonical(found.to_json()) == canonical(best(awards[::-1]).to_json())
    assert found.objectives[0].value < decided(awards).objectives[0].value


def test_what_expires_first_is_used_first(make_pack: Make, make_award: Make, decide: Make) -> None:
    pack: Pack = make_pack(LASTING, programme=SMALL.replace("9", "6"))
    late, early = date(2025, 5, 1), date(2023, 5, 1)
    awards = [make_award("a", "3", awarded_on=late), make_award("b", "3", awarded_on=late)]
    awards += [make_award("c", "3", awarded_on=early), make_award("d", "3", awarded_on=date(2024, 5, 1))]
    found = decide(awards, pack, policy=pack.redeem)
    assert counting(found) == ["c", "d"]
    names = [each.name for each in found.objectives]
    assert names[:3] == ["granted", "least-used", "soonest-expiring:2028-05-01"]
