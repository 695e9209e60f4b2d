"""A reader finds no code and no English left over in her language: names, units, days, sums and particles."""

import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache
from typing import Any

import pytest

from recognition_rules.cases import run_cases
from recognition_rules.explain import explain
from recognition_rules.explain_names import Names
from recognition_rules.explain_sums import translated
from recognition_rules.explain_words import pack_words
from recognition_rules.korean_particles import with_particles
from recognition_rules.language import pick
from recognition_rules.levels_pack import parse as parse_levels
from recognition_rules.pack import Pack, parse
from recognition_rules.packs import builtin, builtin_ids
from recognition_rules.recognition import Recognition

Make = Callable[..., Any]

OTHERS = ("ko", "zh-Hans", "hi")
_WORD = re.compile("[A-Za-z]{2,}")


@cache
def found_in(pack_id: str) -> tuple[Pack, tuple[Recognition, ...]]:
    pack, levels = parse(builtin(pack_id)), parse_levels(builtin("levels"))
    results = run_cases(pack, builtin(pack_id, "cases.toml"), levels=levels)
    return pack, tuple(result.recognition for result in results if result.recognition is not None)


def codes_of(found: Recognition) -> Iterator[str]:
    """The facts and questions that reasons and proposed changes name."""
    for decision in found.decisions:
        details = [reason.facts for reason in decision.reasons]
        details += [edit.details for edit in decision.counterfactual.edits] if decision.counterfactual else []
        yield from (str(each[name]) for each in details for name in ("fact", "question") if name in each)


@pytest.mark.parametrize("pack_id", builtin_ids("rules"))
def test_no_sum_of_any_pack_keeps_an_english_word(pack_id: str) -> None:
    sums = {step.arithmetic for found in found_in(pack_id)[1] for step in found.steps if step.arithmetic}
    assert sums
    for each in sums:
        for language in OTHERS:
            assert not _WORD.search(translated(each, language, lambda place, text: "")), each


@pytest.mark.parametrize("pack_id", builtin_ids("rules"))
def test_every_fact_and_question_of_every_pack_has_a_name(pack_id: str) -> None:
    pack, found = found_in(pack_id)
    codes = {code for each in found for code in codes_of(each)}
    for language in OTHERS:
        names = Names(language, pack, next(iter(pack.programmes)), {})
        assert not [code for code in codes if _WORD.search(names.fact(code))]


@pytest.mark.parametrize("language", OTHERS)
def test_the_korean_degree_is_explained_without_english(language: str) -> None:
    """But for what its sources call things: labels of rules, and the names of systems and institutions."""
    pack, recognitions = found_in("kr-acbs")
    allowed = re.compile(r"R\d\d[\w-]*|[A-Z][A-Z0-9_]+|one-use|revoked|ECTS|QF|CATS|SCQF|CEU|SQL")
    left = set()
    for found in recognitions:
        for line in explain(found, language, pack=pack):
            body = re.sub(r"\[[^\]]*\]$", lambda basis: allowed.sub("", basis[0]), line)
            left |= set(_WORD.findall(allowed.sub("", body)))
    assert left <= {"board", "merged", "school", "degree", "industrial", "engineer"}, (
        "ids of cases: who awarded, what was used"
    )


@pytest.mark.parametrize(
    ("arithmetic", "said"),
    [
        ("at least 4 instead of 3", "3 대신 최소 4"),
        ("at least 4 in all: 2 instead of 1 for minor", "모두 합해 최소 4: minor은(는) 1 대신 2"),
        ("6 × (25 to 30) h ÷ 30 h = 5 to 6, of which the low end 5, rounded to 4", None),
        ("eqf 7 is rqf 7 or rqf 8, at least rqf 7 is asked", "EQF 7 = RQF 7 또는 RQF 8, RQF 7 이상이어야 함"),
        ("0.5 × 40 = 20; 0 < for now 20", "0.5 × 40 = 20; 0 < 20 (현재)"),
    ],
)
def test_sums_that_hold_words_within_words(arithmetic: str, said: str | None) -> None:
    found = Names("ko", None, "", {}).sum(arithmetic)
    assert found == said if said else found.startswith("6 × (25~30)시간 ÷ 30시간 = 5~6")


