"""A lower authority may be stricter; looser only where the higher one's terms allow it, and both figures are told."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from recognition_rules.errors import PackInvalid

Make = Callable[..., Any]

BASIS = 'legal_basis = "example", source = "S0", confirmed = true'


def pool(allowed: str = "") -> str:
    """At most 30 % of 60 credits from examinations, by a national body; `allowed` are further words of its terms."""
    return f"""
[[limit]]
id = "apel-30"
code = "CAP_APEL"
title = {{ en = "Prior learning" }}
where = {{ source = ["exam"] }}
at_most = {{ share = "30%", of = "programme.total" }}
terms = [{{ {BASIS}, authority = "national-body"{allowed} }}]
"""


def local(value: str | None, extra: str = "", rule: str = "apel-30", name: str = "local", **told: str) -> str:
    """An override by an institution, unless another authority is told."""
    said = f', value = "{value}"' if value else ""
    days = "".join(f", {key} = {day}" for key, day in told.items() if key in ("from_", "until")).replace(
        "from_", "from"
    )
    return f"""
[[override]]
id = "{name}"
title = {{ en = "Local rule" }}
of = "{rule}"
{extra}
terms = [{{ {BASIS}, authority = "{told.get("authority", "institution")}"{said}{days} }}]
"""


QUARTER = '{ share = "25%", of = "programme.total" }'
PROGRAMMES = f"""
[[programme]]
id = "degree"
title = {{ en = "Degree" }}
parts = {{ total = 60 }}
terms = [{{ {BASIS} }}]
require.all = [
  {{ test = "total", title = {{ en = "Total" }}, at_least = 60 }},
  {{ test = "own", title = {{ en = "Own" }}, where = {{ source = ["course"] }}, at_least = {QUARTER} }},
]
[[programme]]
id = "diploma"
title = {{ en = "Diploma" }}
parts = {{ total = 60 }}
terms = [{{ {BASIS} }}]
require.all = [{{ test = "total", title = {{ en = "Total" }}, at_least = 60 }}]
"""


@pytest.fixture
def counted(make_pack: Make, make_award: Make, decide: Make) -> Make:
    """How many of forty credits of examinations find room under these rules."""

    def count(rules: str, programme: str = "degree", **told: Any) -> int:
        awards = [make_award(f"a{n:02}", "1", source="exam") for n in range(40)]
        found = decide(awards, make_pack(rules, PROGRAMMES), programme, **told)
        return int(found.totals["counted"])

    return count


# What the national terms allow, the institution's figure, the credits that count (18 nationally), None where refused.
DEPARTURES = [
    ("", "20%", 12),
    ("", "30%", 18),
    ("", "60%", None),
    (', overridable = "no"', "20%", None),
    (', overridable = "no"', "30%", None),
    (', overridable = "stricter"', "60%", None),
    (', overridable = "looser"', "60%", 36),
    (', overridable = "looser"', "20%", None),
    (', overridable = "any"', "60%", 36),
    (', overridable = "any"', "20%", 12),
    (', overridable = "any", lowest = "20%", highest = "50%"', "50%", 30),
    (', overridable = "any", lowest = "20%", highest = "50%"', "51%", None),
    (', overridable = "any", lowest = "20%", highest = "50%"', "19%", None),
]


@pytest.mark.parametrize(("allowed", "value", "expected"), DEPARTURES)
def test_a_departure_is_allowed_or_refused_when_the_pack_is_read(
    counted: Make, make_pack: Make, allowed: str, value: str, expected: int | None
) -> None:
    rules = pool(allowed) + local(value)
    if expected is not None:
        assert counted(rules) == expected
        return
    with pytest.raises(PackInvalid) as refused:
        make_pack(rules, PROGRAMMES)
    assert refused.value.problem_code == "override_not_allowed"
    assert refused.value.line is not None


def test_it_holds_for_its_institutions_and_programmes_only(counted: Make) -> None:
    rules = pool() + local("20%", 'institutions = ["home"]\nprogrammes = ["degree"]')
    assert counted(rules, institution="home") == 12
    assert counted(rules, institution="away") == 18
    assert counted(rules) == 18
    assert counted(rules, "diploma", institution="home") == 18


def test_it_holds_between_its_days_only(counted: Make) -> None:
    rules = pool() + local("20%", from_="2026-01-01", until="2026-12-31")
    said = {
        on: counted(rules, on=date.fromisoformat(on)) for on in ("2025-12-31", "2026-01-01", "2026-12-31", "2027-01-01")
    }
    assert said == {"2025-12-31": 18, "2026-01-01": 12, "2026-12-31": 12, "2027-01-01": 18}


def test_the_specific_stands_before_the_general(counted: Make) -> None:
    everywhere, here = (
        local("20%", name="school"),
        local("10%", 'programmes = ["degree"]', name="programme", authority="programme"),
    )
    assert counted(pool() + everywhere + here) == 6
    assert counted(pool() + here + everywhere) == 6
    assert counted(pool() + here + everywhere, "diploma") == 12


def test_a_programme_is_bound_by_its_institution_too(make_pack: Make) -> None:
    with pytest.raises(PackInvalid) as refused:
        make_pack(pool() + local("20%", name="school") + local("25%", name="p", authority="programme"), PROGRAMMES)
    assert refused.value.problem_code == "override_not_allowed"


def test_one_authority_does_not_say_two_things_at_once(make_pack: Make, counted: Make) -> None:
    with pytest.raises(PackInvalid) as refused:
        make_pack(pool() + local("20%", name="one") + local("10%", name="two"), PROGRAMMES)
    assert "said otherwise" in refused.value.problem
    after = local("20%", name="one", until="2026-06-30") + local("10%", name="two", from_="2026-07-01")
    assert counted(pool() + after) == 6


def test_a_higher_authority_needs_no_permission(counted: Make) -> None:
    assert counted(pool(', overridable = "no"') + local("60%", authority="law")) == 36


def test_the_trace_shows_both_figures(make_pack: Make, make_award: Make, decide: Make) -> None:
    pack = make_pack(pool(', overridable = "looser"') + local("60%"), PROGRAMMES)
    found = decide([make_award("a", "40", source="exam")], pack)
    step = next(each for each in found.steps if each.result == "overridden")
    assert step.inputs == {
        "of": "apel-30", "authority": "national-body", "value": "0.3",
        "local_authority": "institution", "local_value": "0.6",
    }  # fmt: skip
    limited = next(each for each in found.steps if each.rule == "apel-30").to_json()["terms"]
    assert (limited["value"], limited["authority"]) == ("0.6", "institution")
    assert (limited["replaces"]["value"], limited["replaces"]["authority"]) == (None, "national-body")
    assert found.pack["digest"] == pack.digest


def test_of_a_minimum_the_higher_figure_is_the_stricter(make_pack: Make, make_award: Make, decide: Make) -> None:
    pack = make_pack(local("35%", rule="degree.own"), PROGRAMMES)
    found = decide([make_award("a", "20"), make_award("b", "40", source="exam")], pack)
    assert (found.requirement("own").needed, found.status) == (21, "short")
    with pytest.raises(PackInvalid) as refused:
        make_pack(local("20%", rule="degree.own"), PROGRAMMES)
    assert refused.value.problem_code == "override_not_allowed"


GATE = f"""
[[eligibility]]
id = "pass-mark"
title = {{ en = "Pass mark" }}
require = {{ score_at_least = 60 }}
terms = [{{ {BASIS}, authority = "national-body", overridable = "looser" }}]
"""


def test_a_rule_may_be_lifted_where_its_terms_allow_looser_ones(
    make_pack: Make, make_award: Make, decide: Make
) -> None:
    lifted = local(None, 'lift = true\ninstitutions = ["home"]', rule="pass-mark")
    pack, award = make_pack(GATE + lifted, PROGRAMMES), make_award("a", score=Fraction(50))
    assert decide([award], pack, institution="home").decision("a").status == "counted"
    assert decide([award], pack, institution="away").decision("a").status == "not_counted"
    with pytest.raises(PackInvalid):
        make_pack(GATE.replace(', overridable = "looser"', "") + lifted, PROGRAMMES)


def mark(allowed: str = "", require: str = "{ score_at_least = 60 }") -> str:
    """A national pass mark; `allowed` are further words of its terms."""
    terms = f'terms = [{{ {BASIS}, authority = "national-body"{allowed} }}]'
    return f'[[eligibility]]\nid = "pass-mark"\ntitle = {{ en = "Pass" }}\nrequire = {require}\n{terms}\n'


LOOSER = ', overridable = "looser", lowest = 50'
MARKS = [
    ("", 70, [69], [70]),
    (LOOSER, 50, [49], [50, 60]),
    (', overridable = "any"', 40, [39], [40]),
]


@pytest.mark.parametrize(("allowed", "value", "fail", "count"), MARKS)
def test_a_pass_mark_inside_a_condition_is_replaced_where_the_higher_terms_allow_it(
    allowed: str, value: int, fail: list[int], count: list[int], make_pack: Make, make_award: Make, decide: Make
) -> None:
    pack = make_pack(mark(allowed) + local(str(value), 'institutions = ["home"]', rule="pass-mark"), PROGRAMMES)
    awards = [make_award(f"s{score}", score=Fraction(score)) for score in (*fail, *count)]
    for trace in (True, False):
        found = decide(awards, pack, institution="home", trace=trace)
        assert [int(each.award[1:]) for each in found.decisions if each.counted] == count
    away = decide(awards, pack, institution="away")
    assert [int(each.award[1:]) for each in away.decisions if each.counted] == [n for n in (*fail, *count) if n >= 60]
    here = decide(awards, pack, institution="home")
    [reason] = here.decision(f"s{fail[0]}").reasons
    assert reason.facts["needed"] == str(value)
    step = next(each for each in here.steps if each.rule == "pass-mark" and each.result == "failed")
    assert step.terms is not None
    assert step.terms.to_json()["value"] == str(value)


@pytest.mark.parametrize(
    ("allowed", "value", "sentence"),
    [
        ("", "50", "looser"),
        (LOOSER, "49", "lies outside"),
        (', overridable = "no"', "70", "no departure"),
        (', overridable = "looser"', "70", "stricter"),
        ("", "101", "more than there can be"),
    ],
)
def test_a_pass_mark_that_may_not_be_so_is_refused(allowed: str, value: str, sentence: str, make_pack: Make) -> None:
    with pytest.raises(PackInvalid) as refused:
        make_pack(mark(allowed) + local(value, rule="pass-mark"), PROGRAMMES)
    assert sentence in refused.value.problem


@pytest.mark.parametrize(
    ("require", "value", "own", "good"),
    [
        ('{ attendance_at_least = "80%" }', "90%", "85%", "90%"),
        ('{ all = [{ attendance_at_least = "80%" }, { source = ["course"] }] }', "90%", "85%", "90%"),
        ('{ judged = { question = "attended", at_least = "80%" } }', "90%", None, None),
    ],
)
def test_shares_are_replaced_as_shares(
    require: str, value: str, own: str | None, good: str | None, make_pack: Make, make_award: Make, decide: Make
) -> None:
    pack = make_pack(mark(require=require) + local(value, rule="pass-mark"), PROGRAMMES)
    for share, status in ((own, "not_counted"), (good, "counted")) if own and good else ():
        award = make_award("a", attendance=Fraction(share.removesuffix("%")) / 100)
        assert decide([award], pack).decision("a").status == status


def test_a_pass_mark_changes_with_its_own_terms_too(make_pack: Make, make_award: Make, decide: Make) -> None:
    dated = f"""terms = [
  {{ {BASIS}, until = 2025-05-31, value = 50 }},
  {{ {BASIS}, from = 2025-06-01 }},
]
"""
    rule = mark().partition("terms")[0] + 'selector = "end"\n' + dated
    pack = make_pack(rule, PROGRAMMES)
    early, late = (make_award("a", score=Fraction(55), ended_on=date(2025, month, 1)) for month in (5, 6))
    unknown = make_award("a", score=Fraction(55), ended_on=None)
    good = make_award("a", score=Fraction(60), ended_on=None)
    order = {"policy": replace(pack.choose, order=("award_id",))}
    found = [decide([each], pack, **order).decision("a").status for each in (early, late, unknown, good)]
    assert found == ["counted", "not_counted", "undetermined", "counted"]


def test_of_several_figures_nobody_can_tell_which_one_changes(make_pack: Make) -> None:
    both = '{ all = [{ score_at_least = 60 }, { attendance_at_least = "80%" }] }'
    with pytest.raises(PackInvalid, match="a gate for each"):
        make_pack(mark(require=both) + local("70", rule="pass-mark"), PROGRAMMES)


def test_a_parameter_is_changed_through_the_rule_that_uses_it(make_pack: Make, make_award: Make, decide: Make) -> None:
    chosen = '[[parameter]]\nid = "mark"\nvalue = 60\nothers = [50]\ntitle = { en = "Mark" }\n'
    rule = chosen + mark(require='{ score_at_least = { parameter = "mark" } }')
    with pytest.raises(PackInvalid, match="name the rule that uses it"):
        make_pack(rule + local("70", rule="mark"), PROGRAMMES)
    pack = make_pack(rule + local("70", rule="pass-mark"), PROGRAMMES)
    assert decide([make_award("a", score=Fraction(69))], pack).decision("a").status == "not_counted"


BROKEN = [
    (local("20%", rule="nothing"), "no rule of this pack"),
    (local(None), "Say what holds instead"),
    (local("20%", "lift = true"), "has no value"),
    (local("20%").replace(', authority = "institution"', ""), "authority"),
    (local("20%", 'programmes = ["nowhere"]'), "no programme"),
    (local("120%"), "at most all"),
]


@pytest.mark.parametrize(("override", "sentence"), BROKEN)
def test_an_override_that_makes_no_sense_is_refused(make_pack: Make, override: str, sentence: str) -> None:
    with pytest.raises(PackInvalid) as refused:
        make_pack(pool() + override, PROGRAMMES)
    assert sentence in refused.value.problem
