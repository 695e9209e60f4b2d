"""Every purpose of a status: what withdraws a credential, what only says something, and what nobody understands."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credentials.checks import Outcome, Verification
from credentials.credential import Credential
from credentials.errors import StatusInvalid
from credentials.multibase import base64url_encode
from credentials.read import read
from credentials.status_list import MIN_BYTES, MIN_ENTRIES, StatusEntry, build, cleared, value, with_bit, with_value
from credentials.verify import verify
from tests.credential_samples import DAY, LIST_URL, NOW, OTHER, SCHOOL, SECURED, School, material, revocable

EMPTY = bytes(MIN_BYTES)
SAID = ((0, "pending_review"), (1, "accepted"), (2, "rejected"), (3, "undefined"))
MESSAGE = StatusEntry("message", LIST_URL, 94_567, size=2, messages=SAID, references=("https://bank.example/said",))


def badge(*entries: dict[str, Any]) -> Credential:
    document = {**SCHOOL.badge(), "credentialStatus": list(entries)}
    return read(json.dumps({**document, "proof": SCHOOL.bare_proof(document)}).encode())


def listed(
    purpose: str | tuple[str, ...], bits: bytes, school: School = SCHOOL, size: int = 1, **subject: Any
) -> Credential:
    """A signed list; members that no context knows may stand in its subject."""
    document = build(LIST_URL, school.id, purpose, bits, NOW - DAY, NOW + DAY, size=size)
    document["credentialSubject"] |= subject
    return read(json.dumps({**document, "proof": school.bare_proof(document)}).encode())


def answer(entry: StatusEntry, status_list: Credential | None, **more: Any) -> Verification:
    lists = {LIST_URL: status_list} if status_list else {}
    return verify(badge(entry.document()), material(SCHOOL, OTHER, lists=lists, **more), NOW)


def marked(set_to: int = 1, size: int = 1) -> bytes:
    return with_value(bytes(MIN_BYTES * size), 94_567, set_to, size)


@pytest.mark.parametrize(
    ("purpose", "set_", "verdict", "outcome", "code"),
    [
        ("revocation", True, "invalid", "failed", "revoked"),
        ("suspension", True, "invalid", "failed", "suspended"),
        ("refresh", True, "valid", "warning", "refresh_available"),
        ("message", True, "valid", "warning", "status_message"),
        ("x-withdrawn", True, "indeterminate", "could_not_be_checked", "status_type_unsupported"),
        ("revocation", False, "valid", "passed", None),
        ("suspension", False, "valid", "passed", None),
        ("refresh", False, "valid", "passed", None),
        ("message", False, "valid", "passed", None),
        ("x-withdrawn", False, "valid", "passed", None),
    ],
)
def test_only_revocation_and_suspension_say_no(
    purpose: str, set_: bool, verdict: str, outcome: str, code: str | None
) -> None:
    found = answer(revocable(purpose), listed(purpose, marked() if set_ else EMPTY))
    assert (found.verdict, found.check("status").outcome, found.check("status").code) == (verdict, outcome, code)


@pytest.mark.parametrize(("set_to", "said"), SAID)
def test_a_message_is_told_and_leaves_the_verdict_alone(set_to: int, said: str) -> None:
    """Bitstring Status List 1.0, 3.2, step 12; the text is for software and stays among the facts (2.1)."""
    found = answer(MESSAGE, listed("message", marked(set_to, 2), size=2))
    status = found.check("status")
    assert found.verdict == "valid"
    assert status.outcome is (Outcome.WARNING if set_to else Outcome.PASSED)
    assert status.facts == {"purpose": "message", "status": hex(set_to), "status_message": said}
    assert said not in status.message


def test_the_list_may_bring_the_messages_of_a_single_bit() -> None:
    entry = revocable("message")
    messages = [{"status": "0x0", "message": "as it was"}, {"status": "0x1", "message": "looked at again"}]
    found = answer(entry, listed("message", marked(), statusMessages=messages)).check("status")
    assert found.facts["status_message"] == "looked at again"


@pytest.mark.parametrize("purpose", ["refresh", "message"])
@pytest.mark.parametrize(
    ("status_list", "code"),
    [
        (None, "status_unavailable"),
        (listed("revocation", EMPTY), "status_purpose_mismatch"),
        (listed(("refresh", "message"), EMPTY, OTHER), "status_list_issuer_mismatch"),
        (listed(("refresh", "message"), bytes(2 * MIN_BYTES), statusSize=2), "status_unverified"),
        (read(SCHOOL.sign(SCHOOL.badge())), "status_unverified"),
    ],
    ids=["missing", "other purpose", "other issuer", "other size", "no list"],
)
def test_what_says_nothing_about_validity_takes_nothing_from_it(
    purpose: str, status_list: Credential | None, code: str
) -> None:
    found = answer(revocable(purpose), status_list)
    assert (found.verdict, found.check("status").outcome, found.check("status").code) == ("valid", "warning", code)


def test_an_advisory_entry_hides_no_revocation_beside_it() -> None:
    both = badge(MESSAGE.document(), revocable().document() | {"statusListCredential": "https://bank.example/status/2"})
    lists = {LIST_URL: listed("message", bytes(2 * MIN_BYTES), size=2)}
    assert verify(both, material(SCHOOL, lists=lists), NOW).code == "status_unavailable"


def test_one_list_may_serve_several_purposes() -> None:
    status_list = listed(("revocation", "suspension", "refresh"), marked())
    codes = [answer(revocable(purpose), status_list).check("status").code for purpose in ("revocation", "suspension")]
    assert codes == ["revoked", "suspended"]
    assert answer(revocable("message"), status_list).check("status").code == "status_purpose_mismatch"


@pytest.mark.parametrize(
    "changes",
    [
        {"statusMessage": [{"status": "0x0", "message": "a"}]},
        {"statusMessage": [{"status": "0x0", "message": "a"}] * 4},
        {"statusMessage": [{"status": hex(value), "message": "a"} for value in range(5)]},
        {"statusMessage": [{"status": f"0x{value}"} for value in range(4)]},
        {"statusMessage": [{"status": value, "message": "a"} for value in range(4)]},
        {"statusMessage": "pending"},
        {"statusSize": 3},
        {"statusReference": [""]},
        {"statusReference": {"id": "https://bank.example/said"}},
    ],
)
def test_messages_are_one_for_each_value_or_the_entry_is_malformed(changes: dict[str, Any]) -> None:
    found = verify(badge({**MESSAGE.document(), **changes}), material(SCHOOL), NOW)
    assert (found.verdict, found.code) == ("invalid", "malformed_credential")


def test_entries_of_many_bits_need_a_list_as_long_for_each_of_them() -> None:
    found = answer(StatusEntry("suspension", LIST_URL, 1, size=2, messages=SAID), listed("suspension", EMPTY))
    assert found.code == "range_error"
    with pytest.raises(StatusInvalid, match="outside"):
        build(LIST_URL, SCHOOL.id, "message", EMPTY, NOW, size=2)


@given(
    size=st.integers(1, 8), indexes=st.lists(st.integers(0, 2_000), min_size=1, max_size=6, unique=True), data=st.data()
)
@settings(max_examples=60, deadline=None)
def test_a_value_is_read_where_it_was_written_and_touches_no_other(
    size: int, indexes: list[int], data: st.DataObject
) -> None:
    written = {index: data.draw(st.integers(0, 2**size - 1)) for index in indexes}
    bits = bytes(2_001)
    for index, set_to in written.items():
        bits = with_value(bits, index, set_to, size)
    text = "".join(f"{byte:08b}" for byte in bits)
    for index in range(2_001):
        assert value(bits, index, size) == written.get(index, 0) == int(text[index * size : (index + 1) * size], 2)


@pytest.mark.parametrize(("set_to", "size"), [(2, 1), (-1, 1), (4, 2), (256, 8)])
def test_a_value_that_does_not_fit_is_refused(set_to: int, size: int) -> None:
    with pytest.raises(StatusInvalid):
        with_value(EMPTY, 0, set_to, size)


def test_a_revocation_that_was_undone_is_seen() -> None:
    """T13: of a list for revocation no bit may ever be cleared."""
    before = with_bit(with_bit(EMPTY, 3, value=True), 94_567, value=True)
    assert cleared(before, with_bit(before, 8, value=True)) == ()
    assert cleared(before, with_bit(before, 3, value=False)) == (3,)
    assert cleared(before, EMPTY) == (3, 94_567)
    assert cleared(before, before[:1]) == (94_567,)
    assert cleared(EMPTY, before) == ()


def list_2021(*revoked: int) -> Credential:
    """A list of the older specification, whose packed bits have no multibase prefix; its context is not pinned here."""
    bits = EMPTY
    for index in revoked:
        bits = with_bit(bits, index, value=True)
    document = build(LIST_URL, SCHOOL.id, "revocation", bits, NOW - DAY)
    subject = document["credentialSubject"]
    older = {**subject, "type": "StatusList2021", "encodedList": subject["encodedList"][1:]}
    listing = {**document, "type": ["VerifiableCredential", "StatusList2021Credential"], "credentialSubject": older}
    return read(json.dumps({**listing, "proof": SCHOOL.bare_proof(listing)}).encode())


def test_status_list_2021_is_read_in_its_own_packing() -> None:
    entry = StatusEntry("revocation", LIST_URL, 94_567, type="StatusList2021Entry")
    assert answer(entry, list_2021()).verdict == "valid"
    assert answer(entry, list_2021(94_567)).code == "revoked"
    assert answer(entry, listed("revocation", EMPTY)).code == "status_unverified"
    assert answer(revocable(), list_2021()).code == "status_unverified"


REVOCATIONS = "https://college.example/revocations"
BY_ID = {"id": REVOCATIONS, "type": "1EdTechRevocationList"}
BADGE_ID = SCHOOL.badge()["id"]


def revocations(*entries: Any, **members: Any) -> dict[str, Any]:
    return {"id": REVOCATIONS, "issuer": SCHOOL.id, "revokedCredential": list(entries), **members}


@pytest.mark.parametrize(
    ("document", "verdict", "code"),
    [
        (revocations(), "valid", "status_unsigned"),
        (revocations({"id": "urn:uuid:another"}), "valid", "status_unsigned"),
        (revocations({"id": BADGE_ID, "revoked": False}), "valid", "status_unsigned"),
        (revocations({"id": BADGE_ID}), "invalid", "revoked"),
        (revocations({"id": BADGE_ID, "revoked": True, "revocationReason": "in error"}), "invalid", "revoked"),
        (revocations(BADGE_ID), "invalid", "revoked"),
        ({"issuer": {"id": SCHOOL.id}, "revokedCredentials": [{"id": BADGE_ID}]}, "invalid", "revoked"),
        (revocations(issuer=OTHER.id), "invalid", "status_list_issuer_mismatch"),
        (revocations(id="https://college.example/other"), "indeterminate", "status_unverified"),
        (revocations({"credential": BADGE_ID}), "indeterminate", "status_unverified"),
        ({}, "indeterminate", "status_unverified"),
        ([], "indeterminate", "status_unverified"),
        (None, "indeterminate", "status_unavailable"),
    ],
)
def test_an_unsigned_list_of_the_issuers_own_site_is_read_and_flagged(document: Any, verdict: str, code: str) -> None:
    """T02: 1EdTech Revocation List Status Method 1.0."""
    documents = {} if document is None else {REVOCATIONS: document}
    found = verify(badge(BY_ID), material(SCHOOL, documents=documents), NOW)
    assert (found.verdict, found.check("status").code) == (verdict, code)


@pytest.mark.parametrize(
    "address",
    [
        "https://college.example.evil.example/revocations",
        "https://evil.example/college.example",
        "https://college.example@evil.example/revocations",
        "https://college.example:8443/revocations",
        "http://college.example/revocations",
        "https://status.college.example/revocations",
    ],
)
def test_an_unsigned_list_from_elsewhere_says_nothing_either_way(address: str) -> None:
    entry = {"id": address, "type": "1EdTechRevocationList"}
    for revoked in ([], [{"id": BADGE_ID}]):
        documents = {address: revocations(*revoked, id=address)}
        found = verify(badge(entry), material(SCHOOL, documents=documents), NOW)
        assert (found.verdict, found.code) == ("indeterminate", "status_unverified")


def test_a_key_that_is_its_own_issuer_has_no_site_to_publish_at() -> None:
    school = School(id=SCHOOL.key.public_key.did_key(), name=SCHOOL.key.public_key.multibase())
    document = {**school.badge(), "credentialStatus": BY_ID}
    signed = read(json.dumps({**document, "proof": school.bare_proof(document)}).encode())
    documents = {REVOCATIONS: {"revokedCredential": []}}
    assert verify(signed, material(school, documents=documents), NOW).code == "status_unverified"


def test_a_list_of_one_credential_tells_the_issuer_who_is_looked_at() -> None:
    """T20: the issuer would learn of each verification."""
    own = f"https://college.example/status/{BADGE_ID.removeprefix('urn:uuid:')}"
    found = verify(badge({"id": own, "type": "1EdTechRevocationList"}), material(SCHOOL), NOW)
    assert found.check("status_privacy").code == "status_tracks_holder"
    assert "status_privacy" not in {check.name for check in verify(badge(BY_ID), material(SCHOOL), NOW).checks}


def test_the_packed_form_is_that_of_the_specification() -> None:
    document = build(LIST_URL, SCHOOL.id, ("message", "refresh"), bytes(2 * MIN_BYTES), NOW, ttl=300_000, size=2)
    subject = document["credentialSubject"]
    assert (subject["statusPurpose"], subject["ttl"]) == (["message", "refresh"], 300_000)
    assert subject["encodedList"].startswith("u" + base64url_encode(b"\x1f\x8b\x08")[:3])
    assert MIN_ENTRIES == 131_072
    assert MESSAGE.document()["statusMessage"][2] == {"status": "0x2", "message": "rejected"}


@pytest.mark.parametrize("how", SECURED)
def test_entries_and_lists_of_every_purpose_can_be_signed(how: str) -> None:
    signed = read(SCHOOL.sign(SCHOOL.badge(status_entries=[MESSAGE, revocable("refresh", 5)]), how))
    document = build(LIST_URL, SCHOOL.id, ("message", "refresh"), marked(2, 2), NOW - DAY, ttl=300_000, size=2)
    found = verify(signed, material(SCHOOL, lists={LIST_URL: read(SCHOOL.sign(document, how))}), NOW)
    assert (found.verdict, found.check("status").facts["status_message"]) == ("valid", "rejected")
