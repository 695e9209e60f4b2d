"""Idempotency keys: a request is carried out once, and asked again it gets the same answer."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from creditbank.errors import Conflict
from creditbank.store.transaction import Transaction, run


@dataclass(frozen=True, slots=True)
class RequestKey:
    """Who asked, under which `Idempotency-Key`, and the SHA-256 of what was asked."""

    client_id: str
    key: str
    digest: bytes


Answer = Mapping[str, Any]


def reserve(tx: Transaction, keys: Sequence[RequestKey]) -> dict[RequestKey, Answer | Conflict]:
    """Take these keys; what is returned was asked before: its answer, or a Conflict if the question was another.

    A second writer of the same key waits here for the first, so it finds the answer or, after a crash, a free key:
    the key's row is of the transaction that does the work.
    """
    ordered = sorted(set(keys), key=lambda k: (k.client_id, k.key))
    if not ordered:
        return {}
    taken = run(
        tx,
        "INSERT INTO bank.request_key (client_id, key, digest) SELECT * FROM unnest("
        "CAST(:clients AS text[]), CAST(:keys AS text[]), CAST(:digests AS bytea[])) "
        "ON CONFLICT DO NOTHING RETURNING client_id, key",
        clients=[k.client_id for k in ordered],
        keys=[k.key for k in ordered],
        digests=[k.digest for k in ordered],
    )
    mine = {(row.client_id, row.key) for row in taken}
    return {k: _earlier(tx, k) for k in ordered if (k.client_id, k.key) not in mine}


def known(tx: Transaction, key: RequestKey) -> Answer | Conflict | None:
    """What was answered under this key, as `reserve` tells it; None where nobody asked yet. Nothing is taken."""
    found = _rows(tx, key)
    return _earlier(tx, key) if found else None


def _rows(tx: Transaction, key: RequestKey) -> Sequence[Any]:
    return run(
        tx,
        "SELECT digest, answer FROM bank.request_key WHERE client_id = :client AND key = :key",
        client=key.client_id,
        key=key.key,
    )


def _earlier(tx: Transaction, key: RequestKey) -> Answer | Conflict:
    row = _rows(tx, key)[0]
    if bytes(row.digest) != key.digest:
        return Conflict("idempotency_key_reused", "This Idempotency-Key was used for another request.")
    answer: Answer = row.answer
    return answer


def answer(tx: Transaction, answers: Mapping[RequestKey, Answer]) -> None:
    """Keep what was answered, in the transaction that did the work."""
    for key, value in answers.items():
        run(
            tx,
            "UPDATE bank.request_key SET answer = CAST(:answer AS jsonb) WHERE client_id = :client AND key = :key",
            answer=json.dumps(value, ensure_ascii=False),
            client=key.client_id,
            key=key.key,
        )


def release(tx: Transaction, keys: Sequence[RequestKey]) -> None:
    """Give keys back whose requests were refused: nothing was done under them."""
    for key in keys:
        run(
            tx,
            "DELETE FROM bank.request_key WHERE client_id = :client AND key = :key AND answer IS NULL",
            client=key.client_id,
            key=key.key,
        )
