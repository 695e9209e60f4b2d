"""Recomputes a recognition from its JSON alone, by hand as it were: every line of arithmetic, every sum, every total.

Nothing of the engine is used. `complaints` answers sentences about what does not add up; an honest answer has none.
"""

import math
import operator
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

Json = Mapping[str, Any]
Value = Fraction | tuple[Fraction, Fraction] | date

_NUMBER = r"-?\d+(?:\.\d+|/\d+)?"
_DAY = r"\d{4}-\d{2}-\d{2}"
_RELATION = {"=": operator.eq, "≤": operator.le, "≥": operator.ge, "<": operator.lt, ">": operator.gt}
_HOLDS = {"room", "satisfied", "open", "bound", "passed"}
_FAILS = {"refused", "not_open"}
_COMPARING = {"choose", "requirements", "exits", "milestones"}
_FALLING = {True: ">", False: "<"}


def complaints(found: Json) -> list[str]:
    """What does not add up in a recognition, one sentence each."""
    checks = (_decisions, _totals, _requirements, _steps, _told, _rooms, _entitlements, _objectives)
    return [sentence for check in checks for sentence in check(found)]


def amount(text: str) -> Fraction:
    """An exact amount such as "20/3" or "13.5"."""
    return Fraction(text)


def _decisions(found: Json) -> Iterator[str]:
    for each in found["decisions"]:
        counted, conditional = amount(each["counted"]), amount(each["conditional"])
        against = sum((amount(reason["amount"]) for reason in each["reasons"]), Fraction(0))
        if amount(each["amount"]) != counted + conditional + against:
            yield f"{each['award']}: {each['amount']} is not {counted} + {conditional} + {against}"
        if min(counted, conditional) < 0 or any(amount(reason["amount"]) < 0 for reason in each["reasons"]):
            yield f"{each['award']}: something is below nought"
        if not _status_fits(each, counted, conditional):
            yield f"{each['award']}: {each['status']} with {counted} of {each['amount']} counted"
        for name in ("amount", "counted", "conditional") if each.get("parts") else ():
            if amount(each[name]) != sum((amount(part[name]) for part in each["parts"]), Fraction(0)):
                yield f"{each['award']}: its parts do not add up to its {name}"


def _status_fits(each: Json, counted: Fraction, conditional: Fraction) -> bool:
    whole = amount(each["amount"])
    return {
        "counted": counted == whole,
        "partly": counted + conditional > 0,
        "conditional": conditional > 0,
        "waived": counted + conditional < whole or whole == 0,
        "not_counted": counted == conditional == 0 and bool(each["reasons"]),
        "undetermined": counted == conditional == 0 and bool(each["reasons"]),
    }[str(each["status"])]


def _totals(found: Json) -> Iterator[str]:
    totals = {name: amount(text) for name, text in found["totals"].items()}
    rounded = totals.get("rounded_away", Fraction(0))
    parts = ("counted", "conditional", "not_counted", "undetermined")
    if totals["submitted"] != sum((totals[name] for name in parts), rounded):
        yield f"totals: {found['totals']} do not add up"
    sums = {
        name: sum((amount(each[name]) for each in found["decisions"]), Fraction(0)) for name in ("amount", *parts[:2])
    }
    if (sums["amount"], sums["counted"], sums["conditional"]) != (
        totals["submitted"],
        totals["counted"] + rounded,
        totals["conditional"],
    ):
        yield f"totals: {found['totals']} are not those of the decisions"


def _requirements(found: Json) -> Iterator[str]:
    results = [*found["requirements"], *(each for way in found.get("exits", ()) for each in way["requirements"])]
    for each in results:
        needed, have = amount(each["needed"]), amount(each["have"])
        if (amount(each["shortfall"]), amount(each["surplus"])) != (max(needed - have, 0), max(have - needed, 0)):
            yield f"{each['id']}: shortfall or surplus of {have} for {needed}"
        if each["satisfied"] == "yes" and have < needed:
            yield f"{each['id']}: satisfied with {have} of {needed}"
        if each["satisfied"] == "no" and have >= needed:
            yield f"{each['id']}: not satisfied with {have} of {needed}"
    counted = {each["award"]: amount(each["counted"]) for each in found["decisions"]}
    seats: dict[str, Fraction] = defaultdict(Fraction)
    for each in found["requirements"]:
        for seat in each["awards"] if each["kind"] == "slot" else ():
            seats[seat["award"]] += amount(seat["amount"])
    yield from (f"{award}: {sat} in slots" for award, sat in seats.items() if sat not in (1, min(sat, counted[award])))


def _steps(found: Json) -> Iterator[str]:
    for number, step in enumerate(found["steps"]):
        where = f"step {step['n']} ({step['stage']}, {step['rule']})"
        if step["n"] != number:
            yield f"{where} is the {number}th"
        if step["arithmetic"] is not None:
            yield from (f"{where}: {problem}" for problem in _arithmetic(step))
    known = {each["award"]: set(each["steps"]) for each in found["decisions"]}
    for award, numbers in known.items():
        owners = {found["steps"][number]["award"] for number in numbers}
        if not owners <= {award, None}:
            yield f"{award}: its steps are those of {owners}"
    for step in found["steps"]:
        if step["award"] is not None and step["n"] not in known.get(step["award"], ()):
            yield f"step {step['n']} ({step['stage']}, {step['rule']}) is not among those of {step['award']}"


