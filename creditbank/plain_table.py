"""A table for a terminal, plain enough to be read in a file."""

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.table import Table


def table(*columns: str, right: Sequence[str] = (), flexible: str | None = None) -> Table:
    """An empty table without frames. All columns but the `flexible` one (the last, if none is named) keep their width.

    Columns in `right` hold numbers.
    """
    found = Table(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True, header_style="bold", show_edge=False)
    for column in columns:
        bends = column == (flexible or columns[-1])
        found.add_column(
            column, justify="right" if column in right else "left", no_wrap=not bends, overflow="fold",
            ratio=1 if bends else None,
        )  # fmt: skip
    return found
