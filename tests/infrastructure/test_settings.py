"""Settings come from the environment or from secret files, are checked once, and are all documented."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from creditbank import settings as module
from creditbank.settings import Settings, as_markdown

PROJECT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"CREDITBANK_{name.upper()}", raising=False)


def test_nothing_need_be_set() -> None:
    settings = Settings()
    assert settings.embedded
    assert settings.public_url == "http://localhost:8000"
    assert settings.log_origin == "localhost:8000/log"


def test_keys_and_checkpoints_lie_outside_the_data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CREDITBANK_DATA_DIR", str(tmp_path / "bank"))
    settings = Settings()
    assert settings.key_dir == tmp_path / "bank-keys"
    assert settings.checkpoint_dir == tmp_path / "bank-checkpoints"


def test_a_user_without_root_keeps_data_at_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(module.os, "geteuid", lambda: 1000)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert Settings().data_dir == tmp_path / "creditbank"
    monkeypatch.setenv("XDG_DATA_HOME", "relative paths are to be ignored")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert Settings().data_dir == tmp_path / ".local/share/creditbank"


def test_a_secret_may_come_as_a_file_and_is_not_shown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(module, "SECRETS", tmp_path)
    (tmp_path / "creditbank_database_url").write_text("postgresql://creditbank_service:pa55@db/creditbank\n")
    settings = Settings()
    assert settings.database_url == "postgresql://creditbank_service:pa55@db/creditbank"
    assert not settings.embedded
    assert "pa55" not in repr(settings)


def test_hosts_are_a_list_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREDITBANK_ALLOWED_HOSTS", "did.example, Status.Example,")
    assert Settings().allowed_hosts == {"did.example", "status.example"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("public_url", "ftp://bank.example"),
        ("public_url", "https://bank.example/?a=b"),
        ("public_url", "https://user@bank.example"),
        ("log_origin", "two words"),
        ("log_origin", "a+b"),
        ("log_origin", "a\u2003b"),
        ("port", "0"),
        ("workers", "many"),
        ("max_body_bytes", "1"),
    ],
)
def test_nonsense_is_refused_at_start(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"CREDITBANK_{name.upper()}", value)
    with pytest.raises(ValidationError):
        Settings()


def test_the_public_url_loses_its_closing_slash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREDITBANK_PUBLIC_URL", "https://bank.example/credit/")
    settings = Settings()
    assert (settings.public_url, settings.log_origin) == ("https://bank.example/credit", "bank.example/credit/log")


def test_every_setting_is_documented() -> None:
    assert all(field.description for field in Settings.model_fields.values())
    assert as_markdown() in (PROJECT / "docs/settings.md").read_text()
