"""Which of several names for the same bytes a caller asks for (RFC 9110, 12.5.1)."""

from collections.abc import Sequence
from typing import Final

JSON_CREDENTIAL: Final = ("application/vc", "application/ld+json", "application/json")
"""A JSON credential under its own name; many clients read it only under one that says JSON."""


def named(accept: str, forms: Sequence[str]) -> str:
    """The first of the forms that `Accept` names; the first of all where it names none."""
    wanted = {part.partition(";")[0].strip().lower() for part in accept.split(",")}
    return next((form for form in forms if form in wanted), forms[0])
