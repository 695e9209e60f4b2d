"""The door to verifiable presentations: read them, verify them, and, for holders, make them."""

from credentials.presentation_document import MAX_CREDENTIALS, Presentation, read
from credentials.presentation_signing import presentation, sign, to_vp_jwt
from credentials.presentation_verification import NAMES, verify

__all__ = ["MAX_CREDENTIALS", "NAMES", "Presentation", "presentation", "read", "sign", "to_vp_jwt", "verify"]
