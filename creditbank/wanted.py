"""What a verification still lacks, told from its own checks: whose keys, which lists, which documents — pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from credentials.checks import Outcome, Verification
from credentials.credential import Credential, Format
from credentials.errors import CredentialError
from credentials.members import objects
from credentials.open_badges_2 import wanted_documents
from credentials.revocation_list import is_own_origin, is_revocation_list, list_address
from credentials.sd_jwt_verification import has_status_claim
from credentials.status_entry import status_entries
from credentials.token_status_list import token_status
from credentials.verification_material import VerificationMaterial

MAX_LISTS = 8
"""Status lists looked up for one credential; further ones stay unchecked."""


@dataclass(frozen=True, slots=True)
class Question:
    """Something to ask outside: `keys` of an issuer, a status `list` or `token`, or a `document`.

    `hints` are the keys named.
    """

    kind: str
    about: str
    hints: tuple[str, ...] = ()


def named_issuers(credential: Credential, nested: Iterable[Credential]) -> tuple[str, ...]:
    """Every issuer that the credential and those inside it name."""
    return tuple(dict.fromkeys(one.issuer_id for one in (credential, *nested) if one.issuer_id))


def list_urls(credential: Credential) -> list[str]:
    """The bitstring lists that a credential points to, at most eight."""
    try:
        urls = dict.fromkeys(entry.list_url for entry in status_entries(credential.document))
    except CredentialError:
        return []  # the verification itself will say what is wrong with them
    return list(urls)[:MAX_LISTS]


def revocation_list_urls(credential: Credential) -> list[str]:
    """The 1EdTech revocation lists that a credential points to, where its issuer's own site serves them (T02)."""
    try:
        urls = [
            list_address(item) for item in objects(credential.document, "credentialStatus") if is_revocation_list(item)
        ]
    except CredentialError:
        return []
    return [url for url in urls if is_own_origin(url, credential.issuer_id or "")][:MAX_LISTS]


def token_list_urls(credential: Credential) -> list[str]:
    """The token status list that the credential's own token points to; none, or one."""
    if credential.jws is None or not has_status_claim(credential):
        return []
    try:
        return [token_status(credential.jws.payload).uri]
    except CredentialError:
        return []


def wanted(
    credential: Credential, nested: Sequence[Credential], found: Verification, material: VerificationMaterial
) -> list[Question]:
    """The next questions; none for what is refused. What is inside counts only once the outside holds."""
    if found.verdict == "invalid":
        return []
    if credential.format is Format.OPEN_BADGES_2:
        return [Question("document", url) for url in wanted_documents(credential, material.documents)]
    if lacks(found, "key_unavailable"):
        return [_keys(credential)]
    if not _holds(found):
        return []
    inside = [check.code for part in _parts(found) for check in part.checks]
    return [*_lists(credential, found), *_inside(nested, set(inside), material)]


def lacks(found: Verification, code: str) -> bool:
    """Whether a check could not be made for this reason."""
    return any(check.code == code and check.outcome is Outcome.COULD_NOT_BE_CHECKED for check in found.checks)


def _holds(found: Verification) -> bool:
    """Whether a signature holds and is the issuer's."""
    return any(check.name == "issuer_binding" and check.outcome is Outcome.PASSED for check in found.checks)


def _parts(found: Verification) -> Iterator[Verification]:
    for part in found.parts:
        yield part.verification
        yield from _parts(part.verification)


def _keys(credential: Credential) -> Question:
    return Question("keys", credential.issuer_id or "", credential.verification_methods[:2])


def _lists(credential: Credential, found: Verification) -> list[Question]:
    if not lacks(found, "status_unavailable"):
        return []
    return _all_lists(credential)


def _all_lists(credential: Credential) -> list[Question]:
    return [
        *(Question("list", url) for url in list_urls(credential)),
        *(Question("document", url) for url in revocation_list_urls(credential)),
        *(Question("token", url) for url in token_list_urls(credential)),
    ]


def _inside(nested: Sequence[Credential], codes: set[str | None], material: VerificationMaterial) -> list[Question]:
    questions: list[Question] = []
    if "key_unavailable" in codes:
        questions += [_keys(one) for one in nested if one.issuer_id in material.unreachable]
    if "status_unavailable" in codes:
        questions += [question for one in nested for question in _all_lists(one)]
    return questions
