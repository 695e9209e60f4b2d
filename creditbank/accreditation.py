"""The trust registry's question: is this issuer accredited for this achievement, at this level, on this day?

It is apart from signatures: a signature that holds says who speaks, the registry whether he may. The answer names the
accreditation that it rests on, or every reason why there is none.
"""

from dataclasses import dataclass
from datetime import date

from creditbank.store import Transaction, registry, rows
from creditbank.transactions.registry import accreditations_of, find_issuer
from issuers.registry import NOT_ACCREDITED, NotAccredited, may_award


@dataclass(frozen=True, slots=True)
class Asked:
    """The question: an issuer by its DID, profile address or id; what it would award; on which day.

    Without a unit any will do; without an achievement or a level only an accreditation that restricts neither.
    """

    issuer: str
    on: date
    achievement: str | None = None
    level: tuple[str, str] | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Accredited:
    """The answer: the institution as registered, yes or no, the reasons for a no, and the accreditation looked at.

    `evidence` is the accreditation that says yes, or for a no the one that came nearest; None where there is none.
    """

    issuer: rows.Issuer
    asked: Asked
    reasons: tuple[str, ...]
    evidence: rows.Accreditation | None

    @property
    def accredited(self) -> bool:
        """Yes, if nothing stands in the way."""
        return not self.reasons

    def sentences(self) -> list[str]:
        """The reasons, for people."""
        return [NOT_ACCREDITED[reason] for reason in self.reasons]


def answer(tx: Transaction, asked: Asked) -> Accredited:
    """The answer as of now, in whatever past or future the day lies. Raises NotFound `issuer_not_found`."""
    issuer = find_issuer(tx, asked.issuer)
    known = accreditations_of(tx, issuer)
    found = may_award(known, achievement=asked.achievement, level=asked.level, unit=asked.unit, on=asked.on)
    by_id = {str(row.accreditation_id): row for row in registry.accreditations(tx, issuer.issuer_id)}
    if isinstance(found, NotAccredited):
        return Accredited(issuer, asked, found.reasons, by_id.get(found.nearest or ""))
    return Accredited(issuer, asked, (), by_id[found.id])
