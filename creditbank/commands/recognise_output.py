"""How `creditbank recognise` tells a recognition: two tables where there is room, then the sentences.

On a narrow screen, such as a phone's, there are only the sentences: they say all that the tables say.
"""

from collections.abc import Sequence

from rich.padding import Padding
from rich.text import Text

from creditbank import display
from creditbank.commands.terminal import out
from recognition_rules.award import Award
from recognition_rules.explain import award_lines, explain, requirement_lines
from recognition_rules.explain_words import words
from recognition_rules.pack import Pack
from recognition_rules.recognition import Recognition

NARROW = 60
"""Columns of a terminal, below which a table's columns would break inside words."""

_INDENT = 4


def tell(found: Recognition, pack: Pack, awards: Sequence[Award], language: str) -> None:
    """The whole recognition in the reader's language, on standard output."""
    if out.width >= NARROW:
        _tables(found, pack, awards, language)
    for line in explain(found, language, pack=pack, awards=awards):
        _say(line)


def _tables(found: Recognition, pack: Pack, awards: Sequence[Award], language: str) -> None:
    said = words(language)
    met, needed, have, requirement = (said[f"head.{name}"] for name in ("met", "needed", "have", "requirement"))
    requirements = display.table(met, needed, have, requirement, right=(needed, have))
    for line in requirement_lines(found, language, pack=pack):
        requirements.add_row(said[f"answer.{line.satisfied}"], line.needed, line.have, line.title)
    given, counts, award = (said[f"head.{name}"] for name in ("given", "counts", "award"))
    counted = display.table(given, counts, award, right=(counts,))
    for row in award_lines(found, language, pack=pack, awards=awards):
        counted.add_row(row.given, row.counted, row.title)
    for table in (requirements, counted):
        out.print(table)
        out.print()


def _say(line: str) -> None:
    """A line of the explanation; on a terminal what is indented stays so where it breaks."""
    text = line.lstrip()
    if out.is_terminal and text != line:
        out.print(Padding(Text(text), (0, 0, 0, _INDENT)))
    else:
        out.print(line, markup=False, soft_wrap=True)
