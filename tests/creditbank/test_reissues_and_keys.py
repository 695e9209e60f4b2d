"""A newer version replaces what it can stand for and nothing more; and what a key's rotation, end and theft do."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from credentials.keys import PrivateKey
from creditbank.errors import BankError, Conflict, Refused
from creditbank.transactions.prepared import DepositOutcome
from issuers.errors import RegistryError
from tests.bank_world import ANNA, OwnSigner, World, open_world
from tests.creditbank.persons import Person, deposit, held, state


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> Iterator[World]:
    with open_world(database_url, tmp_path) as opened:
        yield opened


@pytest.fixture
def signer(world: World) -> OwnSigner:
    return world.own_signer()


@pytest.fixture
def person() -> Person:
    return Person()


def version(
    signer: OwnSigner, credential_id: str, minutes_ago: int, ects: int, subject: dict[str, Any]
) -> DepositOutcome:
    """One version of a credential, valid from some minutes ago."""
    valid_from = signer.world.now - timedelta(minutes=minutes_ago)
    return deposit(signer, subject, credential_id=credential_id, valid_from=valid_from, credits=Fraction(ects))


def new_id() -> str:
    return f"urn:uuid:{uuid4()}"


# ── reissues ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_versions_form_a_chain_with_one_alive(world: World, signer: OwnSigner, person: Person) -> None:
    credential = new_id()
    chain = [version(signer, credential, 30 - n, n + 1, person.by_did()) for n in range(4)]
    assert [outcome.version for outcome in chain] == [1, 2, 3, 4]
    assert [state(world, outcome.deposit_id)[0] for outcome in chain] == ["superseded"] * 3 + ["credited"]
    assert held(world, chain[-1].book_id) == {"ects": Fraction(4)}
    with pytest.raises(Conflict, match="already_recorded"):
        version(signer, credential, 29, 9, person.by_did())
    assert world.bank.audit().clean


def test_a_reissue_after_a_merge_finds_the_credits(world: World, signer: OwnSigner, person: Person) -> None:
    credential = new_id()
    first = version(signer, credential, 30, 5, person.by_did())
    other = deposit(signer, Person().by_did(), credits=Fraction(1))
    world.bank.merge(first.book_id, other.book_id, "anna")
    second = version(signer, credential, 20, 3, person.by_did())
    assert (second.version, second.book_id, second.replaced) == (2, other.book_id, first.deposit_id)
    assert held(world, other.book_id) == {"ects": Fraction(4)}
    assert world.bank.audit().clean


def test_a_reissue_about_somebody_else_changes_nothing(world: World, signer: OwnSigner, person: Person) -> None:
    credential = new_id()
    first = version(signer, credential, 30, 5, person.by_did())
    somebody = deposit(signer, Person().by_did())
    before = world.counts()
    for subject in (Person().by_did(), {"subject_id": None, **Person().by_email()}):
        with pytest.raises(Conflict, match="subject_changed"):
            version(signer, credential, 20, 50, subject)
    assert (world.counts(), state(world, first.deposit_id)[0]) == (before, "credited")
    assert held(world, somebody.book_id) == {"ects": Fraction(5)}


def test_a_reissue_of_what_is_only_held_replaces_it(world: World, person: Person) -> None:
    """Nobody's book is known yet, so there is none to compare; nothing was booked, so nothing is lost."""
    newcomer, credential = world.own_signer("newcomer", ()), new_id()
    first = version(newcomer, credential, 30, 5, person.by_did())
    second = version(newcomer, credential, 20, 3, person.by_did())
    assert (second.version, second.state, second.replaced) == (2, "held", first.deposit_id)
    assert state(world, first.deposit_id) == ("superseded", "reissued")
    world.accredit("newcomer", ("ects",))
    assert [state(world, outcome.deposit_id)[0] for outcome in (first, second)] == ["superseded", "credited"]
    assert world.bank.audit().clean


def test_a_reissue_that_says_less_takes_the_credits_back(world: World, signer: OwnSigner, person: Person) -> None:
    """The issuer's own verified word: the newer version is held, and the older one no longer counts."""
    credential = new_id()
    first = version(signer, credential, 30, 5, person.by_did())
    document = signer.document(credential_id=credential, valid_from=world.now - timedelta(minutes=9), **person.by_did())
    del document["credentialSubject"]["creditsEarned"]
    second = world.bank.deposit(signer.post(signer.sign(document)))
    assert (second.state, second.reason) == ("held", "credits_not_disclosed")
    assert state(world, first.deposit_id)[0] == "superseded"
    assert held(world, first.book_id) == {}
    assert world.bank.audit().clean


