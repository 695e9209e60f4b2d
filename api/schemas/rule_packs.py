"""Rule packs: proposals, checks, versions and how they stand."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from api.schemas.common import Day, Instant, IssuerId, Name, Wire, shown
from creditbank.pack_check import MAX_LENGTH, Checked
from creditbank.rule_packs import Proposal, from_json, to_json
from creditbank.store import rows
from creditbank.transactions.packs import State
from recognition_rules.authoring.diff import Change

_FINDING: dict[str, Any] = {
    "level": "error",
    "code": "case_fails",
    "sentence": "The case semester-cap does not hold: a9: expected counted, found not_counted",
    "file": "cases.toml",
    "line": None,
}
_CHANGE: dict[str, Any] = {
    "kind": "changed",
    "table": "limit",
    "rule": "semester-24",
    "sentence": "From 1 March 2027 the cap rises from 24 to 27.",
    "past": False,
}
_PACK: dict[str, Any] = {
    "id": "kr-acbs",
    "version": "2026.1",
    "digest": "sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
    "state": "checked",
    "scope": None,
    "in_force_from": None,
    "retroactive": False,
    "base_id": None,
    "base_version": None,
    "kind": "rules",
    "cases_held": 40,
    "findings": [],
    "proposed_by": "rules-desk",
    "proposed_at": "2026-09-01T09:00:00Z",
    "approved_by": None,
    "published_at": None,
    "withdrawn_at": None,
}


class PackText(Wire):
    """A pack as TOML (`content`) or in its JSON form (`pack`), and its cases; TOML by itself also as text/plain."""

    model_config = shown({"content": '[pack]\nid = "example"\nunit = "ects"\n', "cases": None})

    content: str | None = Field(default=None, min_length=1, max_length=MAX_LENGTH)
    pack: dict[str, Any] | None = Field(default=None, description="The tables of the TOML form as JSON members.")
    cases: str | None = Field(default=None, max_length=MAX_LENGTH, description="The pack's cases.toml.")
    scope: IssuerId | None = Field(default=None, description="The institution for which alone these rules decide.")
    base_id: Name | None = Field(
        default=None, description="Then `content` holds an institution's departures from this pack of the bank."
    )
    base_version: Name | None = Field(default=None, description="Null: the version in force.")

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if (self.content is None) == (self.pack is None):
            raise ValueError("either content or pack")
        if (self.base_version and not self.base_id) or (self.base_id and self.content is None):
            raise ValueError("departures are content, over a base_id")
        return self

    def text(self) -> str:
        """The pack as TOML. Raises PackInvalid."""
        return self.content if self.content is not None else from_json(self.pack or {})

    def proposal(self, base_version: str | None = None) -> Proposal:
        """The same, as the bank takes it; `base_version` is the one meant where none is named."""
        version = self.base_version or base_version
        base = (self.base_id, version) if self.base_id and version else None
        return Proposal(self.text(), self.cases, self.scope, base=base)


class NewRulePack(PackText):
    """A version of a pack to be published: its text, whose rules they are, and from which day they are to decide."""

    model_config = shown({"content": '[pack]\nid = "example"\nunit = "ects"\n', "in_force_from": "2027-03-01"})

    in_force_from: Day | None = Field(default=None, description="Null: from its publication on.")
    retroactive: bool = Field(default=False, description="Needed for a day in the past, here and at the approval.")

    def proposal(self, base_version: str | None = None) -> Proposal:
        """The same, as the bank takes it."""
        asked = super().proposal(base_version)
        return replace(asked, in_force_from=self.in_force_from, retroactive=self.retroactive)


class Finding(Wire):
    """Something that a check found; an error keeps a pack a draft."""

    level: Literal["error", "warning", "note"]
    code: str
    sentence: str
    file: str | None = None
    line: int | None = None


class PackCheck(Wire):
    """What is wrong with a pack; nothing was stored."""

    model_config = shown({"sound": False, "digest": _PACK["digest"], "cases_held": 39, "findings": [_FINDING]})

    sound: bool
    digest: str | None
    cases_held: int
    findings: list[Finding]

    @classmethod
    def of(cls, found: Checked) -> Self:
        """What a check found."""
        digest = found.pack.digest if found.pack else None
        findings = [Finding(**finding) for finding in found.findings]
        return cls(sound=found.sound, digest=digest, cases_held=found.cases_held, findings=findings)


class RulePack(Wire):
    """A version of a pack and how it stands; what is published never changes again."""

    model_config = shown(_PACK)

    id: str
    version: str
    digest: str
    state: State
    scope: str | None
    in_force_from: date | None
    retroactive: bool
    base_id: str | None
    base_version: str | None
    kind: str = Field(description="rules (of recognition), grades (tables of them), or issuance (rules of it).")
    cases_held: int
    findings: list[Finding]
    proposed_by: str
    proposed_at: Instant
    approved_by: str | None
    published_at: Instant | None
    withdrawn_at: Instant | None

    @classmethod
    def of(cls, row: rows.RulePack, state: State) -> Self:
        """The version of a row, without its content."""
        return cls(
            id=row.pack_id, version=row.version, digest=row.digest, state=state, scope=row.scope,
            in_force_from=row.in_force_from, retroactive=row.retroactive, base_id=row.base_id,
            base_version=row.base_version, kind=row.kind, cases_held=row.cases_held,
            findings=[Finding(**finding) for finding in row.findings], proposed_by=row.proposed_by,
            proposed_at=row.proposed_at, approved_by=row.approved_by, published_at=row.published_at,
            withdrawn_at=row.withdrawn_at,
        )  # fmt: skip


class RulePackContent(RulePack):
    """A version of a pack with its text and its cases; `pack` is the JSON form, where it was asked for."""

    model_config = shown({**_PACK, "content": "[pack]\n…", "pack": None, "cases": None})

    content: str
    pack: dict[str, Any] | None
    cases: str | None

    @classmethod
    def whole(cls, row: rows.RulePack, state: State, *, as_json: bool = False) -> Self:
        """The version of a row, whole."""
        pack = to_json(row.content) if as_json else None
        return cls(**RulePack.of(row, state).model_dump(), content=row.content, pack=pack, cases=row.cases)


class PackChange(Wire):
    """A change from one version of a pack to another, in words; `past` where it changes what held before."""

    kind: Literal["new", "gone", "changed"]
    table: str
    rule: str
    sentence: str
    past: bool


class PackDifference(Wire):
    """What one version says otherwise than another."""

    model_config = shown({"changes": [_CHANGE]})

    changes: list[PackChange]

    @classmethod
    def of(cls, found: Sequence[Change]) -> Self:
        """The changes found."""
        return cls(
            changes=[
                PackChange(kind=one.kind, table=one.table, rule=one.rule, sentence=one.sentence, past=one.past)
                for one in found
            ]
        )
