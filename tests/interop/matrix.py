"""The matrix of interoperability: one pair a kind of credential and independent implementation.

Each pair says how we issue, how they do, and how each side says whether it accepts. The table in
docs/interoperability.md is written from it.
"""

import importlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest

from credentials.checks import Verification
from credentials.errors import CredentialError
from credentials.multibase import base64url_decode, base64url_encode
from credentials.read import read
from credentials.verify import VerificationMaterial, verify
from tests.credential_samples import NOW
from tests.interop.javascript import is_there

Issue = Callable[[], Any]
Accept = Callable[[Any], object]


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A kind and an implementation. `there` and `here` raise where they do not accept.

    `ours` is None where the implementation cannot read this kind, `theirs` where it cannot issue it. `faults` tells why
    one side's ("ours", "theirs") is refused by the other all the same: where the implementation departs from the
    specification.
    """

    kind: str
    library: str
    here: Accept
    spoil: Callable[[Any], Any]
    ours: Issue | None = None
    there: Accept | None = None
    theirs: Issue | None = None
    faults: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.kind}, {self.library}"

    @property
    def row(self) -> str:
        """The line of the table."""
        notes = "; ".join(dict.fromkeys(self.faults.values()))
        sides = (self.side("ours", self.ours), self.side("theirs", self.theirs))
        return f"| {self.kind} | {self.library} | {' | '.join(sides)} | {notes} |"

    def side(self, name: str, issue: Issue | None) -> str:
        """What comes of one side's, in a word."""
        return "—" if issue is None else "refused" if name in self.faults else "accepted"

    def needs(self) -> None:
        """Skip where the implementation is not installed."""
        for name in MODULES.get(self.library, ()):
            pytest.importorskip(name, reason=f"the independent library {self.library} is not installed")
        if self.library not in MODULES and not is_there():
            pytest.skip("node or its packages are not installed: npm ci --prefix tests/interop/node")


MODULES: Mapping[str, tuple[str, ...]] = {
    "openvc-core": ("openvc",),
    "openbadgeslib": ("openbadgeslib",),
    "joserfc": ("joserfc",),
    "openbadges-bakery": ("openbadges_bakery",),
}


class Refused(Exception):
    """One side's no; with what it said, where it says something."""


def accepts(side: Accept, value: Any) -> bool:
    """Whether one side accepts. What is ours must say no by name."""
    try:
        side(value)
    except Exception as error:
        assert not isinstance(error, (NameError, ImportError)), error
        return False
    return True


def answer(data: Any, material: VerificationMaterial, at: datetime = NOW) -> Verification:
    """Our answer; documents are written as JSON."""
    raw = data if isinstance(data, bytes) else (data if isinstance(data, str) else json.dumps(data)).encode()
    try:
        return verify(read(raw), material, at)
    except CredentialError as refused:
        raise Refused(refused.code) from refused


def valid(found: Verification) -> None:
    """Refuse what is not valid."""
    if found.verdict != "valid":
        raise Refused(f"{found.verdict} {found.code}")


def with_other_payload(token: str) -> str:
    """A token in which somebody else is the issuer's subject, under the old signature."""
    issued, tilde, rest = token.partition("~")
    header, payload, signature = issued.split(".")
    changed = altered(json.loads(base64url_decode(payload)))
    return f"{header}.{base64url_encode(json.dumps(changed).encode())}.{signature}{tilde}{rest}"


def altered(document: dict[str, Any]) -> dict[str, Any]:
    """A copy that says something else of its subject, or at its front."""
    subject = document.get("credentialSubject")
    if isinstance(subject, dict):
        return {**document, "credentialSubject": {**subject, "id": "did:example:mallory"}}
    if isinstance(document.get("recipient"), dict):
        return {**document, "recipient": {**document["recipient"], "identity": "sha256$" + "0" * 64}}
    return {**document, "id": "urn:uuid:00000000-0000-4000-8000-000000000666", "nonce": "another"}


def loaded(module: str) -> Any:
    """A module of an implementation, when it is needed."""
    return importlib.import_module(module)
