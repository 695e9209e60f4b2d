"""The bank's own status lists: bits from the rows, signed when somebody asks, outside every transaction.

A signed list is kept until one of its bits changes or half its life is over; nothing is signed while a book is locked.
"""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any

from credentials.canonical import jcs
from credentials.data_integrity import sign
from credentials.jose import to_vc_jwt
from credentials.keys import Algorithm
from credentials.status_list import build
from creditbank.errors import NotFound
from creditbank.office import Office
from creditbank.store import Transaction, registry, rows, status
from creditbank.transactions.registry import key_records
from issuers.custody import HostedKey, HostedSigner
from issuers.errors import RegistryError
from issuers.registry import signing_key
from issuers.signing_forms import ANY_ALGORITHM

LIFE = timedelta(hours=24)
Run = Callable[[Callable[[Transaction], Any]], Any]


class StatusLists:
    """Status lists as signed documents, by id or by URL."""

    def __init__(self, run: Run, office: Office, public_url: str) -> None:
        self._run = run
        self._office = office
        self._prefix = f"{public_url}/status/"
        self._signed: dict[str, tuple[int, datetime, bytes]] = {}

    def url(self, list_id: str) -> str:
        """Where a list is published."""
        return f"{self._prefix}{list_id}"

    def is_own(self, url: str) -> bool:
        """Whether only the bank itself can have a list at this URL, so that nobody else is ever asked for it."""
        return url.startswith(self._prefix)

    def own(self, url: str) -> bytes | None:
        """The list at this URL, if it is one of the bank's own and its institution has a key to sign it with."""
        if not self.is_own(url):
            return None
        try:
            return self.signed(url.removeprefix(self._prefix))
        except (NotFound, RegistryError):
            return None

    def forget(self) -> None:
        """Sign anew at the next request."""
        self._signed.clear()

    def signed(self, list_id: str) -> bytes:
        """The signed list: JSON with an Ed25519 proof, or a VC-JWT by a key of another kind. Raises NotFound."""
        version, bits_set = self._run(lambda tx: status.set_bits(tx, list_id))
        kept = self._signed.get(list_id)
        now = self._office.clock()
        if kept and kept[0] == version and kept[1] <= now < kept[1] + LIFE / 2:
            return kept[2]
        document = self._sign(list_id, bits_set, now)
        self._signed[list_id] = (version, now, document)
        return document

    def _sign(self, list_id: str, bits_set: list[int], now: datetime) -> bytes:
        row, issuer = self._run(lambda tx: _owner(tx, list_id))
        unsigned = build(
            self.url(list_id),
            issuer.did,
            row.purpose,
            _bits(row.size, bits_set),
            now.replace(microsecond=0),
            now + LIFE,
        )
        signer, method = self._run(lambda tx: hosted_signer(tx, self._office, issuer.did, now, ANY_ALGORITHM))
        if signer.public_key.algorithm != "EdDSA":
            return to_vc_jwt(unsigned, signer, key_id=method).encode()
        return jcs(sign(unsigned, signer, cryptosuite="eddsa-jcs-2022", verification_method=method, created=now))


def _owner(tx: Transaction, list_id: str) -> tuple[rows.StatusList, rows.Issuer]:
    row = status.status_list(tx, list_id)
    issuer = registry.issuer(tx, row.issuer_id) if row else None
    if row is None or issuer is None:
        raise NotFound("status_list")
    return row, issuer


def hosted_signer(
    tx: Transaction, office: Office, did: str, at: datetime, algorithms: Collection[Algorithm]
) -> tuple[HostedSigner, str]:
    """The signer with an institution's youngest active key that the bank keeps, of one of these algorithms.

    Its key's id stands beside it. Errors: `no_active_key`.
    """
    record = signing_key([record for record in key_records(tx, did) if record.key.algorithm in algorithms], at)
    row = registry.key(tx, record.verification_method)
    assert row is not None and row.sealed_private_key is not None
    hosted = HostedKey(record.issuer_id, record.key, bytes(row.sealed_private_key))
    return HostedSigner(hosted, office.vault.envelope), record.verification_method


def _bits(size: int, bits_set: list[int]) -> bytes:
    bits = bytearray(size // 8)
    for index in bits_set:
        bits[index // 8] |= 0x80 >> index % 8  # index 0 is the left-most bit (Bitstring Status List 1.0)
    return bytes(bits)
