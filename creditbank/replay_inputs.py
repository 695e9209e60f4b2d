"""What a decision looked at, kept so that it can be made again: awards and uses as they stood, and what came of them.

The rest of the question (programme, day, facts …) is the request, which is kept beside the decision; the rules are the
pack, by its version; units and levels are tables of their own, by digest.
"""

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

from creditbank.errors import Refused
from recognition_rules.amount_text import text_of_amount
from recognition_rules.award import Award, Use
from recognition_rules.canonical import canonical
from recognition_rules.credits import parse_amount
from recognition_rules.errors import RuleError
from recognition_rules.levels import LevelTable
from recognition_rules.levels_pack import parse as parse_levels
from recognition_rules.packs import builtin
from recognition_rules.recognition import Recognition
from recognition_rules.units import UnitTable
from recognition_rules.units_pack import parse as parse_units

MOST_BYTES = 64 * 1024 * 1024
"""What packed inputs may grow to when they are opened."""

Outcome = dict[str, Any]
"""A result without its trace: `status`, `counted`, and lists of short rows; see `outcome_of`."""


class Tables(Protocol):
    """The units and the levels that rules are read with; the bank's office is one."""

    @property
    def units(self) -> UnitTable:
        """Units and ratios."""

    @property
    def levels(self) -> LevelTable:
        """Frameworks and maps."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """A learner's awards and the uses of them, as they stood when a decision was made."""

    awards: tuple[Award, ...]
    used: tuple[Use, ...]

    def to_json(self) -> dict[str, Any]:
        """Every award and use, in an order of their own."""
        uses = [use.to_json() for use in self.used]
        return {
            "awards": [award.to_json() for award in sorted(self.awards, key=lambda award: award.id)],
            "used": sorted(uses, key=canonical),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Inputs":
        """The inputs that `to_json` wrote. Raises Refused `inputs_malformed`."""
        try:
            awards = tuple(Award.from_json(award) for award in value["awards"])
            return cls(awards, tuple(_use(use) for use in value["used"]))
        except (AttributeError, KeyError, TypeError, ValueError, RuleError) as error:
            raise Refused("inputs_malformed", "The inputs of a decision are awards and uses.") from error

    def packed(self) -> bytes:
        """The canonical bytes, compressed: about a tenth of them, for awards resemble each other."""
        return zlib.compress(canonical(self.to_json()), 6)


def _use(value: Mapping[str, Any]) -> Use:
    amount = value.get("amount")
    return Use(**{**value, "amount": None if amount is None else parse_amount(amount)})


def unpacked(data: bytes) -> Inputs:
    """What `packed` wrote. Raises Refused `inputs_malformed`."""
    opened = zlib.decompressobj()
    try:
        text = opened.decompress(data, MOST_BYTES)
        if opened.unconsumed_tail or not opened.eof:
            raise Refused("inputs_malformed", "The inputs of a decision are cut off or too large.")
        return Inputs.from_json(json.loads(text))
    except (zlib.error, ValueError) as error:
        raise Refused("inputs_malformed", "The inputs of a decision cannot be read.") from error


def outcome_of(found: Recognition) -> Outcome:
    """What came of a decision, amounts as exact text.

    `awards` are rows of (id, status, counted, reasons as [code, rule]), `requirements` of (id, satisfied, shortfall),
    `entitlements` of (id, status), `obligations` of (id, discharged, amount), `measures` of (id, amount or None),
    `exits` of (id, status).
    """
    return {
        "status": found.status,
        "unit": found.unit,
        "counted": text_of_amount(found.totals["counted"]),
        "awards": [
            [each.award, each.status, text_of_amount(each.counted), [[why.code, why.rule] for why in each.reasons]]
            for each in found.decisions
        ],
        "requirements": [[each.id, each.satisfied, text_of_amount(each.shortfall)] for each in found.requirements],
        "entitlements": [[each.id, each.status] for each in found.entitlements],
        "obligations": [[each.id, _met(each.discharged), text_of_amount(each.amount)] for each in found.obligations],
        "measures": [
            [each.id, None if each.amount is None else text_of_amount(each.amount)] for each in found.measures
        ],
        "exits": [[each.id, each.status] for each in found.exits],
    }


def outcome_of_result(result: Mapping[str, Any]) -> Outcome:
    """The same, of a result as it is kept."""
    return {
        "status": result["status"],
        "unit": result["unit"],
        "counted": result["totals"]["counted"],
        "awards": [
            [each["award"], each["status"], each["counted"], [[why["code"], why["rule"]] for why in each["reasons"]]]
            for each in result["decisions"]
        ],
        "requirements": [[each["id"], each["satisfied"], each["shortfall"]] for each in result["requirements"]],
        "entitlements": [[each["id"], each["status"]] for each in result["entitlements"]],
        "obligations": [[each["id"], _met(each["discharged"]), each["amount"]] for each in result["obligations"]],
        "measures": [[each["id"], each["amount"]] for each in result["measures"]],
        "exits": [[each["id"], each["status"]] for each in result.get("exits", ())],
    }


def _met(discharged: bool) -> str:
    return "yes" if discharged else "no"


@cache
def shipped() -> Mapping[str, tuple[str, str]]:
    """The tables that this program ships, by digest: kind and text."""
    units, levels = builtin("units"), builtin("levels")
    return {parse_units(units).digest: ("units", units), parse_levels(levels).digest: ("levels", levels)}


def texts_of(tables: Tables) -> Sequence[tuple[str, str, str]]:
    """Digest, kind and text of the tables in use, as far as they are those that are shipped."""
    known = shipped()
    return [(digest, *known[digest]) for digest in (tables.units.digest, tables.levels.digest) if digest in known]
