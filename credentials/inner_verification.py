"""The credentials inside a credential: those of a learner record decide with it, endorsements never do."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from credentials.checks import Check, Verification
from credentials.comprehensive_learner_record import MAX_DEPTH, inner_check, inner_parts, is_record, subject_check
from credentials.comprehensive_learner_record import NAME as INNER_CREDENTIALS
from credentials.credential import Credential
from credentials.endorsements import endorsement_check, endorsement_parts, endorsements
from credentials.errors import CredentialError

Verify = Callable[[Credential], Verification]


def with_record(verification: Verification, document: Mapping[str, Any], verify: Verify, depth: int) -> Verification:
    """The verification with every credential of the record as a part, and what follows from them for the record.

    `depth` counts records within records from one; beyond two a record is not looked into and hence not valid.
    """
    if not is_record(document):
        return verification
    if depth > MAX_DEPTH:
        return verification.with_check(Check.not_reached(INNER_CREDENTIALS))
    try:
        parts = inner_parts(document, verify)
    except CredentialError as error:
        return verification.with_check(Check.from_error(INNER_CREDENTIALS, error))
    verification = verification.with_check(inner_check(parts))
    about = subject_check(document, parts)
    verification = verification.with_check(about) if about else verification
    return replace(verification, parts=(*verification.parts, *parts))


def with_endorsements(verification: Verification, document: Mapping[str, Any], verify: Verify | None) -> Verification:
    """The verification with every endorsement as a part; without a function to verify them, a warning of their number.

    The verdict stays what it was.
    """
    count = len(endorsements(document))
    if not count:
        return verification
    parts = tuple(endorsement_parts(document, verify)) if verify else ()
    verification = verification.with_check(endorsement_check(parts, count))
    return replace(verification, parts=(*verification.parts, *parts))
