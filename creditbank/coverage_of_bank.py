"""Which outcome types of the bank's learners no rule of a pack matches: counted by one query, asked of the rules."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from creditbank.bank import Bank
from creditbank.errors import Refused
from creditbank.store import population
from recognition_rules.authoring.coverage import Gap, OutcomeType, coverage
from recognition_rules.levels import Level
from recognition_rules.pack import Pack


@dataclass(frozen=True, slots=True)
class CoverageOfBank:
    """The use case."""

    bank: Bank

    def types(self) -> list[OutcomeType]:
        """What kinds of credited outcomes the bank holds, the most frequent first."""
        return [_type(dict(row._mapping)) for row in self.bank.run(population.outcome_types)]

    def gaps(self, pack: Pack) -> tuple[Gap, ...]:
        """The types that no programme of the pack has a rule for, as of today."""
        office = self.bank.office
        return coverage(pack, self.types(), on=office.today(), units=office.units, levels=office.levels)


@dataclass(frozen=True, slots=True)
class Types:
    """Outcome types of a file, and the day as of which they are asked about."""

    on: date
    types: Sequence[OutcomeType]


def read_types(data: bytes) -> Types:
    """Types from JSON: `{"on": "2026-09-01", "types": [{"unit": …, "source": …}]}`.

    Raises Refused `types_malformed`.
    """
    try:
        found = json.loads(data)
        return Types(date.fromisoformat(found["on"]), [_type(each) for each in found["types"]])
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Refused("types_malformed", "Outcome types are JSON with a day (on) and a list (types).") from error


def _type(row: dict[str, Any]) -> OutcomeType:
    level = row.get("level")
    ended = row.get("ended_on")
    return OutcomeType(
        unit=row["unit"],
        source=row.get("source"),
        course_class=row.get("course_class"),
        level=Level(row["framework"], Fraction(level)) if level else None,
        issuer=row.get("issuer") or "any",
        achievement=row.get("achievement"),
        country=row.get("country"),
        ended_on=date.fromisoformat(ended) if ended else None,
        outcomes=int(row.get("outcomes", 1)),
        learners=int(row.get("learners", 1)),
    )
