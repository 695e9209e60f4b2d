"""Badges for readers of Open Badges 2.0: the assertion, badge class and profile of a credential that the bank signed.

They are not stored: each is derived from the kept credential when somebody asks. Nothing is public until the learner or
the institution asks for the address, which nobody else can work out; it ends with the learner's book (ADR 47).
"""

import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from credentials import open_badges_2_issue as old
from credentials.achievement import IdentityObject
from credentials.claims import SecuredClaims
from credentials.errors import CredentialError
from credentials.open_badges import OutcomeDraft
from credentials.open_badges_2 import CONTEXT
from credentials.open_badges_2_subject import IDENTITY_TYPES
from credentials.read import read
from credentials.shape import Contents, contents
from creditbank.errors import BankError, Conflict, NotFound, Refused
from creditbank.office import Office
from creditbank.store import Transaction, deposits, rows, status
from creditbank.transactions.registry import issuer as issuer_of
from issuers.errors import IssuerError
from issuers.signing_forms import whole

_NAME: Final = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-([0-9a-f]{32})", re.ASCII)
_ADDRESS: Final = re.compile(r"([a-z0-9-]{1,63})(?:/(assertions|badges)/([0-9a-f-]{1,80}))?", re.ASCII)
_ID: Final = "urn:uuid:"
Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class HostedBadge:
    """The addresses of a badge in Open Badges 2.0, and its assertion as it is served."""

    assertion_url: str
    badge_class_url: str
    profile_url: str
    assertion: Document


