"""From settings to a served bank: opened at start, refused if it is not as it must be, closed at the end."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.serve import build
from creditbank.errors import SelfCheckFailed, Unavailable
from creditbank.settings import Settings


def settings(url: str, folder: Path) -> Settings:
    return Settings(
        database_url=url, data_dir=folder / "data", key_dir=folder / "keys", checkpoint_dir=folder / "checkpoints"
    )


def test_a_bank_is_served_from_its_settings_and_closed(database_url: str, tmp_path: Path) -> None:
    app = build(settings(database_url, tmp_path))
    services = app.state.services
    with TestClient(app) as client:
        assert client.get("/health/ready").json() == {"status": "ready", "log_size": 0}
        assert client.get("/openapi.json").json()["info"]["title"] == "Credit bank"
    with pytest.raises(Unavailable, match="closing"):
        services.gatherer.deposit(None)


def test_an_empty_database_is_not_served(empty_database_url: str, tmp_path: Path) -> None:
    with pytest.raises(SelfCheckFailed, match="schema_missing"):
        build(settings(empty_database_url, tmp_path))
