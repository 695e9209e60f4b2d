"""What the bank adds to a verification: is the issuer accredited, is that its name, what do record and log say?"""

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from credentials.checks import Check, Outcome, Verification
from credentials.claims import SecuredClaims
from credentials.credential import Credential
from creditbank.claim import IssuerFacts
from creditbank.store.deposits import StoredDeposit
from creditbank.vouching import NAME as ACCREDITATION
from creditbank.vouching import Registry, accreditation_check, registered_names, untrusted, vouched

Record = tuple[StoredDeposit, int]


@dataclass(frozen=True, slots=True)
class Verified:
    """A verification with the bank's own checks, and what it knows of issuer and deposit.

    `names` are the registry's, of this issuer and of those inside, by the id that the credentials name them by.
    """

    credential: Credential
    verification: Verification
    issuer: IssuerFacts | None
    deposit: StoredDeposit | None
    names: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: MappingProxyType({}))


def with_record(
    credential: Credential,
    verification: Verification,
    issuer: IssuerFacts | None,
    registry: Registry,
    record_of: Callable[[SecuredClaims], Record | None],
    original: SecuredClaims | None = None,
) -> Verified:
    """Four more checks: `accreditation`, `issuer_name`, `record`, `inclusion`; and the accreditation of what is inside.

    Where no signature holds, there is nothing to add. `original` is what the bank itself signed, where this is only
    another form of it: accreditation, record and log are then asked about that.
    """
    claims = verification.claims
    if claims is None and verification.verdict != "valid":
        return Verified(credential, verification, issuer, None)
    meant = original or claims
    found = record_of(meant) if meant else None
    for check in _checks(claims, meant, issuer, found):
        verification = verification.with_check(check)
    verification = vouched(verification, registry, accredited=True)
    names = dict(registered_names(verification, registry))
    if claims and issuer:
        names[claims.issuer_id] = issuer.name
    return Verified(credential, verification, issuer, found[0] if found else None, names)


def _checks(
    claims: SecuredClaims | None, meant: SecuredClaims | None, issuer: IssuerFacts | None, found: Record | None
) -> Iterator[Check]:
    yield accreditation_check(meant, issuer) if meant else _known(issuer)
    if claims and issuer:
        yield _issuer_name(claims, issuer)
    if claims:
        yield _record(found)
        yield _inclusion(found)


def _known(issuer: IssuerFacts | None) -> Check:
    """What is no achievement, such as a learner record: its issuer is one that may award anything at all."""
    if issuer is None or not issuer.accreditations:
        return untrusted()
    return Check.passed(ACCREDITATION, "The issuer is accredited with this bank.")


def _issuer_name(claims: SecuredClaims, issuer: IssuerFacts) -> Check:
    """The name to show is the registry's; a credential may call its issuer what it likes (P31)."""
    named = claimed_names(claims.document)
    if named and not {_folded(name) for name in named} & {_folded(name) for name in issuer.name.values()}:
        message = "The credential calls its issuer otherwise than the registry does; the registry's name is shown."
        return Check(0, "issuer_name", Outcome.WARNING, "name_differs", message)
    return Check.passed("issuer_name", "The issuer is named as in the registry.")


def claimed_names(document: Mapping[str, Any]) -> tuple[str, ...]:
    """What a credential calls its issuer: a text, or texts by language; none where it gives only an identifier."""
    badge = document.get("badge")
    issuer = document.get("issuer", badge.get("issuer") if isinstance(badge, Mapping) else None)
    return tuple(_texts(issuer.get("name"))) if isinstance(issuer, Mapping) else ()


def _texts(name: Any) -> Iterator[str]:
    if isinstance(name, str):
        yield name
    elif isinstance(name, Mapping):
        texts = [name["@value"]] if "@value" in name else name.values()
        yield from (text for text in texts if isinstance(text, str))
    elif isinstance(name, list):
        for item in name:
            yield from _texts(item) if not isinstance(item, list) else ()


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def _record(found: Record | None) -> Check:
    if found is None:
        return Check(0, "record", Outcome.WARNING, "not_deposited", "The credential is not on record at this bank.")
    deposit, versions = found
    if deposit.state == "revoked":
        return Check(0, "record", Outcome.FAILED, "revoked", "The issuer has revoked this credential.")
    if deposit.state == "suspended":
        return Check(0, "record", Outcome.FAILED, "suspended", "The issuer has suspended this credential.")
    if deposit.version < versions:
        return Check(0, "record", Outcome.WARNING, "superseded", "The issuer has issued a newer version of this.")
    if deposit.state == "reversed":
        return Check(
            0, "record", Outcome.FAILED, "reversed", f"The bank has withdrawn these credits: {deposit.reason}."
        )
    return Check.passed("record", f"On record since {deposit.received_at:%Y-%m-%d}.")


def _inclusion(found: Record | None) -> Check:
    if found is None:
        return Check(0, "inclusion", Outcome.WARNING, "not_in_log", "The credential is not in this bank's log.")
    return Check.passed("inclusion", "The deposit stands in the bank's public log.")
