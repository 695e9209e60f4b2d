"""Step 8, before the choice: which group of a limit an award falls into, and the bound there.

Everything but a share of what counted is known before any award is offered room. It rests on the awards that are
eligible, so it moves neither with the choice nor with the order of the walk.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from recognition_rules.amount_text import Exact, text_of_amount, total, whole
from recognition_rules.award import Award
from recognition_rules.calendars import Period
from recognition_rules.canonical import Json
from recognition_rules.conditions.atoms import missing
from recognition_rules.credits import parse_amount
from recognition_rules.errors import RuleError
from recognition_rules.input_errors import PolicyInvalid
from recognition_rules.pack import Limit
from recognition_rules.programme import Measure
from recognition_rules.rules.bounds import BY_EXIT, BY_PROGRAMME, FACT, attribute_of
from recognition_rules.stages.frame import Candidate, Frame
from recognition_rules.stages.placed import Placed
from recognition_rules.terms import Terms
from recognition_rules.truth import Finding, Truth


@dataclass(frozen=True, slots=True)
class Unsettled:
    """Why a group or a bound is not known."""

    findings: tuple[Finding, ...]


@dataclass(slots=True)
class Bounds:
    """The groups and bounds of one recognition; what has been worked out is kept."""

    frame: Frame
    known: dict[tuple[str, date, str | None, str | None], tuple[Terms, Exact] | Unsettled | None] = field(
        default_factory=dict
    )
    members: dict[str, tuple[tuple[Candidate, Award], ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # Awards may move into another class during the walk: who is registered is fixed before it.
        for limit in self.frame.pack.limits:
            if limit.bound.share_of == "counted" and self.frame.policy.items != "best":
                raise PolicyInvalid(
                    problem=f"'{limit.head.id}' limits a share of what counts, so items are chosen best"
                )
            if limit.bound.share_of in ("registered", "exit_award.total", "source.total") or limit.bound.key == BY_EXIT:
                self.members[limit.head.id] = tuple((each, each.award) for each in self.frame.eligible)

    def place(self, limit: Limit, award: Award) -> Placed | Unsettled | None:
        """The award's place in a limit that contains it; None where nothing bounds it, or why that is not known."""
        lacking = _lacking(limit, award)
        if lacking is not None:
            return _unknown(lacking)
        period = _period(limit, award)
        day = self._day(limit, period)
        if day is None:
            return _unknown("enrolled_on")
        group = group_of(limit, award, period)
        found = self.bound(limit, day, group, award)
        if found is None or isinstance(found, Unsettled):
            return found
        return Placed(group, period, found[1], found[0])

    def _day(self, limit: Limit, period: Period | None) -> date | None:
        """The day that picks the terms: the first of the period, of enrolment, or of the decision."""
        if limit.head.selector == "enrolment":
            return self.frame.situation.learner_day("enrolled_on")
        return period.start if period and limit.head.selector == "period" else self.frame.situation.on

    def bound(self, limit: Limit, day: date, group: str | None, award: Award) -> tuple[Terms, Exact] | Unsettled | None:
        """The terms in force that day and the bound they set in a group; None where there is none."""
        table_key = _value(limit.bound.key, award) if limit.bound.table and not limit.bound.of_programme else None
        key = (limit.head.id, day, None if limit.bound.of_programme else group, table_key)
        if key not in self.known:
            self.known[key] = self._bound(limit, day, group, award)
        return self.known[key]

    def _bound(
        self, limit: Limit, day: date, group: str | None, award: Award
    ) -> tuple[Terms, Exact] | Unsettled | None:
        terms = limit.head.on(day)
        amount = self._amount(limit, terms, group, award) if terms else None
        if terms is None or amount is None:
            return None
        if not isinstance(amount, Fraction):
            return amount
        if limit.bound.share_of is None:
            return terms, whole(limit.bound.rounded(amount))
        base = self._base(limit, group, amount)
        if not isinstance(base, Fraction):
            return base
        return terms, whole(self._share(limit, terms, group, amount, base))

    def _amount(self, limit: Limit, terms: Terms, group: str | None, award: Award) -> Fraction | Unsettled | None:
        """The bound's own figure: of the terms, of the table, or of the limit."""
        bound, key = limit.bound, limit.bound.key
        if bound.table is None:
            return bound.amount if terms.value is None else terms.value
        if key == BY_EXIT and self.frame.exit_award is None:
            return self._of_any_exit(limit, group)
        if key == BY_PROGRAMME:
            value: str | None = self.frame.programme.id
        else:
            value = self.frame.exit_award if key == BY_EXIT else _value(key, award)
        if value is None:
            return _unknown(key.removeprefix(FACT))
        return bound.table.get(value, bound.otherwise)

    def _of_any_exit(self, limit: Limit, group: str | None) -> Fraction | Unsettled | None:
        """Where nobody has chosen among the programme and its exit awards: known if no choice could matter."""
        table, otherwise = limit.bound.table or {}, limit.bound.otherwise
        names = (self.frame.programme.id, *(each.head.id for each in self.frame.exits()))
        figures = {table.get(name, otherwise) for name in names}
        if len(figures) == 1:
            return figures.pop()
        least = min(figure for figure in figures if figure is not None)
        if limit.bound.share_of is not None:
            return _unknown("exit_award")
        return least if self._offered(limit, group) <= limit.bound.rounded(least) else _unknown("exit_award")

    def _offered(self, limit: Limit, group: str | None) -> Fraction:
        """What the awards of a group bring that the limit contains, or may contain."""
        members = (each for each, award in self._in_group(limit, group) if self._contains(limit, award))
        return added_up(members, limit.measure)

    def _share(self, limit: Limit, terms: Terms, group: str | None, share: Fraction, base: Fraction) -> Fraction:
        """The share of the base, with its arithmetic in the trace."""
        if limit.bound.share_of == "counted":
            return share
        bound = limit.bound.rounded(share * base)
        if self.frame.trace.telling:
            words = f"{text_of_amount(share)} × {text_of_amount(base)} = {text_of_amount(share * base)}"
            words += f", rounded down to {text_of_amount(bound)}" if bound != share * base else ""
            inputs: dict[str, Json] = {"group": group, "base": limit.bound.share_of, "of": text_of_amount(base)}
            self.frame.trace.add("limits", "bound", rule=limit.head.id, terms=terms, inputs=inputs, arithmetic=words)
        return bound

    def _base(self, limit: Limit, group: str | None, share: Fraction) -> Fraction | Unsettled:
        base = limit.bound.share_of
        if base == "registered":
            return self._registered(limit, group)
        if base == "source.total":
            return self._source_total(limit, group)
        if base == "exit_award.total":
            return self._exit_total(limit, group, share)
        return Fraction(1) if base == "counted" else self.frame.programme.parts[str(base)]

    def _registered(self, limit: Limit, group: str | None) -> Fraction:
        among = limit.bound.among
        found = [
            each
            for each, award in self._in_group(limit, group)
            if among is None or self.frame.situation.truth(among, award) is Truth.YES
        ]
        return added_up(found, limit.measure)

    def _source_total(self, limit: Limit, group: str | None) -> Fraction | Unsettled:
        """What the awards of the group say that their qualification has in all; they must not disagree."""
        name = limit.bound.fact
        told = {award.facts[name] for _, award in self._in_group(limit, group) if name in award.facts}
        amounts = {_exact(value) for value in told}
        amount = next(iter(amounts), None)
        return amount if len(amounts) == 1 and amount is not None else _unknown(name)

    def _exit_total(self, limit: Limit, group: str | None, share: Fraction) -> Fraction | Unsettled:
        """Where the exit award is not chosen yet: known all the same if no choice of it could make a difference."""
        totals = self.frame.exit_totals()
        if not totals:
            return _unknown("exit_award")
        needless = self._offered(limit, group) <= limit.bound.rounded(share * min(totals))
        return min(totals) if len(totals) == 1 or needless else _unknown("exit_award")

    def _contains(self, limit: Limit, award: Award) -> bool:
        return self.frame.situation.truth(limit.where, award) is not Truth.NO

    def _in_group(self, limit: Limit, group: str | None) -> Iterator[tuple[Candidate, Award]]:
        for candidate, award in self.members.get(limit.head.id, ()):
            if _lacking(limit, award) is None and group_of(limit, award, _period(limit, award)) == group:
                yield candidate, award


