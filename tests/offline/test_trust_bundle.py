"""A bundle is believed as far as its signature goes, and no longer than it says."""

import json
from datetime import timedelta
from typing import Any

import pytest

from credentials.canonical import jcs
from credentials.checks import Outcome, Verification
from credentials.jws import sign_compact
from credentials.keys import PrivateKey
from creditbank.errors import Refused
from creditbank.log.checkpoint import Checkpoint
from creditbank.log.note import VerifierKey
from creditbank.log.tree import EMPTY_ROOT
from creditbank.offline.judging import Judge
from creditbank.trust_bundle import TYPE, BundledLog, read_bundle, write_bundle
from tests.credential_samples import DAY, LIST_URL, NOW, OTHER, SCHOOL, School
from tests.offline.offline_world import BANK, LIFE, PIN, badge, bundle, bundled, forged, revocable_badge, with_list


def judged(data: bytes, trust: bytes | None = None, at: Any = NOW, pin: str | None = PIN) -> Verification:
    found = None if trust is None else read_bundle(trust, pin)
    return Judge(found).verification(data, None, at)


def test_a_genuine_badge_of_an_accredited_school_is_valid() -> None:
    found = judged(badge(), bundle())
    assert (found.verdict, found.code) == ("valid", None)
    assert found.check("accreditation").outcome is Outcome.PASSED
    assert found.check("trust_bundle").outcome is Outcome.PASSED


def test_a_forged_one_is_not() -> None:
    assert judged(forged(), bundle()).code == "bad_signature"


@pytest.mark.parametrize(
    ("issuer", "code"),
    [
        (bundled(units=()), "untrusted_issuer"),
        (bundled(units=("kr-credit",)), "untrusted_issuer"),
        (bundled(OTHER), "key_unavailable"),
        (bundled(keys=[]), "key_unavailable"),  # it may be newer than the bundle
    ],
    ids=["no accreditation", "another unit", "another school", "a newer key"],
)
def test_nobody_is_trusted_further_than_the_bundle_goes(issuer: Any, code: str) -> None:
    found = judged(badge(), bundle(issuer))
    assert (found.verdict, found.code) == ("indeterminate", code)


def test_a_did_key_by_nobody_in_particular_is_never_valid() -> None:
    from tests.credential_samples import did_key_school

    stranger = did_key_school()
    for trust in (None, bundle()):
        found = judged(stranger.sign(stranger.badge()), trust)
        assert (found.verdict, found.code) == ("indeterminate", "untrusted_issuer")
    plain = {name: value for name, value in stranger.badge().items() if name != "name"}
    plain |= {"type": ["VerifiableCredential"], "credentialSubject": {"id": "did:example:anna"}}
    found = judged(stranger.sign(plain), bundle())
    assert found.verdict != "valid"


def test_without_a_bundle_and_a_network_the_issuers_keys_are_not_at_hand() -> None:
    found = judged(badge())
    assert (found.verdict, found.code) == ("indeterminate", "key_unavailable")


@pytest.mark.parametrize(
    ("compromised_after", "code"), [(-2 * DAY, "key_compromised"), (2 * DAY, "signing_time_unproven")]
)
def test_a_compromised_key_is_told_by_the_bundle(compromised_after: timedelta, code: str) -> None:
    school = School(registered={"compromised_from": NOW + compromised_after})
    assert judged(badge(), bundle(bundled(school)), NOW + 3 * DAY).code == code


@pytest.mark.parametrize(
    ("trust", "at", "verdict", "code"),
    [
        (with_list(), NOW, "valid", None),
        (with_list(94_567), NOW, "invalid", "revoked"),
        (with_list(94_568), NOW, "valid", None),
        (with_list(), NOW + 2 * DAY, "indeterminate", "status_stale"),
        (bundle(), NOW, "indeterminate", "status_unavailable"),
        (with_list(), NOW + LIFE + DAY, "indeterminate", "status_stale"),
    ],
    ids=["clear", "revoked", "another revoked", "list out of date", "no list", "all out of date"],
)
def test_status_is_as_of_the_bundle_and_says_when_it_is_stale(
    trust: bytes, at: Any, verdict: str, code: str | None
) -> None:
    found = judged(revocable_badge(), trust, at)
    assert (found.verdict, found.code) == (verdict, code)


