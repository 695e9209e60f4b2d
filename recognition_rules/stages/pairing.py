"""Which awards could stand for which courses, and whether what is asked of the source holds."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from recognition_rules.amount_text import text_of_amount, total
from recognition_rules.award import Award
from recognition_rules.canonical import Json
from recognition_rules.conditions.levels import LevelAtLeast
from recognition_rules.normalisers import equivalence_key
from recognition_rules.rules.courses import Course
from recognition_rules.rules.matches import QUESTION, Match, Record
from recognition_rules.rules.table_rows import SEPARATOR
from recognition_rules.stages.frame import Candidate, Frame
from recognition_rules.terms import RuleHead, Terms
from recognition_rules.truth import YES, Finding, Truth, Verdict, both


@dataclass(frozen=True, slots=True)
class Pairing:
    """Awards that together stand for all of the courses, by the rule that says so.

    `credits_` replaces the credits of a single course, where a table says what is recorded.
    """

    head: RuleHead
    terms: Terms
    awards: tuple[Candidate, ...]
    courses: tuple[Course, ...]
    record: Record
    source_amount: bool = False
    source_level: bool = False
    kind: str | None = None
    surplus_to: str | None = None
    row: str | None = None
    credits_: Fraction | None = None

    @property
    def target(self) -> Fraction:
        """The credits of all its courses."""
        return total(each.credits for each in self.courses) if self.credits_ is None else self.credits_

    @property
    def source(self) -> Fraction | None:
        """What the awards are worth together; None where that is not known of each."""
        if any(each.price.truth is not Truth.YES for each in self.awards):
            return None
        return total(each.worth for each in self.awards)

    @property
    def needs_source(self) -> bool:
        """Whether the worth of the awards makes a difference."""
        return self.source_amount or self.record != "target" or self.surplus_to is not None

    def verdict(self, frame: Frame) -> Verdict:
        """Whether the source is as large and as high as the target, where that is asked."""
        found = [self._amount()] if self.source_amount else []
        if self.source_level:
            found += [self._level(each.award, frame) for each in self.awards]
        return both(found) if found else YES

    def _amount(self) -> Verdict:
        source = self.source
        if source is None:
            lacking = next(each.price for each in self.awards if each.price.truth is not Truth.YES)
            return Verdict(lacking.truth, (lacking.finding,) if lacking.finding else ())
        have, needed = text_of_amount(source), text_of_amount(self.target)
        if source >= self.target:
            return Verdict(Truth.YES, (), (f"{have} ≥ {needed}",))
        facts: dict[str, Json] = {"have": have, "needed": needed, "courses": [each.id for each in self.courses]}
        return Verdict(Truth.NO, (Finding("SOURCE_SMALLER", facts),), (f"{have} < {needed}",))

    def _level(self, award: Award, frame: Frame) -> Verdict:
        levels = [each.level for each in self.courses if each.level is not None]
        return both([LevelAtLeast(level).judge(award, frame.situation) for level in levels])


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The articulations and courses in force for this programme on this day."""

    frame: Frame
    courses: Mapping[str, Course]
    matches: tuple[tuple[Match, Terms], ...]

    def groups(self) -> Iterator[tuple[Match, Terms, tuple[Course, ...]]]:
        """Named articulations of several awards, or for several courses, in the order of the pack."""
        for match, terms in self.matches:
            courses = self._known(match.to)
            if match.by == "named" and courses and (len(match.needs) > 1 or len(courses) > 1):
                yield match, terms, courses

    def options(self, candidate: Candidate) -> list[Pairing]:
        """The courses that one award could stand for, the named before the general."""
        found = [*self._named(candidate), *self._by_table(candidate)]
        return [*found, *self._general(candidate)]

    def _named(self, candidate: Candidate) -> Iterator[Pairing]:
        for match, terms in self.matches:
            courses = self._known(match.to)
            if match.by == "named" and len(match.needs) == len(courses) == 1 and self.fits(match, 0, candidate):
                yield pairing(match, terms, (candidate,), courses)

    def fits(self, match: Match, need: int, candidate: Candidate) -> bool:
        """Whether an award is the one that an articulation needs."""
        return match.needs[need].judge(candidate.award, self.frame.situation).truth is Truth.YES

    def _by_table(self, candidate: Candidate) -> Iterator[Pairing]:
        said = candidate.directions.get("course")
        courses = self._known(_listed(str(said.value))) if said else ()
        if said is None or not courses:
            return
        credits_, record = candidate.directions.get("credits"), candidate.directions.get("record")
        amount = credits_.value if credits_ and isinstance(credits_.value, Fraction) else None
        for match, terms in self._concerning("table", candidate):
            found = pairing(match, terms, (candidate,), courses, row=said.row, credits_=amount)
            yield found if record is None else _recorded(found, str(record.value))
            return
        yield Pairing(
            head=said.head,
            terms=said.terms,
            awards=(candidate,),
            courses=courses,
            record=_record(str(record.value)) if record else "target",
            row=said.row,
            credits_=amount,
        )

    def _general(self, candidate: Candidate) -> Iterator[Pairing]:
        for by in ("judgement", "achievement", "title-core", "title-family", "fact:"):
            for match, terms in self._concerning(by, candidate):
                for courses in self._courses(match, candidate.award):
                    yield pairing(match, terms, (candidate,), courses)

    def _concerning(self, by: str, candidate: Candidate) -> Iterator[tuple[Match, Terms]]:
        for match, terms in self.matches:
            same = match.by.startswith(by) if by.endswith(":") else match.by == by
            if same and self.frame.situation.truth(match.where, candidate.award) is Truth.YES:
                yield match, terms

    def _courses(self, match: Match, award: Award) -> list[tuple[Course, ...]]:
        if match.by == "judgement":
            return [(course,) for course in self._known(tuple(self._judged(award)))]
        if match.by.startswith("fact:"):
            said = award.facts.get(match.by.removeprefix("fact:"))
            courses = self._known(_listed(said)) if isinstance(said, str) else ()
            return [courses] if courses else []
        key = award.achievement if match.by == "achievement" else equivalence_key(award, match.by)
        return [(course,) for course in self._known(match.index.get(key or "", ()))]

    def _judged(self, award: Award) -> Iterator[str]:
        """Courses of which somebody's latest good judgement says that the award matches them."""
        situation = self.frame.situation
        good = [each for each in situation.judgements if each.question == QUESTION and each.good_on(situation.on)]
        mine = [each for each in good if each.award == award.id and each.target is not None]
        for course in sorted({each.target or "" for each in mine}):
            about = [each for each in mine if each.target == course]
            latest = max(each.signed_on for each in about)
            if {each.answer for each in about if each.signed_on == latest} == {True}:
                yield course

    def _known(self, names: Sequence[str]) -> tuple[Course, ...]:
        return tuple(self.courses[name] for name in names if name in self.courses)


