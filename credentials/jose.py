"""The door to JOSE: compact JWS (`jws`) and credentials carried by them (`vc_jwt`)."""

from credentials.jws import (
    MAX_TOKEN_BYTES,
    CompactJws,
    JwsParts,
    read_compact,
    sign_compact,
    split_compact,
    verify_compact,
)
from credentials.vc_jwt import CLAIMS, from_vc_jwt, to_vc_jwt

__all__ = [
    "CLAIMS",
    "MAX_TOKEN_BYTES",
    "CompactJws",
    "JwsParts",
    "from_vc_jwt",
    "read_compact",
    "sign_compact",
    "split_compact",
    "to_vc_jwt",
    "verify_compact",
]
