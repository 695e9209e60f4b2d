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
        EXAMPLES_V2, "examples-v2.json", "57393fbc69d6efb9b9b5dc9cb6b9880b0944360abfe2eaf459c9e58cf2279d7c", "examples"
    ),
    PinnedContext(
        UNDEFINED_TERMS_V2,
        "undefined-terms-v2.json",
        "82dab514ba44eb18f5d1b0f638c5e140c6a556fbfb5089601bdc0fa5eb8b2581",
        "undefined-terms",
    ),
    PinnedContext(
        EXAMPLES_V1, "examples-v1.json", "2070ae4e75bc3b4c2cfe2b8b6e86ec45119672bbb5da283f0399ea96c60a0104", "examples"
    ),
)


@cache
def suite_contexts() -> ContextSet:
    """The pinned contexts, those of the specifications' examples, and whatever a document brings. Loaded when asked."""
    return context_set((*CONTEXTS.values(), *EXAMPLES), inline=True)