def _arithmetic(step: Json) -> Iterator[str]:
    """Each relation in a line must be true, and what the line comes to must fit the step's result."""
    pieces = [_piece(piece) for piece in str(step["arithmetic"]).split("; ")]
    for wrong, _ in pieces:
        yield from wrong
    signs = [sign for _, found in pieces for sign in found]
    if not signs or step["stage"] not in _COMPARING:
        return
    fails = any(sign in _FALLING[step["stage"] == "choose"] for sign in signs)
    if (step["result"] in _HOLDS and fails) or (step["result"] in _FAILS and not fails):
        yield f"{step['arithmetic']} is said to be {step['result']}"


def _piece(piece: str) -> tuple[list[str], list[str]]:
    """Complaints about one chain such as "21 + 3 = 24 ≤ 24", and its comparisons."""
    text = re.sub(r" for now|^(attendance|score) | h\b|, of which the low end .*$", "", piece)
    chain, _, rounded = text.partition(", rounded ")
    words = re.split(r" ([=≤≥<>]) ", chain)
    values = [_value(each) for each in words[::2]]
    if None in values or len(values) < 2:
        return [], []
    wrong = [
        f"{piece} is not true"
        for left, sign, right in zip(values[:-1], words[1::2], values[1:], strict=True)
        if not _RELATION[sign](left, right)
    ]
    last = values[-1]
    if rounded.startswith("down to ") and isinstance(last, Fraction) and Fraction(rounded[8:]) != math.floor(last):
        wrong.append(f"{piece} is not rounded down")
    return wrong, [sign for sign in words[1::2] if sign != "="]


def _value(text: str) -> Value | None:
    """What a side of a relation comes to: a number, a range, a day; None where it is no arithmetic."""
    text = text.removesuffix(" %").strip()
    if re.fullmatch(_DAY, text):
        return date.fromisoformat(text)
    found = re.fullmatch(rf"({_NUMBER}) to ({_NUMBER})", text)
    if found:
        return Fraction(found[1]), Fraction(found[2])
    sums = [_product(each) for each in text.split(" + ")]
    if None in sums:
        return None
    low, high = (sum((each[end] for each in sums if each), Fraction(0)) for end in (0, 1))
    return low if low == high else (low, high)


def _product(text: str) -> tuple[Fraction, Fraction] | None:
    words = re.split(r" ([×÷]) ", text)
    ends = [_range(each) for each in words[::2]]
    low = high = Fraction(1)
    for sign, end in zip(["×", *words[1::2]], ends, strict=True):
        if end is None:
            return None
        low, high = (low * end[0], high * end[1]) if sign == "×" else (low / end[1], high / end[0])
    return low, high


def _range(text: str) -> tuple[Fraction, Fraction] | None:
    found = re.fullmatch(rf"\(?({_NUMBER})(?: to ({_NUMBER}))?\)?", text)
    return (Fraction(found[1]), Fraction(found[2] or found[1])) if found else None


def _told(found: Json) -> Iterator[str]:
    """A requirement's step tells the same numbers as the requirement."""
    results = {each["id"]: each for each in found["requirements"]}
    for step in found["steps"]:
        each = results.get(step["rule"]) if step["stage"] == "requirements" else None
        for name in ("needed", "have") if each else ():
            if name in step["inputs"] and each and amount(step["inputs"][name]) != amount(each[name]):
                yield f"{step['rule']}: {name} {step['inputs'][name]} in the trace, {each[name]} in the answer"


def _rooms(found: Json) -> Iterator[str]:
    """Room in a limit: what was used is what those with room before have taken, and nothing is above the limit."""
    decided = {each["award"]: each for each in found["decisions"]}
    taken: dict[tuple[str, str | None], set[Fraction]] = defaultdict(lambda: {Fraction(0)})
    for step in found["steps"]:
        if step["stage"] != "choose" or step["result"] not in ("room", "refused", "cut"):
            continue
        inputs, key = step["inputs"], (step["rule"], step["inputs"]["group"])
        one = amount(inputs["asked"])
        if one + amount(inputs["used"]) > amount(inputs["limit"]) and step["result"] == "room":
            yield f"{key}: {step['award']} has no room"
        counts = amount(decided[step["award"]]["counted"]) + amount(decided[step["award"]]["conditional"])
        if step["result"] == "room" and counts:
            if amount(inputs["used"]) not in taken[key]:
                yield f"{key}: {inputs['used']} used before {step['award']}, {taken[key]} taken"
            # Of a limit in credits a part takes what counts of it, of one on the number of awards it takes one.
            asked = {min(one, counts)} | ({one} if one == 1 else set())
            taken[key] = {amount(inputs["used"]) + each for each in asked}


def _entitlements(found: Json) -> Iterator[str]:
    for each in found["entitlements"]:
        if (each["status"] == "open") != (amount(each["have"]) >= amount(each["needed"])) and each["status"] in (
            "open",
            "not_open",
        ):
            yield f"{each['id']}: {each['status']} with {each['have']} of {each['needed']}"


def _objectives(found: Json) -> Iterator[str]:
    for each in found["objectives"]:
        if each["name"] == "counted" and amount(each["value"]) != sum(
            (amount(decision["counted"]) for decision in found["decisions"]), Fraction(0)
        ):
            yield f"the objective counted is {each['value']}"
