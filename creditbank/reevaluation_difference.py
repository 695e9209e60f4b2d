"""How two outcomes of one question differ: in numbers, and in sentences for the learner whose record it is."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Final

from creditbank.notice_words import NoticeTeller
from creditbank.replay_inputs import Outcome
from recognition_rules.amount_text import text_of_amount
from recognition_rules.explain_names import Names

Difference = dict[str, Any]
"""Pairs are [before, after]; `awards`, `requirements` and the other lists hold only what changed."""

NOTHING: Final[Outcome] = {
    "status": "absent", "unit": "", "counted": "0", "awards": [], "requirements": [], "entitlements": [],
    "obligations": [], "measures": [], "exits": [],
}  # fmt: skip
"""What stood before where nothing had been decided."""

_NO_AWARD: Final = ["", "absent", "0", []]
_NO_REQUIREMENT: Final = ["", "absent", "0"]
_NO_ENTITLEMENT: Final = ["", "absent"]
_NO_OBLIGATION: Final = ["", "absent", "0"]
_NO_MEASURE: Final = ["", None]


def difference(before: Outcome, after: Outcome) -> Difference:
    """What changed from one outcome to the other; amounts are exact text, in the programme's unit."""
    return {
        "status": [before["status"], after["status"]],
        "unit": after["unit"],
        "counted": _amounts(before["counted"], after["counted"]),
        "awards": [
            {"award": award, **_amounts(old[2], new[2]), "status": [old[1], new[1]], "reasons": [old[3], new[3]]}
            for award, old, new in _changed(before["awards"], after["awards"], _NO_AWARD)
        ],
        "requirements": [
            {"id": name, "satisfied": [old[1], new[1]], "shortfall": [old[2], new[2]]}
            for name, old, new in _changed(before["requirements"], after["requirements"], _NO_REQUIREMENT)
        ],
        "entitlements": [
            {"id": name, "status": [old[1], new[1]]}
            for name, old, new in _changed(before["entitlements"], after["entitlements"], _NO_ENTITLEMENT)
        ],
        "obligations": [
            {"id": name, "discharged": [old[1], new[1]], "amount": [old[2], new[2]]}
            for name, old, new in _told_of_both(before, after, "obligations", _NO_OBLIGATION)
        ],
        "measures": [
            {"id": name, "amount": [old[1], new[1]]}
            for name, old, new in _told_of_both(before, after, "measures", _NO_MEASURE)
        ],
        "exits": [
            {"id": name, "status": [old[1], new[1]]}
            for name, old, new in _told_of_both(before, after, "exits", _NO_ENTITLEMENT)
        ],
    }


def _told_of_both(
    before: Outcome, after: Outcome, part: str, absent: list[Any]
) -> Iterator[tuple[str, list[Any], list[Any]]]:
    """What changed in a part that outcomes kept long ago do not tell of: of those nothing is said."""
    if part not in before or part not in after:
        return iter(())
    return _changed(before[part], after[part], absent)


def is_material(found: Difference) -> bool:
    """Whether anything changed that a learner could rest on: status, amounts, what is met, open, owed or summed.

    A difference that was kept long ago may lack the last three parts.
    """
    same_status = found["status"][0] == found["status"][1]
    amounts = any(award["change"] != "0" for award in found["awards"])
    return not same_status or amounts or any(found.get(part) for part in _PARTS)


_PARTS: Final = ("requirements", "entitlements", "obligations", "measures", "exits")


def _amounts(before: str, after: str) -> dict[str, str]:
    return {"before": before, "after": after, "change": text_of_amount(Fraction(after) - Fraction(before))}


def _changed(before: Any, after: Any, absent: list[Any]) -> Iterator[tuple[str, list[Any], list[Any]]]:
    """Rows by their first member, where they are not the same in both."""
    old, new = ({row[0]: row for row in rows} for rows in (before, after))
    for name in sorted({*old, *new}):
        one, other = old.get(name, absent), new.get(name, absent)
        if list(one[1:]) != list(other[1:]):
            yield name, one, other


def sentences(found: Difference, language: str = "en", names: Names | None = None) -> list[str]:
    """The difference in words; a language without sentences falls back to English.

    `names` lend titles to awards and rules; without them ids stand for themselves.
    """
    return list(NoticeTeller(found, language, names or Names(language, None, "", {})).lines())
