"""Texts that show what they say: no control characters, nothing that turns the line round, names that look alike."""

import re
import unicodedata

_HIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
"""Controls (but tab and line breaks), separators, marks that reorder what is read, halves of characters."""

MAX_NAME = 200
_VERSION = re.compile(r"[0-9A-Za-z]+(?:[._+-][0-9A-Za-z]+)*", re.ASCII)


def hidden_in(text: str) -> str | None:
    """A sentence about the first character that a reader would not see, or None."""
    found = next(_HIDDEN.finditer(text), None)
    if found is None:
        return None
    return f"A text holds a character that cannot be seen (U+{ord(found[0]):04X}): leave it out."


def why_no_name(text: str) -> str | None:
    """Why a text cannot name a rule, set or requirement, as the end of a sentence; None where it can."""
    if len(text) > MAX_NAME:
        return f"is longer than {MAX_NAME} characters"
    if text != text.strip() or any(unicodedata.category(each) in ("Cc", "Cf", "Zl", "Zp") for each in text):
        return "has a blank at its end, or a character that cannot be seen"
    if unicodedata.normalize("NFKC", text) != text:
        return f"holds characters that look like others; write '{unicodedata.normalize('NFKC', text)}'"
    return None


def is_version(text: str) -> bool:
    """Whether a text may be the version of a pack: it stands in addresses and in file names."""
    return len(text) <= 64 and _VERSION.fullmatch(text) is not None
