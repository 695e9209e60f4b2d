"""`refreshService`: asking a credential's issuer for its newer version, only when somebody wants just that (P38).

After the proof was checked, once, through the guarded fetcher, and never of what came back. What comes back must be of
the same issuer, id and subject, newer, and hold by itself; else the credential stays what it was.
"""

from collections.abc import Callable

from credentials.checks import Verification
from credentials.credential import Container
from credentials.errors import CredentialError
from credentials.read import read
from credentials.refresh import check_refreshed, refresh_offer
from creditbank import outside
from creditbank.material import Sources
from issuers.errors import IssuerError

MEDIA_TYPES = (*outside.STATUS_MEDIA_TYPES, "application/vc+sd-jwt", "application/dc+sd-jwt")
MAX_REFRESHED = 1_048_576
_TEXT = (Container.JSON, Container.JWS)


def refreshed(data: bytes, examine: Callable[[bytes], Verification], sources: Sources) -> bytes:
    """The newer version, or the data themselves where there is none to be had that may take their place.

    Raises CredentialError where the data are no credential at all; of the refreshing itself nothing is raised.
    """
    old = examine(data)
    offer = refresh_offer(read(data).document) if old.claims and old.verdict != "invalid" else None
    if old.claims is None or offer is None:
        return data
    try:
        found = sources.fetcher.get(offer.url, max_bytes=MAX_REFRESHED, accept=MEDIA_TYPES, fresh=True).body
        new = examine(found)
        if new.verdict == "invalid" or new.claims is None or read(found).container not in _TEXT:
            return data
        check_refreshed(old.claims, new.claims)
    except (IssuerError, CredentialError):
        return data
    return found
