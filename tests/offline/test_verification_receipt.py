"""A receipt shows what was verified and found; it is no credential, no token, no quote, and none of them is one."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from credentials.errors import CredentialError
from credentials.jws import read_compact, sign_compact
from credentials.keys import PrivateKey
from credentials.read import read
from credentials.report import Report, report, unreadable
from creditbank.errors import Refused
from creditbank.offline.judging import Judge
from creditbank.trust_bundle import read_bundle
from creditbank.verification_receipt import TYPE, Verifier, check_receipt, issue_receipt, read_receipt
from tests.credential_samples import LIST_URL, NOW, SCHOOL
from tests.offline.offline_world import BANK, badge, forged, revocable_badge, with_list

ID = UUID("0c0f3a4e-7a3e-4b1c-8f6e-0f1a2b3c4d5e")
VERIFIER = Verifier("https://bank.example", BANK, b"bank.example/log\n3\nroot\n")


def receipt_of(data: bytes, trust: bytes) -> tuple[str, Report]:
    from dataclasses import replace

    judge = Judge(read_bundle(trust), NOW)
    found = judge.verification(data, None, NOW)
    if found.claims:
        found = replace(found, material=judge.material(read(data)))
    told = report(found, NOW)
    return issue_receipt(VERIFIER, ID, NOW, data, found, told), told


def test_it_says_what_was_examined_and_with_which_evidence() -> None:
    data = revocable_badge()
    token, told = receipt_of(data, with_list())
    found = read_receipt(token, BANK.public_key)
    assert (found.iss, found.verdict, found.code, found.verified_at) == (
        "https://bank.example", "valid", None, "2026-06-01T12:00:00Z",
    )  # fmt: skip
    assert found.issued_at == NOW
    assert found.material.keys == [SCHOOL.key.public_key.thumbprint()]
    assert [used.url for used in found.material.status_lists] == [LIST_URL]
    assert found.material.status_lists[0].fetched_at == "2026-06-01T12:00:00Z"
    assert found.material.checkpoint == "bank.example/log\n3\nroot\n"
    check_receipt(found, data, told.to_json())
    assert found.content_sha256 is not None


def test_it_is_about_this_file_and_this_report() -> None:
    data = badge()
    token, told = receipt_of(data, with_list())
    found = read_receipt(token, BANK.public_key)
    with pytest.raises(Refused, match="receipt_of_other_file"):
        check_receipt(found, data + b"\n")
    with pytest.raises(Refused, match="receipt_of_other_report"):
        check_receipt(found, data, {**told.to_json(), "verdict": "invalid"})


def test_what_was_refused_has_one_too_and_nothing_of_its_contents() -> None:
    token, _ = receipt_of(forged(), with_list())
    found = read_receipt(token, BANK.public_key)
    assert (found.verdict, found.code, found.content_sha256, found.material.keys) == (
        "invalid", "bad_signature", None, [],
    )  # fmt: skip
    assert SCHOOL.id not in json.dumps(read_compact(token).payload)
    with pytest.raises(CredentialError) as refusal:
        read(b"junk")
    broken = unreadable(refusal.value)
    token = issue_receipt(VERIFIER, ID, NOW, b"junk", broken, report(broken, NOW))
    assert read_receipt(token, BANK.public_key).code == "malformed_json"


def resigned(payload: dict[str, Any], typ: str = TYPE, key: PrivateKey = BANK) -> str:
    return sign_compact(payload, key, {"typ": typ})


def test_it_is_never_taken_for_anything_else_nor_anything_for_it() -> None:
    """S25, trap 16: the exact type on both sides."""
    token, _ = receipt_of(badge(), with_list())
    with pytest.raises(CredentialError) as refusal:
        read(token.encode())
    assert refusal.value.code == "wrong_type"
    payload = read_compact(token).payload
    for typ in ("JWT", "vc+jwt", "quote+jwt", "at+jwt", "trust-bundle+jwt", "Verification-Receipt+jwt", ""):
        with pytest.raises(CredentialError) as refusal:
            read_receipt(resigned(payload, typ), BANK.public_key)
        assert refusal.value.code == "wrong_type"


@pytest.mark.parametrize(
    "change", [{"verdict": "fine"}, {"iat": "1"}, {"vc": {}}, {"material": None}, {"version": None}], ids=str
)
def test_a_receipt_of_another_shape_is_refused(change: dict[str, Any]) -> None:
    payload = read_compact(receipt_of(badge(), with_list())[0]).payload
    with pytest.raises(CredentialError) as refusal:
        read_receipt(resigned({**payload, **change}), BANK.public_key)
    assert refusal.value.code == "malformed_claim"


def test_another_key_does_not_do() -> None:
    token, _ = receipt_of(badge(), with_list())
    thief = PrivateKey.from_bytes("EdDSA", b"\x66" * 32)
    for given, key in ((token, thief), (resigned(read_compact(token).payload, key=thief), BANK)):
        with pytest.raises(CredentialError) as refusal:
            read_receipt(given, key.public_key)
        assert refusal.value.code == "bad_signature"
    altered = token[:-10] + ("A" if token[-10] != "A" else "B") + token[-9:]
    with pytest.raises(CredentialError):
        read_receipt(altered, BANK.public_key)
    assert timedelta(0) == read_receipt(token + "\n", BANK.public_key).issued_at - NOW
