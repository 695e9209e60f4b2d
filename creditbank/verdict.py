"""What the bank adds to a verification: is the issuer accredited, what does the record say, is it in the log?"""

from collections.abc import Callable
from dataclasses import dataclass

from credentials.checks import Check, Outcome, Verification
from credentials.claims import SecuredClaims
from credentials.credential import Credential
from creditbank.claim import IssuerFacts
from creditbank.store.deposits import StoredDeposit
from creditbank.vouching import accreditation_check

Record = tuple[StoredDeposit, int]


@dataclass(frozen=True, slots=True)
class Verified:
    """A verification with the bank's own checks, and what it knows of issuer and deposit."""

    credential: Credential
    verification: Verification
    issuer: IssuerFacts | None
    deposit: StoredDeposit | None


def with_record(
    credential: Credential,
    verification: Verification,
    issuer: IssuerFacts | None,
    record_of: Callable[[SecuredClaims], Record | None],
) -> Verified:
    """Three more checks: `accreditation`, `record`, `inclusion`. Where nothing is secured, there is nothing to add."""
    claims = verification.claims
    if claims is None:
        return Verified(credential, verification, issuer, None)
    found = record_of(claims)
    checks = (accreditation_check(claims, issuer), _record(found), _inclusion(found))
    for check in checks:
        verification = verification.with_check(check)
    return Verified(credential, verification, issuer, found[0] if found else None)


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
