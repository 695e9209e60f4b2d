"""Appeals: an objection to one step of a decision, judged by two people who had no part in it.

    opened ─▶ assigned ─▶ proposed ─second person agrees─▶ upheld | rejected
                 ▲            └─second person disagrees─▶ disagreed
                 └────────────────── assigned anew ◀──────────┘          withdrawn, by whoever opened it

An appeal is a row and the events after it; nothing of either is ever changed. What people write is sealed under the
key of the learner's book. The log has a leaf for the opening and one for the outcome, with ids and digests only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import sha256
from typing import Any, Final, Literal
from uuid import UUID

from creditbank.errors import Conflict, Forbidden, NotFound
from creditbank.office import Office
from creditbank.store import Transaction, appeals, books, rows, rules
from creditbank.transactions import judgements, logbook, recognitions
from creditbank.transactions.recognition_request import RecognitionRequest

State = Literal["opened", "assigned", "proposed", "disagreed", "upheld", "rejected", "withdrawn"]
ANSWER_WITHIN: Final = timedelta(days=30)
"""By when an appeal is to be decided, from its opening."""
ENDED: Final = ("upheld", "rejected", "withdrawn")
MOST_OPEN: Final = 20
"""Appeals that may be open against one decision at once."""


@dataclass(frozen=True, slots=True)
class Case:
    """An appeal with what happened since, and the decision that it is about. `texts` are by event; 0 is the opening."""

    appeal: rows.Appeal
    recognition: rows.Recognition
    events: tuple[rows.AppealEvent, ...]
    texts: Mapping[int, str]

    @property
    def state(self) -> State:
        """How it stands."""
        if not self.events:
            return "opened"
        last = self.events[-1]
        if last.kind == "decided":
            return "upheld" if last.facts["upheld"] else "rejected"
        return last.kind  # type: ignore[return-value]  # the database knows no other kind

    @property
    def step(self) -> Mapping[str, Any]:
        """The step objected to, as the decision's trace has it."""
        found: Mapping[str, Any] = self.recognition.result["steps"][self.appeal.step]
        return found

    @property
    def reviewer(self) -> str | None:
        """Who is to judge first, if somebody was assigned."""
        named = [event.facts["reviewer"] for event in self.events if event.kind == "assigned"]
        return named[-1] if named else None

    @property
    def outcome(self) -> Mapping[str, Any]:
        """What the first reviewer proposed last."""
        found = [event.facts for event in self.events if event.kind == "proposed"]
        return found[-1] if found else {}

    @property
    def involved(self) -> set[str]:
        """Whoever opened it, and whoever had the decision made: neither may judge it."""
        return {self.appeal.opened_by, *filter(None, [self.recognition.request.get("by")])}


def open_appeal(tx: Transaction, office: Office, row: rows.Appeal, text: str) -> Case:
    """Keep a new appeal. Raises NotFound `step_not_found`; Conflict `appeal_open`, `too_many_appeals`, `replaced`."""
    decision = _recognition(tx, row.recognition_id)
    if not 0 <= row.step < len(decision.result["steps"]):
        raise NotFound("step", steps=len(decision.result["steps"]))
    if rules.replaced_by(tx, decision.book_id, decision.recognition_id):
        raise Conflict("replaced", "This decision was replaced; object to the one that stands.")
    if decision.recognition_id in rules.withdrawn(tx, decision.book_id):
        raise Conflict("replaced", "This decision was withdrawn: ask for a new one.")
    if books.living(tx, [decision.book_id])[decision.book_id] != decision.book_id:
        raise Conflict("replaced", "This book was merged, and both were decided upon as one; object to that decision.")
    _refuse_more(tx, office, row)
    appeals.add(tx, row)
    _keep_text(tx, office, row, 0, text)
    _log(tx, office, row, {"event": "opened", "by": row.opened_by, "text": sha256(text.encode()).hexdigest()})
    return case(tx, office, row.appeal_id)


def _refuse_more(tx: Transaction, office: Office, row: rows.Appeal) -> None:
    same = [each for each in appeals.in_books(tx, [row.book_id]) if each.recognition_id == row.recognition_id]
    running = [each for each in same if case(tx, office, each.appeal_id).state not in ENDED]
    if any(each.step == row.step for each in running):
        raise Conflict("appeal_open", "There is an open appeal against this step already.")
    if len(running) >= MOST_OPEN:
        raise Conflict("too_many_appeals", f"{MOST_OPEN} appeals are open against this decision.", limit=MOST_OPEN)


def case(tx: Transaction, office: Office, appeal_id: UUID) -> Case:
    """An appeal as it stands. Raises NotFound `appeal_not_found`."""
    row = appeals.by_id(tx, appeal_id)
    if row is None:
        raise NotFound("appeal")
    events = tuple(appeals.events(tx, row))
    return Case(row, _recognition(tx, row.recognition_id), events, _texts(tx, office, row))


def assign(tx: Transaction, office: Office, found: Case, by: str, reviewer: str) -> None:
    """Name who judges first. Raises Conflict `appeal_state`; Forbidden `reviewer_involved`."""
    _need(found, "opened", "assigned", "disagreed")
    _refuse_involved(found, reviewer)
    _refuse_decider(tx, found, reviewer)
    _add(tx, office, found, "assigned", by, {"reviewer": reviewer})


def propose(tx: Transaction, office: Office, found: Case, by: str, outcome: Mapping[str, Any], text: str) -> None:
    """The first reviewer's view. Raises Conflict `appeal_state`; Forbidden `not_the_reviewer`."""
    _need(found, "assigned")
    if by != found.reviewer:
        raise Forbidden("not_the_reviewer", "This appeal was assigned to somebody else.")
    _refuse_decider(tx, found, by)
    _add(tx, office, found, "proposed", by, outcome, text)


