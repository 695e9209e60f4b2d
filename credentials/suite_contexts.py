"""The contexts of a test run: what the public suites of W3C and CCG write into their documents, beside the pinned ones.

Never part of the contexts that the bank itself trusts: two of them give a meaning to every undefined word, and here
documents may bring contexts of their own.
"""

from functools import cache
from typing import Final

from credentials.contexts import CONTEXTS, ContextSet, PinnedContext, context_set

EXAMPLES_V2: Final = "https://www.w3.org/ns/credentials/examples/v2"
UNDEFINED_TERMS_V2: Final = "https://www.w3.org/ns/credentials/undefined-terms/v2"
EXAMPLES_V1: Final = "https://www.w3.org/2018/credentials/examples/v1"

EXAMPLES: Final = (
    PinnedContext(
        EXAMPLES_V2, "examples-v2.json", "895d705429f42934c1568b13376dfcb1aec71e5a42add2b9bb0855dfb3bc2ff4", "examples"
    ),
    PinnedContext(
        UNDEFINED_TERMS_V2,
        "undefined-terms-v2.json",
        "82dab514ba44eb18f5d1b0f638c5e140c6a556fbfb5089601bdc0fa5eb8b2581",
        "undefined-terms",
    ),
    PinnedContext(
        EXAMPLES_V1, "examples-v1.json", "752b1e9904235cf3af61265ef3a6d6a73c66a56f090379efcdcbf069e2a9299a", "examples"
    ),
)


@cache
def suite_contexts() -> ContextSet:
    """The pinned contexts, those of the specifications' examples, and whatever a document brings. Loaded when asked."""
    return context_set((*CONTEXTS.values(), *EXAMPLES), inline=True)
