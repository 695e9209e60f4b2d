"""Badges in images: what is baked comes out again, and hostile images are refused before they cost anything."""

import io
import json
import time
import zlib
from typing import Any

import png as pypng
import pytest

from credentials.baking import KEYWORD, bake_png, bake_svg, extract_png, extract_svg
from credentials.errors import CredentialError
from tests.credential_samples import School, chunk, png, svg

SCHOOL = School()
TOKEN = SCHOOL.sign(SCHOOL.badge(), "vc-jwt").decode()
PROVED = SCHOOL.sign({**SCHOOL.badge(), "name": "용접 ]]> <b>&"}).decode()
PLAIN = KEYWORD + b"\0\0\0\0\0"
BADGE = chunk(b"iTXt", PLAIN + TOKEN.encode())
OB3 = 'xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0"'


def refusal(action: Any) -> str:
    with pytest.raises(CredentialError) as refused:
        action()
    return refused.value.code


@pytest.mark.parametrize("text", [TOKEN, PROVED], ids=["jwt", "embedded proof"])
def test_what_is_baked_comes_out_again(text: str) -> None:
    assert extract_png(bake_png(png(), text)) == text
    baked = extract_svg(bake_svg(svg(), text))
    assert baked == text or json.loads(baked) == json.loads(text)


def test_a_baked_png_shows_the_same_pixels_to_another_decoder() -> None:
    _, _, rows, _ = pypng.Reader(bytes=bake_png(png(), TOKEN)).read()
    assert [list(row) for row in rows] == [[0x80] * 3] * 2


def test_an_interlaced_palette_image_can_be_baked() -> None:
    image = io.BytesIO()
    writer = pypng.Writer(5, 5, palette=[(0, 0, 0), (255, 255, 255)], bitdepth=1, interlace=True)
    writer.write(image, [[x & 1 for x in range(5)]] * 5)
    baked = bake_png(image.getvalue(), TOKEN)
    assert extract_png(baked) == TOKEN
    assert [list(row) for row in pypng.Reader(bytes=baked).read()[2]] == [[0, 1, 0, 1, 0]] * 5


def test_baking_again_replaces_the_badge() -> None:
    assert extract_png(bake_png(bake_png(png(), TOKEN), PROVED)) == PROVED
    assert extract_svg(bake_svg(bake_svg(svg(), PROVED), TOKEN)) == TOKEN


def test_the_rules_of_open_badges_3_are_followed_to_the_letter() -> None:
    assert PLAIN + TOKEN.encode() in bake_png(png(), TOKEN)
    baked = bake_svg(svg(), TOKEN).decode()
    root, rest = baked.split(">", 2)[1], baked.split(">", 2)[2]
    assert OB3 in root
    assert rest.startswith(f'<openbadges:credential verify="{TOKEN}">')
    assert "<openbadges:credential><![CDATA[{" in bake_svg(svg(), PROVED).decode()


def test_a_language_tag_and_translated_keyword_are_left_aside() -> None:
    tagged = KEYWORD + b"\0\0\0en\0translated\0" + TOKEN.encode()
    assert extract_png(png(chunk(b"iTXt", tagged))) == TOKEN


def test_text_exif_animation_and_appended_bytes_do_not_survive_baking() -> None:
    image = png(chunk(b"eXIf", b"GPS 47.3"), chunk(b"tEXt", b"Comment\0secret"), chunk(b"acTL", b"\x7f" * 8))
    baked = bake_png(image + b"appended", TOKEN)
    assert not any(trace in baked for trace in (b"GPS", b"secret", b"acTL", b"appended"))


BOMB = zlib.compress(bytes(200 * 1_048_576), 9)


@pytest.mark.parametrize(
    ("image", "code"),
    [
        (png(), "no_badge"),
        (png(BADGE, BADGE), "duplicate_badge"),
        (png(BADGE, chunk(b"iTXt", b"openbadges\0\0\0\0\0{}")), "duplicate_badge"),
        (png(chunk(b"iTXt", b"openbadges\0\0\0\0\0{}"), chunk(b"tEXt", b"openbadges\0{}")), "duplicate_badge"),
        (png(chunk(b"iTXt", b"openbadges\0\1\0\0\0" + BOMB)), "compressed_chunk"),
        (png(chunk(b"zTXt", b"openbadges\0\0" + BOMB)), "compressed_chunk"),
        (png(chunk(b"tEXt", b"openbadges\0\xff")), "malformed_png"),
        (png(chunk(b"iTXt", KEYWORD + b"\0\x01\0\0\0" + BOMB)), "compressed_chunk"),
        (png(chunk(b"zTXt", KEYWORD + b"\0\0" + BOMB)), "compressed_chunk"),
        (png(chunk(b"tEXt", KEYWORD + b"\0" + TOKEN.encode())), "malformed_png"),
        (png(chunk(b"iTXt", KEYWORD + b"\0\0\0no end")), "malformed_png"),
        (png(chunk(b"iTXt", PLAIN + b"\xff\xfe")), "malformed_png"),
        (png(chunk(b"iTXt", PLAIN + b"x" * 262_144)), "too_large"),
        (png(BADGE) + bytes(2 * 1_048_576), "too_large"),
        (png(chunk(b"iTXt", PLAIN + TOKEN.encode(), crc=0)), "malformed_png"),
        (png(BADGE, end=False), "malformed_png"),
        (png(BADGE)[:60], "malformed_png"),
        (png(BADGE)[:8] + b"\xff\xff\xff\xff" + png(BADGE)[12:], "malformed_png"),
        (png(b"\xff\xff\xff\xffiTXt" + b"openbadgecredential"), "malformed_png"),
        (png(BADGE, width=0, rows=b""), "malformed_png"),
        (png(BADGE, width=100_000, height=100_000, rows=b""), "malformed_png"),
        (png(BADGE, width=4_096, height=1_025, rows=b""), "too_large"),
        (png(*[chunk(b"tEXt", b"a\0")] * 10_001), "too_complex"),
        (b"GIF89a", "malformed_png"),
    ],
)
def test_a_png_that_is_not_right_is_refused_in_no_time(image: bytes, code: str) -> None:
    started = time.process_time()
    assert refusal(lambda: extract_png(image)) == code
    assert time.process_time() - started < 1


