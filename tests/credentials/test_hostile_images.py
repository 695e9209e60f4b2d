"""Hostile images: one badge or none is read, and what was baked comes out as it went in."""

import io
import json
import time
from typing import Any

import png as pypng
import pytest

from credentials.baking import KEYWORD, bake_png, bake_svg, extract_png, extract_svg
from credentials.errors import CredentialError
from tests.credential_samples import SCHOOL, check, chunk, png, svg, with_achievement

BADGE = SCHOOL.badge()
TOKEN = SCHOOL.sign(BADGE, "vc-jwt").decode()
OTHER_TOKEN = SCHOOL.sign(SCHOOL.badge(credential_id="urn:uuid:2"), "vc-jwt").decode()
PLAIN = KEYWORD + b"\0\0\0\0\0"
BAKED = chunk(b"iTXt", PLAIN + TOKEN.encode())
OB3 = 'xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0"'


def found(image: bytes) -> str:
    """What is read from the image: the text, or why there is none."""
    started = time.process_time()
    try:
        return extract_png(image) if image.startswith(b"\x89PNG") else extract_svg(image)
    except CredentialError as refused:
        return refused.code
    finally:
        assert time.process_time() - started < 1


END = chunk(b"IEND", b"")
HEAD = png()[:33]


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (png() + BAKED, "no_badge"),
        (png(BAKED) + chunk(b"iTXt", PLAIN + OTHER_TOKEN.encode()), TOKEN),
        (png()[: -len(END)] + BAKED + END, TOKEN),
        (png()[: -len(END)] + BAKED + BAKED + END, "duplicate_badge"),
        (png(BAKED)[: -len(END)] + BAKED + END, "duplicate_badge"),
        (png()[:8] + BAKED + png()[8:], "malformed_png"),
        (HEAD + BAKED + END, "malformed_png"),
        (HEAD + BAKED + png()[8:], "malformed_png"),
        (png(END, BAKED), "malformed_png"),
        (png(chunk(b"itXt", PLAIN + TOKEN.encode())), "no_badge"),
        (png(chunk(b"iTXt", b"OpenBadgeCredential" + b"\0\0\0\0\0" + TOKEN.encode())), "no_badge"),
        (png(chunk(b"iTXt", b"openbadgecredential " + b"\0\0\0\0\0" + TOKEN.encode())), "no_badge"),
        (png(chunk(b"iTXt", KEYWORD + b"\0\0\x01\0\0" + TOKEN.encode())), "malformed_png"),
        (png(chunk(b"iTXt", KEYWORD + b"\0\x02\0\0\0" + TOKEN.encode())), "malformed_png"),
        (png(chunk(b"iTXt", KEYWORD)), "malformed_png"),
        (png(chunk(b"iTXt", PLAIN)), ""),
        (png(BAKED, chunk(b"iTXt", b"openbadges\0\0\0\0\0{}")), "duplicate_badge"),
        (png(BAKED, chunk(b"tEXt", KEYWORD + b"\0" + OTHER_TOKEN.encode())), "duplicate_badge"),
        (png(BAKED, chunk(b"iTXt", b"Comment\0\0\0\0\0" + OTHER_TOKEN.encode())), TOKEN),
        (png(BAKED, chunk(b"PLTE", b"\0" * 3), chunk(b"PLTE", b"\0" * 3)), "malformed_png"),
    ],
)
def test_a_png_holds_its_badge_once_and_before_its_end(image: bytes, expected: str) -> None:
    assert found(image) == expected


@pytest.mark.parametrize("interlace", [False, True])
@pytest.mark.parametrize(
    ("depth", "options", "samples"),
    [
        (16, {"greyscale": False}, 3),
        (16, {"greyscale": False, "alpha": True}, 4),
        (16, {"greyscale": True, "alpha": True}, 2),
        (8, {"greyscale": False, "alpha": True}, 4),
        (8, {"greyscale": True, "transparent": 7}, 1),
        (4, {"palette": [(0, 0, 0, 0), (255, 255, 255, 255)]}, 1),
        (2, {"palette": [(0, 0, 0), (255, 0, 0), (0, 255, 0)]}, 1),
        (1, {"greyscale": True}, 1),
    ],
)
def test_every_kind_of_png_can_be_baked_without_losing_a_pixel(
    depth: int, options: dict[str, Any], samples: int, interlace: bool
) -> None:
    """Seven columns and five rows leave no pass of Adam7 even."""
    highest = len(options["palette"]) if "palette" in options else 2**depth
    rows = [[(x * 31 + y * 17) % highest for x in range(7 * samples)] for y in range(5)]
    image = io.BytesIO()
    pypng.Writer(7, 5, bitdepth=depth, interlace=interlace, **options).write(image, rows)
    baked = bake_png(image.getvalue(), TOKEN)
    width, height, pixels, facts = pypng.Reader(bytes=baked).read()
    assert (width, height, [list(row) for row in pixels]) == (7, 5, rows)
    before = pypng.Reader(bytes=image.getvalue()).read()[3]
    assert {name: facts[name] for name in before} == before
    assert check(baked).verdict == "valid"


