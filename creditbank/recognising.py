"""The use cases of recognition: decided for the record, booked, and read again with the whole trace.

    Award… + Programme + pack ─recognise─▶ Recognition ─journal─▶ Entry ─append─▶ Receipt

What is only asked (*what if*) is in `quotes.py`; what is decided again after a change is in `transactions/standing.py`.
As everywhere, `Bank.run` and `Bank.change` alone open a transaction.
"""

from dataclasses import dataclass
from uuid import UUID

from creditbank.bank import Bank
from creditbank.bounds_of_work import MOST_VERIFIED, too_many_to_verify
from creditbank.errors import NotFound, Refused
from creditbank.replay import Bundle, decided_again, pack_of, result_digest
from creditbank.replay_of_record import ReplayOfRecord
from creditbank.store import Transaction, deposits, rules
from creditbank.store.rows import Recognition
from creditbank.transactions import recognitions
from creditbank.transactions.living import locked_book
from creditbank.transactions.recognition_request import RecognitionRequest
from creditbank.transactions.rules_asked import not_left_open, within_scope
from recognition_rules.explain import explain
from recognition_rules.pack import Pack


@dataclass(frozen=True, slots=True)
class Recognising:
    """Decisions of record about a learner's credits."""

    bank: Bank

    def recognise(self, book: UUID, request: RecognitionRequest) -> Recognition:
        """Decide on a learner's credits under a published pack, book what counted, and keep the whole trace.

        Raises NotFound `learner_not_found`, `rule_pack_not_found`; Refused `pack_not_published`, `pack_not_in_force`;
        Forbidden `pack_out_of_scope` for the rules of another institution; RuleError.
        """
        asked = self.bank.run(lambda tx: self._within_scope(tx, request))
        if request.verify and len(self.bank.run(lambda tx: deposits.in_books(tx, [book]))) > MOST_VERIFIED:
            raise too_many_to_verify()

        def work(tx: Transaction) -> Recognition:
            return recognitions.decide(tx, self.bank.office, locked_book(tx, book), asked)

        return self.bank.change(work)

    def _within_scope(self, tx: Transaction, request: RecognitionRequest) -> RecognitionRequest:
        """The pack is read here, before the book is locked; an institution's own rules decide for it alone."""
        pack = recognitions.published(tx, self.bank.office, request.pack_id, request.pack_version, request.on)
        _check_policy(pack, request)
        return within_scope(tx, request)

    def recognition(self, recognition_id: UUID) -> Recognition:
        """A decision of record with its trace. Raises NotFound `recognition_not_found`."""
        found = self.bank.run(lambda tx: rules.recognition(tx, recognition_id))
        if found is None:
            raise NotFound("recognition")
        return found

    def bundle(self, recognition_id: UUID) -> Bundle:
        """A decision with all that it rests on, for anybody to make again. Errors: see `ReplayOfRecord.bundle`."""
        return ReplayOfRecord(self.bank).bundle(recognition_id)

    def explained(self, recognition_id: UUID, language: str) -> list[str]:
        """A decision in sentences, from the decision made again: only one that comes out the same is explained.

        Raises NotFound `recognition_not_found`; Refused `inputs_not_kept`, `not_replayable`.
        """
        bundle = self.bundle(recognition_id)
        found = decided_again(bundle)
        if result_digest(found.to_json()) != result_digest(bundle.recognition):
            raise Refused("not_replayable", "This decision comes out otherwise today, so it is not explained.")
        return explain(found, language, pack=pack_of(bundle), awards=bundle.inputs.awards)


def _check_policy(pack: Pack, request: RecognitionRequest) -> None:
    """For the record only what the pack leaves open is chosen otherwise. Raises Refused `policy_not_allowed`."""
    name = not_left_open(pack, request)
    if name is not None:
        sentence = f"The pack does not leave open what is chosen here: {name}. A quote may ask for it all the same."
        raise Refused("policy_not_allowed", sentence, member=name)
