"""Receipts for leaves: what is read for them in one transaction, and how it is put together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from creditbank.errors import NotFound
from creditbank.log.proof import assemble_all, plan_inclusion, spans
from creditbank.log.receipt import Receipt
from creditbank.store import Transaction, leaves


@dataclass(frozen=True, slots=True)
class LoggedReceipt:
    """A receipt, and the canonical entry bytes that it proves to be in the log."""

    receipt: Receipt
    entry: bytes | None


def plan(indexes: Sequence[int], size: int, checkpoint: bytes) -> Callable[[Transaction], list[LoggedReceipt]]:
    """What reads the receipts of these leaves under a checkpoint of this size. Raises NotFound `receipt_not_found`."""
    if any(not 0 <= index < size for index in indexes):
        raise NotFound("receipt")
    plans = [plan_inclusion(index, size) for index in indexes]

    def fetch(tx: Transaction) -> list[LoggedReceipt]:
        proofs = assemble_all(plans, leaves.hashes(tx, spans(plans)))
        opened = leaves.openings(tx, indexes)
        return [
            LoggedReceipt(Receipt.for_opening(opened[index], index, proof, checkpoint), opened[index].entry)
            if index in opened
            else LoggedReceipt(Receipt(index, tuple(proof), checkpoint), None)
            for index, proof in zip(indexes, proofs, strict=True)
        ]

    return fetch
