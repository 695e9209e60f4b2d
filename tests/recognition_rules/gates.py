"""One gate of a small pack, and what it makes of one award: its status and the codes of its reasons."""

from recognition_rules.recognition import Recognition

SCHEMES = """
[[grade_scheme]]
id = "us-letter"
order = ["A", "A-", "B+", "B", "B-", "C", "D", "F"]
fails = ["F", "W"]
passes = ["P"]
"""

MEMBERS = """
[[register]]
id = "consortium"
key = "issuer"
title = { en = "Members" }
[[register.edition]]
until = 2024-12-31
complete = true
source = "S0"
confirmed = true
rows = [{ code = "home" }, { code = "school" }]
[[register.edition]]
from = 2025-01-01
complete = true
source = "S0"
confirmed = true
rows = [{ code = "home" }, { code = "college" }]
"""


def gate(require: str, extra: str = "") -> str:
    """An eligibility rule with this condition; `extra` are further lines of it."""
    return f'[[eligibility]]\nid = "gate"\ntitle = {{ en = "Gate" }}\nrequire = {require}\n{extra}\nTERMS\n'


def answer(found: Recognition, award: str = "a") -> list[str]:
    """The status of an award, then the codes of its reasons."""
    decision = found.decision(award)
    return [decision.status, *(reason.code for reason in decision.reasons)]
