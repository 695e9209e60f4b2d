"""What the story came to: the facts that its tests look at, each taken from the bank."""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any
from uuid import UUID

from creditbank.transactions.auditing import AuditReport


@dataclass
class Told:
    """Filled in act by act. Credits are in the programme's unit; refusals and verdicts by what was handed in."""

    credited: int = 0
    held: int = 0
    promoted: int = 0
    books: dict[str, UUID] = field(default_factory=dict)
    counted_before: Fraction = Fraction(0)
    counted_after: Fraction = Fraction(0)
    replayed_alike: bool = False
    replay_agrees: bool = False
    verified: list[str] = field(default_factory=list)
    promised: tuple[Fraction, Fraction] = (Fraction(0), Fraction(0))
    impact: dict[str, Any] = field(default_factory=dict)
    appeal: tuple[str, str, str] = ("", "", "")
    verdicts: dict[str, str] = field(default_factory=dict)
    refusals: dict[str, str] = field(default_factory=dict)
    leaves_by_refusals: int = 0
    receipt_checked: bool = False
    report: AuditReport | None = None
