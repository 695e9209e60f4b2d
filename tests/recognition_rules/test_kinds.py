"""Kinds of recognition and what they oblige to: the source classes of an open university (R50, W10)."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from recognition_rules.cases import CaseResult, run_cases
from recognition_rules.errors import PackInvalid
from recognition_rules.judgement import Judgement
from recognition_rules.pack import parse

Make = Callable[..., Any]

PACKS = Path(__file__).parent / "packs"
UNIVERSITY = (PACKS / "open-university.toml").read_text(encoding="utf-8")
CASES = run_cases(parse(UNIVERSITY), (PACKS / "open-university-cases.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_what_the_open_university_decides(case: CaseResult) -> None:
    assert case.differences == ()


def test_an_outcome_says_what_is_recorded() -> None:
    found = {case.id: case.recognition for case in CASES}["W10"]
    assert found is not None
    outcomes = {each.award: each.outcome.to_json() for each in found.decisions}
    assert outcomes["o1"] == {"kind": "credit", "grade": "免考", "excluded_from": ["gpa"]}
    assert outcomes["h1"] == {"kind": "exempt-from-class", "grade": None, "excluded_from": []}
    assert outcomes["e1"] == {"kind": "waived", "grade": "免考", "excluded_from": ["gpa"]}


def test_every_part_adds_up() -> None:
    for case in CASES:
        assert case.recognition is not None
        totals = case.recognition.totals
        assert totals["submitted"] == sum(totals[name] for name in totals if name != "submitted")
        for decision in case.recognition.decisions:
            assert sum(part.amount for part in decision.parts) == (decision.amount if decision.parts else 0)


EXAM = """
[[course]]
id = "law"
title = { en = "Law" }
credits = 3
[[match]]
id = "m"
title = { en = "m" }
from = [{ achievement = "urn:law" }]
to = ["law"]
kind = "class-only"
TERMS
[[kind]]
id = "class-only"
title = { en = "Exempt from class" }
credits_now = 0
condition = { passed_exam_of = "target" }
TERMS
[[obligation]]
id = "exam"
title = { en = "Sit the examination" }
kind = "exam"
bucket = "law"
TERMS
"""


def judged(answer: bool, on: int, **more: Any) -> Judgement:
    told = {"award": "a", "target": "law", **more}
    return Judgement(question="passed-exam", answer=answer, signer="board", signed_on=date(2026, 8, on), **told)


@pytest.mark.parametrize(
    ("judgements", "status", "discharged"),
    [
        ([], "conditional", False),
        ([judged(True, 1)], "counted", True),
        ([judged(False, 1)], "not_counted", None),
        ([judged(False, 1), judged(True, 2)], "counted", True),
        ([judged(False, 1), judged(True, 1)], "conditional", False),
        ([judged(True, 1, target="history")], "conditional", False),
        ([judged(True, 1, valid_until=date(2026, 8, 31))], "conditional", False),
        ([judged(True, 1, award=None)], "counted", True),
    ],
)
def test_an_examination_is_judged_by_who_signs(
    make_pack: Make, make_award: Make, decide: Make, judgements: list[Judgement], status: str, discharged: bool | None
) -> None:
    found = decide([make_award("a", achievement="urn:law")], make_pack(EXAM), judgements=judgements)
    assert found.decision("a").status == status
    assert [each.discharged for each in found.obligations] == ([] if discharged is None else [discharged])
    answers = {"conditional": "undetermined", "counted": "yes", "not_counted": "no"}
    assert found.courses[0].satisfied == answers[status]


def test_advanced_standing_counts_and_satisfies_no_course(make_pack: Make, make_award: Make, decide: Make) -> None:
    kind = EXAM.replace('credits_now = 0\ncondition = { passed_exam_of = "target" }', "satisfies_slot = false")
    found = decide([make_award("a", achievement="urn:law")], make_pack(kind))
    assert (found.totals["counted"], found.courses[0].satisfied) == (3, "no")


def test_an_exemption_without_credit_satisfies_its_course(make_pack: Make, make_award: Make, decide: Make) -> None:
    kind = EXAM.replace('condition = { passed_exam_of = "target" }', "")
    found = decide([make_award("a", achievement="urn:law")], make_pack(kind))
    assert (found.decision("a").status, found.totals["counted"]) == ("waived", 0)
    assert (found.courses[0].satisfied, found.courses[0].waived) == ("yes", True)
    assert found.obligations == ()


def test_a_kind_needs_no_course(make_pack: Make, make_award: Make, decide: Make) -> None:
    table = '[[table]]\nid = "t"\ntitle = { en = "t" }\nkeys = ["source"]\ngives = ["kind"]\notherwise = "as-stated"\n'
    table += 'rows = [{ source = "exam", kind = "class-only" }]\nTERMS\n'
    kind = EXAM.replace('condition = { passed_exam_of = "target" }', "")
    found = decide([make_award("a", source="exam"), make_award("b")], make_pack(kind + table))
    assert [each.status for each in found.decisions] == ["waived", "counted"]


def test_credits_cannot_wait_and_count_at_once(make_pack: Make) -> None:
    with pytest.raises(PackInvalid, match="write credits_now = 0"):
        make_pack(EXAM.replace("credits_now = 0\n", ""))
