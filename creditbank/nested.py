"""Credentials inside a credential: of a learner record, or endorsements. Looked for to gather their material only."""

from collections.abc import Iterator, Mapping
from typing import Any

from credentials.canonical import jcs
from credentials.credential import Credential
from credentials.errors import CredentialError
from credentials.read import read

MAX_NESTED = 250
"""Credentials inside one that are looked at; of further ones nothing is gathered."""
_KINDS = frozenset({"VerifiableCredential", "EndorsementCredential"})
ENVELOPED = "EnvelopedVerifiableCredential"
_TOKENS = ("endorsementJwt", "verifiableCredential")


def within(credential: Credential) -> tuple[Credential, ...]:
    """The credentials inside this one that can be read, in order; what cannot is left to the verification to say."""
    found: list[Credential] = []
    for data in _candidates(credential.document):
        try:
            found.append(read(data))
        except CredentialError:
            continue
        if len(found) == MAX_NESTED:
            break
    return tuple(found)


def _candidates(value: Any, *, top: bool = True) -> Iterator[bytes]:
    """Depth was bounded when the document was read."""
    if isinstance(value, list):
        for item in value:
            yield from _candidates(item, top=False)
        return
    if not isinstance(value, Mapping):
        return
    if not top and _is_credential(value):
        yield jcs(value)
    for name, member in value.items():
        if name in _TOKENS:
            yield from _tokens(member)
        yield from _candidates(member, top=False)


def _tokens(member: Any) -> Iterator[bytes]:
    for item in member if isinstance(member, list) else [member]:
        if isinstance(item, str) and item.startswith("eyJ") and item.isascii():
            yield item.encode()


def _is_credential(value: Mapping[str, Any]) -> bool:
    types = value.get("type")
    named = types if isinstance(types, list) else [types]
    if ENVELOPED in named:
        return True
    return "proof" in value and any(isinstance(name, str) and name in _KINDS for name in named)
