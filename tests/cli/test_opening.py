"""Opening the bank: what is put together, and every reason for which it stays shut."""

import shutil
from pathlib import Path

import pytest

from creditbank.caller import SYSTEM
from creditbank.errors import SelfCheckFailed, Unavailable
from creditbank.opening import make_roles, make_tables, open_bank, open_for_audit, prepare_database
from creditbank.postgres import url_for
from creditbank.settings import Settings
from creditbank.store.database import SERVICE
from issuers.errors import CustodyError
from issuers.key_files import create_kek
from tests.cli.demo_bank import register_school


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(database_url=database_url, key_dir=tmp_path / "keys", checkpoint_dir=tmp_path / "checkpoints")


def with_a_leaf(settings: Settings) -> None:
    with open_bank(settings) as bank:
        register_school(bank, SYSTEM)


def test_a_bank_opens_again_where_it_stopped(settings: Settings) -> None:
    with_a_leaf(settings)
    with open_bank(settings) as bank:
        assert bank.publisher.size_of(bank.publish()) == 1
        assert bank.audit().clean


def test_another_key_encryption_key_opens_nothing(settings: Settings, tmp_path: Path) -> None:
    with_a_leaf(settings)
    for path in settings.key_dir.glob("kek-*"):
        path.unlink()
    create_kek(settings.key_dir)
    with pytest.raises(CustodyError) as refused, open_bank(settings):
        pass
    assert refused.value.code == "kek_mismatch"


def test_another_folder_of_keys_opens_nothing(settings: Settings, tmp_path: Path) -> None:
    with_a_leaf(settings)
    elsewhere = settings.model_copy(update={"key_dir": tmp_path / "other-keys"})
    with pytest.raises(CustodyError) as refused, open_bank(elsewhere):
        pass
    assert refused.value.code == "kek_mismatch"


def test_an_empty_database_is_not_opened(empty_database_url: str, tmp_path: Path) -> None:
    settings = Settings(database_url=empty_database_url, key_dir=tmp_path / "k", checkpoint_dir=tmp_path / "c")
    with pytest.raises(SelfCheckFailed) as refused, open_bank(settings):
        pass
    assert refused.value.code == "schema_missing"


def test_lost_checkpoints_are_asked_about(settings: Settings) -> None:
    with_a_leaf(settings)
    shutil.rmtree(settings.checkpoint_dir)
    with pytest.raises(SelfCheckFailed) as refused, open_bank(settings):
        pass
    assert refused.value.code == "checkpoints_missing"


def test_a_restored_backup_is_noticed(
    settings: Settings, admin_database_url: str, empty_database_url: str, tmp_path: Path
) -> None:
    """The database is as it was before the last publication; what was published since is not."""
    with open_bank(settings):
        pass
    restored = settings.model_copy(update={"database_url": url_for(empty_database_url, role=SERVICE)})
    prepare_database(restored.model_copy(update={"admin_database_url": empty_database_url}))
    with open_bank(restored.model_copy(update={"checkpoint_dir": tmp_path / "before"})):
        pass  # a bank of the same age, under the same keys
    with_a_leaf(settings)
    with pytest.raises(SelfCheckFailed) as refused, open_bank(restored):
        pass
    assert refused.value.code == "database_behind_checkpoint"


def test_no_server_is_one_clear_sentence(tmp_path: Path) -> None:
    settings = Settings(
        database_url=f"postgresql://creditbank_service@/creditbank?host={tmp_path}",
        key_dir=tmp_path / "keys",
        checkpoint_dir=tmp_path / "checkpoints",
    )
    with pytest.raises(Unavailable) as refused, open_bank(settings):
        pass
    assert refused.value.code == "database_unavailable"


def test_preparing_needs_an_administrator(settings: Settings) -> None:
    with pytest.raises(Unavailable) as refused:
        make_roles(settings)
    assert refused.value.code == "admin_url_missing"


def test_preparing_twice_changes_nothing(empty_database_url: str, tmp_path: Path) -> None:
    settings = Settings(
        database_url=url_for(empty_database_url, role=SERVICE),
        admin_database_url=empty_database_url,
        key_dir=tmp_path / "keys",
        checkpoint_dir=tmp_path / "checkpoints",
    )
    for _ in range(2):
        make_roles(settings)
        make_tables(settings)
    with open_bank(settings) as bank:
        assert bank.audit().leaves == 0


def test_the_auditor_reads_what_the_service_wrote(settings: Settings, auditor_database_url: str) -> None:
    with_a_leaf(settings)
    with open_for_audit(settings, auditor_database_url) as bank:
        report = bank.audit()
    assert (report.leaves, report.findings) == (1, ())
