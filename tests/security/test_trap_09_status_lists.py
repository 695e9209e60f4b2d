"""Trap 9: a status that cannot be relied on never makes a credential valid, and every entry is looked at."""

import gzip
import json
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from credentials.status_list import MAX_BYTES, MIN_BYTES
from tests.bank_world import World
from tests.security.attacks import (
    Document,
    assert_refused,
    careless_token,
    differences,
    everything,
    network_given_back,
    own_signer,
    verdict,
)
from tests.security.conftest import Target
from tests.security.status_world import Seoul, entry, with_bits


@pytest.fixture
def seoul(target: Target) -> Iterator[Seoul]:
    with network_given_back(target.world):
        yield Seoul(target.world, target.signer)


def assert_held(seoul: Seoul, badge: bytes, reason: str) -> None:
    """On the record and in the log, shown as *cannot tell*, and without any credits."""
    before = everything(seoul.world)
    assert verdict(seoul.world, badge) == ("indeterminate", reason)
    outcome = seoul.world.bank.deposit(seoul.signer.post(badge.decode()))
    assert (outcome.state, outcome.reason) == ("held", reason)
    grown = differences(before, everything(seoul.world))
    assert (grown["deposit"], grown["leaf"]) == (1, 1)
    assert grown.keys() & {"entry", "posting", "identifier", "use"} == set()


INDEXES = [
    "-1",
    "-128",
    "131072",
    "9999999999",
    "1e3",
    "٧",
    "7 ",
    " 7",
    "+7",
    "07",
    "7.0",
    "0x7",
    "",
    7,
    -1,
    None,
    True,
    [7],
]


@pytest.mark.parametrize("index", INDEXES, ids=[f"9 {index!r}" for index in INDEXES])
def test_trap_9_an_index_is_a_plain_number_inside_the_list(seoul: Seoul, index: object) -> None:
    seoul.publish(seoul.signed(seoul.list_document()))
    inside = isinstance(index, str) and index in ("131072", "9999999999")
    before = len(seoul.network.dialled)
    assert_refused(seoul.world, seoul.badge(entry(index=index)), "range_error", seoul.signer.caller)
    assert len(seoul.network.dialled) - before == int(inside)


def test_trap_9_a_good_list_that_says_no_or_yes(seoul: Seoul) -> None:
    """So the refusals here are not owed to a list that could never be read."""
    seoul.publish(seoul.signed(seoul.list_document(8, MIN_BYTES * 8 - 1)))
    assert verdict(seoul.world, seoul.badge(entry(index="7"))) == ("valid", None)
    assert_refused(seoul.world, seoul.badge(entry(index="8")), "revoked", seoul.signer.caller)
    assert_refused(seoul.world, seoul.badge(entry(index=str(MIN_BYTES * 8 - 1))), "revoked", seoul.signer.caller)
    assert seoul.network.dialled == ["93.184.216.34"]  # asked once, then kept


def test_trap_9_every_entry_is_looked_at_not_the_first(seoul: Seoul) -> None:
    seoul.publish(seoul.signed(seoul.list_document()), "a")
    seoul.publish(seoul.signed(seoul.list_document(7, name="b", purpose="suspension")), "b")
    good, suspended = entry("a"), entry("b", purpose="suspension")
    missing, foreign = entry("missing"), entry("a", type="1EdTechRevocationList")
    assert_refused(seoul.world, seoul.badge(good, suspended), "suspended", seoul.signer.caller)
    assert_refused(seoul.world, seoul.badge(missing, suspended), "suspended", seoul.signer.caller)
    assert_refused(seoul.world, seoul.badge(good, entry("a", index="-1")), "range_error", seoul.signer.caller)
    assert_held(seoul, seoul.badge(good, missing), "status_unavailable")
    assert_held(seoul, seoul.badge(good, foreign), "status_unavailable")
    assert_held(seoul, seoul.badge(good, entry("a", type="RevocationList2020Status")), "status_type_unsupported")


def test_trap_9_more_lists_than_anybody_needs_are_not_asked_for(seoul: Seoul) -> None:
    for number in range(20):
        seoul.publish(seoul.signed(seoul.list_document(name=str(number))), str(number))
    badge = seoul.badge(*(entry(str(number)) for number in range(20)))
    assert verdict(seoul.world, badge) == ("indeterminate", "status_unavailable")
    assert len(seoul.network.dialled) == 8


def altered(signed: bytes, other: Document) -> bytes:
    return json.dumps({**json.loads(signed), "credentialSubject": other["credentialSubject"]}).encode()


