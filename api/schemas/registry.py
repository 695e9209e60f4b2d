"""Institutions, what they may award, their keys, what they offer, and the machines that may call."""

from typing import Any, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from api.schemas.common import Amount, Day, Instant, IssuerId, Level, Line, Name, Texts, UnitId, Wire, shown
from creditbank.store import rows

Kind = Literal["vocational", "higher", "continuing", "community"]
Role = Literal["administrator", "issuer", "learner", "employer"]
SigningAlgorithm = Literal["EdDSA", "ES256", "ES384"]

_KEY_ID = "did:web:bank.example:issuers:hanbit-college#z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"
_ISSUER: dict[str, Any] = {
    "id": "hanbit-college",
    "did": None,
    "kind": "vocational",
    "name": {"ko": "한빛대학", "en": "Hanbit College"},
    "country": "KR",
    "url": "https://hanbit.example",
    "provider_root": None,
}
_ACCREDITATION: dict[str, Any] = {
    "authority": "National Institute for Lifelong Education",
    "reference": "NILE 2026-117",
    "achievements": None,
    "levels": None,
    "units": ["kr-credit"],
    "valid_from": "2026-01-01",
    "valid_until": None,
}
_JWK = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
_ACHIEVEMENT: dict[str, Any] = {
    "id": "https://hanbit.example/courses/databases",
    "name": {"ko": "데이터베이스", "en": "Databases"},
    "description": {"en": "Relational modelling and SQL."},
    "criteria": {"en": "Pass the examination with at least 60 of 100."},
    "achievement_type": "Course",
    "unit": "kr-credit",
    "credits": "3",
    "level": {"framework": "eqf", "value": "5"},
    "source_type": "accredited-course",
    "course_class": "major-required",
}


class NewIssuer(Wire):
    """An institution to be registered. Without a DID it gets a did:web that this bank serves."""

    model_config = shown(_ISSUER)

    id: IssuerId
    did: Name | None = None
    kind: Kind
    name: Texts
    country: str = Field(pattern=r"^[A-Z]{2}$")
    url: Name | None = None
    provider_root: IssuerId | None = Field(default=None, description="The institution whose caps it shares.")


class Issuer(Wire):
    """A registered institution."""

    model_config = shown(
        {
            **_ISSUER,
            "did": "did:web:bank.example:issuers:hanbit-college",
            "provider_root": "hanbit-college",
            "registered_at": "2026-09-01T09:00:00Z",
        }
    )

    id: str
    did: str
    kind: str
    name: Texts
    country: str
    url: str | None
    provider_root: str
    registered_at: Instant

    @classmethod
    def of(cls, row: rows.Issuer) -> Self:
        """The institution of a row."""
        return cls(
            id=row.issuer_id, did=row.did, kind=row.kind, name=row.name, country=row.country, url=row.url,
            provider_root=row.provider_root, registered_at=row.registered_at,
        )  # fmt: skip


class NewAccreditation(Wire):
    """An authority's word that an institution may award this. It counts once a second administrator approves it."""

    model_config = shown(_ACCREDITATION)

    authority: Line
    reference: Line | None = None
    achievements: list[Name] | None = Field(default=None, max_length=1000, description="Null: all of them.")
    levels: list[Level] | None = Field(default=None, max_length=100, description="Null: all of them.")
    units: list[UnitId] = Field(min_length=1, max_length=50)
    valid_from: Day
    valid_until: Day | None = Field(default=None, description="The last day; null where it is open.")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.valid_until is not None and self.valid_until < self.valid_from:
            raise ValueError("valid_until is before valid_from")
        return self


class Accreditation(Wire):
    """An accreditation as it stands: proposed, approved, or withdrawn from a day on."""

    model_config = shown(
        {
            **_ACCREDITATION,
            "id": "2f1c9a52-6f0e-4a53-9f43-5f1f0d4f7f10",
            "issuer": "hanbit-college",
            "withdrawn_on": None,
            "proposed_by": "registry-desk",
            "proposed_at": "2026-09-01T09:00:00Z",
            "approved_by": None,
            "approved_at": None,
        }
    )

    id: UUID
    issuer: str
    authority: str
    reference: str | None
    achievements: list[str] | None
    levels: list[Level] | None
    units: list[str]
    valid_from: Day
    valid_until: Day | None
    withdrawn_on: Day | None
    proposed_by: str
    proposed_at: Instant
    approved_by: str | None
    approved_at: Instant | None

    @classmethod
    def of(cls, row: rows.Accreditation) -> Self:
        """The accreditation of a row."""
        levels = None if row.levels is None else [Level(framework=f, value=v) for f, v in row.levels]
        return cls(
            id=row.accreditation_id, issuer=row.issuer_id, authority=row.authority, reference=row.reference,
            achievements=row.achievements, levels=levels, units=row.units, valid_from=row.valid_from,
            valid_until=row.valid_until, withdrawn_on=row.withdrawn_on, proposed_by=row.proposed_by,
            proposed_at=row.proposed_at, approved_by=row.approved_by, approved_at=row.approved_at,
        )  # fmt: skip


class Withdrawal(Wire):
    """From `on` nothing may be awarded under the accreditation."""

    model_config = shown({"on": "2026-12-01"})

    on: Day


