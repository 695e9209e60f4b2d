"""A credential attached to a PDF document: found, and put in. The document itself is never rendered, nothing in it run.

Only the final revision counts, which is what every reader shows: what an incremental update has replaced is not looked
at. Of all attachments of that revision exactly one may be a credential.
"""

import io
import re
from collections.abc import Callable, Iterator
from typing import Any, Final, TypeVar

import pikepdf
from pikepdf import settings

from credentials.errors import CredentialError, LimitExceeded, MalformedCredential
from credentials.open_badges_2 import is_assertion
from credentials.strict_json import MAX_BYTES, loads

T = TypeVar("T")

MAX_PDF_BYTES: Final = 8 * 1_048_576
MAX_OBJECTS: Final = 50_000
MAX_ATTACHMENTS: Final = 100
MAGIC: Final = b"%PDF-"
_MAX_NODES: Final = 1_000
_MAX_ELEMENTS: Final = 1_000_000

# qpdf's limits hold for the process; no other part of it opens PDF documents. LZW has none, hence `_check_filters`.
settings.set_qpdf_limits(
    parser_max_nesting=64,
    parser_max_container_size=200_000,
    max_stream_filters=3,
    flate_max_memory=8 * 1_048_576,
    run_length_max_memory=8 * 1_048_576,
    png_max_memory=8 * 1_048_576,
    tiff_max_memory=8 * 1_048_576,
    doc_max_warnings=100,
)
_FAULTS: Final = (
    pikepdf.PdfError,
    pikepdf.DataDecodingError,
    pikepdf.DeletedObjectError,
    pikepdf.ForeignObjectError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    RuntimeError,
)
_END: Final = rb"(?=[\x00\t\n\x0c\r /<>\[\]()%{}]|\Z)"
_REGULAR: Final = rb"[^\x00\t\n\x0c\r /<>\[\]()%{}#]{0,32}+"
_NAME: Final = re.compile(
    rb"/(?:(LZWDecode|LZW|Filter)" + _END + rb"|(" + _REGULAR + rb"(?:#[0-9A-Fa-f]{2}" + _REGULAR + rb"){1,32}+))"
)
_ESCAPE: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
_INDIRECT: Final = re.compile(rb"(?:\s|%[^\r\n]{0,80}+[\r\n])*+(?:\d|\[[^\]]{0,80}\d\s+\d+\s+R).*", re.DOTALL)
_WINDOW: Final = 160
_MAX_NAMES: Final = 20_000
_CREDENTIAL_TYPES: Final = ("EnvelopedVerifiableCredential", "VerifiableCredential")


def credential_in_pdf(data: bytes) -> bytes:
    """The text of the one credential that is attached to a PDF document: JSON, a JWS or an SD-JWT.

    Attachments that are no credential (pictures, data, XML) are left aside. Raises MalformedCredential `no_badge`,
    `duplicate_badge`, `malformed_pdf`, `encrypted_pdf`; LimitExceeded `too_large` over 8 MiB, `too_complex` over
    50,000 objects or 100 attachments.
    """
    with _opened(data) as document:
        found = _guarded(lambda: _credentials(document))
    if not found:
        raise MalformedCredential("no_badge")
    if len(found) > 1:
        raise MalformedCredential("duplicate_badge")
    return found[0]


def attach(data: bytes, credential_text: str, name: str = "credential.json") -> bytes:
    """The PDF document with the credential attached (PDF 2.0, 7.11.4 and 14.13), to the whole of it as its data.

    Raises as `credential_in_pdf`, and `duplicate_badge` where a credential is attached already.
    """
    if not _is_credential(credential_text.encode()):
        raise MalformedCredential("malformed_credential")
    with _opened(data) as document:
        if _guarded(lambda: _credentials(document)):
            raise MalformedCredential("duplicate_badge")
        return _guarded(lambda: _with_attachment(document, credential_text, name))


def _with_attachment(document: pikepdf.Pdf, credential_text: str, name: str) -> bytes:
    media_type = "application/json" if credential_text.startswith("{") else "application/jose"
    content = credential_text.encode()
    document.attachments[name] = pikepdf.AttachedFileSpec(
        document, content, description="", filename=name, mime_type=media_type, creation_date="", mod_date=""
    )
    document.attachments[name].relationship = pikepdf.Name.Data
    listed = list(document.Root.get("/AF", pikepdf.Array()))
    document.Root["/AF"] = pikepdf.Array([*listed, document.attachments[name].obj])
    out = io.BytesIO()
    document.save(out, deterministic_id=True)
    return out.getvalue()


def _opened(data: bytes) -> pikepdf.Pdf:
    """The document, opened strictly: what its cross-reference table does not name is not searched for."""
    if len(data) > MAX_PDF_BYTES:
        raise LimitExceeded("too_large", limit=MAX_PDF_BYTES)
    if not data.startswith(MAGIC):
        raise _malformed("header")
    _check_filters(data)
    document = _guarded(lambda: pikepdf.open(io.BytesIO(data), suppress_warnings=True, attempt_recovery=False))
    if document.is_encrypted:
        document.close()
        raise MalformedCredential("encrypted_pdf")
    return document


