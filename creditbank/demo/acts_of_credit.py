"""From the first accreditation to the recognition: how credits come into the bank and what becomes of them."""

import time
from collections import Counter
from datetime import timedelta
from uuid import UUID

from rich.table import Table
from rich.text import Text

from creditbank import display
from creditbank.claim import HELD_REASONS
from creditbank.demo.cast import DISHA, HAN, HANBIT, KIM, ODUYA, PEOPLE, SCHOOLS, School
from creditbank.demo.courses import COURSES
from creditbank.demo.narrator import Narrator
from creditbank.demo.replay import Replayed, replay
from creditbank.demo.stage import Stage
from creditbank.demo.told import Told
from creditbank.errors import Conflict
from creditbank.identity import PlainIdentifier
from creditbank.recognising import Recognising
from creditbank.rule_packs import RulePacks
from creditbank.store import rows
from creditbank.transactions.recognition_request import RecognitionRequest
from recognition_rules.credits import render_amount
from recognition_rules.explain import award_lines, explain, requirement_lines

PACK, PROGRAMME = "kr-acbs", "bachelor"
_LAST_BEFORE_ROTATION = 7
_ROOM_FOR_TWO_TITLES = 110


def open_the_house(stage: Stage, tell: Narrator) -> None:
    """The log's key, and the rules: proposed by one person, published by another."""
    tell.act("The bank opens")
    publisher = stage.bank.publisher
    tell.good("PostgreSQL runs, the tables are made, every self-check passed. The log's public key:")
    tell.address(stage.bank.publisher.vault.log_verifier(publisher.origin).vkey)
    pack = stage.publish_rules(PACK)
    tell.good(f"Rules {pack.pack_id} {pack.version}: proposed by {pack.proposed_by}, published by {pack.approved_by}.")


def admit_schools(stage: Stage, tell: Narrator) -> dict[str, rows.IssuerKey]:
    """Institutions, their keys, and what they may award; nobody approves alone."""
    tell.act("Institutions, keys and accreditations")
    keys = {school.id: stage.register(school) for school in tell.each("Registering", SCHOOLS)}
    found = display.table("kind", "land", "key", "kept by", "may award", "institution", flexible="institution")
    for school in SCHOOLS:
        found.add_row(*_school_row(school, keys[school.id], _accredit(stage, school)))
    tell.show(found)
    _fail_to_approve_alone(stage, tell)
    return keys


def _accredit(stage: Stage, school: School) -> rows.Accreditation | None:
    if not school.accredited:
        return None
    return stage.administration.approve_accreditation(ODUYA, stage.propose(school).accreditation_id)


def _school_row(school: School, key: rows.IssuerKey, accreditation: rows.Accreditation | None) -> tuple[str, ...]:
    name = school.english if school.native == school.english else f"{school.english} · {school.native}"
    units = ", ".join(accreditation.units) if accreditation else "nothing yet"
    keeper = "the bank" if key.sealed_private_key else "itself"
    return school.kind.value, school.country, key.algorithm, keeper, units, name


def _fail_to_approve_alone(stage: Stage, tell: Narrator) -> None:
    proposed = stage.propose(DISHA)
    try:
        stage.administration.approve_accreditation(HAN, proposed.accreditation_id)
    except Conflict as refused:
        tell.bad(f"{HAN.client_id} may not approve what she proposed herself: {refused.message} [{refused.code}]")


def bring_credentials(stage: Stage, tell: Narrator, told: Told, keys: dict[str, rows.IssuerKey]) -> None:
    """Every credential is signed, deposited, verified, booked and logged; one school changes its key in between."""
    tell.act(f"{len(COURSES)} credentials are signed and deposited")
    rotated = None
    for course in tell.each("Depositing", COURSES):
        if course.number == _LAST_BEFORE_ROTATION + 1:
            rotated = _rotate(stage, keys[HANBIT.id])
        stage.deposit(course)
    tell.show(_course_table(stage, with_native=tell.console.width >= _ROOM_FOR_TWO_TITLES))
    if rotated:
        tell.good(f"{HANBIT.english} replaced its key after no. {_LAST_BEFORE_ROTATION}; what it signed before stays.")
    states = Counter(outcome.state for outcome in stage.deposited.values())
    told.credited, told.held = states["credited"], states["held"]
    tell.say(f"{states['credited']} credited, {states['held']} held: on the record and in the log, without credits.")


def _rotate(stage: Stage, old: rows.IssuerKey) -> rows.IssuerKey:
    """The new key takes over at the next full second, since signatures tell time in seconds."""
    at = stage.now + timedelta(seconds=1)
    key = stage.rotate(HANBIT, old.key_id, at)
    while stage.bank.office.clock() < at:
        time.sleep(0.02)
    return key


