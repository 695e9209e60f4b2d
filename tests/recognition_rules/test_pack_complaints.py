"""A pack with a mistake is refused with its file, its line, and a sentence that a registrar understands."""

from collections.abc import Callable

import pytest

from recognition_rules.errors import PackInvalid
from recognition_rules.pack import parse

LIMIT = """
[[limit]]
id = "cap"
title = { en = "Cap" }
at_most = 24
per = { calendar = "year" }
TERMS
"""

GATE = """
[[eligibility]]
id = "gate"
title = { en = "Gate" }
require = { score_at_least = 60 }
TERMS
"""

TWINS = """
[[equivalence]]
id = "same"
title = { en = "Same" }
kind = "exclusive"
key = "title-family"
blocks = "counted"
TERMS
[[equivalence]]
id = "similar"
title = { en = "Similar" }
kind = "substitute"
key = "title-core"
keeps = { class = "major", at_most = 1 }
others_become = "free"
TERMS
"""

# what is written, what stands there instead, the line's text, the code, a word of the sentence
COMPLAINTS = [
    (LIMIT, "at_most = 24", "at_mots = 24", "at_mots = 24", "unknown_key", "is 'at_most' meant?"),
    (LIMIT, "at_most = 24", "at_most = 24\nfoo = 1", "foo = 1", "unknown_key", "'foo' is not known here"),
    (LIMIT, "at_most = 24", "at_most = 24.5", "at_most = 24.5", "pack_invalid", "not exact"),
    (LIMIT, "at_most = 24", "at_most = -1", "at_most = -1", "pack_invalid", "exact number"),
    (LIMIT, 'calendar = "year"', 'calendar = "month"', 'per = { calendar = "month" }', "pack_invalid", "one of"),
    (LIMIT, "at_most = 24", 'at_most = 24\nwithin = "pool"', 'within = "pool"', "pack_invalid", "another limit"),
    (LIMIT, "at_most = 24", 'at_most = 24\nwithin = "cap"', 'within = "cap"', "pack_invalid", "never lead back"),
    (GATE, "score_at_least = 60", "", "require = {  }", "pack_invalid", "must say something"),
    (GATE, "score_at_least = 60", "all = []", "require = { all = [] }", "pack_invalid", "at least one"),
    (GATE, "score_at_least = 60", "python = 'x'", "require = { python = 'x' }", "unknown_key", "not a condition"),
    (GATE, "score_at_least = 60", "score_at_least = 101", "require = { score_at_least = 101 }", "pack_invalid", "100"),
    (GATE, "score_at_least = 60", "attendance_at_least = 80", "require = { attendance_at_least = 80 }",
     "pack_invalid", '"80%"'),
    (GATE, "score_at_least = 60", 'exists_same_period = { calendar = "year", source = ["exam"] }',
     'require = { exists_same_period = { calendar = "year", source = ["exam"] } }', "pack_invalid", "award by award"),
    (GATE, 'source = "S0"', 'source = "S9"', 'source = "S9"', "pack_invalid", "[[reference]]"),
    (GATE, 'source = "S0", confirmed = true }', 'source = "S0", confirmed = true, until = 2020-01-01 }, '
     '{ from = 2020-01-03, legal_basis = "x", source = "S0", confirmed = true }', "2020-01-03",
     "pack_invalid", "gap or overlap"),
    (GATE, 'legal_basis = "example"', 'from = 2020-01-02, until = 2020-01-01, legal_basis = "example"',
     "until = 2020-01-01", "pack_invalid", "before"),
    (GATE, 'legal_basis = "example"', 'from = 2020-01-02T10:00:00, legal_basis = "example"', "2020-01-02T10",
     "pack_invalid", "time of day"),
    (TWINS, "", "", 'key = "title-family"', "pack_invalid", "finer"),
]  # fmt: skip


