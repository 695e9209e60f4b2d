"""Recognitions of record: decided where the book is locked, booked as one entry, replaced by adding."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from creditbank.errors import NotFound, Refused
from creditbank.ledger.account import programme_account
from creditbank.ledger.journal import Conversion, recognition_entry, reversal_entry
from creditbank.office import Office
from creditbank.replay_inputs import Inputs, Tables, outcome_of, texts_of
from creditbank.store import Transaction, deposits, ledger, recognition_inputs, rules
from creditbank.store.deposits import StoredDeposit
from creditbank.store.recognition_inputs import NewInputs
from creditbank.store.rows import Recognition as RecognitionRow
from creditbank.store.rules import NewRecognition
from creditbank.transactions import logbook
from creditbank.transactions.deposit_order import with_sequence
from creditbank.transactions.judgements import answers
from creditbank.transactions.recognition_request import RecognitionRequest
from creditbank.transactions.registry_facts import with_registry_facts
from creditbank.transactions.uses import Charge, Standing
from creditbank.transactions.uses_for_good import hold_for_good
from recognition_rules.award import Award, Use
from recognition_rules.canonical import canonical
from recognition_rules.pack import Pack
from recognition_rules.recognise import recognise
from recognition_rules.recognition import Recognition

REVOKED_STATES = ("revoked", "suspended", "superseded", "reversed")


def published(tx: Transaction, office: Office, pack_id: str, version: str, on: date | None = None) -> Pack:
    """A published pack, in force `on` a day.

    Raises NotFound `rule_pack_not_found`, Refused `pack_not_published`, `pack_not_in_force`, `pack_not_rules`.
    """
    row = rules.pack(tx, pack_id, version)
    if row is None:
        raise NotFound("rule_pack")
    if row.published_at is None:
        raise Refused("pack_not_published", "This version of the pack has not been approved by a second person.")
    if row.kind != "rules":
        raise Refused("pack_not_rules", "This pack holds no rules of recognition.", kind=row.kind)
    if on is not None and row.in_force_from is not None and on < row.in_force_from:
        day = row.in_force_from.isoformat()
        raise Refused("pack_not_in_force", f"This version of the pack is in force from {day}.", in_force_from=day)
    return office.pack(row.digest, row.content)


def decide(tx: Transaction, office: Office, book: UUID, request: RecognitionRequest) -> RecognitionRow:
    """Decide and book. The book is locked by the caller; an earlier decision on the programme is undone and replaced.

    1. Undo the standing decision on the same programme, so that its awards are free again.
    2. `recognise`, pure, over the awards as they stand now.
    3. One entry moves what counted, at its own rate for each award; the uses; the decision; the leaf.
    """
    earlier = standing(tx, book, request)
    if earlier:
        undo(tx, office, earlier, "replaced")
    return decide_again(tx, office, book, request, earlier)


def decide_again(
    tx: Transaction, office: Office, book: UUID, request: RecognitionRequest, replaces: RecognitionRow | None
) -> RecognitionRow:
    """Decide and book, in the place of a decision that has been undone already."""
    pack = published(tx, office, request.pack_id, request.pack_version, request.on)
    request = replace(request, judgements=answers(tx, book))
    inputs, standing = gathered(tx, book, pack, request.on, replaces, request.programme)
    result = apply(office, pack, request, inputs.awards, inputs.used)
    recognition_id = office.new_id()
    charge = Charge(pack.localised(request.programme, request.institution), request.programme, request.on, standing)
    entry_id = _book(tx, office, book, recognition_id, request, result, (inputs, charge))
    _keep(tx, office, book, recognition_id, request, result, entry_id, replaces)
    _keep_inputs(tx, office, book, recognition_id, inputs, result)
    if replaces:
        hold(tx, office, book, replaces)
    row = rules.recognition(tx, recognition_id)
    assert row is not None
    return row


def gathered(
    tx: Transaction, book: UUID, pack: Pack, on: date, replaced: RecognitionRow | None, programme: str
) -> tuple[Inputs, Standing]:
    """A book's awards and their uses as they stand, as a question under a pack sees them on a day.

    The question may take the place of a decision: what that one used is then free.
    """
    standing = Standing.of(tx, book, pack, replaced, programme)
    stored = deposits.in_books(tx, [book])
    awards = with_sequence(pack, with_registry_facts(tx, pack, awards_of(stored), on), stored)
    return Inputs(tuple(awards), standing.asked), standing


def apply(
    office: Tables,
    pack: Pack,
    request: RecognitionRequest,
    awards: Sequence[Award],
    used: Sequence[Use],
    *,
    trace: bool = True,
) -> Recognition:
    """The pack's answer to the question, over these awards; pure. Without `trace` no steps: for bulk runs."""
    return recognise(
        awards,
        request.programme,
        pack,
        request.policy_over(pack.choose),
        request.on,
        units=office.units,
        levels=office.levels,
        used=used,
        session=request.session,
        learner=request.facts(),
        syllabus=request.syllabus_of(),
        granted=request.granted,
        held=request.held,
        exit_award=request.exit_award,
        judgements=request.signed_answers(),
        institution=request.institution,
        verify_counterfactuals=request.verify and trace,
        trace=trace,
    )


