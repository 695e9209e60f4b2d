"""Whether one more award can ever count against a learner, and why."""

from collections.abc import Iterator

from recognition_rules.authoring.lint_draft import Check, Draft, Found
from recognition_rules.monotone import is_monotone


def _not_monotone(draft: Draft) -> Iterator[Found]:
    for path, each in draft.tables("programme") if draft.pack else ():
        programme = draft.pack.programmes.get(str(each.get("id"))) if draft.pack else None
        for reason in is_monotone(draft.pack, programme) if draft.pack and programme else ():
            yield path, f"In '{each.get('id')}' one more award may lower what counts. {reason}"


CHECKS = (
    Check("not_monotone", "note", "programmes in which one more award may lower what counts, and why",
          'Nothing; items = "best" removes the most frequent reason.', _not_monotone),
)  # fmt: skip
