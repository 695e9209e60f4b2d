"""Under whose rules a question is decided: an institution's departures from a pack of the bank, where it has some."""

from dataclasses import replace

from creditbank.store import Transaction, rules
from creditbank.transactions import packs
from creditbank.transactions.recognition_request import RecognitionRequest


def where_asked(tx: Transaction, request: RecognitionRequest) -> RecognitionRequest:
    """The question under the departures of the institution that is to award, from this very version; else as it is.

    A quote is kept under the rules that it named, whatever the institution has published since. Raises NotFound
    `rule_pack_not_found`.
    """
    if request.institution is None or request.quote is not None:
        return request
    base = packs.known(tx, request.pack_id, request.pack_version)
    if base.scope is not None:
        return request
    local = rules.newest_local(tx, (base.pack_id, base.version), request.institution, request.on)
    return request if local is None else replace(request, pack_id=local.pack_id, pack_version=local.version)


def same_rules(tx: Transaction, asked: str, promised: str) -> bool:
    """Whether the pack that a quote names is the one asked for, or departs from it."""
    return asked == promised or rules.family(tx, promised) == asked
