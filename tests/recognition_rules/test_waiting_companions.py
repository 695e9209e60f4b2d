"""Awards that count only with their like: those that wait for a companion, and those that another group keeps out."""

from collections.abc import Callable
from typing import Any

from tests.recognition_rules.trace_checker import complaints

Make = Callable[..., Any]

TOGETHER = """
[[course]]
id = "maths"
title = { en = "Mathematics" }
credits = 6
class = "major"
[[match]]
id = "two"
title = { en = "Two for one" }
from = [{ code = "M1" }, { code = "M2" }]
to = ["maths"]
TERMS
[[programme]]
id = "degree"
title = { en = "Degree" }
TERMS
require.all = [{ test = "major", title = { en = "Major" }, where = { class = ["major"] }, at_least = 6 }]
"""


def test_what_waits_for_its_companion_may_still_be_what_both_would_be(
    make_pack: Make, make_award: Make, decide: Make
) -> None:
    first = make_award("a", course_class="free", facts={"code": "M1"})
    second = make_award("b", course_class="free", facts={"code": "M2"}, ended_on=None)
    found = decide([first, second], make_pack(programme=TOGETHER))
    assert (found.status, found.totals["undetermined"]) == ("undetermined", 6)
    assert complaints(found.to_json()) == []


TRACK = """
[[compatibility]]
id = "one-track"
title = { en = "One track" }
same = "fact:track"
keep = "largest"
TERMS
"""


def test_giving_up_one_award_of_the_group_that_is_kept_is_tried(
    make_pack: Make, make_award: Make, decide: Make
) -> None:
    awards = [make_award(name, size, facts={"track": track}) for name, size, track in
              (("a", "5", "t"), ("b", "6", "s"), ("c", "4", "t"))]  # fmt: skip
    found = decide(awards, make_pack(TRACK), verify_counterfactuals=True)
    change = found.decision("b").counterfactual
    assert [edit.do for edit in change.edits] == ["give_up"]
    assert (
        decide([each for each in awards if each.id != change.edits[0].details["award"]], make_pack(TRACK))
        .decision("b")
        .counted
    )


FLOOR = """
[[floor]]
id = "listed"
title = { en = "Examinations are granted at least what is listed" }
where = { source = ["exam"] }
at_least = { fact = "listed" }
TERMS
[[programme]]
id = "degree"
title = { en = "Degree" }
TERMS
require.all = [{ test = "six", title = { en = "Six" }, at_least = 6 }]
"""


def test_what_a_minimum_may_raise_leaves_the_total_open(make_pack: Make, make_award: Make, decide: Make) -> None:
    pack = make_pack(programme=FLOOR)
    for source, status in (("exam", "granted"), ("course", "short"), (None, "undetermined")):
        assert decide([make_award("a", source=source, facts={"listed": 6})], pack).status == status
