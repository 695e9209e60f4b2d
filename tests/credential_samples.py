"""A small world of schools, learners and badges, for tests that call the real code."""

import json
import struct
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

from credentials import data_integrity, multibase
from credentials.contexts import PINNED
from credentials.credential import Credential
from credentials.data_integrity import eddsa_jcs_2022
from credentials.jose import to_vc_jwt
from credentials.keys import Algorithm, PrivateKey
from credentials.open_badges import IdentityObject, OutcomeDraft, build
from credentials.read import read
from credentials.status_list import MIN_BYTES, StatusEntry, with_bit
from credentials.status_list import build as build_list
from credentials.verify import IssuerKey, Verification, VerificationMaterial, verify

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
LEARNER = "did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
LIST_URL = "https://bank.example/status/1"
SECURED = ("vc-jwt", "eddsa-jcs-2022", "eddsa-rdfc-2022")

WELDING = OutcomeDraft(
    achievement_id="https://college.example/achievements/welding",
    name={"en": "Welding", "ko": "용접"},
    description={"en": "Welds in four positions", "ko": "네 가지 자세로 용접한다"},
    criteria={"en": "Four test pieces, each inspected"},
    credits=Fraction(9, 2),
    unit="ects",
    subject_id=LEARNER,
    identifiers=(IdentityObject.hash_of("anna@learners.example", "emailAddress", "salt-1"),),
    levels=(("eqf", "4"),),
    source_type="course",
    course_class="major",
    score=Fraction(175, 2),
    attendance=Fraction(9, 10),
    hours=Fraction(112),
    grade="B+",
    activity_start=datetime(2026, 2, 2).date(),
    activity_end=datetime(2026, 5, 20).date(),
)


@dataclass(frozen=True)
class School:
    """An issuer with one key."""

    id: str = "did:web:college.example"
    algorithm: Algorithm = "EdDSA"
    seed: int = 1
    name: str = "key-1"
    registered: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> PrivateKey:
        return PrivateKey.from_bytes(self.algorithm, bytes([self.seed]) * (48 if self.algorithm == "ES384" else 32))

    @property
    def method(self) -> str:
        return f"{self.id}#{self.name}"

    def record(self) -> IssuerKey:
        known = {"controller": self.id, "active_from": NOW - 400 * DAY, **self.registered}
        return IssuerKey(self.method, key=self.key.public_key, **known)

    def badge(self, outcome: OutcomeDraft = WELDING, **facts: Any) -> dict[str, Any]:
        given = {"credential_id": "urn:uuid:0f4e9d2c-5a0e-4a39-9f44-6a1c1d3c7a10", "valid_from": NOW - DAY, **facts}
        return build(outcome, issuer_id=self.id, issuer_name={"en": "Riverside College"}, **given)

    def sign(self, document: Mapping[str, Any], how: str = "eddsa-jcs-2022", created: datetime = NOW - DAY) -> bytes:
        """The document, secured: the bytes that a learner would hand in."""
        if how == "vc-jwt":
            return to_vc_jwt(dict(document), self.key, key_id=self.method).encode()
        return json.dumps(self.prove(document, how, created)).encode()

    def prove(
        self, document: Mapping[str, Any], how: str = "eddsa-jcs-2022", created: datetime = NOW - DAY
    ) -> dict[str, Any]:
        return data_integrity.sign(
            dict(document), self.key, cryptosuite=how, verification_method=self.method, created=created
        )

    def bare_proof(self, document: Mapping[str, Any], **options: Any) -> dict[str, Any]:
        """A proof with these options, its signature right, made without the care that signing takes."""
        made = {
            "type": "DataIntegrityProof",
            "cryptosuite": "eddsa-jcs-2022",
            "created": (NOW - DAY).isoformat(),
            "verificationMethod": self.method,
            "proofPurpose": "assertionMethod",
            "@context": document["@context"],
            **options,
        }
        hash_data = eddsa_jcs_2022.hash_data(document, made, "EdDSA", PINNED)
        return {**made, "proofValue": multibase.encode(self.key.sign(hash_data))}

    def status_list(self, *revoked: int, purpose: str = "revocation", **changes: Any) -> Credential:
        """The school's signed status list with some bits set."""
        bits = bytes(MIN_BYTES)
        for index in revoked:
            bits = with_bit(bits, index, value=True)
        document = build_list(LIST_URL, self.id, purpose, bits, NOW - DAY, NOW + DAY)
        return read(self.sign({**document, **changes}))


def did_key_school(seed: int = 7) -> School:
    """A school that is its own did:key."""
    key = PrivateKey.from_bytes("EdDSA", bytes([seed]) * 32).public_key
    return School(id=key.did_key(), seed=seed, name=key.multibase())


def material(*schools: School, lists: Mapping[str, Credential] | None = None, **more: Any) -> VerificationMaterial:
    """What a bank has gathered about these schools."""
    return VerificationMaterial({school.method: school.record() for school in schools}, lists or {}, **more)


def revocable(purpose: str = "revocation", index: int = 94_567) -> StatusEntry:
    return StatusEntry(purpose, LIST_URL, index)


def changed(document: Mapping[str, Any], **members: Any) -> dict[str, Any]:
    """A copy of a document with some members replaced; `None` takes a member away."""
    return {name: value for name, value in {**document, **members}.items() if value is not None}


def with_subject(document: Mapping[str, Any], **members: Any) -> dict[str, Any]:
    return {**document, "credentialSubject": changed(document["credentialSubject"], **members)}


def with_achievement(document: Mapping[str, Any], **members: Any) -> dict[str, Any]:
    return with_subject(document, achievement=changed(document["credentialSubject"]["achievement"], **members))


def outcome(**changes: Any) -> OutcomeDraft:
    return replace(WELDING, **changes)


def chunk(type_: bytes, content: bytes, crc: int | None = None) -> bytes:
    """One PNG chunk, its checksum right unless another is given."""
    right = zlib.crc32(type_ + content)
    return struct.pack(">I", len(content)) + type_ + content + struct.pack(">I", right if crc is None else crc)


def png(*extra: bytes, width: int = 3, height: int = 2, rows: bytes | None = None, end: bool = True) -> bytes:
    """A small grey PNG with extra chunks between its header and its pixels."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress((b"\0" + b"\x80" * width) * height if rows is None else rows))
    parts: Iterable[bytes] = (b"\x89PNG\r\n\x1a\n", header, *extra, pixels, chunk(b"IEND", b"") if end else b"")
    return b"".join(parts)


def svg(inner: str = "", attributes: str = "") -> bytes:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {attributes}>'
        f'{inner}<path d="M0 0h9"/></svg>'
    ).encode()


SCHOOL = School()
OTHER = School(id="did:web:other.example", seed=2)


def check(data: bytes | dict[str, Any], gathered: VerificationMaterial | None = None, **more: Any) -> Verification:
    """What verification answers about these bytes, or this document, to a bank that knows two schools."""
    raw = json.dumps(data).encode() if isinstance(data, dict) else data
    known = material(SCHOOL, OTHER) if gathered is None else gathered
    return verify(read(raw), known, more.get("at", NOW), more.get("first_seen"))
