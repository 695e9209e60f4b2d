"""SD-JWT (RFC 9901), strictly read: one spelling, every digest once, every disclosure used, nothing hidden by name.

An SD-JWT is a compact JWS whose payload holds digests in the place of members, then the disclosures that the holder
chose to show, then perhaps a JWT by which the holder proves a key (key binding). What is not disclosed is absent.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from credentials.errors import CredentialError, LimitExceeded, MalformedCredential, UnsupportedFormat
from credentials.jws import MAX_TOKEN_BYTES, CompactJws, Document, read_compact
from credentials.multibase import base64url_decode, base64url_encode
from credentials.strict_json import MAX_DEPTH, Json, loads

MAX_DISCLOSURES: Final = 500
HASHES: Final[Mapping[str, Callable[[bytes], Any]]] = MappingProxyType(
    {"sha-256": hashlib.sha256, "sha-384": hashlib.sha384, "sha-512": hashlib.sha512}
)
# What a verifier needs stands in the open (SD-JWT VC, "Registered JWT Claims"): a holder must not be able to hide it.
NEVER_DISCLOSABLE: Final = frozenset({"iss", "nbf", "exp", "cnf", "vct", "vct#integrity", "aka_vcts", "status"})
_RESERVED: Final = frozenset({"_sd", "...", "_sd_alg"})


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One disclosure as it was sent, and what it says: a member by its name, or an element of an array (no name)."""

    text: str
    name: str | None
    value: Json = field(repr=False)

    def digest(self, hash_name: str) -> str:
        """The digest that stands for it, base64url, over its text and not over what it says (4.2.3)."""
        return digest(self.text, hash_name)


@dataclass(frozen=True, slots=True)
class SdJwt:
    """An SD-JWT taken apart, its disclosures put back, nothing verified yet.

    `issued` is the JWS of the issuer with the payload as it was signed, `payload` what is left of it for a reader.
    `withheld` are the JSON pointers, into `payload`, of objects and arrays from which something was held back; decoys
    cannot be told from that. `places` are the pointers to what each disclosure, by its text, discloses. `key_binding`
    is the holder's JWT, and `bound` the text that its `sd_hash` is over.
    """

    issued: CompactJws
    disclosures: tuple[Disclosure, ...]
    payload: Document = field(repr=False)
    hash_name: str
    withheld: frozenset[str]
    places: Mapping[str, str] = field(repr=False)
    key_binding: CompactJws | None
    bound: str = field(repr=False)


def read_sd_jwt(token: str) -> SdJwt:
    """Take an SD-JWT apart and put its disclosures back (RFC 9901, 7.1, steps 1, 3 and 4).

    Raises LimitExceeded `too_large` over 128 kB, `too_complex` over 500 disclosures, `too_deep`; UnsupportedFormat
    `sd_alg_not_allowed`; MalformedCredential `malformed_sd_jwt`, `malformed_disclosure`, `duplicate_disclosure`,
    `duplicate_digest`, `disclosure_not_allowed`, `disclosure_conflict`, `foreign_disclosure`; and as `read_compact`.
    """
    if len(token) > MAX_TOKEN_BYTES:
        raise LimitExceeded("too_large", limit=MAX_TOKEN_BYTES)
    first, *texts = token.split("~")
    if not texts or "" in texts[:-1]:
        raise MalformedCredential("malformed_sd_jwt", reason="a part is missing")
    if len(texts) - 1 > MAX_DISCLOSURES:
        raise LimitExceeded("too_complex", limit=MAX_DISCLOSURES, unit="disclosures")
    issued = read_compact(first)
    hash_name = _hash_name(issued.payload)
    disclosures = tuple(_disclosure(text) for text in texts[:-1])
    unpacking = _Unpacking({disclosure.digest(hash_name): disclosure for disclosure in disclosures})
    payload = _unpacked(issued.payload, disclosures, unpacking)
    key_binding = read_compact(texts[-1]) if texts[-1] else None
    bound = token.removesuffix(texts[-1])
    withheld = frozenset(unpacking.withheld)
    return SdJwt(issued, disclosures, payload, hash_name, withheld, unpacking.places, key_binding, bound)


def digest(text: str, hash_name: str) -> str:
    """The hash of an ASCII text, base64url."""
    return base64url_encode(HASHES[hash_name](text.encode("ascii")).digest())


