"""Broken packs: each is refused with its file, its line, and a sentence that a registrar understands."""

import re
from pathlib import Path

import pytest

from recognition_rules.authoring.forms import parse_files
from recognition_rules.authoring.lint import has_errors, lint
from recognition_rules.errors import PackInvalid
from recognition_rules.pack import parse
from recognition_rules.reading.pack_text import read_text
from recognition_rules.reading.strict_toml import loads

FOLDER = Path(__file__).parent / "broken_packs"
EXPECTED = loads((FOLDER / "expected.toml").read_text("utf-8"))
PROGRAMMERS_WORDS = re.compile(
    r"\b(None|NoneType|dict|str|int|float|tuple|KeyError|ValueError|TypeError|Traceback|object has no|isinstance|"
    r"unhashable|unpack|exception|null pointer|__\w+__)\b|<class"
)


def refusal_of(name: str) -> PackInvalid:
    with pytest.raises(PackInvalid) as refusal:
        parse((FOLDER / name).read_text("utf-8"), name=name)
    return refusal.value


def test_the_pack_that_the_others_were_broken_from_is_sound() -> None:
    assert parse((FOLDER / "whole.toml").read_text("utf-8")).id == "evening-certificate"


def test_every_broken_pack_is_in_the_list_and_there_are_forty() -> None:
    files = {path.name for path in FOLDER.iterdir()} - {"expected.toml", "whole.toml"}
    assert files == set(EXPECTED)
    assert len(files) >= 40


@pytest.mark.parametrize("name", EXPECTED)
def test_a_broken_pack_is_refused_with_its_line_and_a_sentence(name: str) -> None:
    expected, found = EXPECTED[name], refusal_of(name)
    assert isinstance(expected, dict)
    assert (found.file, found.line, found.problem_code) == (name, expected["line"], expected["code"])
    assert [word for word in expected["says"] if word not in found.problem] == []
    assert not PROGRAMMERS_WORDS.findall(found.problem)
    assert found.problem.endswith((".", "?"))


@pytest.mark.parametrize("name", EXPECTED)
def test_lint_finds_an_error_on_the_same_line(name: str) -> None:
    try:
        document = read_text((FOLDER / name).read_text("utf-8"), name=name)
    except PackInvalid as refused:
        assert refused.line == EXPECTED[name]["line"]  # type: ignore[index]
        return
    found = lint(document)
    assert has_errors(found)
    assert any(each.severity == "error" and each.line == refusal_of(name).line for each in found)


SHEETS = [
    ({"limit.csv": "id,title.en,at_most\ncap,Cap,\"0,5\"\n"}, "limit.csv", 2, "not exact"),
    ({"limit.csv": "id,title.en,at_most\ncap,Cap,=2+2\n"}, "limit.csv", 2, "formula"),
    ({"limit.csv": "id,title.en,at_mots\ncap,Cap,24\n"}, "limit.csv", 2, "at_mots"),
    ({"limit.csv": "id,title.en,at_most,terms.1.from\ncap,Cap,24,2026-02-30\n"}, "limit.csv", 2, "no day 2026-02-30"),
    ({"limit.csv": "id,title.en,at_most,terms.2.source\ncap,Cap,24,S1\n"}, "limit.csv", 2, "begin with 1"),
    ({"limit.csv": "id,id\ncap,cap\n"}, "limit.csv", 1, "there twice"),
    ({"programme.csv": "id\nx\n"}, "programme.csv", 1, "another file"),
    ({"tables/nowhere.csv": "source,class\ncourse,core\n"}, "tables/nowhere.csv", 1, "no [[table]]"),
    ({"limit.csv": "id,title.en\ncap,\"Cap\n"}, "limit.csv", 2, "quotation marks"),
]  # fmt: skip


@pytest.mark.parametrize(("files", "file", "line", "word"), SHEETS, ids=lambda each: str(each)[:40])
def test_a_mistake_in_a_table_beside_a_pack_is_named_with_its_row(
    files: dict[str, str], file: str, line: int, word: str
) -> None:
    text = re.sub(
        r"\[\[limit\]\].*?(?=\n\[\[(?!limit))", "", (FOLDER / "whole.toml").read_text("utf-8"), flags=re.DOTALL
    )
    with pytest.raises(PackInvalid) as refusal:
        parse_files({"pack.toml": text.encode(), **{name: each.encode() for name, each in files.items()}})
    assert (refusal.value.file, refusal.value.line) == (file, line)
    assert word in refusal.value.problem
    assert not PROGRAMMERS_WORDS.findall(refusal.value.problem)
