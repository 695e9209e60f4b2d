"""Canonical bytes and digests, so that two people who read the same pack compute the same bytes.

The result equals RFC 8785 for what this package writes: text, whole numbers, booleans, null, and objects whose
keys are ASCII (UTF-16 order and code point order agree on those). No type of this package holds a float.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

Json: TypeAlias = bool | int | str | Sequence["Json"] | Mapping[str, "Json"] | None


def canonical(value: Json) -> bytes:
    """The canonical UTF-8 bytes of a value; raises `ValueError` on a lone surrogate."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=_plain)
    return text.encode("utf-8")


def _plain(value: object) -> dict[str, Json]:
    """A read-only mapping as the object it is."""
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no canonical form")


@dataclass(frozen=True, slots=True, eq=False)
class Digested:
    """A digest that is worked out when somebody asks for it; equal to another where the digests are."""

    parts: Callable[[], Json]

    @property
    def digest(self) -> str:
        """The digest of the parts."""
        return digest(self.parts())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Digested) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)


def digest(value: Json) -> str:
    """SHA-256 of the canonical bytes, as `sha256:` and 64 hexadecimal digits."""
    return "sha256:" + hashlib.sha256(canonical(value)).hexdigest()
