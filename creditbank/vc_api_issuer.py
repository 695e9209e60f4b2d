"""Issuers for runs of the public test suites: keys made in memory at start, forgotten at the end, trusted by nobody.

They are the only ones that sign whatever a stranger hands in. That is why they have nothing in common with the bank's
own issuance: no vault, no hosted key, no database, no name but the did:key of a key that was made a moment ago.
"""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from credentials import data_integrity
from credentials.checks import Outcome
from credentials.contexts import CREDENTIALS_V1, CREDENTIALS_V2, DATA_INTEGRITY_V2, ContextSet
from credentials.dates import timestamp
from credentials.digests import digest_checks
from credentials.enveloped import CREDENTIAL, envelope
from credentials.errors import MalformedCredential
from credentials.keys import Algorithm, PrivateKey
from credentials.shape import contents
from credentials.vc_jwt import Profile, to_vc_jwt
from creditbank.vc_api_status import StatusBook

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Securing:
    """A way to secure a credential: a cryptosuite (none: a JWT in W3C's profile), and the kind of key for it."""

    name: str
    cryptosuite: str | None
    algorithm: Algorithm
    curve: str

    @property
    def key_types(self) -> tuple[str, ...]:
        """The key's kind in the suites' words."""
        return (self.curve,)


_EVERY: Final = (
    Securing("eddsa-rdfc-2022", "eddsa-rdfc-2022", "EdDSA", "Ed25519"),
    Securing("eddsa-jcs-2022", "eddsa-jcs-2022", "EdDSA", "Ed25519"),
    Securing("ecdsa-rdfc-2019-p256", "ecdsa-rdfc-2019", "ES256", "P-256"),
    Securing("ecdsa-rdfc-2019-p384", "ecdsa-rdfc-2019", "ES384", "P-384"),
    Securing("ecdsa-jcs-2019-p256", "ecdsa-jcs-2019", "ES256", "P-256"),
    Securing("ecdsa-jcs-2019-p384", "ecdsa-jcs-2019", "ES384", "P-384"),
    Securing("ecdsa-sd-2023", "ecdsa-sd-2023", "ES256", "P-256"),
    Securing("vc-jwt-eddsa", None, "EdDSA", "Ed25519"),
    Securing("vc-jwt-es256", None, "ES256", "P-256"),
    Securing("vc-jwt-es384", None, "ES384", "P-384"),
)
SECURINGS: Final = tuple(one for one in _EVERY if one.cryptosuite is None or one.cryptosuite in data_integrity.SUITES)
DEFAULT: Final = "eddsa-rdfc-2022"


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be issued, when, under which new id if it has none, and the JSON pointers that stay disclosed."""

    credential: Document
    at: datetime
    new_id: str
    mandatory_pointers: tuple[str, ...] = ()
    purpose: str = "revocation"


@dataclass(frozen=True, slots=True)
class LocalIssuer:
    """One key, its did:key, and one way to secure credentials with it."""

    securing: Securing
    key: PrivateKey = field(repr=False)
    contexts: ContextSet
    status: StatusBook

    @property
    def did(self) -> str:
        """The issuer that every credential of this one names, whatever was asked for."""
        return self.key.public_key.did_key()

    @property
    def method(self) -> str:
        """The one verification method of a did:key."""
        return f"{self.did}#{self.did.removeprefix('did:key:')}"

    def issue(self, request: Request) -> dict[str, Any]:
        """The credential, secured; in an envelope (VC Data Model 2.0, 4.12.1) where that is a JWT.

        Raises CredentialError where the document is no credential or would not be covered by its contexts.
        """
        document = self._completed(request)
        contents(document)
        _check_digests(document)
        self._add_status(document, request)
        if self.securing.cryptosuite is None:
            return envelope(CREDENTIAL, self._token(document, request.at), "application/vc+jwt")
        return self.signed(document, request.at, self.securing.cryptosuite, request.mandatory_pointers)

    def signed(
        self, document: Document, at: datetime, cryptosuite: str, pointers: tuple[str, ...] = ()
    ) -> dict[str, Any]:
        """The document with a proof by this issuer's key."""
        mandatory: dict[str, Any] = {"mandatory_pointers": pointers} if pointers else {}
        return data_integrity.sign(
            document,
            self.key,
            cryptosuite=cryptosuite,
            verification_method=self.method,
            created=at,
            contexts=self.contexts,
            **mandatory,
        )

    def _token(self, document: dict[str, Any], at: datetime) -> str:
        return to_vc_jwt(
            document, self.key, key_id=self.method, contexts=self.contexts, profile=Profile.W3C, issued_at=at
        )

    def _completed(self, request: Request) -> dict[str, Any]:
        """The credential in this issuer's name; with an id, and with what version 1.1 of the data model needs."""
        document = _named(deepcopy(dict(request.credential)), self.did)
        document.setdefault("id", request.new_id)
        context = document.get("@context")
        if isinstance(context, list) and CREDENTIALS_V1 in context:
            document.setdefault("issuanceDate", timestamp(request.at))
            if self.securing.cryptosuite and DATA_INTEGRITY_V2 not in context:
                context.append(DATA_INTEGRITY_V2)
        return document

    def _add_status(self, document: dict[str, Any], request: Request) -> None:
        """A place in this issuer's status list, unless there is a status already, or no word for one (version 1.1)."""
        context = document.get("@context")
        if isinstance(context, list) and CREDENTIALS_V2 in context and "credentialStatus" not in document:
            entry = self.status.entry(self, request.purpose, document["id"])
            document["credentialStatus"] = entry.document()


def _check_digests(document: Document) -> None:
    """What the credential says of its contexts is true: nobody is given a digest that cannot hold (5.3)."""
    for check in digest_checks(document, {}):
        if check.outcome is Outcome.FAILED:
            raise MalformedCredential(check.code or "digest_mismatch")


def _named(document: dict[str, Any], did: str) -> dict[str, Any]:
    """The document with this issuer, if the one that it names is well formed; else left for the shape check to refuse.

    Nobody can have anything signed in a name that is not that of the key.
    """
    issuer = document.get("issuer")
    if isinstance(issuer, str) and ":" in issuer:
        document["issuer"] = did
    elif isinstance(issuer, dict) and isinstance(issuer.get("id"), str) and ":" in issuer["id"]:
        document["issuer"] = {**issuer, "id": did}
    return document


def local_issuers(contexts: ContextSet, status: StatusBook) -> Mapping[str, LocalIssuer]:
    """One issuer with a fresh key for each way to secure a credential, by name."""
    made = (LocalIssuer(one, PrivateKey.generate(one.algorithm), contexts, status) for one in SECURINGS)
    return MappingProxyType({issuer.securing.name: issuer for issuer in made})
