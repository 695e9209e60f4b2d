"""Titles under a framework's rules: words as words in every script, credits and levels that a title asks for."""

from datetime import date
from fractions import Fraction

import pytest

from recognition_rules.errors import PackInvalid
from recognition_rules.issuance.cases import IssuanceCaseResult, run_issuance_cases
from recognition_rules.issuance.reader import parse
from recognition_rules.issuance.rules import IssuancePack
from recognition_rules.issuance.sentences import SENTENCES, sentence
from recognition_rules.issuance.subject import Subject, subject_of
from recognition_rules.issuance.title_matching import words_in, words_of
from recognition_rules.issuance.validation import validate
from recognition_rules.levels import Level
from recognition_rules.levels_pack import parse as parse_levels
from recognition_rules.packs import builtin, builtin_ids
from recognition_rules.truth import Finding

ON = date(2026, 9, 1)
LEVELS = parse_levels(builtin("levels"))
PACKS = {name: parse(builtin(name), name=f"{name}/pack.toml") for name in builtin_ids("issuance")}
RESULTS = [
    pytest.param(result, id=f"{name}-{result.id}")
    for name, pack in PACKS.items()
    for result in run_issuance_cases(pack, builtin(name, "cases.toml"), levels=LEVELS)
]


@pytest.mark.parametrize("result", RESULTS)
def test_every_case_of_the_packs_holds(result: IssuanceCaseResult) -> None:
    assert result.passed, result.differences


@pytest.mark.parametrize(
    ("title", "term", "found"),
    [
        ("National Diploma", "national", True),
        ("NATIONAL", "national", True),
        ("Nationality", "national", False),
        ("international", "national", False),
        ("bi-national", "national", True),
        ("nation­al", "national", True),  # a soft hyphen is not seen
        ("ｎａｔｉｏｎａｌ", "national", True),
        ("Micro-degree", "degree", True),
        ("microdegree", "degree", False),
        ("degrees", "degree", False),
        ("degree2", "degree", True),
        ("degree_course", "degree", True),
        ("Master's", "master", True),
        ("mastery", "master", False),
        ("New  Zealand", "New Zealand", True),
        ("new-zealand", "New Zealand", True),
        ("New Zealanders", "New Zealand", False),
        ("Zealand, New", "New Zealand", False),
        ("NewZealand", "New Zealand", False),
        ("DIPLÔME", "diplôme", True),
        ("diplôme", "diplome", False),
        ("Straße", "STRASSE", True),
        ("高级文凭课程", "文凭", True),
        ("diploma文凭", "diploma", True),
        ("문화학사", "학사", False),
        ("문화 학사", "학사", True),
        ("राष्ट्रीय पाठ्यक्रम", "राष्ट्रीय", True),
        ("राष्ट्रीयता", "राष्ट्रीय", False),
        ("", "degree", False),
    ],
)
def test_a_word_is_found_as_a_word(title: str, term: str, found: bool) -> None:
    assert words_in(title, [term]) == ((term,) if found else ())


def test_a_word_after_the_award_is_another_matter() -> None:
    words = ["Professional", "Higher"]
    assert words_in("Higher Diploma in Professional Cookery", words, ("in", "of")) == ("Higher",)
    assert words_in("Diploma of Higher Education", words, ("in", "of")) == ()
    assert words_of("Level4—Part Ⅱ") == ("level", "4", "part", "ii")


HEAD = """
[pack]
id = "house"
version = "1"
title = { en = "House rules" }
[[reference]]
id = "S"
title = "house"
standing = "confirmed"
"""
RULE = """
[[validator]]
id = "r"
title = { en = "rule" }
%s
terms = [{ legal_basis = "house", source = "S", confirmed = true }]
"""


def house(rule: str) -> IssuancePack:
    return parse(HEAD + RULE % rule, name="house/pack.toml")


def answered(rule: str, subject: Subject) -> tuple[str, list[str]]:
    found = validate(house(rule), subject, ON, LEVELS)
    return found.status, [reason.code for finding in found.findings for reason in finding.reasons]


EITHER = """require = { any = [
  { credits = { unit = "hk-qf", at_least = 60 } }, { level = { framework = "hkqf", from = 5, to = 7 } } ] }"""
BOTH = EITHER.replace("any", "all")


@pytest.mark.parametrize(
    ("rule", "credits_", "level", "status", "codes"),
    [
        (EITHER, 60, 4, "passed", []),
        (EITHER, 59, 5, "passed", []),
        (EITHER, 59, 4, "broken", ["CREDITS_BELOW", "LEVEL_OUTSIDE"]),
        (EITHER, None, 4, "undetermined", ["FACT_MISSING", "LEVEL_OUTSIDE"]),
        (EITHER, None, 5, "passed", []),
        (BOTH, 60, 5, "passed", []),
        (BOTH, None, 5, "undetermined", ["FACT_MISSING"]),
        (BOTH, None, 4, "broken", ["FACT_MISSING", "LEVEL_OUTSIDE"]),
        (BOTH, 60, None, "undetermined", ["FACT_MISSING"]),
    ],
)
def test_unknown_is_neither_yes_nor_no(
    rule: str, credits_: int | None, level: int | None, status: str, codes: list[str]
) -> None:
    amount = None if credits_ is None else Fraction(credits_)
    levels = () if level is None else (Level("hkqf", Fraction(level)),)
    assert answered(rule, Subject(("Diploma",), amount, "hk-qf", levels)) == (status, codes)


