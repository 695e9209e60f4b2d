"""The use cases of appeal: opened by the learner or for her, judged by two people, answered with a signed outcome.

An outcome is a compact JWS of the type `appeal-outcome+jwt` under the bank's key for statements. It names the decision,
the step, what was found, both reviewers, and the decision that took the old one's place, if it was upheld.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from credentials.jws import sign_compact
from creditbank.bank import Bank
from creditbank.caller import Caller
from creditbank.errors import Conflict, Forbidden, NotFound
from creditbank.judging import Judging
from creditbank.store import Transaction, appeals, books, deposits, registry, rows, rules
from creditbank.transactions import appeals as changes
from creditbank.transactions.appeals import ANSWER_WITHIN, Case
from creditbank.transactions.judgements import NewJudgement, hers
from creditbank.transactions.living import living_book, locked_book
from creditbank.transactions.registry import issuer as issuer_of
from recognition_rules.canonical import digest

TYPE: Final = "appeal-outcome+jwt"


@dataclass(frozen=True, slots=True)
class Objection:
    """What is objected to, and why: step `step` of a decision, in the learner's words, with digests of evidence."""

    recognition: UUID
    step: int
    text: str
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class View:
    """A reviewer's view. Upheld, it may bring corrected facts about the learner, and a judgement about an award."""

    upheld: bool
    text: str
    learner_facts: Mapping[str, str | int | bool] = field(default_factory=dict)
    judgement: NewJudgement | None = None

    def to_json(self) -> dict[str, Any]:
        """The view as it is kept, without the text, which is sealed."""
        answer = self.judgement.to_json() if self.judgement else None
        return {"upheld": self.upheld, "learner_facts": dict(self.learner_facts), "judgement": answer}


