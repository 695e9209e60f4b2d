"""Of which rules a question may be asked, and what it may choose otherwise than they do: on record, and in quotes."""

from dataclasses import replace

from creditbank.errors import Forbidden
from creditbank.store import Transaction
from creditbank.transactions import packs
from creditbank.transactions.local_rules_asked import where_asked
from creditbank.transactions.recognition_request import RecognitionRequest
from recognition_rules.pack import Pack


def within_scope(tx: Transaction, request: RecognitionRequest) -> RecognitionRequest:
    """The question, at the institution whose rules these are: an institution's own rules decide for it alone.

    Where it departs from the bank's rules, the question is one under its departures.

    Raises NotFound `rule_pack_not_found`; Forbidden `pack_out_of_scope`.
    """
    request = where_asked(tx, request)
    scope = packs.known(tx, request.pack_id, request.pack_version).scope
    if scope is None or request.institution == scope:
        return request
    if request.institution is not None:
        raise Forbidden("pack_out_of_scope", "These are the rules of another institution: they decide for it alone.")
    return replace(request, institution=scope)


def not_left_open(pack: Pack, request: RecognitionRequest) -> str | None:
    """What the question chooses that the pack does not leave open: its parameter `choose-items`, say, lists it.

    Raises PolicyInvalid.
    """
    request.policy_over(pack.choose)
    own = pack.choose.to_json()
    for name, value in (request.policy or {}).items():
        offered = pack.parameters.get(f"choose-{name}")
        if value != own[name] and (offered is None or value not in (offered.value, *offered.others)):
            return name
    return None
