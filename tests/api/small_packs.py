"""Small rule packs in tests: three credits are enough, and what more a test asks for."""

TERMS = 'terms = [{ legal_basis = "example", source = "S0", confirmed = true }]'
JUDGED = f"""
[[eligibility]]
id = "overlap"
title = {{ en = "Content overlap" }}
require = {{ judged = {{ question = "overlap", at_least = "80%" }} }}
{TERMS}
"""
CASES = """
[[case]]
id = "{id}"
title = {{ en = "Nothing earned" }}
on = 2026-09-01
programme = "degree"
awards = []
expect = {{ status = "{status}" }}
"""


def pack(pack_id: str = "example", version: str = "1", extra: str = "") -> str:
    """A pack with one programme, which asks for three credits."""
    gates = "".join(
        f'\n[{name}]\nid = "{name}"\ntitle = {{ en = "{name}" }}\n{TERMS}\n'
        for name in ("classification", "revocation", "use")
    )
    return f"""
[pack]
id = "{pack_id}"
version = "{version}"
unit = "kr-credit"
normaliser = "kr-title"
title = {{ en = "Example" }}
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
accredited-course = {{ en = "course" }}
[classes]
major-elective = {{ en = "major" }}
{gates}
{extra}
[[programme]]
id = "degree"
title = {{ en = "Degree" }}
parts = {{ total = 3 }}
{TERMS}
require.all = [{{ test = "total", title = {{ en = "Total" }}, at_least = 3 }}]
"""


def cases(status: str, case_id: str = "nothing") -> str:
    """One case: a learner without awards, and the status expected."""
    return CASES.format(id=case_id, status=status)