def catalogue(frame: Frame) -> Catalogue:
    """What is in force of the pack's courses and articulations."""
    programme, on = frame.programme.id, frame.situation.on
    courses = {name: each for name, each in frame.pack.courses.items() if each.concerns(programme, on)}
    dated = ((match, match.head.on(on)) for match in frame.pack.matches if match.head.concerns(programme))
    return Catalogue(frame, courses, tuple((match, terms) for match, terms in dated if terms is not None))


def pairing(
    match: Match,
    terms: Terms,
    awards: tuple[Candidate, ...],
    courses: tuple[Course, ...],
    *,
    row: str | None = None,
    credits_: Fraction | None = None,
) -> Pairing:
    """The awards and courses under the conditions of an articulation."""
    return Pairing(
        head=match.head,
        terms=terms,
        awards=awards,
        courses=courses,
        record=match.record,
        source_amount=match.source_amount,
        source_level=match.source_level,
        kind=match.kind,
        surplus_to=match.surplus_to,
        row=row,
        credits_=credits_,
    )


def _recorded(found: Pairing, record: str) -> Pairing:
    return replace(found, record=_record(record))


def _record(word: str) -> Record:
    return "source" if word == "source" else "minimum" if word == "minimum" else "target"


def _listed(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.strip() for each in text.split(SEPARATOR)))
