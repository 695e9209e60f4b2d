"""A complete badge for the tests of proofs, and the keys that sign it."""

import copy
from typing import Any

import pytest

from credentials.contexts import CREDENTIALS_V2, OPEN_BADGES, OPEN_BADGES_EXTENSIONS
from credentials.keys import PrivateKey

_BADGE: dict[str, Any] = {
    "@context": [CREDENTIALS_V2, OPEN_BADGES, OPEN_BADGES_EXTENSIONS],
    "id": "urn:uuid:0f4e9d2c-5a0e-4a39-9f44-6a1c1d3c7a10",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "name": "Welding, level 4",
    "issuer": {"id": "did:web:college.example", "type": ["Profile"], "name": "Riverside College"},
    "validFrom": "2026-03-01T09:00:00Z",
    "validUntil": "2031-03-01T09:00:00Z",
    "credentialSubject": {
        "id": "did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2",
        "type": ["AchievementSubject"],
        "creditsEarned": 4.5,
        "achievement": {
            "id": "https://college.example/achievements/welding-4",
            "type": ["Achievement"],
            "name": "Welding, level 4",
            "description": [
                {"@value": "Welds in four positions", "@language": "en"},
                {"@value": "Schweißt in vier Positionen", "@language": "de"},
            ],
            "criteria": {"narrative": "Four test pieces, each inspected"},
            "creditsAvailable": 5,
            "tag": ["welding", "steel"],
            "alignment": [
                {
                    "type": ["Alignment"],
                    "targetType": "ext:CreditUnit",
                    "targetCode": "ects",
                    "targetName": "ECTS",
                    "targetUrl": "https://bank.example/units/ects",
                }
            ],
        },
    },
    "credentialStatus": {
        "id": "https://bank.example/status/1#94567",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "94567",
        "statusListCredential": "https://bank.example/status/1",
    },
}


@pytest.fixture
def badge() -> dict[str, Any]:
    """An Open Badge 3.0 without proof; each test may spoil its own."""
    return copy.deepcopy(_BADGE)


@pytest.fixture(scope="session")
def ed25519() -> PrivateKey:
    return PrivateKey.from_bytes("EdDSA", bytes(range(32)))


@pytest.fixture(scope="session")
def p256() -> PrivateKey:
    return PrivateKey.from_bytes("ES256", bytes(range(1, 33)))
