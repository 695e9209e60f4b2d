"""Scenarios written from the catalogue alone (R01, R08, R09): the same subject twice, and who passes the gates."""

import unicodedata
from typing import Any

import pytest

from recognition_rules.award import Award, Use
from tests.recognition_rules.korean_awards import PACK, against, certificate, codes, course, courses, decided, former

SAME = [
    ("한국근현대사", unicodedata.normalize("NFD", "한국 근·현대사")),
    ("English", "ＥＮＧＬＩＳＨ"),
    ("전공실기", "전공실기 ①"),
    ("전공실기Ⅱ", "전공실기 ２"),
    ("전공실기(2)", "전공실기 ⅱ"),
    ("음악사 III", "음악사Ⅲ"),
    ("음악사 IV", "음악사 ④"),
    ("영어회화 11", "영어회화 Ⅺ"),
    ("현대사회의 이해", "현대사회 이해"),
    ("가족상담 및 치료", "가족상담ㆍ치료"),
    ("E.D.P.S", "edps"),
    ("클라이언트/서버 프로그래밍", "C/S 프로그래밍"),
]
DIFFERENT = [
    ("전공실기", "전공실기 Ⅱ"),
    ("영어회화 1", "영어회화 11"),
    ("영어회화 2", "영어회화 12"),
    ("의학개론", "학개론"),
    ("강의 기법", "강기법"),
    ("C 프로그래밍", "C++ 프로그래밍"),
    ("경영학개론", "경영학원론"),
    ("통계학", "통계역학"),
]
SUBSTITUTES = [
    ("경영학개론", "경영학입문", "경영학총론"),
    ("글로벌경영", "국제경영", "세계경영"),
    ("물리학실험", "물리학 실습", None),
    ("컴퓨터구조", "PC 구조", None),
    ("행정학의 이해", "행정학원론", "행정학 입문"),
]


@pytest.mark.parametrize(("first", "second"), SAME)
def test_one_subject_under_two_spellings_counts_once(first: str, second: str) -> None:
    found = decided([course("A", "2024-06-20", title=first), course("B", "2025-06-20", title=second)])
    assert against(found) == {"B": "DUPLICATE_SUBJECT"}
    assert found.decision("B").reasons[0].facts["with"] == ["A"]
    assert found.totals["counted"] == 3


@pytest.mark.parametrize(("first", "second"), DIFFERENT)
def test_two_subjects_that_look_alike_both_count(first: str, second: str) -> None:
    found = decided([course("A", "2024-06-20", title=first), course("B", "2025-06-20", title=second)])
    assert found.totals["counted"] == 6


@pytest.mark.parametrize("titles", SUBSTITUTES)
def test_substitutes_all_count_and_the_first_is_the_required_one(titles: tuple[str | None, ...]) -> None:
    named = [title for title in titles if title]
    awards = [
        course(f"A{n}", f"202{n}-06-20", title=title, course_class="major-required") for n, title in enumerate(named)
    ]
    found = decided(awards)
    assert found.totals["counted"] == 3 * len(named)
    assert [each.course_class for each in found.decisions] == [
        "major-required", *["major-elective"] * (len(named) - 1)
    ]  # fmt: skip
    assert all(codes(found, award.id) == ["SUBSTITUTE_OF"] for award in awards[1:])
    assert all(found.decision(award.id).reasons[0].amount == 0 for award in awards[1:])


def test_a_substitute_in_another_class_takes_no_place_from_the_required_one() -> None:
    awards = [
        course("A", "2023-06-20", title="경영학개론", course_class="liberal"),
        course("B", "2024-06-20", title="경영학원론", course_class="major-required"),
    ]
    assert [each.course_class for each in decided(awards).decisions] == ["liberal", "major-required"]


def test_a_required_course_without_room_leaves_its_place_to_the_substitute() -> None:
    required: dict[str, Any] = {"course_class": "major-required"}
    awards = [
        *courses("A", 8, "2025-06-19"),
        course("B", "2025-06-20", title="경영학개론", **required),
        course("C", "2025-12-20", title="경영학원론", **required),
    ]
    found = decided(awards)
    assert against(found) == {"B": "CAP_SEMESTER_24"}
    assert found.decision("C").course_class == "major-required"


def test_a_duplicate_of_a_substitute_is_a_duplicate() -> None:
    titles = {"A": "경영학개론", "B": "경영학 개론", "C": "경영학원론", "D": "경영학원론 Ⅰ", "E": "경영학개론Ⅰ"}
    awards = [
        course(name, f"202{n}-06-20", title=title, course_class="major-required")
        for n, (name, title) in enumerate(titles.items())
    ]
    found = decided(awards)
    assert against(found) == dict.fromkeys("BDE", "DUPLICATE_SUBJECT")
    assert [found.decision(name).reasons[0].facts["with"] for name in "BDE"] == [["A"], ["C"], ["A"]]


FREED = {
    "failed": ({"score": 59}, "CLASS_THRESHOLDS"),
    "revoked": ({"revoked": True}, "R11b"),
    "given by a school without accreditation": ({"issuer_accredited": False}, "R01-accreditation"),
    "of a source nobody knows": ({"source": "youtube"}, "R01-source"),
    "in a unit that is no credit": ({"unit": "us-ceu"}, "NO_CONVERSION"),
}