@dataclass(frozen=True, slots=True)
class HostedBadges:
    """The institution's badges in the words of Open Badges 2.0. Recipients are hashed, all of them."""

    run: Callable[[Callable[[Transaction], Any]], Any]
    document: Callable[[UUID], bytes]
    office: Office
    public_url: str

    def publish(self, credential_id: str) -> HostedBadge:
        """The addresses under which a credential can be had from now on.

        Raises NotFound; Refused `recipient_not_hashed`; Conflict `credential_suspended`, `credential_revoked`.
        """
        name = self._name(credential_id)
        row, revoked = self._standing(credential_id)
        if revoked:
            raise Conflict("credential_revoked", "The credential was revoked.")
        found = self.assertion(row.issuer_id, name)
        return HostedBadge(found["id"], found["badge"], self._publisher(row.issuer_id).id, found)

    def profile(self, issuer_id: str) -> Document:
        """The institution's Profile. Raises NotFound `issuer_not_found`."""
        return old.profile(self._publisher(issuer_id))

    def assertion(self, issuer_id: str, name: str) -> Document:
        """The Assertion of this name: of a revoked credential `revoked` and nothing more, to be answered with 410.

        Raises NotFound; Conflict `credential_suspended`: Open Badges 2.0 knows only what is for good.
        """
        credential_id = self._credential_id(name)
        publisher = self._publisher(issuer_id)
        address = f"{publisher.badges}{name}"
        row, revoked = self._standing(credential_id)
        if row.issuer_id != issuer_id:
            raise NotFound("badge")
        if revoked:
            return {"@context": CONTEXT, "id": address, "type": "Assertion", "revoked": True}
        outcome, issued_on = self._outcome(row, name)
        return old.assertion(outcome, publisher, credential_id=address, issued_on=issued_on)

    def badge_class(self, issuer_id: str, name: str) -> Document:
        """The BadgeClass of the credential of this name. Raises NotFound."""
        row, _ = self._standing(self._credential_id(name), look=False)
        if row.issuer_id != issuer_id:
            raise NotFound("badge")
        return old.badge_class(self._outcome(row, name)[0], self._publisher(issuer_id), image=f"{self._base}/badge.svg")

    def own(self, url: str) -> tuple[Document, datetime] | None:
        """The document that the bank publishes at this address, and now; None where nobody would get one there."""
        found = self._parts(url)
        if found is None:
            return None
        issuer_id, kind, name = found
        try:
            if kind is None:
                return self.profile(issuer_id), self.office.clock()
            serve = self.assertion if kind == "assertions" else self.badge_class
            return serve(issuer_id, name), self.office.clock()
        except (BankError, IssuerError, CredentialError):
            return None

    def issuer_of(self, profile: str) -> str | None:
        """The id of the institution whose Profile the bank has at just this address; None for any other address."""
        found = self._parts(profile)
        return found[0] if found and found[1] is None else None

    def refuse(self, claims: SecuredClaims | None) -> None:
        """Raises Refused `other_form` for what the bank itself publishes: it is on record already."""
        if claims and self.issuer_of(claims.issuer_id):
            sentence = "This is another form of a credential that is on record at this bank; only that one counts."
            raise Refused("other_form", sentence)

    def original(self, claims: SecuredClaims | None) -> bytes | None:
        """The credential, as a verifier is shown it, that a verified assertion of this bank was derived from.

        None for what the bank does not publish, by its address and its issuer's; and for what is not to be had there.
        """
        found = self._parts(claims.credential_id or "") if claims else None
        if not claims or not found or found[1] != "assertions" or self.issuer_of(claims.issuer_id) != found[0]:
            return None
        try:
            row, revoked = self._standing(self._credential_id(found[2]))
            return whole(self.document(row.deposit_id)) if row.issuer_id == found[0] and not revoked else None
        except (BankError, CredentialError):
            return None

    def _parts(self, url: str) -> tuple[str, str | None, str] | None:
        """Institution, kind and name in an address of the bank's own, letter for letter; None for any other."""
        prefix = f"{self._base}/issuers/"
        found = _ADDRESS.fullmatch(url, len(prefix)) if url.startswith(prefix) else None
        return (found[1], found[2], found[3]) if found else None

    @property
    def _base(self) -> str:
        return f"{self.public_url}/open-badges-2"

    def _publisher(self, issuer_id: str) -> old.Publisher:
        issuer = self.run(lambda tx: issuer_of(tx, issuer_id))
        own = f"{self._base}/issuers/{issuer_id}"
        return old.Publisher(id=own, name=issuer.name, url=own, badges=f"{own}/assertions/")

    def _standing(self, credential_id: str, *, look: bool = True) -> tuple[rows.Issued, bool]:
        """Who issued it, and whether it was revoked, by its status list, or taken back for a stolen key's sake."""

        row, said = self.run(lambda tx: _said(tx, credential_id))
        if row is None:
            raise NotFound("badge")
        revoked = not said.isdisjoint(("revocation", "reversed"))
        if look and "suspension" in said and not revoked:
            raise Conflict("credential_suspended", "The credential is suspended: it is not to be relied on now.")
        return row, revoked

    def _outcome(self, row: rows.Issued, name: str) -> tuple[OutcomeDraft, datetime]:
        """What the kept credential says, under the addresses of Open Badges 2.0."""
        said = contents(read(self.document(row.deposit_id)).document)
        assert said.subject is not None and said.valid_from is not None
        achieved, amount = said.subject.achievement, said.subject.credits_earned
        assert amount is not None
        outcome = OutcomeDraft(
            achievement_id=f"{self._base}/issuers/{row.issuer_id}/badges/{name}",
            name=achieved.name,
            description=achieved.description,
            criteria=achieved.criteria,
            credits=amount,
            unit=achieved.unit or "",
            identifiers=[self._recipient(said)],
            levels=achieved.levels,
            valid_until=said.valid_until,
        )
        return outcome, said.valid_from

    def _recipient(self, said: Contents) -> IdentityObject:
        """One hashed identifier that Open Badges 2.0 has a word for; a learner's id is hashed as her address."""
        assert said.subject is not None
        known = [one for one in said.subject.identifiers if one.hashed and one.identity_type in IDENTITY_TYPES.values()]
        if known:
            return min(known, key=lambda one: one.identity_type != "emailAddress")
        if said.subject.id is None:
            sentence = "Open Badges 2.0 names learners by e-mail, telephone or web address, and this badge has none."
            raise Refused("recipient_not_hashed", sentence)
        salt = self._keyed(f"salt|{said.credential_id}")
        return IdentityObject.hash_of(said.subject.id, IDENTITY_TYPES["url"], salt)

    def _name(self, credential_id: str) -> str:
        """What the address ends with: the credential's id, and what only the bank can add to it."""
        return f"{credential_id.removeprefix(_ID)}-{self._keyed(credential_id)}"

    def _credential_id(self, name: str) -> str:
        found = _NAME.fullmatch(name)
        if found is None or not hmac.compare_digest(found[2], self._keyed(_ID + found[1])):
            raise NotFound("badge")
        return _ID + found[1]

    def _keyed(self, text: str) -> str:
        secret = self.office.vault.status_secret
        return hmac.digest(secret, f"open-badges-2|{text}".encode(), hashlib.sha256)[:16].hex()


def _said(tx: Transaction, credential_id: str) -> tuple[rows.Issued | None, set[str]]:
    """Who issued it, the statuses that are set now, and the state of its deposit."""
    row = status.issued(tx, credential_id)
    stored = deposits.by_id(tx, row.deposit_id) if row else None
    bits = {one.purpose for one in status.places(tx, credential_id) if status.value(tx, one)}
    return row, bits | ({stored.state} if stored else set())
