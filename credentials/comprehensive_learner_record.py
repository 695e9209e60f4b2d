"""Comprehensive Learner Record 2.0: many credentials of one learner in one, each still secured by its own issuer.

The record's issuer vouches for the selection and for how its parts belong together; what a part says is its own
issuer's word. Hence the record makes no claims of its own, and is as good as the weakest of its parts (CLR 2.0, 5).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from credentials.achievement import IdentityObject
from credentials.canonical import jcs
from credentials.checks import Check, Outcome, Part, Verification
from credentials.contexts import CREDENTIALS_V2, OPEN_BADGES
from credentials.credential import Credential
from credentials.dates import timestamp
from credentials.enveloped import CREDENTIAL, envelope
from credentials.errors import CredentialError, LimitExceeded, MalformedCredential
from credentials.language import LanguageMap, primary
from credentials.members import Object, items, objects, required_text, single, text, texts, wrong
from credentials.read import read
from credentials.status_entry import StatusEntry

TYPE: Final = "ClrCredential"
SUBJECT: Final = "ClrSubject"
NAME: Final = "inner_credentials"
CLR: Final = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"
CONTEXTS: Final = (CREDENTIALS_V2, CLR, OPEN_BADGES)
MAX_CREDENTIALS: Final = 200
MAX_DEPTH: Final = 2
ASSOCIATION_TYPES: Final = frozenset(
    {
        "exactMatchOf", "isChildOf", "isParentOf", "isPartOf", "isPeerOf", "isRelatedTo", "precedes", "replacedBy",
    }
)  # fmt: skip

Document = dict[str, Any]
Verify = Callable[[Credential], Verification]


@dataclass(frozen=True, slots=True)
class Association:
    """How two parts of a record belong together: `source_id` stands in this relation to `target_id`, both ids in it."""

    type: str
    source_id: str
    target_id: str


def is_record(document: Mapping[str, Any]) -> bool:
    """Whether the document says that it is a learner record."""
    value = document.get("type")
    return TYPE in (value if isinstance(value, list) else [value])


def clr(
    credentials: Sequence[Mapping[str, Any] | str],
    *,
    issuer_id: str,
    issuer_name: LanguageMap,
    credential_id: str,
    name: str,
    valid_from: datetime,
    subject_id: str | None = None,
    identifiers: Sequence[IdentityObject] = (),
    achievements: Sequence[Mapping[str, Any]] = (),
    associations: Iterable[Association] = (),
    partial: bool | None = None,
    status_entries: Iterable[StatusEntry] = (),
) -> Document:
    """The unsigned record of signed credentials: documents with their proofs as they are, tokens in envelopes.

    `achievements` are further ones that the associations speak of, such as a programme of study; `partial` says whether
    the learner has more than this. It is signed as any other credential, by `data_integrity.sign` or `to_vc_jwt`.
    Raises MalformedCredential where nothing or nobody is named, or an association is of no known type or of something
    that is not in the record; LimitExceeded over 200 credentials.
    """
    if not credentials or (subject_id is None and not identifiers):
        raise wrong("credentialSubject", "names no credential or no learner")
    document: Document = {
        "@context": list(CONTEXTS),
        "id": credential_id,
        "type": ["VerifiableCredential", TYPE],
        "name": name,
        "issuer": {"id": issuer_id, "type": ["Profile"], "name": issuer_name[primary(issuer_name)]},
        "validFrom": timestamp(valid_from),
        "credentialSubject": _subject(credentials, subject_id, identifiers, achievements, associations),
        "partial": partial,
        "credentialStatus": [entry.document() for entry in status_entries] or None,
    }
    document = {member: value for member, value in document.items() if value is not None}
    _check_parts(document)
    return document


def check_record(document: Mapping[str, Any]) -> None:
    """The shape of a record: a ClrSubject with 1 to 200 credentials and associations between what stands in it.

    Raises MalformedCredential `malformed_credential`, `cardinality`; LimitExceeded `too_complex`.
    """
    subject = single(document, "credentialSubject")
    if subject is None or SUBJECT not in texts(subject, "type"):
        raise wrong("credentialSubject", "is not a ClrSubject")
    sources = items(subject, "verifiableCredential")
    if not sources:
        raise wrong("verifiableCredential", "is missing")
    if len(sources) > MAX_CREDENTIALS:
        raise LimitExceeded("too_complex", limit=MAX_CREDENTIALS, unit="credentials")
    associations(document)


def associations(document: Mapping[str, Any]) -> tuple[Association, ...]:
    """How the parts of the record belong together. Raises MalformedCredential for a type that there is not."""
    subject = single(document, "credentialSubject") or {}
    return tuple(map(_association, objects(subject, "association")))


def inner_credentials(document: Mapping[str, Any]) -> tuple[Credential | CredentialError, ...]:
    """Each credential of the record, read from what stands for it (an object, an envelope, a token), or why it is none.

    Nothing is verified. Raises as `check_record`.
    """
    check_record(document)
    return tuple(map(_read, items(single(document, "credentialSubject") or {}, "verifiableCredential")))


def inner_parts(document: Mapping[str, Any], verify: Verify) -> tuple[Part, ...]:
    """Each credential of the record, verified for itself by the function given. Raises as `check_record`."""
    return tuple(_part(found, verify) for found in inner_credentials(document))


def inner_check(parts: Sequence[Part]) -> Check:
    """One line on all of them: failed where one is invalid, else not checkable where one is undecided."""
    verdicts = [part.verification.verdict for part in parts]
    invalid, undecided = verdicts.count("invalid"), verdicts.count("indeterminate")
    if invalid:
        return Check.from_error(NAME, MalformedCredential("inner_credential_invalid", count=invalid))
    if undecided:
        error = MalformedCredential("inner_credential_undecided", count=undecided)
        return Check.from_error(NAME, error, Outcome.COULD_NOT_BE_CHECKED)
    return replace(Check.passed(NAME), message=f"Credentials verified: {len(parts)}.")


def subject_check(document: Mapping[str, Any], parts: Sequence[Part]) -> Check | None:
    """A warning where a credential of the record is about somebody else than the record says it is about."""
    subject = document.get("credentialSubject")
    learner = text(subject, "id") if isinstance(subject, dict) else None
    others = {part.verification.claims.subject_id for part in parts if part.verification.claims} - {None, learner}
    if learner is None or not others:
        return None
    return Check.from_error("inner_subjects", MalformedCredential("subject_differs"), Outcome.WARNING)


def _check_parts(document: Document) -> None:
    """Every credential of a record to be signed can be read, and associations are between credentials or achievements.

    Raises what is wrong with the first that cannot.
    """
    further = objects(document["credentialSubject"], "achievement")
    known = {text(item, "id") for item in further}
    for found in inner_credentials(document):
        if isinstance(found, CredentialError):
            raise found
        subject = found.document.get("credentialSubject")
        achieved = subject.get("achievement") if isinstance(subject, dict) else None
        known |= {found.id, achieved.get("id") if isinstance(achieved, dict) else None}
    if not all({item.source_id, item.target_id} <= known for item in associations(document)):
        raise wrong("association", "names something that is not in the record")


def _subject(
    credentials: Sequence[Mapping[str, Any] | str],
    subject_id: str | None,
    identifiers: Sequence[IdentityObject],
    achievements: Sequence[Mapping[str, Any]],
    related: Iterable[Association],
) -> Document:
    subject: Document = {
        "id": subject_id,
        "type": [SUBJECT],
        "identifier": [_identity(item) for item in identifiers],
        "verifiableCredential": [_source(item) for item in credentials],
        "achievement": list(achievements),
        "association": [
            {"type": ["Association"], "associationType": item.type, "sourceId": item.source_id,
             "targetId": item.target_id}
            for item in related
        ],
    }  # fmt: skip
    return {member: value for member, value in subject.items() if value not in (None, [])}


def _source(credential: Mapping[str, Any] | str) -> Document:
    if isinstance(credential, str):
        media_type = "application/vc+sd-jwt" if "~" in credential else "application/vc+jwt"
        return envelope(CREDENTIAL, credential, media_type)
    return dict(credential)


def _identity(item: IdentityObject) -> Document:
    members = {
        "type": "IdentityObject", "hashed": item.hashed, "identityHash": item.identity_hash,
        "identityType": item.identity_type, "salt": item.salt,
    }  # fmt: skip
    return {name: value for name, value in members.items() if value is not None}


def _association(source: Object) -> Association:
    found = Association(
        required_text(source, "associationType"), required_text(source, "sourceId"), required_text(source, "targetId")
    )
    if found.type not in ASSOCIATION_TYPES:
        raise wrong("associationType", "is not one of CLR 2.0")
    return found


def _read(source: Any) -> Credential | CredentialError:
    try:
        if not isinstance(source, str | dict):
            raise wrong("verifiableCredential", "holds something else than credentials")
        return read(source.encode("utf-8", "surrogatepass") if isinstance(source, str) else jcs(source))
    except CredentialError as error:
        return error


def _part(found: Credential | CredentialError, verify: Verify) -> Part:
    if isinstance(found, CredentialError):
        return Part("credential", None, Verification().with_check(Check.from_error("shape", found)))
    return Part("credential", found.id, verify(found))
