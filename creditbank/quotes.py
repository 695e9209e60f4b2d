"""Quotes: what a learner would be given for awards not yet earned, signed and dated, and binding on nobody's books.

A quote is a compact JWS of the type `quote+jwt` under a key of its own. It holds the outcome and the recognition's id,
which is the digest of the whole recognition with its trace: whoever has both can check that they belong together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from credentials.jose import sign_compact
from creditbank.bank import Bank
from creditbank.errors import Refused
from creditbank.store import Transaction, deposits, ledger, rules
from creditbank.transactions.judgements import answers
from creditbank.transactions.recognition_request import RecognitionRequest
from creditbank.transactions.recognitions import apply, awards_of, published
from recognition_rules.award import Award, Use
from recognition_rules.pack import Pack
from recognition_rules.recognition import Recognition

TYPE = "quote+jwt"
"""The `typ` of a quote; no credential and no token has it."""
LIFE = timedelta(days=30)
"""How long a quote stands, unless its pack changes; it is a statement, not a reservation."""
MAX_AWARDS = 200
_SUMMARY = ("id", "pack", "inputs", "status", "unit", "totals", "requirements")

Books = tuple[Sequence[Award], Sequence[Use]]


@dataclass(frozen=True, slots=True)
class Quote:
    """A signed quote: the token, the whole recognition it stands for, and from when to when it holds."""

    quote_id: UUID
    token: str
    recognition: Mapping[str, Any]
    issued_at: datetime
    valid_until: datetime


@dataclass(frozen=True, slots=True)
class Quotes:
    """The use case of asking *what if*: evaluated purely, nothing is booked or logged."""

    bank: Bank

    def quote(self, request: RecognitionRequest, hypothetical: Sequence[Award], book: UUID | None = None) -> Quote:
        """The recognition of hypothetical awards, together with a learner's own if a book is given.

        Raises NotFound `rule_pack_not_found`; Refused `pack_not_published`, `too_many_awards`; RuleError.
        """
        if len(hypothetical) > MAX_AWARDS:
            raise Refused("too_many_awards", f"A quote is for at most {MAX_AWARDS} awards.", limit=MAX_AWARDS)
        pack, (own, used) = self.bank.run(lambda tx: self._gathered(tx, request, book))
        awards = [*own, *(replace(award, id=f"hypothetical:{award.id}") for award in hypothetical)]
        asked = replace(request, judgements=self.bank.run(lambda tx: answers(tx, book))) if book else request
        return self._signed(apply(self.bank.office, pack, asked, awards, used))

    def _gathered(self, tx: Transaction, request: RecognitionRequest, book: UUID | None) -> tuple[Pack, Books]:
        pack = published(tx, self.bank.office, request.pack_id, request.pack_version, request.on)
        if book is None:
            return pack, ((), ())
        uses = [Use(str(award), str(by), purpose) for award, purpose, by in ledger.standing_uses(tx, book)]
        own = awards_of(deposits.in_books(tx, [book]))
        return pack, (own, _without_uses_of_this(tx, book, request, uses))

    def _signed(self, recognition: Recognition) -> Quote:
        office = self.bank.office
        shape, issued_at, quote_id = recognition.to_json(), office.clock().replace(microsecond=0), office.new_id()
        claims = {
            "iss": self.bank.public_url,
            "jti": f"urn:uuid:{quote_id}",
            "iat": int(issued_at.timestamp()),
            "exp": int((issued_at + LIFE).timestamp()),
            "recognition": {name: _plain(shape[name]) for name in _SUMMARY},
        }
        key = office.vault.quote_key
        token = sign_compact(claims, key, {"typ": TYPE, "kid": key.public_key.thumbprint()})
        return Quote(quote_id, token, shape, issued_at, issued_at + LIFE)


def _without_uses_of_this(
    tx: Transaction, book: UUID, request: RecognitionRequest, uses: Sequence[Use]
) -> Sequence[Use]:
    """A decision of record on the same programme would be replaced: its awards are free for this question."""
    same = {
        str(row.recognition_id)
        for row in rules.standing_recognitions(tx, book)
        if (row.pack_id, row.programme) == (request.pack_id, request.programme)
    }
    return [use for use in uses if use.by not in same]


def _plain(value: Any) -> Any:
    """Mappings of every kind as plain objects, for the canonical form."""
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value
