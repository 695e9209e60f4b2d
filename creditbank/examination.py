"""From bytes to a verification with all that the bank knows: the registry, the record, and what others say now."""

from collections.abc import Callable
from typing import Any

from credentials.checks import Check, Verification
from credentials.credential import Credential
from credentials.errors import CredentialError, StatusInvalid
from credentials.read import read
from creditbank import foreign_lists
from creditbank.material import Sources, examine
from creditbank.nested import within
from creditbank.office import Office
from creditbank.store import Transaction, foreign_status
from creditbank.transactions.dossier import Dossier, dossier
from creditbank.wanted import named_issuers

Run = Callable[[Callable[[Transaction], Any]], Any]


def examined(run: Run, office: Office, sources: Sources, credential: Credential) -> tuple[Dossier, Verification]:
    """Verify a credential with what is registered, and with what must be asked outside; in transactions that only read.

    A status list that clears a bit which it was once seen to have set for revocation is not believed (T13).
    """
    nested = within(credential)
    named = named_issuers(credential, nested)
    known = run(lambda tx: dossier(tx, office, credential, named))
    found = examine(credential, nested, known.keys, sources, office.clock, known.first_seen)
    return known, _with_memory(run, sources, found)


def _with_memory(run: Run, sources: Sources, found: Verification) -> Verification:
    """One more check where a revocation was taken back; the lists are remembered by the sweep (`creditbank.sweep`)."""
    entries = found.claims.status_entries if found.claims and found.verdict != "invalid" else ()
    foreign = [one for one in entries if one.purpose == "revocation" and not sources.is_own(one.list_url)]
    if not foreign:
        return found
    seen = run(lambda tx: foreign_status.seen_revoked(tx, {one.list_url for one in foreign}))
    if not any(foreign_lists.is_set(foreign_lists.unpack(seen.get(one.list_url)), one.index) for one in foreign):
        return found
    return found.with_check(Check.from_error("status", StatusInvalid("status_regression")))


def check_status_list(run: Run, office: Office, sources: Sources, data: bytes) -> Credential:
    """A status list of others, if it is secured by its issuer and current. Raises CredentialError.

    Whether it is the list of a credential's own issuer is for the credential's verification to say.
    """
    credential = read(data)
    _, found = examined(run, office, sources, credential)
    if found.verdict != "valid":
        raise StatusInvalid("status_stale" if found.code in ("expired", "not_yet_valid") else "status_unverified")
    return credential


def readable(data: bytes) -> Credential | None:
    """The credential in these bytes; None where there is none."""
    try:
        return read(data)
    except CredentialError:
        return None
