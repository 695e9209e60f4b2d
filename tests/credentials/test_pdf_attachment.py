"""A credential attached to a PDF document is found, or the document is refused before it costs anything."""

import io
import json
import time
import zlib
from collections.abc import Mapping
from typing import Any

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credentials.credential import Container, Format
from credentials.errors import CredentialError
from credentials.pdf_attachment import MAX_ATTACHMENTS, attach, credential_in_pdf
from credentials.read import read
from tests.credential_samples import NOW, School, check, material
from tests.credentials.old_badges import Web

SCHOOL = School()
PROVED = SCHOOL.sign(SCHOOL.badge())
TOKEN = SCHOOL.sign(SCHOOL.badge(), "vc-jwt")


def pdf(attached: Mapping[str, bytes] | None = None, **saving: Any) -> bytes:
    """A document of one empty page with files attached."""
    document, out = pikepdf.new(), io.BytesIO()
    document.add_blank_page()
    for name, content in (attached or {}).items():
        document.attachments[name] = content
    document.save(out, **saving)
    return out.getvalue()


def refusal(data: bytes) -> str:
    with pytest.raises(CredentialError) as refused:
        read(data)
    return refused.value.code


@pytest.mark.parametrize(
    ("content", "format_"),
    [
        (PROVED, Format.DATA_INTEGRITY),
        (TOKEN, Format.VC_JWT),
        (json.dumps(Web().hosted).encode(), Format.OPEN_BADGES_2),
        (Web().token(), Format.OPEN_BADGES_2),
    ],
)
@pytest.mark.parametrize("packed", [{}, {"object_stream_mode": pikepdf.ObjectStreamMode.generate}])
def test_the_one_credential_among_the_attachments_is_read(content: bytes, format_: Format, packed: Any) -> None:
    others = {"notes.txt": b"hello", "photo.png": b"\x89PNG\r\n\x1a\n", "data.json": b'{"a": 1}', "e.xml": b"<x/>"}
    credential = read(pdf({**others, "certificate": content}, **packed), "application/pdf")
    assert (credential.container, credential.format) == (Container.PDF, format_)


@pytest.mark.parametrize("content", [PROVED, TOKEN])
def test_a_credential_that_is_attached_verifies(content: bytes) -> None:
    document = attach(pdf(), content.decode())
    assert check(document, material(SCHOOL), at=NOW).verdict == "valid"
    with pikepdf.open(io.BytesIO(document)) as opened:
        associated = opened.Root.AF[0]
        assert associated.AFRelationship == pikepdf.Name.Data
        assert opened.attachments["credential.json"].get_file().read_bytes() == content
    assert refused_to_attach(document) == "duplicate_badge"
    assert attach(pdf(), content.decode()) == document


def refused_to_attach(document: bytes, text: str = PROVED.decode()) -> str:
    with pytest.raises(CredentialError) as refused:
        attach(document, text)
    return refused.value.code


def test_only_a_credential_is_attached() -> None:
    assert refused_to_attach(pdf(), "https://college.example/") == "malformed_credential"
    assert refused_to_attach(b"%PDF-1.7") == "malformed_pdf"


def on_a_page(first: bytes, second: bytes | None) -> bytes:
    """One file attached by name, and perhaps another that only an annotation of the page leads to."""
    document, out = pikepdf.open(io.BytesIO(pdf({"a": first}))), io.BytesIO()
    if second is not None:
        file = pikepdf.AttachedFileSpec(document, second, filename="b")
        note = pikepdf.Dictionary(Subtype=pikepdf.Name.FileAttachment, Rect=[0, 0, 9, 9], FS=file.obj)
        document.pages[0].Annots = pikepdf.Array([document.make_indirect(note)])
    document.save(out)
    return out.getvalue()


def test_two_credentials_are_refused_wherever_they_hang() -> None:
    assert refusal(pdf({"a": PROVED, "b": TOKEN})) == "duplicate_badge"
    assert refusal(on_a_page(PROVED, TOKEN)) == "duplicate_badge"
    assert refusal(pdf({"a": PROVED, "b": b'{"credentialSubject": {}, "credentialSubject": 1}'})) == "duplicate_badge"
    assert read(on_a_page(PROVED, None)).document == read(PROVED).document
    assert read(pdf({"a": PROVED, "b": PROVED})).document == read(PROVED).document


