"""The strict JSON-LD profile, as far as the JSON itself shows it: what a credential may look like before
expansion.

The profile closes the ways in which a JSON-LD processor and a JSON reader see different documents. It walks
the document without recursion, so it is safe on any nesting, and comes before everything that recurses.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from credentials.canonical import jcs
from credentials.contexts import PINNED, ContextSet
from credentials.errors import ContextRefused, LimitExceeded, MalformedCredential
from credentials.iris import check_iri, check_language_tag, is_iri, is_language_tag
from credentials.strict_json import MAX_DEPTH

MAX_NODES: Final = 500
MAX_RECORD_NODES: Final = 5_000
RECORD: Final = "ClrCredential"
_CONTAINERS: Final = (dict, list)
TAGGED_TEXT: Final = frozenset({"@value", "@language"})
DIRECTED_TEXTS: Final = (frozenset({"@value", "@direction"}), frozenset({"@value", "@language", "@direction"}))
DIRECTIONS: Final = ("ltr", "rtl")

_Step = tuple[str, Any, int]


def _names(value: object) -> Iterator[str]:
    """Every name of a member in a JSON value."""
    if isinstance(value, dict):
        yield from value
    for item in value.values() if isinstance(value, dict) else ():
        yield from _names(item)


# What members are usually called: the names that the pinned contexts know, keywords apart.
_ORDINARY: Final = frozenset(name for name in _names(dict(PINNED.documents)) if not name.startswith("@"))


def node_limit(document: object) -> int:
    """How many objects a document may have: more in a learner record, which holds credentials of such size itself.

    Only the compiled path writes so many as quads; the general one, which is far slower, stops at `MAX_NODES`.
    """
    types = document.get("type") if isinstance(document, dict) else None
    return MAX_RECORD_NODES if isinstance(types, list) and RECORD in types else MAX_NODES


def check_shape(document: Mapping[str, Any], contexts: ContextSet = PINNED, limit: int | None = None) -> None:
    """Refuse a document that the profile forbids, whatever secures it.

    - depth and number of objects: LimitExceeded `too_deep` (32), `too_complex` (`node_limit`, if not another);
    - every `@context`, the document's and those of credentials inside it: ContextRefused
    `context_not_allowed`;
    - other keywords, but for `@value` with `@language`, `@direction` or both: ContextRefused `keyword_not_allowed`,
    `malformed_language_tag`;
    - every `id`: ContextRefused `malformed_iri`, `relative_iri`.
    """
    contexts.check(document.get("@context"))
    most = limit or node_limit(document)
    if not isinstance(document, dict) or not _is_plainly_good(document, contexts, most):
        _check_each(document, contexts, most)


def _is_plainly_good(document: Mapping[str, Any], contexts: ContextSet, most: int) -> bool:
    """Whether nothing is wrong, found level by level; where something may be, `_check_each` says where and what."""
    nodes = 0
    level: list[Any] = [document]
    for _ in range(MAX_DEPTH - 1):
        below: list[Any] = []
        for value in level:
            if isinstance(value, list):
                below += value
            elif _is_plain_object(value, contexts):
                nodes += 1
                below += value.values()
            else:
                return False
        if nodes > most:
            return False
        level = [item for item in below if type(item) is not str and isinstance(item, _CONTAINERS)]
        if not level:
            return True
    return False


def _is_plain_object(value: dict[str, Any], contexts: ContextSet) -> bool:
    """Whether an object has neither keywords nor an id that is none; or is a text with its language."""
    if "id" in value and not (isinstance(value["id"], str) and is_iri(value["id"])):
        return False
    if _ORDINARY.issuperset(value):
        return True
    keywords = [name for name in value if name[:1] == "@"]
    if not keywords:
        return True
    if keywords == ["@context"]:
        return _is_allowed(value["@context"], contexts)
    if len(value) != 2 or set(keywords) != TAGGED_TEXT:
        return False  # a text with a direction is looked at there, too
    text, language = value["@value"], value["@language"]
    return isinstance(text, str) and isinstance(language, str) and is_language_tag(language)


def _is_allowed(context: object, contexts: ContextSet) -> bool:
    try:
        contexts.check(context)
    except ContextRefused:
        return False
    return True


def _check_each(document: Mapping[str, Any], contexts: ContextSet, most: int) -> None:
    """Each value in turn, with its pointer."""
    nodes = 0
    for pointer, value, depth in _walk(document):
        if depth > MAX_DEPTH:
            raise LimitExceeded("too_deep", limit=MAX_DEPTH)
        if isinstance(value, dict):
            nodes += 1
            _check_object(pointer, value, contexts)
        if nodes > most:
            raise LimitExceeded("too_complex", limit=most, unit="objects")


def check_single_spelling(document: Mapping[str, Any]) -> None:
    """Refuse JSON that says more than RDF keeps, for proofs over RDF; `check_shape` comes first.

    Nulls, empty arrays and repeated members of arrays vanish in RDF, and members named by IRIs read the same
    as their terms: all could be changed under a valid signature. Raises MalformedCredential
    `not_canonical_shape`.
    """
    for _, value, _ in _walk(document):
        if value is None or (isinstance(value, list) and not is_list_of_one_spelling(value)):
            raise MalformedCredential("not_canonical_shape")
        if isinstance(value, dict) and any(":" in name for name in value):
            raise MalformedCredential("not_canonical_shape")


def leaves(value: object) -> Iterator[Any]:
    """Every string, number and boolean of a document, those of `@context` apart."""
    for _, item, _ in _walk(value):
        if not isinstance(item, dict | list) and item is not None:
            yield item


def _walk(root: object) -> Iterator[_Step]:
    """Every value of a document with its JSON pointer and depth, those of `@context` apart."""
    pending: list[_Step] = [("", root, 1)]
    while pending:
        pointer, value, depth = pending.pop()
        yield pointer, value, depth
        inner = depth + 1 if isinstance(value, dict | list) else depth
        pending.extend((f"{pointer}/{name}", item, inner) for name, item in _children(value))


def _children(value: object) -> Iterator[tuple[str | int, Any]]:
    if isinstance(value, dict):
        yield from ((name, item) for name, item in value.items() if name != "@context")
    elif isinstance(value, list):
        yield from enumerate(value)


def _check_object(pointer: str, value: dict[str, Any], contexts: ContextSet) -> None:
    if "@context" in value:
        contexts.check(value["@context"])
    keywords = {name for name in value if name.startswith("@")} - {"@context"}
    if value.keys() == TAGGED_TEXT or value.keys() in DIRECTED_TEXTS:
        _check_tagged_text(pointer, value)
    elif keywords:
        raise ContextRefused("keyword_not_allowed", keyword=_known(min(keywords)))
    if "id" in value:
        _check_id(f"{pointer}/id", value["id"])


def _check_tagged_text(pointer: str, value: dict[str, Any]) -> None:
    text, language = value["@value"], value.get("@language", "und")
    if not isinstance(text, str) or not isinstance(language, str):
        raise ContextRefused("malformed_language_tag", pointer=_public(pointer))
    if value.get("@direction", "ltr") not in DIRECTIONS:
        raise ContextRefused("keyword_not_allowed", keyword="@direction")
    check_language_tag(language, _public(pointer))


def _check_id(pointer: str, value: object) -> None:
    if not isinstance(value, str):
        raise ContextRefused("malformed_iri", pointer=_public(pointer))
    check_iri(value, _public(pointer))


def is_list_of_one_spelling(items: list[Any]) -> bool:
    """Whether RDF keeps every member: none is a list, which is flattened, and none is there twice.

    Objects without an id may be equal and still be two.
    """
    if not items or any(isinstance(item, list) for item in items):
        return False
    named = [jcs(item) for item in items if not isinstance(item, dict) or {"id", "@value"} & item.keys()]
    return len(set(named)) == len(named)


def _public(pointer: str) -> str:
    """The pointer, if it is made of plain member names: an attacker's own names are not repeated in messages."""
    plain = len(pointer) <= 200 and pointer.isascii() and pointer.replace("/", "").isalnum()
    return pointer if plain else "(a member)"


def _known(keyword: str) -> str:
    return keyword if len(keyword) <= 12 and keyword[1:].isalpha() and keyword.isascii() else "(unknown)"
