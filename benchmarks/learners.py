"""Learners to measure with: awards under the Korean pack, regular or drawn by lot, and a pack with a large table."""

import random
from datetime import date, timedelta
from fractions import Fraction

from recognition_rules.award import Award
from recognition_rules.credits import Credits
from recognition_rules.pack import Pack, parse

CLASSES = ("major-required", "major-elective", "liberal", "general")
TITLES = (
    "통계학",
    "경영학",
    "회계",
    "법학",
    "심리학",
    "철학",
    "사회학",
    "물리학",
    "화학",
    "음악",
    "미술",
    "역사",
    "지리",
)
OUTCOMES = 20
ROWS = 5_000


def regular(size: int) -> list[Award]:
    """One course every 13 days: about twice as much as a year has room for."""
    days = (date(2015, 3, 20) + timedelta(days=13 * number) for number in range(size))
    return [_award(number, 3, CLASSES[number % 4], day, f"school-{number % 4}") for number, day in enumerate(days)]


def usual(seed: int) -> list[Award]:
    """Twenty courses in four to eight semesters at one or two schools; now and then a year or a semester is full, and
    one learner in ten has taken a course twice."""
    source = random.Random(seed)
    semesters, schools = source.randint(4, 8), source.randint(1, 2)
    ends = sorted(_semester_end(source.randrange(semesters)) for _ in range(OUTCOMES))
    awards = [_drawn(source, number, day, schools) for number, day in enumerate(ends)]
    return awards if source.random() < 0.9 else [*awards[:-1], _again(awards[0], awards[-1])]


def crowded(seed: int) -> list[Award]:
    """Three to nine courses a semester, 5 to 60 in all, at one to three schools: most learners meet a limit."""
    source = random.Random(seed)
    semesters, schools = source.randint(2, 8), source.randint(1, 3)
    ends = [_semester_end(number) for number in range(semesters) for _ in range(source.randint(3, 9))]
    return [_drawn(source, number, day, schools) for number, day in enumerate(ends)]


def _semester_end(number: int) -> date:
    return date(2021, 6, 20) + timedelta(days=183 * number)


def _drawn(source: random.Random, number: int, day: date, schools: int) -> Award:
    amount, course_class = source.choice((3, 3, 3, 3, 2, 4)), source.choice(CLASSES)
    return _award(number, amount, course_class, day, f"school-{source.randrange(schools)}")


def _again(first: Award, last: Award) -> Award:
    return Award.from_json({**last.to_json(), "title": dict(first.title)})


def _award(number: int, amount: int, course_class: str, ended: date, school: str) -> Award:
    return Award(
        id=f"a{number:03}",
        issuer=school,
        amount=Credits(Fraction(amount), "kr-credit"),
        title={"ko": f"{TITLES[number % len(TITLES)]} 과목 {number}호"},
        source="accredited-course",
        course_class=course_class,
        score=Fraction(80),
        attendance=Fraction(1),
        ended_on=ended,
        issuer_accredited=True,
    )


_HEAD = """
[pack]
id = "table"
version = "1"
unit = "kr-credit"
normaliser = "kr-title"
title = { en = "Large table" }
[[reference]]
id = "S0"
title = "an example"
standing = "confirmed"
[choose]
items = "best"
slots = "best"
order = ["ended_on", "award_id"]
objectives = ["shortfall", "counted", "canonical"]
[sources]
course = { en = "course" }
[classes]
major = { en = "major" }
free = { en = "free" }
[[programme]]
id = "degree"
title = { en = "Degree" }
parts = { total = 60 }
TERMS
require.all = [{ test = "total", title = { en = "Total" }, at_least = 60 }]
[[table]]
id = "offers"
title = { en = "What each course of each school counts as" }
keys = ["issuer", "fact:code"]
between = ["score"]
gives = ["class", "fact:band"]
TERMS
"""
_TERMS = 'terms = [{ legal_basis = "example", source = "S0", confirmed = true }]'


def table_pack() -> Pack:
    """A pack with a decision table of 5,000 rows: 50 schools, 50 courses each, in two bands of the score."""
    heads = (f'[{name}]\nid = "{name}"\ntitle = {{ en = "{name}" }}\n{_TERMS}\n' for name in _RULES)
    rows = "".join(_rows(number) for number in range(ROWS // 2))
    text = _HEAD.replace("TERMS", _TERMS) + f"rows = [\n{rows}]\n" + "".join(heads)
    return parse(text)


_RULES = ("classification", "revocation", "use")


def _rows(number: int) -> str:
    course = f'issuer = "school-{number // 50}", "fact:code" = "C{number % 50}"'
    low = f'{{ id = "r{number}-low", {course}, score_from = 60, score_below = 80, class = "free", "fact:band" = "B" }}'
    high = f'{{ id = "r{number}-high", {course}, score_from = 80, class = "major", "fact:band" = "A" }}'
    return f"  {low},\n  {high},\n"


def looked_up(seed: int) -> list[Award]:
    """Twenty outcomes, each of which is found in one row of the table."""
    source = random.Random(seed)
    return [_offered(source, number) for number in range(OUTCOMES)]


def _offered(source: random.Random, number: int) -> Award:
    return Award(
        id=f"a{number:03}",
        issuer=f"school-{source.randrange(50)}",
        amount=Credits(Fraction(3), "kr-credit"),
        title={"en": f"Course {number}"},
        source="course",
        score=Fraction(source.randint(60, 100)),
        ended_on=date(2024, 1, 1) + timedelta(days=number),
        facts={"code": f"C{source.randrange(50)}"},
    )
