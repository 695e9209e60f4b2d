"""One run of the public test suites: local issuers with fresh keys, their status lists, a verifier that knows both."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from credentials.contexts import ContextSet
from credentials.suite_contexts import suite_contexts
from creditbank.vc_api_issuer import LocalIssuer, local_issuers
from creditbank.vc_api_status import StatusBook
from creditbank.vc_api_verifier import SuiteVerifier
from issuers.resolution import Resolution, ResolutionOptions, resolve_did


@dataclass(frozen=True, slots=True)
class SuiteRun:
    """Everything of one run, in memory."""

    base_url: str
    contexts: ContextSet
    issuers: Mapping[str, LocalIssuer]
    status: StatusBook
    verifier: SuiteVerifier

    def resolver(self, did_url: str, options: ResolutionOptions) -> Resolution:
        """DIDs that are their own keys; nothing is asked outside."""
        return resolve_did(did_url, None, options)


def suite_run(base_url: str, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> SuiteRun:
    """A new run; its status lists are published below the base URL."""
    contexts, status = suite_contexts(), StatusBook(base_url)
    return SuiteRun(base_url, contexts, local_issuers(contexts, status), status, SuiteVerifier(contexts, status, clock))
