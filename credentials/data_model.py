"""The members that every verifiable credential may have, as VC Data Model 2.0 (section 4) wants them.

Addresses and the ids of all objects are looked at elsewhere (`credentials.profile`), dates in `credentials.shape`.
"""

from collections.abc import Mapping
from typing import Any, Final

from credentials.errors import MalformedCredential
from credentials.language import language_map
from credentials.members import Object, items, objects, required_text, strings_of, text, wrong

TYPED: Final = ("credentialStatus", "credentialSchema", "refreshService", "termsOfUse", "evidence",
                "confidenceMethod", "renderMethod")  # fmt: skip
_TEXTS: Final = ("name", "description")
_DIRECTIONS: Final = ("ltr", "rtl")


def check_data_model(document: Mapping[str, Any], *, partial: bool = False) -> None:
    """Refuse members that are not as the data model wants them. Of a partly disclosed credential some may be absent.

    - `id` is one text, types are texts (4.4, 4.5); `name` and `description`, the issuer's too, are texts, or language
      value objects with no further members (4.6, 11.1);
    - there is a subject, and none says nothing (4.8);
    - status, schema, refresh service, terms of use, evidence and the like are objects that name their type (4.9 to
      4.13, 5.4 to 5.6), a schema its address too;
    - a related resource has an id of its own and a digest (5.3).

    Raises MalformedCredential `malformed_credential`, `cardinality`, `malformed_language_tag`.
    """
    text(document, "id")
    strings_of(document, "type")
    _check_texts(document)
    if isinstance(document.get("issuer"), dict):
        _check_texts(document["issuer"])
    _check_subjects(document, partial=partial)
    for member in TYPED:
        if member in document:
            _check_typed(document, member)
    if "relatedResource" in document:
        _check_related(document)


def _check_texts(source: Object) -> None:
    for member in _TEXTS:
        value = source.get(member, "")
        if not isinstance(value, str):
            _check_translated(value, member)


def _check_translated(value: Any, member: str) -> None:
    if not language_map(value, member):
        raise wrong(member, "is empty")
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict) and item.get("@direction", "ltr") not in _DIRECTIONS:
            raise wrong(member, "has a direction that is none")


def _check_subjects(document: Object, *, partial: bool) -> None:
    subjects = objects(document, "credentialSubject")
    if not partial and not (subjects and all(subjects)):
        raise wrong("credentialSubject", "is missing or empty")


def _check_typed(document: Object, member: str) -> None:
    found = objects(document, member)
    if not found:
        raise wrong(member, "is empty")
    for item in found:
        if not strings_of(item, "type"):
            raise wrong(member, "does not name its type")
        if member == "credentialSchema":
            required_text(item, "id")


def _check_related(document: Object) -> None:
    named = [required_text(item, "id") for item in objects(document, "relatedResource")]
    if len(set(named)) != len(named):
        raise MalformedCredential("cardinality", pointer="relatedResource")
    for item in items(document, "relatedResource"):
        if not {"digestSRI", "digestMultibase"} & item.keys():
            raise wrong("relatedResource", "states no digest")
