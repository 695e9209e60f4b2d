"""The bank's trust bundle, from its registry, status lists and log: public data alone, signed."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from credentials.errors import CredentialError
from credentials.members import single
from credentials.read import read
from creditbank import outside
from creditbank.bank import Bank
from creditbank.errors import NotFound
from creditbank.store import Transaction, foreign_status, registry, rows, status
from creditbank.trust_bundle import (
    Bundle,
    BundledAccreditation,
    BundledAchievement,
    BundledIssuer,
    BundledKey,
    BundledLog,
    BundledStatusList,
    Signatory,
    write_bundle,
)
from issuers.errors import RegistryError

LIFE = timedelta(days=30)
"""How long a bundle may be used, unless its maker says otherwise; status lists in it have lives of their own."""
KEPT = timedelta(minutes=5)
_PAGE = 500


@dataclass(slots=True)
class TrustBundles:
    """The bank's bundle, made anew when the one at hand is five minutes old or the registry has changed since."""

    bank: Bank
    _kept: tuple[int, datetime, bytes] | None = field(default=None, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def latest(self) -> bytes:
        """A bundle for anybody; asking for it costs the bank next to nothing."""
        with self._lock:
            version, now = self.bank.run(registry.version), self.bank.office.clock()
            if self._kept is None or self._kept[0] != version or not self._kept[1] <= now < self._kept[1] + KEPT:
                self._kept = (version, now, self.export())
            return self._kept[2]

    def export(self, life: timedelta = LIFE, *, foreign: bool = False) -> bytes:
        """The bundle as of now, to be used for `life`.

        `foreign`: with the lists of other institutions that a sweep has seen, each asked for now; what cannot be had
        is left out. Lists for many alone: where a badge is published by itself, its address would tell of its learner.
        """
        bank, now = self.bank, self.bank.office.clock().replace(microsecond=0)
        key, publisher = bank.office.vault.statement_key, bank.publisher
        contents = Bundle(
            bank=Signatory(url=bank.public_url, jwk={name: str(value) for name, value in key.public_key.jwk().items()}),
            issued_at=now,
            valid_until=now + life,
            issuers=bank.run(lambda tx: list(_issuers(tx))),
            status_lists=[
                *self._status_lists(bank.run(status.list_ids)),
                *(self._foreign_lists(bank.run(_seen_lists)) if foreign else ()),
            ],
            log=BundledLog(
                vkey=publisher.vault.log_verifier(publisher.origin).vkey, checkpoint=bank.checkpoint().decode()
            ),
        )
        return write_bundle(contents, key)

    def _status_lists(self, list_ids: Sequence[str]) -> Iterator[BundledStatusList]:
        """The bank's own lists; one whose institution has no key left is absent, and says nothing about anybody."""
        for list_id in list_ids:
            try:
                signed = self.bank.status_lists.signed(list_id)
            except (NotFound, RegistryError):
                continue
            url, now = self.bank.status_lists.url(list_id), self.bank.office.clock()
            yield BundledStatusList(url=url, fetched_at=now, credential=signed.decode())

    def _foreign_lists(self, urls: Sequence[str]) -> Iterator[BundledStatusList]:
        """Other institutions' lists as they are served; whether one holds is for the verification to say."""
        for url in urls:
            found = outside.status_list(url, self.bank.sources.fetcher)
            if found is not None and _is_list_of_bits(found.body):
                yield BundledStatusList(url=url, fetched_at=found.fetched_at, credential=found.body.decode())


def _seen_lists(tx: Transaction) -> list[str]:
    seen = (foreign_status.one(tx, url) for url in foreign_status.due(tx, None))
    return [one.list_url for one in seen if one is not None and one.seen_at is not None]


def _is_list_of_bits(body: bytes) -> bool:
    try:
        return "encodedList" in (single(read(body).document, "credentialSubject") or {})
    except CredentialError:
        return False


def _issuers(tx: Transaction) -> Iterator[BundledIssuer]:
    after = ""
    while page := registry.issuers(tx, after, _PAGE):
        yield from (_issuer(tx, row) for row in page)
        after = page[-1].issuer_id


def _issuer(tx: Transaction, row: rows.Issuer) -> BundledIssuer:
    return BundledIssuer(
        id=row.issuer_id,
        did=row.did,
        name=dict(row.name),
        country=row.country,
        provider_root=row.provider_root,
        keys=[_key(key) for key in registry.keys(tx, row.issuer_id)],
        accreditations=[
            _accreditation(one) for one in registry.accreditations(tx, row.issuer_id) if one.approved_by is not None
        ],
        achievements=list(_achievements(tx, row.issuer_id)),
    )


def _key(row: rows.IssuerKey) -> BundledKey:
    return BundledKey(
        verification_method=row.key_id,
        jwk=row.public_jwk,
        active_from=row.active_from,
        retired_at=row.retired_at,
        compromised_from=row.compromised_from,
    )


def _accreditation(row: rows.Accreditation) -> BundledAccreditation:
    return BundledAccreditation(
        id=str(row.accreditation_id),
        authority=row.authority,
        units=list(row.units),
        achievements=row.achievements,
        levels=None if row.levels is None else [(framework, level) for framework, level in row.levels],
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        withdrawn_on=row.withdrawn_on,
    )


def _achievements(tx: Transaction, issuer_id: str) -> Iterator[BundledAchievement]:
    after = ""
    while page := registry.achievements(tx, issuer_id, after, _PAGE):
        for row in page:
            level = (row.level_framework, row.level_value) if row.level_framework and row.level_value else None
            yield BundledAchievement(
                id=row.achievement_id,
                unit=row.unit,
                level=level,
                source_type=row.source_type,
                course_class=row.course_class,
            )
        after = page[-1].achievement_id
