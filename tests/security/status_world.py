"""A school that signs for itself and keeps its status lists on its own server."""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from credentials.data_integrity import sign
from credentials.keys import PrivateKey
from credentials.multibase import base64url_encode
from credentials.status_list import MIN_BYTES, build, with_bit
from tests.bank_world import OwnSigner, World
from tests.security.attacks import Document, careless_token
from tests.security.foreign_network import ForeignNetwork, page

HOST = "https://status.seoul.example"


def entry(name: str = "a", index: object = "7", purpose: str = "revocation", **facts: Any) -> Document:
    url = f"{HOST}/{name}"
    return {"id": f"{url}#entry", "type": "BitstringStatusListEntry", "statusPurpose": purpose,
            "statusListIndex": index, "statusListCredential": url, **facts}  # fmt: skip


@dataclass
class Seoul:
    """A school that signs for itself and keeps its status lists on its own server."""

    world: World
    signer: OwnSigner
    network: ForeignNetwork = field(default_factory=ForeignNetwork)

    def list_document(self, *revoked: int, name: str = "a", purpose: str = "revocation", **changes: Any) -> Document:
        bits = bytes(MIN_BYTES)
        for index in revoked:
            bits = with_bit(bits, index, value=True)
        now, did = self.world.now, self.signer.document()["issuer"]["id"]
        document = build(f"{HOST}/{name}", did, purpose, bits, now - timedelta(hours=1), now + timedelta(days=1))
        return {**document, **changes}

    def signed(self, document: Document) -> bytes:
        proved = sign(
            document, self.signer.key, cryptosuite="eddsa-jcs-2022", verification_method=self.signer.key_id,
            created=self.world.now - timedelta(minutes=1),
        )  # fmt: skip
        return json.dumps(proved).encode()

    def publish(self, body: bytes, name: str = "a", *headers: str) -> None:
        self.network.pages[f"/{name}"] = page(body, *headers)
        self.network.serve_to(self.world)

    def serve_did(self, did: str, key: PrivateKey, **members: Any) -> None:
        """A DID document with one key under the name `key-1`, where a did:web of one path segment is looked for."""
        method = {"id": f"{did}#key-1", "type": "Multikey", "controller": did, **members}
        method["publicKeyMultibase"] = key.public_key.multibase()
        document = {"id": did, "verificationMethod": [method], "assertionMethod": [method["id"]]}
        body = json.dumps(document).encode()
        self.network.pages[f"/{did.rpartition(':')[2]}/did.json"] = page(body, media_type="application/did+json")

    def badge(self, *entries: Document) -> bytes:
        return careless_token(self.signer, {**self.signer.document(), "credentialStatus": list(entries)}).encode()


def with_bits(seoul: Seoul, packed: bytes) -> bytes:
    document = seoul.list_document()
    document["credentialSubject"]["encodedList"] = "u" + base64url_encode(packed)
    return seoul.signed(document)
