"""Two people are two keys: a second name for an administrator's key is refused, and the log says who let whom in."""

import json

import pytest

from credentials.keys import PrivateKey, PublicKey
from creditbank.caller import SCOPES
from creditbank.errors import Conflict
from creditbank.store import rows
from tests.bank_world import ANNA, World


def client(world: World, name: str, key: PublicKey, role: str = "administrator") -> rows.Client:
    return rows.Client(
        client_id=name,
        name=name,
        role=role,
        public_jwk=key.jwk(),
        scopes=sorted(SCOPES[role]),
        registered_at=world.now,
    )


@pytest.mark.parametrize(("first", "second"), [("administrator", "administrator"), ("employer", "administrator")])
def test_an_administrators_key_is_no_other_clients(world: World, first: str, second: str) -> None:
    key = PrivateKey.generate("ES256").public_key
    world.administration.register_client(ANNA, client(world, "one", key, first))
    with pytest.raises(Conflict, match="key_in_use"):
        world.administration.register_client(ANNA, client(world, "other", key, second))
    again = client(world, "third", key, second)
    again.public_jwk = {**again.public_jwk, "kid": "a-name-of-its-own"}
    with pytest.raises(Conflict, match="key_in_use"):
        world.administration.register_client(ANNA, again)


def test_employers_may_share_a_key(world: World) -> None:
    key = PrivateKey.generate("EdDSA").public_key
    for name in ("one", "other"):
        world.administration.register_client(ANNA, client(world, name, key, "employer"))


def test_the_log_says_who_registered_whom(world: World) -> None:
    key = PrivateKey.generate("EdDSA").public_key
    world.administration.register_client(ANNA, client(world, "carla", key))
    entry = json.loads(world.bank.receipt_of("client:carla").entry or b"")
    assert (entry["type"], entry["role"], entry["by"]) == ("client", "administrator", ANNA.client_id)
    assert entry["key"] == key.thumbprint()
    assert world.bank.audit().clean
