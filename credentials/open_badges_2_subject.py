"""The learner and the achievement of an Open Badges 2.0 assertion, in the words of Open Badges 3.0."""

import re
from typing import Final

from credentials.achievement import Achievement, Alignment, IdentityObject
from credentials.errors import CredentialError
from credentials.iris import check_iri
from credentials.language import UNDETERMINED, LanguageMap, language_map, language_tag
from credentials.members import Object, objects, required_text, text, wrong
from credentials.open_badges_2 import Assertion
from credentials.subject import AchievementSubject

# Open Badges 2.0, recipient profile property -> Open Badges 3.0, IdentifierTypeEnum.
IDENTITY_TYPES: Final = {"email": "emailAddress", "telephone": "ext:telephone", "url": "ext:url"}
_SHA_256: Final = re.compile(r"sha256\$[0-9A-Fa-f]{64}", re.ASCII)
_MD5: Final = re.compile(r"md5\$[0-9A-Fa-f]{32}", re.ASCII)
_ADDRESSES: Final = ("id", "url")


def subject(found: Assertion, badge: Object) -> AchievementSubject:
    """Who was awarded which badge class. There are no credits, results or levels in Open Badges 2.0.

    An MD5 hash identifies nobody and is left out. Raises MalformedCredential.
    """
    identity = _identity(found)
    learner = identity.identity_hash if identity and not identity.hashed and _is_iri(found, identity) else None
    return AchievementSubject(
        id=learner,
        identifiers=(identity,) if identity and learner is None else (),
        achievement=_achievement(found, badge),
        credits_earned=None,
        results=(),
        activity_start=None,
        activity_end=None,
        score=None,
        attendance=None,
        hours=None,
        grade=None,
    )


def has_weak_hash(found: Assertion) -> bool:
    """Whether the learner is named by an MD5 hash, which Open Badges 2.0 allows and anybody can find a match for."""
    return bool(_MD5.fullmatch(text(found.recipient, "identity") or ""))


def _identity(found: Assertion) -> IdentityObject | None:
    """The recipient; None where an MD5 hash names it."""
    recipient = found.recipient
    value, hashed = required_text(recipient, "identity"), recipient.get("hashed", False)
    kind = required_text(recipient, "type")
    if not isinstance(hashed, bool):
        raise wrong("recipient.hashed", "is not true or false")
    if not hashed:
        return IdentityObject(value, IDENTITY_TYPES.get(kind, f"ext:{kind}"), hashed=False)
    if _MD5.fullmatch(value):
        return None
    if not _SHA_256.fullmatch(value):
        raise wrong("recipient.identity", "is not a hash")
    salt = text(recipient, "salt")
    return IdentityObject(value.lower(), IDENTITY_TYPES.get(kind, f"ext:{kind}"), hashed=True, salt=salt)


def _is_iri(found: Assertion, identity: IdentityObject) -> bool:
    """Whether the recipient is named by an IRI of its own, such as a profile's address or a DID."""
    if found.recipient.get("type") not in _ADDRESSES:
        return False
    try:
        check_iri(identity.identity_hash, "/recipient/identity")
    except CredentialError:
        return False
    return True


def _achievement(found: Assertion, badge: Object) -> Achievement:
    language = language_tag(badge["@language"], "@language") if "@language" in badge else UNDETERMINED
    criteria = badge.get("criteria")
    narrative: LanguageMap = {}
    if isinstance(criteria, dict) and "narrative" in criteria:
        narrative = language_map(criteria["narrative"], "criteria", language)
    return Achievement(
        id=text(badge, "id") or _address(found),
        types=("Achievement",),
        name={language: required_text(badge, "name")},
        description={language: text(badge, "description") or ""},
        criteria=narrative,
        criteria_url=text(criteria, "id") if isinstance(criteria, dict) else text(badge, "criteria"),
        alignments=tuple(map(_alignment, objects(badge, "alignment"))),
    )


def _address(found: Assertion) -> str:
    """The address of a badge class that does not name itself, as in version 1.0."""
    if not isinstance(found.badge, str):
        raise wrong("badge.id", "is missing")
    return found.badge


def _alignment(source: Object) -> Alignment:
    """Version 1.1 wrote `name`, `url` and `description`."""
    return Alignment(
        type=None,
        name=text(source, "targetName") or required_text(source, "name"),
        url=text(source, "targetUrl") or text(source, "url"),
        framework=text(source, "targetFramework"),
        code=text(source, "targetCode"),
        description=text(source, "targetDescription") or text(source, "description"),
    )