@pytest.mark.parametrize("rows", [b"", b"\0", b"\0" * 9, bytes(64 * 1_048_576)])
def test_pixel_data_that_do_not_fill_the_image_are_not_baked(rows: bytes) -> None:
    assert refusal(lambda: bake_png(png(rows=rows), TOKEN)) == "malformed_png"


def credential(text: str = TOKEN) -> str:
    return f'<openbadges:credential {OB3} verify="{text}"></openbadges:credential>'


ENTITY = '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
LAUGHS = '<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("image", "code"),
    [
        (svg(), "no_badge"),
        (svg(f"<openbadges:credential {OB3}></openbadges:credential>"), "no_badge"),
        (svg(credential() + credential()), "duplicate_badge"),
        (svg('<o:assertion xmlns:o="http://openbadges.org"/>'), "no_badge"),
        (svg('<o:assertion xmlns:o="http://openbadges.org" verify="x"/>' * 2), "duplicate_badge"),
        (svg(credential() + '<o:assertion xmlns:o="http://openbadges.org" verify="x"/>'), "duplicate_badge"),
        (svg(f"<openbadges:credential {OB3}>{{<b/>}}</openbadges:credential>"), "malformed_svg"),
        (ENTITY.encode() + svg("<text>&a;</text>"), "dtd_forbidden"),
        (LAUGHS.encode() + svg("<text>&b;</text>"), "dtd_forbidden"),
        (b"<!DOCTYPE svg>" + svg(credential()), "dtd_forbidden"),
        (svg("<g>" * 10_000 + "</g>" * 10_000), "too_deep"),
        (svg("<g/>" * 20_001), "too_complex"),
        (svg("<g>" * 3), "malformed_svg"),
        (svg("&undefined;"), "malformed_svg"),
        (b"<html><svg/></html>", "malformed_svg"),
        (b'<?xml version="1.0" encoding="utf-7"?><svg/>', "malformed_svg"),
        (b"<svg" + b" " * 2_097_152 + b"/>", "too_large"),
    ],
)
def test_an_svg_that_is_not_right_is_refused_in_no_time(image: bytes, code: str) -> None:
    started = time.process_time()
    assert refusal(lambda: extract_svg(image)) == code
    assert time.process_time() - started < 1


ACTIVE = [
    "<script>alert(1)</script>",
    '<g onload="alert(1)"/>',
    "<foreignObject><body xmlns='http://www.w3.org/1999/xhtml' onload='alert(1)'/></foreignObject>",
    '<image href="https://alert.example/x.png"/>',
    '<image xlink:href="data:image/svg+xml;base64,alert"/>',
    '<use href="data:text/html,alert"/>',
    '<a href="javascript:alert(1)"><path/></a>',
    "<style>@import 'https://alert.example';</style>",
    '<rect fill="url( https://alert.example/#a )"/>',
    '<rect style="background:URL(&quot;https://alert.example&quot;)"/>',
    '<rect style="background:\\75rl(https://alert.example)"/>',
    '<set attributeName="href" to="javascript:alert(1)"/>',
    '<x:script xmlns:x="http://www.w3.org/2000/svg">alert(1)</x:script>',
    "<!-- alert --><?xml-stylesheet href='https://alert.example'?>",
]


@pytest.mark.parametrize("inner", ACTIVE)
def test_active_content_does_not_survive_baking(inner: str) -> None:
    baked = bake_svg(svg(inner, 'onload="alert(1)" viewBox="0 0 9 9"'), TOKEN)
    assert b"alert" not in baked
    assert b'viewBox="0 0 9 9"' in baked
    assert b'<path d="M0 0h9">' in baked


def test_drawing_that_stays_inside_the_image_survives_baking() -> None:
    inner = '<defs><linearGradient id="a"/></defs><rect fill="url(#a)"/><use xlink:href="#a"/><text>A &amp; B</text>'
    baked = bake_svg(svg(inner), TOKEN).decode()
    assert 'fill="url(#a)"' in baked
    assert 'xlink:href="#a"' in baked
    assert "A &amp; B" in baked


@pytest.mark.parametrize("text", ["", "[]", "{", "{} {}", "a" * 3000 + "!", "https://a.example", "a.b.c", TOKEN + "="])
def test_text_that_is_no_credential_is_not_baked(text: str) -> None:
    started = time.process_time()
    for bake, image in ((bake_png, png()), (bake_svg, svg())):
        assert refusal(lambda: bake(image, text)) in ("malformed_credential", "malformed_json")  # noqa: B023
    assert time.process_time() - started < 1
