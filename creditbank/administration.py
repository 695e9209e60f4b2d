"""Who may do what: institutions, accreditations, keys, achievements, callers. Each change has its leaf."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from credentials.keys import Algorithm, PublicKey
from creditbank.bank import Bank
from creditbank.caller import SCOPES, Caller
from creditbank.errors import Forbidden, NotFound
from creditbank.store import Transaction, deposits, registry, rows
from creditbank.store.deposits import StoredDeposit
from creditbank.transactions import registry as changes
from creditbank.transactions.promotion import locked
from creditbank.transactions.reversal import withdraw
from issuers.custody import generate_hosted_key
from issuers.issuer import Custody, KeyRecord
from issuers.registry import verification_method


@dataclass(frozen=True, slots=True)
class Administration:
    """The use cases of the registry. Its callers are administrators, and institutions for what is their own."""

    bank: Bank

    def register_issuer(self, caller: Caller, row: rows.Issuer) -> rows.Issuer:
        """Register an institution. Raises Conflict `issuer_exists`."""
        caller.need_administrator()
        return self.bank.change(lambda tx: changes.register_issuer(tx, self.bank.office, row))

    def issuer(self, issuer_id: str) -> rows.Issuer:
        """An institution. Raises NotFound `issuer_not_found`."""
        return self.bank.run(lambda tx: changes.issuer(tx, issuer_id))

    def issuers(self, after: str, limit: int) -> Sequence[rows.Issuer]:
        """Institutions in the order of their ids."""
        return self.bank.run(lambda tx: registry.issuers(tx, after, limit))

    def propose_accreditation(self, caller: Caller, row: rows.Accreditation) -> rows.Accreditation:
        """Record what an authority allows; it counts once a second administrator has approved it."""
        caller.need_administrator()
        return self.bank.change(lambda tx: changes.propose_accreditation(tx, self.bank.office, row))

    def approve_accreditation(self, caller: Caller, accreditation_id: UUID) -> rows.Accreditation:
        """Agree to an accreditation that somebody else proposed; what was held for want of it is looked at again."""
        caller.need_administrator()
        approve = changes.approve_accreditation
        row = self.bank.change(lambda tx: approve(tx, self.bank.office, accreditation_id, caller.client_id))
        self.bank.promote_all(self.issuer(row.issuer_id).did)
        return row

    def withdraw_accreditation(self, caller: Caller, accreditation_id: UUID, on: date) -> rows.Accreditation:
        """From `on` nothing may be awarded under it; what was awarded before stays."""
        caller.need_administrator()
        return self.bank.change(lambda tx: changes.withdraw_accreditation(tx, self.bank.office, accreditation_id, on))

    def accreditations(self, issuer_id: str) -> Sequence[rows.Accreditation]:
        """All accreditations of an institution, those awaiting approval too."""
        self.issuer(issuer_id)
        return self.bank.run(lambda tx: registry.accreditations(tx, issuer_id))

    def create_key(
        self, caller: Caller, issuer_id: str, algorithm: Algorithm, active_from: datetime, replaces: str | None = None
    ) -> rows.IssuerKey:
        """A key pair that the bank keeps for an institution, sealed before it is stored."""
        caller.confine_to_issuer(issuer_id)
        issuer = self.issuer(issuer_id)
        hosted = generate_hosted_key(self.bank.office.vault.envelope, issuer_id, algorithm)
        return self._add_key(issuer, hosted.public_key, Custody.HOSTED, hosted.sealed, active_from, replaces)

    def register_key(
        self, caller: Caller, issuer_id: str, key: PublicKey, active_from: datetime, replaces: str | None = None
    ) -> rows.IssuerKey:
        """The public key of an institution that signs for itself."""
        caller.confine_to_issuer(issuer_id)
        return self._add_key(self.issuer(issuer_id), key, Custody.OWN, None, active_from, replaces)

    def _add_key(
        self,
        issuer: rows.Issuer,
        key: PublicKey,
        custody: Custody,
        sealed: bytes | None,
        active_from: datetime,
        replaces: str | None,
    ) -> rows.IssuerKey:
        method = verification_method(issuer.did, key)
        record = KeyRecord(issuer.issuer_id, method, issuer.did, key, custody, active_from)
        return self.bank.change(lambda tx: changes.add_key(tx, self.bank.office, record, sealed, replaces))

    def retire_key(self, caller: Caller, issuer_id: str, key_id: str, at: datetime) -> rows.IssuerKey:
        """The key signs no more from `at`; what it signed before stays valid."""
        caller.confine_to_issuer(issuer_id)
        return self.bank.change(lambda tx: changes.retire_key(tx, self.bank.office, key_id, issuer_id, at))

    def compromise_key(
        self, caller: Caller, issuer_id: str, key_id: str, since: datetime
    ) -> tuple[rows.IssuerKey, list[StoredDeposit]]:
        """Declare a key compromised from an instant, and take back what was not logged before it.

        Each deposit is a transaction of its own: a crash in between leaves some still credited, and declaring the
        compromise again takes up the rest.
        """
        caller.confine_to_issuer(issuer_id)
        row = self.bank.change(lambda tx: changes.compromise_key(tx, self.bank.office, key_id, issuer_id, since))
        did = self.issuer(issuer_id).did
        signed = self.bank.run(lambda tx: deposits.signed_by(tx, did, row.thumbprint, ["credited"]))
        touched = [deposit for deposit in signed if deposit.received_at >= since]
        return row, [self._take_back(deposit.deposit_id, caller) for deposit in touched]

    def _take_back(self, deposit_id: UUID, caller: Caller) -> StoredDeposit:
        def work(tx: Transaction) -> StoredDeposit:
            stored = locked(tx, deposit_id)
            if stored.state == "credited":
                withdraw(tx, self.bank.office, stored, "reversed", "signing_time_unproven", caller.client_id)
            return locked(tx, deposit_id)

        return self.bank.change(work)

    def keys(self, issuer_id: str) -> tuple[rows.Issuer, Sequence[rows.IssuerKey]]:
        """An institution and all its keys."""
        issuer = self.issuer(issuer_id)
        return issuer, self.bank.run(lambda tx: registry.keys(tx, issuer_id))

    def register_achievement(self, caller: Caller, row: rows.Achievement) -> rows.Achievement:
        """What an institution offers. Raises Conflict `achievement_exists`."""
        caller.confine_to_issuer(row.issuer_id)
        self.issuer(row.issuer_id)
        return self.bank.change(lambda tx: changes.register_achievement(tx, self.bank.office, row))

    def achievement(self, issuer_id: str, achievement_id: str) -> rows.Achievement:
        """One achievement. Raises NotFound `achievement_not_found`."""
        found = self.bank.run(lambda tx: registry.achievement(tx, issuer_id, achievement_id))
        if found is None:
            raise NotFound("achievement")
        return found

    def achievements(self, issuer_id: str, after: str, limit: int) -> Sequence[rows.Achievement]:
        """Achievements in the order of their ids."""
        self.issuer(issuer_id)
        return self.bank.run(lambda tx: registry.achievements(tx, issuer_id, after, limit))

    def register_client(self, caller: Caller, row: rows.Client) -> rows.Client:
        """A machine that may call, with at most the scopes of its role; the log says who registered it.

        An administrator's key is no other client's: two names with one key are not two people. Raises Forbidden;
        Conflict `client_exists`, `key_in_use`; KeyRefused.
        """
        caller.need_administrator()
        if not set(row.scopes) <= SCOPES.get(row.role, frozenset()):
            raise Forbidden("scope_not_grantable", "A client cannot have scopes beyond its role.", role=row.role)
        key = PublicKey.from_jwk(row.public_jwk)
        return self.bank.change(lambda tx: changes.register_client(tx, self.bank.office, row, key, caller.client_id))

    def client(self, client_id: str) -> rows.Client:
        """A registered client that is not disabled. Raises NotFound `client_not_found`."""
        found = self.bank.run(lambda tx: registry.client(tx, client_id))
        if found is None or found.disabled_at is not None:
            raise NotFound("client")
        return found

    def use_assertion(self, client_id: str, jti: str, expires_at: datetime) -> None:
        """Accept a client assertion once. Raises Conflict `assertion_replayed`."""
        now = self.bank.office.clock()
        self.bank.run(lambda tx: registry.use_assertion(tx, client_id, jti, expires_at, now))

    def check_seal(self) -> None:
        """Refuse to open with another key-encryption key than the one the secrets are sealed under: `kek_mismatch`."""
        keyring = self.bank.office.vault.keyring
        known = self.bank.run(registry.seal_checks)
        for row in known:
            keyring.check(bytes(row.sealed))
        if not known:
            value = keyring.check_value()
            self.bank.run(lambda tx: registry.add_seal_check(tx, keyring.current.id, value))
