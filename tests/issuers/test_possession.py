"""Whoever registers a key has to show that they hold it (SECURITY I13)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from credentials.keys import PrivateKey
from issuers.errors import RegistryError
from issuers.possession import Challenge, check_possession

NOW = datetime(2026, 6, 1, tzinfo=UTC)
KEY = PrivateKey.generate("EdDSA")
CHALLENGE = Challenge("did:web:college.example", KEY.public_key.thumbprint(), "nonce-1", NOW)


def test_the_holder_of_the_key_can_answer_the_challenge() -> None:
    check_possession(CHALLENGE, KEY.public_key, KEY.sign(CHALLENGE.message()), NOW + timedelta(minutes=14))


@pytest.mark.parametrize(
    "signed",
    [
        replace(CHALLENGE, did="did:web:university.example"),
        replace(CHALLENGE, nonce="nonce-2"),
        replace(CHALLENGE, thumbprint="another"),
    ],
)
def test_an_answer_to_another_challenge_proves_nothing(signed: Challenge) -> None:
    assert refusal(KEY, KEY.sign(signed.message()), NOW) == "possession_unproven"


def test_somebody_elses_key_proves_nothing() -> None:
    thief = PrivateKey.generate("EdDSA")
    assert refusal(thief, thief.sign(CHALLENGE.message()), NOW) == "possession_unproven"


@pytest.mark.parametrize("late", [timedelta(minutes=15), timedelta(seconds=-1)])
def test_a_challenge_is_answered_in_time(late: timedelta) -> None:
    assert refusal(KEY, KEY.sign(CHALLENGE.message()), NOW + late) == "challenge_expired"


def refusal(key: PrivateKey, signature: bytes, at: datetime) -> str:
    with pytest.raises(RegistryError) as refused:
        check_possession(CHALLENGE, key.public_key, signature, at)
    return refused.value.code
