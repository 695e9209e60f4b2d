"""The use cases of recognition: decided for the record, booked, and read again with the whole trace.

    Award… + Programme + pack ─recognise─▶ Recognition ─journal─▶ Entry ─append─▶ Receipt

What is only asked (*what if*) is in `quotes.py`; what is decided again after a change is in `transactions/standing.py`.
As everywhere, `Bank.run` and `Bank.change` alone open a transaction.
"""

from dataclasses import dataclass
from uuid import UUID

from creditbank.bank import Bank
from creditbank.errors import NotFound
from creditbank.store import Transaction, rules
from creditbank.store.rows import Recognition
from creditbank.transactions import recognitions
from creditbank.transactions.living import locked_book
from creditbank.transactions.recognition_request import RecognitionRequest


@dataclass(frozen=True, slots=True)
class Recognising:
    """Decisions of record about a learner's credits."""

    bank: Bank

    def recognise(self, book: UUID, request: RecognitionRequest) -> Recognition:
        """Decide on a learner's credits under a published pack, book what counted, and keep the whole trace."""
        office = self.bank.office

        def work(tx: Transaction) -> Recognition:
            return recognitions.decide(tx, office, locked_book(tx, book), request)

        self.bank.run(lambda tx: recognitions.published(tx, office, request.pack_id, request.pack_version))
        return self.bank.change(work)

    def recognition(self, recognition_id: UUID) -> Recognition:
        """A decision of record with its trace. Raises NotFound `recognition_not_found`."""
        found = self.bank.run(lambda tx: rules.recognition(tx, recognition_id))
        if found is None:
            raise NotFound("recognition")
        return found
