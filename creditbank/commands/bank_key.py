"""The bank's key for statements as a person states it: a JWK, its RFC 7638 thumbprint, or a file that holds either."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from credentials.keys import PublicKey
from credentials.strict_json import loads
from creditbank.errors import Refused

_THUMBPRINT = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
_LONGEST = 4_096


@dataclass(frozen=True, slots=True)
class StatedKey:
    """The thumbprint to look for, and the key itself where that was stated."""

    thumbprint: str
    key: PublicKey | None = None

    @classmethod
    def parse(cls, stated: str) -> Self:
        """What was stated. Raises Refused `bank_key_malformed`; KeyRefused for a JWK that is no good; OSError."""
        text = _text(stated)
        if _THUMBPRINT.fullmatch(text):
            return cls(text)
        value = loads(text) if text.startswith("{") else None
        if not isinstance(value, dict):
            raise Refused("bank_key_malformed", "The bank's key is neither a JWK nor a thumbprint.")
        key = PublicKey.from_jwk(value)
        return cls(key.thumbprint(), key)


def _text(stated: str) -> str:
    path = Path(stated)
    if stated.startswith("{") or not path.is_file():
        return stated.strip()
    with path.open(encoding="utf-8") as file:
        return file.read(_LONGEST).strip()
