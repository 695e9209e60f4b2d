"""SecuredClaims: what a signature covers, and nothing else. Only `credentials.verify` makes them."""

from collections.abc import Mapping
from dataclasses import InitVar, dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import Any, Final

from credentials.achievement import Achievement, IdentityObject, Result
from credentials.canonical import jcs, sha256
from credentials.stated_results import NONE_STATED, StatedResults
from credentials.status_entry import StatusEntry
from credentials.subject import AchievementSubject

_SEAL: Final = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class SecuredClaims:
    """What the issuer said, read from a document whose signature was verified and is the issuer's.

    Only Open Badges make claims. `content_digest`: see the function of that name; `payload_digest` stands for it where
    the holder chose what to disclose (see `credentials.secured.Secured`). `signed_at` is the signer's claim
    (UTC): the proof's `created`, the JWT's `iat`, else `valid_from`. `document` is the credential without its proofs;
    it is shared, never changed. `list_chosen`: the holder may have chosen which results are described at all.
    """

    issuer_id: str
    credential_id: str
    types: tuple[str, ...]
    valid_from: datetime
    valid_until: datetime | None
    subject: AchievementSubject = field(repr=False)
    payload_digest: bytes | None = None
    verification_method: str
    key_thumbprint: str
    signed_at: datetime
    status_entries: tuple[StatusEntry, ...]
    document: Mapping[str, Any] = field(repr=False)
    list_chosen: bool = False
    seal: InitVar[object]

    def __post_init__(self, seal: object) -> None:
        if seal is not _SEAL:
            raise TypeError("secured claims come from a verification only")

    @property
    def content_digest(self) -> bytes:
        """The digest by which the bank knows the content: 32 bytes, made when it is asked for."""
        return self.payload_digest or content_digest(self.document)

    @property
    def subject_id(self) -> str | None:
        """The learner's id, such as a DID."""
        return self.subject.id

    @property
    def identifiers(self) -> tuple[IdentityObject, ...]:
        """The learner's identifiers."""
        return self.subject.identifiers

    @property
    def achievement(self) -> Achievement:
        """What was achieved."""
        return self.subject.achievement

    @property
    def credits_earned(self) -> Fraction | None:
        """The credits, exactly; their unit is `achievement.unit`."""
        return self.subject.credits_earned

    @property
    def results(self) -> tuple[Result, ...]:
        """Every result, those with a value of their own below included."""
        return self.subject.results

    @property
    def score(self) -> Fraction | None:
        """Marks out of 100."""
        return self.subject.score

    @property
    def attendance(self) -> Fraction | None:
        """The share of sessions attended, between 0 and 1."""
        return self.subject.attendance

    @property
    def hours(self) -> Fraction | None:
        """Hours of learning."""
        return self.subject.hours

    @property
    def grade(self) -> str | None:
        """The letter grade."""
        return self.subject.grade

    @property
    def stated(self) -> StatedResults:
        """The named facts and the learning outcomes."""
        return self.subject.stated

    @property
    def hides_stated(self) -> bool:
        """Whether the holder chose what to disclose, and facts or outcomes are missing, or may be without a trace."""
        stated = self.subject.stated
        is_partial = self.payload_digest is not None
        return is_partial and (stated.unshown or (self.list_chosen and stated != NONE_STATED))

    @property
    def activity_start(self) -> date | None:
        """The first day of the learning."""
        return self.subject.activity_start

    @property
    def activity_end(self) -> date | None:
        """The last day of the learning."""
        return self.subject.activity_end


def sealed(**facts: Any) -> SecuredClaims:
    """The claims with their seal. For `credentials.verify` alone, once the signature holds; a test guards that."""
    return SecuredClaims(**facts, seal=_SEAL)


def without_proof(document: Mapping[str, Any]) -> dict[str, Any]:
    """The secured document: all members but the proofs."""
    return {name: value for name, value in document.items() if name != "proof"}


def content_digest(document: Mapping[str, Any]) -> bytes:
    """SHA-256 over the canonical JSON (RFC 8785) of what is secured: 32 bytes, the same for every wrapping.

    Wrappings of one credential differ in the following, all of which is left out: embedded proofs; the JWT's header,
    signature and claims (`iss`, `sub`, `jti`, `nbf`, `exp`, `iat`, `aud`, `nonce`, `cnf`), which `read` has taken away
    after comparing them with the members they repeat; a `vc` claim around the document; order of members, white space,
    escapes and the spelling of numbers (5, 5.0), which canonical JSON evens out; images. What stays is all the rest,
    `credentialStatus` and `credentialSchema` included, the order of arrays and the form of the issuer (text or object):
    a document that differs there is other content.
    """
    return sha256(jcs(without_proof(document)))
