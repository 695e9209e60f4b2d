"""A credential as it can be had in Open Badges 2.0."""

from typing import Any

from api.schemas.common import Wire, shown

_AT = "https://bank.example/open-badges-2/issuers/hanbit-college"
_NAME = "6f1d3a1c-6f52-4a11-9a2f-2a1e0b7f5c3d-0123456789abcdef0123456789abcdef"


class PublishedBadge(Wire):
    """The addresses of the assertion, its badge class and its issuer's profile, and the assertion as served there."""

    model_config = shown(
        {
            "assertion": f"{_AT}/assertions/{_NAME}",
            "badge_class": f"{_AT}/badges/{_NAME}",
            "issuer": _AT,
            "document": {"@context": "https://w3id.org/openbadges/v2", "type": "Assertion"},
        }
    )

    assertion: str
    badge_class: str
    issuer: str
    document: dict[str, Any]
