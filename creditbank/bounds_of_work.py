"""How much one request may make the rules work."""

from typing import Final

from creditbank.errors import Refused

MOST_VERIFIED: Final = 40
"""Awards of a learner for whom each proposed change is tried: every try is a recognition."""


def too_many_to_verify() -> Refused:
    """The refusal for more awards than that."""
    sentence = f"Changes are tried for at most {MOST_VERIFIED} awards at a time."
    return Refused("too_many_to_verify", sentence, limit=MOST_VERIFIED)
