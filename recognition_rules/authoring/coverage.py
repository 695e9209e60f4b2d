"""Which outcome types no rule of a pack matches: what learners hold and the pack does not know what to do with."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from recognition_rules.award import Award
from recognition_rules.canonical import Json
from recognition_rules.credits import Credits
from recognition_rules.decision import Decision
from recognition_rules.errors import RuleError
from recognition_rules.levels import Level, LevelTable
from recognition_rules.pack import Pack
from recognition_rules.recognise import recognise
from recognition_rules.units import UnitTable

UNMATCHED = ("UNCLASSIFIED", "SOURCE_NOT_ELIGIBLE", "UNIT_NOT_CONVERTIBLE", "HOURS_RANGE")
"""Reasons that say that the pack has no rule for an award of this type, rather than that this award falls short."""


@dataclass(frozen=True, slots=True)
class OutcomeType:
    """Outcomes that are alike: the unit, what the issuer says of them, and how many there are of how many learners."""

    unit: str
    source: str | None = None
    course_class: str | None = None
    area: str | None = None
    level: Level | None = None
    issuer: str = "any"
    achievement: str | None = None
    country: str | None = None
    ended_on: date | None = None
    outcomes: int = 1
    learners: int = 1

    def to_json(self) -> dict[str, Json]:
        """The shape for programs."""
        level = {"framework": self.level.framework, "value": str(self.level.value)} if self.level else None
        return {
            "unit": self.unit, "source": self.source, "class": self.course_class, "area": self.area, "level": level,
            "issuer": self.issuer, "achievement": self.achievement, "country": self.country,
            "ended_on": self.ended_on.isoformat() if self.ended_on else None,
            "outcomes": self.outcomes, "learners": self.learners,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Gap:
    """An outcome type that no programme of the pack has a rule for: the codes of the reasons, by programme."""

    type: OutcomeType
    reasons: Mapping[str, tuple[str, ...]]

    def to_json(self) -> dict[str, Json]:
        """The shape for programs."""
        return {"type": self.type.to_json(), "reasons": {name: list(codes) for name, codes in self.reasons.items()}}


def coverage(
    pack: Pack, types: Iterable[OutcomeType], *, on: date, units: UnitTable, levels: LevelTable | None = None
) -> tuple[Gap, ...]:
    """The types that no rule matches in any programme, those with most outcomes first.

    Each type is tried as one award of one credit. An award that is refused for its own sake (a score, a date, a fact
    that is not known) is matched; one of a source, class or unit that the pack does not know is a gap.
    """
    gaps = []
    for each in types:
        reasons = {name: _reasons(pack, name, each, on, units, levels) for name in pack.programmes}
        if all(reasons.values()):
            gaps.append(Gap(each, reasons))
    return tuple(sorted(gaps, key=lambda gap: (-gap.type.outcomes, repr(gap.type))))


def _reasons(
    pack: Pack, programme: str, each: OutcomeType, on: date, units: UnitTable, levels: LevelTable | None
) -> tuple[str, ...]:
    """Why nothing in the programme matches the type; nothing where something does."""
    unknown = _unknown_words(pack, each)
    if unknown:
        return unknown
    try:
        found = recognise([_award(each, on)], programme, pack, None, on, units=units, levels=levels)
    except RuleError as error:
        return (error.code.upper(),)
    return _unmatched(found.decisions)


def _unmatched(decisions: Sequence[Decision]) -> tuple[str, ...]:
    codes = {reason.code for decision in decisions for reason in decision.reasons}
    return tuple(sorted(code for code in codes if code in UNMATCHED))


def _unknown_words(pack: Pack, each: OutcomeType) -> tuple[str, ...]:
    """Words that the issuer uses and the pack does not have, unless a table of the pack looks them up."""
    looked_up = {column for table in pack.tables for column in table.columns.looked_up()}
    source = each.source is not None and each.source not in pack.sources and "source" not in looked_up
    return ("SOURCE_NOT_ELIGIBLE",) if source else ()


def _award(each: OutcomeType, on: date) -> Award:
    return Award(
        id="outcome",
        issuer=each.issuer,
        amount=Credits(Fraction(1), each.unit),
        title={"und": each.achievement or "outcome"},
        achievement=each.achievement,
        country=each.country,
        source=each.source,
        course_class=each.course_class,
        area=each.area,
        level=each.level,
        ended_on=each.ended_on or on,
        awarded_on=each.ended_on or on,
        received_on=on,
        sequence=1,
        score=Fraction(100),
        attendance=Fraction(1),
        issuer_accredited=True,
    )