@pytest.mark.parametrize(
    ("purpose", "code"), [("revocation", "credential_revoked"), ("suspension", "credential_suspended")]
)
def test_a_withdrawn_credential_is_not_revived_by_a_reissue(world: World, purpose: str, code: str) -> None:
    school = world.school()
    posted = world.issue(school, suspendable=True)
    first = world.bank.deposit(posted)
    claims = world.bank.verify(posted.data).verification.claims
    assert claims is not None
    world.bank.set_status(school, claims.credential_id, purpose, value=True, reason="fraud")
    key = PrivateKey.generate("ES256")
    row = world.administration.register_key(ANNA, "hanbit", key.public_key, world.now - timedelta(days=400))
    own = OwnSigner(world, school, key, row.key_id)
    world.now += timedelta(minutes=1)
    with pytest.raises(Conflict, match=code):
        deposit(own, {}, credential_id=claims.credential_id, valid_from=world.now, unit="kr-credit")
    assert held(world, first.book_id) == {}


def test_a_status_is_the_credentials_and_reaches_the_version_alive(world: World) -> None:
    """Reissued by the institution's own key, without a status entry: revoking the credential still takes it back."""
    school = world.school()
    posted = world.issue(school)
    first = world.bank.deposit(posted)
    claims = world.bank.verify(posted.data).verification.claims
    assert claims is not None
    key = PrivateKey.generate("ES256")
    row = world.administration.register_key(ANNA, "hanbit", key.public_key, world.now - timedelta(days=400))
    own = OwnSigner(world, school, key, row.key_id)
    world.now += timedelta(minutes=1)
    second = deposit(own, {}, credential_id=claims.credential_id, valid_from=world.now, unit="kr-credit")
    assert (second.replaced, held(world, first.book_id)) == (first.deposit_id, {"kr-credit": Fraction(5)})
    stored = world.bank.set_status(school, claims.credential_id, "revocation", value=True, reason="fraud")
    assert (stored.deposit_id, stored.state) == (second.deposit_id, "revoked")
    assert held(world, first.book_id) == {}
    assert world.bank.audit().clean


# ── keys ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def stolen(world: World, signer: OwnSigner) -> datetime:
    """Declare the signer's key stolen as of now; a moment later."""
    since = datetime.now(UTC)
    world.now = since + timedelta(seconds=1)
    assert signer.caller.issuer_id is not None
    world.administration.compromise_key(ANNA, signer.caller.issuer_id, signer.key_id, since)
    return since


def test_a_stolen_key_takes_back_exactly_what_was_logged_since(world: World, signer: OwnSigner, person: Person) -> None:
    before = deposit(signer, person.by_did(), credits=Fraction(1))
    moved = deposit(signer, Person().by_did(), credits=Fraction(2))
    since = datetime.now(UTC)
    world.bank.merge(moved.book_id, before.book_id, "anna")
    after = deposit(signer, person.by_did(), credits=Fraction(4))
    world.now = datetime.now(UTC) + timedelta(seconds=1)
    _, taken = world.administration.compromise_key(ANNA, "selfsigner", signer.key_id, since)
    assert [stored.deposit_id for stored in taken] == [after.deposit_id]
    assert state(world, after.deposit_id) == ("reversed", "signing_time_unproven")
    assert held(world, before.book_id) == {"ects": Fraction(3)}, "moved by the merge, but logged before"
    _, again = world.administration.compromise_key(ANNA, "selfsigner", signer.key_id, since)
    assert again == [], "declared again, there is nothing left to take"
    assert world.bank.audit().clean


