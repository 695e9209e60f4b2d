"""Trap 10: images that hold two badges, or a bomb."""

import zlib

import pytest

from credentials.baking import bake_png, bake_svg
from tests.credential_samples import chunk, png, svg
from tests.security.attacks import assert_refused, careless_token, put
from tests.security.conftest import Target

KEYWORD = b"openbadgecredential"


def badge_chunk(token: str, keyword: bytes = KEYWORD) -> bytes:
    return chunk(b"iTXt", keyword + b"\0\0\0\0\0" + token.encode())


@pytest.fixture
def tokens(target: Target) -> tuple[str, str]:
    """Two genuine badges, of which a reader may take the first and another the last."""
    first = target.signer.document()
    second = put(first, "credentialSubject.creditsEarned", 60)
    return careless_token(target.signer, first), careless_token(target.signer, second)


def test_trap_10_two_badge_chunks_are_refused(target: Target, tokens: tuple[str, str]) -> None:
    one, other = tokens
    old = badge_chunk(other, b"openbadges")
    for image in (
        png(badge_chunk(one), badge_chunk(other)),
        png(badge_chunk(one), badge_chunk(one)),
        png(badge_chunk(one), old),
        png(old, badge_chunk(one)),
        png(badge_chunk(one), chunk(b"tEXt", KEYWORD + b"\0" + other.encode())),
        png(badge_chunk(one), chunk(b"zTXt", KEYWORD + b"\0\0" + zlib.compress(other.encode()))),
    ):
        assert_refused(target.world, image, "duplicate_badge")


def test_trap_10_two_badges_in_a_drawing_are_refused(target: Target, tokens: tuple[str, str]) -> None:
    one, other = tokens
    space = 'xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0"'
    twice = "".join(f'<openbadges:credential verify="{token}"/>' for token in (one, other))
    assert_refused(target.world, svg(twice, space), "duplicate_badge")


def test_trap_10_what_the_text_of_an_image_says_is_what_counts(target: Target, tokens: tuple[str, str]) -> None:
    """One badge beside other texts is read; the image itself is not believed for anything."""
    for image in (png(chunk(b"tEXt", b"Comment\0x"), badge_chunk(tokens[0])), bake_png(png(), tokens[0])):
        assert target.world.bank.verify(image).verification.verdict == "valid"
    assert target.world.bank.verify(bake_svg(svg(), tokens[0])).verification.verdict == "valid"


BOMB = zlib.compress(bytes(64 * 1_048_576), 9)
IMAGES = {
    "10 a compressed badge": (png(chunk(b"iTXt", KEYWORD + b"\0\1\0\0\0" + BOMB)), "compressed_chunk"),
    "10 a zTXt badge": (png(chunk(b"zTXt", KEYWORD + b"\0\0" + BOMB)), "compressed_chunk"),
    "10 a length beyond the file": (png(b"\xff\xff\xff\xffiTXt" + KEYWORD), "malformed_png"),
    "10 a wrong checksum": (png(chunk(b"iTXt", KEYWORD + b"\0\0\0\0\0eyJ", crc=7)), "malformed_png"),
    "10 no end": (png(end=False), "malformed_png"),
    "10 100,000 by 100,000 pixels": (png(width=100_000, height=100_000, rows=b""), "malformed_png"),
    "10 no badge": (png(), "no_badge"),
    "10 an old badge": (png(badge_chunk("eyJ", b"openbadges")), "malformed_jws"),
    "10 entities": (b'<!DOCTYPE svg [<!ENTITY a "x">]>' + svg(), "dtd_forbidden"),
    "10 a bare document type": (b"<!DOCTYPE svg>" + svg(), "dtd_forbidden"),
    "10 an external entity": (
        b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + svg("&x;"),
        "dtd_forbidden",
    ),
    "10 10,000 groups": (svg("<g>" * 10_000 + "</g>" * 10_000), "too_deep"),
    "10 too large": (bytes(2 * 1_048_576 + 1), "too_large"),
}


@pytest.mark.parametrize(("image", "code"), IMAGES.values(), ids=IMAGES.keys())
def test_trap_10_such_an_image_is_refused(target: Target, image: bytes, code: str) -> None:
    assert_refused(target.world, image, code)


def test_trap_10_the_badge_inside_an_image_is_json_as_strict_as_any(target: Target) -> None:
    for text, code in (
        ('{"a":1,"a":2}', "duplicate_json_key"),
        ('{"a":NaN}', "malformed_number"),
        ("[]", "malformed_credential"),
    ):
        assert_refused(target.world, png(badge_chunk(text)), code)
