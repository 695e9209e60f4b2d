"""Scenarios written from the catalogue alone (R03 to R06): what counts, what does not, and what is said of it."""

from datetime import date
from typing import Any

import pytest

from recognition_rules.award import Award
from tests.recognition_rules.korean_awards import PACK, against, certificate, codes, course, courses, decided, former

SEMESTER, YEAR, PROVIDER = "CAP_SEMESTER_24", "CAP_YEAR_42", "CAP_PROVIDER"
COUNT, GENERAL, CUTOFF = "CAP_CERT_COUNT", "CAP_CERT_GENERAL", "AWARD_CUTOFF"

LEAP_DAY = courses("L", 8, "2024-02-29")
FULL_YEAR = courses("A", 8, "2022-03-01")
FAILED = course("C", "2015-06-30", score=59)

# what happens: the awards, the credits that count, and the label that stands against each award that does not
PERIODS: dict[str, tuple[list[Award], int, dict[str, str]]] = {
    "29 February shares the autumn with 1 September": (
        [course("S", "2023-09-01"), *LEAP_DAY], 24, {"L08": SEMESTER}),
    "1 March after a leap day opens another semester and year": ([*LEAP_DAY, course("M", "2024-03-01")], 27, {}),
    "31 August is still the first semester": (courses("A", 9, "2025-08-31"), 24, {"A09": SEMESTER}),
    "1 September is the second": ([*courses("A", 8, "2025-08-31"), course("B", "2025-09-01")], 27, {}),
    "28 February of a plain year closes it": (
        [*FULL_YEAR, *courses("B", 7, "2023-02-28"), course("C", "2023-03-01")], 45, {"B07": YEAR}),
    "2100 is no leap year": (
        [*courses("A", 8, "2100-02-28"), course("B", "2100-02-28"), course("C", "2100-03-01")], 27, {"B": SEMESTER}),
    "courses of 4 credits leave 2 credits of the year, which a course of 2 takes": (
        [*courses("A", 6, "2025-03-01", 4), *courses("B", 5, "2025-12-20", 4), course("C", "2026-02-28", 2)], 42,
        {"B05": YEAR}),
    "what breaks semester and year is told both, the semester first": (
        [*courses("A", 6, "2025-07-01"), *courses("B", 9, "2025-11-01")], 42, {"B09": f"{SEMESTER} {YEAR}"}),
    "a refused course of 4 does not stop the course of 3 after it": (
        [*courses("A", 7, "2025-06-01"), course("B", "2025-06-02", 4), course("C", "2025-06-03")], 24,
        {"B": SEMESTER}),
    "certificates, examinations and heritage are no classes": (
        [*courses("A", 8, "2025-06-01"), certificate("Z", "2025-06-02"),
         course("E", "2025-06-02", 5, source="self-study-exam"), course("H", "2025-06-02", 6, source="heritage")],
        55, {}),
    "part-time and accredited classes share the room": (
        [*courses("A", 4, "2025-06-01"), *courses("P", 5, "2025-06-02", source="part-time")], 24,
        {"P05": SEMESTER}),
    "half credits fill the room exactly": (
        [*courses("A", 9, "2025-06-01", "5/2"), course("B", "2025-06-02", "3/2"), course("C", "2025-06-03", "1/2")],
        24, {"C": SEMESTER}),
    "a former university alone has no cap": (former("F", 15, "2015-06-20"), 45, {}),
    "beside one class of the semester it has": (
        [*former("F", 10, "2015-06-20"), course("C", "2015-06-30")], 24,
        {"F09": SEMESTER, "F10": SEMESTER, "C": SEMESTER}),
    "beside a class of the other semester only the year binds": (
        [*former("F", 10, "2015-06-20"), course("C", "2015-12-20")], 33, {}),
    "and it binds at 42": (
        [*former("F", 13, "2015-06-20"), *courses("C", 2, "2015-12-20")], 42, {"C02": YEAR}),
    "a class of the year before binds nothing": (
        [*former("F", 15, "2015-06-20"), course("C", "2015-02-28")], 48, {}),
    "a failed class is no companion": ([*former("F", 10, "2015-06-20"), FAILED], 30, {"C": "CLASS_THRESHOLDS"}),
    "a revoked class is no companion": (
        [*former("F", 10, "2015-06-20"), course("C", "2015-06-30", revoked=True)], 30, {"C": "R11b"}),
    "a certificate is no companion": ([*former("F", 9, "2015-06-20"), certificate("Z", "2015-06-30")], 47, {}),
    "a duplicate class still is one, for it was eligible": (
        [*former("F", 9, "2015-06-20"), course("C", "2015-06-30", title="F01번 과목")], 24,
        {"F09": SEMESTER, "C": "DUPLICATE_SUBJECT"}),
    "a course that exempts from an examination is a companion and no class": (
        [course("C", "2015-06-19", source="exemption-course"), *former("F", 9, "2015-06-20")], 27, {"F09": SEMESTER}),
}  # fmt: skip


@pytest.mark.parametrize("story", PERIODS)
def test_semesters_and_years(story: str) -> None:
    awards, counted, expected = PERIODS[story]
    found = decided(awards, on="2101-01-01")
    assert found.totals["counted"] == counted
    assert against(found) == expected


