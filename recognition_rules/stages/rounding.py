"""Step 9: rounding of what a bucket, or the whole, comes to; the awards keep their amounts."""

from collections.abc import Sequence
from fractions import Fraction

from recognition_rules.amount_text import text_of_amount, total
from recognition_rules.canonical import Json
from recognition_rules.conditions.compound import Everything
from recognition_rules.programme import Leaf
from recognition_rules.rules.roundings import BUCKETS, RoundingRule
from recognition_rules.stages.frame import Candidate, Frame, Rounded


def round_buckets(candidates: Sequence[Candidate], frame: Frame) -> Rounded | None:
    """Applies the pack's roundings of buckets and of the total, in this order; None where it has none."""
    bucket, whole = _rule("bucket", frame), _rule("total", frame)
    if bucket is None and whole is None:
        return None
    sums = _sums(candidates, bucket)
    if bucket is not None:
        sums = {name: _round(bucket, name, amount, frame) for name, amount in sums.items()}
    together = total(sums.values())
    if whole is not None:
        together = _round(whole, "total", together, frame)
    slots = sums if bucket is not None and bucket.by == "slot" else {}
    return Rounded(together, slots)


def rounded_sum(leaf: Leaf, have: Fraction, frame: Frame) -> Fraction:
    """What a slot, or a test of all credits, has once it is rounded; everything else reads the exact credits."""
    rounded = frame.rounded
    if rounded is None or leaf.measure != "credits":
        return have
    if leaf.kind == "slot":
        return rounded.slots.get(leaf.id, have)
    return rounded.total if isinstance(leaf.where, Everything) else have


def _rule(point: str, frame: Frame) -> RoundingRule | None:
    on, programme = frame.situation.on, frame.programme.id
    rules = (each for each in frame.pack.roundings if each.point == point and each.head.concerns(programme))
    return next((each for each in rules if each.head.on(on) is not None), None)


def _sums(candidates: Sequence[Candidate], bucket: RoundingRule | None) -> dict[str, Fraction]:
    """What counted, by bucket; without one, all in one sum."""
    sums: dict[str, Fraction] = {}
    for each in candidates:
        if each.counted:
            name = "" if bucket is None else _bucket(each, bucket.by or "slot")
            sums[name] = sums.get(name, Fraction(0)) + each.counted
    return sums


def _bucket(candidate: Candidate, by: str) -> str:
    value = candidate.slot if by == "slot" else getattr(candidate.award, BUCKETS[by])
    # What has no bucket is one of its own: rounding it apart could mint, were there many.
    return "" if value is None else str(value)


def _round(rule: RoundingRule, name: str, amount: Fraction, frame: Frame) -> Fraction:
    rounded = rule.rounding.apply(amount)
    if frame.trace.telling:
        inputs: dict[str, Json] = {
            "point": rule.point,
            "bucket": name or None,
            "mode": rule.rounding.mode,
            "rounded_away": text_of_amount(amount - rounded),
        }
        words = f"{text_of_amount(amount)} → {text_of_amount(rounded)}"
        terms = rule.head.on(frame.situation.on)
        frame.trace.add("rounding", "rounded", rule=rule.head.id, terms=terms, inputs=inputs, arithmetic=words)
    return rounded
