"""What can be wrong with a credential: one root exception, a family a kind of fault, a code a fault."""

from collections.abc import Mapping
from typing import Final

from credentials.error_sentences import SENTENCES

Fact = str | int | bool | None


class CredentialError(Exception):
    """A credential, key or proof that is refused, and why.

    `code` is stable snake_case for machines, `message` a sentence for people, `facts` what the sentence was
    built from: numbers, limits, names of terms and algorithms; never the input itself and never personal
    data.
    """

    code: str
    message: str
    facts: Mapping[str, Fact]

    def __init__(self, code: str, sentence: str | None = None, **facts: Fact) -> None:
        self.code = code
        self.facts = facts
        self.message = _fill(sentence or SENTENCES.get(code, code.replace("_", " ")), facts)
        super().__init__(self.message)


class MalformedCredential(CredentialError):
    """The bytes do not follow the grammar they claim: JSON, JWS, multibase, IRI, image or claim."""


class LimitExceeded(CredentialError):
    """Too much of something: `too_large`, `too_deep`, `too_long`, `too_complex`. The rest is not looked at."""


class UnsupportedFormat(CredentialError):
    """A container, format, cryptosuite or critical extension that this bank does not read."""


class KeyRefused(CredentialError):
    """Key material that must never verify anything: wrong type, weak, small order, or with its private part."""


class ContextRefused(CredentialError):
    """JSON-LD that would let a signature cover something else than what is read."""


class ProofInvalid(CredentialError):
    """The proof does not secure this document with this key."""


class StatusInvalid(CredentialError):
    """A status entry or status list that cannot be relied on, or that says no."""


FAMILIES: Final = (
    MalformedCredential,
    LimitExceeded,
    UnsupportedFormat,
    KeyRefused,
    ContextRefused,
    ProofInvalid,
    StatusInvalid,
)


def _fill(sentence: str, facts: Mapping[str, Fact]) -> str:
    """The sentence with its facts; a fact that is missing leaves the name of its place rather than an error."""
    return sentence.format_map(_Places(facts))


class _Places(dict[str, Fact]):
    def __missing__(self, name: str) -> str:
        return f"({name.replace('_', ' ')} not stated)"
