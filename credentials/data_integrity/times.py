"""The times that a proof names: when it was made, and until when it holds."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from credentials.dates import instant
from credentials.errors import ProofInvalid

CLOCK_SKEW: Final = timedelta(minutes=5)


def proof_times(proof: Mapping[str, Any]) -> tuple[datetime | None, datetime | None]:
    """When the proof says it was made (`created`) and when it ends (`expires`), in UTC; None where it does
    not say.

    A time without an offset is read as UTC (VC Data Model 2.0, 4.9). Raises MalformedCredential for anything
    else that is not a date and time.
    """
    return _time(proof, "created"), _time(proof, "expires")


def check_times(proof: Mapping[str, Any], at: datetime) -> None:
    """Refuse a proof made later than `at` (five minutes of clock skew allowed) or expired by then.

    Raises ProofInvalid `proof_time`, MalformedCredential as `proof_times`.
    """
    created, expires = proof_times(proof)
    if created is not None and created > at + CLOCK_SKEW:
        raise ProofInvalid("proof_time", reason="made in the future")
    if expires is not None and expires <= at:
        raise ProofInvalid("proof_time", reason="expired")
    if created is not None and expires is not None and expires <= created:
        raise ProofInvalid("proof_time", reason="expired before it was made")


def _time(proof: Mapping[str, Any], member: str) -> datetime | None:
    text = proof.get(member)
    if text is None:
        return None
    if isinstance(text, str) and len(text) == len("2026-11-21T09:30:00") and text[10:11] == "T":
        text += "Z"
    return instant(text, member)
