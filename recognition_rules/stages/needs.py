"""What a requirement needs today, and what it could need once every open question is settled."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from recognition_rules.amount_text import Exact, text_of_amount, total, whole
from recognition_rules.canonical import Json
from recognition_rules.conditions.atoms import Condition
from recognition_rules.programme import Leaf, Measure
from recognition_rules.stages.bounds import added_up
from recognition_rules.stages.frame import Candidate, Frame
from recognition_rules.truth import Truth

ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Needed:
    """What a leaf needs as things stand; None, with the fact that is `missing`, where that is not known.

    `least` and `most` are what it may come to. Of a share they rest on the undetermined awards: those that would
    count in the leaf itself and those that would only enlarge its base.
    """

    now: Fraction | None
    least: Exact
    most: Exact
    missing: str | None = None
    share: Fraction | None = None
    base: Fraction = ZERO

    def facts(self, leaf: Leaf) -> dict[str, Json]:
        """What the trace says of it: the base of a share, or the fact that is missing."""
        if self.missing is not None:
            return {"missing": self.missing}
        if self.share is None or leaf.need.share_of is None:
            return {}
        return {"share": text_of_amount(self.share), "of": leaf.need.share_of, "base": text_of_amount(self.base)}

    def words(self) -> str:
        """The sum of a share, to stand before the comparison."""
        if self.share is None or self.now is None or self.share == 1:
            return ""
        return f"{text_of_amount(self.share)} × {text_of_amount(self.base)} = {text_of_amount(self.now)}; "


def fixed(amount: Fraction) -> Needed:
    """A need that nothing can change."""
    return Needed(amount, whole(amount), whole(amount))


def needed(leaf: Leaf, frame: Frame, candidates: Sequence[Candidate]) -> Needed:
    """What the leaf needs on the day; a share is exact and never rounded."""
    known = frame.plan.fixed.get(id(leaf))
    if known is None:
        known = _needed(leaf, frame, candidates)
        if leaf.need.share_of is None and not leaf.need.from_syllabus and not leaf.terms:
            frame.plan.fixed[id(leaf)] = known
    return known


def _needed(leaf: Leaf, frame: Frame, candidates: Sequence[Candidate]) -> Needed:
    need = leaf.need
    if need.from_syllabus:
        credits_ = frame.syllabus.required_credits if frame.syllabus else None
        return Needed(None, ZERO, ZERO, "syllabus") if credits_ is None else fixed(credits_)
    dated = leaf.terms_on(frame.situation.on, frame.version.terms).value if leaf.terms else None
    amount = (need.amount if dated is None else dated) or ZERO
    if need.share_of is None:
        return fixed(amount)
    if need.share_of in ("registered", "counted"):
        return _of_awards(leaf, amount, frame, candidates)
    totals = _totals(need.share_of, frame)
    if len(totals) != 1:
        return Needed(None, amount * min(totals, default=ZERO), amount * max(totals, default=ZERO), "exit_award")
    base = min(totals)
    return Needed(amount * base, amount * base, amount * base, None, amount, base)


def _totals(base: str, frame: Frame) -> frozenset[Fraction]:
    return frame.exit_totals() if base == "exit_award.total" else frozenset({frame.programme.parts[base]})


def _of_awards(leaf: Leaf, share: Fraction, frame: Frame, candidates: Sequence[Candidate]) -> Needed:
    """A share of what is registered or counted, which undetermined awards may enlarge."""
    among = leaf.need.among
    if leaf.need.share_of == "registered":
        base = added_up(_among(frame.eligible, among, frame), leaf.measure)
    else:
        base = counted_in(_among(candidates, among, frame), leaf.measure)
    there = {each.key for each in frame.eligible} if leaf.need.share_of == "registered" else ()
    waiting = [each for each in candidates if each.may_still_count and each.key not in there]
    pending = list(_among(waiting, among, frame, sure=False))
    inside = [each for each in pending if frame.situation.truth(leaf.where, each.award) is not Truth.NO]
    outside = [each for each in pending if frame.situation.truth(leaf.where, each.award) is not Truth.YES]
    least, most = (base + _could_bring(each, leaf.measure) for each in (inside, outside))
    return Needed(share * base, share * least, share * most, None, share, base)


def _among(
    candidates: Iterable[Candidate], among: Condition | None, frame: Frame, *, sure: bool = True
) -> list[Candidate]:
    if among is None:
        return list(candidates)
    good = (Truth.YES,) if sure else (Truth.YES, Truth.UNKNOWN)
    return [each for each in candidates if frame.situation.truth(among, each.award) in good]


def counted_in(candidates: Iterable[Candidate], measure: Measure) -> Fraction:
    """What counted awards bring: their credits, their number, or the number of courses they stand for."""
    counted = [each for each in candidates if each.counted]
    if measure == "credits":
        return total(each.counted for each in counted)
    return Fraction(len({each.award.id if measure == "items" else each.key for each in counted}))


def _could_bring(candidates: Iterable[Candidate], measure: Measure) -> Fraction:
    pending = list(candidates)
    return total(each.may_still_count for each in pending) if measure == "credits" else Fraction(len(pending))
