"""Whether one more award can ever count against a learner, and why."""

from collections.abc import Iterator

from recognition_rules.authoring.lint_draft import Check, Draft, Found
from recognition_rules.pack import Pack


def why_not(pack: Pack, programme: str) -> tuple[str, ...]:
    """Why one more award could lower what counts in a programme; empty where it never can."""
    found = []
    if pack.choose.items == "in-order":
        found.append("awards are offered room in order, so that an early one may take the place of a larger one")
    if any(rule.blocks == "eligible" for rule in pack.equivalences if rule.head.concerns(programme)):
        found.append("a course that finds no room still knocks out its twin")
    if any(rule.kind == "substitute" for rule in pack.equivalences if rule.head.concerns(programme)):
        found.append("a substitute moves another course to another class")
    return tuple(found)


def _not_monotone(draft: Draft) -> Iterator[Found]:
    for path, each in draft.tables("programme") if draft.pack else ():
        reasons = why_not(draft.pack, str(each.get("id"))) if draft.pack else ()
        if reasons:
            yield path, f"In '{each.get('id')}' one more award may lower what counts: {'; '.join(reasons)}."


CHECKS = (
    Check("not_monotone", "note", "programmes in which one more award may lower what counts, and why",
          'Nothing; items = "best" removes the first reason.', _not_monotone),
)  # fmt: skip
