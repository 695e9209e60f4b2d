"""From bytes to a verification with all that the bank knows: the registry, the record, and what others say now."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from credentials.checks import Check, Verification
from credentials.claims import SecuredClaims, content_digest
from credentials.credential import Credential
from credentials.errors import CredentialError, StatusInvalid
from credentials.read import read
from credentials.verification_material import VerificationMaterial
from credentials.verify import verify
from creditbank import foreign_lists
from creditbank.material import Sources, examine
from creditbank.nested import within
from creditbank.office import Office
from creditbank.store import Transaction, foreign_status
from creditbank.transactions.dossier import Dossier, dossier, dossier_of
from creditbank.wanted import named_issuers
from issuers.registry import material_keys

Run = Callable[[Callable[[Transaction], Any]], Any]


def examined(run: Run, office: Office, sources: Sources, credential: Credential) -> tuple[Dossier, Verification]:
    """Verify a credential with what is registered, and with what must be asked outside; in transactions that only read.

    A status list that clears a bit which it was once seen to have set for revocation is not believed (T13).
    """
    nested = within(credential)
    named = named_issuers(credential, nested)
    known = run(lambda tx: dossier(tx, office, credential, named))
    found = examine(credential, nested, known.keys, sources, office.clock, known.first_seen)
    if found.claims and _is_news(credential, found.claims):
        claims = found.claims
        known = run(lambda tx: dossier_of(tx, office, claims))
        found = _once_more(credential, found.material or VerificationMaterial(), known, office)
    return known, _with_memory(run, sources, found)


def _is_news(credential: Credential, claims: SecuredClaims) -> bool:
    """Whether only the verification told who issued it, or what of it was signed (Open Badges 2.0, disclosed parts)."""
    return claims.issuer_id != credential.issuer_id or claims.content_digest != content_digest(credential.document)


def _once_more(credential: Credential, material: VerificationMaterial, known: Dossier, office: Office) -> Verification:
    """Under the registered keys, which go before those found elsewhere, and with the time it was really seen first."""
    keys = {**material.keys, **material_keys(known.keys)}
    used = replace(material, keys=keys)
    return replace(verify(credential, used, office.clock(), known.first_seen), material=used)


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
