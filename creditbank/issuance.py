"""From a plain learning outcome to a signed Open Badge, with the institution's hosted key and a status place."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from credentials.achievement import IdentityObject
from credentials.canonical import jcs
from credentials.data_integrity import sign
from credentials.errors import LimitExceeded
from credentials.identifiers import check_identifiers
from credentials.jose import to_vc_jwt
from credentials.keys import Algorithm, Signer
from credentials.open_badges import OutcomeDraft, build
from credentials.profile import check_shape
from credentials.shape import contents
from credentials.status_entry import StatusEntry
from creditbank.caller import Caller
from creditbank.errors import Refused
from creditbank.identity import PlainIdentifier
from creditbank.intake import Posted
from creditbank.office import Office
from creditbank.status_index import index_of
from creditbank.status_lists import ANY_ALGORITHM, hosted_signer
from creditbank.store import Transaction, rows, status
from creditbank.transactions.registry import issuer as issuer_of

FORMS = ("vc-jwt", "eddsa-rdfc-2022", "eddsa-jcs-2022")
"""How a badge may be signed; `vc-jwt` by the key's own algorithm."""
_ALGORITHMS: Mapping[str, tuple[Algorithm, ...]] = MappingProxyType(dict.fromkeys(FORMS[1:], ("EdDSA",)))
PURPOSES = ("revocation", "suspension")
MAX_DRAFT = 90_000
"""Bytes of a badge before it is signed: as a token, in base64 with its status, it still has to be read."""
Run = Callable[[Callable[[Transaction], Any]], Any]


@dataclass(frozen=True, slots=True)
class Issuance:
    """Signing for institutions. It signs typed outcomes only: there is no way to have arbitrary bytes signed."""

    run: Run
    office: Office
    public_url: str

    def issue(
        self, caller: Caller, issuer_id: str, outcome: OutcomeDraft, form: str, given: Sequence[PlainIdentifier]
    ) -> Posted:
        """The signed badge, ready to be deposited. A status place is taken only for what can be signed.

        Raises Refused `form_unknown`; NotFound; RegistryError; CredentialError for an outcome that makes no badge.
        """
        if form not in FORMS:
            raise Refused("form_unknown", f"A credential can be signed as one of: {', '.join(FORMS)}.", forms=FORMS)
        now = self.office.clock().replace(microsecond=0)
        credential_id = f"urn:uuid:{self.office.new_id()}"
        issuer, (signer, method) = self.run(lambda tx: self._issuer(tx, issuer_id, form, now))
        draft = build(
            replace(outcome, identifiers=[*outcome.identifiers, *self._hashed(given)]),
            issuer_id=issuer.did,
            issuer_name=issuer.name,
            credential_id=credential_id,
            valid_from=now,
        )
        _check(draft)
        entries = self.run(lambda tx: self._take_places(tx, issuer_id, credential_id))
        document = {**draft, "credentialStatus": [entry.document() for entry in entries]}
        data, media_type = _signed(document, signer, method, form, now)
        return Posted(data, media_type, caller, tuple(given), issued_by=issuer_id)

    def _hashed(self, given: Sequence[PlainIdentifier]) -> list[IdentityObject]:
        """Salted hashes (OB 3.0, IdentityObject): the badge can be shown around without telling the identifier."""
        return [IdentityObject.hash_of(item.value, item.type, self.office.new_salt().hex()) for item in given]

    def _issuer(
        self, tx: Transaction, issuer_id: str, form: str, now: datetime
    ) -> tuple[rows.Issuer, tuple[Signer, str]]:
        issuer = issuer_of(tx, issuer_id)
        return issuer, hosted_signer(tx, self.office, issuer.did, now, _ALGORITHMS.get(form, ANY_ALGORITHM))

    def _take_places(self, tx: Transaction, issuer_id: str, credential_id: str) -> list[StatusEntry]:
        return [self._take_place(tx, issuer_id, credential_id, purpose) for purpose in PURPOSES]

    def _take_place(self, tx: Transaction, issuer_id: str, credential_id: str, purpose: str) -> StatusEntry:
        new_list = str(self.office.new_id())
        list_id, number = status.take_number(tx, issuer_id, purpose, new_list)
        index = index_of(number, status.LIST_SIZE, self.office.vault.status_secret, list_id)
        status.add_entry(tx, list_id, index, credential_id)
        return StatusEntry(purpose, f"{self.public_url}/status/{list_id}", index)


def _check(draft: dict[str, Any]) -> None:
    """Refuse, before a status place is taken, what our own reader would refuse in the signed badge."""
    if len(jcs(draft)) > MAX_DRAFT:
        raise LimitExceeded("too_large", limit=MAX_DRAFT)
    check_shape(draft)
    contents(draft)
    check_identifiers(draft)


def _signed(document: dict[str, Any], signer: Signer, method: str, form: str, now: datetime) -> tuple[bytes, str]:
    if form == "vc-jwt":
        return to_vc_jwt(document, signer, key_id=method).encode(), "application/vc+jwt"
    secured = sign(document, signer, cryptosuite=form, verification_method=method, created=now)
    return jcs(secured), "application/vc+ld+json"
