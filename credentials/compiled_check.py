"""Whether a document is one that `compiled_quads` understands, found without writing its quads: before it is signed."""

from collections.abc import Mapping
from typing import Any, Final

from credentials.compiled_contexts import NotCompiled, State, Term, compiled
from credentials.compiled_quads import DEEPEST, UNKNOWN, Walk, check_identifier
from credentials.contexts import ContextSet
from credentials.errors import CredentialError
from credentials.profile import node_limit
from credentials.rdf import quoted
from credentials.strict_json import MAX_INTEGER

_SAYS_NOTHING: Final = frozenset({"@context", "id"})


def is_compiled(document: Mapping[str, Any], contexts: ContextSet) -> bool:
    """Whether `compiled_quads` gives the quads of a document, and its numbers are within what JSON keeps (RFC 7493).

    Such a document is plain JSON through and through: objects with names of the contexts, lists, texts in UTF-8,
    numbers and booleans. False where the general path must decide.
    """
    if type(document) is not dict or "@context" not in document or document.keys() <= _SAYS_NOTHING:
        return False
    try:
        tables = compiled(contexts)
        walk = _Check(tables, node_limit(document))
        walk.node(tables.initial, document, "", 1)
        walk.check_one_type_an_identifier()
    except (NotCompiled, CredentialError):
        return False
    return True


class _Check(Walk):
    """The same walk; of its quads only those of lists are written, for the rest nobody asks."""

    __slots__ = ()

    def node(self, state: State, node: dict[str, Any], graph: str, depth: int) -> str:
        """Look at an object and all below it as `Walk.node` does."""
        self.nodes += 1
        if depth > DEEPEST or self.nodes > self.most:
            raise NotCompiled
        outer = state = self.embedded(state, node["@context"]) if "@context" in node else state
        types: tuple[str, ...] = ()
        if "type" in node:
            state, types = self.typed(state, node["type"])
        if "id" in node:
            check_identifier(state, node["id"])
            self.named.append((node["id"], types, node, state))
        if outer is not state and "type" not in outer.terms:
            raise NotCompiled
        self.members(state, "", node, graph, depth)
        return ""

    def members(self, state: State, subject: str, node: dict[str, Any], graph: str, depth: int) -> None:
        """Look at what the object says."""
        term_of = state.terms.get
        for name, value in node.items():
            term = term_of(name, UNKNOWN)
            if term is None:
                continue
            kind = type(value)
            if kind is str and term.is_plain:
                if not value.isprintable():
                    quoted(value)  # which refuses what has no UTF-8 form
            elif term is UNKNOWN:
                raise NotCompiled
            elif kind is list or term.is_list:
                self.several(state, term, subject, value, graph, depth)
            elif kind is dict:
                self.inner(state, term, value, graph, depth)
            else:
                self.object(state, term, value, graph, depth)

    def object(self, state: State, term: Term, value: Any, graph: str, depth: int) -> str:
        """One value of a member, as `Walk.object` has it."""
        if type(value) is int and not -MAX_INTEGER <= value <= MAX_INTEGER:
            raise NotCompiled
        return super().object(state, term, value, graph, depth)
