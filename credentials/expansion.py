"""JSON-LD expansion and context processing by PyLD, under the strict profile: the general path of `credentials.jsonld`.

PyLD expands; it has no safe mode, so this module adds one. It counts: every string, number and boolean of the
document must come out of expansion, every IRI must be absolute and well formed, every number must survive its
lexical form. Then nothing can be added, dropped or moved without changing the signed dataset.
"""

import threading
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from pyld import ContextResolver, jsonld

from credentials.contexts import PINNED, ContextSet
from credentials.errors import ContextRefused, CredentialError, MalformedCredential
from credentials.expanded import covered_leaves, quads_of
from credentials.profile import MAX_NODES, check_shape, check_single_spelling, leaves
from credentials.rdf import Quad

_CONTEXT_FAULTS: Final = ("context", "protected", "term definition", "keyword redefinition", "cyclic")
_SAFE_TERM_LENGTH: Final = 40


def expanded_quads(document: Mapping[str, Any], contexts: ContextSet = PINNED) -> frozenset[Quad]:
    """The dataset of a document, whatever its shape. What `jsonld.to_quads` says of errors is said of this."""
    check_shape(document, contexts, MAX_NODES)
    check_single_spelling(document)
    written = list(leaves(document))
    expanded = _expand(document, contexts)
    if covered_leaves(expanded) != len(written):
        raise ContextRefused("data_loss_detected", pointer="(a member)")
    texts = frozenset(leaf for leaf in written if isinstance(leaf, str))
    return quads_of(expanded, texts | vocabulary(contexts))


def _expand(document: Mapping[str, Any], contexts: ContextSet) -> list[Any]:
    processor = jsonld.JsonLdProcessor(on_property_dropped=_refuse_dropped)
    try:
        with LOCK:  # PyLD's caches are not safe between threads; the work holds the interpreter anyway
            expanded: list[Any] = processor.expand(dict(document), options(contexts))
    except CredentialError:
        raise
    except jsonld.JsonLdError as error:
        raise _refusal(error) from None
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError):
        # PyLD meets a shape it does not expect; whatever it is, it is not a credential
        raise MalformedCredential("not_canonical_shape") from None
    return expanded


LOCK: Final = threading.Lock()


def options(contexts: ContextSet) -> dict[str, Any]:
    """What PyLD is told: no base, and the contexts of this set alone. Use under `LOCK`."""
    cache, loader = _loader(contexts)
    return {
        "base": None,  # not "", which PyLD would resolve against example.org
        "documentLoader": loader,
        "contextResolver": ContextResolver(cache, loader),
        "processingMode": "json-ld-1.1",
    }


@lru_cache(maxsize=8)
def _loader(contexts: ContextSet) -> tuple[dict[str, Any], Any]:
    """A cache of processed contexts, and a loader that knows the pinned documents and nothing else."""

    def load(url: str, _options: Any) -> dict[str, Any]:
        if url not in contexts.documents:
            raise ContextRefused("context_not_allowed", reason="an entry is not a pinned address")
        return {"contextUrl": None, "documentUrl": url, "document": contexts.documents[url], "tag": "static"}

    return {}, load


@lru_cache(maxsize=8)
def vocabulary(contexts: ContextSet) -> frozenset[str]:
    """Every IRI that the contexts write out: what a term may stand for where an IRI is expected."""
    found, pending = set(), list(contexts.documents.values())
    while pending:
        item = pending.pop()
        if isinstance(item, str):
            found.add(item)
        elif isinstance(item, dict | list):
            pending.extend(item.values() if isinstance(item, dict) else item)
    return frozenset(found)


def _refuse_dropped(term: str | None) -> None:
    """PyLD's hook for a member without a definition. The name helps an honest issuer, if it is a plain one."""
    plain = term is not None and term.isascii() and term.isalnum() and len(term) <= _SAFE_TERM_LENGTH
    raise ContextRefused("data_loss_detected", pointer=term if plain else "(a member)")


def _refusal(error: jsonld.JsonLdError) -> CredentialError:
    """PyLD's error in our words; a refusal of ours that it has wrapped is unwrapped."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, CredentialError):
            return cause
        code = str(getattr(cause, "code", "") or "")
        if any(fault in code for fault in _CONTEXT_FAULTS):
            return ContextRefused("context_not_allowed", reason="the contexts contradict each other")
        cause = cause.__cause__
    return MalformedCredential("not_canonical_shape")
