"""An open transaction, and what the database's refusals mean in the bank's words."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from psycopg import errors as postgres
from sqlalchemy import Row, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlmodel import Session

from creditbank.errors import BankError, Conflict, Forbidden, LedgerError, Refused, Unavailable

Transaction = Session
"""A session with a transaction open. Only `creditbank.bank` opens and commits one."""


class TryAgain(Exception):
    """The database asks for the whole unit of work once more: a serialization failure or a deadlock."""


_CONSTRAINTS: Mapping[str, tuple[type[BankError], str, str]] = {
    "entry_sealed": (LedgerError, "entry_sealed", "An entry's legs are not those it was sealed with."),
    "entry_balanced": (LedgerError, "unbalanced", "An entry does not sum to zero in every unit."),
    "award_not_overdrawn": (Conflict, "already_used", "These credits have been used already."),
    "use_pkey": (Conflict, "already_used", "These credits have been used for this purpose already."),
    "use_once": (Conflict, "already_used", "These credits have been used for this purpose already."),
    "again_beside_a_use": (Conflict, "already_used", "These credits were not used before: they count once."),
    "entry_reverses_key": (Conflict, "already_reversed", "This entry has been reversed already."),
    "issuer_pkey": (Conflict, "issuer_exists", "An institution with this id is registered already."),
    "issuer_did_key": (Conflict, "issuer_exists", "An institution with this DID is registered already."),
    "issuer_key_pkey": (Conflict, "key_exists", "A key with this id is registered already."),
    "issuer_key_thumbprint_key": (Conflict, "key_exists", "This key is registered already."),
    "achievement_pkey": (Conflict, "achievement_exists", "This achievement is registered already."),
    "client_pkey": (Conflict, "client_exists", "A client with this id is registered already."),
    "client_assertion_pkey": (Conflict, "assertion_replayed", "This client assertion has been used already."),
    "rule_pack_pkey": (Conflict, "pack_version_exists", "This version exists; published rules never change."),
    "merge_pkey": (Conflict, "book_sealed", "This book has been merged already."),
    "accreditation_four_eyes_check": (Conflict, "second_person_needed", "A second person must approve."),
    "rule_pack_four_eyes_check": (Conflict, "second_person_needed", "A second person must approve."),
    "retroaction_pkey": (Conflict, "retroaction_exists", "This version was proposed to decide the past anew already."),
    "retroaction_four_eyes_check": (Conflict, "second_person_needed", "A second person must approve."),
    "rule_pack_retroactive_check": (
        Refused, "retroactive_not_said", "A day in the past must be proposed as retroactive, in so many words."
    ),
    "rule_pack_in_time_check": (
        Conflict, "in_force_day_passed", "The day on which it was to come into force has passed: propose it anew."
    ),
    "rule_pack_checked_check": (Conflict, "pack_not_checked", "What was found wrong with this version stands open."),
    "rule_pack_withdrawn_check": (Conflict, "pack_withdrawn", "This version was withdrawn, or published meanwhile."),
    "rule_pack_one_body": (Forbidden, "pack_of_another", "A pack of this id belongs to another body."),
    "rule_pack_over_the_bank_s": (
        Refused, "base_not_published", "Local rules stand over a published version of the bank's own rules."
    ),
    "recognition_within_scope": (
        Forbidden, "pack_out_of_scope", "These are the rules of another institution: they decide for it alone."
    ),
    "appeal_event_pkey": (Conflict, "appeal_moved_on", "Something else happened to this appeal just now; look again."),
    "merge_four_eyes_check": (Conflict, "second_person_needed", "A second person must approve."),
}  # fmt: skip


@contextmanager
def translated() -> Iterator[None]:
    """Turn what the database refuses into the bank's errors, and what it asks to repeat into `TryAgain`."""
    try:
        yield
    except NoConnection as error:
        raise Unavailable("database_busy", "The database has no connection free; please try again.") from error
    except DBAPIError as error:
        raise _meaning(error) from error


def _meaning(error: DBAPIError) -> Exception:
    cause = error.orig
    if isinstance(cause, postgres.SerializationFailure | postgres.DeadlockDetected):
        return TryAgain()
    if isinstance(cause, postgres.IntegrityError):
        name = cause.diag.constraint_name or "unknown"
        kind, code, message = _CONSTRAINTS.get(name, (Conflict, "constraint", "The database refused the change."))
        return kind(code, message, constraint=name)
    if isinstance(cause, postgres.DataError | postgres.ProgramLimitExceeded):  # the latter: too long for an index
        return Refused("not_storable", "A value cannot be stored: a NUL character, or too long or large for its place.")
    if isinstance(cause, postgres.OperationalError):
        return Unavailable("database_unavailable", "The database cannot be reached now; please try again.")
    return error


def run(tx: Transaction, statement: str, **values: object) -> Sequence[Row[Any]]:
    """Execute one statement with bound values; the rows it returns, or none."""
    with translated():
        result = tx.connection().execute(text(statement), values)
        return result.all() if result.returns_rows else ()


def add(tx: Transaction, *rows: object) -> None:
    """Insert administration rows through the mapper, now, so that a refusal shows here and not at commit."""
    with translated():
        tx.add_all(rows)
        tx.flush()
