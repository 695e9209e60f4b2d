"""Persons for stories about books: each has a wallet's DID and an e-mail address, and badges name either or both."""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any
from uuid import UUID, uuid4

from credentials.achievement import IdentityObject
from credentials.keys import PrivateKey
from creditbank.identity import PlainIdentifier
from creditbank.transactions.prepared import DepositOutcome
from recognition_rules.credits import from_grains
from tests.bank_world import OwnSigner, World


@dataclass
class Person:
    """Somebody who learns."""

    did: str = field(default_factory=lambda: PrivateKey.generate("EdDSA").public_key.did_key())
    email: str = field(default_factory=lambda: f"{uuid4().hex[:12]}@example.org")

    def by_did(self) -> dict[str, Any]:
        """A badge's subject, known by her wallet."""
        return {"subject_id": self.did}

    def by_email(self) -> dict[str, Any]:
        """A badge's subject, known by her plain e-mail address."""
        return {"subject_id": None, "identifiers": [IdentityObject(self.email, "emailAddress", hashed=False)]}

    def by_both(self) -> dict[str, Any]:
        """A badge's subject, known by both."""
        return {**self.by_email(), **self.by_did()}

    @property
    def plain_email(self) -> PlainIdentifier:
        """Her address, as a caller gives it."""
        return PlainIdentifier("emailAddress", self.email)


def deposit(signer: OwnSigner, subject: dict[str, Any], **facts: Any) -> DepositOutcome:
    """A badge of ECTS credits about this subject, signed outside the bank and deposited."""
    return signer.world.bank.deposit(
        signer.post(signer.sign(signer.document(**{"credits": Fraction(5), **facts, **subject})))
    )


def held(world: World, book: UUID) -> dict[str, Fraction]:
    """What the learner holds and may still use, by unit, zero left out."""
    found = world.bank.statement(book, world.now.date()).held()
    return {balance.unit: from_grains(balance.grains) for balance in found if balance.grains}


def state(world: World, deposit_id: UUID) -> tuple[str, str]:
    """How a deposit stands, and why."""
    stored = world.bank.stored(deposit_id)
    return stored.state, stored.reason