def element(attributes: str = "", body: str = "", name: str = "openbadges:credential") -> str:
    return f"<{name} {OB3} {attributes}>{body}</{name}>"


HALF = len(TOKEN) // 2


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (svg(element(f'verify="{TOKEN}"')), TOKEN),
        (svg(element(f"verify='{TOKEN}'", "\n  ")), TOKEN),
        (svg(f'<metadata>{element(f"""verify="{TOKEN}" """)}</metadata>'), TOKEN),
        (svg(f'<credential xmlns="https://purl.imsglobal.org/ob/v3p0" verify="{TOKEN}"/>'), TOKEN),
        (svg(element(f'openbadges:verify="{TOKEN}"')), "no_badge"),
        (svg(element(f'verify="{TOKEN}"').replace("https://purl", "http://purl")), "no_badge"),
        (svg(element(f'verify="{TOKEN}"').replace("v3p0", "v3p0/")), "no_badge"),
        (svg(element("", f"<![CDATA[{TOKEN[:HALF]}]]><![CDATA[{TOKEN[HALF:]}]]>")), TOKEN),
        (svg(element("", f"{TOKEN[:HALF]}<!-- between -->{TOKEN[HALF:]}")), TOKEN),
        (svg(element('verify=""', TOKEN)), TOKEN),
        (svg(element('verify=""')), "no_badge"),
        (svg(element(f'verify="{TOKEN}"') + element("", "{}")), "duplicate_badge"),
        (svg(element(f'verify="{TOKEN}"', element(f'verify="{OTHER_TOKEN}"'))), "malformed_svg"),
        (svg(element(f'verify="{TOKEN}" verify="{OTHER_TOKEN}"')), "malformed_svg"),
        (svg(element(f'verify="{TOKEN}"')) + b"<svg/>", "malformed_svg"),
        (svg(element(f'verify="{TOKEN}"')) + b"trailing", "malformed_svg"),
        (b"<!--" + b"x" * 100_000 + b"-->" + svg(element(f'verify="{TOKEN}"')), TOKEN),
        (svg(element(f'verify="{TOKEN}"'), f'data-a="{"x" * 1_900_000}"'), TOKEN),
        (svg(element(f'verify="{"x" * 1_900_000}"')), "x" * 1_900_000),
        (svg("".join(f"<g{n}/>" for n in range(19_000)) + element(f'verify="{TOKEN}"')), TOKEN),
        (svg('<g a="' + "&amp;" * 300_000 + '"/>'), "no_badge"),
        (b"\xef\xbb\xbf" + svg(element(f'verify="{TOKEN}"')), TOKEN),
        (svg(element("", "&lt;&#x26;&quot;")), '<&"'),
    ],
)
def test_an_svg_holds_its_badge_in_one_element(image: bytes, expected: str) -> None:
    assert found(image) == expected


def test_a_token_beside_a_document_in_one_element_is_neither() -> None:
    for body in ("{}", TOKEN, json.dumps(SCHOOL.prove(BADGE))):
        with pytest.raises(CredentialError) as refused:
            check(svg(element(f'verify="{TOKEN}"', f"<![CDATA[{body}]]>")))
        assert refused.value.code == "malformed_jws"


def test_a_line_break_in_a_token_is_not_mended() -> None:
    with pytest.raises(CredentialError) as refused:
        check(svg(element(f'verify="{TOKEN[:HALF]}\n{TOKEN[HALF:]}"')))
    assert refused.value.code == "malformed_jws"


def test_a_huge_badge_in_an_image_is_refused_like_any_other() -> None:
    for inner in (f'verify="eyJ{"x" * 1_500_000}"', f'verify="{{{" " * 1_500_000}}}"'):
        with pytest.raises(CredentialError) as refused:
            check(svg(element(inner)))
        assert refused.value.code == "too_large"


UNUSUAL = [
    "\ufffe",
    "\uffff",
    "\x7f",
    "\x85",
    "\u2028",
    "]]>",
    "]]\\u003e",
    "<![CDATA[",
    "&amp;",
    "\U0010ffff",
    "\r\n\t",
    '"\\',
]


@pytest.mark.parametrize("escaped", [True, False])
@pytest.mark.parametrize("text", UNUSUAL)
def test_text_that_xml_cannot_hold_is_baked_all_the_same(text: str, escaped: bool) -> None:
    signed = SCHOOL.prove(with_achievement(BADGE, humanCode=f"a{text}b"))
    written = json.dumps(signed, ensure_ascii=escaped)
    for baked in (bake_svg(svg(), written), bake_png(png(), written)):
        answer = check(baked)
        assert answer.verdict == "valid"
        assert answer.claims is not None
        assert answer.claims.achievement.human_code == f"a{text}b"