Change = Callable[[Seoul], bytes]
UNRELIABLE: dict[str, tuple[Change, str]] = {
    "9 unsigned": (lambda s: json.dumps(s.list_document()).encode(), "status_unverified"),
    "9 altered": (lambda s: altered(s.signed(s.list_document()), s.list_document(9)), "status_unverified"),
    "9 over": (lambda s: s.signed(s.list_document(validUntil="2020-01-02T00:00:00Z", validFrom="2020-01-01T00:00:00Z")),
               "status_stale"),
    "9 with a status of its own": (lambda s: s.signed(s.list_document(credentialStatus=entry())), "status_recursion"),
    "9 published elsewhere": (lambda s: s.signed(s.list_document(name="b")), "status_unverified"),
    "9 another kind of credential": (lambda s: s.signed(s.signer.document()), "status_unverified"),
    "9 not JSON": (lambda s: b"<html>", "status_unavailable"),
    "9 named twice": (lambda s: s.signed(s.list_document()).replace(b"{", b'{"id":"x",', 1), "status_unavailable"),
}  # fmt: skip


@pytest.mark.parametrize(("make", "reason"), UNRELIABLE.values(), ids=UNRELIABLE.keys())
def test_trap_9_an_unreliable_list_holds_the_deposit(seoul: Seoul, make: Change, reason: str) -> None:
    seoul.publish(make(seoul))
    assert_held(seoul, seoul.badge(entry()), reason)


def test_trap_9_no_list_at_all_holds_the_deposit(seoul: Seoul) -> None:
    seoul.network.serve_to(seoul.world)
    assert_held(seoul, seoul.badge(entry("nowhere")), "status_unavailable")


CONTRADICTING: dict[str, tuple[Change, str]] = {
    "9 for another purpose": (lambda s: s.signed(s.list_document(purpose="suspension")), "status_purpose_mismatch"),
    "9 too short": (lambda s: with_bits(s, gzip.compress(bytes(64))), "range_error"),
    "9 a bomb": (lambda s: with_bits(s, gzip.compress(bytes(MAX_BYTES * 4))), "too_large"),
}


@pytest.mark.parametrize(("make", "code"), CONTRADICTING.values(), ids=CONTRADICTING.keys())
def test_trap_9_a_contradicting_list_refuses_the_deposit(seoul: Seoul, make: Change, code: str) -> None:
    seoul.publish(make(seoul))
    assert_refused(seoul.world, seoul.badge(entry()), code, seoul.signer.caller)


BROKEN_BITS = {
    "9 two members": gzip.compress(bytes(MIN_BYTES)) + gzip.compress(bytes(MIN_BYTES)),
    "9 more behind": gzip.compress(bytes(MIN_BYTES)) + b"x",
    "9 cut off": gzip.compress(bytes(MIN_BYTES))[:-8],
    "9 no gzip": bytes(64),
}


@pytest.mark.parametrize("packed", BROKEN_BITS.values(), ids=BROKEN_BITS.keys())
def test_trap_9_a_list_that_does_not_unpack_holds_the_deposit(seoul: Seoul, packed: bytes) -> None:
    seoul.publish(with_bits(seoul, packed))
    assert_held(seoul, seoul.badge(entry()), "status_unverified")


def test_trap_9_the_list_of_another_institution_does_not_count(seoul: Seoul) -> None:
    """Its signature is genuine, and its key known to the bank; only it is not the issuer's list."""
    other = Seoul(seoul.world, own_signer(seoul.world, "busan"), seoul.network)
    other.publish(other.signed(other.list_document()))
    assert_held(seoul, seoul.badge(entry()), "status_unverified")
    forged = {**seoul.list_document(), "issuer": other.signer.document()["issuer"]["id"]}
    seoul.publish(seoul.signed(forged), "b")
    assert_held(seoul, seoul.badge(entry("b")), "status_unverified")


def test_trap_9_a_list_of_the_bank_belongs_to_one_institution(target: Target) -> None:
    """A badge that points into the list of a hosted institution is refused, and the bank asks nobody about it."""
    world = target.world
    posted = world.issue(target.nist_signer.caller, "eddsa-jcs-2022", suspendable=True)
    for status in json.loads(posted.data)["credentialStatus"]:
        document = {**target.signer.document(), "credentialStatus": status}
        assert verdict(world, careless_token(target.signer, document).encode())[0] != "valid"


def test_trap_9_a_ttl_counts_from_the_fetching(seoul: Seoul) -> None:
    document = seoul.list_document()
    document["credentialSubject"]["ttl"] = 60_000
    seoul.publish(seoul.signed(document))
    badge = seoul.badge(entry())
    assert verdict(seoul.world, badge) == ("valid", None)
    seoul.world.now += timedelta(minutes=2)  # the fetcher still has it, for five minutes
    assert verdict(seoul.world, badge) == ("indeterminate", "status_stale")


def test_trap_9_a_list_that_nobody_can_sign_any_more_is_unavailable(world: World) -> None:
    school = world.school("hanbit")
    posted = world.issue(school)
    _, keys = world.administration.keys("hanbit")
    world.administration.retire_key(school, "hanbit", keys[0].key_id, world.now + timedelta(seconds=1))
    world.now += timedelta(days=1)
    world.bank.status_lists.forget()
    assert verdict(world, posted.data) == ("indeterminate", "status_unavailable")
