"""Who is asking: a registered client, its role, and what its token allows."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from uuid import UUID

from creditbank.errors import Forbidden, NotFound

SCOPES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "administrator": frozenset(
            {
                "registry:write", "keys:write", "achievements:write", "credentials:issue", "credentials:status",
                "deposits:write", "deposits:read", "learners:read", "learners:write", "recognitions:write",
                "quotes:write", "rules:write", "clients:write", "audit:read", "judgements:write", "appeals:write",
                "appeals:review",
            }
        ),
        "issuer": frozenset(
            {
                "keys:write", "achievements:write", "credentials:issue", "credentials:status", "deposits:write",
                "deposits:read", "quotes:write", "rules:write", "judgements:write", "appeals:write",
            }
        ),
        "learner": frozenset(
            {
                "deposits:write", "deposits:read", "learners:read", "recognitions:write", "quotes:write",
                "appeals:write",
            }
        ),
        "employer": frozenset({"quotes:write"}),
    }
)  # fmt: skip
"""What each role may be granted at most."""


@dataclass(frozen=True, slots=True)
class Caller:
    """A client with the scopes of its present token. `issuer_id` or `book_id` is what it is confined to."""

    client_id: str
    role: str
    scopes: frozenset[str]
    issuer_id: str | None = None
    book_id: UUID | None = None

    def need(self, scope: str) -> None:
        """Raises Forbidden `insufficient_scope`."""
        if scope not in self.scopes:
            raise Forbidden("insufficient_scope", f"This needs a token with the scope {scope}.", scope=scope)

    def need_administrator(self) -> None:
        """Raises Forbidden `administrators_only`."""
        if self.role != "administrator":
            raise Forbidden("administrators_only", "Only an administrator of the bank may do this.")

    def confine_to_issuer(self, issuer_id: str | None) -> None:
        """An institution sees and does only what is its own: anything else does not exist for it (404, not 403)."""
        if self.role == "issuer" and issuer_id != self.issuer_id:
            raise NotFound("issuer")
        if self.role not in ("issuer", "administrator"):
            raise NotFound("issuer")

    def confine_to_book(self, book_id: UUID) -> None:
        """A learner sees only her own book; an administrator sees all; nobody else sees any."""
        if self.role == "administrator" or (self.role == "learner" and self.book_id == book_id):
            return
        raise NotFound("learner")


SYSTEM = Caller("creditbank", "administrator", SCOPES["administrator"])
"""The bank itself, for what follows from a change: a promotion, a reversal after a compromise."""
