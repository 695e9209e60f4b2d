"""What decisions oblige to: make-up credits, electives, supplementary work; and what discharges it."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from recognition_rules.errors import PackInvalid

Make = Callable[..., Any]

CAP = """
[[limit]]
id = "cap"
code = "CAP_35"
title = { en = "cap" }
where = { class = ["major"] }
at_most = 7
TERMS
"""


def obligation(body: str, kind: str = "make-up") -> str:
    head = f'[[obligation]]\nid = "owed"\ntitle = {{ en = "owed" }}\nkind = "{kind}"\nbucket = "major"\n'
    return f"{head}{body}\nTERMS\n"


BECAUSE = 'when = "not-counted"\nbecause = ["CAP_35"]\namount = "missing"\n'
OVER_CAP = CAP + obligation(BECAUSE + 'discharged_by = { class = ["free"] }')


def test_what_is_over_the_cap_is_made_up(make_pack: Make, make_award: Make, decide: Make) -> None:
    """R49: 9 credits against a cap of 7; the third course of 3 has to be made up by others."""
    found = decide([make_award(name) for name in "abc"], make_pack(OVER_CAP))
    owed = found.to_json()["obligations"]
    assert owed == [
        {
            "id": "o1", "kind": "make-up", "bucket": "major", "amount": "3", "because": "c", "discharged": False,
            "rule": "owed", "discharged_by": [],
        }
    ]  # fmt: skip


def test_only_later_credits_discharge_and_each_once(make_pack: Make, make_award: Make, decide: Make) -> None:
    awards = [make_award(name) for name in "abcd"]
    later = [
        make_award("e", "2", course_class="free", ended_on=date(2025, 6, 20)),
        make_award("f", "4", course_class="free", ended_on=date(2025, 6, 21)),
    ]
    found = decide([*awards, *later], make_pack(OVER_CAP))
    assert [(each.because, each.discharged, each.discharged_by) for each in found.obligations] == [
        ("c", True, (("f", Fraction(3)),)),
        ("d", False, (("f", Fraction(1)),)),
    ]


def test_nothing_is_owed_where_nothing_is_over(make_pack: Make, make_award: Make, decide: Make) -> None:
    assert decide([make_award("a"), make_award("b")], make_pack(OVER_CAP)).obligations == ()


def test_only_the_part_that_a_limit_cut_is_owed(make_pack: Make, make_award: Make, decide: Make) -> None:
    split = OVER_CAP.replace('when = "not-counted"', 'when = "recognised"')
    head = "split = [{ step = 1, where = { class = ['major'] } }]\n[sources]"
    from tests.recognition_rules.conftest import HEAD

    pack = make_pack(split, head=HEAD.replace("[sources]", head, 1))
    found = decide([make_award("a", "9")], pack)
    assert (found.totals["counted"], found.obligations[0].amount) == (7, 2)


def test_supplementary_work_has_no_credits(make_pack: Make, make_award: Make, decide: Make) -> None:
    """R42b: what overlaps too little is refused with advice on the work that would supplement it."""
    rules = '[[eligibility]]\nid = "overlap"\ntitle = { en = "o" }\nrequire = { score_at_least = 80 }\nTERMS\n'
    rules += obligation(
        'when = "not-counted"\nbecause = ["overlap"]\namount = 0\nadvice = { en = "Write the missing essay." }',
        "supplement",
    )
    pack = make_pack(rules)
    found = decide([make_award("a", score=Fraction(159, 2)), make_award("b", score=Fraction(80))], pack)
    assert [(each.kind, each.because, each.amount) for each in found.obligations] == [("supplement", "a", 0)]
    assert pack.obligations[0].advice == {"en": "Write the missing essay."}


def test_the_trace_names_what_is_owed(make_pack: Make, make_award: Make, decide: Make) -> None:
    found = decide([make_award(name) for name in "abc"], make_pack(OVER_CAP))
    step = next(each for each in found.steps if each.stage == "obligations")
    assert (step.award, step.rule, step.result, step.inputs["amount"]) == ("c", "owed", "owed", "3")
    assert step.n in found.decision("c").steps


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ('amount = "all"', "must be an exact number"),
        ('amount = "missing"', "is known by its reason"),
        ('when = "never"', "'when' must be one of"),
    ],
)
def test_a_mistake_is_told_in_a_sentence(make_pack: Make, body: str, sentence: str) -> None:
    with pytest.raises(PackInvalid, match=sentence):
        make_pack(obligation(body))
