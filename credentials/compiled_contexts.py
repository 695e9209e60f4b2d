"""Contexts compiled into plain look-ups: for each active context, what a member name means.

PyLD processes the contexts (JSON-LD 1.1 API, 4.1 and 4.2), once for each way into them: by the document's `@context`,
by a type, by a member, by a context inside. What comes out is kept as a `State`, a table from names to terms. A context
that uses what the tables do not hold (`@vocab`, a default language, an alias of another keyword) is not compiled, and a
member whose definition does (maps by index, language or id, `@json`, `@reverse`, `@nest`) is not in its table.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from pyld import jsonld

from credentials import expansion
from credentials.contexts import ContextSet
from credentials.errors import CredentialError
from credentials.iris import is_iri
from credentials.rdf import XSD, iri

MAX_STATES: Final = 400  # the pinned contexts need some dozens; whoever combines them endlessly only empties the table
_MAX_TYPES: Final = 400
_ALIASES: Final = {"id": "@id", "type": "@type"}
_CONTAINERS: Final = ({"@set"}, {"@list"}, {"@graph"}, {"@graph", "@set"})
_DEFINITION: Final = frozenset(
    {"@id", "@type", "@container", "@context", "reverse", "protected", "_prefix", "_term_has_colon"}
)


class NotCompiled(Exception):
    """The document is not of the shapes that the compiled form knows: the general path decides."""


@dataclass(slots=True, eq=False)
class Term:
    """What one member name means. `predicate` and the values of `names` are terms of N-Quads.

    A text becomes an IRI where `coerced` is `@id`, a name of `names` or an IRI where it is `@vocab`, else a literal, as
    do numbers and booleans: with `suffix` (`^^<…>`) and `datatype` unless that is left open. `is_plain` is a term whose
    one text is a literal. `scope` is the state in which the texts are read and `inner` that of objects, both made when
    they are first asked for.
    """

    name: str
    predicate: str
    coerced: str = ""
    datatype: str | None = None
    suffix: str = ""
    is_list: bool = False
    is_graph: bool = False
    scoped: bool = False
    is_plain: bool = False
    scope: "State | None" = None
    inner: "State | None" = None


@dataclass(slots=True, eq=False)
class State:
    """An active context as a table; the aliases of `@id` and `@type`, and `@context`, stand in it as None.

    `prefixes` would make another IRI of a text that starts with one of them and a colon. `typed` and `embedded` keep
    the states that types and contexts of objects lead to, `names` the resources that `@vocab` texts may name.
    """

    context: Any
    terms: dict[str, Term | None]
    prefixes: frozenset[str]
    typed: dict[Any, tuple["State", tuple[str, ...]]] = field(default_factory=dict)
    embedded: dict[tuple[str, ...], "State"] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)


class Compiled:
    """The states of one set of contexts, found as documents ask for them."""

    def __init__(self, contexts: ContextSet) -> None:
        self.contexts = contexts
        self._processor = jsonld.JsonLdProcessor()
        self._states: dict[str, State] = {}
        self._vocabulary = expansion.vocabulary(contexts)
        with expansion.LOCK:
            self.initial = self._state(self._processor._get_initial_context(self._options()))

    def embed(self, state: State, context: object) -> State:
        """The state under a `@context`. Raises NotCompiled; ContextRefused for one that is not allowed."""
        self.contexts.check(context)
        if not isinstance(context, list) or not all(isinstance(url, str) for url in context):
            raise NotCompiled
        found = self._process(state, context)
        if len(state.embedded) < _MAX_TYPES:
            state.embedded[tuple(context)] = found
        return found

    def type(self, state: State, types: object) -> tuple[State, tuple[str, ...]]:
        """The state of an object of these types (a text or a list of texts), and the types as terms of N-Quads."""
        names = _texts(types)
        written = tuple(_resource(state, name) for name in names)
        inner = state
        for name in sorted(names):
            scoped = _definition(state.context, name).get("@context", False)
            inner = inner if scoped is False else self._process(inner, scoped, propagate=False)
        key = tuple(names) if isinstance(types, list) else types
        if len(state.typed) < _MAX_TYPES and all(name in state.context["mappings"] for name in names):
            state.typed[key] = inner, written
        return inner, written

    def scope(self, state: State, term: Term) -> State:
        """The state in which the texts of a term are read: the property-scoped one, where there is one."""
        scoped = state.context["mappings"][term.name].get("@context")
        term.scope = state if scoped is None else self._process(state, scoped, override_protected=True)
        return term.scope

    def enter(self, state: State, term: Term) -> State:
        """The state of an object that is a value of this term: type-scoped contexts end, property-scoped ones begin."""
        active = (term.scope or self.scope(state, term)).context
        scoped = _definition(active, term.name).get("@context")
        inner = self._state_of(active.get("previousContext", active))
        term.inner = inner if scoped is None else self._process(inner, scoped, override_protected=True)
        return term.inner

    def resource(self, state: State, text: str) -> str:
        """The resource that a text means where it may be a name of the vocabulary (`@vocab`)."""
        found = _resource(state, text)
        if text in state.context["mappings"]:
            if found[1:-1] not in self._vocabulary:
                raise NotCompiled
            state.names[text] = found
        return found

    def _process(self, state: State, context: Any, **how: bool) -> State:
        with expansion.LOCK:
            try:
                active = self._processor._process_context(state.context, context, self._options(), **how)
            except (jsonld.JsonLdError, CredentialError):
                raise NotCompiled from None
        return self._state_of(active)

    def _state_of(self, active: Any) -> State:
        return self._states.get(active["_uuid"]) or self._state(active)

    def _state(self, active: Any) -> State:
        if any(name.startswith("@") and name != "@version" for name in active):
            raise NotCompiled
        if len(self._states) >= MAX_STATES:
            self._states = {}
            self.initial = State(self.initial.context, {}, frozenset())
        mappings = active["mappings"]
        terms: dict[str, Term | None] = {"@context": None}
        for name, definition in mappings.items():
            terms.update(_compiled(name, definition))
        prefixes = frozenset(name for name, known in mappings.items() if known and known.get("_prefix"))
        return self._states.setdefault(active["_uuid"], State(active, terms, prefixes))

    def _options(self) -> dict[str, Any]:
        return {**expansion.options(self.contexts), "isFrame": False, "keepFreeFloatingNodes": False}


@lru_cache(maxsize=8)
def compiled(contexts: ContextSet) -> Compiled:
    """The compiled form of a set of contexts, which keeps what it finds."""
    return Compiled(contexts)


def checked(text: str) -> str:
    """The text, if it is an absolute IRI; else NotCompiled."""
    if not is_iri(text):
        raise NotCompiled
    return text


def _texts(types: object) -> list[str]:
    """The names in a `type`, each of them once."""
    names = types if isinstance(types, list) else [types]
    texts = [name for name in names if isinstance(name, str)]
    if not texts or len(texts) != len(names) or len(set(texts)) != len(texts):
        raise NotCompiled
    return texts


def _resource(state: State, name: str) -> str:
    """A type, or a text where the vocabulary counts, as a term of N-Quads: a term of the context, or an IRI."""
    if name not in state.context["mappings"]:
        if name.partition(":")[0] in state.prefixes:
            raise NotCompiled
        return iri(checked(name))
    meant = _definition(state.context, name).get("@id")
    if not isinstance(meant, str):
        raise NotCompiled
    return iri(checked(meant))


def _definition(active: Any, name: str) -> Mapping[str, Any]:
    return active["mappings"].get(name) or {}


def _compiled(name: str, definition: Mapping[str, Any] | None) -> dict[str, Term | None]:
    """The entry of one term definition; none where the tables do not hold what it means."""
    meant = definition and definition.get("@id")
    if not definition or not isinstance(meant, str) or ":" in name:
        return {}
    if meant.startswith("@"):
        if _ALIASES.get(name) != meant:
            raise NotCompiled
        return {name: None}
    kinds, container = definition.get("@type"), set(definition.get("@container", ()))
    known = not definition.keys() - _DEFINITION and (not container or container in _CONTAINERS)
    if definition["reverse"] or kinds == "@json" or not known or not is_iri(meant):
        return {}
    return {name: _term(name, meant, kinds, container, definition)}


def _term(name: str, meant: str, kind: str | None, container: set[str], definition: Mapping[str, Any]) -> Term:
    coerced = kind if kind in ("@id", "@vocab") else ""
    datatype = None if coerced or kind in (None, "@none") else kind
    return Term(
        name,
        iri(meant),
        coerced or "",
        datatype,
        "" if datatype in (None, XSD + "string") else f"^^<{datatype}>",
        is_list="@list" in container,
        is_graph="@graph" in container,
        scoped="@context" in definition,
        is_plain=not coerced and not container & {"@list", "@graph"},
    )
