"""A bank's word in a file, and files to verify with it: everything real, no database and no network."""

import io
import json
import zipfile
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from credentials.credential import Credential
from credentials.keys import PrivateKey
from creditbank.trust_bundle import (
    Bundle,
    BundledAccreditation,
    BundledIssuer,
    BundledKey,
    BundledStatusList,
    Signatory,
    write_bundle,
)
from tests.credential_samples import DAY, LIST_URL, NOW, SCHOOL, School, revocable

BANK = PrivateKey.from_bytes("EdDSA", b"\x21" * 32)
PIN = BANK.public_key.thumbprint()
LIFE = timedelta(days=30)


def bundled(school: School = SCHOOL, units: tuple[str, ...] = ("ects",), **facts: Any) -> BundledIssuer:
    """A school as the bank has it on record, accredited for these units."""
    record = school.record()
    key = BundledKey(
        verification_method=school.method,
        jwk=school.key.public_key.jwk(),
        active_from=record.active_from,
        retired_at=record.retired_at,
        compromised_from=record.compromised_from,
    )
    accreditation = BundledAccreditation(id="a", authority="NILE", units=list(units), valid_from=date(2020, 1, 1))
    return BundledIssuer(
        id="riverside",
        did=school.id,
        name=facts.get("name", {"en": "Riverside College"}),
        country="FI",
        provider_root="riverside",
        keys=facts.get("keys", [key]),
        accreditations=[accreditation] if units else [],
        achievements=[],
    )


def bundle(*issuers: BundledIssuer, lists: Mapping[str, Credential] | None = None, at: datetime = NOW) -> bytes:
    """The bank's signed bundle about these institutions."""
    contents = Bundle(
        bank=Signatory(url="https://bank.example", jwk=dict(BANK.public_key.jwk())),
        issued_at=at,
        valid_until=at + LIFE,
        issuers=list(issuers or [bundled()]),
        status_lists=[
            BundledStatusList(url=url, fetched_at=at, credential=found.received.decode())
            for url, found in (lists or {}).items()
        ],
    )
    return write_bundle(contents, BANK)


def badge(**changes: Any) -> bytes:
    """A genuine badge of the school."""
    return SCHOOL.sign({**SCHOOL.badge(), **changes})


def revocable_badge() -> bytes:
    return SCHOOL.sign(SCHOOL.badge(status_entries=[revocable()]))


def with_list(*revoked: int) -> bytes:
    return bundle(lists={LIST_URL: SCHOOL.status_list(*revoked)})


def forged() -> bytes:
    document = json.loads(badge())
    document["credentialSubject"]["creditsEarned"] = 300
    return json.dumps(document).encode()


def archive(*entries: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP archive with these entries."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as opened:
        for name, data in entries:
            opened.writestr(name, data)
    return made.getvalue()


def folder(path: Path) -> Path:
    """A folder with one file of every verdict, and a bundle and key beside it."""
    files = path / "files"
    files.mkdir()
    (files / "a-genuine.json").write_bytes(badge())
    stranger = School(id="did:web:stranger.example", seed=9)
    (files / "b-stranger.json").write_bytes(stranger.sign(stranger.badge()))
    (path / "bundle.json").write_bytes(bundle())
    (path / "forged.json").write_bytes(forged())
    (path / "bank.jwk").write_text(json.dumps(BANK.public_key.jwk()))
    return files


AT = (NOW + DAY / 24).strftime("%Y-%m-%dT%H:%M:%SZ")