def test_a_bundle_out_of_date_is_said() -> None:
    found = judged(badge(), bundle(), NOW + LIFE + DAY)
    assert (found.verdict, found.code) == ("indeterminate", "trust_stale")


def test_a_bundle_whose_key_was_not_compared_is_said() -> None:
    found = judged(badge(), bundle(), pin=None)
    assert found.verdict == "valid"
    assert found.check("trust_bundle").code == "trust_unpinned"
    assert found.check("trust_bundle").facts == {"thumbprint": PIN}


def resigned(file: dict[str, Any], key: PrivateKey, typ: str = TYPE) -> bytes:
    """The file signed anew with some key, as somebody else than the bank would."""
    from hashlib import sha256

    statement = {"iss": file["bundle"]["bank"]["url"], "bundle_sha256": sha256(jcs(file["bundle"])).hexdigest()}
    return json.dumps({**file, "signed": sign_compact(statement, key, {"typ": typ})}).encode()


def altered() -> dict[str, Any]:
    file: dict[str, Any] = json.loads(bundle())
    file["bundle"]["issuers"][0]["accreditations"][0]["units"].append("kr-credit")
    return file


THIEF = PrivateKey.from_bytes("EdDSA", b"\x66" * 32)


def test_an_altered_bundle_is_refused() -> None:
    stolen = altered()
    stolen["bundle"]["bank"]["jwk"] = dict(THIEF.public_key.jwk())
    for data, code in (
        (json.dumps(altered()).encode(), "trust_signature_invalid"),
        (resigned(altered(), THIEF), "trust_signature_invalid"),
        (resigned(stolen, THIEF), "trust_key_mismatch"),
        (resigned(json.loads(bundle()), BANK, "quote+jwt"), "trust_signature_invalid"),
        (resigned(json.loads(bundle()), BANK, "verification-receipt+jwt"), "trust_signature_invalid"),
        (b"{}", "trust_malformed"),
        (b"nothing", "trust_malformed"),
        (bundle().replace(b'"version":1', b'"version":2'), "trust_malformed"),
        (bundle().replace(b'"issuers":[', b'"extra":1,"issuers":['), "trust_malformed"),
        (badge(), "trust_malformed"),
    ):
        with pytest.raises(Refused) as refusal:
            read_bundle(data, PIN)
        assert refusal.value.code == code
    assert not read_bundle(resigned(stolen, THIEF)).pinned


def test_a_list_of_another_issuer_in_the_bundle_does_not_count() -> None:
    foreign = bundle(bundled(), bundled(OTHER), lists={LIST_URL: OTHER.status_list()})
    found = judged(revocable_badge(), foreign)
    assert found.verdict != "valid"
    assert found.check("status").outcome is not Outcome.PASSED


def test_reports_name_institutions_as_the_register_does() -> None:
    judge = Judge(read_bundle(bundle(bundled(name={"en": "Riverside Driving School"})), PIN), NOW)
    shown = judge.report(badge()).certificate
    assert shown is not None
    assert (shown.issuer.name, shown.issuer.claimed_name) == ("Riverside Driving School", "Riverside College")
    assert SCHOOL.id in judge.registered_names


def test_the_checkpoint_in_it_is_the_logs_own() -> None:
    vkey, signed = (
        log_key(b"\x31"),
        Checkpoint("bank.example/log", 0, EMPTY_ROOT).signed_by(*log_pair(b"\x31")).decode(),
    )
    contents = read_bundle(bundle(), PIN).contents
    right = contents.model_copy(update={"log": BundledLog(vkey=vkey, checkpoint=signed)})
    assert read_bundle(write_bundle(right, BANK), PIN).contents.log is not None
    for wrong in (
        BundledLog(vkey=log_key(b"\x32"), checkpoint=signed),
        BundledLog(vkey=vkey, checkpoint=signed.replace("\n0\n", "\n1\n")),
        BundledLog(vkey="nothing", checkpoint=signed),
    ):
        with pytest.raises(Refused) as refusal:
            read_bundle(write_bundle(contents.model_copy(update={"log": wrong}), BANK), PIN)
        assert refusal.value.code == "trust_checkpoint_invalid"


def log_pair(seed: bytes) -> tuple[VerifierKey, PrivateKey]:
    key = PrivateKey.from_bytes("EdDSA", seed * 32)
    return VerifierKey("bank.example/log", key.public_key.material), key


def log_key(seed: bytes) -> str:
    return log_pair(seed)[0].vkey
