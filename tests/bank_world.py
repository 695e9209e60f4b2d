"""A whole bank in a test: a cloned database, a clock that tests move, two administrators, and schools that issue."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any
from uuid import uuid4

from credentials.keys import PrivateKey
from credentials.open_badges import OutcomeDraft, build
from credentials.vc_jwt import to_vc_jwt
from creditbank.administration import Administration
from creditbank.bank import Bank
from creditbank.caller import SCOPES, Caller
from creditbank.checkpoint_store import CheckpointStore
from creditbank.identity import PlainIdentifier
from creditbank.intake import Posted
from creditbank.learners import Learners
from creditbank.office import Office, builtin_levels, builtin_units
from creditbank.publishing import Publisher
from creditbank.rule_packs import Proposal, RulePacks
from creditbank.store import Database, rows
from creditbank.transactions.prepared import DepositOutcome
from creditbank.transactions.recognition_request import RecognitionRequest
from creditbank.vault import open_vault
from issuers.fetch import Fetcher
from recognition_rules.packs import builtin

ANNA = Caller("anna", "administrator", SCOPES["administrator"])
BORIS = Caller("boris", "administrator", SCOPES["administrator"])
PUBLIC_URL = "https://bank.example"


def refuse_network(*_arguments: Any, **_options: Any) -> Any:
    """A resolver that fails the test: a refused credential must never cause an outbound request."""
    raise AssertionError("an outbound request was attempted")


@dataclass
class World:
    """The bank and what tests say to it."""

    bank: Bank
    now: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))
    number: int = 0
    wallet: PrivateKey = field(default_factory=lambda: PrivateKey.generate("EdDSA"))

    @property
    def administration(self) -> Administration:
        return Administration(self.bank)

    @property
    def rule_packs(self) -> RulePacks:
        return RulePacks(self.bank)

    @property
    def learners(self) -> Learners:
        return Learners(self.bank)

    def school(
        self, issuer_id: str = "hanbit", kind: str = "continuing", units: tuple[str, ...] = ("kr-credit",), **facts: Any
    ) -> Caller:
        """A registered institution with a hosted key, accredited for `units` unless `accredited=False`."""
        accredited = facts.pop("accredited", True)
        row = rows.Issuer(
            issuer_id=issuer_id,
            did=f"did:web:bank.example:issuers:{issuer_id}",
            kind=kind,
            name={"en": issuer_id.title()},
            country=facts.get("country", "KR"),
            provider_root=facts.get("provider_root", issuer_id),
            registered_at=self.now,
        )
        self.administration.register_issuer(ANNA, row)
        self.administration.create_key(ANNA, issuer_id, facts.get("hosted", "EdDSA"), self.now - timedelta(days=4000))
        if accredited:
            self.accredit(issuer_id, units)
        return Caller(f"{issuer_id}-system", "issuer", SCOPES["issuer"], issuer_id=issuer_id)

    def accredit(self, issuer_id: str, units: tuple[str, ...], **limits: Any) -> rows.Accreditation:
        """An accreditation proposed by one administrator and approved by another."""
        row = rows.Accreditation(
            accreditation_id=uuid4(),
            issuer_id=issuer_id,
            authority="NILE",
            units=list(units),
            achievements=limits.get("achievements"),
            levels=limits.get("levels"),
            valid_from=limits.get("valid_from", date(2015, 1, 1)),
            valid_until=limits.get("valid_until"),
            proposed_by=ANNA.client_id,
            proposed_at=self.now,
        )
        self.administration.propose_accreditation(ANNA, row)
        return self.administration.approve_accreditation(BORIS, row.accreditation_id)

    def outcome(self, **facts: Any) -> OutcomeDraft:
        """A plain learning outcome: three Korean credits for a learner known by her wallet's DID."""
        self.number += 1
        chosen: dict[str, Any] = {
            "achievement_id": f"https://hanbit.example/courses/{self.number}",
            "name": {"ko": f"과목 {self.number:02}", "en": f"Course {self.number:02}"},
            "description": {"en": "A course."},
            "criteria": {"en": "Attend and pass."},
            "credits": Fraction(3),
            "unit": "kr-credit",
            "subject_id": self.wallet.public_key.did_key(),
            "source_type": "accredited-course",
            "course_class": "major-elective",
            "score": Fraction(90),
            "attendance": Fraction(1),
            "activity_start": date(2026, 3, 2),
            "activity_end": date(2026, 6, 20),
        }
        return OutcomeDraft(**{**chosen, **facts})

    def issue(self, school: Caller, form: str = "vc-jwt", *, suspendable: bool = False, **facts: Any) -> Posted:
        """A badge signed with the school's hosted key, not yet deposited."""
        assert school.issuer_id is not None
        return self.bank.issue(school, school.issuer_id, self.outcome(**facts), form, suspendable=suspendable)

    def deposit(self, school: Caller, form: str = "vc-jwt", **facts: Any) -> DepositOutcome:
        """A badge signed and deposited."""
        return self.bank.deposit(self.issue(school, form, **facts))

    def publish_pack(self, pack_id: str = "kr-acbs") -> tuple[str, str]:
        """A built-in pack, proposed and published."""
        row = self.rule_packs.propose(ANNA, Proposal(builtin(pack_id)))
        self.rule_packs.approve(BORIS, row.pack_id, row.version)
        return row.pack_id, row.version

    def request(self, programme: str = "bachelor", **facts: Any) -> RecognitionRequest:
        """A recognition under the Korean pack, which must have been published."""
        pack = next(row for row in self.rule_packs.packs(ANNA) if row.pack_id == "kr-acbs")
        learner = facts.pop("learner", {"high_school_graduate": True})
        return RecognitionRequest(pack.pack_id, pack.version, programme, self.now.date(), learner=learner, **facts)

    def own_signer(self, issuer_id: str = "selfsigner", units: tuple[str, ...] = ("ects",)) -> "OwnSigner":
        """An institution that keeps its own key; the bank knows the public one."""
        key = PrivateKey.generate("ES256")
        school = self.school(issuer_id, "higher", units, country="FI")
        row = self.administration.register_key(ANNA, issuer_id, key.public_key, self.now - timedelta(days=400))
        return OwnSigner(self, school, key, row.key_id)

    def counts(self) -> dict[str, int]:
        """How much stands in the books and the log: what a refusal must leave as it was."""
        report = self.bank.audit()
        return {"entries": report.entries, "postings": report.postings, "leaves": report.leaves}


