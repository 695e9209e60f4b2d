"""The demonstration, played in a bank of this test's own: its story must hold, and its pages fit a plain terminal."""

import io
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from creditbank.demo.courses import COURSES
from creditbank.demo.narrator import Narrator
from creditbank.demo.run import Folders
from creditbank.demo.stage import Stage
from creditbank.demo.story import tell_story
from creditbank.errors import Conflict
from creditbank.opening import open_bank
from creditbank.settings import Settings


def test_the_story_holds_and_can_be_read(database_url: str, tmp_path: Path) -> None:
    settings = Settings(database_url=database_url, key_dir=tmp_path / "keys", checkpoint_dir=tmp_path / "checkpoints")
    page = io.StringIO()
    with open_bank(settings) as bank:
        told = tell_story(Stage(bank, tmp_path), Narrator(Console(file=page, width=80)))

    assert told.credited + told.held == len(COURSES) == 30
    assert told.promoted == told.held == 3
    assert told.counted_after < told.counted_before, "the revocation shows on the recognition"
    assert told.replayed_alike, "what was explained is the decision on record"
    assert told.replay_agrees, "the decision in a file is the one on record"
    assert len(told.verified) == 3, "each award that did not count has a change that was tried"
    assert told.promised[0] < told.promised[1] == 24, "the best choice of what to complete gains"
    assert (told.impact["gains"], told.impact["loses"]) == (1, 1)
    assert told.appeal == ("upheld", "refused", "short")
    assert told.verdicts == {"credential": "valid", "revoked": "invalid"}
    assert {what: said.rpartition(" ")[2] for what, said in told.refusals.items()} == {
        "forged": "[bad_signature]",
        "tampered": "[bad_signature]",
    }
    assert told.leaves_by_refusals == 0
    assert told.receipt_checked
    assert told.report is not None
    assert told.report.clean, told.report.findings
    _reads_well(page.getvalue())


def _reads_well(page: str) -> None:
    assert "\x1b" not in page, "a file gets no control characters"
    for line in page.splitlines():
        copied = line.startswith("  ") and " " not in line.strip()
        assert copied or cell_len(line) <= 80 or line.startswith("root of the log"), line
    for word in ("김순자", "한빛직업전문학교", "नई दिशा", "海港持續進修學院", "15 × 10 h ÷ 45 h = 10/3"):
        assert word in page


def test_the_demonstration_starts_over_only_where_it_began(tmp_path: Path) -> None:
    folders = Folders.at(tmp_path / "demo")
    folders.make()
    (folders.files / "01-hanbit.jwt").write_text("…")
    folders.make()
    assert [path.name for path in folders.files.iterdir()] == ["made-by-creditbank-demo.txt"]


@pytest.mark.parametrize("kind", ["data_dir", "key_dir", "checkpoint_dir"])
def test_a_real_bank_is_never_cleared_away(tmp_path: Path, kind: str) -> None:
    folders = Folders.at(tmp_path / "bank")
    real: Path = getattr(folders.settings, kind)
    real.mkdir()
    (real / "precious").touch()
    with pytest.raises(Conflict) as refused:
        folders.make()
    assert refused.value.code == "not_a_demo"
    assert (real / "precious").exists()
