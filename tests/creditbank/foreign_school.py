"""A school elsewhere: it signs for itself, keeps status lists on its own host, and this bank has accredited it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from credentials.data_integrity import sign
from credentials.keys import PrivateKey
from credentials.open_badges import build
from credentials.status_entry import StatusEntry
from credentials.status_list import MIN_BYTES, with_bit
from credentials.status_list import build as build_list
from credentials.vc_jwt import to_vc_jwt
from creditbank.caller import SCOPES, Caller
from creditbank.intake import Posted
from creditbank.store import rows
from creditbank.transactions.prepared import DepositOutcome
from issuers.registry import verification_method
from tests.bank_world import ANNA, World
from tests.security.foreign_network import ForeignNetwork, page

HOST = "school.example"


@dataclass
class ForeignSchool:
    """The school, its key, and the bits of its lists by path."""

    world: World
    network: ForeignNetwork
    host: str = HOST
    issuer_id: str = "foreign"
    key: PrivateKey = field(default_factory=lambda: PrivateKey.generate("EdDSA"))
    number: int = 0

    @property
    def did(self) -> str:
        return f"did:web:{self.host}"

    @property
    def key_id(self) -> str:
        return verification_method(self.did, self.key.public_key)

    @property
    def caller(self) -> Caller:
        return Caller(f"{self.issuer_id}-system", "issuer", SCOPES["issuer"], issuer_id=self.issuer_id)

    def register(self, *, accredited: bool = True) -> "ForeignSchool":
        """At the bank, with its public key and an accreditation."""
        now = self.world.now
        row = rows.Issuer(
            issuer_id=self.issuer_id, did=self.did, kind="higher", name={"en": "Far University"}, country="FI",
            provider_root=self.issuer_id, registered_at=now,
        )  # fmt: skip
        self.world.administration.register_issuer(ANNA, row)
        self.world.administration.register_key(ANNA, self.issuer_id, self.key.public_key, now - timedelta(days=400))
        if accredited:
            self.world.accredit(self.issuer_id, ("ects",))
        return self

    def list_url(self, name: str) -> str:
        return f"https://{self.host}/status/{name}"

    def entry(self, name: str, index: int, purpose: str = "revocation") -> StatusEntry:
        return StatusEntry(purpose, self.list_url(name), index)

    def publish(
        self, name: str, *indexes: int, purpose: str = "revocation", key: PrivateKey | None = None, **members: Any
    ) -> None:
        """The list on the school's host, signed, with these bits set."""
        bits = bytes(MIN_BYTES)
        for index in indexes:
            bits = with_bit(bits, index, value=True)
        now = self.world.now
        made = build_list(
            self.list_url(name), self.did, purpose, bits, now - timedelta(days=1), now + timedelta(days=90)
        )
        signer = key or self.key
        signed = sign(
            {**made, **members}, signer, cryptosuite="eddsa-jcs-2022", verification_method=self.key_id, created=now
        )
        self.serve(f"/status/{name}", signed)

    def serve(self, path: str, document: Any, media_type: str = "application/vc+ld+json") -> None:
        self.network.pages[path] = page(json.dumps(document).encode(), media_type=media_type)

    def withdraw(self, name: str) -> None:
        """The list cannot be had."""
        self.network.pages.pop(f"/status/{name}", None)

    def badge(self, *entries: StatusEntry, valid_from: datetime | None = None, **facts: Any) -> dict[str, Any]:
        self.number += 1
        document = build(
            self.world.outcome(**{"unit": "ects", **facts}),
            issuer_id=self.did,
            issuer_name={"en": "Far University"},
            credential_id=f"https://{self.host}/credentials/{self.number}",
            valid_from=valid_from or self.world.now - timedelta(hours=1),
        )
        return {**document, **status(entries)}

    def post(self, document: dict[str, Any]) -> Posted:
        token = to_vc_jwt(document, self.key, key_id=self.key_id)
        return Posted(token.encode(), "application/vc+jwt", self.caller)

    def deposit(self, *entries: StatusEntry, **facts: Any) -> DepositOutcome:
        return self.world.bank.deposit(self.post(self.badge(*entries, **facts)))


def status(entries: Iterable[StatusEntry]) -> dict[str, Any]:
    found = [entry.document() for entry in entries]
    return {"credentialStatus": found[0] if len(found) == 1 else found} if found else {}