def check_second(found: Case, by: str) -> None:
    """Whether somebody may be the second reviewer. Raises Conflict `appeal_state`; Forbidden."""
    _need(found, "proposed")
    _refuse_involved(found, by)
    if by == found.reviewer:
        raise Forbidden("second_reviewer_needed", "The second reviewer is not the first.")


def disagree(tx: Transaction, office: Office, found: Case, by: str, text: str) -> None:
    """The second reviewer does not agree: the appeal is to be assigned anew."""
    check_second(found, by)
    _refuse_decider(tx, found, by)
    _add(tx, office, found, "disagreed", by, {}, text)


def withdraw(tx: Transaction, office: Office, found: Case, by: str) -> None:
    """Whoever opened it lets it go. Raises Conflict `appeal_state`."""
    _need(found, "opened", "assigned", "proposed", "disagreed")
    _add(tx, office, found, "withdrawn", by, {})


def decide(
    tx: Transaction, office: Office, found: Case, by: str, judgement: rows.Judgement | None
) -> rows.Recognition | None:
    """The second reviewer agrees: an appeal that is upheld brings a new decision of record in the old one's place.

    It is asked the same question of the same version, with the facts and the judgement that the appeal brought; the
    book is locked by the caller. Raises as `check_second`; RuleError.
    """
    check_second(found, by)
    _refuse_decider(tx, found, by)
    if not found.outcome["upheld"]:
        return None
    book = books.living(tx, [found.appeal.book_id])[found.appeal.book_id]
    if judgement is not None:
        judgement.book_id = book
        judgements.record(tx, office, judgement)
    return recognitions.decide(tx, office, book, _amended(tx, book, found, by, office.today()))


def _amended(tx: Transaction, book: UUID, found: Case, by: str, today: date) -> RecognitionRequest:
    """The question of the decision that stands now for the same programme, with what the appeal corrected."""
    old = found.recognition
    same = (old.pack_id, old.programme)
    standing = [row for row in rules.standing_recognitions(tx, book) if (row.pack_id, row.programme) == same]
    row = standing[0] if standing else old
    request = RecognitionRequest.from_json(row.request).after(row)
    learner = {**request.learner, **found.outcome["learner_facts"]}
    day = max(request.on, today) if found.outcome["judgement"] else request.on  # an answer holds from its signature on
    return replace(request, learner=learner, on=day, by=by)


def close(tx: Transaction, office: Office, found: Case, by: str, facts: Mapping[str, Any], text: str) -> None:
    """The outcome, signed: into the events and, by digest, into the log."""
    _add(tx, office, found, "decided", by, facts, text)
    told = {name: facts[name] for name in ("upheld", "recognition")}
    _log(tx, office, found.appeal, {"event": "decided", **told, "token": sha256(facts["token"].encode()).hexdigest()})


def of_books(tx: Transaction, office: Office, found: Sequence[UUID]) -> list[Case]:
    """Every appeal about a learner; the books are hers."""
    return [case(tx, office, row.appeal_id) for row in appeals.in_books(tx, found)]


def _recognition(tx: Transaction, recognition_id: UUID) -> rows.Recognition:
    row = rules.recognition(tx, recognition_id)
    if row is None:
        raise NotFound("recognition")
    return row


def _need(found: Case, *states: State) -> None:
    if found.state not in states:
        raise Conflict("appeal_state", f"This appeal is {found.state}.", state=found.state)


def _refuse_involved(found: Case, who: str) -> None:
    if who in found.involved:
        raise Forbidden("reviewer_involved", "Who decided or who objected does not judge the appeal.")


def _refuse_decider(tx: Transaction, found: Case, who: str) -> None:
    """Nor does who has decided on the same programme since: what stands now is her own decision."""
    old = found.recognition
    alive = books.living(tx, [old.book_id])[old.book_id]
    if who in appeals.deciders_since(tx, judgements.hers(tx, alive), old):
        raise Forbidden("reviewer_involved", "Who decided since does not judge the appeal.")


def _add(
    tx: Transaction, office: Office, found: Case, kind: str, actor: str, facts: Mapping[str, Any], text: str = ""
) -> None:
    sequence = len(found.events) + 1
    appeals.add_event(tx, found.appeal, sequence, kind, actor, facts, office.clock())
    if text:
        _keep_text(tx, office, found.appeal, sequence, text)


def _keep_text(tx: Transaction, office: Office, row: rows.Appeal, sequence: int, text: str) -> None:
    key = office.vault.book_key(row.book_id, books.sealed_keys(tx, [row.book_id])[row.book_id])
    appeals.add_text(tx, row, sequence, key.seal(text.encode(), _context(row, sequence)))


def _texts(tx: Transaction, office: Office, row: rows.Appeal) -> dict[int, str]:
    """What people wrote; nothing once the learner is forgotten."""
    sealed = books.sealed_keys(tx, [row.book_id]).get(row.book_id)
    if sealed is None:
        return {}
    key = office.vault.book_key(row.book_id, sealed)
    return {n: key.open(value, _context(row, n)).decode() for n, value in appeals.texts(tx, row).items()}


def _context(row: rows.Appeal, sequence: int) -> bytes:
    return f"appeal:{row.appeal_id}:{sequence}".encode()


def _log(tx: Transaction, office: Office, row: rows.Appeal, facts: Mapping[str, Any]) -> None:
    base = {"type": "appeal", "appeal": str(row.appeal_id), "recognition": str(row.recognition_id), "step": row.step}
    logbook.log(tx, office, [(str(row.appeal_id), {**base, **facts})])