def _course_table(stage: Stage, *, with_native: bool) -> Table:
    found = display.table("no.", "learner", "credits", "signed", "outcome", "course", right=("no.",))
    for course in COURSES:
        state = stage.deposited[course.number].state
        amount = f"{render_amount(course.credits)} {course.unit}"
        form = course.form.removeprefix("own-").removeprefix("eddsa-").removesuffix("-2022")
        title = " · ".join(dict.fromkeys([course.title["en"], course.title[course.school.language]][: 1 + with_native]))
        styled = Text(state, "green" if state == "credited" else "yellow")
        found.add_row(str(course.number), course.person.id, amount, form, styled, title)
    return found


def approve_the_last(stage: Stage, tell: Narrator, told: Told) -> None:
    """The second person agrees, and what was held is looked at again, verified anew, and credited."""
    tell.act("Held, then credited")
    held = [number for number, outcome in stage.deposited.items() if outcome.state == "held"]
    for number in held:
        stored = stage.bank.stored(stage.deposited[number].deposit_id)
        why = HELD_REASONS.get(stored.reason, stored.reason)
        tell.say(f"no. {number} is {stored.state}: {why} [{stored.facts['detail']}]")
    accreditation = stage.administration.accreditations(DISHA.id)[0]
    stage.administration.approve_accreditation(ODUYA, accreditation.accreditation_id)
    tell.good(f"{ODUYA.client_id} approves the accreditation of {DISHA.english}.")
    for number in held:
        stored = stage.bank.stored(stage.deposited[number].deposit_id)
        told.promoted += stored.state == "credited"
        tell.good(f"no. {number} is now {stored.state}: {stored.reason}.")


def unite_books(stage: Stage, tell: Narrator, told: Told) -> None:
    """Some schools know the learner by her wallet, one by her e-mail address: two books, until somebody says so."""
    tell.act("One person, two books")
    by_wallet = stage.deposited[1].book_id
    by_email = stage.learners.find(PlainIdentifier("emailAddress", KIM.email)).book
    for words, book in (("her wallet's did:key", by_wallet), ("her e-mail address", by_email)):
        tell.say(f"{KIM.english}, by {words}: {_held(stage, book)}")
    outcome = stage.bank.merge(by_email, by_wallet, HAN.client_id)
    stage.learners.claim(by_wallet, KIM.profile)
    told.books[KIM.id] = outcome.target
    tell.good(f"Merged: {outcome.moved} deposits carried over, each with its day and its use. Now: "
              f"{_held(stage, outcome.target)}")  # fmt: skip
    for person in PEOPLE[1:]:
        number = next(course.number for course in COURSES if course.person == person)
        deposit = stage.bank.stored(stage.deposited[number].deposit_id)
        told.books[person.id] = stage.learners.claim(deposit.book_id, person.profile).book
        tell.say(f"{person.english}, {person.age}: {_held(stage, told.books[person.id])}")


def _held(stage: Stage, book: UUID) -> str:
    held = stage.bank.statement(book, stage.today).held()
    return display.amounts(held) or "nothing"


def recognise(stage: Stage, tell: Narrator, told: Told) -> rows.Recognition:
    """All credits of one learner towards one programme, each with its reason."""
    tell.act("Recognition: what counts, and why")
    tell.say(f"{KIM.english} ({KIM.name}), {KIM.age}, asks what counts towards a bachelor's degree in Korea.")
    pack = next(row for row in RulePacks(stage.bank).packs(HAN) if row.pack_id == PACK)
    request = RecognitionRequest(PACK, pack.version, PROGRAMME, stage.today, learner={"high_school_graduate": True})
    row = Recognising(stage.bank).recognise(told.books[KIM.id], request)
    replayed = replay(stage.bank, row, pack.content)
    told.replayed_alike, told.counted_before = replayed.same_as(row), replayed.recognition.totals["counted"]
    _tell_recognition(stage, tell, replayed)
    return row


def _tell_recognition(stage: Stage, tell: Narrator, replayed: Replayed) -> None:
    recognition, pack, awards = replayed.recognition, replayed.pack, replayed.awards
    tell.say(explain(recognition, "en", pack=pack, awards=awards)[0], "bold")
    found = display.table("met", "needed", "have", "requirement", right=("needed", "have"))
    for line in requirement_lines(recognition, "en", pack=pack):
        found.add_row(line.satisfied, line.needed, line.have, line.title)
    tell.show(found)
    tell.say("Every award, and why:", "bold")
    for row in award_lines(recognition, "en", pack=pack, awards=awards):
        tell.lines([f"{row.title} ({row.given}): {row.status}", *(f"    {why}" for why in row.why)])
    path = stage.folder / "recognition.txt"
    path.write_text("\n".join(explain(recognition, "ko", pack=pack, awards=awards)), encoding="utf-8")
    tell.say("The same in Korean:")
    tell.address(str(path))
