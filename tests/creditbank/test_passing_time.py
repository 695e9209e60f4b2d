"""Time passes while a credential is looked at: what was signed meanwhile is not of the future."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from tests.bank_world import World, open_world


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> Iterator[World]:
    with open_world(database_url, tmp_path) as opened:
        yield opened


def test_a_status_list_signed_during_a_verification_is_current(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    school, start, seconds = world.school(), world.now, count()
    monkeypatch.setattr(World, "now", property(lambda _: start + timedelta(seconds=next(seconds))), raising=False)
    posted = world.issue(school)
    world.bank.status_lists.forget()
    assert world.bank.deposit(posted).state == "credited"
    world.bank.status_lists.forget()
    assert world.bank.verify(posted.data).verification.verdict == "valid"