@dataclass
class OwnSigner:
    """A school that signs outside the bank."""

    world: World
    caller: Caller
    key: PrivateKey
    key_id: str

    def document(self, **facts: Any) -> dict[str, Any]:
        """An unsigned badge of this school, valid from an hour ago."""
        valid_from = facts.pop("valid_from", self.world.now - timedelta(hours=1))
        credential_id = facts.pop("credential_id", f"urn:uuid:{uuid4()}")
        assert self.caller.issuer_id is not None
        issuer = self.world.administration.issuer(self.caller.issuer_id)
        return build(
            self.world.outcome(**{"unit": "ects", **facts}),
            issuer_id=issuer.did,
            issuer_name=issuer.name,
            credential_id=credential_id,
            valid_from=valid_from,
            status_entries=[],
        )

    def sign(self, document: dict[str, Any]) -> str:
        """The badge as a VC-JWT."""
        return to_vc_jwt(document, self.key, key_id=self.key_id)

    def post(self, token: str, *identifiers: PlainIdentifier, caller: Caller | None = None) -> Posted:
        """The badge as it is handed in."""
        return Posted(token.encode(), "application/vc+jwt", caller or self.caller, identifiers)


@contextmanager
def open_world(database_url: str, folder: Path) -> Iterator[World]:
    """A bank on a cloned database, with secrets and checkpoints in `folder`."""
    database = Database(database_url)
    vault = open_vault(folder / "keys")
    worlds: list[World] = []
    office = Office(vault, builtin_units(), builtin_levels(), clock=lambda: worlds[0].now)
    publisher = Publisher("bank.example/log", vault, CheckpointStore(folder / "checkpoints"))
    fetcher = Fetcher(frozenset(), clock=office.clock, resolver=refuse_network)
    bank = Bank(database, office, publisher, fetcher, PUBLIC_URL)
    worlds.append(World(bank))
    bank.open()
    try:
        yield worlds[0]
    finally:
        database.close()
