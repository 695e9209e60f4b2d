"""What is proposed for an award that does not count: of several ways the one that takes least, and nothing beside."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from recognition_rules.truth import Edit, Finding, Truth, Verdict, both, either

Make = Callable[..., Any]

SCORE, PROJECT = "{ score_at_least = 60 }", '{ fact = { name = "project", among = [true] } }'
PRESENT = '{ attendance_at_least = "80%" }'


def gate(require: str) -> str:
    return f'[[eligibility]]\nid = "gate"\ntitle = {{ en = "Gate" }}\nrequire = {require}\nTERMS\n'


def proposed(found: Any) -> list[tuple[str, str]]:
    counterfactual = found.decision("a").counterfactual
    return [] if counterfactual is None else [(each.do, str(each.details["fact"])) for each in counterfactual.edits]


@pytest.mark.parametrize(
    ("require", "edits"),
    [
        (f"{{ any = [{SCORE}, {PRESENT}] }}", [("reach", "score")]),
        (f"{{ any = [{{ all = [{SCORE}, {PRESENT}] }}, {PROJECT}] }}", [("supply", "project")]),
        (f"{{ any = [{{ all = [{SCORE}, {SCORE}] }}, {PROJECT}] }}", [("reach", "score")]),
        (f"{{ all = [{PRESENT}, {{ any = [{SCORE}, {PROJECT}] }}] }}", [("reach", "attendance"), ("reach", "score")]),
        (f"{{ all = [{{ any = [{SCORE}, {PRESENT}] }}, {PRESENT}] }}", [("reach", "score"), ("reach", "attendance")]),
        (f'{{ any = [{{ source = ["exam"] }}, {PRESENT}] }}', [("reach", "attendance")]),
        (f"{{ not = {{ all = [{PROJECT}, {{ fact = {{ name = \"thesis\", among = [true] }} }}] }} }}",
         [("supply", "project")]),
        (f"{{ not = {{ any = [{PROJECT}, {{ fact = {{ name = \"thesis\", among = [true] }} }}] }} }}",
         [("supply", "project"), ("supply", "thesis")]),
    ],
)  # fmt: skip
def test_the_branch_that_takes_fewest_edits_is_proposed(
    require: str, edits: list[tuple[str, str]], make_pack: Make, make_award: Make, decide: Make
) -> None:
    award = make_award("a", score=Fraction(40), attendance=Fraction(1, 2), hours=Fraction(10))
    pack = make_pack(gate(require))
    assert proposed(decide([award], pack)) == edits


def test_what_no_edit_mends_is_not_proposed_in_part(make_pack: Make, make_award: Make, decide: Make) -> None:
    award = make_award("a", score=Fraction(40), attendance=Fraction(1, 2))
    hopeless = '{ any = [{ source = ["exam"] }, { all = [{ source = ["exam"] }, { score_at_least = 60 }] }] }'
    assert proposed(decide([award], make_pack(gate(hopeless)))) == []
    assert proposed(decide([award], make_pack(gate(f"{{ all = [{PRESENT}, {hopeless}] }}")))) == []


def test_every_atom_that_fails_is_told_all_the_same(make_pack: Make, make_award: Make, decide: Make) -> None:
    award = make_award("a", score=Fraction(40), attendance=Fraction(1, 2))
    found = decide([award], make_pack(gate(f"{{ any = [{{ all = [{SCORE}, {PRESENT}] }}, {PROJECT}] }}")))
    codes = [each.code for each in found.decision("a").reasons]
    assert sorted(codes) == ["FACT_MISSING", "THRESHOLD_ATTENDANCE", "THRESHOLD_SCORE"]


def test_what_is_proposed_is_what_a_run_confirms(make_pack: Make, make_award: Make, decide: Make) -> None:
    award = make_award("a", score=Fraction(40), attendance=Fraction(1, 2), facts={"project": False})
    for require in (f"{{ any = [{SCORE}, {PRESENT}] }}", f"{{ all = [{PRESENT}, {{ any = [{SCORE}, {PROJECT}] }}] }}"):
        found = decide([award], make_pack(gate(require)))
        tried = decide([award], make_pack(gate(require)), verify_counterfactuals=True)
        assert tried.decision("a").counterfactual == replace(found.decision("a").counterfactual, verified=True)


def test_a_fact_of_a_branch_is_spared_where_another_is_cheaper() -> None:
    one, two = Finding("A", {}, Edit("reach", {"fact": "a"})), Finding("B", {}, Edit("reach", {"fact": "b"}))
    no = [Verdict(Truth.NO, (each,)) for each in (one, two)]
    assert [each.spare for each in either((both(no), no[1])).findings] == [True, True, False]
    assert [each.spare for each in either((no[0], no[1])).findings] == [False, True]
    assert [each.spare for each in either((Verdict(Truth.NO, (Finding("C"),)), no[1])).findings] == [True, False]
    assert [each.spare for each in either((Verdict(Truth.NO, (Finding("C"),)),) * 2).findings] == [False, False]
