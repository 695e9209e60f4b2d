"""Canonical JSON and its digest: RFC 8785 (JCS) behind one door."""

import hashlib
from typing import Any

import rfc8785

from credentials.errors import LimitExceeded, MalformedCredential
from credentials.strict_json import MAX_DEPTH


def jcs(value: Any) -> bytes:
    """The canonical UTF-8 form of a JSON value (RFC 8785).

    Raises MalformedCredential `out_of_range` for a number that a double cannot hold exactly or that is not
    finite, `malformed_json` for anything that is not JSON; LimitExceeded `too_deep` when it nests beyond the
    parser's stack.
    """
    try:
        return rfc8785.dumps(value)
    except (rfc8785.IntegerDomainError, rfc8785.FloatDomainError):
        raise MalformedCredential("out_of_range") from None
    except (rfc8785.CanonicalizationError, UnicodeError, TypeError):
        raise MalformedCredential("malformed_json", position=0, reason="not a JSON value") from None
    except RecursionError:
        raise LimitExceeded("too_deep", limit=MAX_DEPTH) from None


def sha256(data: bytes) -> bytes:
    """SHA-256 of the data: 32 bytes."""
    return hashlib.sha256(data).digest()
