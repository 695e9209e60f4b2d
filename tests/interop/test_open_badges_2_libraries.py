"""Independent implementations of Open Badges 2.0 and ours accept one another's badges."""

import io
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from credentials.baking import bake_png_2, bake_svg_2, extract_png, extract_svg
from credentials.open_badges_2_keys import pem_of_key
from tests.credential_samples import png, svg
from tests.credentials.old_badges import BADGE_AT, COLLEGE, HOSTED_AT, KEY, Web

ob2 = pytest.importorskip("openbadgeslib.ob2", reason="the independent library openbadgeslib is not installed")
bakery = pytest.importorskip("openbadges_bakery", reason="the independent library openbadges-bakery is not installed")

PRIVATE = ec.derive_private_key(int.from_bytes(KEY.to_bytes()), ec.SECP256R1()).private_bytes(
    Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
)


class Later(Web):
    """The college's web, its badges without an end: the library looks at the clock on the wall."""

    def __post_init__(self) -> None:
        super().__post_init__()
        for document in self.documents.values():
            document.pop("expires", None)
            if "issuedOn" in document:
                document["issuedOn"] = "2024-05-01T00:00:00Z"

    def download(self, url: str) -> bytes:
        return json.dumps(self.documents[url]).encode()


def foreign(kind: str, **more: Any) -> Any:
    """An assertion as openbadgeslib models it."""
    from datetime import UTC, datetime

    return ob2.Assertion(
        recipient=ob2.IdentityObject.create("anna@learners.example", "salt-1"),
        badge=BADGE_AT,
        verification=ob2.Verification(type=kind, creator=COLLEGE.key_address if kind == "SignedBadge" else None),
        issued_on=datetime(2026, 5, 1, tzinfo=UTC),
        **more,
    )


def test_openbadgeslib_accepts_our_signed_badge() -> None:
    web = Later()
    token = web.token(issuedOn="2024-05-01T00:00:00Z", expires="2100-01-01T00:00:00Z").decode()
    accepted = ob2.OB2Verifier(download=web.download).verify(token, "anna@learners.example", check_revocation=True)
    assert accepted.badge == BADGE_AT
    ob2.OB2Verifier(pem_of_key(KEY.public_key)).verify(token)


def test_openbadgeslib_accepts_our_hosted_badge() -> None:
    web = Later()
    accepted = ob2.OB2Verifier(download=web.download).verify_hosted(
        web.hosted, expected_recipient="anna@learners.example", check_revocation=True
    )
    assert accepted.id == HOSTED_AT


def test_openbadgeslib_refuses_our_revoked_badge() -> None:
    web = Later()
    web.documents[COLLEGE.revocation_list]["revokedAssertions"] = ["urn:uuid:1"]
    token = web.token(issuedOn="2024-05-01T00:00:00Z", expires="2100-01-01T00:00:00Z").decode()
    with pytest.raises(ob2.OB2VerificationError):
        ob2.OB2Verifier(download=web.download).verify(token, check_revocation=True)


def test_we_accept_openbadgeslibs_signed_badge_also_baked() -> None:
    web, signer = Web(), ob2.OB2Signer(PRIVATE, algorithm="ES256")
    badge = foreign("SignedBadge")
    for data in (
        signer.sign(badge).encode(),
        signer.sign_into_png(badge, png()),
        signer.sign_into_svg(badge, svg()),
    ):
        found = web.check(data)
        assert (found.verdict, found.code) == ("valid", None)
        assert found.claims is not None
        assert found.claims.identifiers[0].matches("anna@learners.example")


def test_we_accept_openbadgeslibs_hosted_badge() -> None:
    web, badge = Web(), foreign("HostedBadge", id=HOSTED_AT)
    web.documents[HOSTED_AT] = badge.to_dict()
    assert web.check(badge.to_dict()).verdict == "valid"
    token = ob2.OB2Signer(PRIVATE, algorithm="ES256").sign(badge).encode()
    assert web.check(token).verdict == "valid"  # signed beside: the address decides


def test_openbadgeslib_reads_what_we_bake() -> None:
    token = Web().token().decode()
    assert ob2.OB2Verifier.extract_token_from_png(bake_png_2(png(), token)) == token
    assert ob2.OB2Verifier.extract_token_from_svg(bake_svg_2(svg(), token)) == token


def test_the_bakery_and_ours_read_one_anothers_images() -> None:
    web = Web()
    hosted, token = json.dumps(web.hosted), web.token().decode()
    for text, in_svg in ((hosted, HOSTED_AT), (token, token)):
        assert bakery.unbake(io.BytesIO(bake_png_2(png(), text))) == text
        assert bakery.unbake(io.BytesIO(bake_svg_2(svg(), text))) == in_svg
    baked_png = bakery.bake(io.BytesIO(png()), hosted, io.BytesIO()).getvalue()
    baked_svg = bakery.bake(io.BytesIO(svg()), hosted, io.BytesIO()).getvalue()
    assert (extract_png(baked_png), extract_svg(baked_svg)) == (hosted, HOSTED_AT)
    assert web.check(baked_png).verdict == web.check(baked_svg).verdict == "valid"
