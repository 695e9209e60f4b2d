"""Packs for the stories about requirements: credits of a university, sources, areas, levels, a programme of 120."""

HEAD = """
[pack]
id = "example"
version = "1"
unit = "us-semester"
normaliser = "kr-title"
title = { en = "Example" }
[[reference]]
id = "S0"
title = "an example"
standing = "confirmed"
[choose]
items = "in-order"
slots = "best"
order = ["ended_on", "award_id"]
objectives = ["shortfall", "counted", "canonical"]
[sources]
own = { en = "own course" }
transfer = { en = "transfer" }
online = { en = "online course" }
rpl = { en = "prior learning" }
exam = { en = "examination" }
[classes]
major = { en = "major" }
business = { en = "business" }
free = { en = "free" }
[[calendar]]
id = "semester"
starts = [{ label = "{Y}-1", month = 3, day = 1 }, { label = "{Y}-2", month = 9, day = 1 }]
"""

BEST = HEAD.replace('items = "in-order"', 'items = "best"')


def programme(tree: str, parts: str = "total = 120", more: str = "") -> str:
    """The programme `degree` with this tree of requirements."""
    return f"""
[[programme]]
id = "degree"
title = {{ en = "Degree" }}
parts = {{ {parts} }}
{more}
TERMS
[programme.require]
all = [
{tree}
]
"""


def test(name: str, rest: str) -> str:
    """A line of a tree: a test of this name."""
    return f'  {{ test = "{name}", title = {{ en = "{name}" }}, {rest} }},\n'


def slot(name: str, rest: str) -> str:
    """A line of a tree: a slot of this name."""
    return f'  {{ slot = "{name}", title = {{ en = "{name}" }}, {rest} }},\n'


TOTAL = test("total", 'at_least = { ref = "programme.total" }')
