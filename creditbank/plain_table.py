"""A table for a terminal, plain enough to be read in a file; on a screen too narrow for it, one paragraph a row."""

from collections.abc import Iterator, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.padding import Padding
from rich.table import Column, Table
from rich.text import Text

LEAST = 16
"""Columns that the bending column needs, lest words break inside: a table that has fewer becomes paragraphs."""

_GAP = 2
_NOTHING = ("", "–")


class FoldingTable(Table):
    """A table that is shown row by row where its columns do not fit: the bending cell first, then `head: cell`."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        if self._needed() <= options.max_width:
            yield from super().__rich_console__(console, options)
        else:
            yield from self._paragraphs()

    def _needed(self) -> int:
        """The columns of a screen that the table needs."""
        widths = [_width(column, rigid=column.no_wrap) for column in self.columns]
        return sum(widths) + _GAP * (len(widths) - 1)

    def _paragraphs(self) -> Iterator[RenderableType]:
        bends = next(column for column in self.columns if not column.no_wrap)
        for row in zip(*(list(column.cells) for column in self.columns), strict=True):
            cells = {_text(column.header).plain: _text(cell) for column, cell in zip(self.columns, row, strict=True)}
            first = cells.pop(_text(bends.header).plain)
            if first.plain not in _NOTHING:
                yield first
            parts = [Text.assemble(f"{head}: ", cell) for head, cell in cells.items() if cell.plain not in _NOTHING]
            yield Padding(Text(" · ").join(parts), (0, 0, 0, _GAP))


def table(*columns: str, right: Sequence[str] = (), flexible: str | None = None) -> Table:
    """An empty table without frames. All columns but the `flexible` one (the last, if none is named) keep their width.

    Columns in `right` hold numbers.
    """
    found = FoldingTable(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True, header_style="bold", show_edge=False)
    for column in columns:
        bends = column == (flexible or columns[-1])
        found.add_column(
            column, justify="right" if column in right else "left", no_wrap=not bends, overflow="fold",
            ratio=1 if bends else None,
        )  # fmt: skip
    return found


def _width(column: Column, *, rigid: bool) -> int:
    """What a column must have: all of its longest cell, or what a bending one needs of it."""
    longest = max(_text(cell).cell_len for cell in (column.header, *column.cells))
    return longest if rigid else min(longest, LEAST)


def _text(cell: RenderableType) -> Text:
    return cell if isinstance(cell, Text) else Text.from_markup(str(cell))