def _unknown(fact: str) -> Unsettled:
    return Unsettled(missing(fact).findings)


def added_up(candidates: Iterator[Candidate] | Sequence[Candidate], measure: Measure) -> Fraction:
    """What awards bring before the choice: their credits, their number, or the number of courses they stand for."""
    if measure == "credits":
        return total(each.offered for each in candidates)
    return Fraction(len({each.award.id if measure == "items" else each.key for each in candidates}))


def group_of(limit: Limit, award: Award, period: Period | None) -> str | None:
    """The group: the period's label, what the award has under the key, or both."""
    if limit.per is None:
        return None if period is None else period.label
    value = _value(limit.per, award)
    return value if period is None else f"{period.label} · {value}"


def _period(limit: Limit, award: Award) -> Period | None:
    day: date | None = getattr(award, limit.date) if limit.calendar else None
    return limit.calendar.period(day) if limit.calendar and day else None


def _lacking(limit: Limit, award: Award) -> str | None:
    """The fact without which the award's group in a limit is not known."""
    if limit.calendar is not None and getattr(award, limit.date) is None:
        return limit.date
    return limit.per.removeprefix(FACT) if limit.per and _value(limit.per, award) is None else None


def _value(key: str, award: Award) -> str | None:
    if not key.startswith(FACT):
        value: str | None = getattr(award, attribute_of(key), None)
        return value
    fact = award.facts.get(key.removeprefix(FACT))
    return None if fact is None else str(fact)


def _exact(value: str | int) -> Fraction | None:
    if isinstance(value, bool):
        return None
    try:
        return Fraction(value) if isinstance(value, int) else parse_amount(value)
    except RuleError:
        return None
