"""What a rule presumes until somebody answers: silence holds, an answer decides, and a doubt stays a doubt."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from recognition_rules.errors import PackInvalid
from recognition_rules.judgement import Judgement
from tests.recognition_rules.gates import answer, gate

Make = Callable[..., Any]
DAY = date(2026, 3, 1)
APPROVED = '{ judged = { question = "approved", is = true, unanswered = "%s"%s } }'


def said(value: bool, **told: Any) -> Judgement:
    return Judgement(
        **{"question": "approved", "award": "a", "answer": value, "signer": "dean", "signed_on": DAY, **told}
    )


ANSWERS: dict[str, tuple[list[Judgement], list[str]]] = {
    "nobody answered": ([], ["counted"]),
    "somebody found that it holds": ([said(True)], ["counted"]),
    "or that it does not": ([said(False)], ["not_counted", "ISSUER_NOT_ELIGIBLE"]),
    "another award's answer is none": ([said(False, award="b")], ["counted"]),
    "nor is one of tomorrow": ([said(False, signed_on=date(2026, 9, 2))], ["counted"]),
    "an answer that ran out leaves a question": ([said(False, valid_until=date(2026, 8, 31))],
                                                 ["undetermined", "JUDGEMENT_NEEDED"]),
    "two of one day that differ too": ([said(True), said(False, signer="rector")],
                                       ["undetermined", "JUDGEMENT_NEEDED"]),
}  # fmt: skip


@pytest.mark.parametrize("story", ANSWERS)
def test_silence_holds_until_somebody_answers(make_pack: Make, make_award: Make, decide: Make, story: str) -> None:
    judgements, expected = ANSWERS[story]
    pack = make_pack(gate(APPROVED % ("holds", ""), 'reason = "ISSUER_NOT_ELIGIBLE"'))
    assert answer(decide([make_award("a")], pack, judgements=judgements)) == expected


def test_usually_silence_is_a_question_and_only_named_signers_answer(
    make_pack: Make, make_award: Make, decide: Make
) -> None:
    opened = make_pack(gate(APPROVED % ("open", "")))
    assert answer(decide([make_award("a")], opened)) == ["undetermined", "JUDGEMENT_NEEDED"]
    by_board = make_pack(gate(APPROVED % ("holds", ', signers = ["board"]')))
    assert answer(decide([make_award("a")], by_board, judgements=[said(False)])) == ["counted"]
    with pytest.raises(PackInvalid, match="open, holds"):
        make_pack(gate(APPROVED % ("maybe", "")))
