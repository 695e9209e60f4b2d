"""The commands as a person types them: what they print, and with which exit code they end."""

import json
from pathlib import Path

import psycopg
import pytest

from creditbank.cli import main
from creditbank.demo.cast import DISHA, HANBIT, ODUYA
from creditbank.demo.courses import COURSES
from creditbank.demo.stage import Stage
from creditbank.opening import open_bank
from creditbank.settings import Settings
from recognition_rules.packs import builtin


@pytest.fixture
def installed(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bank that the commands find by the environment; its folder."""
    values = {"DATABASE_URL": database_url, "KEY_DIR": tmp_path / "keys", "CHECKPOINT_DIR": tmp_path / "checkpoints"}
    for name, value in values.items():
        monkeypatch.setenv(f"CREDITBANK_{name}", str(value))
    monkeypatch.setenv("COLUMNS", "100")
    return tmp_path


@pytest.fixture
def stage(installed: Path) -> Stage:
    """Two schools that have each deposited a badge; only the first is accredited. The files lie in the folder."""
    with open_bank(Settings()) as bank:
        stage = Stage(bank, installed)
        for school in (HANBIT, DISHA):
            stage.register(school)
        stage.administration.approve_accreditation(ODUYA, stage.propose(HANBIT).accreditation_id)
        for number in (3, 23):
            stage.deposit(COURSES[number - 1])
        logged = bank.receipt_of(str(stage.deposited[3].deposit_id))
        assert logged.entry is not None
        (installed / "receipt").write_bytes(logged.receipt.encode())
        (installed / "entry").write_bytes(logged.entry)
        (installed / "vkey").write_text(bank.publisher.vault.log_verifier(bank.publisher.origin).vkey)
        (installed / "bank.jwk").write_text(json.dumps(bank.office.vault.statement_key.public_key.jwk()))
    return stage


def tampered(stage: Stage) -> str:
    document = json.loads(stage.files[3].read_bytes())
    document["credentialSubject"]["creditsEarned"] = 30
    path = stage.folder / "tampered.json"
    path.write_text(json.dumps(document))
    return str(path)


def test_a_bank_exports_whom_it_trusts_and_files_are_verified_with_that(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["trust", "export", "--days", "3"]) == 0
    bundle = stage.folder / "bundle.json"
    bundle.write_bytes(capfdbinary.readouterr().out)
    monkeypatch.setenv("CREDITBANK_DATABASE_URL", "postgresql://nobody@192.0.2.1/nothing")
    trust = ["--trust", str(bundle), "--bank-key", str(stage.folder / "bank.jwk")]
    valid, unaccredited = str(stage.files[3]), str(stage.files[23])
    assert main(["verify", valid, *trust]) == 0
    assert main(["verify", valid, unaccredited, *trust]) == 2
    assert b"[untrusted_issuer]" in capfdbinary.readouterr().out
    assert main(["verify", valid, unaccredited, tampered(stage), *trust]) == 1
    assert b"[bad_signature]" in capfdbinary.readouterr().out


def test_a_clean_audit_ends_with_0_and_findings_with_1(
    stage: Stage, admin_database_url: str, auditor_database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["audit", "--auditor-url", auditor_database_url]
    assert main(command) == 0
    assert "No findings" in capsys.readouterr().out
    with psycopg.connect(admin_database_url) as connection:
        connection.execute("SET session_replication_role = replica")  # a superuser who means it
        connection.execute("UPDATE bank.posting SET grains = grains + 1 WHERE leg = 1")
    assert main(command) == 1
    assert "✗ entry" in capsys.readouterr().out


def test_a_receipt_is_checked_without_the_bank(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CREDITBANK_DATABASE_URL", "postgresql://nobody@192.0.2.1/nothing")
    receipt, entry, key = (str(stage.folder / name) for name in ("receipt", "entry", "vkey"))
    assert main(["receipt", "check", receipt, entry, "--key", key]) == 0
    assert main(["receipt", "check", receipt, entry, "--key", Path(key).read_text()]) == 0
    assert main(["receipt", "check", receipt, receipt, "--key", key]) == 1
    assert "[inclusion_proof_invalid]" in capsys.readouterr().out
    assert main(["receipt", "check", receipt, entry, "--key", "log+00000000+AAAA"]) == 1
    assert main(["receipt", "check", receipt, str(stage.folder / "nowhere"), "--key", key]) == 3


def test_the_first_administrator_is_added_by_her_public_key(
    installed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    private, public = installed / "private.jwk", installed / "public.jwk"
    assert main(["client", "key", str(private)]) == 0
    public.write_text(capsys.readouterr().out)
    assert private.stat().st_mode & 0o077 == 0
    assert main(["client", "add", "root", "--jwk", str(public)]) == 0
    for refused, code in (
        (["root", "--jwk", str(public)], "key_in_use"),
        (["other", "--jwk", str(private)], "private_key_published"),
        (["other", "--jwk", str(public), "--role", "issuer"], "role_not_for_bootstrap"),
    ):
        assert main(["client", "add", *refused]) == 3
        assert f"[{code}]" in capsys.readouterr().err


def test_a_pack_is_refused_with_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = tmp_path / "pack.toml"
    good.write_text(builtin("kr-acbs"), encoding="utf-8")
    assert main(["rules", "check", str(good)]) == 0
    good.write_text(builtin("kr-acbs").replace('unit = "kr-credit"', "unit = 3\n", 1), encoding="utf-8")
    assert main(["rules", "check", str(good)]) == 1
    assert "pack.toml, line 8: 'unit'" in capsys.readouterr().out


def test_the_cases_of_the_packs_hold(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "test", "kr-acbs"]) == 0
    (tmp_path / "pack.toml").write_text(builtin("kr-acbs").replace("at_most = 24", "at_most = 20"), encoding="utf-8")
    (tmp_path / "cases.toml").write_text(builtin("kr-acbs", "cases.toml"), encoding="utf-8")
    assert main(["rules", "test", str(tmp_path)]) == 1
    assert main(["rules", "test", "nowhere"]) == 3
    assert "[pack_not_found]" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (["frobnicate"], "usage"),
        (["verify"], "usage"),
        (["db", "init"], "admin_url_missing"),
        (["audit"], "database_unavailable"),
    ],
)
def test_trouble_is_one_sentence_without_a_traceback(
    command: list[str], code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CREDITBANK_DATABASE_URL", f"postgresql://creditbank_service@/creditbank?host={tmp_path}")
    monkeypatch.setenv("CREDITBANK_KEY_DIR", str(tmp_path / "keys"))
    monkeypatch.setenv("CREDITBANK_CHECKPOINT_DIR", str(tmp_path / "checkpoints"))
    assert main(command) == 3
    said = capsys.readouterr().err.strip()
    assert said.startswith("error: ")
    assert said.endswith(f"[{code}]")
    assert "\n" not in said


def test_a_wrong_setting_is_named_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CREDITBANK_PORT", "secret-text")
    assert main(["audit"]) == 3
    said = capsys.readouterr().err
    assert "CREDITBANK_PORT" in said
    assert "secret-text" not in said
