"""Which bit a credential gets: a keyed permutation, so that indexes tell neither order nor number; and full lists."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credentials.read import read
from creditbank.errors import NotFound
from creditbank.status_index import index_of
from creditbank.store import rows, status
from creditbank.store.transaction import run
from tests.bank_world import World, open_world

SECRET = bytes(32)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 300), st.binary(min_size=32, max_size=32), st.text(max_size=8))
def test_every_number_gets_a_place_of_its_own(size: int, secret: bytes, list_id: str) -> None:
    assert sorted(index_of(number, size, secret, list_id) for number in range(size)) == list(range(size))


def test_in_a_list_of_the_least_size_neighbours_are_strewn() -> None:
    places = [index_of(number, status.LIST_SIZE, SECRET, "a") for number in range(2000)]
    assert len(set(places)) == 2000
    assert all(0 <= place < status.LIST_SIZE for place in places)
    neighbours = sum(abs(a - b) < 64 for a, b in pairwise(places))
    assert neighbours < 20, "credentials issued one after the other do not lie side by side"


def test_the_key_and_the_list_decide() -> None:
    def first(secret: bytes, list_id: str) -> list[int]:
        return [index_of(number, status.LIST_SIZE, secret, list_id) for number in range(50)]

    assert first(SECRET, "a") == first(SECRET, "a")
    assert first(SECRET, "a") != first(SECRET, "b")
    assert first(SECRET, "a") != first(b"\x01" * 32, "a")


@pytest.mark.parametrize("number", [-1, 8, 9])
def test_a_number_beyond_the_list_has_no_place(number: int) -> None:
    with pytest.raises(ValueError, match="not in the list"):
        index_of(number, 8, SECRET, "a")


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> Iterator[World]:
    with open_world(database_url, tmp_path) as opened:
        yield opened


def places(world: World, data: bytes) -> dict[str, tuple[str, int]]:
    """List and index, by purpose, that a badge names."""
    found = read(data).document["credentialStatus"]
    return {
        entry["statusPurpose"]: (entry["statusListCredential"].rsplit("/")[-1], int(entry["statusListIndex"]))
        for entry in (found if isinstance(found, list) else [found])
    }


def test_a_full_list_is_followed_by_a_new_one(world: World) -> None:
    school = world.school()
    first = places(world, world.issue(school, suspendable=True).data)
    world.bank.run(lambda tx: run(tx, "UPDATE bank.status_list SET used = size - 1 WHERE purpose = 'revocation'"))
    last, next_one = (places(world, world.issue(school, suspendable=True).data) for _ in range(2))
    assert last["revocation"][0] == first["revocation"][0]
    assert next_one["revocation"][0] != first["revocation"][0]
    assert next_one["suspension"][0] == first["suspension"][0]
    lists = world.bank.run(lambda tx: tx.get(rows.StatusList, next_one["revocation"][0]))
    assert lists is not None and (lists.used, lists.issuer_id) == (1, "hanbit")


def test_both_lists_are_signed_and_only_the_right_bit_is_set(world: World) -> None:
    school = world.school()
    posted = [world.issue(school) for _ in range(3)]
    for item in posted:
        world.bank.deposit(item)
    claims = world.bank.verify(posted[1].data).verification.claims
    assert claims is not None
    world.bank.set_status(school, claims.credential_id, "revocation", value=True, reason="fraud")
    assert [world.bank.verify(item.data).verification.code for item in posted] == [None, "revoked", None]
    with pytest.raises(NotFound):
        world.bank.status_lists.signed("no-such-list")


def test_issuing_takes_no_place_of_another_institution(world: World) -> None:
    one, two = world.school(), world.school("other", "higher")
    assert (
        places(world, world.issue(one).data)["revocation"][0] != places(world, world.issue(two).data)["revocation"][0]
    )