def test_a_level_is_read_by_a_map_only_where_that_is_confirmed() -> None:
    rule = 'require = { level = { framework = "eqf", from = 6, to = 6 } }'
    confirmed = parse_levels(builtin("levels").replace("confirmed = false", "confirmed = true"))
    for code, status in (("7", "passed"), ("8", "undetermined"), ("9", "broken")):  # AQF 8 is EQF 6 or 7
        subject = Subject(("T",), levels=(Level.parse("aqf", code),))
        assert validate(house(rule), subject, ON, confirmed).status == status
        assert validate(house(rule), subject, ON, LEVELS).status == "undetermined"
        assert validate(house(rule), subject, ON).status == "undetermined"


def test_a_condition_that_is_unknown_leaves_the_rule_open_unless_it_holds_anyway() -> None:
    rule = """when = { level = { framework = "hkqf", from = 4, to = 6 } }
require = { credits = { unit = "hk-qf", at_least = 60 } }"""
    assert answered(rule, Subject(("T",), Fraction(60), "hk-qf"))[0] == "passed"
    assert answered(rule, Subject(("T",), Fraction(59), "hk-qf"))[0] == "undetermined"


def test_a_rule_that_should_hold_is_only_noted() -> None:
    rule = 'weight = "should"\nrequire = { title = { has = ["short", "course"] } }'
    found = validate(house(rule), Subject(("Long walk",)), ON)
    assert (found.status, [each.standing for each in found.findings]) == ("passed", ["noted"])


def test_what_a_badge_states_is_read_exactly_and_nothing_is_guessed() -> None:
    alignment = [
        {"targetType": "ext:CreditUnit", "targetCode": "hk-qf"},
        {"targetType": "ext:QualificationLevel", "targetFramework": "hkqf", "targetCode": "4"},
        {"targetType": "ext:QualificationLevel", "targetFramework": "hkqf", "targetCode": "four"},
    ]
    achievement = {"name": "Higher", "creditsAvailable": 60, "alignment": alignment}
    achievement["related"] = [{"type": ["Related"], "inLanguage": "zh", "name": "高等文憑"}]
    found = subject_of({"name": "Higher", "credentialSubject": {"creditsEarned": 48.5, "achievement": achievement}})
    assert (found.titles, found.credits, found.unit) == (("Higher", "高等文憑"), Fraction(97, 2), "hk-qf")
    assert found.levels == (Level.parse("hkqf", "4"),)
    for wrong in ("60", True, None, float("nan"), float("inf"), -1, 0, [], {}):
        assert subject_of({"credentialSubject": {"creditsEarned": wrong}}).credits is None
    two_units = {"credentialSubject": {"achievement": {"alignment": [*alignment, {**alignment[0], "targetCode": "x"}]}}}
    assert subject_of(two_units).unit is None


BROKEN = [
    ("require = { title = { lacks = [] } }", "list of texts", "pack_invalid"),
    ('require = { title = { lacks = ["--"] } }', "letters or digits", "pack_invalid"),
    ('require = { title = { has = ["a"], lacks = ["b"] } }', "either 'has'", "pack_invalid"),
    ('require = { title = { like = "a.*" } }', "either 'has'", "pack_invalid"),
    ('require = { titel = { lacks = ["a"] } }', "one of: title, credits", "pack_invalid"),
    ("require = { all = [] }", "at least one", "pack_invalid"),
    ('require = { credits = { unit = "hk-qf" } }', "at_least", "pack_invalid"),
    ('require = { credits = { unit = "hk-qf", at_least = 9, at_most = 8 } }', "lesser first", "pack_invalid"),
    ('require = { credits = { unit = "hk-qf", at_least = 0.5 } }', "not exact", "pack_invalid"),
    ('require = { level = { framework = "hkqf", from = 3, to = 2 } }', "lower first", "pack_invalid"),
    ('require = { title = { lacks = ["a"] } }\nwieght = "must"', "wieght", "unknown_key"),
    ('require = { title = { lacks = ["a"], in = "en" } }', "'in' is not known", "unknown_key"),
]


@pytest.mark.parametrize(("rule", "words", "code"), BROKEN)
def test_a_broken_rule_is_refused_at_its_line(rule: str, words: str, code: str) -> None:
    with pytest.raises(PackInvalid, match=words) as refusal:
        house(rule)
    assert (refusal.value.problem_code, refusal.value.line is not None) == (code, True)


def test_two_rules_of_one_name_and_a_pack_of_none_are_refused() -> None:
    rule = RULE % 'require = { title = { lacks = ["a"] } }'
    with pytest.raises(PackInvalid, match="twice"):
        parse(HEAD + rule + rule)
    with pytest.raises(PackInvalid, match="tables"):
        parse(HEAD)


def test_every_reason_has_a_sentence_in_every_language() -> None:
    assert len({frozenset(words) for words in SENTENCES.values()}) == 1
    low = Finding("CREDITS_BELOW", {"unit": "hk-qf", "have": "48", "at_least": "60"})
    assert sentence(low) == "At least 60 credits (hk-qf) are asked, 48 are stated."
    assert sentence(low, "ko") == "60학점(hk-qf) 이상이어야 하나 48학점으로 기재되었습니다."
    assert sentence(low, "zh-Hans").startswith("至少需要 60")
    for result in (each.values[0] for each in RESULTS):
        assert isinstance(result, IssuanceCaseResult)
        reasons = [reason for finding in result.validation.findings for reason in finding.reasons]
        assert all("{" not in sentence(reason, tag) for reason in reasons for tag in SENTENCES)
