"""Small packs, awards and recognitions for the stories of these tests."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from recognition_rules.award import Award
from recognition_rules.credits import Credits
from recognition_rules.pack import Pack, parse
from recognition_rules.packs import builtin
from recognition_rules.recognise import recognise
from recognition_rules.recognition import Recognition
from recognition_rules.units import UnitTable
from recognition_rules.units_pack import parse as parse_units

HEAD = """
[pack]
id = "example"
version = "1"
unit = "kr-credit"
normaliser = "kr-title"
title = { en = "Example" }
[[reference]]
id = "S0"
title = "an example"
standing = "confirmed"
[choose]
items = "in-order"
slots = "best"
order = ["ended_on", "award_id"]
objectives = ["shortfall", "counted", "canonical"]
[sources]
course = { en = "course" }
exam = { en = "exam" }
[classes]
major = { en = "major" }
free = { en = "free" }
[[calendar]]
id = "year"
starts = [{ label = "{Y}", month = 3, day = 1 }]
"""

TERMS = 'terms = [{ legal_basis = "example", source = "S0", confirmed = true }]'

GATES = "".join(
    f'\n[{name}]\nid = "{name}"\ntitle = {{ en = "{name}" }}\n{TERMS}\n'
    for name in ("classification", "revocation", "use")
)

TOTAL = f"""
[[programme]]
id = "degree"
title = {{ en = "Degree" }}
parts = {{ total = 60 }}
{TERMS}
require.all = [{{ test = "total", title = {{ en = "Total" }}, at_least = 60 }}]
"""


@pytest.fixture(scope="session")
def units() -> UnitTable:
    return parse_units(builtin("units"))


@pytest.fixture(scope="session")
def kr_acbs() -> Pack:
    return parse(builtin("kr-acbs"), name="kr-acbs/pack.toml")


@pytest.fixture(scope="session")
def pack_text() -> Callable[..., str]:
    """The text of a small pack: some rules, and a programme (60 in all unless another is given)."""

    def text(rules: str = "", programme: str = TOTAL, head: str = HEAD) -> str:
        return head + GATES + rules.replace("TERMS", TERMS) + programme.replace("TERMS", TERMS)

    return text


@pytest.fixture(scope="session")
def make_pack(pack_text: Callable[..., str]) -> Callable[..., Pack]:
    return lambda *args, **named: parse(pack_text(*args, **named))


@pytest.fixture(scope="session")
def make_award() -> Callable[..., Award]:
    """An award of 3 credits for a course of the major that ended on 20 June 2025, unless told otherwise."""

    def award(award_id: str, amount: str = "3", unit: str = "kr-credit", **fields: Any) -> Award:
        told = {
            "issuer": "school",
            "title": {"ko": f"{award_id}번 과목"},
            "source": "course",
            "course_class": "major",
            "ended_on": date(2025, 6, 20),
            **fields,
        }
        return Award(id=award_id, amount=Credits(Fraction(amount), unit), **told)

    return award


@pytest.fixture(scope="session")
def decide(units: UnitTable) -> Callable[..., Recognition]:
    """A recognition on 1 September 2026 in the programme `degree`, unless told otherwise."""

    def run(awards: list[Award], pack: Pack, programme: str = "degree", **named: Any) -> Recognition:
        on = named.pop("on", date(2026, 9, 1))
        return recognise(awards, programme, pack, named.pop("policy", None), on, units=units, **named)

    return run
