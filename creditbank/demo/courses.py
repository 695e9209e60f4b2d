"""What the learners did: thirty courses of six institutions, in six credit systems, in the years before today."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Literal

from creditbank.demo.cast import (
    CHAN,
    DISHA,
    ELLIS,
    HANBIT,
    HARBOUR,
    KIM,
    LAKES,
    PRAIRIE,
    RIVERSIDE,
    SHARMA,
    Person,
    School,
)

Term = Literal["spring", "autumn"]
Form = Literal["vc-jwt", "eddsa-rdfc-2022", "eddsa-jcs-2022", "png", "svg", "own-vc-jwt"]
REQUIRED, ELECTIVE, LIBERAL, GENERAL = "major-required", "major-elective", "liberal", "general"
PASSED = Fraction(85)


@dataclass(frozen=True, slots=True)
class Course:
    """One course of one learner. `years_ago` and `term` say when; `by_email` by which identifier she is named."""

    number: int
    school: School
    person: Person
    title: Mapping[str, str]
    credits: Fraction
    course_class: str
    years_ago: int
    term: Term
    form: Form
    attendance: Fraction = Fraction(95, 100)
    by_email: bool = False

    @property
    def unit(self) -> str:
        """The unit of the school's credits."""
        return self.school.units[0]

    @property
    def achievement_id(self) -> str:
        """The achievement's id, an address of the school's."""
        return f"https://{self.school.id}.example/courses/{self.number:02}"

    def days(self, today: date) -> tuple[date, date]:
        """The first and the last day, always before `today`'s year; no two courses of a term end on one day."""
        year, later = today.year - self.years_ago, timedelta(days=self.number)
        if self.term == "spring":
            return date(year, 3, 2), date(year, 5, 31) + later
        return date(year, 9, 1), date(year, 11, 20) + later


def _course(
    school: School,
    person: Person,
    when: tuple[int, Term],
    form: Form,
    course_class: str,
    credit_amount: int,
    title: Mapping[str, str],
    **more: Fraction | bool,
) -> Course:
    years_ago, term = when
    return Course(
        0,
        school,
        person,
        title,
        Fraction(credit_amount),
        course_class,
        years_ago,
        term,
        form,
        **more,  # type: ignore[arg-type]  # attendance and by_email
    )


def _hanbit(when: tuple[int, Term], form: Form, course_class: str, ko: str, en: str, **more: Fraction) -> Course:
    return _course(HANBIT, KIM, when, form, course_class, 3, {"ko": ko, "en": en}, **more)


_JWT: Form = "vc-jwt"
_RDFC: Form = "eddsa-rdfc-2022"
_JCS: Form = "eddsa-jcs-2022"

