"""Quotes: a signed, dated promise of what outcomes will count for, and how it is kept.

Asking books nothing; the quote is kept (`quotes_kept.py` reads it). It names the pack's version by digest and the
recognition's id, which is the digest of the whole recognition with its trace: whoever has both can check that they
belong together. A learner who comes with the outcome while the quote holds is decided upon under the version that was
quoted, whatever has been published since.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from credentials.jose import sign_compact
from creditbank.bank import Bank
from creditbank.bounds_of_work import MOST_VERIFIED, too_many_to_verify
from creditbank.caller import SYSTEM
from creditbank.errors import Refused
from creditbank.quote_token import TYPE, QuoteClaims, not_ours, read_quote
from creditbank.quotes_kept import packed
from creditbank.store import Transaction, books, deposits, rows, rules
from creditbank.store import quotes as stored_quotes
from creditbank.transactions.deposit_order import with_sequence_after
from creditbank.transactions.judgements import answers
from creditbank.transactions.local_rules_asked import same_rules
from creditbank.transactions.recognition_request import RecognitionRequest
from creditbank.transactions.recognitions import apply, awards_of, gathered, published, standing
from creditbank.transactions.registry_facts import with_registry_facts
from creditbank.transactions.rules_asked import not_left_open, within_scope
from recognition_rules.amount_text import text_of_amount, total
from recognition_rules.award import Award, Use
from recognition_rules.explain import explain
from recognition_rules.pack import Pack
from recognition_rules.recognition import Recognition

LIFE = timedelta(days=30)
"""How long a quote holds, unless a day is asked for."""
LONGEST = timedelta(days=3 * 366)
"""How far ahead anything is promised."""
MAX_AWARDS = 200
_SUMMARY = ("id", "pack", "inputs", "status", "unit", "totals", "requirements")
_ASSUMED = ("learner", "syllabus", "session", "policy", "granted", "held")
_QUOTED = "hypothetical:"


@dataclass(frozen=True, slots=True)
class Quote:
    """A signed quote: the token, the whole recognition it stands for, and from when to when it holds.

    `lines` are the recognition in sentences.
    """

    quote_id: UUID
    token: str
    recognition: Mapping[str, Any]
    issued_at: datetime
    valid_until: datetime
    lines: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Quotes:
    """The use case of asking *what if*: evaluated purely; nothing is booked or logged, the promise is kept."""

    bank: Bank

    def quote(
        self,
        asked: RecognitionRequest,
        hypothetical: Sequence[Award],
        book: UUID | None = None,
        until: date | None = None,
        language: str = "en",
    ) -> Quote:
        """The recognition of hypothetical awards, with a learner's own if a book is given, promised through a day.

        A quote for a book is that learner's alone; without one it is anybody's. Raises NotFound
        `rule_pack_not_found`; Refused `pack_not_published`, `too_many_awards`, `quote_date_refused`; Forbidden
        `pack_out_of_scope`; RuleError.
        """
        if len(hypothetical) > MAX_AWARDS:
            raise Refused("too_many_awards", f"A quote is for at most {MAX_AWARDS} awards.", limit=MAX_AWARDS)
        request = self.bank.run(lambda tx: within_scope(tx, asked))
        issued_at = self.bank.office.clock().replace(microsecond=0)
        ends = _end(issued_at, until)
        named = [replace(award, id=f"{_QUOTED}{award.id}") for award in hypothetical]
        pack, quoted, own, used = self.bank.run(lambda tx: self._gathered(tx, request, named, book))
        if book is not None:
            request = replace(request, judgements=self.bank.run(lambda tx: answers(tx, book)))
        if request.verify and len(own) + len(hypothetical) > MOST_VERIFIED:
            raise too_many_to_verify()
        found = apply(self.bank.office, pack, request, [*own, *quoted], used)
        promise = _promise(request, found, quoted, pack)
        told = explain(found, language, pack=pack, awards=[*own, *quoted])
        quote = replace(self._signed(promise, found, book, (issued_at, ends)), lines=tuple(told))
        row = _row(request, found, quoted, book, quote)

        def keep(tx: Transaction) -> Quote:
            stored_quotes.add(tx, row)
            return quote

        return self.bank.change(keep)

    def honoured(self, request: RecognitionRequest, token: str, book: UUID) -> RecognitionRequest:
        """The request under the version of the pack that was quoted, if the quote holds for this learner today.

        Raises Refused `quote_not_ours`; `quote_expired`; `quote_for_another` where it was given to somebody else, for
        another programme, institution or pack, or for an outcome that this learner has not earned.
        """
        office = self.bank.office
        claims = read_quote(token, office.vault.quote_key.public_key).claims
        if claims.iss != self.bank.public_url:
            raise not_ours()
        last_day = (claims.valid_until - timedelta(seconds=1)).date()
        if office.clock() >= claims.valid_until or request.on > last_day:
            raise Refused("quote_expired", f"The quote held until {last_day.isoformat()}.", until=last_day.isoformat())
        named = claims.promise.pack.id
        if self.bank.run(lambda tx: same_rules(tx, request.pack_id, named)):
            request = replace(request, pack_id=named)
        awards = self.bank.run(lambda tx: self._hers(tx, claims, book))
        if not (_same_question(claims, request) and _earned(claims, awards)):
            raise _for_another()
        promised = claims.promise
        return replace(
            request,
            pack_version=promised.pack.version,
            institution=request.institution or promised.institution,
            policy=request.policy or promised.conditions.get("policy"),
            quote=claims.jti,
        )

    def _hers(self, tx: Transaction, claims: QuoteClaims, book: UUID) -> Sequence[Award]:
        """The learner's awards, if the quote is hers or anybody's; her books may have been merged since."""
        quoted = claims.promise.pack
        version = rules.pack(tx, quoted.id, quoted.version)
        if version is None or version.digest != quoted.digest:
            raise _for_another()
        learner = claims.learner
        alive = books.living(tx, [each for each in (learner, book) if each])
        if learner is not None and alive.get(learner) != alive.get(book):
            raise _for_another()
        return awards_of(deposits.in_books(tx, [alive.get(book, book)]))

    def _gathered(
        self, tx: Transaction, request: RecognitionRequest, quoted: Sequence[Award], book: UUID | None
    ) -> tuple[Pack, Sequence[Award], Sequence[Award], Sequence[Use]]:
        """The pack, the quoted outcomes as the registry knows their issuers, the learner's own awards and their uses.

        A decision of record on the same programme would be replaced: its awards are free for this question.
        """
        pack = published(tx, self.bank.office, request.pack_id, request.pack_version, request.on)
        quoted = with_registry_facts(tx, pack, quoted, request.on)
        if book is None:
            return pack, with_sequence_after(pack, quoted, ()), (), ()
        inputs, _ = gathered(tx, book, pack, request.on, standing(tx, book, request), request.programme)
        return pack, with_sequence_after(pack, quoted, inputs.awards), inputs.awards, inputs.used

    def _signed(
        self,
        promise: Mapping[str, Any],
        recognition: Recognition,
        book: UUID | None,
        life: tuple[datetime, datetime],
    ) -> Quote:
        office = self.bank.office
        shape, quote_id = recognition.to_json(), office.new_id()
        claims = {
            "iss": self.bank.public_url,
            "jti": f"urn:uuid:{quote_id}",
            "iat": int(life[0].timestamp()),
            "exp": int(life[1].timestamp()),
            **({"sub": f"urn:uuid:{book}"} if book else {}),
            "recognition": {name: _plain(shape[name]) for name in _SUMMARY},
            "promise": promise,
        }
        key = office.vault.quote_key
        token = sign_compact(claims, key, {"typ": TYPE, "kid": key.public_key.thumbprint()})
        return Quote(quote_id, token, shape, *life)


def _end(issued_at: datetime, until: date | None) -> datetime:
    """The first instant at which a quote holds no more: the end of its last day, UTC. Raises `quote_date_refused`."""
    if until is None:
        return issued_at + LIFE
    ends = datetime.combine(until + timedelta(days=1), time(), UTC)
    if not issued_at < ends <= issued_at + LONGEST:
        latest = (issued_at + LONGEST).date().isoformat()
        raise Refused("quote_date_refused", f"A quote holds until a day from today to {latest}.", latest=latest)
    return ends


def _row(
    request: RecognitionRequest, found: Recognition, quoted: Sequence[Award], book: UUID | None, quote: Quote
) -> rows.Quote:
    """The quote as it is kept; `promised` is what its outcomes will count, or all that she has where it names none."""
    named = {award.id for award in quoted}
    counts = [decision.counted for decision in found.decisions if decision.award in named]
    return rows.Quote(
        quote_id=quote.quote_id,
        book_id=book,
        asked_by=request.by or SYSTEM.client_id,
        pack_id=request.pack_id,
        pack_version=request.pack_version,
        programme=request.programme,
        institution=request.institution,
        exit_award=request.exit_award,
        status=found.status,
        promised=text_of_amount(total(counts) if quoted else found.totals["counted"]),
        unit=found.unit,
        issued_at=quote.issued_at,
        valid_until=quote.valid_until,
        token=quote.token,
        recognition=packed(quote.recognition),
    )


def _promise(
    request: RecognitionRequest, recognition: Recognition, quoted: Sequence[Award], pack: Pack
) -> dict[str, Any]:
    """What is promised; a choice that no decision of record may make is a trial only (`of_record` false)."""
    asked, trial = request.to_json(), not_left_open(pack, request) is not None
    return {
        **({"of_record": False} if trial else {}),
        "pack": _plain(recognition.pack),
        "programme": request.programme,
        "institution": request.institution,
        "exit_award": request.exit_award,
        "outcomes": [_outcome(award, recognition) for award in quoted],
        "conditions": {"on": asked["on"], **{name: asked[name] for name in _ASSUMED if asked.get(name)}},
    }


def _outcome(award: Award, recognition: Recognition) -> dict[str, Any]:
    parts = [decision for decision in recognition.decisions if decision.award == award.id]
    return {
        "issuer": award.issuer,
        "achievement": award.achievement,
        "title": dict(award.title),
        "amount": text_of_amount(award.amount.amount),
        "unit": award.amount.unit,
        "counts": text_of_amount(total(part.counted for part in parts)),
        "counts_conditionally": text_of_amount(total(part.conditional for part in parts)),
        "counts_in": recognition.unit,
        "status": parts[0].status,
    }


def _same_question(claims: QuoteClaims, request: RecognitionRequest) -> bool:
    promised = claims.promise
    asked = (request.pack_id, request.programme, request.exit_award)
    elsewhere = request.institution is not None and request.institution != promised.institution
    return asked == (promised.pack.id, promised.programme, promised.exit_award) and not elsewhere


def _earned(claims: QuoteClaims, awards: Sequence[Award]) -> bool:
    """Whether one of the outcomes was earned; a quote without outcomes is about what the learner has."""
    valid = [award for award in awards if not award.revoked]
    quoted = claims.promise.outcomes
    return not quoted or any(
        outcome.is_about(award.issuer, award.achievement, award.title) for outcome in quoted for award in valid
    )


def _for_another() -> Refused:
    return Refused("quote_for_another", "This quote is for another learner, outcome, programme or institution.")


def _plain(value: Any) -> Any:
    """Mappings of every kind as plain objects, for the canonical form."""
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value
