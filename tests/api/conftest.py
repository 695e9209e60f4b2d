"""The application on a database of the test's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.http_world import Http, open_http


@pytest.fixture
def http(database_url: str, tmp_path: Path) -> Iterator[Http]:
    with open_http(database_url, tmp_path) as opened:
        yield opened