_KIM_IN_KOREA = (
    _hanbit((3, "spring"), _JWT, REQUIRED, "사회복지학개론", "Introduction to Social Welfare"),
    _hanbit((3, "spring"), _RDFC, REQUIRED, "인간행동과 사회환경", "Human Behaviour in Society"),
    _hanbit((3, "spring"), _JCS, LIBERAL, "심리학의 이해", "Understanding Psychology"),
    _hanbit((3, "spring"), _JWT, LIBERAL, "컴퓨터 활용", "Using Computers"),
    _hanbit((3, "autumn"), _RDFC, REQUIRED, "사회복지실천론", "Social Work Practice"),
    _hanbit((3, "autumn"), _JCS, ELECTIVE, "노인복지론", "Welfare of Older People"),
    _hanbit((3, "autumn"), _JWT, LIBERAL, "한국근현대사", "Modern Korean History"),
    _hanbit((2, "spring"), _RDFC, REQUIRED, "사회복지실천기술론", "Skills of Social Work"),
    _hanbit((2, "spring"), _JCS, ELECTIVE, "지역사회복지론", "Community Welfare"),
    _hanbit((2, "spring"), _JWT, ELECTIVE, "사회복지조사론", "Social Research"),
    _hanbit((2, "spring"), _JWT, LIBERAL, "한국 근·현대사", "Modern History of Korea"),
    _hanbit((2, "spring"), _JCS, ELECTIVE, "가족복지론", "Family Welfare"),
    _hanbit((2, "autumn"), _RDFC, REQUIRED, "사회복지정책론", "Social Policy"),
    _hanbit((2, "autumn"), _JWT, ELECTIVE, "자원봉사론", "Volunteering", attendance=Fraction(3, 4)),
)
_KIM_ABROAD = (
    _course(LAKES, KIM, (2, "spring"), "own-vc-jwt", ELECTIVE, 20,
            {"en": "Ageing Societies", "fi": "Ikääntyvät yhteiskunnat"}, by_email=True),
    _course(LAKES, KIM, (2, "spring"), "own-vc-jwt", ELECTIVE, 5,
            {"en": "Technology in Care", "fi": "Hoivateknologia"}, by_email=True),
    _course(LAKES, KIM, (2, "autumn"), "own-vc-jwt", LIBERAL, 5,
            {"en": "Statistics in Daily Life", "fi": "Arjen tilastotiede"}, by_email=True),
    _course(HARBOUR, KIM, (1, "spring"), _JCS, ELECTIVE, 15,
            {"zh-Hant": "長者照顧基礎", "en": "Foundations of Elder Care"}),
    _course(HARBOUR, KIM, (1, "spring"), "svg", LIBERAL, 9,
            {"zh-Hant": "粵語與香港文化", "en": "Cantonese and Hong Kong Culture"}),
    _course(RIVERSIDE, KIM, (1, "spring"), "png", LIBERAL, 20, {"en": "Writing One's Life"}),
    _course(RIVERSIDE, KIM, (1, "autumn"), "png", ELECTIVE, 10, {"en": "First Aid for Carers"}),
    _course(PRAIRIE, KIM, (1, "autumn"), _RDFC, ELECTIVE, 3, {"en": "Gerontology"}),
    _course(DISHA, KIM, (1, "autumn"), _JWT, GENERAL, 4,
            {"hi": "योग और स्वस्थ वृद्धावस्था", "en": "Yoga and Healthy Ageing"}),
)  # fmt: skip
_OTHERS = (
    _course(HARBOUR, CHAN, (1, "spring"), _JWT, ELECTIVE, 12,
            {"zh-Hant": "社區藥劑學入門", "en": "Community Pharmacy"}, by_email=True),
    _course(HARBOUR, CHAN, (1, "autumn"), _JCS, ELECTIVE, 12,
            {"zh-Hant": "數據分析", "en": "Data Analysis"}, by_email=True),
    _course(PRAIRIE, CHAN, (1, "autumn"), _RDFC, ELECTIVE, 4, {"en": "Health Informatics"}, by_email=True),
    _course(DISHA, SHARMA, (1, "spring"), _JWT, ELECTIVE, 4,
            {"hi": "सौर ऊर्जा तकनीशियन", "en": "Solar Technician"}),
    _course(DISHA, SHARMA, (1, "autumn"), _RDFC, LIBERAL, 2,
            {"hi": "वित्तीय साक्षरता", "en": "Financial Literacy"}),
    _course(RIVERSIDE, ELLIS, (1, "spring"), "png", LIBERAL, 15, {"en": "Local History Walks"}, by_email=True),
    _course(RIVERSIDE, ELLIS, (1, "autumn"), _JCS, LIBERAL, 10, {"en": "Online, Safely"}, by_email=True),
)  # fmt: skip


def _numbered(courses: tuple[Course, ...]) -> tuple[Course, ...]:
    return tuple(replace(course, number=number) for number, course in enumerate(courses, start=1))


COURSES = _numbered(_KIM_IN_KOREA + _KIM_ABROAD + _OTHERS)
"""All of them, in the order in which they are deposited."""
