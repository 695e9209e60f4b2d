"""Group D of the catalogue: images, archives and documents that carry a badge."""

import io
import zlib
from collections.abc import Callable, Iterator

import pikepdf

from credentials.baking import bake_png, bake_svg
from tests.credential_samples import chunk, png, svg
from tests.security.catalogue import Case, Effect, Scene

KEYWORD = b"openbadgecredential"
OB3 = 'xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0"'
BOMB = zlib.compress(bytes(64 * 1_048_576), 9)
Make = Callable[[Scene], bytes]


def token(scene: Scene) -> str:
    return scene.signer.sign(scene.signer.document())


def of(data: bytes) -> Make:
    return lambda _scene: data


def itxt(language: bytes = b"", keyword: bytes = b"", flag: bytes = b"\0") -> Make:
    """A genuine badge in a chunk with these members before it."""
    head = KEYWORD + b"\0" + flag + b"\0" + language + b"\0" + keyword + b"\0"
    return lambda scene: png(chunk(b"iTXt", head + token(scene).encode()))


def drawn(inner: str = "", attributes: str = "", before: bytes = b"") -> Make:
    """A genuine badge in a drawing that holds something besides."""

    def make(scene: Scene) -> bytes:
        badge = f'<openbadges:credential verify="{token(scene)}"/>'
        return before + svg(badge + inner, f"{OB3} {attributes}")

    return make


def damaged(change: Callable[[bytes], bytes]) -> Make:
    return lambda scene: change(bake_png(png(), token(scene)))


def active_pdf(scene: Scene) -> bytes:
    """A document with a genuine badge attached, a script, a program to launch, and something embedded."""
    document, out = pikepdf.new(), io.BytesIO()
    document.add_blank_page()
    document.attachments["badge"] = token(scene).encode()
    document.attachments["setup.exe"] = b"MZ"
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
    document.Root.AA = pikepdf.Dictionary(WC=pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("cmd.exe")))
    document.save(out)
    return out.getvalue()


MALFORMED: dict[str, Make] = {
    "a wrong checksum": damaged(lambda image: image.replace(b"iTXt", b"iTXu", 1)),
    "cut off": damaged(lambda image: image[:-20]),
    "a length beyond the file": of(png(b"\xff\xff\xff\xffiTXt" + KEYWORD)),
    "no end": of(png(end=False)),
    "no pixels": of(png(width=0, height=0)),
    "100,000 by 100,000": of(png(width=100_000, height=100_000, rows=b"")),
    "2^31 frames": of(png(chunk(b"acTL", b"\x80\0\0\0\0\0\0\0"))),
}
ACTIVE = {
    "a script": ("<script>alert(1)</script>", ""),
    "a handler": ("", 'onload="alert(1)"'),
    "foreign": ("<foreignObject><body/></foreignObject>", ""),
    "an image from elsewhere": ('<image href="https://evil.example/x.png"/>', ""),
    "a link that is a script": ('<a href="javascript:alert(1)"><path/></a>', ""),
    "a style from elsewhere": ("<style>@import url(https://evil.example/x.css);</style>", ""),
    "data used": ('<use href="data:image/svg+xml;base64,AAAA#x"/>', ""),
}
DOCTYPES = {
    "a file": b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    "laughs": b'<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
    "one that only stands there": b"<!DOCTYPE svg>",
}


def cases() -> Iterator[Case]:
    """Every case of the group that is a credential handed in."""
    yield Case("D01", "iTXt", of(png(chunk(b"iTXt", KEYWORD + b"\0\1\0\0\0" + BOMB))), "compressed_chunk")
    yield Case("D01", "zTXt", of(png(chunk(b"zTXt", KEYWORD + b"\0\0" + BOMB))), "compressed_chunk")
    yield Case("D01", "a genuine one", itxt(flag=b"\1"), "compressed_chunk")
    upload = of(png(chunk(b"iTXt", bytes(5_000_000))))
    yield Case("D02", "an upload of 5 MB", upload, "too_large", Effect.AT_THE_DOOR, status=413)
    yield Case("D02", "an image of 2 MiB and more", of(png(chunk(b"iTXt", bytes(2_100_000)))), "too_large")
    yield Case("D02", "a badge of 300 kB", of(png(chunk(b"iTXt", KEYWORD + bytes(5) + b"x" * 300_000))), "too_large")
    yield Case("D04", "PNG", lambda scene: bake_png(png(), token(scene)), None, Effect.VALID)
    yield Case("D04", "SVG", lambda scene: bake_svg(svg(), token(scene)), None, Effect.VALID)
    yield Case("D05", "a language", itxt(language=b"en"), None, Effect.VALID)
    yield Case("D05", "a translated keyword", itxt(language=b"en", keyword=b"badge"), None, Effect.VALID)
    for name, make in MALFORMED.items():
        yield Case("D07", name, make, "malformed_png")
    for name, text in DOCTYPES.items():
        yield Case("D10", name, drawn(before=text), "dtd_forbidden")
    for name, (inner, attributes) in ACTIVE.items():
        yield Case("D11", name, drawn(inner, attributes), None, Effect.VALID)
    yield Case("D13", "10,000 groups", drawn("<g>" * 10_000 + "</g>" * 10_000), "too_deep")
    yield Case("D13", "half a million elements", of(svg("<g/>" * 500_000)), "too_complex")
    yield Case("D14", "3,001 characters", of(b"a" * 3000 + b"!"), "malformed_json")
    inside = of(png(chunk(b"iTXt", b"openbadges" + bytes(5) + b"a" * 3000 + b"!")))
    yield Case("D14", "the same in an image", inside, "malformed_json")
    for kind in ("application/zip", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"):
        archive = of(b"PK\x03\x04" + bytes(60))
        yield Case("D19", kind, archive, "unsupported_media_type", Effect.AT_THE_DOOR, media_type=kind, status=415)
    yield Case("D19", "an archive as a credential", of(b"PK\x03\x04" + bytes(60)), "malformed_json")
    yield Case("D20", "scripts and programs beside the badge", active_pdf, None, Effect.VALID)
