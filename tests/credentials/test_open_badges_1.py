"""The first versions of Open Badges, 1.0 and 1.1: read as far as they say who vouches for them."""

from typing import Any

import pytest

from credentials.credential import Format
from credentials.keys import PrivateKey
from credentials.open_badges_2 import document_of, wanted_documents
from credentials.open_badges_2_keys import pem_of_key
from credentials.open_badges_2_verification import verify
from credentials.read import read
from credentials.verify import VerificationMaterial
from tests.credential_samples import NOW, chunk, png
from tests.credentials.old_badges import SITE, Web

KEY = PrivateKey.from_bytes("ES256", bytes(range(3, 35)))
PLACE, BADGE, ISSUER, PEM = (f"{SITE}/1/{name}" for name in ("assertion", "badge", "issuer", "key.pem"))
RECIPIENT = {"type": "email", "hashed": False, "identity": "anna@learners.example"}


def assertion(**members: Any) -> dict[str, Any]:
    """An assertion of version 1.0: no context, no type, no id."""
    return {
        "uid": "f2c20",
        "recipient": RECIPIENT,
        "badge": BADGE,
        "verify": {"type": "hosted", "url": PLACE},
        "issuedOn": 1_359_217_910,
        **members,
    }


@pytest.fixture
def web() -> Web:
    badge = {
        "name": "Robotics",
        "description": "Builds robots",
        "image": f"{SITE}/robot.png",
        "criteria": f"{SITE}/robotics.html",
        "issuer": ISSUER,
        "alignment": [{"name": "CCSS", "url": "http://www.corestandards.org/"}],
    }
    issuer = {"name": "Riverside College", "url": SITE, "revocationList": f"{SITE}/1/revoked"}
    found = Web()
    found.documents = {
        PLACE: assertion(),
        BADGE: badge,
        ISSUER: issuer,
        PEM: document_of(pem_of_key(KEY.public_key).encode()),
        f"{SITE}/1/revoked": {"other": "was an error"},
    }
    return found


def signed(key: PrivateKey = KEY, **members: Any) -> bytes:
    from credentials.jose import sign_compact

    document = {**assertion(verify={"type": "signed", "url": PEM}), **members}
    return sign_compact(document, key, {}).encode()


def test_a_hosted_assertion_of_the_first_version_verifies(web: Web) -> None:
    found = web.check(assertion())
    assert (found.verdict, found.code) == ("valid", None)
    assert found.claims is not None
    assert (found.claims.credential_id, found.claims.issuer_id) == (PLACE, ISSUER)
    assert found.claims.valid_from.isoformat() == "2013-01-26T16:31:50+00:00"
    assert found.claims.achievement.alignments[0].name == "CCSS"
    assert found.claims.achievement.criteria_url == f"{SITE}/robotics.html"


def test_its_address_alone_is_enough(web: Web) -> None:
    image = png(chunk(b"tEXt", b"openbadges\0" + PLACE.encode()))
    assert web.check(image).verdict == "valid"
    assert wanted_documents(read(image), {}) == [PLACE]


def test_a_signed_assertion_verifies_under_a_key_of_the_issuers_own_origin(web: Web) -> None:
    assert read(signed()).format is Format.OPEN_BADGES_2
    found = web.check(signed())
    assert (found.verdict, found.code) == ("valid", None)
    assert found.claims is not None
    assert found.claims.credential_id == "f2c20"


def test_a_key_elsewhere_is_a_strangers(web: Web) -> None:
    elsewhere = "https://evil.example/key.pem"
    stranger = PrivateKey.from_bytes("ES256", bytes(range(4, 36)))
    web.documents[elsewhere] = pem_of_key(stranger.public_key)
    data = signed(stranger, verify={"type": "signed", "url": elsewhere})
    assert web.check(data).code == "key_issuer_mismatch"
    assert web.check(signed(stranger)).code == "bad_signature"


def test_the_list_of_revoked_uids_is_looked_at(web: Web) -> None:
    web.documents[f"{SITE}/1/revoked"]["f2c20"] = "issued by mistake"
    assert web.check(signed()).code == "revoked"
    del web.documents[f"{SITE}/1/revoked"]
    assert web.check(signed()).code == "status_unavailable"


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("2013-01-26", "2013-01-26T00:00:00+00:00"),
        ("2013-01-26T16:31:50", "2013-01-26T16:31:50+00:00"),
        ("2013-01-26T16:31:50+0200", "2013-01-26T14:31:50+00:00"),
        ("2013-01-26T16:31:50.123456Z", "2013-01-26T16:31:50.123456+00:00"),
        (0, "1970-01-01T00:00:00+00:00"),
    ],
)
def test_dates_are_read_as_old_badges_write_them(web: Web, written: Any, read_as: str) -> None:
    web.documents[PLACE] = assertion(issuedOn=written)
    found = web.check(assertion(issuedOn=written))
    assert found.claims is not None
    assert found.claims.valid_from.isoformat() == read_as


@pytest.mark.parametrize("written", [True, -1, 10**15, 1.5, "", "2013-13-01", "2013-01-26T", [], {}])
def test_what_is_no_date_is_refused(web: Web, written: Any) -> None:
    assert web.check(assertion(issuedOn=written)).verdict == "invalid"


@pytest.mark.parametrize("gone", ["uid", "recipient", "badge", "verify"])
def test_what_lacks_a_member_is_no_assertion(gone: str) -> None:
    import json

    document = {name: value for name, value in assertion().items() if name != gone}
    assert read(json.dumps(document).encode()).format is not Format.OPEN_BADGES_2


def test_nothing_is_believed_without_documents() -> None:
    found = verify(read(signed()), VerificationMaterial(), NOW)
    assert (found.verdict, found.code, found.claims) == ("indeterminate", "document_unavailable", None)
