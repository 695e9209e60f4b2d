"""What a cryptosuite decides: which keys it takes, and which bytes its signature covers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from credentials.contexts import ContextSet
from credentials.keys import Algorithm

Document = Mapping[str, Any]

HashData = Callable[[Document, Document, Algorithm, ContextSet], bytes]


@dataclass(frozen=True, slots=True)
class Cryptosuite:
    """One cryptosuite (Data Integrity, 3.1).

    `hash_data(document, options, algorithm, contexts)` gives the bytes to sign from the document without its
    proof and the proof without its value. `context_in_proof`: whether the document's `@context` is written
    into the proof.
    """

    name: str
    algorithms: frozenset[Algorithm]
    hash_data: HashData
    context_in_proof: bool
