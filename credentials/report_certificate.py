"""What a report shows of a credential: who achieved what, when, from whom, read from secured claims alone."""

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from credentials.claims import SecuredClaims
from credentials.errors import CredentialError
from credentials.language import LanguageMap, language_map, primary

_SPACES: Final = re.compile(r"\s+")
_LETTERLESS: Final = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
_JOINERS: Final = ("\u200c", "\u200d")  # Hindi and Persian are spelled with them


@dataclass(frozen=True, slots=True)
class ShownIssuer:
    """The institution. `name` is the register's; `claimed_name` what the credential says, where that is another."""

    id: str
    registered: bool
    name: str | None
    claimed_name: str | None


@dataclass(frozen=True, slots=True)
class Certificate:
    """Who achieved what. Amounts are exact text ("3", "20/3"), days and moments ISO 8601, texts fit to be shown."""

    id: str
    issuer: ShownIssuer
    learner: str | None
    identifiers: tuple[tuple[str, str | None], ...]
    achievement: str
    title: str
    titles: LanguageMap
    credits: str | None
    unit: str | None
    levels: tuple[tuple[str, str], ...]
    score: str | None
    grade: str | None
    attendance: str | None
    hours: str | None
    activity_start: str | None
    activity_end: str | None
    valid_from: str
    valid_until: str | None
    signed_at: str

    def to_json(self) -> dict[str, Any]:
        """The certificate as JSON."""
        plain = {name: getattr(self, name) for name in _PLAIN}
        return {
            **plain,
            "issuer": {name: getattr(self.issuer, name) for name in ("id", "registered", "name", "claimed_name")},
            "identifiers": [{"type": kind, "value": value} for kind, value in self.identifiers],
            "titles": dict(self.titles),
            "levels": [{"framework": framework, "level": level} for framework, level in self.levels],
        }


_PLAIN: Final = (
    "id", "learner", "achievement", "title", "credits", "unit", "score", "grade", "attendance", "hours",
    "activity_start", "activity_end", "valid_from", "valid_until", "signed_at",
)  # fmt: skip


def certificate(claims: SecuredClaims, registered_name: LanguageMap | None, language: str) -> Certificate:
    """What the claims say, for people; `registered_name` is the register's name of the issuer, if it is registered.

    Identifiers that are hashes have the value None: nobody reads them, and their salt is nobody's business.
    """
    achieved, subject = claims.achievement, claims.subject
    return Certificate(
        id=visible(claims.credential_id),
        issuer=_issuer(claims, registered_name, language),
        learner=_shown(claims.subject_id),
        identifiers=tuple(
            (visible(each.identity_type), None if each.hashed else visible(each.identity_hash))
            for each in claims.identifiers
        ),
        achievement=visible(achieved.id),
        title=visible(in_language(achieved.name, language)),
        titles={tag: visible(text) for tag, text in achieved.name.items()},
        credits=exact(claims.credits_earned),
        unit=_shown(achieved.unit),
        levels=tuple((visible(framework), visible(level)) for framework, level in achieved.levels),
        score=exact(subject.score),
        grade=_shown(subject.grade),
        attendance=exact(None if subject.attendance is None else subject.attendance * 100),
        hours=exact(subject.hours),
        activity_start=claims.activity_start.isoformat() if claims.activity_start else None,
        activity_end=claims.activity_end.isoformat() if claims.activity_end else None,
        valid_from=_moment(claims.valid_from),
        valid_until=_moment(claims.valid_until) if claims.valid_until else None,
        signed_at=_moment(claims.signed_at),
    )


def visible(text: str) -> str:
    """The text with every character that steers a display (controls, direction, invisible ones) written out."""
    return "".join(_written_out(character) for character in text)


def in_language(texts: LanguageMap, language: str) -> str:
    """The text in this language, in one with the same beginning (`ko-KR` for `ko`), else the one to show first."""
    if not texts:
        return ""
    wanted = language.lower()
    for tag in (language, wanted.partition("-")[0]):
        near = [known for known in texts if known.lower() == tag.lower() or known.lower().startswith(f"{tag.lower()}-")]
        if near:
            return texts[min(near, key=len)]
    return texts[primary(texts)]


def exact(amount: Fraction | None) -> str | None:
    """An exact number as text: a decimal where it is finite, else a fraction."""
    if amount is None:
        return None
    rest, places = amount.denominator, 0
    while rest % 10 == 0 or rest % 5 == 0 or rest % 2 == 0:
        rest = rest // 10 if rest % 10 == 0 else rest // 5 if rest % 5 == 0 else rest // 2
        places += 1
    if rest != 1:
        return f"{amount.numerator}/{amount.denominator}"
    text = str(abs(amount) * 10**places).rjust(places + 1, "0")
    whole, part = text[: len(text) - places], text[len(text) - places :]
    return ("-" if amount < 0 else "") + (f"{whole}.{part}" if part else whole)


def same_name(one: str, other: str) -> bool:
    """Whether two names are the same to a reader: capitals, width and spaces aside."""
    return _folded(one) == _folded(other)


def _issuer(claims: SecuredClaims, registered_name: LanguageMap | None, language: str) -> ShownIssuer:
    claimed = _claimed_names(claims)
    known = registered_name or {}
    differs = not any(same_name(text, name) for text in claimed.values() for name in known.values())
    return ShownIssuer(
        id=visible(claims.issuer_id),
        registered=registered_name is not None,
        name=visible(in_language(known, language)) if known else None,
        claimed_name=visible(in_language(claimed, language)) if claimed and differs else None,
    )


def _claimed_names(claims: SecuredClaims) -> LanguageMap:
    badge = claims.document.get("badge")  # Open Badges 2.0 names its issuer there
    issuer = claims.document.get("issuer") or (badge.get("issuer") if isinstance(badge, dict) else None)
    if not isinstance(issuer, dict) or "name" not in issuer:
        return {}
    try:
        return language_map(issuer["name"], "issuer.name")
    except CredentialError:
        return {}


def _folded(name: str) -> str:
    return _SPACES.sub(" ", unicodedata.normalize("NFKC", name).casefold()).strip()


def _written_out(character: str) -> str:
    if unicodedata.category(character) in _LETTERLESS and character not in _JOINERS:
        return f"\\u{ord(character):04x}" if ord(character) < 0x10000 else f"\\U{ord(character):08x}"
    return character


def _shown(text: str | None) -> str | None:
    return None if text is None else visible(text)


def _moment(at: Any) -> str:
    return str(at.isoformat(timespec="seconds").replace("+00:00", "Z"))