def awards_of(stored: Iterable[StoredDeposit]) -> list[Award]:
    """The awards that rules may look at: credited ones, and withdrawn ones marked so. Held ones are not awards yet."""
    found = []
    for deposit in stored:
        if deposit.award is not None and deposit.state in ("credited", *REVOKED_STATES):
            award = Award.from_json(deposit.award)
            found.append(replace(award, revoked=deposit.state != "credited"))
    return found


def undo(tx: Transaction, office: Office, row: RecognitionRow, reason: str) -> None:
    """Give the credits of a decision back: the reversal of its entry, and the release of its uses."""
    ledger.release_uses(tx, row.book_id, row.recognition_id, reason)
    entry = ledger.entry(tx, row.book_id, row.entry_id) if row.entry_id else None
    if entry:
        back = reversal_entry(entry, entry_id=office.new_id(), on=office.today(), reason=reason)
        logbook.book(tx, office, [back])


def hold(tx: Transaction, office: Office, book: UUID, former: RecognitionRow) -> None:
    """Keep used what an award used that was undone, where the rules that granted it release nothing (`former`'s).

    Nothing to do where no award had been made, and for what a decision in its place uses again.
    """
    granted = former.result["status"] == "granted"
    if granted and not published(tx, office, former.pack_id, former.pack_version).uses.released:
        kept = {deposit.deposit_id for deposit in deposits.in_books(tx, [book]) if deposit.state == "credited"}
        hold_for_good(tx, book, former, kept)


def resting_on(tx: Transaction, book: UUID, award: UUID) -> Sequence[RecognitionRow]:
    """The standing decisions that use this award."""
    references = {use.reference for use in ledger.standing_uses(tx, book) if use.award == award}
    return [row for row in rules.standing_recognitions(tx, book) if row.recognition_id in references]


def standing(tx: Transaction, book: UUID, request: RecognitionRequest) -> RecognitionRow | None:
    """The decision that stands on the programme of a question, which a new one would replace."""
    for row in rules.standing_recognitions(tx, book):
        if row.programme == request.programme and _one_pack(tx, row.pack_id, request.pack_id):
            return row
    return None


def _one_pack(tx: Transaction, one: str, other: str) -> bool:
    """Whether two packs are one, or depart locally from one: then their programmes are the same."""
    return one == other or rules.family(tx, one) == rules.family(tx, other)


def _book(
    tx: Transaction,
    office: Office,
    book: UUID,
    recognition_id: UUID,
    request: RecognitionRequest,
    result: Recognition,
    rests_on: tuple[Inputs, Charge],
) -> UUID | None:
    counted = [_conversion(decision, result.unit) for decision in result.decisions if decision.counted]
    if not counted:
        return None
    inputs, charge = rests_on
    counted = charge.charged(tx, book, counted, inputs.awards)
    reference = {
        "recognition": str(recognition_id),
        "pack": f"{request.pack_id}@{request.pack_version}",
        "result": hashlib.sha256(canonical(result.to_json())).hexdigest(),
    }
    entry = recognition_entry(
        book=book,
        entry_id=office.new_id(),
        programme=programme_account(request.pack_id, request.programme),
        conversions=counted,
        decided_on=request.on,
        reference=reference,
    )
    logbook.book(tx, office, [entry])
    used = [conversion.award for conversion in counted]
    charge.take_held(tx, book, used)
    ledger.add_uses(tx, book, used, charge.pack.purpose, recognition_id, charge.leaves())
    return entry.id


def _conversion(decision: Any, unit: str) -> Conversion:
    """What leaves is the share of the original amount that counted; it arrives in the programme's unit."""
    spent = decision.source_amount.amount * decision.counted / decision.amount
    return Conversion(UUID(decision.award), spent, decision.source_amount.unit, decision.counted, unit)


def _keep_inputs(
    tx: Transaction, office: Office, book: UUID, recognition_id: UUID, inputs: Inputs, result: Recognition
) -> None:
    recognition_inputs.keep_tables(tx, texts_of(office))
    recognition_inputs.keep(
        tx,
        NewInputs(
            book, recognition_id, inputs.packed(), office.units.digest, office.levels.digest, outcome_of(result)
        ),
    )  # fmt: skip


def _keep(
    tx: Transaction,
    office: Office,
    book: UUID,
    recognition_id: UUID,
    request: RecognitionRequest,
    result: Recognition,
    entry_id: UUID | None,
    replaces: RecognitionRow | None,
) -> None:
    shape = result.to_json()
    rules.add_recognition(
        tx,
        NewRecognition(
            book, recognition_id, request.programme, request.pack_id, request.pack_version, request.on,
            request.to_json(), shape, entry_id, replaces.recognition_id if replaces else None,
        ),
    )  # fmt: skip
    facts = {
        "type": "recognition",
        "recognition": str(recognition_id),
        "book": str(book),
        "pack": f"{request.pack_id}@{request.pack_version}",
        "programme": request.programme,
        "result": hashlib.sha256(canonical(shape)).hexdigest(),
        "entry": str(entry_id) if entry_id else None,
        "replaces": str(replaces.recognition_id) if replaces else None,
    }
    logbook.log(tx, office, [(str(recognition_id), facts)])
