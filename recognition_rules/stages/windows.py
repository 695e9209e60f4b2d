"""The last credits of a learner, before the choice: which part of each eligible award lies in a window."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from recognition_rules.amount_text import total
from recognition_rules.programme import Window
from recognition_rules.situation import Situation
from recognition_rules.stages.frame import Candidate
from recognition_rules.truth import Truth

Parts = Mapping[str, Fraction]
"""The part of each award that lies in the window, by the candidate's key: 1, or less at its edge; others are 0."""


def window_parts(window: Window, candidates: Iterable[Candidate], situation: Situation) -> Parts | None:
    """The parts of the awards in the last `size` credits; None where their order or their membership is not known.

    Where all of them fit, nothing has to be known of their order.
    """
    judged = [(each, situation.truth(window.where, each.award)) for each in candidates]
    members = [each for each, truth in judged if truth is not Truth.NO]
    if total(_size(each, window) for each in members) <= window.size:
        known = all(truth is not Truth.UNKNOWN for _, truth in judged)
        return {each.key: Fraction(1) for each in members} if known else None
    if any(truth is Truth.UNKNOWN for _, truth in judged) or not all(_is_placed(each, window) for each in members):
        return None
    return _filled(window, sorted(members, key=lambda each: _place(each, window), reverse=True))


def _filled(window: Window, latest_first: Sequence[Candidate]) -> Parts:
    """Fills the window from the end; the award that crosses its edge is the last one looked at."""
    parts: dict[str, Fraction] = {}
    left = window.size
    for each in latest_first:
        if left <= 0:
            break
        size = _size(each, window)
        parts[each.key] = Fraction(1) if size <= left else _straddling(window, left, size)
        left -= size
    return parts


def _straddling(window: Window, left: Fraction, size: Fraction) -> Fraction:
    if window.straddling == "pro-rata":
        return left / size
    return Fraction(1 if window.straddling == "whole" else 0)


def _size(candidate: Candidate, window: Window) -> Fraction:
    if window.measure == "items":
        return Fraction(1)
    return candidate.price.high if candidate.unknown else candidate.offered


def _is_placed(candidate: Candidate, window: Window) -> bool:
    return all(key == "award_id" or getattr(candidate.award, key) is not None for key in window.by)


def _place(candidate: Candidate, window: Window) -> tuple[object, ...]:
    keys = (candidate.key if key == "award_id" else getattr(candidate.award, key) for key in window.by)
    return tuple(keys)
