"""Conversions and where they are rounded: per item, per bucket, in all, or for display only (W6, W7, R30, R33)."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from recognition_rules.errors import PackInvalid
from recognition_rules.recognition import Recognition

Make = Callable[..., Any]

RATIO = '[[ratio]]\nid = "quarter"\ntitle = { en = "Quarter" }\nfrom = "us-quarter"\nfactor = "2/3"\nMORE\nTERMS\n'
TABLE = '[[conversion]]\nid = "units"\ntitle = { en = "Units" }\nmethod = "units-table"\nfrom = [UNITS]\nTERMS\n'


def rounding(body: str, name: str = "rounding") -> str:
    return f'[[rounding]]\nid = "{name}"\ntitle = {{ en = "{name}" }}\n{body}\nTERMS\n'


def ratio(more: str = "") -> str:
    return RATIO.replace("MORE", more)


def quarters(make_award: Make, number: int) -> list[Any]:
    return [make_award(f"a{n:02d}", "4", unit="us-quarter") for n in range(number)]


def test_forty_five_courses_of_four_quarter_units_are_120(make_pack: Make, make_award: Make, decide: Make) -> None:
    found = decide(quarters(make_award, 45), make_pack(ratio()))
    assert found.totals["counted"] == 120
    assert found.decision("a00").counted == Fraction(8, 3)


FIVE = {
    "exact": ("", "40/3", None),
    "floor for each course": ("ITEM", "10", None),
    "floor of the sum": ('point = "total"\nmode = "floor"\nincrement = 1', "13", "1/3"),
    "halves up of the sum": (
        'point = "total"\nmode = "half-up"\nincrement = "1/2"\nacknowledge = "the board"',
        "27/2",
        "-1/6",
    ),
    "floor of each class": ('point = "bucket"\nby = "class"\nmode = "floor"\nincrement = 1', "13", "1/3"),
}


@pytest.mark.parametrize("policy", FIVE)
def test_five_courses_of_four_quarter_units(make_pack: Make, make_award: Make, decide: Make, policy: str) -> None:
    """W7: 20 quarter units are exactly 40/3."""
    body, counted, away = FIVE[policy]
    item = ratio('round = { point = "item", mode = "floor", increment = 1 }')
    rules = item if body == "ITEM" else ratio() + (rounding(body) if body else "")
    found = decide(quarters(make_award, 5), make_pack(rules))
    assert found.totals["counted"] == Fraction(counted)
    assert found.requirement("total").have == Fraction(counted)
    assert found.totals.get("rounded_away") == (None if away is None else Fraction(away))
    assert add_up(found)


def add_up(found: Recognition) -> bool:
    return found.totals["submitted"] == sum(amount for name, amount in found.totals.items() if name != "submitted")


def test_what_an_item_loses_is_a_reason(make_pack: Make, make_award: Make, decide: Make) -> None:
    item = ratio('round = { point = "item", mode = "floor", increment = 1 }')
    decision = decide(quarters(make_award, 1), make_pack(item)).decision("a00")
    assert (decision.status, decision.counted) == ("partly", 2)
    assert [(each.code, each.amount) for each in decision.reasons] == [("ROUNDED_AWAY", Fraction(2, 3))]


def test_a_thousand_small_awards_make_nothing_out_of_nothing(make_pack: Make, make_award: Make, decide: Make) -> None:
    awards = [make_award(f"a{n:04d}", "2/5") for n in range(1000)]
    up = 'mode = "half-up"\nincrement = 1\nacknowledge = "the board"'
    for body in (
        f'point = "total"\n{up}',
        f'point = "bucket"\nby = "class"\n{up}',
        f'point = "bucket"\nby = "slot"\n{up}',
    ):
        assert decide(awards, make_pack(rounding(body)), trace=False).totals["counted"] == 400


SLOTS = """
[[programme]]
id = "degree"
title = { en = "Degree" }
TERMS
require.all = [
  { slot = "major", title = { en = "Major" }, where = { class = ["major"] }, at_least = 2 },
  { slot = "free", title = { en = "Free" }, rest = true },
  { test = "total", title = { en = "Total" }, at_least = 3 },
  { test = "of-major", title = { en = "Major, exactly" }, where = { class = ["major"] }, at_least = "5/2" },
]
"""


def test_slots_are_buckets_and_tests_of_a_part_stay_exact(make_pack: Make, make_award: Make, decide: Make) -> None:
    pack = make_pack(rounding('point = "bucket"\nmode = "floor"\nincrement = 1'), SLOTS)
    found = decide([make_award("a", "5/2"), make_award("b", "5/4", course_class="free")], pack)
    assert [(each.id, each.have) for each in found.requirements] == [
        ("major", 2), ("free", 1), ("total", 3), ("of-major", Fraction(5, 2)),
    ]  # fmt: skip
    assert (found.totals["counted"], found.totals["rounded_away"]) == (3, Fraction(3, 4))
    step = next(each for each in found.steps if each.stage == "rounding")
    assert (step.arithmetic, step.rule) == ("2.5 → 2", "rounding")


def test_display_never_feeds_back(make_pack: Make, make_award: Make, decide: Make) -> None:
    pack = make_pack(ratio() + rounding('point = "display"\nmode = "half-up"\nincrement = "1/100"'))
    found = decide(quarters(make_award, 3), pack)
    assert found.totals["counted"] == 8
    assert "rounded_away" not in found.totals


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ('point = "total"\nmode = "half-up"\nincrement = 1', "say in 'acknowledge' who accepts that"),
        ('point = "total"\nmode = "ceiling"\nincrement = 1', "'mode' must be one of"),
        ('point = "item"\nmode = "floor"\nincrement = 1', "'point' must be one of: bucket, total, display"),
        ('point = "total"\nmode = "floor"\nincrement = 0', "above zero"),
    ],
)
def test_a_rounding_that_could_mint_is_acknowledged(make_pack: Make, body: str, sentence: str) -> None:
    with pytest.raises(PackInvalid, match=sentence):
        make_pack(rounding(body))


def test_one_point_is_rounded_once(make_pack: Make) -> None:
    body = 'point = "total"\nmode = "floor"\nincrement = 1'
    with pytest.raises(PackInvalid, match="rounded twice"):
        make_pack(rounding(body) + rounding(body, "again"))


def test_a_ratio_beats_hours_and_the_pack_beats_the_table(make_pack: Make, make_award: Make, decide: Make) -> None:
    """W6: 20 UK credits are 10 of ECTS by the agreed ratio, though hours would say 8 or 20/3."""
    from tests.recognition_rules.conftest import HEAD

    head = HEAD.replace('unit = "kr-credit"', 'unit = "ects"')
    table = TABLE.replace("UNITS", '"uk-cats"')
    award = make_award("a", "20", unit="uk-cats", country="AT")
    found = decide([award], make_pack(table, head=head))
    assert found.totals["counted"] == 10
    own = ratio().replace("us-quarter", "uk-cats").replace("2/3", "3/4")
    own_found = decide([award], make_pack(table + own, head=head))
    assert own_found.totals["counted"] == 15
    step = next(each for each in own_found.steps if each.stage == "amount")
    assert (step.inputs["method"], step.inputs["overrides"], step.arithmetic) == ("pack-ratio", "10", "20 × 3/4 = 15")


def test_a_recognition_is_converted_from_what_was_first_earned(make_pack: Make, make_award: Make, decide: Make) -> None:
    """20 CATS made 10 ECTS by ratio must not become 25 credits of 10 hours on the way back."""
    from tests.recognition_rules.conftest import HEAD

    head = HEAD.replace('unit = "kr-credit"', 'unit = "hk-qf"')
    first = {"original_amount": "20", "original_unit": "uk-cats"}
    pack = make_pack(TABLE.replace("UNITS", '"uk-cats", "ects"'), head=head)
    found = decide([make_award("a", "10", unit="ects", country="AT", facts=first)], pack)
    assert found.totals["counted"] == 20


def test_a_term_has_its_own_multiplier(make_pack: Make, make_award: Make, decide: Make) -> None:
    """R30: a trimester is not two thirds."""
    special = ratio('where = { fact = { name = "term", among = ["T1"] } }').replace('"quarter"', '"trimester"')
    pack = make_pack(ratio() + special.replace("2/3", "3/4"))
    awards = [make_award("a", "4", unit="us-quarter", facts={"term": "T1"})]
    awards += [make_award("b", "4", unit="us-quarter", facts={"term": "Q1"}), make_award("c", "4", unit="us-quarter")]
    found = decide(awards, pack)
    assert [each.counted for each in found.decisions] == [3, Fraction(8, 3), 0]
    assert (found.decision("c").status, found.decision("c").reasons[0].facts["fact"]) == ("undetermined", "ratio")


CONTACT = """
[[contact_hours]]
id = "contact"
title = { en = "Contact hours" }
from = "contact-hour"
self_study = { lecture = 2, laboratory = "1/2" }
hours_per_credit = 10
TERMS
"""


@pytest.mark.parametrize(
    ("facts", "hours", "counted"),
    [
        ({"contact_type": "lecture"}, "30", "9"),
        ({"contact_type": "laboratory"}, "30", "9/2"),
        ({"contact_hours:lecture": 20, "contact_hours:laboratory": "20"}, None, "9"),
        ({"contact_hours:lecture": 20, "contact_hours:yoga": 20}, None, None),
        ({}, "30", None),
    ],
)
def test_contact_hours_count_by_their_type(
    make_pack: Make, make_award: Make, decide: Make, facts: dict[str, Any], hours: str | None, counted: str | None
) -> None:
    award = make_award("a", "1", unit="contact-hour", facts=facts, hours=Fraction(hours) if hours else None)
    decision = decide([award], make_pack(CONTACT)).decision("a")
    assert decision.status == ("undetermined" if counted is None else "counted")
    assert decision.counted == Fraction(counted or 0)


def test_credit_is_whole_whatever_the_hours_or_the_grade(make_pack: Make, make_award: Make, decide: Make) -> None:
    """R21, R22: nothing is added or taken for more or less time."""
    for hours in (None, Fraction(20), Fraction(60)):
        found = decide([make_award("a", hours=hours, score=Fraction(61))], make_pack())
        assert found.totals["counted"] == 3


def test_ratios_have_terms(make_pack: Make, make_award: Make, decide: Make) -> None:
    dated = (
        'terms = [{ until = 2026-08-31, value = "2/3", legal_basis = "x", source = "S0", confirmed = true },'
        ' { from = 2026-09-01, value = "3/5", legal_basis = "x", source = "S0", confirmed = false }]'
    )
    pack = make_pack(ratio().replace("TERMS", dated))
    award = quarters(make_award, 1)
    assert decide(award, pack, on=date(2026, 8, 31)).totals["counted"] == Fraction(8, 3)
    assert decide(award, pack, on=date(2026, 9, 1)).totals["counted"] == Fraction(12, 5)
