"""Packs that mean one thing to a reader and another to the machine, or nothing at all: none is taken in silence."""

from pathlib import Path

import pytest

from recognition_rules.errors import PackInvalid
from recognition_rules.issuance.reader import parse as parse_rules
from recognition_rules.pack import parse
from recognition_rules.packs import builtin

WHOLE = (Path(__file__).parent / "broken_packs" / "whole.toml").read_text("utf-8")
TITLE = 'title = { en = "x", de = "x" }\n'
TERMS = 'terms = [{ source = "S1", legal_basis = "x", confirmed = true }]\n'
EDITION = '[[register.edition]]\ncomplete = true\nsource = "S1"\nconfirmed = true\nrows = []\n'
HISTORY = 'no_other = { same = "achievement", where = { has_other = { same = "achievement" } } }'


def _gate(condition: str) -> str:
    return f'[[eligibility]]\nid = "new"\n{TITLE}require = {{ {condition} }}\n{TERMS}'


def _limit(more: str, title: str = TITLE) -> str:
    return f"[[limit]]\n{more}\nat_most = 5\n{title}{TERMS}"


def _programme(leaf: str, total: str = "60") -> str:
    return f'[[programme]]\nid = "p2"\ntotal = {total}\n{TITLE}{TERMS}require = {{ all = [{{ {leaf} }}] }}\n'


WINDOW = 'window = { last = 60, by = ["ended_on", "award_id"], straddling = "excluded" }'
REGISTER = f'[[register]]\nid = "r"\nkey = "issuer"\n{TITLE}'
SCHEME = '[[grade_scheme]]\nid = "g"\norder = ["A", "B"]\n'
LEAF = f'test = "t", {TITLE.strip()}, at_least = 1'
EXIT = f'[[exit]]\nid = "certificate"\ntotal = 4\n{TITLE}{TERMS}require = {{ all = [{{ {LEAF} }}] }}\n'
NAMED = '[[set]]\nid = "h"\nwhere = { no_other = { same = "achievement" } }\n'
VALIDITY = f'[[validity]]\nid = "v"\non = "busy"\nlimits = [{{ years = 3 }}]\n{TITLE}{TERMS}'
CALENDAR = '[[calendar]]\nid = "half"\nstarts = [{ label = "{Y}-1", month = 3, day = 1 }]\n'
PERIOD = '[[set]]\nid = "busy"\nwhere = { exists_same_period = { calendar = "half", source = ["course"] } }\n'

# what is added to a sound pack, and a word of the sentence
ADDED = {
    "a list without an edition": (REGISTER, "at least one"),
    "an edition that ends before it begins": (
        f"{REGISTER}{EDITION}from = 2026-01-01\nuntil = 2025-01-01\n", "before 'from'"),
    "an edition that does not say whether it is whole": (
        REGISTER + EDITION.replace("complete = true", ""), "'complete' is missing"),
    "a time without days": (_gate("ended = {}"), "from when"),
    "a time that ends before it begins": (_gate("ended = { from = 2026-01-01, until = 2025-01-01 }"), "before 'from'"),
    "a grade that its scheme does not have": (
        SCHEME + _gate('grade_among = { scheme = "g", values = ["Z"] }'), "A, B"),
    "a scheme where none is declared": (_gate('grade_at_least = { scheme = "g", value = "B" }'), "declares none"),
    "a validity that looks at other awards through a set": (
        CALENDAR + PERIOD + VALIDITY, "award by award"),
    "history within history": (_gate(HISTORY), "in turn"),
    "history within history through a set": (
        NAMED + _gate('has_other = { where = { set = "h" } }'), "in turn"),
    "an exit called like a programme": (EXIT, "is a programme"),
    "a total of nothing": (_programme(LEAF, total="0"), "above zero"),
    "more than a window holds": (_programme(f'test = "t", {TITLE.strip()}, at_least = 61, {WINDOW}'), "window holds"),
    "a name that turns the line round": (_limit('id = "a\\u202eb"'), "cannot be seen"),
    "a name with a null": (_limit('id = "a\\u0000b"'), "cannot be seen"),
    "a name with a sign of no width": (_limit('id = "a\\u200bb"'), "cannot be seen"),
    "a name in wide letters": (_limit('id = "ｐrovider"'), "write 'provider'"),
    "a name with a blank": (_limit('id = " provider"'), "blank"),
    "a name of a thousand letters": (_limit(f'id = "{"a" * 1000}"'), "longer than 200"),
    "a code that turns the line round": (_limit('id = "x"\ncode = "A\\u202eB"'), "cannot be seen"),
    "a title that turns the line round": (_limit('id = "x"', 'title = { en = "a\\u2066b" }\n'), "cannot be seen"),
    "a title of blanks": (_limit('id = "x"', 'title = { en = "  " }\n'), "by language"),
    "a table that was another kind of table before": ("[limit]\nid = 'x'\n", "there twice"),
    "a list as YAML has it": ("limit:\n  - id: x\n", "not TOML"),
    "a number of five thousand digits": (_limit(f'id = "x"\nmany = {"9" * 5000}'), "huge number"),
}  # fmt: skip

# what stands there, what is written instead, a word of the sentence
CHANGED = {
    "a version that is a path": ('version = "2026.1"', 'version = "../../x"', "such as 2026.1"),
    "a version with a line break": ('version = "2026.1"', 'version = "2026\\n1"', "such as 2026.1"),
    "a version of a thousand digits": ('version = "2026.1"', f'version = "{"1" * 1000}"', "such as 2026.1"),
    "an id with capitals": ('id = "evening-certificate"', 'id = "Evening"', "lower-case"),
    "no parts at all": ("[choose]", "[chosen]", "is 'choose' meant"),
}


def _refused(text: str) -> PackInvalid:
    with pytest.raises(PackInvalid) as refusal:
        parse(text, name="hostile.toml")
    assert refusal.value.file == "hostile.toml"
    assert refusal.value.line is not None
    return refusal.value


@pytest.mark.parametrize("name", ADDED)
def test_what_is_added_is_refused_where_it_stands(name: str) -> None:
    added, word = ADDED[name]
    found = _refused(f"{WHOLE}\n{added}")
    assert word in found.problem
    assert found.line is not None
    assert found.line > WHOLE.count("\n")


@pytest.mark.parametrize("name", CHANGED)
def test_what_is_changed_is_refused_where_it_stands(name: str) -> None:
    right, wrong, word = CHANGED[name]
    assert right in WHOLE
    found = _refused(WHOLE.replace(right, wrong, 1))
    assert word in found.problem
    assert found.line == WHOLE[: WHOLE.index(right)].count("\n") + 1


@pytest.mark.parametrize("key", ["id", "title"])
def test_packs_of_other_kinds_hide_nothing_either(key: str) -> None:
    text = builtin("hk-titles").replace(f'{key} = "', f'{key} = "\\u202e', 1)
    assert text != builtin("hk-titles")
    with pytest.raises(PackInvalid) as refusal:
        parse_rules(text, name="hidden.toml")
    assert "cannot be seen" in refusal.value.problem
