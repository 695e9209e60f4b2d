"""What verification adds for SD-JWT: key binding, what may be held back, status tokens; and plain SD-JWT VC."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Final

from credentials.checks import Check, Verification
from credentials.credential import Credential
from credentials.errors import CredentialError, ProofInvalid
from credentials.iris import check_iri
from credentials.key_binding import check_key_binding
from credentials.proof_check import Case, attempt, check_proof
from credentials.sd_jwt import SdJwt
from credentials.sd_jwt_credential import hidden_essentials, is_plain, issuer_jws
from credentials.shape import Contents
from credentials.status_check import check_period
from credentials.token_status_list import check_token_status
from credentials.vc_jwt import W3C_TYPES, claimed_time
from credentials.verification_material import VerificationMaterial

_STATUS: Final = "credentialStatus"
# Without linked data there are no contexts, nor identifiers but the issuer's.
_NOT_LINKED: Final = ("shape", "contexts", "identifiers", "proof")


def is_plain_sd_jwt_vc(credential: Credential) -> bool:
    """Whether the credential is an SD-JWT VC without linked data: verified by `verify_plain`."""
    return credential.sd_jwt is not None and is_plain(credential.sd_jwt)


def status_token_checks(
    credential: Credential, issuer_id: str, material: VerificationMaterial, at: datetime
) -> tuple[Check, ...]:
    """The status that a token names by its `status` claim; and the one that it may have held back.

    Where there is one, that the document names no status says nothing.
    """
    checks: list[Check] = []
    if credential.jws and has_status_claim(credential):
        checks.append(attempt("status", partial(check_token_status, credential.jws.payload, issuer_id, material, at)))
    if credential.sd_jwt and _STATUS in hidden_essentials(credential.sd_jwt):
        checks.append(attempt("status", partial(_refuse_hidden, _STATUS)))
    return tuple(checks)


def disclosure_checks(credential: Credential, at: datetime) -> Iterator[Check]:
    """Of an SD-JWT: that nothing which the verdict rests on may be held back; and the key binding, where it has one."""
    if credential.sd_jwt is None:
        return
    if credential.sd_jwt.key_binding:
        yield attempt("key_binding", partial(check_key_binding, credential.sd_jwt, at))
    for member in hidden_essentials(credential.sd_jwt):
        if member != _STATUS:
            yield attempt("disclosure", partial(_refuse_hidden, member))


def verify_plain(
    credential: Credential, material: VerificationMaterial, at: datetime, first_seen: datetime | None
) -> Verification:
    """An SD-JWT VC that is no linked data, by the checks that it has in common with others; it makes no claims."""
    assert credential.sd_jwt is not None
    try:
        found = _contents(credential.sd_jwt)
    except CredentialError as error:
        return Verification().with_check(Check.from_error("shape", error))
    case = Case(credential, found, material, at, first_seen)
    checked = check_proof(case, issuer_jws(credential.sd_jwt)).verification
    checks = [*map(Check.passed, _NOT_LINKED), *checked.checks]
    if checked.verdict == "valid":
        checks.append(attempt("validity_period", partial(check_period, found, at)))
        no_status = (Check.passed("status", "The issuer keeps no status for this credential."),)
        checks += [*(status_token_checks(credential, found.issuer_id, material, at) or no_status)]
        checks += disclosure_checks(credential, at)
        checks.append(Check.passed("schema"))
    verification = Verification()
    for check in checks:
        verification = verification.with_check(check)
    return verification


def _contents(sd_jwt: SdJwt) -> Contents:
    jws = issuer_jws(sd_jwt)
    issuer_id = str(jws.payload["iss"])
    check_iri(issuer_id, "/iss")
    return Contents(
        issuer_id=issuer_id,
        credential_id=None,
        types=(str(jws.payload["vct"]),),
        valid_from=claimed_time(jws, "nbf"),
        valid_until=claimed_time(jws, "exp"),
        subject=None,
        status=(),
    )


def has_status_claim(credential: Credential) -> bool:
    """Whether a token carries a `status` claim (Token Status List), which in 1EdTech's profile means nothing."""
    jws = credential.jws
    if jws is None or "status" not in jws.payload:
        return False
    return credential.sd_jwt is not None or jws.header.get("typ") in W3C_TYPES


def _refuse_hidden(member: str) -> None:
    raise ProofInvalid("not_disclosed", member=member)
