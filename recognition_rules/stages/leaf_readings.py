"""Step 10: what one slot or test has, among the awards that counted and among those that still may."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import chain
from types import MappingProxyType

from recognition_rules.amount_text import Exact, as_fraction, total, whole
from recognition_rules.canonical import Json
from recognition_rules.language import pick
from recognition_rules.normalisers import equivalence_key, title_key
from recognition_rules.programme import Leaf
from recognition_rules.stages.frame import Candidate, Frame
from recognition_rules.stages.needs import Needed
from recognition_rules.stages.rounding import rounded_sum
from recognition_rules.stages.windows import Parts, window_parts
from recognition_rules.truth import Truth

ZERO, ONE = Fraction(0), Fraction(1)
Shares = tuple[tuple[str, Fraction], ...]
_NOTHING: Mapping[str, Json] = MappingProxyType({})

Entry = tuple[int, Candidate, Mapping[int, Truth], Exact, tuple[str, Fraction]]
"""An award that counts or may count, numbered: what is settled about it, what of it counts, and both as a result names
them."""


@dataclass(slots=True)
class Reading:
    """A leaf as read: its truth, what it needs and has, from which awards, and what the trace says of it."""

    truth: Truth
    needed: Fraction
    have: Fraction
    awards: Shares
    facts: Mapping[str, Json]
    words: str = ""


@dataclass(slots=True)
class LeafReader:
    """Reads the leaves of a tree against the awards of one recognition, once it is chosen which of them count.

    `relevant` are those that count or may count, with what is settled about each, and `alike` the same by what is
    settled. `is_sure` says that nothing is unknown of any of them.
    """

    frame: Frame
    candidates: Sequence[Candidate]
    relevant: list[Entry] = field(default_factory=list)
    alike: dict[int, tuple[Mapping[int, Truth], list[Entry]]] = field(default_factory=dict)
    in_parts: bool = False
    is_sure: bool = True

    def __post_init__(self) -> None:
        profile = self.frame.situation.profile
        for each in self.candidates:
            if each.size or each.unknown:
                award = each.award
                truths = profile(award).truths
                entry = (len(self.relevant), each, truths, each.size, (award.id, each.counted))
                self.relevant.append(entry)
                known = self.alike.get(id(truths))
                if known is None:
                    known = self.alike[id(truths)] = (truths, [])
                known[1].append(entry)
                self.in_parts = self.in_parts or each.part is not None
                self.is_sure = self.is_sure and not each.unknown

    def amount(self, leaf: Leaf, need: Needed, received: Fraction = ZERO) -> Reading:
        """A slot or a test that adds up; `received` is the surplus of other slots."""
        members, possible = self._sorted_out(leaf)
        if leaf.measure == "credits" and not self.in_parts:
            awards = tuple([share for _, _, _, _, share in members])
            exact = sum([size for _, _, _, size, _ in members])
        else:
            awards = self._brought([each for _, each, _, _, _ in members], leaf)
            exact = whole(total(amount for _, amount in awards))
        if self.frame.rounded is not None:
            exact = rounded_sum(leaf, as_fraction(exact), self.frame)
        if received:
            exact = exact + received
        return self._reading(need, leaf, (exact, exact, exact + possible if possible else exact), awards)

    def _sorted_out(self, leaf: Leaf) -> tuple[list[Entry], Fraction]:
        """Who is in the leaf, and what undetermined awards, or counted ones of unknown membership, could still bring.

        Where it is settled of all that count what they are members of, nobody is asked. Otherwise in one pass, because
        it is done for every leaf: what neither counts nor may count is not even judged.
        """
        settled = self._settled(leaf)
        if settled is not None:
            return settled, ZERO
        members: list[Entry] = []
        possible = ZERO
        situation, where, slot = self.frame.situation, leaf.where, leaf.id if leaf.kind == "slot" else None
        number = id(where)
        for entry in self.relevant:
            _, each, truths, size, _ = entry
            known = truths.get(number)
            truth = where.judge(each.award, situation).truth if known is None else known
            if size and (truth is Truth.YES if slot is None else each.slot == slot):
                members.append(entry)
            if truth is Truth.UNKNOWN or (each.unknown and truth is Truth.YES):
                possible += self.brings(each, leaf)
        return members, possible

    def _settled(self, leaf: Leaf) -> list[Entry] | None:
        number, inside = id(leaf.where), []
        for truths, entries in self.alike.values() if self.is_sure else ():
            truth = truths.get(number)
            if truth is Truth.YES:
                inside.append(entries)
            elif truth is not Truth.NO:
                return None
        if not self.is_sure:
            return None
        if leaf.kind == "slot":
            return [entry for entry in self.relevant if entry[1].slot == leaf.id]
        if len(inside) == len(self.alike):
            return self.relevant
        return inside[0] if len(inside) == 1 else sorted(chain.from_iterable(inside))

    def _reading(self, need: Needed, leaf: Leaf, have: tuple[Exact, Exact, Exact], awards: Shares) -> Reading:
        """Of what it has now, at least and at most: yes where the worst case will do, no where the best will not."""
        now, low, high = have
        truth = Truth.YES if low >= need.most else Truth.UNKNOWN if high >= need.least else Truth.NO
        if not self.frame.trace.telling:
            return Reading(truth, need.now or ZERO, as_fraction(now), awards, _NOTHING)
        return Reading(truth, need.now or ZERO, as_fraction(now), awards, need.facts(leaf), need.words())

    def is_in(self, candidate: Candidate, leaf: Leaf) -> bool:
        """Whether a counted award sits in the slot, or the test looks at it."""
        if not candidate.counted:
            return False
        if leaf.kind == "slot":
            return candidate.slot == leaf.id
        return self.frame.situation.truth(leaf.where, candidate.award) is Truth.YES

    def _brought(self, members: Collection[Candidate], leaf: Leaf, parts: Parts | None = None) -> Shares:
        """What each award brings, one entry an award: its credits, itself, or the courses it stands for."""
        found: dict[str, Fraction] = {}
        for each in members:
            part = ONE if parts is None else parts.get(each.key, ZERO)
            amount = (each.counted if leaf.measure == "credits" else ONE) * part
            before = found.get(each.award.id, ZERO)
            found[each.award.id] = max(before, amount) if leaf.measure == "items" else before + amount
        return tuple((award, amount) for award, amount in found.items() if parts is None or amount)

    def brings(self, candidate: Candidate, leaf: Leaf) -> Fraction:
        """What an award that is not in the leaf yet may still bring."""
        may_count = candidate.may_still_count
        if not may_count and not candidate.counted:
            return ZERO
        truth = self.frame.situation.truth(leaf.where, candidate.award)
        if truth is Truth.NO or (not may_count and truth is Truth.YES):
            return ZERO
        return ONE if leaf.measure != "credits" else may_count or candidate.counted

    def window(self, leaf: Leaf, need: Needed) -> Reading:
        """What counted in the last credits: as it is, with all that could push it out, and with all that could come.

        The window is filled with eligible awards, so what did not count takes up its place in it too.
        """
        now = self._parts(leaf, ())
        if now is None:
            return Reading(Truth.UNKNOWN, need.now or ZERO, ZERO, (), {"missing": "place in the window"})
        awards = self._brought([each for each in self.candidates if self.is_in(each, leaf)], leaf, now)
        have = total(amount for _, amount in awards)
        pending = [each for each in self.candidates if each.may_still_count]
        unsure = [each for each in self.candidates if each.counted and self.brings(each, leaf)]
        if not pending and not unsure:
            return self._reading(need, leaf, (have, have, have), awards)
        inside = [each for each in pending if self.brings(each, leaf)]
        outside = [each for each in pending if self._is_outside(each, leaf)]
        low, high = self._in_window(leaf, outside, ()), self._in_window(leaf, inside, (*inside, *unsure))
        return self._reading(need, leaf, (have, min(low, have), max(high, have)), awards)

    def _parts(self, leaf: Leaf, others: Iterable[Candidate]) -> Parts | None:
        assert leaf.window is not None
        there = {each.key for each in self.frame.eligible}
        new = (each for each in others if each.key not in there)
        return window_parts(leaf.window, (*self.frame.eligible, *new), self.frame.situation)

    def _is_outside(self, candidate: Candidate, leaf: Leaf) -> bool:
        return self.frame.situation.truth(leaf.where, candidate.award) is not Truth.YES

    def _in_window(self, leaf: Leaf, others: Sequence[Candidate], counting: Sequence[Candidate]) -> Fraction:
        """What the leaf would have, were the others eligible too and some of them, or of the unsure, counted."""
        parts = self._parts(leaf, others)
        if parts is None and not counting:
            return ZERO
        members = [each for each in self.candidates if self.is_in(each, leaf)]
        members += [replace(each, counted=each.counted or each.may_still_count) for each in counting]
        return total(amount for _, amount in self._brought(members, leaf, parts))

    def learner(self, leaf: Leaf) -> Reading:
        """Whether a fact about the learner has the value asked for."""
        test = leaf.learner
        assert test is not None
        answer = test.answer(self.frame.situation.learner.get(test.fact))
        truth = Truth.UNKNOWN if answer is None else Truth.YES if answer else Truth.NO
        return Reading(truth, ONE, ONE if truth is Truth.YES else ZERO, (), {"fact": test.fact})

    def subjects(self, leaf: Leaf) -> Reading:
        """The named subjects, the syllabus's or the pack's own, among the counted awards; credits do not matter."""
        syllabus, key = self.frame.syllabus, leaf.subjects_by
        titles = leaf.subjects or (syllabus.required_subjects if syllabus else ())
        if key is None or not titles:
            return Reading(Truth.UNKNOWN, ZERO, ZERO, (), {"missing": "syllabus"})
        counted = [each for each in self.candidates if self.is_in(each, leaf)]
        done = {equivalence_key(each.award, key): each.award.id for each in reversed(counted)}
        pending = {equivalence_key(each.award, key) for each in self.candidates if self.brings(each, leaf)}
        names = [(title_key(title, key), pick(title, "ko")) for title in titles]
        return _listed(leaf, names, done, pending)

    def courses(self, leaf: Leaf) -> Reading:
        """The named courses of the target that are satisfied, by credits or by a kind that waives them."""
        done = dict(self._satisfied(leaf))
        pending = {each.part for each in self.candidates if each.may_still_count}
        return _listed(leaf, [(course, course) for course in leaf.courses], done, pending)

    def _satisfied(self, leaf: Leaf) -> Iterator[tuple[str | None, str]]:
        for each in reversed(self.candidates):
            if each.part in leaf.courses and each.is_open and satisfies(each):
                yield each.part, each.award.id


def satisfies(candidate: Candidate) -> bool:
    """Whether the course that an open award stands for is satisfied: by credits, whatever their number, or waived."""
    kind = candidate.kind
    if kind is not None and not kind.satisfies:
        return False
    return candidate.counted > 0 or (kind is not None and kind.waives)


def _listed(
    leaf: Leaf, names: Sequence[tuple[str | None, str]], done: Mapping[str | None, str], pending: Iterable[str | None]
) -> Reading:
    """How many of a list of names are done; open where those that are pending could make up the rest."""
    found = [(name, shown) for name, shown in names if name is not None and name in done]
    lacking = [(name, shown) for name, shown in names if name is None or name not in done]
    asked = len(names) if leaf.named is None else leaf.named
    may_come = {name for name, _ in lacking} & (set(pending) - {None})
    possible = len(found) + sum(name in may_come for name, _ in lacking)
    truth = Truth.YES if len(found) >= asked else Truth.UNKNOWN if possible >= asked else Truth.NO
    awards = tuple((done[name], ONE) for name, _ in found)
    shown: list[Json] = [title for _, title in lacking]
    return Reading(truth, Fraction(asked), Fraction(len(found)), awards, {"lacking": shown})
