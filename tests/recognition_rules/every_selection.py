"""Learner-best by its definition: every selection, every class, every seat, compared one by one on exact fractions."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, product

from tests.recognition_rules.random_packs import Branch, Cap, Drawing, Drawn, Need

ZERO = Fraction(0)
Vector = tuple[Fraction, ...]


@dataclass(frozen=True)
class Selection:
    """What counts of each award or would once its condition holds, in which class, and the slot it sits in."""

    amounts: Vector
    classes: tuple[str, ...]
    seats: tuple[str | None, ...] = ()


@dataclass(frozen=True)
class Best:
    """The best selection, with what its objectives come to; less is better in all of them."""

    drawing: Drawing

    def found(self) -> tuple[Vector, Selection]:
        """The first of all selections in the order of the objectives, then along the order of the awards."""
        rated = (
            (self._rated(each), self._along_the_order(each), each)
            for chosen in self._chosen()
            for each in self._seated(chosen)
        )
        values, _, selection = min(rated, key=lambda each: each[:2])
        return values, selection

    def _chosen(self) -> Iterator[Selection]:
        for amounts in product(*map(self._amounts, self.drawing.awards)):
            if self._pair_holds(amounts) and self._twins_hold(amounts):
                placed = (Selection(amounts, classes) for classes in self._classes(amounts))
                yield from (each for each in placed if all(self._fits(cap, each) for cap in self.drawing.caps))

    def _amounts(self, award: Drawn) -> Vector:
        step, parts = self.drawing.split, set[Fraction]()
        if step and award.traits["source"] == "exam" and not award.paired:
            parts = {step * number for number in range(1, int(award.amount / step) + 1)}
        return tuple(sorted({ZERO, award.amount, *parts}))

    def _pair_holds(self, amounts: Vector) -> bool:
        return len({bool(each) for each, award in zip(amounts, self.drawing.awards, strict=True) if award.paired}) < 2

    def _twins_hold(self, amounts: Vector) -> bool:
        """At most one of a class of twins; where eligible ones block, it is the first of all of them."""
        classes: dict[object, list[bool]] = defaultdict(list)
        for each, award in zip(amounts, self.drawing.awards, strict=True):
            classes[award.core].append(each > 0)
        if self.drawing.twins == "eligible":
            return not any(any(each[1:]) for each in classes.values())
        return self.drawing.twins is None or all(sum(each) <= 1 for each in classes.values())

    def _classes(self, amounts: Vector) -> Iterator[tuple[str, ...]]:
        """Who leaves the class that only so many stand-ins may keep."""
        families: dict[object, list[int]] = defaultdict(list)
        for number, award in enumerate(self.drawing.awards):
            if amounts[number] and award.traits["class"] == "major" and self.drawing.keepers:
                families[award.family].append(number)
        ways = [combinations(each, min(len(each), self.drawing.keepers or 0)) for each in families.values()]
        moving = {number for each in families.values() for number in each}
        for kept in product(*ways):
            leave = moving - {number for each in kept for number in each}
            yield tuple("free" if n in leave else each.traits["class"] for n, each in enumerate(self.drawing.awards))

    def _fits(self, cap: Cap, chosen: Selection) -> bool:
        used: dict[object, Fraction] = defaultdict(Fraction)
        base: dict[object, Fraction] = defaultdict(Fraction)
        for award, each, course_class in zip(self.drawing.awards, chosen.amounts, chosen.classes, strict=True):
            group = _group(cap, award, course_class)
            if each and cap.where.holds(award, course_class):
                used[group] += 1 if cap.items else each
            if cap.share_of == "counted" and not award.conditional:
                base[group] += each
            if cap.share_of == "registered":
                base[_group(cap, award, award.traits["class"])] += award.amount
        return all(each <= (cap.bound * base[group] if cap.share_of else cap.bound) for group, each in used.items())

    def _now(self, chosen: Selection) -> Vector:
        pairs = zip(self.drawing.awards, chosen.amounts, strict=True)
        return tuple(ZERO if award.conditional else each for award, each in pairs)

    def _seated(self, chosen: Selection) -> Iterator[Selection]:
        now = self._now(chosen)
        seats = [
            [each.id for each in self.drawing.slots if now[n] and each.where.holds(award, chosen.classes[n])] + [None]
            for n, award in enumerate(self.drawing.awards)
        ]
        return (Selection(chosen.amounts, chosen.classes, taken) for taken in product(*seats))

    def _rated(self, chosen: Selection) -> Vector:
        return tuple(self._cost(goal, chosen) for goal in self.drawing.goals)

    def _cost(self, goal: str, chosen: Selection) -> Fraction:
        now, (kind, _, name) = self._now(chosen), goal.partition(":")
        if kind == "least-used":
            return sum(chosen.amounts, ZERO)
        if kind == "counted":
            own = [each for each, its in zip(now, chosen.classes, strict=True) if not name or its == name]
            return -sum(own, ZERO)
        short = self.shortfall(chosen)
        return short if kind == "shortfall" else Fraction(bool(short))

    def shortfall(self, chosen: Selection) -> Fraction:
        """What is missing in the tree, of a group with a choice the cheapest way."""
        lacking: dict[str, Fraction] = {}
        received: dict[str, Fraction] = defaultdict(Fraction)
        for need in (part for branch in self.drawing.tree for part in branch.parts):
            least, have = self._least(need, chosen), self._have(need, chosen) + received[need.id]
            lacking[need.id] = max(least - have, ZERO)
            if need.surplus_to:
                received[need.surplus_to] += max(have - least, ZERO)
        return sum((_cheapest(branch, lacking) for branch in self.drawing.tree), ZERO)

    def _least(self, need: Need, chosen: Selection) -> Fraction:
        return need.least * sum(self._now(chosen), ZERO) if need.share else need.least

    def _have(self, need: Need, chosen: Selection) -> Fraction:
        own = [
            each
            for n, (award, each) in enumerate(zip(self.drawing.awards, self._now(chosen), strict=True))
            if (chosen.seats[n] == need.id if need.slot else need.where.holds(award, chosen.classes[n]))
        ]
        return Fraction(sum(each > 0 for each in own)) if need.items else sum(own, ZERO)

    def _along_the_order(self, chosen: Selection) -> tuple[object, ...]:
        """More of the first award first, its own class, then seats in which least is missing, then the earlier slot."""
        moved = [its != award.traits["class"] for award, its in zip(self.drawing.awards, chosen.classes, strict=True)]
        names: Sequence[str | None] = [*(each.id for each in self.drawing.slots), None]
        places = [names.index(each) for each in chosen.seats]
        return [-each for each in chosen.amounts], moved, self.shortfall(chosen), places


def _group(cap: Cap, award: Drawn, course_class: str) -> tuple[object, ...]:
    year = award.day.year - (award.day.month < 3)
    half = 1 if 3 <= award.day.month < 9 else 2
    period = {None: None, "year": year, "semester": (year, half)}[cap.calendar]
    return period, {None: None, "provider_root": award.traits["issuer"], "class": course_class}[cap.key]


def _cheapest(branch: Branch, lacking: dict[str, Fraction]) -> Fraction:
    return sum(sorted(lacking[part.id] for part in branch.parts)[: branch.least], ZERO)
