"""The grammar of identifiers: absolute IRIs (RFC 3987), and DID URLs more strictly (DID Core, 3.1 and 3.2).

An identifier with one stray space makes JSON-LD processors drop the whole node it names, and a signature over
what is left covers nothing. Hence everything here is a full match, and invisible characters are refused.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from credentials.errors import ContextRefused

MAX_IRI_LENGTH: Final = 65_536  # an image may be a data: URI
_KEPT_LENGTH: Final = 256

_SCHEME: Final = re.compile("[A-Za-z][A-Za-z0-9+.-]*:.+", re.DOTALL)
_CHARACTERS: Final = r"(?:[A-Za-z0-9\-._~:/?\[\]@!$&'()*+,;=\u00a0-\U0010ffff]|%[0-9A-Fa-f]{2})"
_IRI: Final = re.compile(rf"[A-Za-z][A-Za-z0-9+.-]*+:(?:{_CHARACTERS}*+)(?:#{_CHARACTERS}*+)?")
_PART: Final = "(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*+"
_DID: Final = re.compile(
    r"did:[a-z0-9]++:(?:[A-Za-z0-9._:-]|%[0-9A-Fa-f]{2})++(?<!:)"
    rf"(?:/(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{{2}})*+)?(?:\?{_PART})?(?:#{_PART})?"
)
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Zs"})
_LANGUAGE_TAG: Final = re.compile("[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")


def check_iri(text: str, pointer: str) -> None:
    """Refuse what is not a well-formed absolute IRI, or DID URL where it starts with `did:`.

    `pointer` says where it stands, for the message. Raises ContextRefused `relative_iri` or `malformed_iri`.
    """
    if is_iri(text):
        return
    if not _SCHEME.fullmatch(text):
        code = "malformed_iri" if _is_blank_node(text) or not text.strip() else "relative_iri"
        raise ContextRefused(code, pointer=pointer)
    raise ContextRefused("malformed_iri", pointer=pointer)


def is_iri(text: str) -> bool:
    """Whether `check_iri` would let the text pass. Answers about texts of usual length are kept."""
    return _is_known_iri(text) if len(text) <= _KEPT_LENGTH else _is_iri(text)


def check_language_tag(text: str, pointer: str) -> None:
    """Refuse what does not look like a BCP 47 tag. Raises ContextRefused `malformed_language_tag`."""
    if not _LANGUAGE_TAG.fullmatch(text):
        raise ContextRefused("malformed_language_tag", pointer=pointer)


def is_language_tag(text: str) -> bool:
    """Whether `check_language_tag` would let the text pass."""
    return _LANGUAGE_TAG.fullmatch(text) is not None


def _is_iri(text: str) -> bool:
    grammar = _DID if text[:4].lower() == "did:" else _IRI
    if len(text) > MAX_IRI_LENGTH or not grammar.fullmatch(text) or text.find(":") == len(text) - 1:
        return False
    return not _has_invisible(text)


_is_known_iri: Final = lru_cache(maxsize=4096)(_is_iri)


def _is_blank_node(text: str) -> bool:
    """A blank node label is renamed by canonicalisation, so a signature does not cover it."""
    return text.startswith("_:")


def _has_invisible(text: str) -> bool:
    return not text.isascii() and any(unicodedata.category(character) in _INVISIBLE for character in text)
