"""The text of a pack that was drawn at random, and its awards as the engine takes them."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from recognition_rules.award import Award
from recognition_rules.credits import Credits
from tests.recognition_rules.conftest import GATES, HEAD, TERMS
from tests.recognition_rules.random_packs import Branch, Cap, Drawing, Drawn, Filter, Need

SEMESTER = """
[[calendar]]
id = "semester"
starts = [{ label = "{Y}-1", month = 3, day = 1 }, { label = "{Y}-2", month = 9, day = 1 }]
"""

KIND = f"""
[[kind]]
id = "after-examination"
title = {{ en = "After an examination" }}
credits_now = 0
condition = {{ passed_exam_of = "target" }}
satisfies_slot = true
reason = "EXAM_STILL_REQUIRED"
{TERMS}
"""


def text_of(drawing: Drawing, caps: Sequence[Cap] | None = None) -> str:
    """The pack, best by its goals; `caps` in another order if given."""
    goals = ", ".join(f'"{each}"' for each in (*drawing.goals, "canonical"))
    head = HEAD.replace('"in-order"', '"best"').replace('"shortfall", "counted", "canonical"', goals)
    head = head.replace("[classes]", '[classes]\nliberal = { en = "liberal" }')
    if drawing.split:
        split = f'split = [{{ step = {_figure(drawing.split)}, where = {{ source = ["exam"] }} }}]'
        head = head.replace("[sources]", f"{split}\n[sources]")
    rules = [*_equivalences(drawing), *_articulations(drawing), *map(_limit, drawing.caps if caps is None else caps)]
    tree = ",\n".join(map(_group, drawing.tree))
    programme = f'[[programme]]\nid = "degree"\ntitle = {{ en = "Degree" }}\n{TERMS}\nrequire.all = [\n{tree}\n]\n'
    return head + SEMESTER + GATES + "".join(rules) + programme


def award_of(drawn: Drawn) -> Award:
    """The award as it is handed in."""
    return Award(
        id=drawn.id,
        issuer=drawn.traits["issuer"],
        amount=Credits(drawn.amount, "kr-credit"),
        title={"ko": drawn.title},
        source=drawn.traits["source"],
        course_class=drawn.traits["class"],
        area=drawn.traits["area"],
        ended_on=drawn.day,
        achievement=f"urn:{drawn.id}",
    )


def _figure(value: Fraction) -> str:
    return str(value) if value.denominator == 1 else f'"{value}"'


def _where(where: Filter, before: str) -> str:
    values = ", ".join(f'"{each}"' for each in where.values)
    return "" if where.key is None else f"{before}where = {{ {where.key} = [{values}] }}"


def _equivalences(drawing: Drawing) -> Iterator[str]:
    rest = f'title = {{ en = "Equal" }}\n{TERMS}\n'
    if drawing.twins:
        blocks = f'blocks = "{drawing.twins}"'
        yield f'[[equivalence]]\nid = "twins"\nkind = "exclusive"\nkey = "title-core"\n{blocks}\n{rest}'
    if drawing.keepers:
        keeps = f'keeps = {{ class = "major", at_most = {drawing.keepers} }}\nothers_become = "free"'
        yield f'[[equivalence]]\nid = "others"\nkind = "substitute"\nkey = "title-family"\n{keeps}\n{rest}'


def _articulations(drawing: Drawing) -> Iterator[str]:
    pair = [each.id for each in drawing.awards if each.paired]
    alone = [each.id for each in drawing.awards if each.conditional]
    if alone:
        yield KIND
    for names, kind in [(pair, "")] * bool(pair) + [([each], '\nkind = "after-examination"') for each in alone]:
        course = f"course-{names[0]}"
        sources = ", ".join(f'{{ achievement = "urn:{each}" }}' for each in names)
        yield f'[[course]]\nid = "{course}"\ntitle = {{ en = "Course" }}\ncredits = 1\n{TERMS}\n'
        yield f'[[match]]\nid = "match-{names[0]}"\ntitle = {{ en = "Match" }}\nfrom = [{sources}]\nto = ["{course}"]\n'
        yield f'record = "source"{kind}\n{TERMS}\n'


def _limit(cap: Cap) -> str:
    bound = f'{{ share = "{cap.bound * 100}%", of = "{cap.share_of}" }}' if cap.share_of else _figure(cap.bound)
    by = [f'calendar = "{cap.calendar}", date = "ended_on"'] if cap.calendar else []
    by += [f'key = "{cap.key}"'] if cap.key else []
    per = f"\nper = {{ {', '.join(by)} }}" if by else ""
    head = f'[[limit]]\nid = "{cap.id}"\ntitle = {{ en = "Limit" }}\nmeasure = "{"items" if cap.items else "credits"}"'
    return f"{head}\nat_most = {bound}{per}{_where(cap.where, chr(10))}\n{TERMS}\n"


def _group(branch: Branch) -> str:
    parts = ", ".join(map(_leaf, branch.parts))
    return f'{{ id = "{branch.id}", title = {{ en = "Branch" }}, at_least = {branch.least}, of = [{parts}] }}'


def _leaf(need: Need) -> str:
    least = f'{{ share = "{need.least * 100}%", of = "counted" }}' if need.share else _figure(need.least)
    more = ', measure = "items"' if need.items else ""
    more += f', surplus_to = "{need.surplus_to}"' if need.surplus_to else ""
    kind = "slot" if need.slot else "test"
    return f'{{ {kind} = "{need.id}", title = {{ en = "Leaf" }}{_where(need.where, ", ")}, at_least = {least}{more} }}'
