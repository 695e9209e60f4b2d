"""What the story does to the bank: registering, accrediting, signing, baking, depositing. It prints nothing."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from urllib.parse import quote, urlsplit

from credentials.keys import PrivateKey
from credentials.open_badges import IdentityObject, OutcomeDraft
from creditbank.administration import Administration
from creditbank.bank import Bank
from creditbank.demo.artwork import SEAL_SVG, seal_png
from creditbank.demo.cast import HAN, ODUYA, School
from creditbank.demo.courses import PASSED, Course
from creditbank.identity import PlainIdentifier
from creditbank.intake import Posted
from creditbank.learners import Learners
from creditbank.rule_packs import Proposal, RulePacks
from creditbank.store import rows
from creditbank.transactions.prepared import DepositOutcome
from issuers.client import CredentialSigner, bake
from recognition_rules.credits import render_amount
from recognition_rules.packs import builtin

SUFFIXES = {"vc-jwt": "jwt", "own-vc-jwt": "jwt", "png": "png", "svg": "svg"}
"""How a credential's file ends; any other form is JSON."""
_MEDIA = {"png": "image/png", "svg": "image/svg+xml"}


@dataclass
class Stage:
    """The bank, the folder for credential files, and what the learners and one university keep to themselves."""

    bank: Bank
    folder: Path
    wallets: dict[str, PrivateKey] = field(default_factory=dict)
    own_keys: dict[str, PrivateKey] = field(default_factory=dict)
    deposited: dict[int, DepositOutcome] = field(default_factory=dict)
    files: dict[int, Path] = field(default_factory=dict)

    @property
    def administration(self) -> Administration:
        """The use cases of the registry."""
        return Administration(self.bank)

    @property
    def learners(self) -> Learners:
        """The use cases around a person."""
        return Learners(self.bank)

    @property
    def now(self) -> datetime:
        """The bank's clock, to the second."""
        return self.bank.office.clock().replace(microsecond=0)

    @property
    def today(self) -> date:
        """The bank's day."""
        return self.bank.office.today()

    def did(self, school: School) -> str:
        """The school's DID: of its own domain, else one that the bank serves for it."""
        if school.own_domain:
            return f"did:web:{school.own_domain}"
        at = urlsplit(self.bank.public_url)
        return ":".join(["did:web", quote(at.netloc, safe=""), *at.path.split("/")[1:], "issuers", school.id])

    def register(self, school: School) -> rows.IssuerKey:
        """Put a school on record with its key, hosted by the bank or its own."""
        row = rows.Issuer(
            issuer_id=school.id,
            did=self.did(school),
            kind=school.kind.value,
            name=dict(school.name),
            country=school.country,
            provider_root=school.id,
            registered_at=self.now,
        )
        self.administration.register_issuer(HAN, row)
        since = self.now - timedelta(days=1)
        if school.own_domain is None:
            return self.administration.create_key(HAN, school.id, "EdDSA", since)
        self.own_keys[school.id] = PrivateKey.generate("ES256")
        return self.administration.register_key(HAN, school.id, self.own_keys[school.id].public_key, since)

    def rotate(self, school: School, key_id: str, at: datetime) -> rows.IssuerKey:
        """Replace the school's hosted key from `at`; the old one's credentials stay valid."""
        return self.administration.create_key(school.caller, school.id, "EdDSA", at, replaces=key_id)

    def propose(self, school: School) -> rows.Accreditation:
        """The first administrator records what an authority lets the school award, for ten years up to the next."""
        row = rows.Accreditation(
            accreditation_id=self.bank.office.new_id(),
            issuer_id=school.id,
            authority=school.authority,
            units=list(school.units),
            levels=[list(level) for level in school.levels] if school.levels else None,
            valid_from=date(self.today.year - 10, 1, 1),
            valid_until=date(self.today.year + 1, 12, 31),
            proposed_by=HAN.client_id,
            proposed_at=self.now,
        )
        return self.administration.propose_accreditation(HAN, row)

    def publish_rules(self, pack_id: str) -> rows.RulePack:
        """A pack that comes with the program, proposed by one administrator and published by the other."""
        proposal = Proposal(builtin(pack_id), builtin(pack_id, "cases.toml"))
        row = RulePacks(self.bank).propose(HAN, proposal)
        return RulePacks(self.bank).approve(ODUYA, row.pack_id, row.version)

    def offer(self, course: Course) -> rows.Achievement:
        """The school registers the course that it offers."""
        row = rows.Achievement(
            issuer_id=course.school.id,
            achievement_id=course.achievement_id,
            name=dict(course.title),
            description=_description(course),
            criteria=_CRITERIA,
            achievement_type="Course",
            unit=course.unit,
            credits=render_amount(course.credits),
            source_type=_source(course),
            course_class=course.course_class,
            recorded_at=self.now,
        )
        return self.administration.register_achievement(course.school.caller, row)

    def outcome(self, course: Course) -> OutcomeDraft:
        """What the learner reached, as her school posts it."""
        started, ended = course.days(self.today)
        return OutcomeDraft(
            achievement_id=course.achievement_id,
            name=course.title,
            description=_description(course),
            criteria=_CRITERIA,
            credits=course.credits,
            unit=course.unit,
            subject_id=None if course.by_email else self.wallet(course).public_key.did_key(),
            identifiers=[_hashed_email(course)] if course.by_email else [],
            levels=course.school.levels or (),
            source_type=_source(course),
            course_class=course.course_class,
            score=PASSED,
            attendance=course.attendance,
            activity_start=started,
            activity_end=ended,
            language=course.school.language,
        )

    def wallet(self, course: Course) -> PrivateKey:
        """The learner's own key; its did:key is what some schools name her by."""
        return self.wallets.setdefault(course.person.id, PrivateKey.generate("EdDSA"))

    def sign(self, course: Course) -> Posted:
        """The signed badge: by the bank with the hosted key, or by the school outside the bank; baked if asked."""
        if course.form == "own-vc-jwt":
            return self._sign_outside(course)
        form = course.form if course.form not in _MEDIA else "eddsa-jcs-2022"
        posted = self.bank.issue(course.school.caller, course.school.id, self.outcome(course), form)
        if course.form in _MEDIA:
            image = seal_png() if course.form == "png" else SEAL_SVG
            posted = replace(posted, data=bake(image, posted.data.decode()), media_type=_MEDIA[course.form])
        return replace(posted, identifiers=_plain(course))

    def _sign_outside(self, course: Course) -> Posted:
        signer = CredentialSigner(self.did(course.school), course.school.name, self.own_keys[course.school.id])
        credential_id = f"https://{course.school.own_domain}/badges/{self.bank.office.new_id()}"
        token = signer.sign(self.outcome(course), credential_id=credential_id, valid_from=self.now)
        return Posted(token.encode(), "application/vc+jwt", course.school.caller, _plain(course))

    def deposit(self, course: Course) -> DepositOutcome:
        """Sign, deposit, and keep the file: the path of every credential in the story."""
        self.offer(course)
        posted = self.sign(course)
        self.deposited[course.number] = self.bank.deposit(posted)
        self.files[course.number] = self.keep(f"{course.number:02}-{course.school.id}", course.form, posted.data)
        return self.deposited[course.number]

    def keep(self, name: str, form: str, data: bytes) -> Path:
        """Write a file for the user to try things on."""
        path = self.folder / f"{name}.{SUFFIXES.get(form, 'json')}"
        path.write_bytes(data)
        return path


_CRITERIA = {"en": "Attend at least 80 in 100 sessions and reach 60 points."}


def _description(course: Course) -> dict[str, str]:
    return {"en": f"A course of {course.school.english}."}


def _source(course: Course) -> str:
    return "part-time" if course.school.own_domain else "accredited-course"


def _plain(course: Course) -> tuple[PlainIdentifier, ...]:
    return (PlainIdentifier("emailAddress", course.person.email),) if course.by_email else ()


def _hashed_email(course: Course) -> IdentityObject:
    """The badge itself shows no address, only its hash with a salt of its own."""
    return IdentityObject.hash_of(course.person.email, "emailAddress", f"salt-{course.number:02}")
