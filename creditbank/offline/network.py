"""Only with `--online`: what a bundle lacks is asked outside, through the one guarded fetcher."""

from collections.abc import Container
from datetime import UTC, datetime

from credentials.checks import Verification
from credentials.credential import Credential
from credentials.verification_material import IssuerKey, VerificationMaterial
from credentials.verify import verify
from creditbank.material import Sources, examine
from creditbank.nested import within
from creditbank.offline.judging import Examine
from issuers.fetch import Fetcher
from issuers.issuer import Custody, KeyRecord


class Everywhere(Container[str]):
    """Every host. The fetcher's other guards stand: https, public addresses, no redirects, small answers."""

    def __contains__(self, host: object) -> bool:
        return True


def fetcher(hosts: frozenset[str]) -> Fetcher:
    """A fetcher for these hosts; for every host where none is named."""
    return Fetcher(hosts or Everywhere(), clock=lambda: datetime.now(UTC))


def examiner(outside: Fetcher, at: datetime | None) -> Examine:
    """Verify with what is at hand; only where that leaves it undecided, once more with what others answer."""
    sources = Sources(lambda _url: None, lambda _url: False, outside, "")

    def clock() -> datetime:
        return at or datetime.now(UTC)

    def found(credential: Credential, material: VerificationMaterial) -> Verification:
        at_hand = verify(credential, material, clock(), None)
        if at_hand.verdict != "indeterminate":
            return at_hand
        known = [_record(key) for key in material.keys.values()]
        return examine(credential, within(credential), known, sources, clock, None)

    return found


def _record(key: IssuerKey) -> KeyRecord:
    return KeyRecord(
        issuer_id=key.controller,
        verification_method=key.verification_method,
        controller=key.controller,
        key=key.key,
        custody=Custody.OWN,
        active_from=key.active_from,
        retired_at=key.retired_at,
        compromised_from=key.compromised_from,
    )
