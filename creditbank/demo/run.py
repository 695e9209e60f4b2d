"""The demonstration's own bank: a folder, a server and secrets of their own, made anew each time."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from creditbank.demo.narrator import Narrator
from creditbank.demo.stage import Stage
from creditbank.demo.story import tell_story
from creditbank.demo.told import Told
from creditbank.errors import Conflict
from creditbank.opening import open_bank, prepare_database
from creditbank.postgres import in_use, running, stop
from creditbank.settings import Settings, default_data_dir

_MARK = "made-by-creditbank-demo.txt"
_WARNING = "The demonstration made this folder and those beside it. It removes them when it is played again.\n"


@dataclass(frozen=True, slots=True)
class Folders:
    """The settings of the demonstration's bank, and where its credential files go."""

    settings: Settings
    files: Path

    @classmethod
    def at(cls, data_dir: Path | None) -> "Folders":
        """Below `data_dir`, or beside the default folder of a real bank. Always the embedded server."""
        base = (data_dir or default_data_dir().with_name("creditbank-demo")).expanduser().resolve()
        settings = Settings(
            data_dir=base,
            database_url=None,
            admin_database_url=None,
            key_dir=_beside(base, "keys"),
            checkpoint_dir=_beside(base, "checkpoints"),
        )
        return cls(settings, _beside(base, "files"))

    def all(self) -> tuple[Path, ...]:
        """Every folder that the demonstration makes; the one with the mark last."""
        return self.settings.data_dir, self.settings.key_dir, self.settings.checkpoint_dir, self.files

    def clear(self) -> None:
        """Remove what an earlier demonstration made.

        Raises Conflict `not_a_demo` where the folders hold anything else, `demo_in_use` where that bank is still open.
        """
        used = [folder for folder in self.all() if folder.exists() and any(folder.iterdir())]
        if used and not (self.files / _MARK).exists():
            raise Conflict("not_a_demo", f"{used[0]} holds what no demonstration made; choose another --data-dir.")
        if in_use(self.settings.data_dir):
            raise Conflict("demo_in_use", "An earlier demonstration's bank is still being served; stop it first.")
        if self.settings.data_dir.exists() and used:
            stop(self.settings.data_dir)
        for folder in used:
            shutil.rmtree(folder)

    def make(self) -> None:
        """Start over, with the mark first: a crash later leaves folders that the next call may remove."""
        self.clear()
        self.files.mkdir(mode=0o755, parents=True, exist_ok=True)
        (self.files / _MARK).write_text(_WARNING, encoding="utf-8")


def _beside(folder: Path, kind: str) -> Path:
    return folder.with_name(f"{folder.name}-{kind}")


def play(folders: Folders, console: Console) -> Told:
    """Make a bank and tell the story in it. Raises Conflict, Unavailable, and whatever the bank refuses."""
    folders.make()
    with running(folders.settings.data_dir):
        with console.status("Starting PostgreSQL and making the tables …"):
            prepare_database(folders.settings)
        with open_bank(folders.settings) as bank:
            return tell_story(Stage(bank, folders.files), Narrator(console))
