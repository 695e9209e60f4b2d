"""The use cases of judgement: an authorised person of the bank or of an institution answers a question, and signs.

A judgement is a compact JWS of the type `judgement+jwt`: an institution's under its hosted key, the bank's own under
its key for statements. The engine takes it as an input; unsigned or run out it is unknown, never no.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any, Final
from uuid import UUID

from credentials.jws import sign_compact
from credentials.keys import Signer
from creditbank.bank import Bank
from creditbank.caller import Caller
from creditbank.errors import Forbidden, NotFound, Refused
from creditbank.status_lists import hosted_signer
from creditbank.store import Transaction, deposits, rows
from creditbank.transactions import judgements
from creditbank.transactions.judgements import NewJudgement
from creditbank.transactions.living import living_book, locked_book
from creditbank.transactions.registry import issuer as issuer_of
from issuers.signing_forms import ANY_ALGORITHM

TYPE: Final = "judgement+jwt"
MOST = 500
"""Judgements about one learner."""


@dataclass(frozen=True, slots=True)
class _Pen:
    """Who signs: the key, its id, and the name the signature is made in."""

    signer: Signer
    key_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Judging:
    """Signed answers to questions that no rule can answer."""

    bank: Bank

    def judge(self, caller: Caller, book: UUID, new: NewJudgement) -> rows.Judgement:
        """Sign an answer and keep it.

        Raises NotFound `learner_not_found`, `award_not_found`; Forbidden `not_a_judge`; Refused `already_expired`,
        `too_many_judgements`; RegistryError `no_active_key` for an institution without a hosted key.
        """
        row = self.signed(caller, book, new)

        def work(tx: Transaction) -> rows.Judgement:
            row.book_id = locked_book(tx, row.book_id)
            return judgements.record(tx, self.bank.office, row)

        return self.bank.change(work)

    def signed(self, caller: Caller, book: UUID, new: NewJudgement) -> rows.Judgement:
        """A signed answer that is not kept yet. Errors as `judge`."""
        if caller.role not in ("administrator", "issuer"):
            raise Forbidden("not_a_judge", "Judgements are made by institutions and by the bank.")
        if new.valid_until and new.valid_until < self.bank.office.today():
            raise Refused("already_expired", "A judgement cannot run out before it is made.")
        alive, pen = self.bank.run(lambda tx: (self._judged_book(tx, caller, book, new), self._pen(tx, caller)))
        return self._signed(alive, caller, new, pen)

    def of(self, caller: Caller, book: UUID) -> Sequence[rows.Judgement]:
        """Every judgement about a learner: for herself, and for the bank; an institution sees its own."""

        def work(tx: Transaction) -> list[rows.Judgement]:
            alive = living_book(tx, book)
            self._confine(tx, caller, alive, deposits.in_books(tx, [alive]))
            found = judgements.of_book(tx, alive)
            return [row for row in found if caller.role != "issuer" or row.body == caller.issuer_id]

        return self.bank.run(work)

    def _judged_book(self, tx: Transaction, caller: Caller, book: UUID, new: NewJudgement) -> UUID:
        alive = living_book(tx, book)
        held = deposits.in_books(tx, [alive])
        self._confine(tx, caller, alive, held)
        if new.award is not None and new.award not in {str(deposit.deposit_id) for deposit in held}:
            raise NotFound("award")
        if len(judgements.of_book(tx, alive)) >= MOST:
            raise Refused("too_many_judgements", f"There are {MOST} judgements about this learner.", limit=MOST)
        return alive

    def _confine(self, tx: Transaction, caller: Caller, book: UUID, held: Sequence[deposits.StoredDeposit]) -> None:
        """A learner sees herself; an institution those whom it has taught: others do not exist for it."""
        if caller.role != "issuer":
            return caller.confine_to_book(book)
        did = issuer_of(tx, caller.issuer_id or "").did
        if not any(deposit.issuer_did == did for deposit in held):
            raise NotFound("learner")
        return None

    def _pen(self, tx: Transaction, caller: Caller) -> _Pen:
        if caller.role == "issuer":
            did, now = issuer_of(tx, caller.issuer_id or "").did, self.bank.office.clock()
            signer, method = hosted_signer(tx, self.bank.office, did, now, ANY_ALGORITHM)
            return _Pen(signer, method, did)
        key = self.bank.office.vault.statement_key
        return _Pen(key, key.public_key.thumbprint(), self.bank.public_url)

    def _signed(self, book: UUID, caller: Caller, new: NewJudgement, pen: _Pen) -> rows.Judgement:
        office = self.bank.office
        judgement_id, at = office.new_id(), office.clock().replace(microsecond=0)
        claims: dict[str, Any] = {
            "iss": pen.name,
            "jti": f"urn:uuid:{judgement_id}",
            "iat": int(at.timestamp()),
            "sub": f"urn:uuid:{book}",
            "judgement": new.to_json(),
        }
        if new.valid_until:
            claims["exp"] = int(datetime.combine(new.valid_until, time.max, UTC).timestamp())
        return rows.Judgement(
            book_id=book,
            judgement_id=judgement_id,
            question=new.question,
            award=new.award,
            answer={"value": new.answer, "number": new.is_number},
            target=new.target,
            evidence=new.evidence,
            signer=caller.client_id,
            body=caller.issuer_id,
            signed_on=at.date(),
            valid_until=new.valid_until,
            token=sign_compact(claims, pen.signer, {"typ": TYPE, "kid": pen.key_id}),
        )
