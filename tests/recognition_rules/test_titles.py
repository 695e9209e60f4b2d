"""Titles of Korean subjects: the same subject, one that may stand for another, and the traps between them."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognition_rules.titles import VERSION, title_core, title_family

SAME_SUBJECT = [
    # R08's own examples.
    ("영어", "영어"),
    ("ENGLISH", "English"),
    ("회계 입문", "회계입문"),
    ("인터넷의 이해", "인터넷 이해"),
    ("S/W 활용", "SW활용"),
    ("EDPS", "E.D.P.S"),
    ("한국 근·현대사", "한국근현대사"),
    ("가족상담 및 치료", "가족상담·치료"),
    ("전공실기", "전공실기1", "전공실기 Ⅰ"),
    ("클라이언트/서버 프로그래밍", "C/S 프로그래밍"),
    ("프리스트레스트 콘크리트", "PS 콘크리트"),
    # Forms that keyboards and old systems make of them.
    ("한국 근ㆍ현대사", "한국근・현대사", "한국 근‧현대사", "한국 근, 현대사"),
    ("전공실기 I", "전공실기(1)", "전공실기 ①", "전공실기１", "전공실기 01", "전공실기ⅰ", "전공실기"),
    ("전공실기 Ⅱ", "전공실기 II", "전공실기2", "전공실기(Ⅱ)", "전공실기 ②", "전공실기ii"),
    ("전공실기 Ⅺ", "전공실기 ⅩⅠ", "전공실기 XI", "전공실기 11"),
    ("EnglishⅡ", "English II", "english 2", "ＥＮＧＬＩＳＨ ２"),
    ("인터넷의이해", "인터넷의 이해", "인터넷 의 이해"),
    ("상담및치료", "상담 및 치료", "상담과 치료", "상담, 치료", "상담&치료"),
    ("Counselling and Therapy", "Counselling & Therapy"),
    ("음악와 미술", "음악와미술"),
    ("민주주의의 이해", "민주주의 이해"),
    ("우주의 이해", "우주 이해"),
    ("교육과정의 이해", "교육과정 이해"),
    (unicodedata.normalize("NFD", "한국근현대사"), "한국 근·현대사"),
    ("강의의 기술", "강의 기술"),
    ("독일어 A1", "독일어 A 1"),
    ("한국\u200b근현대사", "한국근현대사"),
]

OTHER_SUBJECT = [
    ("전공실기 Ⅰ", "전공실기 Ⅱ"),
    ("전공실기 11", "전공실기 1 1"),
    ("전공실기 11", "전공실기 1"),
    ("전공실기 Ⅱ", "전공실기 11"),
    ("전공실기 Ⅱ", "전공실기 Ⅰ-1"),
    ("EnglishⅡ", "EnglishI"),
    ("API", "AP"),
    ("Hawaii", "Hawa"),
    ("C 프로그래밍", "C++ 프로그래밍"),
    ("C# 프로그래밍", "C 프로그래밍"),
    ("웹 2.0", "웹 20"),
    ("3·1운동", "31운동"),
    ("독일어 A1", "독일어 A2"),
    ("의학", "학"),
    ("강의 기술", "강 기술"),
    ("회의 진행", "회 진행"),
    ("교과 교육", "교 교육"),
    ("학과 교육", "학 교육"),
    ("한국어 1급", "한국어 2급"),
    ("경영학개론", "경영학원론"),
    ("★★★", "☆☆☆"),
    ("हिन्दी", "हिन्द"),
]

SUBSTITUTES = [
    ("경영학개론", "경영학원론", "경영학입문", "경영학총론", "경영학의 이해"),
    ("화학실험", "화학 실습"),
    ("사회 연구", "사회 탐구"),
    ("컴퓨터 활용", "PC활용"),
    ("전자상거래", "E-BUSINESS", "e-Business"),
    ("스포츠 심리학", "운동심리학", "체육심리학"),
    ("글로벌 경영", "국제경영", "세계 경영"),
    ("경영학개론 Ⅱ", "경영학원론 2"),
]

NO_SUBSTITUTES = [
    ("경영학개론 Ⅰ", "경영학원론 Ⅱ"),
    ("PCR 실험", "컴퓨터R 실험"),
    ("경영학개론", "경제학개론"),
    ("전공실기", "전공실기 Ⅱ"),
    ("화학실험", "화학개론"),
]


@pytest.mark.parametrize("titles", SAME_SUBJECT, ids=lambda titles: titles[0])
def test_the_same_subject_has_one_core_however_it_is_written(titles: tuple[str, ...]) -> None:
    assert len({title_core(title) for title in titles}) == 1


@pytest.mark.parametrize(("one", "other"), OTHER_SUBJECT)
def test_a_trap_never_makes_two_subjects_one(one: str, other: str) -> None:
    assert title_core(one) != title_core(other)


@pytest.mark.parametrize("titles", SUBSTITUTES, ids=lambda titles: titles[0])
def test_substitutes_share_a_family_and_not_a_core(titles: tuple[str, ...]) -> None:
    assert len({title_family(title) for title in titles}) == 1
    assert title_core(titles[0]) != title_core(titles[1])


@pytest.mark.parametrize(("one", "other"), NO_SUBSTITUTES)
def test_what_is_no_substitute_has_another_family(one: str, other: str) -> None:
    assert title_family(one) != title_family(other)


def test_the_seven_subjects_of_the_worked_example() -> None:
    """W2: 2 duplicates 1, 4 is a substitute of 3, 6 duplicates 5, and 7 is neither."""
    titles = ["한국 근·현대사", "한국근현대사", "경영학개론", "경영학원론", "전공실기", "전공실기 Ⅰ", "전공실기 Ⅱ"]
    core = [title_core(title) for title in titles]
    family = [title_family(title) for title in titles]
    assert core[1] == core[0]
    assert core[3] != core[2]
    assert family[3] == family[2]
    assert core[5] == core[4]
    assert core[6] not in core[:6]
    assert family[6] not in family[:6]


def test_a_title_of_signs_only_is_not_empty() -> None:
    assert title_core("★ ★") == "★ ★"
    assert title_core("1") == "1"


def test_the_normaliser_states_its_version() -> None:
    assert VERSION.startswith("kr-titles-")


words = st.text("가의과와및강학기ⅠⅡ12 iIvVA·-+(의)", max_size=14)


@settings(max_examples=100)
@given(words, words)
def test_a_core_decides_the_family(one: str, other: str) -> None:
    """The exclusive key refines the substitute key: equal cores never have two families."""
    if title_core(one) == title_core(other):
        assert title_family(one) == title_family(other)


@settings(max_examples=100)
@given(words)
def test_case_and_outer_space_never_matter(title: str) -> None:
    assert title_core(f"  {title.upper()}\t") == title_core(title.lower())


@settings(max_examples=60)
@given(st.integers(1, 39))
def test_every_ordinal_reads_alike_in_digits_and_in_roman_letters(number: int) -> None:
    tens, ones = divmod(number, 10)
    roman = "X" * tens + ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"][ones]
    assert title_core(f"전공실기 {roman}") == title_core(f"전공실기{number}")


def test_a_row_of_ordinals_is_a_row_of_subjects() -> None:
    cores = [title_core(f"전공실기 {number}") for number in range(1, 40)]
    assert len(set(cores)) == 39
    assert all(one != other for one, other in pairwise(cores))
