"""A learner record (CLR 2.0) at the counter: the wrapper is checked, every credential inside is a deposit of its own.

The record says only which credentials belong together; who earned what, each of them says for itself, under its own
issuer's signature. So nothing is ever credited for the wrapper, and one that is refused keeps back no other.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from credentials.canonical import jcs
from credentials.checks import Outcome, Verification
from credentials.comprehensive_learner_record import NAME as INNER
from credentials.comprehensive_learner_record import is_record
from credentials.credential import Credential
from credentials.read import read
from creditbank.errors import Refused
from creditbank.intake import Posted
from creditbank.transactions.dossier import Dossier

MOST_PARTS = 200
Examine = Callable[[bytes, str | None], tuple[Credential, Dossier, Verification]]


def parts(posted: Posted, examine: Examine) -> list[Posted] | None:
    """What a learner record holds, each as if handed in alone, in order; None for what is no learner record.

    A request key is the record's own with the place added, so that a repetition finds each part. Raises
    CredentialError; Refused with the code of whatever is wrong with the record itself, `too_many_items`,
    `no_achievement` if it is empty.
    """
    credential = read(posted.data, posted.media_type)
    if not is_record(credential.document):
        return None
    found = list(_parts(credential.document))
    if len(found) > MOST_PARTS:
        raise Refused("too_many_items", "A learner record may hold at most 200 credentials.", limit=MOST_PARTS)
    if not found:
        raise Refused("no_achievement", "This learner record holds no credential that could be deposited.")
    _, _, verification = examine(posted.data, posted.media_type)
    _check_wrapper(verification)
    return [
        replace(posted, data=data, media_type=None, idempotency_key=_key(posted, place))
        for place, data in enumerate(found)
    ]


def _check_wrapper(verification: Verification) -> None:
    """Whatever is wrong with the record itself refuses it; what is wrong with a part is that part's own answer."""
    for check in verification.checks:
        if check.outcome is Outcome.FAILED and check.name != INNER:
            raise Refused(check.code or "not_verified", check.message)
    if not any(check.name == "issuer_binding" and check.outcome is Outcome.PASSED for check in verification.checks):
        raise Refused(verification.code or "not_verified", "The learner record could not be verified.")


def _key(posted: Posted, place: int) -> str | None:
    return f"{posted.idempotency_key}#{place}" if posted.idempotency_key else None


def _parts(document: Any) -> Iterator[bytes]:
    """The members of `verifiableCredential`: objects with their proofs, or tokens as text."""
    subject = document.get("credentialSubject")
    held = subject.get("verifiableCredential", []) if isinstance(subject, dict) else []
    for item in held if isinstance(held, list) else [held]:
        if isinstance(item, str):
            yield item.encode()
        elif isinstance(item, dict):
            yield jcs(item)