def escaped(name: str) -> str:
    """A member's name as a step of a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")


def _hash_name(payload: Mapping[str, Any]) -> str:
    name = payload.get("_sd_alg", "sha-256")
    if not isinstance(name, str) or name not in HASHES:
        raise UnsupportedFormat("sd_alg_not_allowed", allowed=", ".join(HASHES))
    return name


def _disclosure(text: str) -> Disclosure:
    """A disclosure: salt and value, or salt, name and value (4.2.1, 4.2.2)."""
    try:
        content = loads(base64url_decode(text))
    except CredentialError as error:
        if isinstance(error, LimitExceeded) or error.code == "duplicate_json_key":
            raise
        raise MalformedCredential("malformed_disclosure", reason="not JSON in unpadded base64url") from None
    if not isinstance(content, list) or len(content) not in (2, 3):
        raise MalformedCredential("malformed_disclosure", reason="not an array of two or three")
    if not all(isinstance(item, str) for item in content[:-1]):
        raise MalformedCredential("malformed_disclosure", reason="salt or name is not text")
    name = content[1] if len(content) == 3 else None
    if name in _RESERVED:
        raise MalformedCredential("disclosure_not_allowed", name=str(name))
    return Disclosure(text, name if isinstance(name, str) else None, content[-1])


def _unpacked(payload: Document, disclosures: Sequence[Disclosure], unpacking: "_Unpacking") -> Document:
    if len(unpacking.by_digest) != len(disclosures):
        raise MalformedCredential("duplicate_disclosure")
    found = unpacking.object({name: value for name, value in payload.items() if name != "_sd_alg"}, "", 1)
    if unpacking.by_digest.keys() - unpacking.seen:
        raise MalformedCredential("foreign_disclosure")
    return found


@dataclass(slots=True)
class _Unpacking:
    """The walk through payload and disclosed values: which digests were met, and where something is held back."""

    by_digest: Mapping[str, Disclosure]
    seen: set[str] = field(default_factory=set)
    withheld: set[str] = field(default_factory=set)
    places: dict[str, str] = field(default_factory=dict)

    def object(self, node: Mapping[str, Any], pointer: str, depth: int) -> Document:
        """The members that stand there, and those that are disclosed."""
        if depth > MAX_DEPTH:
            raise LimitExceeded("too_deep", limit=MAX_DEPTH)
        if node.keys() & {"...", "_sd_alg"}:
            raise MalformedCredential("malformed_sd_jwt", reason="a reserved name in a wrong place")
        members = dict(node)
        for text in self._digests(members.pop("_sd", [])):
            disclosure = self._take(text, pointer)
            if disclosure is not None:
                name = self._name(disclosure, members, pointer)
                members[name] = disclosure.value
                self.places[disclosure.text] = f"{pointer}/{escaped(name)}"
        return {name: self._value(value, f"{pointer}/{escaped(name)}", depth) for name, value in members.items()}

    def _value(self, value: Json, pointer: str, depth: int) -> Any:
        if isinstance(value, dict):
            return self.object(value, pointer, depth + 1)
        return self._array(value, pointer, depth + 1) if isinstance(value, list) else value

    def _array(self, elements: list[Json], pointer: str, depth: int) -> list[Any]:
        if depth > MAX_DEPTH:
            raise LimitExceeded("too_deep", limit=MAX_DEPTH)
        found: list[Any] = []
        for element in elements:
            if isinstance(element, dict) and "..." in element:
                found += self._element(element, pointer, len(found))
            else:
                found.append(element)
        return [self._value(value, f"{pointer}/{index}", depth) for index, value in enumerate(found)]

    def _element(self, placeholder: Mapping[str, Json], pointer: str, index: int) -> list[Any]:
        text = placeholder["..."]
        if placeholder.keys() != {"..."} or not isinstance(text, str):
            raise MalformedCredential("malformed_sd_jwt", reason="an element's digest does not stand alone")
        disclosure = self._take(text, pointer)
        if disclosure is None:
            return []
        if disclosure.name is not None:
            raise MalformedCredential("malformed_disclosure", reason="a member stands for an element")
        self.places[disclosure.text] = f"{pointer}/{index}"
        return [disclosure.value]

    def _take(self, text: str, pointer: str) -> Disclosure | None:
        if text in self.seen:
            raise MalformedCredential("duplicate_digest")
        self.seen.add(text)
        if text not in self.by_digest:
            self.withheld.add(pointer)
        return self.by_digest.get(text)

    @staticmethod
    def _digests(value: Json) -> list[str]:
        texts = [text for text in value if isinstance(text, str)] if isinstance(value, list) else []
        if not isinstance(value, list) or len(texts) != len(value):
            raise MalformedCredential("malformed_sd_jwt", reason="_sd is not a list of digests")
        return texts

    @staticmethod
    def _name(disclosure: Disclosure, members: Mapping[str, Any], pointer: str) -> str:
        if disclosure.name is None:
            raise MalformedCredential("malformed_disclosure", reason="an element stands for a member")
        if disclosure.name in members:
            raise MalformedCredential("disclosure_conflict")
        if not pointer and disclosure.name in NEVER_DISCLOSABLE:
            raise MalformedCredential("disclosure_not_allowed", name=disclosure.name)
        return disclosure.name
