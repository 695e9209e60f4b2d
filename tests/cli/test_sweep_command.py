"""`creditbank sweep` and `creditbank accredited`, as a person types them."""

from pathlib import Path

import pytest

from creditbank.cli import main
from creditbank.commands.sweep import PAUSE, politely
from creditbank.demo.cast import HANBIT, ODUYA
from creditbank.demo.stage import Stage
from creditbank.opening import open_bank
from creditbank.settings import Settings
from creditbank.store import registry


@pytest.fixture
def installed(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bank that the commands find by the environment, with one accredited school."""
    values = {"DATABASE_URL": database_url, "KEY_DIR": tmp_path / "keys", "CHECKPOINT_DIR": tmp_path / "checkpoints"}
    for name, value in values.items():
        monkeypatch.setenv(f"CREDITBANK_{name}", str(value))
    with open_bank(Settings()) as bank:
        stage = Stage(bank, tmp_path)
        stage.register(HANBIT)
        stage.administration.approve_accreditation(ODUYA, stage.propose(HANBIT).accreditation_id)
    return tmp_path


def test_a_sweep_without_foreign_lists_ends_well(installed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep"]) == 0
    assert main(["sweep", "--all", "--most", "3"]) == 0
    assert "lists had" in capsys.readouterr().out


def test_who_may_award_what(installed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with open_bank(Settings()) as bank:
        [issuer] = bank.run(lambda tx: registry.issuers(tx, "", 9))
    assert main(["accredited", issuer.issuer_id]) in (0, 1)
    assert main(["accredited", issuer.did, "--unit", "no-such-unit"]) == 1
    assert "No: The issuer is not accredited for this credit unit." in capsys.readouterr().out
    assert main(["accredited", "nobody"]) == 3
    assert main(["accredited", issuer.issuer_id, "--level", "eqf"]) == 3
    assert main(["accredited", issuer.issuer_id, "--on", "1999-01-01"]) == 1


def test_the_same_host_is_asked_at_a_distance() -> None:
    now, slept = [100.0], list[float]()

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    wait = politely(lambda: now[0], sleep)
    for host in ("a.example", "b.example", "a.example", "a.example"):
        wait(host)
    assert slept == [PAUSE, PAUSE]