@pytest.mark.parametrize("story", FREED)
def test_a_twin_that_does_not_count_frees_its_duplicate(story: str) -> None:
    told, label = FREED[story]
    awards = [
        course("A", "2024-06-20", title="통계학", **told),
        course("B", "2024-12-20", title="통계학"),
        course("C", "2025-06-20", title="통계학"),
    ]
    found = decided(awards)
    assert against(found) == {"A": label, "C": "DUPLICATE_SUBJECT"}
    assert found.decision("C").reasons[0].facts["with"] == ["B"]


def test_an_award_used_elsewhere_is_used_and_still_has_its_duplicates() -> None:
    awards = [course("A", "2018-06-20", title="통계학"), course("B", "2025-06-20", title="통계학")]
    found = decided(awards, used=[Use("A", "degree-2020")])
    assert codes(found, "A") == ["ALREADY_REDEEMED"]
    assert codes(found, "B") == ["DUPLICATE_OF"]
    assert found.decision("B").counterfactual is None
    only_here = PACK.with_parameters({"r08-across": "recognition"})
    assert decided(awards, used=[Use("A", "degree-2020")], pack=only_here).totals["counted"] == 3
    assert decided(awards, used=[Use("A", "door", purpose="admission")]).totals["counted"] == 3
    cancelled = [course("A", "2018-06-20", title="통계학", revoked=True), awards[1]]
    assert decided(cancelled, used=[Use("A", "degree-2020")]).totals["counted"] == 3


def test_certificates_are_no_subjects_and_have_no_duplicates_among_courses() -> None:
    awards = [certificate("Z", "2024-06-20", title="정보처리"), course("A", "2025-06-20", title="정보처리")]
    assert decided(awards).totals["counted"] == 23


ASKED, REFUSED, COUNTS = "undetermined", "not_counted", "counted"
GATES: dict[str, tuple[Award, str, list[str]]] = {
    "four fifths and 60 exactly": (course("A", "2025-06-20", attendance="4/5", score=60), COUNTS, []),
    "almost four fifths": (course("A", "2025-06-20", attendance="0.799999999"), REFUSED, ["THRESHOLD_ATTENDANCE"]),
    "59.5 is not rounded": (course("A", "2025-06-20", score="59.5"), REFUSED, ["THRESHOLD_SCORE"]),
    "both are told": (course("A", "2025-06-20", attendance="1/2", score=0), REFUSED,
                      ["THRESHOLD_ATTENDANCE", "THRESHOLD_SCORE"]),
    "a pass without a score asks for it": (course("A", "2025-06-20", score=None), ASKED, ["FACT_MISSING"]),
    "nothing known asks for both": (course("A", "2025-06-20", score=None, attendance=None), ASKED,
                                    ["FACT_MISSING", "FACT_MISSING"]),
    "a failure is one, whatever is unknown": (course("A", "2025-06-20", score=10, attendance=None), REFUSED,
                                              ["THRESHOLD_SCORE", "FACT_MISSING"]),
    "nobody knows the school": (course("A", "2025-06-20", issuer_accredited=None), ASKED, ["ISSUER_STATUS_UNKNOWN"]),
    "accreditation lapsed before the end": (course("A", "2025-06-20", issuer_accredited=False), REFUSED,
                                            ["ISSUER_NOT_ELIGIBLE"]),
    "no day, no place in the order": (course("A", None), ASKED, ["FACT_MISSING"]),
    "no source": (course("A", "2025-06-20", source=None), ASKED, ["UNCLASSIFIED"]),
    "no class": (course("A", "2025-06-20", course_class=None), ASKED, ["UNCLASSIFIED"]),
    "a class nobody knows": (course("A", "2025-06-20", course_class="magic"), ASKED, ["UNCLASSIFIED"]),
    "D is a pass in a former university": (former("A", 1, "2010-06-20", grade="D0")[0], COUNTS, []),
    "F is none": (former("A", 1, "2010-06-20", grade="F")[0], REFUSED, ["THRESHOLD_GRADE"]),
    "no grade asks": (course("A", "2010-06-20", source="former-university"), ASKED, ["FACT_MISSING"]),
    "a certificate that is not on the list asks": (certificate("A", "2025-06-20", code="barista"), ASKED,
                                                   ["JUDGEMENT_NEEDED"]),
    "one without a code too": (certificate("A", "2025-06-20", code=None), ASKED, ["FACT_MISSING"]),
    "one of other credits than listed too": (certificate("A", "2025-06-20", amount=21), ASKED, ["TERM_UNCONFIRMED"]),
}  # fmt: skip


@pytest.mark.parametrize("story", GATES)
def test_gates_have_three_answers(story: str) -> None:
    award, status, expected = GATES[story]
    found = decided([award])
    decision = found.decision(award.id)
    assert decision.status == status
    assert codes(found, award.id)[: len(expected) or None] == expected
    assert found.totals["undetermined"] == (award.amount.amount if status == ASKED else 0)
    assert decision.amount == decision.counted + sum(reason.amount for reason in decision.reasons)
