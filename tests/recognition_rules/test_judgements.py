"""A person's signed answer is a fact; without one, or with two that differ, the question stays open."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from recognition_rules.errors import PackInvalid
from recognition_rules.judgement import Answer, Judgement
from recognition_rules.levels import Level, LevelTable
from recognition_rules.levels_pack import parse as parse_levels
from recognition_rules.packs import builtin
from tests.recognition_rules.gates import answer, gate

Make = Callable[..., Any]

OVERLAP = gate('{ judged = { question = "overlap", at_least = "80%" } }')
DAY = date(2026, 3, 1)


def said(value: Answer, question: str = "overlap", **told: Any) -> Judgement:
    return Judgement(
        **{"question": question, "award": "a", "answer": value, "signer": "dean", "signed_on": DAY, **told}
    )


PERCENT = [("4/5", "counted"), ("0.795", "not_counted"), ("799999/1000000", "not_counted"), ("1", "counted")]


@pytest.mark.parametrize(("share", "status"), PERCENT)
def test_an_overlap_of_80_percent_is_not_rounded(
    make_pack: Make, make_award: Make, decide: Make, share: str, status: str
) -> None:
    found = decide([make_award("a")], make_pack(OVERLAP), judgements=[said(Fraction(share))])
    assert found.decision("a").status == status


# The answers given, and what becomes of the award on 1 September 2026.
ANSWERS: list[tuple[list[Judgement], list[str]]] = [
    ([], ["undetermined", "JUDGEMENT_NEEDED"]),
    ([said(Fraction(9, 10), award="b")], ["undetermined", "JUDGEMENT_NEEDED"]),
    ([said(Fraction(9, 10), question="level")], ["undetermined", "JUDGEMENT_NEEDED"]),
    ([said(Fraction(9, 10), signed_on=date(2026, 9, 2))], ["undetermined", "JUDGEMENT_NEEDED"]),
    ([said(Fraction(9, 10), valid_until=date(2026, 8, 31))], ["undetermined", "JUDGEMENT_NEEDED"]),
    ([said(Fraction(9, 10), valid_until=date(2026, 9, 1))], ["counted"]),
    ([said(Fraction(9, 10)), said(Fraction(1, 2), signed_on=date(2026, 3, 2))], ["not_counted", "SOURCE_NOT_ELIGIBLE"]),
    ([said(Fraction(9, 10)), said(Fraction(1, 2))], ["undetermined", "JUDGEMENT_NEEDED"]),
    ([said(Fraction(9, 10)), said(Fraction(9, 10), signer="rector")], ["counted"]),
    ([said(Fraction(9, 10)), said(Fraction(1), signed_on=date(2026, 4, 1), valid_until=date(2026, 5, 1))],
     ["undetermined", "JUDGEMENT_NEEDED"]),
    ([said(True)], ["undetermined", "JUDGEMENT_NEEDED"]),
]  # fmt: skip


@pytest.mark.parametrize(("judgements", "expected"), ANSWERS)
def test_the_latest_answer_holds_and_differing_ones_of_a_day_settle_nothing(
    make_pack: Make, make_award: Make, decide: Make, judgements: list[Judgement], expected: list[str]
) -> None:
    pack = make_pack(OVERLAP)
    assert answer(decide([make_award("a")], pack, judgements=judgements)) == expected
    assert answer(decide([make_award("a")], pack, judgements=judgements[::-1])) == expected


def test_only_the_declared_signers_count(make_pack: Make, make_award: Make, decide: Make) -> None:
    pack = make_pack(gate('{ judged = { question = "fit", among = ["good", "fair"], signers = ["dean", "board"] } }'))
    tutor, board = said("good", "fit", signer="tutor"), said("fair", "fit", signer="board")
    assert answer(decide([make_award("a")], pack, judgements=[tutor])) == ["undetermined", "JUDGEMENT_NEEDED"]
    assert answer(decide([make_award("a")], pack, judgements=[tutor, board])) == ["counted"]
    bad = said("poor", "fit", signed_on=date(2026, 4, 1))
    assert answer(decide([make_award("a")], pack, judgements=[board, bad])) == ["not_counted", "SOURCE_NOT_ELIGIBLE"]


def test_an_answer_about_one_course_speaks_of_that_course(make_pack: Make, make_award: Make, decide: Make) -> None:
    pack = make_pack(gate('{ judged = { question = "overlap", at_least = "80%", target = "law-1" } }'))
    elsewhere, general = said(Fraction(1), target="law-2"), said(Fraction(1, 2), target=None)
    assert answer(decide([make_award("a")], pack, judgements=[elsewhere])) == ["undetermined", "JUDGEMENT_NEEDED"]
    assert answer(decide([make_award("a")], pack, judgements=[said(Fraction(4, 5), target="law-1"), general])) == [
        "counted"
    ]


def test_an_answer_about_the_learner(make_pack: Make, make_award: Make, decide: Make) -> None:
    pack = make_pack(gate('{ judged = { question = "fit-to-practise", is = true, about = "learner" } }'))
    assert answer(decide([make_award("a")], pack, judgements=[said(True, "fit-to-practise")])) == [
        "undetermined",
        "JUDGEMENT_NEEDED",
    ]
    assert answer(decide([make_award("a")], pack, judgements=[said(True, "fit-to-practise", award=None)])) == [
        "counted"
    ]


def test_what_is_missing_names_the_question_and_the_answer_that_would_do(
    make_pack: Make, make_award: Make, decide: Make
) -> None:
    found = decide([make_award("a")], make_pack(OVERLAP), verify_counterfactuals=True).decision("a")
    assert found.reasons[0].facts == {"question": "overlap", "because": "missing"}
    assert found.counterfactual.verified
    assert found.counterfactual.edits[0].details["question"] == "overlap"


@pytest.fixture(scope="module")
def levels() -> LevelTable:
    return parse_levels(builtin("levels"))


STRADDLES = gate(
    '{ level_at_least = { framework = "scqf", value = 10, judged = { question = "level-match", is = true } } }'
)


def test_a_level_that_straddles_is_settled_by_a_person(
    make_pack: Make, make_award: Make, decide: Make, levels: LevelTable
) -> None:
    pack, award = make_pack(STRADDLES), make_award("a", level=Level("eqf", Fraction(6)))

    def decided(*judgements: Judgement) -> list[str]:
        return answer(decide([award], pack, levels=levels, judgements=judgements))

    assert decided() == ["undetermined", "LEVEL_STRADDLES", "JUDGEMENT_NEEDED"]
    assert decided(said(True, "level-match")) == ["counted"]
    assert decided(said(False, "level-match")) == ["not_counted", "LEVEL_BELOW"]


def test_a_judgement_does_not_lift_a_level_that_is_below(
    make_pack: Make, make_award: Make, decide: Make, levels: LevelTable
) -> None:
    award = make_award("a", level=Level("scqf", Fraction(9)))
    found = decide([award], make_pack(STRADDLES), levels=levels, judgements=[said(True, "level-match")])
    assert answer(found) == ["not_counted", "LEVEL_BELOW"]


BROKEN = [
    ('{ judged = { question = "q" } }', "what the answer must be"),
    ('{ judged = { question = "q", at_least = "80%", is = true } }', "either"),
    ('{ judged = { question = "q", is = 3 } }', "for a figure write"),
    ('{ judged = { question = "q", is = true, signer = "dean" } }', "'signer' is not known"),
]


@pytest.mark.parametrize(("require", "sentence"), BROKEN)
def test_a_question_without_a_clear_answer_is_refused(make_pack: Make, require: str, sentence: str) -> None:
    with pytest.raises(PackInvalid) as refused:
        make_pack(gate(require))
    assert sentence in refused.value.problem
