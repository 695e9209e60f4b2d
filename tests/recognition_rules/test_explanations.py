"""An explanation names the rule, its arithmetic, its dates and its standing, in the reader's language."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from string import Formatter
from typing import Any

import pytest

from recognition_rules.cases import run_cases
from recognition_rules.explain import award_lines, explain, requirement_lines
from recognition_rules.explain_words import words
from recognition_rules.levels_pack import parse as parse_levels
from recognition_rules.pack import Pack, parse
from recognition_rules.packs import builtin

Make = Callable[..., Any]

RESULTS = {
    result.id: result.recognition for result in run_cases(parse(builtin("kr-acbs")), builtin("kr-acbs", "cases.toml"))
}


def test_a_refused_course_says_why_with_its_arithmetic(kr_acbs: Pack) -> None:
    found = RESULTS["W1"]
    assert found is not None
    text = "\n".join(explain(found, "en", pack=kr_acbs))
    assert "no room in 2025-1: 24 of 24 are used (24 + 3 = 27 > 24)" in text
    assert "[At most 24 class credits in a semester; criteria of the institute; article not checked; S4, S5;" in text
    assert "It would count if it ended in 2026-1; 3 Korean credits more in all (confirmed by calculation)." in text


def test_the_same_in_korean_and_in_a_language_nobody_wrote(kr_acbs: Pack) -> None:
    found = RESULTS["W1"]
    assert found is not None
    assert "학기당 24학점" in "\n".join(explain(found, "ko-KR", pack=kr_acbs))
    assert explain(found, "fi", pack=kr_acbs) == explain(found, "en", pack=kr_acbs)


def test_a_term_that_nobody_has_checked_says_so(kr_acbs: Pack) -> None:
    found = RESULTS["conversion"]
    assert found is not None
    first = award_lines(found, "en", pack=kr_acbs)[0]
    assert first.status == "counts 3 Korean credits in Major"
    assert "6 × 1/2 = 3" in first.why[0]
    assert "not checked against the law" in first.why[0]


def test_titles_of_awards_stand_for_their_ids(kr_acbs: Pack, make_award: Make, decide: Make) -> None:
    title = {"ko": "통계학", "en": "Statistics"}
    awards = [
        make_award(name, title=title, source="self-study-exam", course_class="liberal") for name in ("one", "two")
    ]
    found = decide(awards, kr_acbs, programme="bachelor")
    second = award_lines(found, "en", pack=kr_acbs, awards=awards)[1]
    assert second.title == "Statistics"
    assert second.why[0].startswith("it is the same subject as Statistics")


def test_requirements_show_what_is_missing(kr_acbs: Pack) -> None:
    found = RESULTS["R02-liberal-29"]
    assert found is not None
    lines = {line.id: line.text for line in requirement_lines(found, "en", pack=kr_acbs)}
    assert lines["liberal"] == "✗ Liberal arts: 29 of 30, 1 short"
    assert lines["major"] == "✓ Major: 74 of 60, 14 over"


def test_dates_and_fractions_are_readable(make_pack: Make, make_award: Make, decide: Make) -> None:
    rule = """
[[limit]]
id = "cap"
title = { en = "Cap" }
at_most = "10/3"
terms = [{ from = 2020-03-01, until = 2030-02-28, legal_basis = "Act 1", source = "S0", confirmed = true }]
"""
    pack = make_pack(rule)
    awards = [make_award("a", "10/3", ended_on=date(2025, 1, 1)), make_award("b", "1/3")]
    lines = explain(decide(awards, pack), "en", pack=pack)
    assert "a (10/3 (≈3.33) Korean credits): counts 10/3 (≈3.33) Korean credits" in lines
    assert any("Act 1; S0; since 1 March 2020; until 28 February 2030" in line for line in lines)
    assert Fraction(10, 3) == decide(awards, pack).totals["counted"]


def test_every_code_the_cases_produce_has_a_sentence() -> None:
    codes = {
        reason.code
        for found in RESULTS.values()
        if found is not None
        for decision in found.decisions
        for reason in decision.reasons
    }
    assert len(codes) >= 15
    assert codes <= set(words("en"))


@pytest.mark.parametrize("language", ["ko", "zh-Hans", "hi"])
def test_every_language_has_every_sentence_with_the_same_facts(language: str) -> None:
    english, told = words("en"), words(language)
    assert list(told) == list(english)
    assert told is not english
    for key, sentence in english.items():
        assert facts_of(told[key]) == facts_of(sentence), key


def facts_of(sentence: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


@pytest.mark.parametrize(("tag", "kept"), [("zh-CN", "zh"), ("zh-Hant-TW", "zh"), ("KO", "ko"), ("de", "en")])
def test_a_language_is_found_by_its_primary_subtag(tag: str, kept: str) -> None:
    assert words(tag) == words(kept)


@pytest.mark.parametrize(("language", "phrase"), [("zh-Hans", "截至"), ("hi", "की स्थिति में"), ("ko", "기준")])
def test_a_learner_reads_her_recognition_in_her_language(language: str, phrase: str) -> None:
    found = next(found for found in RESULTS.values() if found is not None)
    assert phrase in explain(found, language)[0]


TOLD = (
    ("za-cat", "R24-level-stated", "nobody has said which level EQF 6 is where ZA-NQF 1 is asked"),
    ("cn-shanghai-open-university", "R50-english-band-3", "its level is too low ["),
    ("my-apel", "R38-moved", "credits of this institution are not accepted ["),
    ("uk-cats", "R36-cognate", "was judged: yes; needed is: no ("),
    ("cn-open-university", "R53-outdated", "“it meets the current syllabus” was judged: no; needed is: yes ("),
    ("uk-cats", "R36-cognate", "somebody has to decide: the subject is cognate with one"),
    ("uk-cats", "R36-cognate", "used before”: no; 20 UK credits more"),
)


def _told(pack_id: str, case: str, language: str) -> str:
    pack, levels = parse(builtin(pack_id)), parse_levels(builtin("levels"))
    results = run_cases(pack, builtin(pack_id, "cases.toml"), levels=levels)
    found = next(result.recognition for result in results if result.id == case)
    assert found is not None
    return "\n".join(explain(found, language, pack=pack))


@pytest.mark.parametrize(("pack_id", "case", "said"), TOLD)
def test_a_code_that_several_kinds_of_rules_give_is_told_by_what_the_rule_looked_at(
    pack_id: str, case: str, said: str
) -> None:
    assert said in _told(pack_id, case, "en")


@pytest.mark.parametrize(("language", "said"), [("ko", "아니요"), ("zh-Hans", "要求为：否"), ("hi", "अपेक्षित: नहीं")])
def test_yes_and_no_are_words_of_the_language(language: str, said: str) -> None:
    assert said in _told("uk-cats", "R36-cognate", language)


def test_who_would_have_to_give_way_is_named(make_pack: Make, make_award: Make, decide: Make) -> None:
    rules = """
[[limit]]
id = "cap"
title = { en = "Cap" }
at_most = 3
terms = [{ source = "S0", legal_basis = "Act 1", confirmed = true }]
[[eligibility]]
id = "mark"
title = { en = "Mark" }
require = { score_at_least = 60 }
terms = [{ source = "S0", legal_basis = "Act 1", confirmed = true }]
"""
    pack = make_pack(rules)
    awards = [make_award("a", score=Fraction(59)), make_award("b", score=Fraction(70))]
    found = decide(awards, pack, verify_counterfactuals=True)
    text = "\n".join(explain(found, "en", pack=pack))
    assert "the score reached 60; the total stays the same; in place of b (confirmed by calculation)" in text
