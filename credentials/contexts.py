"""The pinned JSON-LD contexts, by address and SHA-256. Nothing is ever fetched.

A context decides what a signature covers, so a document may only name contexts from this list: as an array of
addresses, a base context first, never an object, null or an address of its own.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from types import MappingProxyType
from typing import Any, Final

from credentials.errors import ContextRefused

CREDENTIALS_V2: Final = "https://www.w3.org/ns/credentials/v2"
CREDENTIALS_V1: Final = "https://www.w3.org/2018/credentials/v1"
OPEN_BADGES: Final = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
OPEN_BADGES_EXTENSIONS: Final = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
DATA_INTEGRITY_V2: Final = "https://w3id.org/security/data-integrity/v2"
MULTIKEY_V1: Final = "https://w3id.org/security/multikey/v1"


@dataclass(frozen=True, slots=True)
class PinnedContext:
    """One context document: its address, its file, the SHA-256 of its bytes, and the family it is a version
    of.
    """

    url: str
    file: str
    sha256: str
    family: str

    def load(self) -> bytes:
        """The bytes of the file. Raises ValueError when they are not the pinned ones: a broken installation."""
        data = resources.files("credentials").joinpath("context_data", self.file).read_bytes()
        if hashlib.sha256(data).hexdigest() != self.sha256:
            raise ValueError(f"the pinned context {self.file} has been altered")
        return data


_PINNED: Final = (
    PinnedContext(
        CREDENTIALS_V2,
        "credentials-v2.json",
        "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734",
        "base",
    ),
    PinnedContext(
        CREDENTIALS_V1,
        "credentials-v1.json",
        "00d7dd6d3ad8b920e3e550dd3a3d9090bffcac84cdbf943da6924b3e0a5c8bb8",
        "base",
    ),
    PinnedContext(
        OPEN_BADGES,
        "open-badges-3.0.3.json",
        "3d34f4d4ef1bce691106e63798beb5e7b862ba841423f5ee1e53ab7ddf3bca84",
        "open-badges",
    ),
    PinnedContext(
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json",
        "open-badges-3.0.2.json",
        "00666ad080ba407687ed1846b7f5e7495f5019042b202a727de47c48a1755c53",
        "open-badges",
    ),
    PinnedContext(
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json",
        "open-badges-3.0.1.json",
        "5f3d9dd6288ef437ff8286cf95ffbff609c748a66f24a1e9450c45ca64be1571",
        "open-badges",
    ),
    PinnedContext(
        OPEN_BADGES_EXTENSIONS,
        "open-badges-extensions.json",
        "87c06c81bc2317663bf288d740d94fddd2818c4342b186270ff6371dfaa63f93",
        "open-badges-extensions",
    ),
    PinnedContext(
        "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json",
        "clr-2.0.1.json",
        "880f1902d4158f2f33ce06af41b90719977cd1ea337a9de2e41edb3ff5e543d6",
        "clr",
    ),
    PinnedContext(
        DATA_INTEGRITY_V2,
        "data-integrity-v2.json",
        "67f21e6e33a6c14e5ccfd2fc7865f7474fb71a04af7e94136cb399dfac8ae8f4",
        "data-integrity",
    ),
    PinnedContext(
        MULTIKEY_V1,
        "multikey-v1.json",
        "ba2c182de2d92f7e47184bcca8fcf0beaee6d3986c527bf664c195bbc7c58597",
        "multikey",
    ),
    PinnedContext(
        "https://w3id.org/security/suites/ed25519-2020/v1",
        "ed25519-2020-v1.json",
        "b9e1ab971fd8bf2c7553e0c4a9438e0b9450afde1ea1ca5b2492368b9f549588",
        "ed25519-2020",
    ),
    PinnedContext(
        "https://www.w3.org/ns/credentials/status/v1",
        "bitstring-status-list-v1.json",
        "fd08cbf28ddd829ab2f1978c48f43ab07a112c1c90245a0cfac7ba721c65170c",
        "status-list",
    ),
    PinnedContext(
        "https://w3id.org/vc/status-list/2021/v1",
        "status-list-2021-v1.json",
        "634d71c159289f068c96012e4511c657fdf82ac4231900081bda3ba24e2e1160",
        "status-list-2021",
    ),
)


@dataclass(frozen=True, slots=True, eq=False)
class ContextSet:
    """Contexts by address, and each one's family; compared by identity, so that caches can hang on it.

    `inline` also lets a document bring context objects of its own, after the base: for runs of the public test suites
    only, since such a context decides what the words of its document mean.
    """

    documents: Mapping[str, Any]
    families: Mapping[str, str]
    inline: bool = False

    def check(self, context: object) -> None:
        """Refuse a `@context` that is not a list of known addresses, one base first, one version a family.

        Raises ContextRefused `context_not_allowed`.
        """
        if type(context) is not list or not self._is_known(context):
            self._check(context)

    def _is_known(self, context: list[Any]) -> bool:
        try:
            return _is_allowed(self, tuple(context))
        except TypeError:  # an entry is an object
            return False

    def _check(self, context: object) -> None:
        if not isinstance(context, list) or not context:
            raise ContextRefused("context_not_allowed", reason="not a list of addresses")
        if not all(self._allows(entry) for entry in context):
            raise ContextRefused("context_not_allowed", reason="an entry is not a pinned address")
        if not isinstance(context[0], str) or self.families[context[0]] != "base":
            raise ContextRefused("context_not_allowed", reason="the first is not a base context")
        families = [self.families[entry] for entry in context if isinstance(entry, str)]
        if len(set(families)) != len(families):
            raise ContextRefused("context_not_allowed", reason="two versions of one context")

    def _allows(self, entry: object) -> bool:
        return entry in self.documents if isinstance(entry, str) else self.inline and isinstance(entry, dict)


@lru_cache(maxsize=256)
def _is_allowed(contexts: ContextSet, addresses: tuple[str, ...]) -> bool:
    """Whether a list of addresses is let pass; kept, for most credentials have one of very few."""
    contexts._check(list(addresses))
    return True


def context_set(pinned: Iterable[PinnedContext], *, inline: bool = False) -> ContextSet:
    """Load and check context documents. Raises ValueError when one has been altered."""
    entries = tuple(pinned)
    documents = {entry.url: json.loads(entry.load()) for entry in entries}
    families = {entry.url: entry.family for entry in entries}
    return ContextSet(MappingProxyType(documents), MappingProxyType(families), inline)


PINNED: Final = context_set(_PINNED)
CONTEXTS: Final[Mapping[str, PinnedContext]] = MappingProxyType({entry.url: entry for entry in _PINNED})

# Of texts published at these addresses that mean the same as ours: earlier editions, other white space.
_OTHER_EDITIONS: Final = {
    CREDENTIALS_V2: (
        "24a18c90e9856d526111f29376e302d970b2bd10182e33959995b0207d7043b9",
        "35239c36999d2155312091af194a1edb61634d6ad789a5e5b19f2aebdd762dd9d1dcaada40eda7ef921c6b8c0ae107a0",
    ),
    CREDENTIALS_V1: (
        "ab4ddd9a531758807a79a5b450510d61ae8d147eab966cc9a200c07095b0cdcc",
        "82c3b3eab863754bbfd2b9f17d8d6db9f61169f301cbf0b05e1fc4beb5f5c51dd4d2e888c274f49c3fbb2408f61faed1",
    ),
}


def known_digests(url: str) -> frozenset[bytes]:
    """The SHA-256 and SHA-384 digests of the texts that are known to stand at a pinned address; none for another.

    A `relatedResource` that names a pinned context (VC Data Model 2.0, 5.3) must give one of these.
    """
    if url not in CONTEXTS:
        return frozenset()
    data = CONTEXTS[url].load()
    ours = (hashlib.sha256(data).digest(), hashlib.sha384(data).digest())
    return frozenset((*ours, *map(bytes.fromhex, _OTHER_EDITIONS.get(url, ()))))


def check_contexts(document: Mapping[str, Any], contexts: ContextSet = PINNED) -> None:
    """Refuse a document whose own `@context` is not allowed. Raises ContextRefused `context_not_allowed`."""
    contexts.check(document.get("@context"))
