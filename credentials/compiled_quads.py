"""A document to quads in one walk over compiled contexts (JSON-LD 1.1 API, 5.1 and 8.1, for ordinary shapes).

The walk accepts only what it wholly understands: each text, number and boolean becomes the term of a quad at the place
where it stands, and the rest (an unknown member, a null, a keyword, an identifier that is no IRI, a shape of some other
kind) ends it. Then the general path decides, and says what is wrong; so this one never refuses anything.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from credentials.compiled_contexts import Compiled, NotCompiled, State, Term, compiled
from credentials.contexts import ContextSet
from credentials.errors import CredentialError
from credentials.expanded import is_one_thing, number_literal, speaks_of_another
from credentials.iris import is_iri, is_language_tag
from credentials.profile import TAGGED_TEXT, is_list_of_one_spelling, node_limit
from credentials.rdf import RDF, XSD, Quad, iri, literal, quoted
from credentials.strict_json import MAX_DEPTH

_TYPE: Final = iri(RDF + "type")
_FIRST, _REST, _NIL = iri(RDF + "first"), iri(RDF + "rest"), iri(RDF + "nil")
UNKNOWN: Final = Term("", "")
_BOOLEAN: Final = XSD + "boolean"
DEEPEST: Final = MAX_DEPTH // 2 - 1  # objects within objects; each may stand in a list, which counts as well
_quad: Final = partial(tuple.__new__, Quad)  # a Quad, without the detour by its constructor


def compiled_quads(document: Mapping[str, Any], contexts: ContextSet) -> list[Quad] | None:
    """The quads of a document, some perhaps twice; None where the general path must decide."""
    if type(document) is not dict or "@context" not in document:
        return None
    try:
        tables = compiled(contexts)
        walk = Walk(tables, node_limit(document))
        walk.node(tables.initial, document, "", 1)
        walk.check_one_type_an_identifier()
    except (NotCompiled, CredentialError):
        return None
    return walk.quads or None


class Walk:
    """One document on its way to quads."""

    __slots__ = ("labels", "most", "named", "nodes", "quads", "tables")

    def __init__(self, tables: Compiled, most: int) -> None:
        self.tables = tables
        self.most = most
        self.quads: list[Quad] = []
        self.named: list[tuple[str, tuple[str, ...], dict[str, Any], State]] = []
        self.nodes = 0
        self.labels = 0

    def blank(self) -> str:
        """A new blank node."""
        self.labels += 1
        return f"_:b{self.labels}"

    def node(self, state: State, node: dict[str, Any], graph: str, depth: int) -> str:
        """Write an object and all below it; its term."""
        self.nodes += 1
        if depth > DEEPEST or self.nodes > self.most:
            raise NotCompiled
        if "@context" in node:
            state = self.embedded(state, node["@context"])
        types: tuple[str, ...] = ()
        outer = state
        if "type" in node:
            state, types = self.typed(state, node["type"])
        if "id" in node:
            subject = _identifier(state, node["id"])
            self.named.append((subject, types, node, state))
        else:
            subject = self.blank()
        for name in types:
            self.quads.append(_quad((subject, _TYPE, name, graph)))
        if outer is not state and "type" not in outer.terms:
            raise NotCompiled
        self.members(state, subject, node, graph, depth)
        return subject

    def members(self, state: State, subject: str, node: dict[str, Any], graph: str, depth: int) -> None:
        """Write what the object says."""
        term_of, write = state.terms.get, self.quads.append
        for name, value in node.items():
            term = term_of(name, UNKNOWN)
            if term is None:
                continue
            if term.is_plain and type(value) is str:
                write(_quad((subject, term.predicate, quoted(value) + term.suffix, graph)))
            elif term is UNKNOWN:
                raise NotCompiled
            elif type(value) is list or term.is_list:
                self.several(state, term, subject, value, graph, depth)
            else:
                write(_quad((subject, term.predicate, self.object(state, term, value, graph, depth), graph)))

    def several(self, state: State, term: Term, subject: str, value: Any, graph: str, depth: int) -> None:
        """Write the members of a list, or the one value of a member that is always a list."""
        values = value if type(value) is list else [value]
        if not _is_of_one_spelling(values):
            raise NotCompiled
        if term.is_list:
            self.quads.append(
                _quad((subject, term.predicate, self.collection(state, term, values, graph, depth), graph))
            )
            return
        for item in values:
            self.quads.append(_quad((subject, term.predicate, self.object(state, term, item, graph, depth), graph)))

    def collection(self, state: State, term: Term, values: list[Any], graph: str, depth: int) -> str:
        """An RDF collection (8.2.3); its first cell."""
        rest = _NIL
        for item in reversed(values):
            cell = self.blank()
            self.quads.append(_quad((cell, _FIRST, self.object(state, term, item, graph, depth), graph)))
            self.quads.append(_quad((cell, _REST, rest, graph)))
            rest = cell
        return rest

    def object(self, state: State, term: Term, value: Any, graph: str, depth: int) -> str:
        """One value of a member as a term, written with all below it."""
        kind = type(value)
        if kind is dict:
            return self.inner(state, term, value, graph, depth)
        if term.is_graph:
            raise NotCompiled
        if kind is str:
            return self.text(state, term, value)
        if kind is bool:
            return literal("true" if value else "false", term.datatype or _BOOLEAN)
        if kind is int or kind is float:
            return number_literal(value, term.datatype)
        raise NotCompiled

    def text(self, state: State, term: Term, text: str) -> str:
        """A text as an IRI or a literal."""
        if not term.coerced:
            return quoted(text) + term.suffix
        scope = term.scope or self.tables.scope(state, term)
        if term.coerced == "@id":
            return _identifier(scope, text)
        return scope.names.get(text) or self.tables.resource(scope, text)

    def inner(self, state: State, term: Term, value: dict[str, Any], graph: str, depth: int) -> str:
        """An object as the value of a member: a text with its language, a reference, a node, or a graph with one."""
        if "@value" in value:
            return self.tagged(term, value)
        inner = term.inner or self.tables.enter(state, term)
        if len(value) == 1 and "id" in value:
            return self.reference(state, inner, term, value["id"])
        if not term.is_graph:
            return self.node(inner, value, graph, depth + 1)
        name = self.blank()
        if value.keys() <= {"@context", "id"}:
            raise NotCompiled
        self.node(inner, value, name, depth + 1)
        return name

    def reference(self, state: State, inner: State, term: Term, identifier: Any) -> str:
        """An object with nothing but an id, which does not end a type-scoped context."""
        self.nodes += 1
        if term.is_graph or term.scoped or "id" not in inner.terms or "id" not in state.terms:
            raise NotCompiled
        _identifier(state, identifier)
        return _identifier(inner, identifier)

    def tagged(self, term: Term, value: dict[str, Any]) -> str:
        """A text with its language."""
        self.nodes += 1
        if value.keys() != TAGGED_TEXT or term.is_graph:
            raise NotCompiled
        text, language = value["@value"], value["@language"]
        if type(text) is not str or type(language) is not str or not is_language_tag(language):
            raise NotCompiled
        return f"{quoted(text)}@{language.lower()}"

    def embedded(self, state: State, context: Any) -> State:
        """The state under a `@context`."""
        try:
            found = state.embedded.get(tuple(context))
        except TypeError:
            raise NotCompiled from None
        return found if found is not None and type(context) is list else self.tables.embed(state, context)

    def typed(self, state: State, types: Any) -> tuple[State, tuple[str, ...]]:
        """The state of an object of these types, and the types as terms."""
        try:
            found = state.typed.get(tuple(types) if type(types) is list else types)
        except TypeError:
            raise NotCompiled from None
        return found or self.tables.type(state, types)

    def check_one_type_an_identifier(self) -> None:
        """One identifier is one thing: see `expanded`. Raises NotCompiled where two nodes of one id differ in type."""
        if len({subject for subject, _, _, _ in self.named}) == len(self.named):
            return
        kinds: dict[str, frozenset[str]] = {}
        for subject, types, node, state in self.named:
            properties = {term.predicate[1:-1] for name in node if (term := state.terms[name])}
            known = frozenset(name[1:-1] for name in types)
            if speaks_of_another(known, {*properties, "@id", *(["@type"] if types else [])}):
                continue
            if not is_one_thing(kinds.setdefault(subject, known), known):
                raise NotCompiled


def _identifier(state: State, text: Any) -> str:
    """A text that must be an IRI as a term."""
    check_identifier(state, text)
    return f"<{text}>"


def check_identifier(state: State, text: Any) -> None:
    """Raises NotCompiled for what is no IRI, or where a prefix could make another one of it."""
    if type(text) is not str or not is_iri(text):
        raise NotCompiled
    if state.prefixes and text.partition(":")[0] in state.prefixes:
        raise NotCompiled


def _is_of_one_spelling(values: list[Any]) -> bool:
    """`profile.is_list_of_one_spelling`, at once for texts and for objects without names or with different ones."""
    if len(values) == 1:
        return type(values[0]) is not list
    kinds = set(map(type, values))
    if kinds == {str}:
        return len(set(values)) == len(values)
    if kinds == {dict} and not any("@value" in value for value in values):
        named = [value["id"] for value in values if "id" in value]
        return all(type(name) is str for name in named) and len(set(named)) == len(named)
    return is_list_of_one_spelling(values)
