"""What the bank refuses, each with a stable code, a sentence and the facts; no HTTP here (see api/problems.py)."""

from collections.abc import Mapping


class BankError(Exception):
    """Root of the bank's errors: `code` is stable, `message` is for people, `facts` never echo the input."""

    def __init__(self, code: str, message: str, **facts: object) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.facts: Mapping[str, object] = facts


class NotFound(BankError):
    """There is no such thing, or it is not the caller's to see."""

    def __init__(self, kind: str, **facts: object) -> None:
        super().__init__(f"{kind}_not_found", f"There is no such {kind.replace('_', ' ')}.", kind=kind, **facts)


class Conflict(BankError):
    """The request contradicts what is already on record."""


class Refused(BankError):
    """The request is well formed and must not be carried out; nothing was booked, logged or fetched."""


class Forbidden(BankError):
    """The caller may not do this."""


class NeedsApproval(BankError):
    """A second person has to agree before this takes effect."""


class Unavailable(BankError):
    """The bank cannot do this now; trying again later is right."""


class SelfCheckFailed(BankError):
    """The database is not as the bank needs it, so the bank does not open."""


class LedgerError(BankError):
    """An entry that must not exist: unbalanced, empty, out of range."""
