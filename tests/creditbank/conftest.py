"""A bank of each test's own, and a school elsewhere that signs for itself and keeps its own status lists."""

from collections.abc import Iterator

import pytest

from tests.bank_world import World, open_world


@pytest.fixture
def world(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """An open bank with nothing in it."""
    with open_world(database_url, tmp_path_factory.mktemp("bank")) as opened:
        yield opened