def test_a_compromise_broken_off_is_taken_up_again(
    world: World, signer: OwnSigner, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    since = datetime.now(UTC)
    outcomes = [deposit(signer, person.by_did(), credits=Fraction(1)) for _ in range(3)]
    world.now = datetime.now(UTC) + timedelta(seconds=1)
    change, calls = world.bank.change, []

    def crash_at_the_third(work: Any) -> Any:
        calls.append(work)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return change(work)

    monkeypatch.setattr(world.bank, "change", crash_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        world.administration.compromise_key(ANNA, "selfsigner", signer.key_id, since)
    monkeypatch.undo()
    states = sorted(state(world, outcome.deposit_id)[0] for outcome in outcomes)
    assert states == ["credited", "credited", "reversed"]
    _, rest = world.administration.compromise_key(ANNA, "selfsigner", signer.key_id, since)
    assert len(rest) == 2
    assert held(world, outcomes[0].book_id) == {}
    assert world.bank.audit().clean


def test_the_thief_cannot_displace_an_older_version(world: World, signer: OwnSigner, person: Person) -> None:
    """Signed with the stolen key under an old id: not verified, so it replaces nothing, be it only to be held."""
    credential = new_id()
    first = version(signer, credential, 30, 5, person.by_did())
    stolen(world, signer)
    before = world.counts()
    with pytest.raises(BankError) as refusal:
        version(signer, credential, 20, 50, person.by_did())
    assert refusal.value.code == "not_verified_yet"
    assert (world.counts(), state(world, first.deposit_id)[0]) == (before, "credited")
    assert held(world, first.book_id) == {"ects": Fraction(5)}


def test_what_the_thief_signs_is_held_and_never_promoted(world: World, signer: OwnSigner, person: Person) -> None:
    stolen(world, signer)
    forged = deposit(signer, person.by_did(), credits=Fraction(60))
    assert (forged.state, forged.reason) == ("held", "signing_time_unproven")
    assert world.bank.promote(forged.deposit_id).state == "held"


def test_an_issuer_confirms_anew_with_a_new_key(world: World, signer: OwnSigner, person: Person) -> None:
    since, credential = datetime.now(UTC), new_id()
    doubted = version(signer, credential, 30, 5, person.by_did())
    world.now = datetime.now(UTC) + timedelta(seconds=1)
    world.administration.compromise_key(ANNA, "selfsigner", signer.key_id, since)
    assert held(world, doubted.book_id) == {}
    key = PrivateKey.generate("ES256")
    row = world.administration.register_key(ANNA, "selfsigner", key.public_key, world.now - timedelta(hours=1))
    confirmed = version(OwnSigner(world, signer.caller, key, row.key_id), credential, 5, 5, person.by_did())
    assert (confirmed.state, confirmed.replaced) == ("credited", doubted.deposit_id)
    assert held(world, doubted.book_id) == {"ects": Fraction(5)}
    assert world.bank.audit().clean


def test_rotation_keeps_what_the_old_key_signed_and_ends_what_it_may_sign(world: World, signer: OwnSigner) -> None:
    posted = signer.post(signer.sign(signer.document()))
    world.bank.deposit(posted)
    key = PrivateKey.generate("ES256")
    row = world.administration.register_key(ANNA, "selfsigner", key.public_key, world.now, replaces=signer.key_id)
    world.now += timedelta(minutes=10)
    assert world.bank.verify(posted.data).verification.verdict == "valid"
    late = signer.document(valid_from=world.now - timedelta(minutes=5))
    with pytest.raises(Refused, match="key"):
        world.bank.deposit(signer.post(signer.sign(late)))
    fresh = OwnSigner(world, signer.caller, key, row.key_id)
    assert world.bank.deposit(fresh.post(fresh.sign(late))).state == "credited"


def test_a_retired_hosted_key_signs_no_more_and_old_badges_stay_valid(world: World) -> None:
    """The bank still answers by checks: without a key the status list cannot be signed anew, and nothing falls over."""
    school = world.school()
    posted = world.issue(school)
    world.bank.deposit(posted)
    _, keys = world.administration.keys("hanbit")
    world.administration.retire_key(ANNA, "hanbit", keys[0].key_id, world.now + timedelta(seconds=1))
    world.now += timedelta(days=2)
    with pytest.raises(RegistryError, match="no key that may sign"):
        world.issue(school)
    verified = world.bank.verify(posted.data).verification
    assert (verified.verdict, verified.code) == ("indeterminate", "status_unavailable")
    world.administration.create_key(ANNA, "hanbit", "EdDSA", world.now)
    assert world.bank.verify(posted.data).verification.verdict == "valid"


def test_a_status_list_is_not_served_under_a_stolen_key(world: World) -> None:
    """The list kept from before the theft is signed anew by the new key, so old badges can be checked at once."""
    school = world.school()
    posted = world.issue(school)
    world.bank.deposit(posted)
    assert world.bank.verify(posted.data).verification.verdict == "valid"
    _, keys = world.administration.keys("hanbit")
    since = datetime.now(UTC)
    world.now = since + timedelta(seconds=1)
    world.administration.create_key(ANNA, "hanbit", "EdDSA", since, replaces=keys[0].key_id)
    world.administration.compromise_key(ANNA, "hanbit", keys[0].key_id, since)
    world.now += timedelta(seconds=1)
    verified = world.bank.verify(posted.data).verification
    assert verified.verdict == "valid", [(c.name, c.code) for c in verified.checks if c.code]