@pytest.mark.parametrize(("rules", "right", "wrong", "line", "code", "word"), COMPLAINTS, ids=lambda part: part[:30])
def test_a_mistake_in_a_rule_is_named_with_its_line(
    pack_text: Callable[..., str], rules: str, right: str, wrong: str, line: str, code: str, word: str
) -> None:
    text = pack_text().replace("[[programme]]", "@@RULES@@\n[[programme]]")
    terms = 'terms = [{ legal_basis = "example", source = "S0", confirmed = true }]'
    text = text.replace("@@RULES@@", rules.replace("TERMS", terms).replace(right, wrong, 1))
    with pytest.raises(PackInvalid) as refusal:
        parse(text, name="example.toml")
    found = refusal.value
    assert found.problem_code == code
    assert word in found.problem
    assert found.file == "example.toml"
    assert found.line is not None
    assert line in text.splitlines()[found.line - 1]


PROGRAMMES = [
    ("require.all = []", "at least one requirement"),
    ('require.all = [{ slot = "a", title = { en = "A" }, at_least = 1 }]', "'where' or 'on'"),
    ('require.all = [{ slot = "a", title = { en = "A" }, rest = true }, '
     '{ slot = "b", title = { en = "B" }, rest = true }]', "Only one slot"),
    ('require.all = [{ test = "a", title = { en = "A" }, at_least = 1 }, '
     '{ test = "a", title = { en = "A" }, at_least = 2 }]', "same name"),
    ('require.all = [{ test = "a", title = { en = "A" }, at_least = 1, window = { last = 60 } }]', "'straddling'"),
    ('require.all = [{ test = "a", title = { en = "A" }, at_least = { ref = "programme.sum" } }]', "one of"),
    ('require.all = [{ id = "x", title = { en = "X" }, of = [{ test = "a", title = { en = "A" }, at_least = 1 }], '
     "at_least = 2 }]", "between 1"),
    ("require.all = [{ at_least = 1 }]", "a slot, a test, or a group"),
]  # fmt: skip


@pytest.mark.parametrize(("tree", "word"), PROGRAMMES, ids=lambda part: part[:40])
def test_a_requirement_that_would_be_ambiguous_is_refused(pack_text: Callable[..., str], tree: str, word: str) -> None:
    programme = f'\n[[programme]]\nid = "degree"\ntitle = {{ en = "Degree" }}\nTERMS\n{tree}\n'
    with pytest.raises(PackInvalid) as refusal:
        parse(pack_text(programme=programme))
    assert word in refusal.value.problem


@pytest.mark.parametrize(
    ("right", "wrong", "word"),
    [
        ('items = "in-order"', 'items = "cleverly"', "in-order"),
        ('slots = "best"', 'slots = "first-fit"', "best"),
        ('order = ["ended_on", "award_id"]', 'order = ["ended_on"]', "award_id"),
        ('order = ["ended_on", "award_id"]', 'order = ["mood", "award_id"]', "order"),
        ('objectives = ["shortfall", "counted", "canonical"]', 'objectives = ["canonical", "counted"]', "last"),
        ('objectives = ["shortfall", "counted", "canonical"]', 'objectives = ["luck", "canonical"]', "shortfall"),
    ],
)
def test_a_choice_that_is_not_carried_out_is_refused_and_never_approximated(
    pack_text: Callable[..., str], right: str, wrong: str, word: str
) -> None:
    with pytest.raises(PackInvalid) as refusal:
        parse(pack_text().replace(right, wrong))
    assert refusal.value.problem_code == "policy_not_carried_out"
    assert word in refusal.value.problem


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not toml",
        "a = " + "[" * 5000 + "]" * 5000,
        "[" + ".".join("a" * 400) + "]\nb = 1",
        "n = 1" + "0" * 5000,
        "n = inf",
        "n = 1e999999999",
        'text = "' + "x" * 1_000_001 + '"',
        "[pack]\n[pack]",
    ],
    ids=["nothing", "prose", "deep arrays", "deep keys", "huge number", "infinity", "huge power", "huge", "twice"],
)
def test_what_is_no_pack_at_all_is_refused(text: str) -> None:
    with pytest.raises(PackInvalid):
        parse(text)


def test_a_parameter_nobody_declared_is_refused(pack_text: Callable[..., str]) -> None:
    with pytest.raises(PackInvalid) as refusal:
        parse(pack_text(LIMIT.replace("at_most = 24", 'at_most = { parameter = "x" }')))
    assert refusal.value.problem_code == "unknown_parameter"
    assert refusal.value.line is not None
