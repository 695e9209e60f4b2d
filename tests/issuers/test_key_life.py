"""What becomes of badges when their issuer's key is rotated, retired or stolen (SECURITY I10, I11, P16)."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from credentials.credential import Credential
from credentials.keys import PrivateKey
from credentials.open_badges import OutcomeDraft
from credentials.read import read
from credentials.verify import VerificationMaterial, verify
from issuers.client import CredentialSigner
from issuers.issuer import Custody, KeyRecord
from issuers.registry import compromise, material_keys, retire, rotate, verification_method

DID = "did:web:college.example"
JANUARY, FEBRUARY, MARCH, JUNE = (datetime(2026, month, 1, tzinfo=UTC) for month in (1, 2, 3, 6))
KEY, NEXT_KEY = PrivateKey.generate("EdDSA"), PrivateKey.generate("ES256")
OUTCOME = OutcomeDraft(
    achievement_id="https://college.example/achievements/welding",
    name={"en": "Welding basics"},
    description={"en": "Two weeks in the workshop"},
    criteria={"en": "A seam that holds"},
    credits=Fraction(3, 2),
    unit="ects",
    subject_id="did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK",
)


def record(private: PrivateKey, active_from: datetime, did: str = DID) -> KeyRecord:
    key = private.public_key
    return KeyRecord("college", verification_method(did, key), did, key, Custody.OWN, active_from)


def badge(private: PrivateKey, valid_from: datetime, did: str = DID) -> Credential:
    signer = CredentialSigner(did, {"en": "College"}, private)
    return read(signer.sign(OUTCOME, credential_id="urn:uuid:7f2c", valid_from=valid_from).encode())


def judge(credential: Credential, *records: KeyRecord, first_seen: datetime | None = None) -> tuple[str, str | None]:
    verification = verify(credential, VerificationMaterial(keys=material_keys(records)), JUNE, first_seen)
    return verification.verdict, verification.code


FIRST = record(KEY, JANUARY)


def test_an_old_badge_stays_valid_after_rotation_and_the_new_key_has_taken_over() -> None:
    records = rotate(FIRST, record(NEXT_KEY, MARCH))
    assert judge(badge(KEY, FEBRUARY), *records) == ("valid", None)
    assert judge(badge(NEXT_KEY, MARCH), *records) == ("valid", None)
    assert judge(badge(KEY, MARCH), *records) == ("invalid", "key_retired")
    assert judge(badge(NEXT_KEY, FEBRUARY), *records) == ("invalid", "key_not_yet_active")


def test_a_key_that_is_merely_retired_is_believed_about_the_past() -> None:
    assert judge(badge(KEY, JANUARY), retire(FIRST, FEBRUARY), first_seen=JUNE) == ("valid", None)


@pytest.mark.parametrize(
    ("valid_from", "first_seen", "verdict"),
    [
        (JANUARY, JANUARY + timedelta(days=3), ("valid", None)),
        (JANUARY, MARCH, ("indeterminate", "signing_time_unproven")),
        (JANUARY, None, ("indeterminate", "signing_time_unproven")),
        (FEBRUARY, None, ("invalid", "key_compromised")),
        (MARCH, MARCH, ("invalid", "key_compromised")),
    ],
)
def test_of_a_stolen_key_only_what_was_logged_before_the_theft_is_believed(
    valid_from: datetime, first_seen: datetime | None, verdict: tuple[str, str | None]
) -> None:
    stolen = compromise(FIRST, FEBRUARY, declared_at=MARCH)
    assert judge(badge(KEY, valid_from), stolen, first_seen=first_seen) == verdict


def test_another_issuers_key_does_not_sign_for_the_college() -> None:
    thief = "did:web:thief.example"
    forged = CredentialSigner(DID, {"en": "College"}, NEXT_KEY)
    credential = read(forged.sign(OUTCOME, credential_id="urn:uuid:7f2c", valid_from=MARCH).encode())
    verdict, code = judge(credential, FIRST, record(NEXT_KEY, JANUARY, thief))
    assert (verdict, code) in {("invalid", "unknown_key"), ("invalid", "controller_mismatch")}
