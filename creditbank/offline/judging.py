"""One file's bytes to its report, with what a trust bundle holds; over the network only where a fetcher is given."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from credentials.checks import Check, Outcome, Verification
from credentials.claims import SecuredClaims
from credentials.credential import Credential
from credentials.errors import CredentialError
from credentials.keys import PublicKey
from credentials.language import LanguageMap
from credentials.presentation import Presentation
from credentials.read import read
from credentials.report import Report, report, unreadable
from credentials.report_certificate import visible
from credentials.report_sentences import DEFAULT
from credentials.verification_material import IssuerKey, VerificationMaterial
from credentials.verify import verify
from creditbank.claim import IssuerFacts, RegisteredAchievement
from creditbank.nested import within
from creditbank.offline.presented import NOT_ASKED, Occasion, holders, presented, verify_presented
from creditbank.trust_bundle import BundledAccreditation, BundledIssuer, TrustBundle
from creditbank.vouching import NAME as ACCREDITATION
from creditbank.vouching import vouched
from creditbank.wanted import list_urls, named_issuers
from issuers.issuer import Accreditation

TRUST: Final = "trust_bundle"
Examine = Callable[[Credential, VerificationMaterial], Verification]


@dataclass(frozen=True, slots=True)
class Judge:
    """Verifies as of `at` (None: now). Without a bundle nobody is vouched for, so nothing is more than undecided."""

    trust: TrustBundle | None = None
    at: datetime | None = None
    language: str = DEFAULT
    examine: Examine | None = None
    occasion: Occasion = NOT_ASKED
    _issuers: dict[str, BundledIssuer] = field(default_factory=dict, repr=False)
    _lists: dict[str, Credential | None] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        issuers = self.trust.contents.issuers if self.trust else ()
        self._issuers.update({issuer.did: issuer for issuer in issuers})

    def report(self, data: bytes, media_type: str | None = None) -> Report:
        """The report on these bytes, whatever they are. Raises nothing for bad ones."""
        at = self.at or datetime.now(UTC)
        return report(self.verification(data, media_type, at), at, self.language, self.registered_names)

    def verification(self, data: bytes, media_type: str | None, at: datetime) -> Verification:
        """Every check, the one on the reference data last."""
        try:
            credential = read(data, media_type)
        except CredentialError as error:
            presentation = presented(data)
            if presentation is None:
                return unreadable(error)
            found = self._presentation(presentation, at)
        else:
            found = self._vouched(credential, self._examined(credential, at))
        return found.with_check(_trust_check(self.trust, at)) if self.trust else found

    def _examined(self, credential: Credential, at: datetime) -> Verification:
        material = self.material(credential)
        return self.examine(credential, material) if self.examine else verify(credential, material, at, None)

    def _presentation(self, presentation: Presentation, at: datetime) -> Verification:
        """A presentation, each credential in it with the accreditation of its own issuer."""
        named = holders(presentation)
        material = VerificationMaterial(
            keys={key.verification_method: key for did in named for key in self._keys(did)},
            unreachable=frozenset(named),
        )

        def examine(credential: Credential) -> Verification:
            return self._vouched(credential, self._examined(credential, at))

        return verify_presented(presentation, material, at, self.occasion, examine)

    @property
    def registered_names(self) -> Mapping[str, LanguageMap]:
        """The institutions' names by the DID that they sign under."""
        return {did: issuer.name for did, issuer in self._issuers.items()}

    def material(self, credential: Credential) -> VerificationMaterial:
        """What the bundle holds for a credential and those inside it.

        A key that it does not hold may be newer than it: that issuer cannot be asked now, and is not unknown.
        """
        nested = within(credential)
        named = named_issuers(credential, nested)
        urls = dict.fromkeys(url for one in (credential, *nested) for url in list_urls(one))
        lists = {url: found for url in urls if (found := self._status_list(url))}
        bundled = self.trust.contents if self.trust else None
        documents = bundled.documents if bundled else []
        return VerificationMaterial(
            keys={key.verification_method: key for did in named for key in self._keys(did)},
            status_lists=lists,
            status_fetched_at={one.url: one.fetched_at for one in (bundled.status_lists if bundled else ())},
            unreachable=frozenset(named),
            documents={one.url: one.content for one in documents},
            documents_fetched_at={one.url: one.fetched_at for one in documents},
        )

    def _vouched(self, credential: Credential, found: Verification) -> Verification:
        """What is no achievement, such as a learner record, is vouched for by any accreditation of its issuer."""
        issuer = self._issuers.get(credential.issuer_id or "")
        if found.claims is None and found.verdict == "valid" and issuer and issuer.accreditations:
            found = found.with_check(Check.passed(ACCREDITATION, "The issuer is accredited."))
            return vouched(found, self._facts, accredited=True)
        return vouched(found, self._facts)

    def _keys(self, did: str) -> list[IssuerKey]:
        issuer = self._issuers.get(did)
        return [
            IssuerKey(
                verification_method=key.verification_method,
                controller=did,
                key=PublicKey.from_jwk(key.jwk),
                active_from=key.active_from,
                retired_at=key.retired_at,
                compromised_from=key.compromised_from,
            )
            for key in (issuer.keys if issuer else ())
        ]

    def _status_list(self, url: str) -> Credential | None:
        """A list of the bundle, read once; None where it has none, or one that cannot be read."""
        if url not in self._lists:
            found = (one for one in (self.trust.contents.status_lists if self.trust else ()) if one.url == url)
            self._lists[url] = next((_readable(one.credential) for one in found), None)
        return self._lists[url]

    def _facts(self, claims: SecuredClaims) -> IssuerFacts | None:
        issuer = self._issuers.get(claims.issuer_id)
        if issuer is None:
            return None
        offered = {one.id: one for one in issuer.achievements}.get(claims.achievement.id)
        known = (
            RegisteredAchievement(offered.unit, offered.level, offered.source_type, offered.course_class)
            if offered
            else None
        )
        accreditations = tuple(_accreditation(issuer.id, one) for one in issuer.accreditations)
        return IssuerFacts(issuer.id, issuer.provider_root, issuer.country, accreditations, known)


def _trust_check(trust: TrustBundle, at: datetime) -> Check:
    """Out of date as a whole, the bundle knows nothing of what was compromised or withdrawn since."""
    if at > trust.contents.valid_until:
        until = trust.contents.valid_until.date().isoformat()
        message = f"The trust bundle was to be used until {until}."
        return Check(0, TRUST, Outcome.COULD_NOT_BE_CHECKED, "trust_stale", message, {"valid_until": until})
    if not trust.pinned:
        message = "The trust bundle's signature holds, but its key was not compared with one that was given."
        return Check(0, TRUST, Outcome.WARNING, "trust_unpinned", message, {"thumbprint": trust.thumbprint})
    return Check.passed(
        TRUST, f"As published by {visible(trust.contents.bank.url)} at {trust.contents.issued_at:%Y-%m-%d %H:%M}."
    )


def _accreditation(issuer_id: str, one: BundledAccreditation) -> Accreditation:
    return Accreditation(
        id=one.id,
        issuer_id=issuer_id,
        authority=one.authority,
        achievements=None if one.achievements is None else frozenset(one.achievements),
        levels=None if one.levels is None else frozenset(one.levels),
        units=frozenset(one.units),
        valid_from=one.valid_from,
        valid_until=one.valid_until,
        withdrawn_on=one.withdrawn_on,
    )


def _readable(text: str) -> Credential | None:
    try:
        return read(text.encode())
    except CredentialError:
        return None
