"""Checks of decision tables, and of ratios that mint credits."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations

from recognition_rules.amount_text import text_of_amount
from recognition_rules.authoring.lint_draft import Check, Draft, Found
from recognition_rules.interval import divided, ends
from recognition_rules.rules.ratios import PackRatio
from recognition_rules.rules.table_index import first_overlap
from recognition_rules.rules.table_rows import Row, Span

MAX_PAIRS = 1000
"""Rows of a first-match table that are compared with one another; longer tables are not."""


def _needless_first_match(draft: Draft) -> Iterator[Found]:
    for table in draft.pack.tables if draft.pack else ():
        if table.first_match and first_overlap(table.index) is None:
            yield draft.rule(table.head.id), f"No two rows of '{table.head.id}' fit the same award."


def _never_reached(draft: Draft) -> Iterator[Found]:
    for table in draft.pack.tables if draft.pack else ():
        rows = table.rows if table.first_match and len(table.rows) <= MAX_PAIRS else ()
        for before, after in combinations(rows, 2):
            if _includes(before, after):
                path = (*draft.rule(table.head.id), "rows", after.number - 1)
                yield (
                    path,
                    f"The row '{after.name}' is never reached: '{before.name}' comes first and fits all it fits.",
                )


def _includes(outer: Row, inner: Row) -> bool:
    cells = zip(outer.equal, inner.equal, strict=True)
    spans = zip(outer.spans, inner.spans, strict=True)
    words = all(one is None or (other is not None and set(other) <= set(one)) for one, other in cells)
    return words and all(one is None or (other is not None and _within(other, one)) for one, other in spans)


def _within(inner: Span, outer: Span) -> bool:
    begins = outer.start is None or (inner.start is not None and inner.start >= outer.start)  # type: ignore[operator]
    if outer.end is None or inner.end is None:
        return begins and outer.end is None
    ends_before = inner.end < outer.end or (inner.end == outer.end and (inner.open or not outer.open))  # type: ignore[operator]
    return begins and ends_before


def _general(draft: Draft) -> Iterator[PackRatio]:
    for ratio in draft.pack.ratios if draft.pack else ():
        if ratio.is_general and ratio.head.enabled:
            yield ratio


def _round_trip(draft: Draft, ratio: PackRatio) -> Fraction | None:
    """What one credit becomes that goes through this ratio and back through the ratio of the units table."""
    back = draft.units.ratio(draft.pack.unit, ratio.source) if draft.units and draft.pack else None
    return None if back is None else ratio.factor * back[2]


def _mints(draft: Draft) -> Iterator[Found]:
    for ratio in _general(draft):
        product = _round_trip(draft, ratio)
        if product is not None and product > 1 and draft.pack:
            told = f"One credit in {ratio.source} that is converted and converted back is {text_of_amount(product)}"
            yield draft.rule(ratio.head.id), f"{told}: credits are made from nothing."


def _loses(draft: Draft) -> Iterator[Found]:
    for ratio in _general(draft):
        product = _round_trip(draft, ratio)
        if product is not None and product < 1:
            told = f"One credit in {ratio.source} that is converted and converted back is {text_of_amount(product)}"
            yield draft.rule(ratio.head.id), f"{told}: the units table has another ratio."


def _against_hours(draft: Draft) -> Iterator[Found]:
    for ratio in _general(draft):
        found = _by_hours(draft, ratio)
        if found is not None and not found[0] <= ratio.factor <= found[1]:
            told = f"By hours a credit in {ratio.source} is {text_of_amount(found[0])} to {text_of_amount(found[1])}"
            yield draft.rule(ratio.head.id), f"{told}, by '{ratio.head.id}' it is {text_of_amount(ratio.factor)}."


def _by_hours(draft: Draft, ratio: PackRatio) -> tuple[Fraction, Fraction] | None:
    if draft.units is None or draft.pack is None or not {ratio.source, draft.pack.unit} <= set(draft.units.units):
        return None
    hours = draft.units.hours(ratio.source), draft.units.hours(draft.pack.unit)
    return None if hours[0] is None or hours[1] is None else ends(divided(hours[0].hours, hours[1].hours))


def _nothing(draft: Draft) -> Iterator[Found]:  # noqa: ARG001 - the shape of a search
    """What the reader of packs itself refuses; `lint` turns its complaint into the finding."""
    return iter(())


CHECKS = (
    Check("rows_overlap", "error", "rows of a table that fit the same award", "Make them differ, or set first_match = "
          "true.", _nothing),
    Check("first_match_without_overlap", "warning", "tables where the first row wins, though no two rows compete",
          "Leave first_match out: then a later overlap is refused and not decided silently.", _needless_first_match),
    Check("row_never_reached", "warning", "rows that an earlier row always beats", "Move the narrower row up.",
          _never_reached),
    Check("amplifying_cycle", "error", "ratios that mint credits when a credit goes round",
          "Use the same ratio in both directions.", _mints),
    Check("ratio_loses", "warning", "ratios that lose credits against the units table's own ratio",
          "Use the units table's ratio, or say in the title why not.", _loses),
    Check("ratio_against_hours", "warning", "ratios that notional hours contradict",
          "Nothing, where the ratio was agreed: agreed ratios and hours seldom meet.", _against_hours),
)  # fmt: skip
