"""A badge made by an independent implementation is deposited here; one that the bank signed is accepted there."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from creditbank.transactions.registry import key_records
from recognition_rules.credits import from_grains
from tests.bank_world import OwnSigner, World, open_world

ob3 = pytest.importorskip("openbadgeslib.ob3", reason="the independent library openbadgeslib is not installed")


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> Iterator[World]:
    with open_world(database_url, tmp_path) as opened:
        yield opened


def foreign_badge(issuer_did: str, learner: str, issued: datetime) -> Any:
    """A badge as openbadgeslib models it; it says nothing of the unit, which the accreditation settles."""
    return ob3.OpenBadgeCredential(
        issuer=ob3.Issuer(id=issuer_did, name="Riverside College"),
        recipient_id=learner,
        achievement=ob3.Achievement(
            id="https://college.example/achievements/1",
            name="Welding",
            description="Welds",
            criteria_narrative="Four test pieces",
        ),
        id="urn:uuid:0f4e9d2c-5a0e-4a39-9f44-6a1c1d3c7a11",
        issuance_date=issued,
        credits_earned=4.5,
    )


def private_pem(signer: OwnSigner) -> bytes:
    handle = ec.derive_private_key(int.from_bytes(signer.key.to_bytes()), ec.SECP256R1())
    return handle.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def test_a_badge_signed_by_openbadgeslib_is_credited(world: World) -> None:
    signer = world.own_signer(units=("ects",))
    assert signer.caller.issuer_id is not None
    issuer = world.administration.issuer(signer.caller.issuer_id)
    badge = foreign_badge(issuer.did, world.wallet.public_key.did_key(), world.now - timedelta(days=1))
    token = ob3.OB3Signer(private_pem(signer), algorithm="ES256").sign(badge)
    outcome = world.bank.deposit(signer.post(token))
    assert (outcome.state, outcome.reason) == ("credited", "verified")
    held = world.bank.statement(outcome.book_id, world.now.date()).held()
    assert [(b.unit, from_grains(b.grains)) for b in held] == [("ects", Fraction(9, 2))]


def test_a_badge_that_the_bank_signed_is_accepted_by_openbadgeslib(world: World) -> None:
    posted = world.issue(world.school())
    key = world.bank.run(lambda tx: key_records(tx, "did:web:bank.example:issuers:hanbit"))[0].key
    pem = ed25519.Ed25519PublicKey.from_public_bytes(key.material).public_bytes(
        Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
    )
    accepted = ob3.OB3Verifier(pem).verify(posted.data.decode())
    assert (accepted.issuer.id, accepted.credits_earned) == ("did:web:bank.example:issuers:hanbit", 3)
