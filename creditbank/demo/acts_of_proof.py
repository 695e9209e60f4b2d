"""From the statement to the audit: what others may rely on, what is taken back, and what is refused."""

import json
from fractions import Fraction
from pathlib import Path
from uuid import UUID

from rich.table import Table
from rich.text import Text

from credentials.errors import CredentialError
from credentials.jose import read_compact, sign_compact
from credentials.keys import PrivateKey
from creditbank import display
from creditbank.demo.cast import HANBIT, KIM, LAKES, School
from creditbank.demo.courses import COURSES
from creditbank.demo.narrator import Narrator
from creditbank.demo.stage import Stage
from creditbank.demo.told import Told
from creditbank.errors import BankError
from creditbank.intake import Posted
from creditbank.ledger.account import LEARNER
from creditbank.log.checkpoint import TrustedLog
from creditbank.log.note import VerifierKey
from creditbank.log.receipt import Receipt
from creditbank.store import rows
from creditbank.trust_export import TrustBundles

_SHOWN_TO_EMPLOYER, _REVOKED, _TAMPERED = 1, 8, 2


def state_account(stage: Stage, tell: Narrator, told: Told) -> None:
    """What the learner still holds, and what stands where: every account of her book."""
    tell.act("Her statement")
    statement = stage.bank.statement(told.books[KIM.id], stage.today)
    moved = sum(line.account == LEARNER for line in statement.lines)
    tell.say(f"Book {statement.book}, as of {statement.on}: {moved} movements on her own account.")
    tell.show(display.balances(statement))
    tell.say("Every entry sums to zero in every unit; an exchange account shows at which rates units changed.")


def verify_for_employer(stage: Stage, tell: Narrator, told: Told) -> None:
    """Somebody holds a file and asks; no account is needed. It was signed with a key that has been replaced since."""
    tell.act("An employer verifies a file")
    path = stage.files[_SHOWN_TO_EMPLOYER]
    tell.address(str(path))
    _verify(stage, tell, told, "credential", path)
    thumbprint = stage.bank.stored(stage.deposited[_SHOWN_TO_EMPLOYER].deposit_id).key_thumbprint
    keys = stage.administration.keys(COURSES[_SHOWN_TO_EMPLOYER - 1].school.id)[1]
    retired = next(key.retired_at for key in keys if key.thumbprint == thumbprint)
    if retired:
        tell.say(f"Its key was retired at {retired:%H:%M:%S}, after it had signed this: that stays valid.")


def _verify(stage: Stage, tell: Narrator, told: Told, what: str, path: Path) -> None:
    verified = stage.bank.verify(path.read_bytes())
    told.verdicts[what] = verified.verification.verdict
    tell.show(display.secured(verified))
    tell.show(display.checks(verified.verification, only_telling=what == "revoked"))
    tell.show(display.verdict(verified.verification))


def revoke(stage: Stage, tell: Narrator, told: Told, before: rows.Recognition) -> None:
    """A school takes a credential back; what rested on it is decided anew in the same transaction."""
    tell.act("A revocation, and what it changes")
    course = COURSES[_REVOKED - 1]
    stored = stage.bank.stored(stage.deposited[course.number].deposit_id)
    reason = "awarded by mistake"
    stage.bank.set_status(course.school.caller, stored.credential_id, "revocation", value=True, reason=reason)
    tell.bad(f"{course.school.english} revokes no. {course.number}, {course.title['en']}: {reason}.")
    decided = stage.learners.recognitions(told.books[KIM.id])
    after = next(row for row in decided if row.replaces == before.recognition_id)
    told.counted_after = Fraction(after.result["totals"]["counted"])
    tell.show(_what_changed(stage, before, after))
    tell.say("The earlier decision stays on record; its entry was reversed, not removed. The file itself:")
    _verify(stage, tell, told, "revoked", stage.files[course.number])


def _what_changed(stage: Stage, before: rows.Recognition, after: rows.Recognition) -> Table:
    """Totals and awards that count differently now: a place under a cap that became free is filled."""
    found = display.table("before", "after", "what counts", right=("before", "after"))
    totals = (before.result["totals"]["counted"], after.result["totals"]["counted"])
    found.add_row(*map(display.exact, totals), Text("credits in all", "bold"))
    now = {decision["award"]: decision["counted"] for decision in after.result["decisions"]}
    for decision in before.result["decisions"]:
        was, award = decision["counted"], decision["award"]
        if was != now[award]:
            found.add_row(display.exact(was), display.exact(now[award]), _title(stage, award))
    return found