class NewKey(Wire):
    """A key: made and kept by the bank for `algorithm`, or the institution's own by its public JWK.

    `replaces` names the key that retires the moment this one becomes active.
    """

    model_config = shown(
        {"algorithm": "EdDSA", "active_from": None, "replaces": None},
        {"public_jwk": _JWK, "active_from": "2026-09-01T00:00:00Z"},
    )

    algorithm: SigningAlgorithm | None = None
    public_jwk: dict[Name, Line] | None = Field(default=None, max_length=12)
    active_from: Instant | None = Field(default=None, description="Null: now.")
    replaces: Name | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if (self.algorithm is None) == (self.public_jwk is None):
            raise ValueError("either algorithm or public_jwk")
        return self


class Key(Wire):
    """A key of an institution and its history. `id` is the verification method that credentials name."""

    model_config = shown(
        {
            "id": _KEY_ID,
            "issuer": "hanbit-college",
            "algorithm": "EdDSA",
            "custody": "hosted",
            "public_jwk": _JWK,
            "thumbprint": "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
            "active_from": "2026-09-01T09:00:00Z",
            "retired_at": None,
            "compromised_from": None,
        }
    )

    id: str
    issuer: str
    algorithm: str
    custody: Literal["hosted", "own"]
    public_jwk: dict[str, str]
    thumbprint: str
    active_from: Instant
    retired_at: Instant | None
    compromised_from: Instant | None

    @classmethod
    def of(cls, row: rows.IssuerKey) -> Self:
        """The public side of a key's row."""
        return cls(
            id=row.key_id, issuer=row.issuer_id, algorithm=row.algorithm,
            custody="hosted" if row.sealed_private_key else "own", public_jwk=row.public_jwk,
            thumbprint=row.thumbprint, active_from=row.active_from, retired_at=row.retired_at,
            compromised_from=row.compromised_from,
        )  # fmt: skip


class Retirement(Wire):
    """The key signs no more from an instant; what it signed before stays valid."""

    model_config = shown({"key": _KEY_ID, "at": "2026-10-01T00:00:00Z"})

    key: Name
    at: Instant | None = Field(default=None, description="Null: now.")


class Compromise(Wire):
    """The key was in foreign hands since an instant: what was not logged before it is no longer believed."""

    model_config = shown({"key": _KEY_ID, "since": "2026-09-20T00:00:00Z"})

    key: Name
    since: Instant


class Compromised(Wire):
    """The key as it stands now, and the deposits whose credits were taken back."""

    model_config = shown({"key": None, "taken_back": []})

    key: Key
    taken_back: list[UUID]


class NewAchievement(Wire):
    """What an institution offers: its texts by language, its credits, unit and level."""

    model_config = shown(_ACHIEVEMENT)

    id: Name = Field(description="A URI of the institution's own.")
    name: Texts
    description: Texts
    criteria: Texts
    achievement_type: Name = "Course"
    unit: UnitId
    credits: Amount
    level: Level | None = None
    source_type: Name | None = None
    course_class: Name | None = None


class Achievement(NewAchievement):
    """A registered achievement."""

    model_config = shown({**_ACHIEVEMENT, "issuer": "hanbit-college", "recorded_at": "2026-09-01T09:00:00Z"})

    issuer: str
    recorded_at: Instant

    @classmethod
    def of(cls, row: rows.Achievement) -> Self:
        """The achievement of a row."""
        framework, value = row.level_framework, row.level_value
        return cls(
            id=row.achievement_id, issuer=row.issuer_id, name=row.name, description=row.description,
            criteria=row.criteria, achievement_type=row.achievement_type, unit=row.unit, credits=row.credits,
            level=Level(framework=framework, value=value) if framework and value else None,
            source_type=row.source_type, course_class=row.course_class, recorded_at=row.recorded_at,
        )  # fmt: skip


_CLIENT: dict[str, Any] = {
    "id": "hanbit-sis",
    "name": "Hanbit student information system",
    "role": "issuer",
    "issuer": "hanbit-college",
    "learner": None,
    "public_jwk": _JWK,
    "scopes": ["credentials:issue", "deposits:write", "deposits:read"],
}


class NewClient(Wire):
    """A machine that may call: a school's system, a learner's wallet, an employer's, an administrator's."""

    model_config = shown(_CLIENT)

    id: Name
    name: Line
    role: Role
    issuer: IssuerId | None = None
    learner: UUID | None = None
    public_jwk: dict[Name, Line] = Field(max_length=12)
    scopes: list[Name] = Field(min_length=1, max_length=50)

    @model_validator(mode="after")
    def _owned(self) -> Self:
        if (self.role == "issuer") != (self.issuer is not None):
            raise ValueError("an issuer's client, and no other, has an issuer")
        if (self.role == "learner") != (self.learner is not None):
            raise ValueError("a learner's client, and no other, has a learner")
        return self


class Client(Wire):
    """A registered client."""

    model_config = shown({**_CLIENT, "registered_at": "2026-09-01T09:00:00Z"})

    id: str
    name: str
    role: str
    issuer: str | None
    learner: UUID | None
    public_jwk: dict[str, str]
    scopes: list[str]
    registered_at: Instant

    @classmethod
    def of(cls, row: rows.Client) -> Self:
        """The client of a row."""
        return cls(
            id=row.client_id, name=row.name, role=row.role, issuer=row.issuer_id, learner=row.book_id,
            public_jwk=row.public_jwk, scopes=row.scopes, registered_at=row.registered_at,
        )  # fmt: skip