@dataclass(frozen=True, slots=True)
class Appealing:
    """Objections to decisions, and what becomes of them."""

    bank: Bank

    def open(self, caller: Caller, objection: Objection) -> Case:
        """Object to one step of a decision.

        Raises NotFound `recognition_not_found`, `step_not_found`; Conflict `appeal_open`, `too_many_appeals`,
        `replaced`.
        """
        office = self.bank.office

        def work(tx: Transaction) -> Case:
            book = self._book_of(tx, caller, objection.recognition)
            locked_book(tx, book)
            now = office.clock()
            row = rows.Appeal(
                book_id=book,
                appeal_id=office.new_id(),
                recognition_id=objection.recognition,
                step=objection.step,
                evidence=list(objection.evidence),
                opened_by=caller.client_id,
                opened_at=now,
                due_on=(now + ANSWER_WITHIN).date(),
            )
            return changes.open_appeal(tx, office, row, objection.text)

        return self.bank.change(work)

    def assign(self, caller: Caller, appeal_id: UUID, reviewer: str) -> Case:
        """Name who judges first: a reviewer of the bank who neither decided nor objected."""
        caller.need_administrator()

        def work(tx: Transaction, found: Case) -> None:
            _need_reviewer(tx, reviewer)
            changes.assign(tx, self.bank.office, found, caller.client_id, reviewer)

        return self._step(appeal_id, work)

    def propose(self, caller: Caller, appeal_id: UUID, view: View) -> Case:
        """The first reviewer's view of it. Nothing changes until a second one agrees."""
        caller.need_administrator()
        if not view.upheld and (view.judgement or view.learner_facts):
            raise Forbidden("nothing_to_correct", "An appeal that is rejected corrects nothing.")
        by, office = caller.client_id, self.bank.office
        return self._step(
            appeal_id, lambda tx, found: changes.propose(tx, office, found, by, view.to_json(), view.text)
        )

    def disagree(self, caller: Caller, appeal_id: UUID, text: str) -> Case:
        """The second reviewer does not agree; the appeal is assigned anew."""
        caller.need_administrator()
        by, office = caller.client_id, self.bank.office
        return self._step(appeal_id, lambda tx, found: changes.disagree(tx, office, found, by, text))

    def agree(self, caller: Caller, appeal_id: UUID, text: str) -> Case:
        """The second reviewer agrees: the outcome is signed, and if upheld a new decision takes the old one's place."""
        caller.need_administrator()
        found = self.bank.run(lambda tx: changes.case(tx, self.bank.office, appeal_id))
        changes.check_second(found, caller.client_id)
        judgement, seen = self._judgement(caller, found), len(found.events)

        def work(tx: Transaction, found: Case) -> None:
            if len(found.events) != seen:
                raise Conflict("appeal_moved_on", "Something else happened to this appeal just now; look again.")
            made = changes.decide(tx, self.bank.office, found, caller.client_id, judgement)
            facts = self._outcome(found, caller.client_id, made, text)
            changes.close(tx, self.bank.office, found, caller.client_id, facts, text)

        return self._step(appeal_id, work)

    def withdraw(self, caller: Caller, appeal_id: UUID) -> Case:
        """Whoever opened it lets it go. Raises NotFound `appeal_not_found`; Conflict `appeal_state`."""
        by, office = caller.client_id, self.bank.office

        def work(tx: Transaction, found: Case) -> None:
            if found.appeal.opened_by != by:
                raise NotFound("appeal")
            changes.withdraw(tx, office, found, by)

        return self._step(appeal_id, work)

    def case(self, caller: Caller, appeal_id: UUID) -> Case:
        """An appeal that the caller may see. Raises NotFound `appeal_not_found`."""

        def work(tx: Transaction) -> Case:
            found = changes.case(tx, self.bank.office, appeal_id)
            if not self._sees(tx, caller, found.appeal):
                raise NotFound("appeal")
            return found

        return self.bank.run(work)

    def cases(self, caller: Caller, after: tuple[datetime, UUID] | None, limit: int) -> Sequence[Case]:
        """The learner's own appeals, or for the bank everybody's; an institution's are those that it opened."""

        def work(tx: Transaction) -> list[Case]:
            if caller.role == "learner" and caller.book_id is not None:
                found = [
                    row for row in appeals.in_books(tx, hers(tx, living_book(tx, caller.book_id)))
                    if after is None or (row.opened_at, row.appeal_id) > after
                ][:limit]  # fmt: skip
            else:
                opened_by = None if caller.role == "administrator" else caller.client_id
                found = list(appeals.page(tx, after, limit, opened_by))
            return [changes.case(tx, self.bank.office, row.appeal_id) for row in found]

        return self.bank.run(work)

    def _step(self, appeal_id: UUID, work: Any) -> Case:
        """One thing happens to an appeal, its book locked: of two who act at once one finds it moved on."""
        office = self.bank.office

        def locked(tx: Transaction) -> Case:
            locked_book(tx, changes.case(tx, office, appeal_id).appeal.book_id)
            work(tx, changes.case(tx, office, appeal_id))
            return changes.case(tx, office, appeal_id)

        return self.bank.change(locked)

    def _judgement(self, caller: Caller, found: Case) -> rows.Judgement | None:
        """The judgement that the appeal brings, signed before the transaction."""
        answer = found.outcome.get("judgement")
        if not answer:
            return None
        until = answer["valid_until"]
        new = NewJudgement(
            question=answer["question"],
            answer=answer["answer"],
            award=answer["award"],
            is_number=answer["answer_is_number"],
            target=answer["target"],
            evidence=answer["evidence"],
            valid_until=datetime.fromisoformat(until).date() if until else None,
        )
        return Judging(self.bank).signed(caller, found.appeal.book_id, new)

    def _outcome(self, found: Case, by: str, made: rows.Recognition | None, text: str) -> dict[str, Any]:
        """The signed outcome. Signed inside the transaction, for the new decision has its id only there."""
        office = self.bank.office
        key, recognition = office.vault.statement_key, str(made.recognition_id) if made else None
        claims = {
            "iss": self.bank.public_url,
            "jti": f"urn:uuid:{found.appeal.appeal_id}",
            "iat": int(office.clock().timestamp()),
            "recognition": str(found.appeal.recognition_id),
            "step": {"n": found.appeal.step, "digest": digest(dict(found.step))},
            "upheld": found.outcome["upheld"],
            "reviewers": [found.reviewer, by],
            "reasons_sha256": sha256(text.encode()).hexdigest(),
            "new_recognition": recognition,
        }
        token = sign_compact(claims, key, {"typ": TYPE, "kid": key.public_key.thumbprint()})
        return {"upheld": found.outcome["upheld"], "recognition": recognition, "token": token}

    def _book_of(self, tx: Transaction, caller: Caller, recognition_id: UUID) -> UUID:
        """The book of a decision that the caller may object to. Raises NotFound `recognition_not_found`."""
        row = rules.recognition(tx, recognition_id)
        if row is None or not self._speaks_for(tx, caller, row.book_id):
            raise NotFound("recognition")
        return row.book_id

    def _speaks_for(self, tx: Transaction, caller: Caller, book: UUID) -> bool:
        """The learner herself, an institution that taught her, or the bank."""
        alive = books.living(tx, [book])[book]
        if caller.role == "issuer":
            did = issuer_of(tx, caller.issuer_id or "").did
            return any(deposit.issuer_did == did for deposit in deposits.in_books(tx, [alive]))
        return caller.role == "administrator" or (caller.role == "learner" and caller.book_id == alive)

    def _sees(self, tx: Transaction, caller: Caller, row: rows.Appeal) -> bool:
        if caller.role == "issuer":
            return row.opened_by == caller.client_id
        return self._speaks_for(tx, caller, row.book_id)


def _need_reviewer(tx: Transaction, client_id: str) -> None:
    """Raises NotFound `reviewer_not_found`."""
    found = registry.client(tx, client_id)
    if found is None or found.disabled_at or found.role != "administrator" or "appeals:review" not in found.scopes:
        raise NotFound("reviewer")