TOLD = {
    "en": "the score reached 60; 3 Korean credits more in all",
    "ko": "다음과 같으면 인정됩니다: 점수 60 이상; 전체 3학점 증가",
    "zh-Hans": "如果分数达到 60，就会认定；总数增加3韩国学分",
    "hi": "यह गिना जाएगा, यदि अंक 60 तक पहुँचे; कुल 3 कोरियाई क्रेडिट अधिक",
}


@pytest.mark.parametrize("language", TOLD)
def test_what_would_change_it_is_a_sentence(language: str) -> None:
    pack, recognitions = found_in("kr-acbs")
    text = "\n".join(line for found in recognitions for line in explain(found, language, pack=pack))
    assert TOLD[language] in text


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("점수이(가) 오름", "점수가 오름"),
        ("출석률이(가) 오름", "출석률이 오름"),
        ("3와(과) 중복", "3과 중복"),
        ("2을(를) 제외", "2를 제외"),
        ("교양(으)로 인정", "교양으로 인정"),
        ("2027년 8월(으)로 변경", "2027년 8월로 변경"),
        ("‘내용’을(를) 판단", "‘내용’을 판단"),
        ("Statistics와(과) 중복", "Statistics와(과) 중복"),
    ],
)
def test_korean_particles_follow_the_sound_before_them(sentence: str, said: str) -> None:
    assert with_particles(sentence) == said


@pytest.mark.parametrize(
    ("language", "day", "one", "many"),
    [
        ("en", "1 March 2026", "1 ECTS credit", "20 ECTS credits"),
        ("ko", "2026년 3월 1일", "유럽 학점(ECTS) 1학점", "유럽 학점(ECTS) 20학점"),
        ("zh-CN", "2026年3月1日", "1 ECTS学分", "20 ECTS学分"),
        ("hi", "1 मार्च 2026", "1 ECTS क्रेडिट", "20 ECTS क्रेडिट"),
    ],
)
def test_days_and_units_are_written_as_people_write_them(language: str, day: str, one: str, many: str) -> None:
    names = Names(language, None, "", {})
    assert names.value("as_at", "2026-03-01") == day
    assert (names.credits(Fraction(1), "ects"), names.credits(Fraction(20), "ects")) == (one, many)


def test_a_pack_names_its_own_facts_and_questions(make_pack: Make, make_award: Make, decide: Make) -> None:
    rules = """
[words]
good-hands = { en = "the work was well made", ko = "작품이 잘 만들어졌는지 여부" }
[[eligibility]]
id = "made"
title = { en = "Well made" }
require = { judged = { question = "good-hands", is = true } }
terms = [{ source = "S0", legal_basis = "Act 1", confirmed = true }]
"""
    pack = make_pack(rules)
    found = decide([make_award("a")], pack)
    assert any("somebody has to decide: the work was well made" in line for line in explain(found, "en", pack=pack))
    assert any("작품이 잘 만들어졌는지 여부" in line for line in explain(found, "ko", pack=pack))


def test_a_code_that_nobody_has_named_is_read_as_plain_words() -> None:
    assert Names("en", None, "", {}).fact("fact:seen_by-two") == "seen by two"


def test_another_form_of_the_language_comes_before_english() -> None:
    texts = {"en": "Statistics", "zh-Hans": "统计学", "zh-Hant": "統計學"}
    assert (pick(texts, "zh"), pick(texts, "zh-TW"), pick(texts, "zh-Hant")) == ("统计学", "统计学", "統計學")
    assert (pick(texts, "fi"), pick({}, "fi", "x"), pick({"de": "y"}, "fi")) == ("Statistics", "x", "y")


def test_words_for_packs_are_there_once_and_never_shadow_english() -> None:
    assert len(pack_words()) >= 100
    assert all(said.get("en") != text for text, said in pack_words().items())
