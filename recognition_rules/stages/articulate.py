"""Step 6, first half: which eligible awards stand for which courses of the target, and by which rule.

Every award is used once, every course is satisfied once. Articulations of several awards, or for several courses,
come first, in the order of the pack; then single awards are put to single courses, so that as many courses as
possible are satisfied, each award taking what is named before what is general. What finds its course taken by a single
award competes with it in the choice, as twins do; otherwise it is a duplicate. What is smaller than asked is refused;
what is not known yet takes no course away.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from recognition_rules.canonical import Json
from recognition_rules.rules.courses import Course
from recognition_rules.rules.matches import Match, half_known
from recognition_rules.stages.augmenting import assign_courses
from recognition_rules.stages.course_parts import SURPLUS, parts_of
from recognition_rules.stages.frame import Candidate, Frame
from recognition_rules.stages.ladders import supersede
from recognition_rules.stages.pairing import Catalogue, Pairing, catalogue, pairing
from recognition_rules.stages.rivals import compete
from recognition_rules.terms import RuleHead, Terms
from recognition_rules.truth import Edit, Finding, Truth


def articulate(candidates: Sequence[Candidate], frame: Frame) -> list[Candidate]:
    """The candidates, one for each course an award stands for; those without an articulation stay as they are."""
    supersede(candidates, frame)
    if not frame.pack.courses:
        return list(candidates)
    return Articulation(frame, catalogue(frame), list(candidates)).carried_out()


@dataclass(slots=True)
class Articulation:
    """The plan as it grows: which courses are taken by which awards, and the parts of each award."""

    frame: Frame
    catalogue: Catalogue
    candidates: list[Candidate]
    taken: dict[str, list[str]] = field(default_factory=dict)
    parts: dict[str, list[Candidate]] = field(default_factory=dict)
    smaller: dict[str, Pairing] = field(default_factory=dict)
    known: dict[str, list[Pairing]] = field(default_factory=dict)
    placed: dict[str, Pairing] = field(default_factory=dict)

    def carried_out(self) -> list[Candidate]:
        """All candidates in their order, those that stand for courses replaced by their parts."""
        self._groups()
        self._several_courses()
        self._singles()
        self._companions()
        for candidate in self._free(known=True):
            self._left_over(candidate)
        self._not_yet_known()
        return [part for each in self.candidates for part in self.parts.get(each.award.id, [each])]

    def _options(self, candidate: Candidate) -> list[Pairing]:
        """What a single award could stand for, worked out once."""
        name = candidate.award.id
        if name not in self.known:
            self.known[name] = self.catalogue.options(candidate)
        return self.known[name]

    def _free(self, *, known: bool) -> list[Candidate]:
        """Awards that stand for nothing yet: the open ones, or those of which something is not known."""
        unplaced = [each for each in self.candidates if each.award.id not in self.parts and not each.against]
        return [each for each in unplaced if bool(each.unknown) != known]

    def _groups(self) -> None:
        for match, terms, courses in self.catalogue.groups():
            while any(course.id not in self.taken for course in courses):
                awards = self._needed(match, self._free(known=True))
                if awards is None or not self._place(pairing(match, terms, awards, courses)):
                    break

    def _needed(self, match: Match, free: Sequence[Candidate]) -> tuple[Candidate, ...] | None:
        """One award for each need, the first in order that complete it; None where one is lacking."""
        chosen: list[Candidate] = []

        def complete(need: int) -> bool:
            if need == len(match.needs):
                return True
            for each in free:
                if each not in chosen and self.catalogue.fits(match, need, each):
                    chosen.append(each)
                    if complete(need + 1):
                        return True
                    chosen.pop()
            return False

        return tuple(chosen) if complete(0) else None

    def _several_courses(self) -> None:
        """Single awards for which a table or a fact names several courses at once."""
        for candidate in self._free(known=True):
            for option in self._options(candidate):
                free = any(course.id not in self.taken for course in option.courses)
                if len(option.courses) > 1 and free and self._place(option):
                    break

    def _singles(self) -> None:
        options = {each.award.id: self._allowed(each) for each in self._free(known=True)}
        for option in assign_courses(options, frozenset(self.taken)):
            self._place(option)

    def _allowed(self, candidate: Candidate) -> list[Pairing]:
        """The single courses that the award is large and high enough for."""
        single = [each for each in self._options(candidate) if len(each.courses) == 1]
        allowed = [each for each in single if each.verdict(self.frame).truth is Truth.YES]
        failing = [each for each in single if each not in allowed]
        if failing:
            self.smaller.setdefault(candidate.award.id, failing[0])
        return allowed

    def _place(self, found: Pairing) -> bool:
        """Puts the awards into the courses; a pairing that fails what it asks takes nothing."""
        if found.verdict(self.frame).truth is not Truth.YES:
            for each in found.awards:
                self.smaller.setdefault(each.award.id, found)
            return False
        made = parts_of(found, self.frame, self.taken)
        for part in made:
            self.parts.setdefault(part.award.id, []).append(part)
        for course in found.courses:
            self.taken.setdefault(course.id, [each.award.id for each in found.awards])
            self.placed.setdefault(course.id, found)
        return True

    def _competes(self, candidate: Candidate) -> bool:
        """Whether the award may still have a course that a single award holds, if that one does not count for it.

        Where either leaves a surplus, which counts on its own, the award stays a duplicate.
        """
        for option in self._allowed(candidate):
            holder = self.placed.get(option.courses[0].id)
            if holder is None or len(holder.awards) > 1:
                continue
            told = len(self.frame.trace.steps)
            made, held = parts_of(option, self.frame, {}), self.parts[holder.awards[0].award.id]
            if not any(each.part == SURPLUS for each in (*made, *held)):
                self.parts[candidate.award.id] = made
                compete(self.frame, option.courses[0].id, (holder, option))
                return True
            del self.frame.trace.steps[told:]
        return False

    def _left_over(self, candidate: Candidate) -> None:
        """An open award that stands for no course: too small, a duplicate, without its companions, or plain credit."""
        if self._competes(candidate):
            return
        failed = self.smaller.get(candidate.award.id)
        if failed is not None:
            self._failed(candidate, failed)
            return
        taken = [each for each in self._known_pairings(candidate) if self._all_taken(each.courses)]
        if taken:
            first = taken[0]
            facts: dict[str, Json] = {"with": list(self.taken[first.courses[0].id]), "course": first.courses[0].id}
            self._refuse(candidate, first.head, first.terms, Finding("DUPLICATE_OF", facts), "duplicate")
            return
        if not self._half_known(candidate):
            self._incomplete(candidate)

    def _half_known(self, candidate: Candidate) -> bool:
        """Whether a fact is missing that decides if it is the award that an articulation names; then it stays open."""
        for match, terms in self.catalogue.matches:
            for need in match.needs:
                findings = half_known(need, candidate.award, self.frame.situation)
                if findings:
                    candidate.hold(Truth.UNKNOWN, findings, match.head.label, match.head.id)
                    self._step(candidate, match.head, terms, "unknown", findings[0].facts)
                    return True
        return False

    def _failed(self, candidate: Candidate, found: Pairing) -> None:
        verdict = found.verdict(self.frame)
        candidate.hold(verdict.truth, verdict.findings, found.head.label, found.head.id)
        facts: dict[str, Json] = {"courses": [course.id for course in found.courses]}
        words = "; ".join(verdict.arithmetic) or None
        result = "refused" if verdict.truth is Truth.NO else "unknown"
        self._step(candidate, found.head, found.terms, result, facts, words)

    def _known_pairings(self, candidate: Candidate) -> list[Pairing]:
        """What the award would stand for, alone or as one of those that a group needs."""
        found = list(self._options(candidate))
        for match, terms, courses in self.catalogue.groups():
            if any(self.catalogue.fits(match, need, candidate) for need in range(len(match.needs))):
                found.append(pairing(match, terms, (candidate,), courses))
        return found

    def _all_taken(self, courses: Sequence[Course]) -> bool:
        return all(course.id in self.taken for course in courses)

    def _incomplete(self, candidate: Candidate) -> None:
        """Where an articulation refuses what finds no course, the award does not count as plain credit either."""
        needed = [each for each in self._known_pairings(candidate) if not self._all_taken(each.courses)]
        for match, terms in self.catalogue.matches:
            concerned = match.head.id in {each.head.id for each in needed} or match.by != "named"
            if not match.refuses_others or not concerned:
                continue
            if self.frame.situation.truth(match.where, candidate.award) is not Truth.YES:
                continue
            code = "NOT_WHOLE" if needed else "SOURCE_NOT_ELIGIBLE"
            facts: dict[str, Json] = {"course": None, "because": "companions" if needed else "no course"}
            self._refuse(candidate, match.head, terms, Finding(code, facts), "refused")
            return

    def _companions(self) -> None:
        """Awards that are needed together with one of which something is not known yet wait for it."""
        waiting = self._free(known=False)
        for match, terms, courses in self.catalogue.groups():
            awards = self._needed(match, [*self._free(known=True), *waiting])
            if awards and any(each.unknown for each in awards) and not self._all_taken(courses):
                self._wait(awards, match.head, terms)
                self._stand_for(pairing(match, terms, awards, courses))

    def _stand_for(self, found: Pairing) -> None:
        """What is not known yet stands for its courses too, but takes them from nobody."""
        if found.verdict(self.frame).truth is not Truth.NO:
            for part in parts_of(found, self.frame, self.taken):
                self.parts.setdefault(part.award.id, []).append(part)

    def _not_yet_known(self) -> None:
        """The same of single awards."""
        for candidate in self._free(known=False):
            free = (each for each in self._options(candidate) if not self._all_taken(each.courses))
            option = next(free, None)
            if option is not None:
                self.parts[candidate.award.id] = parts_of(option, self.frame, self.taken)

    def _wait(self, awards: Sequence[Candidate], head: RuleHead, terms: Terms) -> None:
        unknown: list[Json] = [each.award.id for each in awards if each.unknown]
        for candidate in awards:
            if candidate.is_open:
                finding = Finding("FACT_MISSING", {"fact": "companions", "with": unknown})
                candidate.hold(Truth.UNKNOWN, (finding,), head.label, head.id)
                self._step(candidate, head, terms, "unknown", finding.facts)

    def _refuse(self, candidate: Candidate, head: RuleHead, terms: Terms, finding: Finding, result: str) -> None:
        holders = finding.facts.get("with")
        edit = Edit("give_up", {"award": holders[0]}) if isinstance(holders, list) and holders else None
        candidate.hold(Truth.NO, (Finding(finding.code, finding.facts, edit),), head.label, head.id)
        self._step(candidate, head, terms, result, finding.facts)

    def _step(
        self,
        candidate: Candidate,
        head: RuleHead,
        terms: Terms,
        result: str,
        facts: object,
        words: str | None = None,
    ) -> None:
        trace, award = self.frame.trace, candidate.award.id
        if trace.telling and isinstance(facts, dict):
            step = trace.add(
                "articulate", result, award=award, rule=head.id, terms=terms, inputs=facts, arithmetic=words
            )
            candidate.steps.append(step)
