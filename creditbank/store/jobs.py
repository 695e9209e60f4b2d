"""Long runs that can be stopped: how far one has come, and what it had found by then."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from creditbank.store import rows
from creditbank.store.transaction import Transaction, add, run


def progress(tx: Transaction, job: str) -> rows.JobProgress | None:
    """Where a run stopped; None where it has not begun, or is done."""
    return tx.get(rows.JobProgress, job)


def save(tx: Transaction, job: str, after: tuple[UUID, UUID], state: Mapping[str, Any]) -> None:
    """Note how far a run has come."""
    run(
        tx,
        "INSERT INTO bank.job_progress (job, after_book, after_id, state) VALUES (:job, :book, :id, "
        "CAST(:state AS jsonb)) ON CONFLICT (job) DO UPDATE SET after_book = EXCLUDED.after_book, "
        "after_id = EXCLUDED.after_id, state = EXCLUDED.state, saved_at = clock_timestamp()",
        job=job,
        book=after[0],
        id=after[1],
        state=json.dumps(state),
    )


def done(tx: Transaction, job: str) -> None:
    """Forget how far a run had come: it is done, or begins anew."""
    run(tx, "DELETE FROM bank.job_progress WHERE job = :job", job=job)


def propose_retroaction(tx: Transaction, row: rows.Retroaction) -> None:
    """Propose to decide the past anew under a version. Raises Conflict `retroaction_exists`."""
    add(tx, row)


def retroaction(tx: Transaction, pack_id: str, version: str) -> rows.Retroaction | None:
    """The order to decide the past anew under a version."""
    return tx.get(rows.Retroaction, (pack_id, version))


def approve_retroaction(tx: Transaction, row: rows.Retroaction, by: str, at: datetime) -> None:
    """A second person agrees. Raises Conflict `second_person_needed`."""
    row.approved_by, row.approved_at = by, at
    add(tx, row)
