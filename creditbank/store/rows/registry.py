"""The registry: institutions, accreditations, keys, achievements, callers, rule packs, requests."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from creditbank.store.rows.base import Row, bytes_column, instant_column, json_column, text_column


class Issuer(Row, table=True):
    """An institution that may be accredited to award credits."""

    issuer_id: str = text_column(primary_key=True)
    did: str = text_column()
    kind: str = text_column()
    name: dict[str, str] = json_column()
    country: str = text_column()
    url: str | None = text_column(default=None)
    provider_root: str = text_column()
    registered_at: datetime = instant_column()


class Accreditation(Row, table=True):
    """An authority's word: what an institution may award, in which units and levels, from when to when."""

    accreditation_id: UUID = Field(primary_key=True)
    issuer_id: str = text_column()
    authority: str = text_column()
    reference: str | None = text_column(default=None)
    achievements: list[str] | None = json_column(nullable=True)
    levels: list[list[str]] | None = json_column(nullable=True)
    units: list[str] = json_column()
    valid_from: date
    valid_until: date | None
    withdrawn_on: date | None = None
    proposed_by: str = text_column()
    proposed_at: datetime = instant_column()
    approved_by: str | None = text_column(default=None)
    approved_at: datetime | None = instant_column(nullable=True)


class IssuerKey(Row, table=True):
    """A public key of an institution, its validity, and the sealed private key where the bank keeps it."""

    __tablename__ = "issuer_key"
    key_id: str = text_column(primary_key=True)
    issuer_id: str = text_column()
    algorithm: str = text_column()
    public_jwk: dict[str, str] = json_column()
    thumbprint: str = text_column()
    sealed_private_key: bytes | None = bytes_column(nullable=True)
    active_from: datetime = instant_column()
    retired_at: datetime | None = instant_column(nullable=True)
    compromised_from: datetime | None = instant_column(nullable=True)
    declared_compromised_at: datetime | None = instant_column(nullable=True)


class Achievement(Row, table=True):
    """What an institution offers: texts as language maps, credits as exact text."""

    issuer_id: str = text_column(primary_key=True)
    achievement_id: str = text_column(primary_key=True)
    name: dict[str, str] = json_column()
    description: dict[str, str] = json_column()
    criteria: dict[str, str] = json_column()
    achievement_type: str = text_column()
    unit: str = text_column()
    credits: str = text_column()
    level_framework: str | None = text_column(default=None)
    level_value: str | None = text_column(default=None)
    source_type: str | None = text_column(default=None)
    course_class: str | None = text_column(default=None)
    recorded_at: datetime = instant_column()


class Client(Row, table=True):
    """A machine that may call, and what it is confined to."""

    client_id: str = text_column(primary_key=True)
    name: str = text_column()
    role: str = text_column()
    issuer_id: str | None = text_column()
    book_id: UUID | None = None
    public_jwk: dict[str, str] = json_column()
    scopes: list[str] = json_column()
    registered_at: datetime = instant_column()
    disabled_at: datetime | None = instant_column(nullable=True)


class ClientAssertion(Row, table=True):
    """A client assertion that was used; kept until it expires."""

    __tablename__ = "client_assertion"
    client_id: str = text_column(primary_key=True)
    jti: str = text_column(primary_key=True)
    expires_at: datetime = instant_column()


class RulePack(Row, table=True):
    """One version of a rule pack; its content never changes. With a `scope` it is an institution's own.

    With a base it holds that version of the bank's pack and an institution's departures from it. Its `kind` is rules,
    grades or issuance.
    """

    __tablename__ = "rule_pack"
    pack_id: str = text_column(primary_key=True)
    version: str = text_column(primary_key=True)
    digest: str = text_column()
    content: str = text_column()
    proposed_by: str = text_column()
    proposed_at: datetime = instant_column()
    approved_by: str | None = text_column(default=None)
    published_at: datetime | None = instant_column(nullable=True)
    cases: str | None = text_column(default=None)
    findings: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSONB, nullable=False))
    cases_held: int = 0
    scope: str | None = text_column(default=None)
    in_force_from: date | None = None
    retroactive: bool = False
    base_id: str | None = text_column(default=None)
    base_version: str | None = text_column(default=None)
    kind: str = text_column(default="rules")
    withdrawn_by: str | None = text_column(default=None)
    withdrawn_at: datetime | None = instant_column(nullable=True)


class RegistryVersion(Row, table=True):
    """How often the registry has changed: one row."""

    __tablename__ = "registry_version"
    single: bool = Field(primary_key=True)
    changes: int = Field(sa_type=BigInteger)


class RequestKey(Row, table=True):
    """An idempotency key, the digest of what was asked, and the answer."""

    __tablename__ = "request_key"
    client_id: str = text_column(primary_key=True)
    key: str = text_column(primary_key=True)
    digest: bytes = bytes_column()
    answer: dict[str, Any] | None = json_column(nullable=True)
    made_at: datetime = instant_column(by_database=True)


class SealCheck(Row, table=True):
    """By which key-encryption key the secrets are sealed."""

    __tablename__ = "seal_check"
    key_id: str = text_column(primary_key=True)
    sealed: bytes = bytes_column()
    made_at: datetime = instant_column(by_database=True)
