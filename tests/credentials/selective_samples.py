"""Badges with ecdsa-sd-2023, whole for their holder and in part for others, and what spoils them."""

from collections.abc import Sequence
from typing import Any

import cbor2
import pytest

from credentials import multibase
from credentials.data_integrity import derive, sign, verify
from credentials.errors import CredentialError
from credentials.keys import PrivateKey
from tests.credential_samples import DAY, NOW, School

SCHOOL = School(algorithm="ES256")
Document = dict[str, Any]


def base(badge: Document, *mandatory: str, school: School = SCHOOL, **options: Any) -> Document:
    settings: Document = {"cryptosuite": "ecdsa-sd-2023", "verification_method": school.method, "created": NOW - DAY}
    return sign(badge, school.key, mandatory_pointers=mandatory, **settings | options)


def shown(badge: Document, *pointers: str, mandatory: Sequence[str] = ("/issuer", "/validFrom")) -> Document:
    return derive(base(badge, *mandatory), pointers)


def proof_of(document: Document) -> Document:
    return document["proof"][0] if isinstance(document["proof"], list) else document["proof"]


def with_value(document: Document, value: str) -> Document:
    return {**document, "proof": [{**proof_of(document), "proofValue": value}]}


def refused(document: Document, key: PrivateKey | None = None) -> str:
    with pytest.raises(CredentialError) as refusal:
        verify(document, proof_of(document), (key or SCHOOL.key).public_key)
    return refusal.value.code


def written(parts: Any, header: str = "d95d01") -> str:
    return "u" + multibase.base64url_encode(bytes.fromhex(header) + cbor2.dumps(parts))


def parts_of(document: Document) -> list[Any]:
    value = multibase.base64url_decode(proof_of(document)["proofValue"][1:])
    return list(cbor2.loads(value[3:]))
