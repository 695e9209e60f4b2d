"""The identifiers of what the bank reads in a credential: well formed, and each the name of one object only."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from credentials.errors import ContextRefused
from credentials.iris import check_iri

_MAX_LENGTH: Final = 2048
_RECORD: Final = "ClrCredential"
_READ_TYPES: Final = frozenset({"OpenBadgeCredential", "AchievementCredential"})
_ENDORSED: Final = frozenset({"id", "type", "endorsementComment"})
_SUBJECT_PARTS: Final = ("identifier", "result")
_ACHIEVEMENT_PARTS: Final = ("criteria", "alignment", "resultDescription", "related")


def check_identifiers(document: Mapping[str, Any]) -> None:
    """Credential, issuer, subject, achievement and status entries have absolute IRIs for ids, where they have any.

    Raises ContextRefused `malformed_iri`, `relative_iri`.
    """
    for pointer, node in _named_nodes(document):
        _check_id(node["id"], f"{pointer}/id")


def check_nodes_apart(document: Mapping[str, Any]) -> None:
    """No other object has the id of one that the bank reads.

    RDF takes two objects with one id for one: members could be moved between them under a signature over RDF. An
    endorsement may name the achievement it endorses, as it holds nothing that the bank reads; so may criteria with
    nothing but a narrative, which has no other place to go. The parts of achievement and subject may not even be
    referred to, since the bank reads on where one of them is missing. Raises ContextRefused `not_canonical_shape`.
    """
    if _is_record(document):
        _check_record_apart(document)
        return
    own = _own_criteria(document)
    nodes = [node for node in _objects(document) if isinstance(node.get("id"), str) and node is not own]
    named = Counter(node["id"] for node in nodes)
    owned = Counter(node["id"] for node in nodes if not node.keys() <= _ENDORSED)
    read = {node["id"] for pointer, node in _named_nodes(document) if pointer != "/issuer"}
    parts = {part["id"] for part in _parts(document) if part.keys() != {"id"} and part is not own}
    if any(owned[iri] > 1 for iri in read) or any(named[iri] > 1 for iri in parts):
        raise ContextRefused("not_canonical_shape")


def _is_record(document: Mapping[str, Any]) -> bool:
    """Whether it is a learner record and nothing else: of a badge its own achievement would be read too."""
    types = document.get("type")
    return isinstance(types, list) and _RECORD in types and not _READ_TYPES & set(filter(_is_text, types))


def _check_record_apart(document: Mapping[str, Any]) -> None:
    """No other object of a learner record has the id of the record itself, of its status or of one of its credentials.

    The credentials in it share their learner, and often issuer and achievement, with it and with one another. They are
    read only under their own proofs, each from its own object, so that nothing can be moved there. Of the record itself
    only what stands in its own object is read, the selection of credentials and their associations.
    """
    owned = Counter(node["id"] for node in _objects(document) if _is_text(node.get("id")) and node.keys() != {"id"})
    inner = {node["id"] for node in _inner(document) if _is_text(node.get("id"))}
    read = {node["id"] for pointer, node in _named_nodes(document) if pointer in ("", "/credentialStatus")}
    if any(owned[iri] > 1 for iri in read | inner):
        raise ContextRefused("not_canonical_shape")


def _inner(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    subject = document.get("credentialSubject")
    found = subject.get("verifiableCredential") if isinstance(subject, Mapping) else None
    return [item for item in (found if isinstance(found, list) else [found]) if isinstance(item, Mapping)]


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _check_id(iri: object, pointer: str) -> None:
    if not isinstance(iri, str) or len(iri) > _MAX_LENGTH:
        raise ContextRefused("malformed_iri", pointer=pointer)
    check_iri(iri, pointer)


def _named_nodes(document: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """The objects that the bank reads, those that have an id, with their pointers."""
    issuer, subject = document.get("issuer"), document.get("credentialSubject")
    nodes: list[tuple[str, Any]] = [("", document), ("/issuer", issuer if isinstance(issuer, dict) else {"id": issuer})]
    if isinstance(subject, dict):
        nodes += [("/credentialSubject", subject)]
        nodes += [("/credentialSubject/achievement", subject.get("achievement"))]
    entries = document.get("credentialStatus")
    nodes += [("/credentialStatus", entry) for entry in (entries if isinstance(entries, list) else [entries])]
    return [(pointer, node) for pointer, node in nodes if isinstance(node, Mapping) and "id" in node]


def _own_criteria(document: Mapping[str, Any]) -> object:
    """The achievement's criteria, where they stand at its own address and hold nothing but a narrative."""
    subject = document.get("credentialSubject")
    achieved = subject.get("achievement") if isinstance(subject, dict) else None
    criteria = achieved.get("criteria") if isinstance(achieved, dict) else None
    if not isinstance(achieved, dict) or not isinstance(criteria, dict):
        return None
    return criteria if criteria.keys() == {"id", "narrative"} and criteria["id"] == achieved.get("id") else None


def _parts(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The parts of subject and achievement that the bank reads and that have an id."""
    subject = document.get("credentialSubject")
    achieved = subject.get("achievement") if isinstance(subject, dict) else None
    places: tuple[tuple[Any, tuple[str, ...]], ...] = (subject, _SUBJECT_PARTS), (achieved, _ACHIEVEMENT_PARTS)
    for node, members in places:
        for member in members if isinstance(node, dict) else ():
            value = node.get(member)
            items = value if isinstance(value, list) else [value]
            yield from (item for item in items if isinstance(item, dict) and isinstance(item.get("id"), str))


def _objects(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Every object of the document, itself included."""
    pending: list[Any] = [document]
    while pending:
        node = pending.pop()
        if isinstance(node, list):
            pending.extend(node)
        elif isinstance(node, (dict, Mapping)):  # nearly always the former, which is found out much faster
            yield node
            pending.extend(node.values())
