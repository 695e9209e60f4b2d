"""How the story is told: headings, sentences, tables, and progress while something takes time."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.rule import Rule
from rich.text import Text

T = TypeVar("T")


@dataclass
class Narrator:
    """Tells to a console; a plain file gets the same words without the moving parts."""

    console: Console
    acts: int = 0

    def act(self, title: str) -> None:
        """The next part of the story."""
        self.acts += 1
        self.console.print()
        self.console.print(Rule(Text(f"{self.acts}. {title}", "bold cyan"), align="left", style="cyan"))

    def say(self, sentence: str, style: str = "") -> None:
        """One sentence."""
        self.console.print(Text(sentence, style))

    def good(self, sentence: str) -> None:
        """Something is as it should be."""
        self.console.print(Text("✓ ", "bold green") + Text(sentence))

    def bad(self, sentence: str) -> None:
        """Something was refused, and the story wants it so."""
        self.console.print(Text("✗ ", "bold red") + Text(sentence))

    def show(self, thing: RenderableType) -> None:
        """A table or the like, set in a little."""
        self.console.print(Padding(thing, (0, 0, 0, 2)))

    def lines(self, lines: Iterable[str]) -> None:
        """Lines as they are; what stands set in stays so where a line is folded."""
        for line in lines:
            depth = len(line) - len(line.lstrip())
            self.console.print(Padding(Text(line.strip()), (0, 0, 0, 2 + depth)))

    def address(self, text: str) -> None:
        """A path or a command that somebody may want to copy: never broken."""
        self.console.print(f"  {text}", soft_wrap=True, highlight=False, markup=False)

    def each(self, what: str, items: Sequence[T]) -> Iterator[T]:
        """The items one by one, with a bar where there is a terminal."""
        bar = Progress(
            TextColumn("{task.description}"), BarColumn(None), MofNCompleteColumn(), console=self.console,
            transient=True, disable=not self.console.is_terminal,
        )  # fmt: skip
        with bar:
            yield from bar.track(items, description=what)
