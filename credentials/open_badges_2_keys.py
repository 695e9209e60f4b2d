"""Whose key signed an Open Badges 2.0 assertion, and from which addresses an issuer publishes hosted ones."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
    load_pem_public_key,
)

from credentials.curves import NIST_CURVES
from credentials.errors import KeyRefused, ProofInvalid
from credentials.keys import PublicKey
from credentials.members import Object, required_text, texts, wrong
from credentials.open_badges_2 import MAX_KEY_BYTES, Assertion, at, is_fetchable, key_entries
from credentials.verification_material import IssuerKey, VerificationMaterial

_ALWAYS: Final = datetime.min.replace(tzinfo=UTC)
_MAX_RULES: Final = 100
_DEFAULT_PORT: Final = {"https": 443, "http": 80}


def signing_key(found: Assertion, issuer: Object, material: VerificationMaterial) -> IssuerKey:
    """The key of a signed assertion, which the issuer's own profile must name.

    A registered key of this issuer goes before what is fetched: its retirement or compromise must not be lost. Raises
    ProofInvalid `key_issuer_mismatch`, `unknown_key`; KeyRefused; MalformedCredential `document_unavailable`, ….
    """
    issuer_id, named = required_text(issuer, "id"), key_entries(issuer)
    address = found.key_address or _only(named)
    registered = material.keys.get(address)
    if registered is not None and registered.controller == issuer_id:
        return registered
    _check_named(address, named, issuer_id)
    source = named.get(address) or at(material.documents, address)
    key = IssuerKey(address, issuer_id, _public_key(source, address, issuer_id), _ALWAYS)
    same = (item for item in material.keys.values() if item.controller == issuer_id and item.key == key.key)
    return next(same, key)


def check_hosted_scope(address: str, issuer: Object) -> None:
    """The address is one from which the issuer publishes (Open Badges 2.0, Profile `verification`).

    `startsWith` is compared as origin and whole path segments, never as text; `allowedOrigins` as host names. Both must
    hold where both are given; without `allowedOrigins` the host is that of the issuer's own id. Raises ProofInvalid
    `hosted_scope`; MalformedCredential for rules that are no texts.
    """
    rules = issuer.get("verification", {})
    if not isinstance(rules, dict):
        raise wrong("verification", "is not an object")
    prefixes, hosts = texts(rules, "startsWith"), texts(rules, "allowedOrigins")
    if len(prefixes) + len(hosts) > _MAX_RULES:
        raise wrong("verification", "names too many addresses")
    if "startsWith" in rules and not any(_is_below(address, prefix) for prefix in prefixes):
        raise ProofInvalid("hosted_scope")
    mine, own = {_authority(address)}, {_authority(required_text(issuer, "id"))}
    if "allowedOrigins" in rules:
        mine, own = mine | {urlsplit(address).hostname or ""}, set(map(_host, hosts))
    if not mine & own:
        raise ProofInvalid("hosted_scope")


def _only(named: Mapping[str, Object | None]) -> str:
    """The one key of a profile, for an assertion that does not say which."""
    if len(named) != 1:
        raise ProofInvalid("unknown_key")
    return next(iter(named))


def _check_named(address: str, named: Mapping[str, Object | None], issuer_id: str) -> None:
    """The profile names the key. Profiles of version 1.x name none, so the key lies on the issuer's own origin."""
    if named and address not in named:
        raise ProofInvalid("key_issuer_mismatch")
    same_origin = is_fetchable(address.partition("#")[0]) and _origin(address) == _origin(issuer_id)
    if not named and not same_origin:
        raise ProofInvalid("key_issuer_mismatch")


def _public_key(source: Any, address: str, issuer_id: str) -> PublicKey:
    """The key of a `CryptographicKey` whose owner is the issuer, or of the bare PEM text of version 1.x."""
    if isinstance(source, str):
        return key_of_pem(source)
    if not isinstance(source, dict):
        raise KeyRefused("malformed_key", reason="not a CryptographicKey")
    if source.get("id", address) != address or source.get("owner") != issuer_id:
        raise ProofInvalid("key_issuer_mismatch")
    return key_of_pem(required_text(source, "publicKeyPem"))


def key_of_pem(text: str) -> PublicKey:
    """The public key in PEM text (SubjectPublicKeyInfo or PKCS #1). Raises KeyRefused."""
    if len(text) > MAX_KEY_BYTES or not text.isascii() or "PRIVATE KEY" in text:
        raise KeyRefused("malformed_key", reason="not the PEM text of a public key")
    try:
        handle = load_pem_public_key(text.encode())
    except (ValueError, UnsupportedAlgorithm):
        raise KeyRefused("malformed_key", reason="not the PEM text of a public key") from None
    if isinstance(handle, rsa.RSAPublicKey):
        return PublicKey("RS256", handle.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    if isinstance(handle, ed25519.Ed25519PublicKey):
        return PublicKey("EdDSA", handle.public_bytes_raw())
    if isinstance(handle, ec.EllipticCurvePublicKey) and isinstance(handle.curve, ec.SECP256R1 | ec.SECP384R1):
        point = handle.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
        return PublicKey("ES256" if isinstance(handle.curve, ec.SECP256R1) else "ES384", point)
    raise KeyRefused("key_type_not_allowed", reason="neither RSA, P-256, P-384 nor Ed25519")


def pem_of_key(key: PublicKey) -> str:
    """The key as PEM text (SubjectPublicKeyInfo): what `key_of_pem` reads."""
    return _handle(key).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def _handle(key: PublicKey) -> PublicKeyTypes:
    if key.algorithm == "EdDSA":
        return ed25519.Ed25519PublicKey.from_public_bytes(key.material)
    if key.algorithm in NIST_CURVES:
        return ec.EllipticCurvePublicKey.from_encoded_point(NIST_CURVES[key.algorithm].curve, key.material)
    return load_der_public_key(key.material)


def _is_below(address: str, prefix: str) -> bool:
    """Whether the address lies in the place that a prefix names: same origin, and its path segment by segment."""
    if not is_fetchable(prefix) or _origin(address) != _origin(prefix):
        return False
    place, rule = urlsplit(address), urlsplit(prefix)
    if rule.query or rule.fragment:
        return place == rule
    base = rule.path if rule.path.endswith("/") else f"{rule.path}/"
    return place.path == rule.path or place.path.startswith(base)


def _origin(address: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(address)
    return parts.scheme, parts.hostname, _port(parts)


def _authority(address: str) -> str:
    """Host, and port unless it is that of the scheme."""
    parts = urlsplit(address)
    port = _port(parts)
    return f"{parts.hostname}" if port == _DEFAULT_PORT.get(parts.scheme) else f"{parts.hostname}:{port}"


def _port(parts: SplitResult) -> int | None:
    return parts.port or _DEFAULT_PORT.get(parts.scheme)


def _host(rule: str) -> str:
    """The host that a rule allows; some issuers write a whole origin although only the name is asked for."""
    try:
        return _authority(rule) if "://" in rule else rule.lower()
    except ValueError:
        raise wrong("verification.allowedOrigins", "is not a host") from None
