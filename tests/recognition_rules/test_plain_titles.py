"""Titles of any language: case, width, spaces and punctuation do not divide; letters, accents and numbers do."""

import pytest

from recognition_rules.normalisers import plain_title, title_key

SAME = [
    ("Calculus I", "CALCULUS  I"),
    ("Full-width", "Ｆｕｌｌ－ｗｉｄｔｈ"),
    ("Straße", "STRASSE"),
    ("Résumé", "Résumé"),
    ("C# for all", "c for all"),
    ("高等数学（上）", "高等数学(上)"),
    ("गणित, भाग १", "गणित भाग १"),
]
DIFFERENT = [
    ("Calculus", "Calculus I"),
    ("Calculus I", "Calculus II"),
    ("Resume", "Résumé"),
    ("高等数学上", "高等数学下"),
    ("क", "कि"),
    ("!!!", "???"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_title(one: str, other: str) -> None:
    assert plain_title(one) == plain_title(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_another_title(one: str, other: str) -> None:
    assert plain_title(one) != plain_title(other)


def test_the_plain_key_reads_english_first_and_the_korean_key_korean() -> None:
    title = {"ko": "통계학", "en": "Statistics"}
    assert title_key(title, "title") == "statistics"
    assert title_key(title, "title-core") == "통계학"
