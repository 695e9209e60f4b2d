"""A JSON Schema that somebody else wrote, applied to a credential: no network, no backtracking, bounded work.

Patterns run in linear time, for the engine refuses what would need more (look-around, back-references). What a schema
could still do is multiply: so its applications to the document are counted before it is run.
"""

from collections.abc import Iterator, Mapping
from itertools import chain, islice
from types import MappingProxyType
from typing import Any, Final

import jsonschema_rs

from credentials.errors import MalformedCredential

DRAFTS: Final[Mapping[str, type[Any]]] = MappingProxyType(
    {
        "json-schema.org/draft/2020-12/schema": jsonschema_rs.Draft202012Validator,
        "json-schema.org/draft/2019-09/schema": jsonschema_rs.Draft201909Validator,
        "json-schema.org/draft-07/schema": jsonschema_rs.Draft7Validator,
    }
)
MAX_WORK: Final = 50_000
MAX_PATTERNS: Final = 200
_PATTERN_SIZE: Final = 262_144
_SAME_LISTS: Final = ("allOf", "anyOf", "oneOf")
_SAME_SINGLE: Final = ("not", "if", "then", "else")
_SAME_MAPS: Final = ("dependentSchemas", "dependencies")
_INNER: Final = ("additionalProperties", "unevaluatedProperties", "items", "additionalItems", "unevaluatedItems",
                 "prefixItems", "contains", "propertyNames")  # fmt: skip
_AGAIN: Final = ("unevaluatedProperties", "unevaluatedItems")
_NOT_FOLLOWED: Final = ("$dynamicRef", "$recursiveRef")

_Step = tuple[Any, Any]


def check_conforms(instance: Mapping[str, Any], schema: Any) -> None:
    """The instance fits the schema.

    Raises MalformedCredential: `schema_malformed` for what is no JSON Schema with a `$schema`; `schema_unavailable`
    for a draft, a reference or a pattern that is not followed, and for one that asks for too much work;
    `schema_mismatch` where the instance does not fit.
    """
    validator = _draft(schema)
    _check_references(schema)
    _check_work(schema, instance)
    failure = next(_compiled(validator, schema).iter_errors(dict(instance)), None)
    if failure is not None:
        raise MalformedCredential("schema_mismatch", keyword=failure.kind.name)


def _draft(schema: Any) -> type[Any]:
    """The validator of the draft that `$schema` names (VC JSON Schema, 3.1.2 and 4), for a schema that is one of it."""
    draft = schema.get("$schema") if isinstance(schema, dict) else None
    if not isinstance(draft, str):
        raise MalformedCredential("schema_malformed")
    name = draft.removesuffix("#").removeprefix("https://").removeprefix("http://")
    if name not in DRAFTS:
        raise MalformedCredential("schema_unavailable")
    if not jsonschema_rs.meta.is_valid({**schema, "$schema": f"http{'' if '-07' in name else 's'}://{name}"}):
        raise MalformedCredential("schema_malformed")
    return DRAFTS[name]


def _compiled(validator: type[Any], schema: Any) -> Any:
    """The schema, ready to run. A pattern that could backtrack does not compile, nor does one that grows too large."""
    options = jsonschema_rs.RegexOptions(size_limit=_PATTERN_SIZE, dfa_size_limit=_PATTERN_SIZE)
    try:
        return validator(schema, pattern_options=options, offline=True)
    except (ValueError, jsonschema_rs.ReferencingError):
        raise MalformedCredential("schema_unavailable") from None


def _check_references(schema: Any) -> None:
    """References stay within the schema and name places by pointer; patterns are few."""
    patterns = 0
    for node in _objects(schema):
        patterns += isinstance(node.get("pattern"), str)
        patterns += len(node["patternProperties"]) if isinstance(node.get("patternProperties"), dict) else 0
        renamed = node is not schema and isinstance(node.get("$id"), str)
        reference = node.get("$ref")
        outside = isinstance(reference, str) and reference != "#" and not reference.startswith("#/")
        if (
            renamed
            or outside
            or patterns > MAX_PATTERNS
            or any(isinstance(node.get(name), str) for name in _NOT_FOLLOWED)
        ):
            raise MalformedCredential("schema_unavailable")


def _check_work(schema: Any, instance: Any) -> None:
    """Count how often a part of the schema would be applied to a part of the document, every branch taken.

    Each value that a part may be equal to is compared, all of it, every time.
    """
    pending: list[_Step] = [(schema, instance)]
    values: dict[int, int] = {}
    work = 0
    while pending:
        part, value = pending.pop()
        if id(part) not in values:
            values[id(part)] = _compared(part)
        work += 1 + values[id(part)] + (len(value) if isinstance(value, dict | list) else 0)
        if work > MAX_WORK or len(pending) > MAX_WORK:
            raise MalformedCredential("schema_unavailable")
        if isinstance(part, dict):
            pending.extend(islice(chain(_same(part, value, schema), _inner(part, value)), MAX_WORK + 1))


def _compared(part: Any) -> int:
    """How many JSON values stand in what a part of the schema wants a value to be equal to."""
    pending = [part.get("enum"), part.get("const")] if isinstance(part, dict) else []
    count = 0
    while pending:
        inner = pending.pop()
        children = _values(inner) or _items(inner)
        count += len(children)
        pending.extend(children)
    return count


def _same(part: dict[str, Any], value: Any, schema: Any) -> Iterator[_Step]:
    """What is applied to the same value; twice where what was not evaluated is asked for."""
    times = 1 + any(name in part for name in _AGAIN)
    for _ in range(times):
        yield from ((item, value) for name in _SAME_LISTS for item in _items(part.get(name)))
        yield from ((part[name], value) for name in _SAME_SINGLE if name in part)
        yield from ((item, value) for name in _SAME_MAPS for item in _values(part.get(name)))
        if isinstance(part.get("$ref"), str):
            yield _at(schema, part["$ref"]), value


def _inner(part: dict[str, Any], value: Any) -> Iterator[_Step]:
    """What is applied to members and elements of the value."""
    children = _values(value) if isinstance(value, dict) else _items(value)
    properties = part.get("properties")
    if isinstance(value, dict) and isinstance(properties, dict):
        yield from ((properties[name], item) for name, item in value.items() if name in properties)
    schemas = [item for name in _INNER if name in part for item in _items(part[name]) or [part[name]]]
    schemas += _values(part.get("patternProperties"))
    yield from ((item, child) for item in schemas for child in children)


def _at(schema: Any, reference: str) -> Any:
    """The part of the schema that a pointer in a fragment names."""
    found = schema
    for step in reference.removeprefix("#").split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(found, dict) and name in found:
            found = found[name]
        elif isinstance(found, list) and name.isascii() and name.isdecimal() and int(name[:6]) < len(found):
            found = found[int(name[:6])]
        else:
            raise MalformedCredential("schema_unavailable")
    return found


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    pending = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, dict):
            yield item
        pending.extend(_values(item) or _items(item))


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _values(value: Any) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else []