def _title(stage: Stage, award: str) -> str:
    return str(stage.bank.stored(UUID(award)).facts["title"]["en"])


def refuse_forgeries(stage: Stage, tell: Narrator, told: Told) -> None:
    """A forger's key and a changed number: both refused with their reasons, and nothing is booked or logged."""
    tell.act("A forged and a tampered credential")
    before = stage.bank.publisher.size_of(stage.bank.publish())
    attempts = (
        ("forged", "signed with a key that is not the university's", _forge(stage)),
        ("tampered", "with ten times the credits", _tamper(stage)),
    )
    for what, how, path in attempts:
        tell.say(f"{what}: {how}, handed in by {_school_of(what).english}'s own system")
        told.refusals[what] = _refusal(stage, what, path)
        tell.bad(told.refusals[what])
        tell.address(str(path))
    told.leaves_by_refusals = stage.bank.publisher.size_of(stage.bank.publish()) - before
    tell.say(f"Leaves in the log because of these: {told.leaves_by_refusals}.")


def _school_of(what: str) -> School:
    return LAKES if what == "forged" else HANBIT


def _refusal(stage: Stage, what: str, path: Path) -> str:
    try:
        stage.bank.deposit(Posted(path.read_bytes(), None, _school_of(what).caller))
    except (BankError, CredentialError) as refused:
        return f"refused: {refused.message} [{refused.code}]"
    return "accepted"


def _forge(stage: Stage) -> Path:
    """The university's own badge with another id and a made-up key under the university's name."""
    course = next(course for course in COURSES if course.school == LAKES)
    genuine = read_compact(stage.sign(course).data.decode())
    name = f"https://{LAKES.own_domain}/badges/{stage.bank.office.new_id()}"
    payload = {**genuine.payload, "id": name, "jti": name}
    token = sign_compact(payload, PrivateKey.generate("ES256"), dict(genuine.header))
    return stage.keep("forged", "vc-jwt", token.encode())


def _tamper(stage: Stage) -> Path:
    """A genuine badge in which one number was changed after it was signed."""
    document = json.loads(stage.files[_TAMPERED].read_bytes())
    document["credentialSubject"]["creditsEarned"] *= 10
    return stage.keep("tampered", "json", json.dumps(document, ensure_ascii=False).encode())


def check_receipt(stage: Stage, tell: Narrator, told: Told) -> None:
    """A receipt proves that an entry is in the log, offline, with nothing but the log's public key."""
    tell.act("A receipt, checked offline")
    deposit = stage.deposited[_SHOWN_TO_EMPLOYER]
    logged = stage.bank.receipt_of(str(deposit.deposit_id))
    assert logged.entry is not None
    receipt_path, entry_path = stage.folder / "receipt.tlog-proof", stage.folder / "receipt.entry.json"
    receipt_path.write_bytes(logged.receipt.encode())
    entry_path.write_bytes(logged.entry)
    vkey = stage.bank.publisher.vault.log_verifier(stage.bank.publisher.origin).vkey
    (stage.folder / "log.vkey").write_text(vkey + "\n", encoding="ascii")
    signed = Receipt.parse(receipt_path.read_bytes()).check(
        entry_path.read_bytes(), TrustedLog(VerifierKey.parse(vkey))
    )
    told.receipt_checked = signed.checkpoint.origin == stage.bank.publisher.origin
    tell.good(f"Leaf {logged.receipt.index} of {signed.checkpoint.size} in {signed.checkpoint.origin}: "
              f"{len(logged.receipt.proof)} hashes lead to the signed root.")  # fmt: skip
    _leave_trust_bundle(stage)


def _leave_trust_bundle(stage: Stage) -> None:
    """What `creditbank verify` needs to know of this bank, and the bank's key for statements."""
    (stage.folder / "trust-bundle.json").write_bytes(TrustBundles(stage.bank).export())
    key = stage.bank.office.vault.statement_key.public_key
    (stage.folder / "bank.jwk").write_text(json.dumps(key.jwk()) + "\n", encoding="ascii")


def audit(stage: Stage, tell: Narrator, told: Told) -> None:
    """Every sum, every seal and the log's root, recomputed from the rows alone."""
    tell.act("The audit")
    told.report = stage.bank.audit()
    tell.show(display.audit(told.report))
    display.say_findings(tell.console, told.report)
