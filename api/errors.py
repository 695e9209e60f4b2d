"""What is wrong with a request before it reaches the bank: its bytes, its type, its token, its cursor."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar


class RequestError(Exception):
    """Root of the API's own errors: a stable `code`, a sentence and facts; the input is never echoed."""

    sentences: ClassVar[Mapping[str, str]] = MappingProxyType({})

    def __init__(self, code: str, **facts: object) -> None:
        self.code = code
        self.facts: Mapping[str, object] = facts
        self.message = self.sentences[code].format(**facts)
        super().__init__(self.message)


class BodyRefused(RequestError):
    """The body is no strict JSON text, or is not where a body belongs."""

    sentences = MappingProxyType(
        {
            "malformed_json": "The body is not one JSON text in UTF-8.",
            "duplicate_json_key": "An object in the body has the same member twice.",
            "malformed_number": "A number in the body is not one that JSON and this service can hold.",
            "too_deep": "The body is nested more than {limit} levels deep.",
            "malformed_text": "The body is not text in UTF-8.",
            "body_missing": "This request needs a body.",
            "unexpected_body": "This request takes no body.",
        }
    )


class ValueRefused(RequestError):
    """The request is well formed, and a value in it cannot be."""

    sentences = MappingProxyType(
        {
            "out_of_range": "A number in the body is beyond what can be held exactly.",
            "malformed_cursor": "The cursor is not one that this service gave out.",
            "malformed_idempotency_key": "An Idempotency-Key has 1 to 200 visible ASCII characters.",
            "malformed_base64": "credential_base64 is not base64 in its standard alphabet with padding.",
            "one_credential": "A deposit has either credential or credential_base64, and not both.",
            "too_many_items": "A batch has at most {limit} items.",
            "level_incomplete": "A level is its framework and its value, both or neither.",
            "malformed_jwk": "The key is neither to be made by the bank nor a public JWK.",
        }
    )


class BodyTooLarge(RequestError):
    """The body is longer than the service reads."""

    sentences = MappingProxyType({"too_large": "The body is longer than {limit} bytes."})


class MediaTypeRefused(RequestError):
    """The body's media type is not one that this request takes."""

    sentences = MappingProxyType({"unsupported_media_type": "The body must be of the type: {accepted}."})


class NotAuthenticated(RequestError):
    """There is no token, or none that stands for a client."""

    sentences = MappingProxyType(
        {
            "token_missing": "This needs an access token: see /oauth/token.",
            "client_unknown": "The token's client is not registered, or no longer.",
        }
    )
