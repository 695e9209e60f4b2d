"""From an award to the entry that credits it: the same whether it is credited at once or later."""

from datetime import date
from uuid import UUID

from creditbank.ledger.entry import Entry
from creditbank.ledger.journal import award_entry
from creditbank.office import Office
from recognition_rules.award import Award
from recognition_rules.canonical import digest
from recognition_rules.credits import to_grains


def crediting_entry(office: Office, book: UUID, award: Award, earned_on: date, reason: str) -> Entry:
    """The institution's account goes down, the learner's up. The entry names the award's facts by their digest.

    So the log commits to level, class and score as well as to credits: what rules will look at cannot change unseen.
    """
    return award_entry(
        book=book,
        entry_id=office.new_id(),
        award=UUID(award.id),
        issuer_id=award.issuer,
        grains=to_grains(award.amount.amount),
        unit=award.amount.unit,
        earned_on=earned_on,
        reason=reason,
        reference={"award": digest(award.to_json())},
    )