MANY_F = former("F", 36, "2010-06-20")
ONE_OF_TWO = [*former("F", 20, "2010-06-20", provider_root="heir"), *former("G", 20, "2011-06-20", issuer="heir")]
CERTIFICATES = {
    "three and no more": (["me", "mr", "l", "me"], "bachelor", 60, {"Z4": COUNT}),
    "of which one general, and a refused one takes no place": (["g", "g", "me", "me"], "bachelor", 60, {"Z2": GENERAL}),
    "a second general as fourth is told both": (["g", "me", "me", "g"], "bachelor", 60, {"Z4": f"{GENERAL} {COUNT}"}),
    "two in an associate degree": (["g", "me", "me"], "associate-2", 40, {"Z3": COUNT}),
    "one general of them": (["g", "g", "me"], "associate-3", 40, {"Z2": GENERAL}),
    "one in a second major": (["me", "me"], "second-major", 20, {"Z2": COUNT}),
    "and none of it general": (["g", "me"], "second-major", 20, {"Z1": GENERAL}),
    "nor in a second associate degree": (["g"], "second-major-associate-2", 0, {"Z1": GENERAL}),
}  # fmt: skip
CLASSES = {"g": "general", "me": "major-elective", "mr": "major-required", "l": "liberal"}


@pytest.mark.parametrize("story", CERTIFICATES)
def test_certificates_are_counted_by_number(story: str) -> None:
    classes, programme, counted, expected = CERTIFICATES[story]
    days = (f"2025-0{month}-10" for month in range(1, 10))
    awards = [
        certificate(f"Z{number}", day, CLASSES[name])
        for number, (name, day) in enumerate(zip(classes, days, strict=False), 1)
    ]
    facts: dict[str, Any] = {"learner": {"first_degree_on": date(2020, 2, 20)}}
    found = decided(awards, programme, **facts)
    assert found.totals["counted"] == counted
    assert against(found) == expected
    assert all(code == "LIMIT_COUNT" for award in expected for code in codes(found, award))


PROVIDERS = {
    "105 of one institution in a bachelor": (MANY_F, "bachelor", 105, ["F36"]),
    "60 in an associate degree of two years": (MANY_F[:21], "associate-2", 60, ["F21"]),
    "90 in one of three years": (MANY_F[:31], "associate-3", 90, ["F31"]),
    "one credit of room is taken by a course of one credit": (
        [*former("F", 26, "2010-06-20", 4), *former("G", 1, "2011-06-20", 2), *former("H", 1, "2012-06-20", 1)],
        "bachelor", 105, ["G01"]),
    "an institution and its successor are one": (ONE_OF_TWO, "bachelor", 105, [f"G{n}" for n in range(16, 21)]),
    "two institutions are two": (
        [*former("F", 30, "2010-06-20"), *former("G", 30, "2011-06-20", issuer="other")], "bachelor", 180, []),
}  # fmt: skip


@pytest.mark.parametrize("story", PROVIDERS)
def test_one_institution_gives_so_much(story: str) -> None:
    awards, programme, counted, refused = PROVIDERS[story]
    found = decided(awards, programme)
    assert found.totals["counted"] == counted
    assert against(found) == dict.fromkeys(refused, PROVIDER)
    assert all(codes(found, award) == ["LIMIT_PROVIDER"] for award in refused)


@pytest.mark.parametrize(
    ("session", "ended", "counts"),
    [
        ("2026-08", "2026-07-15", True),
        ("2026-08", "2026-07-16", False),
        ("2026-08", "2026-02-28", True),
        ("2026-02", "2026-01-15", True),
        ("2026-02", "2026-01-16", False),
        ("2026-02", "2025-12-31", True),
        ("2027-02", "2026-01-16", True),
        ("2028-02", "2028-02-29", False),
        (None, "2029-01-16", True),
    ],
)
def test_the_last_day_before_the_degree(session: str | None, ended: str, counts: bool) -> None:
    for award in (course("A", ended), certificate("A", ended), former("A", 1, ended)[0]):
        found = decided([award], session=session)
        assert bool(found.totals["counted"]) is counts
        assert counts or codes(found, award.id) == ["OUTSIDE_WINDOW"]
        assert counts or against(found) == {award.id: CUTOFF}


def test_what_is_too_late_takes_no_room_and_knocks_out_no_twin() -> None:
    awards = [course("A", "2026-07-16"), *courses("B", 8, "2026-07-01"), course("C", "2026-08-01", title="B08번 과목")]
    found = decided(awards, session="2026-08")
    assert found.totals["counted"] == 24
    assert against(found) == {"A": CUTOFF, "C": CUTOFF}


def test_the_yearly_companion_is_a_named_choice() -> None:
    awards = [*former("F", 14, "2015-06-20"), course("C", "2015-12-20")]
    assert decided(awards).totals["counted"] == 42
    by_semester = PACK.with_parameters({"r03-year-companion": "acbs-semester"})
    assert decided(awards, pack=by_semester).totals["counted"] == 45
