"""Dated lists: whether a value was on the edition in force on a day, on several days, or all the time between two."""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from recognition_rules.amount_text import text_of_amount
from recognition_rules.award import Award
from recognition_rules.canonical import Json
from recognition_rules.conditions.atoms import missing
from recognition_rules.conditions.attributes import (
    DAYS,
    FACT,
    day_fact,
    day_of,
    fact_name,
    is_field,
    read_attribute,
    value_of,
)
from recognition_rules.reading.pack_reader import Node
from recognition_rules.reading.vocabulary import Edition, Register, Vocabulary
from recognition_rules.situation import Situation
from recognition_rules.truth import Edit, Finding, Truth, Verdict, both

Codes = tuple[str, str]
"""The reason codes for *not known* and for *not on the list*."""

_CODES: Codes = ("JUDGEMENT_NEEDED", "SOURCE_NOT_ELIGIBLE")
_ISSUER_CODES: Codes = ("ISSUER_STATUS_UNKNOWN", "ISSUER_NOT_ELIGIBLE")
_ISSUERS = ("issuer", "provider_root")


@dataclass(frozen=True, slots=True)
class Listed:
    """What the award has under a name is on the edition of a published list in force on each of the days.

    With `lapses` it must have stayed on the list from the first of these days to the day of the decision.
    """

    register: Register
    by: str
    days: tuple[str, ...]
    lapses: bool = False

    def judge(self, award: Award, situation: Situation) -> Verdict:
        """A code missing from an incomplete or unavailable edition is a matter for judgement, not a refusal."""
        days = [(name, day_of(name, award, situation)) for name in self.days]
        unknown = next((name for name, day in days if day is None), None)
        if unknown is not None:
            return missing(day_fact(unknown))
        code = value_of(award, self.by)
        if not isinstance(code, str):
            return missing(fact_name(self.by))
        known = [day for _, day in days if day is not None]
        if len(known) == 1 and not self.lapses:
            return self._on(award, code, known[0])
        throughout = self._throughout(code, min(known), situation.on) if self.lapses else ()
        return both([*(self._on(award, code, day) for day in known), *throughout])

    def _on(self, award: Award, code: str, day: date) -> Verdict:
        found = on_list(self.register, code, day, self._codes())
        edition = self.register.on(day)
        if found.truth is not Truth.YES or edition is None:
            return found
        return _worth(award, edition, code, {"list": self.register.id, "code": code, "as_at": day.isoformat()})

    def _throughout(self, code: str, first: date, last: date) -> list[Verdict]:
        """The first day of each edition since, and the first day of each time between editions."""
        days = {edition.start for edition in self.register.editions if edition.start and first < edition.start <= last}
        ends = (edition.until for edition in self.register.editions if edition.until)
        days |= {end + timedelta(days=1) for end in ends if first <= end < last}
        return [on_list(self.register, code, day, self._codes()) for day in sorted(days)]

    def _codes(self) -> Codes:
        return _ISSUER_CODES if self.by in _ISSUERS else _CODES


def on_list(register: Register, code: str, day: date, codes: Codes = _CODES) -> Verdict:
    """Whether the code stands on the edition in force that day; unknown where the edition cannot say."""
    edition = register.on(day)
    facts: dict[str, Json] = {"list": register.id, "code": code, "as_at": day.isoformat()}
    if edition is not None and code in edition.rows:
        return Verdict(Truth.YES, (), (f"{code} is on the list as at {day}",))
    if edition is not None and edition.complete:
        return Verdict(Truth.NO, (Finding(codes[1], facts),))
    edit = Edit("supply", {"fact": "judgement", "question": "listed"})
    return Verdict(Truth.UNKNOWN, (Finding(codes[0], facts, edit),))


def _worth(award: Award, edition: Edition, code: str, facts: dict[str, Json]) -> Verdict:
    listed: Fraction | None = edition.rows[code]
    if listed is None or award.amount.amount == listed:
        return Verdict(Truth.YES, (), (f"{facts['code']} is on the list as at {facts['as_at']}",))
    facts |= {"listed": text_of_amount(listed), "stated": text_of_amount(award.amount.amount)}
    # A figure that nobody has checked cannot refuse anybody: it can only ask.
    if not edition.confirmed:
        return Verdict(Truth.UNKNOWN, (Finding("TERM_UNCONFIRMED", facts),))
    return Verdict(Truth.NO, (Finding("SOURCE_NOT_ELIGIBLE", facts),))


def read_listed(node: Node, key: str, vocabulary: Vocabulary) -> Listed:
    """`listed = { list = "partners", by = "issuer", as_at = "received_on" }`; raises `PackInvalid`.

    Without `by` the list's own `key` says what is looked up. `as_at` may be a list of days; `removed_later` says what
    becomes of what was taken off the list after the first of them, as it does for accreditation.
    """
    child = node.child(key)
    register = vocabulary.registers[child.choice("list", vocabulary.registers)]
    days = child.words("as_at", DAYS) if isinstance(child.values.get("as_at"), list) else (child.choice("as_at", DAYS),)
    later = child.choice("removed_later", ("stays", "asks-again", "lapses"), "stays")
    days = tuple(dict.fromkeys((*days, *(("decision",) if later == "asks-again" else ()))))
    own = register.key if is_field(register.key) else FACT + register.key
    atom = Listed(register, read_attribute(child, "by", own), days, later == "lapses")
    child.done()
    return atom
