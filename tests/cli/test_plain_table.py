"""Tables keep their columns where there is room; on a phone every row is a paragraph, and no word is broken."""

import io

from rich.console import Console
from rich.text import Text

from creditbank.plain_table import table


def shown(width: int) -> list[str]:
    found = table("met", "needed", "have", "requirement", right=("needed", "have"))
    found.add_row("yes", "1", "1", "Finished high school")
    found.add_row(Text("undetermined"), "60", "275/6 (≈45.83)", "Required major, by subjects or by credits")
    console = Console(width=width, file=io.StringIO())
    console.print(found)
    assert isinstance(console.file, io.StringIO)
    return [line.rstrip() for line in console.file.getvalue().splitlines()]


def test_a_wide_screen_has_columns() -> None:
    lines = shown(80)
    assert lines[0].split() == ["met", "needed", "have", "requirement"]
    assert lines[2].split(maxsplit=3) == ["yes", "1", "1", "Finished high school"]


def test_a_narrow_one_has_a_paragraph_for_each_row() -> None:
    assert shown(44) == [
        "Finished high school",
        "  met: yes · needed: 1 · have: 1",
        "Required major, by subjects or by credits",
        "  met: undetermined · needed: 60 · have:",
        "  275/6 (≈45.83)",
    ]


def test_the_bending_column_gets_what_words_need() -> None:
    """12 + 6 + 14 columns, three gaps of 2, and 16 for the last: 54 are enough, 53 are not."""
    assert shown(54)[0].startswith("met")
    assert shown(53)[0] == "Finished high school"


def test_a_cell_that_says_nothing_is_left_out() -> None:
    found = table("no.", "check", "what it says", right=("no.",))
    found.add_row("1", "shape", "–")
    console = Console(width=12, file=io.StringIO())
    console.print(found)
    assert isinstance(console.file, io.StringIO)
    assert [line.strip() for line in console.file.getvalue().splitlines()] == ["no.: 1 ·", "check:", "shape"]
