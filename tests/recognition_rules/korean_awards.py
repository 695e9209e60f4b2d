"""Awards of the Korean credit bank for tests that tell what should come of them, one line an award or a row of them."""

from datetime import date
from fractions import Fraction
from typing import Any

from recognition_rules.award import Award, Grade
from recognition_rules.credits import Credits
from recognition_rules.pack import parse
from recognition_rules.packs import builtin
from recognition_rules.recognise import recognise
from recognition_rules.recognition import Recognition
from recognition_rules.units_pack import parse as parse_units

PACK = parse(builtin("kr-acbs"))
UNITS = parse_units(builtin("units"))


def course(award_id: str, ended: str | None, amount: str | int = 3, **told: Any) -> Award:
    """An accredited course, passed, in the elective major; `unit`, `title` and any field of an award may be told."""
    day = date.fromisoformat(ended) if ended else None
    told = {**told, **{name: Fraction(told[name]) for name in ("score", "attendance") if told.get(name) is not None}}
    unit, title = told.pop("unit", "kr-credit"), told.pop("title", f"{award_id}번 과목")
    fields = {
        "issuer": "school",
        "source": "accredited-course",
        "course_class": "major-elective",
        "score": Fraction(90),
        "attendance": Fraction(1),
        "issuer_accredited": True,
        "awarded_on": day,
        **told,
    }
    return Award(id=award_id, amount=Credits(Fraction(amount), unit), title={"ko": title}, ended_on=day, **fields)


def courses(name: str, number: int, ended: str, amount: str | int = 3, **told: Any) -> list[Award]:
    """Several alike: `A01` to `A09` for `courses("A", 9, …)`, each a subject of its own."""
    return [course(f"{name}{each:02}", ended, amount, **told) for each in range(1, number + 1)]


def former(name: str, number: int, ended: str, amount: str | int = 3, grade: str = "B0", **told: Any) -> list[Award]:
    """Courses of a former university, graded, with neither score nor attendance."""
    graded = {"source": "former-university", "grade": Grade("kr-letter", grade), "score": None, "attendance": None}
    return courses(name, number, ended, amount, **{**graded, **told})


def certificate(award_id: str, ended: str, course_class: str = "major-elective", **told: Any) -> Award:
    """A certificate of the gazette, with the credits it is listed with."""
    told = {"amount": 20, "code": "information-processing-engineer", **told}
    amount, code = told.pop("amount"), told.pop("code")
    facts = {"certificate": code} if code else {}
    return course(award_id, ended, amount, source="certificate", course_class=course_class, facts=facts, **told)


def decided(awards: list[Award], programme: str = "bachelor", **told: Any) -> Recognition:
    """The recognition under the Korean pack, on 1 September 2030 unless told otherwise."""
    on, pack = date.fromisoformat(told.pop("on", "2030-09-01")), told.pop("pack", PACK)
    return recognise(awards, programme, pack, None, on, units=UNITS, **told)


def against(found: Recognition) -> dict[str, str]:
    """What stands against each award that does not count in full: the labels of its reasons, in order."""
    return {
        each.award: " ".join(reason.label for reason in each.reasons)
        for each in found.decisions
        if each.status != "counted"
    }


def codes(found: Recognition, award: str) -> list[str]:
    """The codes of the reasons of one award."""
    return [reason.code for reason in found.decision(award).reasons]
