"""What the tests of the command line share: a bank of their own with a school in it."""

from creditbank.administration import Administration
from creditbank.bank import Bank
from creditbank.caller import Caller
from creditbank.store import rows


def register_school(bank: Bank, administrator: Caller) -> rows.Issuer:
    """A school on record, with one leaf in the log."""
    row = rows.Issuer(
        issuer_id="hanbit",
        did="did:web:localhost%3A8000:issuers:hanbit",
        kind="vocational",
        name={"ko": "한빛대학", "en": "Hanbit College"},
        country="KR",
        provider_root="hanbit",
        registered_at=bank.office.clock(),
    )
    return Administration(bank).register_issuer(administrator, row)
