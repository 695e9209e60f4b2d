"""What can go wrong around issuers, each with a stable code and a sentence made from the facts.

A family is a class, a case is a code: ``family.sentences`` lists every code that the family can carry, so
that the table of HTTP answers can be checked against it. Facts never hold personal data, secrets or the
caller's raw input; a host name is named only after it has passed the grammar of ``issuers.addresses``.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar


class IssuerError(Exception):
    """Root of the package. ``code`` is stable, ``message`` is for people, ``facts`` are for machines."""

    sentences: ClassVar[Mapping[str, str]] = MappingProxyType({})

    def __init__(self, code: str, **facts: str | int) -> None:
        self.code = code
        self.facts: Mapping[str, str | int] = MappingProxyType(facts)
        self.message = self.sentences[code].format(**facts)
        super().__init__(self.message)


class RegistryError(IssuerError):
    """An organisation, an accreditation or a key would contradict itself or its history."""

    sentences = MappingProxyType(
        {
            "naive_instant": "The instant {field} has no offset from UTC.",
            "malformed_language_map": "A language map needs at least one BCP 47 tag with a text.",
            "malformed_country": "The country is not an ISO 3166-1 alpha-2 code in capitals.",
            "interval_inverted": "{field} ends before it begins.",
            "unknown_key": "The issuer has no key under this verification method.",
            "no_active_key": "The issuer has no key that may sign at this instant.",
            "no_fitting_key": "The issuer has no key that may sign as {format} now: that needs {algorithms}.",
            "key_id_taken": "The issuer already has a key under this verification method.",
            "key_already_registered": "This public key is already registered.",
            "key_already_retired": "The key was already retired.",
            "key_compromised": "The key was declared compromised and can neither be retired nor used again.",
            "compromise_in_future": "A compromise cannot be declared from an instant that is still to come.",
            "compromise_narrowed": "A declared compromise can be moved to an earlier instant, never to a later.",
            "accreditation_already_withdrawn": "The accreditation was already withdrawn.",
            "possession_unproven": "The signature does not prove possession of the key for this challenge.",
            "challenge_expired": "The challenge was made too long ago, or in the future.",
        }
    )


class DidError(IssuerError):
    """A decentralised identifier, or the document behind it, is not acceptable."""

    sentences = MappingProxyType(
        {
            "malformed_did": "The identifier is not a well-formed did:web, did:key or did:jwk.",
            "did_method_not_allowed": "Only did:web, did:key and did:jwk are accepted.",
            "address_not_allowed": "The identifier names a network address instead of a public host.",
            "malformed_did_document": "The DID document is not usable: {reason}.",
            "did_mismatch": "The document's id is not the identifier that was resolved.",
            "controller_mismatch": "A verification method is controlled by someone else.",
            "too_many_keys": "The document has more than {limit} verification methods.",
            "private_key_published": "The document publishes the private part of a key.",
            "no_assertion_key": "The document has no key that may sign credentials.",
        }
    )


class FetchError(IssuerError):
    """An outbound request was refused, or did not bring back an acceptable answer."""

    sentences = MappingProxyType(
        {
            "malformed_url": "The URL is not a plain absolute https URL.",
            "scheme_not_allowed": "Only https is fetched.",
            "address_not_allowed": "The host is, or resolves to, an address that is not public.",
            "host_not_allowed": "The host {host} is not on the list of hosts that may be asked.",
            "unresolvable": "The host {host} has no address.",
            "redirect_refused": "The host {host} answered with a redirect; none is followed.",
            "unexpected_status": "The host {host} answered with status {status}.",
            "media_type_not_allowed": "The host {host} answered with a media type that was not asked for.",
            "encoding_not_allowed": "The host {host} answered in an unsupported or broken content encoding.",
            "too_large": "The answer is larger than {limit} bytes.",
            "timed_out": "The whole exchange took more than {seconds} seconds.",
            "connection_failed": "No connection to the host {host} could be made or kept.",
        }
    )


class CustodyError(IssuerError):
    """A sealed secret cannot be opened, or a key-encryption key is not the one it was sealed under."""

    sentences = MappingProxyType(
        {
            "malformed_kek": "A key-encryption key is exactly 32 random bytes.",
            "kek_mismatch": "The key-encryption key {key_id} is not in the keyring.",
            "kek_missing": "There is no key-encryption key in the key folder.",
            "kek_exposed": "A key file may be read by others than its owner.",
            "malformed_envelope": "The sealed bytes are not an envelope of a known version.",
            "unsealing_failed": "The sealed bytes were altered, or belong to another context or key.",
        }
    )


class BankError(IssuerError):
    """What a bank answered to a school's client: the code and the sentence are the bank's own.

    Codes of the client itself: ``bank_unreachable`` (status 0), ``unexpected_answer`` (not a problem document),
    ``insecure_bank`` (a plain http address).
    """

    def __init__(self, code: str, message: str, *, status: int) -> None:
        self.code = code
        self.facts = MappingProxyType({"status": status})
        self.message = message
        self.status = status
        Exception.__init__(self, message)


class TokenError(IssuerError):
    """A client assertion or an access token does not hold."""

    sentences = MappingProxyType(
        {
            "malformed_token": "The token is not a strict compact JWS.",
            "too_long": "The token is longer than {limit} characters.",
            "alg_not_allowed": "The token's algorithm is not one of EdDSA, ES256, ES384 and RS256.",
            "wrong_type": "The token's typ is not the one this endpoint takes.",
            "unknown_key": "The token names no key that is registered for the client.",
            "alg_key_mismatch": "The token's algorithm is not that of the registered key.",
            "bad_signature": "The token's signature does not verify.",
            "missing_claim": "The token lacks the claim {claim}.",
            "malformed_claim": "The token's claim {claim} is not of the right form.",
            "client_mismatch": "The token's iss and sub are not both the client's id.",
            "wrong_issuer": "The token was issued by someone else.",
            "wrong_audience": "The token was made for another audience.",
            "expired": "The token has expired.",
            "not_yet_valid": "The token is not valid yet.",
            "lifetime_too_long": "The token lives longer than {seconds} seconds.",
            "insufficient_scope": "The token does not carry the scope {scope}.",
        }
    )
