"""A college that publishes Open Badges 2.0: its documents by address, as a web of its own."""

import copy
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from credentials.checks import Verification
from credentials.keys import PrivateKey
from credentials.open_badges_2 import document_of
from credentials.open_badges_2_issue import (
    Publisher,
    assertion,
    badge_class,
    cryptographic_key,
    profile,
    revocation_list,
    sign,
)
from credentials.open_badges_2_verification import verify
from credentials.read import read
from credentials.verify import VerificationMaterial
from tests.credential_samples import DAY, NOW, WELDING, outcome

SITE = "https://college.example"
COLLEGE = Publisher(
    id=f"{SITE}/issuer.json",
    name={"en": "Riverside College"},
    url=SITE,
    badges=f"{SITE}/badges/",
    email="badges@college.example",
    key_address=f"{SITE}/key.json",
    revocation_list=f"{SITE}/revoked.json",
)
HOSTED_AT = f"{SITE}/badges/1.json"
KEY = PrivateKey.from_bytes("ES256", bytes(range(1, 33)))
EXPIRES = NOW + 30 * DAY
OUTCOME = outcome(valid_until=EXPIRES)


@dataclass
class Web:
    """The college's documents by address; each test may spoil its own copy."""

    documents: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        hosted = assertion(OUTCOME, COLLEGE, credential_id=HOSTED_AT, issued_on=NOW - DAY)
        for document in (
            hosted,
            badge_class(OUTCOME, COLLEGE, image=f"{SITE}/welding.png"),
            profile(COLLEGE),
            cryptographic_key(COLLEGE, KEY.public_key),
            revocation_list(COLLEGE, []),
        ):
            self.documents[document["id"]] = document_of(json.dumps(document).encode())

    @property
    def hosted(self) -> dict[str, Any]:
        """A copy of the hosted assertion."""
        return copy.deepcopy(self.documents[HOSTED_AT])

    @property
    def signed(self) -> dict[str, Any]:
        return assertion(OUTCOME, COLLEGE, credential_id="urn:uuid:1", issued_on=NOW - DAY, signed=True)

    def token(self, key: PrivateKey = KEY, **members: Any) -> bytes:
        return sign({**self.signed, **members}, key).encode()

    def check(self, data: bytes | dict[str, Any], at: datetime = NOW, **material: Any) -> Verification:
        """What verification answers about these bytes, or this document, with the college's documents at hand."""
        raw = json.dumps(data).encode() if isinstance(data, dict) else data
        return verify(read(raw), VerificationMaterial(documents=self.documents, **material), at)


BADGE_AT = WELDING.achievement_id