def test_what_a_later_revision_replaced_is_not_read() -> None:
    """The final revision is what every reader shows; the bytes of the former one are still in the file."""
    first = pdf({"a": TOKEN}, compress_streams=False)
    place = first.rindex(b"startxref")
    before = int(first[place:].split()[1])
    with pikepdf.open(io.BytesIO(first)) as document:
        (file,) = (item for item in document.objects if isinstance(item, pikepdf.Dictionary) and "/EF" in item)
        number, size = file.EF.F.objgen[0], len(list(document.objects)) + 1
    body = b"%d 0 obj\n<< /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (number, len(PROVED), PROVED)
    at, table = len(first) + 1, len(first) + 1 + len(body)
    update = b"\n%sxref\n%d 1\n%010d 00000 n \ntrailer\n" % (body, number, at)
    root = first[first.rindex(b"/Root") :].split(b"R", 2)[1].split()[-2].decode() if b"/Root" in first else "1"
    trailer = f"<< /Size {size} /Prev {before} /Root {root} 0 R >>\nstartxref\n{table}\n%%EOF\n".encode()
    assert read(first + update + trailer).document == read(PROVED).document


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (pdf(), "no_badge"),
        (pdf({"a": b"{}", "b": b"[1]"}), "no_badge"),
        (pdf({"a": b'{"credentialSubject": 1, "credentialSubject": 2}'}), "duplicate_json_key"),
        (pdf({"a": b"eyJ"}), "malformed_jws"),
        (pdf({str(n): b"%d" % n for n in range(MAX_ATTACHMENTS + 1)}), "too_complex"),
        (pdf({"a": PROVED}, encryption=pikepdf.Encryption(owner="o", user="")), "encrypted_pdf"),
        (pdf({"a": PROVED}, encryption=pikepdf.Encryption(owner="o", user="u")), "encrypted_pdf"),
        (pdf({"a": PROVED})[:-40], "malformed_pdf"),
        (b"%PDF-", "malformed_pdf"),
        (b"%PDF-1.7\n" + b"x" * 8_388_608, "too_large"),
        (b"%PDF-1.7\n" + b"<<" * 2_000_000 + b"\nstartxref\n9\n%%EOF", "malformed_pdf"),
        (b"%PDF-1.7\n" + b"/Filter [ " * 100_000, "too_complex"),
        (b"%PDF-1.7\n/LZ#57Decode", "malformed_pdf"),
        (b"%PDF-1.7\n/Fil#74er 7 0 R", "malformed_pdf"),
        (b"%PDF-1.7\n/Filter % comment\n[ 7 0 R ]", "malformed_pdf"),
        (b"%PDF-1.7\n/" + b"#41" * 2_000_000, "malformed_pdf"),
    ],
)
def test_a_document_that_is_not_right_is_refused_in_no_time(data: bytes, code: str) -> None:
    started = time.process_time()
    assert refusal(data) == code
    assert time.process_time() - started < 3


def bomb(megabytes: int) -> bytes:
    """A document with an object stream that inflates to so much."""
    packer = zlib.compressobj(9)
    packed = packer.compress(b"3 0 << >> ") + b"".join(packer.compress(bytes(1_000_000)) for _ in range(megabytes))
    packed += packer.flush()
    objects = {
        1: b"<< /Type /Catalog /Pages 5 0 R >>",
        2: b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream"
        % (len(packed), packed),
        5: b"<< /Type /Pages /Kids [6 0 R] /Count 1 >>",
        6: b"<< /Type /Page /Parent 5 0 R /MediaBox [0 0 9 9] >>",
    }
    out, places = b"%PDF-1.7\n", dict[int, int]()
    for number, content in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    rows = [(0, 0, 0), (1, places[1], 0), (1, places[2], 0), (2, 2, 0), (1, len(out), 0)]
    rows += [(1, places[5], 0), (1, places[6], 0)]
    table = b"".join(bytes([kind]) + a.to_bytes(4, "big") + b.to_bytes(2, "big") for kind, a, b in rows)
    entry = b"4 0 obj\n<< /Type /XRef /Size 7 /W [1 4 2] /Root 1 0 R /Length %d >>\nstream\n" % len(table)
    return out + entry + table + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF" % len(out)


def test_what_inflates_without_bound_is_not_inflated() -> None:
    started = time.process_time()
    data = {"a": pdf({"a": b"{" + b" " * 30_000_000}), "objects": bomb(200)}
    for document in data.values():
        assert len(document) < 400_000
        assert refusal(document) in ("no_badge", "malformed_pdf")
    assert time.process_time() - started < 10


DOCUMENT = pdf({"a": PROVED, "b": b"other"})


@given(st.integers(0, 1 << 20), st.binary(max_size=6))
@settings(max_examples=100, deadline=None)
def test_a_spoilt_document_is_read_or_refused(place: int, noise: bytes) -> None:
    place %= len(DOCUMENT)
    try:
        assert credential_in_pdf(DOCUMENT[:place] + noise + DOCUMENT[place + len(noise) :])
    except CredentialError as refused:
        assert refused.code
