"""A credit is used once for each purpose; a rest, a dual award, an admission and an upgrade are no second use."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from recognition_rules.award import Use
from recognition_rules.errors import PackInvalid
from tests.recognition_rules.gates import answer

Make = Callable[..., Any]

TERMS = 'terms = [{ legal_basis = "example", source = "S0", confirmed = true }]'
LADDER = ("certificate", "diploma", "degree")


@pytest.fixture
def pack_using(pack_text: Make) -> Make:
    """A small pack with further lines in its [use], and programmes for a ladder of awards."""
    from recognition_rules.pack import parse

    programmes = "".join(
        f'[[programme]]\nid = "{name}"\ntitle = {{ en = "{name}" }}\n{TERMS}\n'
        f'require.all = [{{ test = "total", title = {{ en = "Total" }}, at_least = 6 }}]\n'
        for name in LADDER
    )

    def make(lines: str = "", rules: str = "") -> Any:
        plain = f'\n[use]\nid = "use"\ntitle = {{ en = "use" }}\n{TERMS}\n'
        return parse(pack_text(rules, programmes).replace(plain, plain + lines))

    return make


def exception(kind: str, names: str) -> str:
    return f'[[use.exception]]\nid = "free"\ntitle = {{ en = "Free" }}\nkind = "{kind}"\n{names}\n{TERMS}\n'


def test_what_an_earlier_use_left_is_free(pack_using: Make, make_award: Make, decide: Make) -> None:
    used = [Use("a", by="first", amount=Fraction(4))]
    found = decide([make_award("a", "10")], pack_using(), used=used)
    decision = found.decision("a")
    assert (decision.status, decision.counted) == ("partly", 6)
    assert [(each.code, each.amount) for each in decision.reasons] == [("ALREADY_REDEEMED", 4)]
    assert any(step.arithmetic == "10 − 4 used = 6 left" for step in found.steps)


@pytest.mark.parametrize(
    ("amounts", "counted"), [(["10"], 0), (["4", "6"], 0), (["4", "5"], 1), (["1/3"], Fraction(29, 3)), ([None], 0)]
)
def test_several_uses_add_up(
    pack_using: Make, make_award: Make, decide: Make, amounts: list[str | None], counted: Fraction
) -> None:
    used = [Use("a", by=f"u{n}", amount=None if text is None else Fraction(text)) for n, text in enumerate(amounts)]
    assert decide([make_award("a", "10")], pack_using(), used=used).decision("a").counted == counted


def test_a_use_in_the_award_s_own_unit_takes_the_same_share_of_its_worth(
    pack_using: Make, make_award: Make, decide: Make
) -> None:
    rule = '[[conversion]]\nid = "c"\ntitle = { en = "C" }\nmethod = "units-table"\nfrom = ["us-quarter"]\nTERMS\n'
    pack = pack_using(rules=rule.replace("TERMS", TERMS))
    whole = decide([make_award("a", "9", unit="us-quarter")], pack).decision("a")
    rest = decide(
        [make_award("a", "9", unit="us-quarter")], pack, used=[Use("a", by="u", amount=Fraction(3))]
    ).decision("a")
    assert rest.amount == whole.amount > 0
    assert rest.counted == whole.counted * Fraction(2, 3)


def test_an_award_used_in_part_is_used_up_where_awards_are_used_as_a_whole(
    pack_using: Make, make_award: Make, decide: Make
) -> None:
    found = decide(
        [make_award("a", "10")], pack_using('surplus = "by-award"\n'), used=[Use("a", by="u", amount=Fraction(1))]
    )
    assert answer(found) == ["not_counted", "ALREADY_REDEEMED"]


def test_the_reversal_of_the_use_would_free_it(pack_using: Make, make_award: Make, decide: Make) -> None:
    used = [Use("a", by="degree-2020"), Use("b", by="degree-2021")]
    awards = [make_award("a"), make_award("b")]
    found = decide(awards, pack_using(), used=used, verify_counterfactuals=True).decision("a").counterfactual
    assert [(edit.do, dict(edit.details)) for edit in found.edits] == [("release", {"award": "a", "by": "degree-2020"})]
    never = decide(awards, pack_using('released = "never"\n'), used=used, verify_counterfactuals=True)
    assert never.decision("a").counterfactual.none


def test_a_part_of_an_award_does_not_make_it_its_own_duplicate(
    pack_using: Make, make_award: Make, decide: Make
) -> None:
    twins = '[[equivalence]]\nid = "twins"\ntitle = { en = "Twins" }\nkind = "exclusive"\nTERMS\n'
    twins += 'key = "achievement"\nblocks = "counted"\n'
    pack = pack_using(rules=twins.replace("TERMS", TERMS))
    awards = [make_award("a", "10", achievement="x"), make_award("b", "10", achievement="x")]
    found = decide(awards, pack, used=[Use("a", by="u", amount=Fraction(4))])
    assert answer(found, "a") == ["partly", "ALREADY_REDEEMED"]
    assert answer(found, "b") == ["not_counted", "DUPLICATE_OF"]


def test_admission_and_credit_are_two_purposes(pack_using: Make, make_award: Make, decide: Make) -> None:
    used = [Use("a", by="entry", purpose="admission")]
    assert answer(decide([make_award("a")], pack_using(), used=used)) == ["counted"]
    both = 'blocked_by = ["degree", "admission"]\n'
    assert answer(decide([make_award("a")], pack_using(both), used=used)) == ["not_counted", "ALREADY_REDEEMED"]
    named = pack_using(both + exception("purpose", 'purposes = ["admission"]'))
    assert answer(decide([make_award("a")], named, used=used)) == ["counted"]


# The programme sought, the one that used the credits, what becomes of the award.
UPGRADES = [
    ("diploma", "certificate", "counted"),
    ("degree", "certificate", "counted"),
    ("certificate", "diploma", "not_counted"),
    ("diploma", "diploma", "not_counted"),
    ("diploma", "elsewhere", "not_counted"),
    ("diploma", None, "undetermined"),
]


@pytest.mark.parametrize(("sought", "before", "status"), UPGRADES)
def test_an_award_within_a_greater_one_does_not_block_it(
    pack_using: Make, make_award: Make, decide: Make, sought: str, before: str | None, status: str
) -> None:
    pack = pack_using(exception("upgrade", 'ladder = ["certificate", "diploma", "degree"]'))
    used = [Use("a", by="u", programme=before)]
    found = decide([make_award("a")], pack, sought, used=used)
    assert found.decision("a").status == status
    assert any(step.rule == "free" for step in found.steps) is (status != "not_counted")


@pytest.mark.parametrize(
    ("sought", "before", "status"),
    [("degree", "diploma", "counted"), ("diploma", "degree", "counted"), ("degree", "degree", "not_counted"),
     ("degree", "certificate", "not_counted"), ("certificate", "degree", "not_counted")],
)  # fmt: skip
def test_an_approved_dual_award_uses_credits_in_both(
    pack_using: Make, make_award: Make, decide: Make, sought: str, before: str, status: str
) -> None:
    pack = pack_using(exception("dual-award", 'programmes = ["diploma", "degree"]'))
    found = decide([make_award("a")], pack, sought, used=[Use("a", by="u", programme=before)])
    assert found.decision("a").status == status


@pytest.mark.parametrize(
    ("sought", "before", "status"),
    [("degree", "abroad", "counted"), ("degree", "elsewhere", "not_counted"), ("diploma", "abroad", "not_counted"),
     ("degree", None, "undetermined")],
)  # fmt: skip
def test_a_dual_award_may_be_with_a_partner_whose_programme_is_not_in_the_pack(
    pack_using: Make, make_award: Make, decide: Make, sought: str, before: str | None, status: str
) -> None:
    pack = pack_using(exception("dual-award", 'programmes = ["degree"]\npartners = ["abroad"]'))
    found = decide([make_award("a")], pack, sought, used=[Use("a", by="u", programme=before)])
    assert found.decision("a").status == status


@pytest.mark.parametrize(
    "keys", ['programmes = ["degree"]', 'programmes = ["degree", "abroad"]', 'ladder = ["x", "y"]\npartners = ["z"]']
)
def test_partners_are_named_as_partners_and_of_dual_awards_only(pack_using: Make, keys: str) -> None:
    with pytest.raises(PackInvalid):
        pack_using(exception("upgrade" if "ladder" in keys else "dual-award", keys))


def test_uses_of_no_stated_amount_are_digested_as_they_always_were(
    pack_using: Make, make_award: Make, decide: Make
) -> None:
    plain = decide([make_award("a")], pack_using(), used=[Use("a", by="u")])
    dated = decide([make_award("a")], pack_using(), used=[Use("a", by="u", amount=Fraction(3))])
    assert Use("a", by="u").to_json() == {"award": "a", "by": "u", "purpose": "degree"}
    assert plain.inputs.digest != dated.inputs.digest


def test_a_ladder_of_one_step_is_refused(pack_using: Make) -> None:
    with pytest.raises(PackInvalid) as refused:
        pack_using(exception("upgrade", 'ladder = ["degree"]'))
    assert "at least two" in refused.value.problem
