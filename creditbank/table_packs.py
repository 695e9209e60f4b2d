"""Tables of grades and rules of issuance as this bank has published them; else those that come with the program."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from credentials.claims import SecuredClaims
from creditbank.issuance_rules import Published, stated
from creditbank.pack_kinds import ISSUANCE, read
from creditbank.store import Transaction, rules

Run = Callable[[Callable[[Transaction], Mapping[str, Any]]], Mapping[str, Any]]


def published(tx: Transaction, kind: str, names: Iterable[str], on: date) -> Mapping[str, Any]:
    """By name the packs of a kind that the bank has published: of each the version in force on a day."""
    found = {name: rules.newest_published(tx, name, on) for name in dict.fromkeys(names)}
    return {name: read(kind, row.content) for name, row in found.items() if row is not None and row.kind == kind}


def named_by(run: Run, claims: SecuredClaims | None) -> Published:
    """The bank's own rules of issuance that a credential names, as of the day from which it is valid."""
    names = stated(claims.achievement) if claims else ()
    if not names or claims is None:
        return {}
    return run(lambda tx: published(tx, ISSUANCE, names, claims.valid_from.date()))
