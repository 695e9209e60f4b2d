"""The bank's key for statements as a person states it: a JWK, its RFC 7638 thumbprint, or a file that holds either."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from credentials.keys import PublicKey
from credentials.strict_json import loads
from creditbank.errors import Refused

_THUMBPRINT = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
_LONGEST = 65_536


@dataclass(frozen=True, slots=True)
class StatedKey:
    """The thumbprint to look for, and the key itself where that was stated."""

    thumbprint: str
    key: PublicKey | None = None

    @classmethod
    def parse(cls, stated: str, kid: str | None = None) -> Self:
        """What was stated; of a JWK Set, such as `/.well-known/jwks.json`, the key that is named `kid`.

        Raises Refused `bank_key_malformed`, `key_not_in_set`; KeyRefused for a JWK that is no good; OSError.
        """
        text = _text(stated)
        if _THUMBPRINT.fullmatch(text):
            return cls(text)
        value = loads(text) if text.startswith("{") else None
        keys = value.get("keys") if isinstance(value, dict) else None
        if isinstance(keys, list):
            value = _named(keys, kid)
        if not isinstance(value, dict):
            raise Refused("bank_key_malformed", "The bank's key is neither a JWK nor a thumbprint.")
        key = PublicKey.from_jwk(value)
        return cls(key.thumbprint(), key)


def _named(keys: Sequence[Any], kid: str | None) -> Any:
    found = [key for key in keys if isinstance(key, dict) and kid is not None and key.get("kid") == kid]
    if len(found) != 1:
        raise Refused("key_not_in_set", "The key that this was signed with is not in the set of keys.")
    return found[0]


def _text(stated: str) -> str:
    path = Path(stated)
    if stated.startswith("{") or not path.is_file():
        return stated.strip()
    with path.open(encoding="utf-8") as file:
        return file.read(_LONGEST).strip()