def _guarded(step: Callable[[], T]) -> T:
    """What a step answers; whatever the library raises becomes an error of this package."""
    try:
        return step()
    except CredentialError:
        raise
    except pikepdf.PasswordError:
        raise MalformedCredential("encrypted_pdf") from None
    except _FAULTS:
        raise _malformed("structure") from None


def _check_filters(data: bytes) -> None:
    """No LZW, whose output the library does not bound, under any spelling, nor filters named in another place."""
    for count, match in enumerate(_NAME.finditer(data)):
        if count > _MAX_NAMES:
            raise LimitExceeded("too_complex", limit=_MAX_NAMES, unit="names")
        name = match[1] or _ESCAPE.sub(lambda escape: bytes([int(escape[1], 16)]), match[2])
        if name in (b"LZWDecode", b"LZW"):
            raise _malformed("LZW compression is not read")
        if name == b"Filter" and _INDIRECT.fullmatch(data, match.end(), match.end() + _WINDOW):
            raise _malformed("filter named in another place")


def _credentials(document: pikepdf.Pdf) -> list[bytes]:
    """The contents of every attachment that is a credential; the same one under two names is one."""
    found: dict[bytes, None] = {}
    for stream in _attachments(document):
        content = _content(stream)
        if content is not None and _is_credential(content):
            found[content.strip()] = None
    return list(found)


def _content(stream: Any) -> bytes | None:
    """The attached file, if it is of a size that a credential may have and can be decoded."""
    try:
        content = bytes(stream.read_bytes())
    except _FAULTS:
        return None
    return content if len(content) <= MAX_BYTES else None


def _is_credential(content: bytes) -> bool:
    """Whether the file is a credential, or claims to be one; whether it is well formed is seen by who reads it."""
    text = content.strip()
    if text.startswith(b"eyJ"):
        return True
    if not text.startswith(b"{"):
        return False
    try:
        value = loads(text)
    except CredentialError:
        return b"credentialSubject" in text
    return isinstance(value, dict) and (
        "credentialSubject" in value or is_assertion(value) or value.get("type") in _CREDENTIAL_TYPES
    )


def _attachments(document: pikepdf.Pdf) -> Iterator[Any]:
    """The streams of all file specifications: by name, associated with the document, or anywhere else in it."""
    seen: set[tuple[int, int]] = set()
    for specification in _specifications(document):
        embedded = specification.get("/EF")
        for stream in embedded.values() if isinstance(embedded, pikepdf.Dictionary) else ():
            if not isinstance(stream, pikepdf.Stream) or stream.objgen in seen:
                continue
            seen.add(stream.objgen)
            if len(seen) > MAX_ATTACHMENTS:
                raise LimitExceeded("too_complex", limit=MAX_ATTACHMENTS, unit="attachments")
            yield stream


def _specifications(document: pikepdf.Pdf) -> Iterator[pikepdf.Dictionary]:
    """Every dictionary of the document that may be one: most are objects of their own, but need not be."""
    walked = 0
    for count, item in enumerate(document.objects):
        if count > MAX_OBJECTS:
            raise LimitExceeded("too_complex", limit=MAX_OBJECTS, unit="objects")
        pending = [item]
        yield from [item] if isinstance(item, pikepdf.Dictionary) else []
        while pending:
            children = _children(pending.pop())
            walked += len(children)
            if walked > _MAX_ELEMENTS:
                raise LimitExceeded("too_complex", limit=_MAX_ELEMENTS, unit="elements")
            pending.extend(child for child in children if _is_direct(child))
            yield from (found for found in children if isinstance(found, pikepdf.Dictionary))
    names = document.Root.get("/Names")
    tree = names.get("/EmbeddedFiles") if isinstance(names, pikepdf.Dictionary) else None
    yield from _named(tree)
    yield from _dictionaries(document.Root.get("/AF"))


def _children(item: Any) -> list[Any]:
    """What stands in a dictionary, an array, or the dictionary of a stream."""
    holder = item.stream_dict if isinstance(item, pikepdf.Stream) else item
    if isinstance(holder, pikepdf.Dictionary):
        return [value for _, value in holder.items()]
    return list(holder) if isinstance(holder, pikepdf.Array) else []


def _is_direct(item: Any) -> bool:
    return isinstance(item, pikepdf.Dictionary | pikepdf.Array) and not item.is_indirect


def _named(tree: Any) -> Iterator[pikepdf.Dictionary]:
    """The file specifications of a name tree (PDF 2.0, 7.9.6), its nodes counted because they may form a circle."""
    pending, nodes = [tree], 0
    while pending:
        node = pending.pop()
        nodes += 1
        if nodes > _MAX_NODES:
            raise LimitExceeded("too_complex", limit=_MAX_NODES, unit="nodes")
        if isinstance(node, pikepdf.Dictionary):
            pending.extend(_dictionaries(node.get("/Kids")))
            yield from _dictionaries(node.get("/Names"))


def _dictionaries(value: Any) -> list[pikepdf.Dictionary]:
    """The dictionaries in an array."""
    items = list(value) if isinstance(value, pikepdf.Array) else []
    return [item for item in items if isinstance(item, pikepdf.Dictionary)]


def _malformed(reason: str) -> MalformedCredential:
    return MalformedCredential("malformed_pdf", reason=reason)
