"""Credit accounts: whose credits, in which unit. An account belongs to one book and never mixes units.

Names follow the bookkeeping convention `<kind>` or `<kind>:<detail>`:

- `learner`                       credits the learner holds and may still use
- `issuer:<issuer id>`            what an institution has awarded in this book (credit balance, so negative)
- `exchange:<unit>`               the desk where one unit becomes another; its balance shows the rate used
- `programme:<pack>/<programme>`  credits recognised towards a qualification
- `again`                         credits counted once more by a pack's named exception, though used (so negative)
- `merge:<book id>`               credits carried to or from another book of the same person
"""

from dataclasses import dataclass
from uuid import UUID

LEARNER = "learner"
AGAIN = "again"


def issuer_account(issuer_id: str) -> str:
    """The account that an institution's awards come from."""
    return f"issuer:{issuer_id}"


def exchange_account(unit: str) -> str:
    """The exchange desk's account in `unit`."""
    return f"exchange:{unit}"


def programme_account(pack_id: str, programme: str) -> str:
    """Where credits recognised towards `programme` stand."""
    return f"programme:{pack_id}/{programme}"


def merge_account(book: UUID) -> str:
    """The account through which awards pass to or from `book`."""
    return f"merge:{book}"


@dataclass(frozen=True, slots=True)
class CreditAccount:
    """One holder's account in one unit, within one book."""

    book: UUID
    name: str
    unit: str
