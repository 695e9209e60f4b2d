"""Status lists and entries in hostile hands: never read past, never read as somebody else's, never skipped."""

import gzip
import json
import zlib
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from credentials.checks import Verification
from credentials.credential import Credential
from credentials.multibase import base64url_encode
from credentials.read import read
from credentials.status_list import MIN_BYTES, decode, encode, with_bit
from credentials.verify import verify
from tests.credential_samples import (
    DAY,
    LIST_URL,
    NOW,
    OTHER,
    SCHOOL,
    SECURED,
    School,
    changed,
    material,
    revocable,
)

compress = partial(gzip.compress, mtime=0)  # no clock in what names a test: workers must collect the same

ENTRY = revocable().document()
BADGE = SCHOOL.badge(status_entries=[revocable()])
REVOKED = with_bit(bytes(MIN_BYTES), 94_567, value=True)


def list_document(encoded: str | None = None, **subject: Any) -> dict[str, Any]:
    document = dict(SCHOOL.status_list().document)
    del document["proof"]
    bits = {"encodedList": encode(bytes(MIN_BYTES)) if encoded is None else encoded}
    return {**document, "credentialSubject": changed(document["credentialSubject"], **bits, **subject)}


def careless(document: dict[str, Any]) -> Credential:
    return read(json.dumps({**document, "proof": SCHOOL.bare_proof(document)}).encode())


def check(entry: Any, status_list: Credential | None, **more: Any) -> Verification:
    badge = {**SCHOOL.badge(), "credentialStatus": entry}
    data = json.dumps({**badge, "proof": SCHOOL.bare_proof(badge)}).encode()
    lists = {LIST_URL: status_list} if status_list else {}
    return verify(read(data), material(SCHOOL, OTHER, lists=lists, **more), NOW)


def test_the_example_of_the_recommendation_is_an_empty_list() -> None:
    """Bitstring Status List 1.0, example 2."""
    bits = decode("uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA")
    assert bits == bytes(16_384)
    assert decode(encode(bits)) == bits


@pytest.mark.parametrize("how", SECURED)
@pytest.mark.parametrize(("bits", "code"), [(bytes(MIN_BYTES), None), (REVOKED, "revoked")])
def test_a_list_is_read_however_it_is_secured(how: str, bits: bytes, code: str | None) -> None:
    status_list = read(SCHOOL.sign(list_document(encode(bits)), how))
    assert check(ENTRY, status_list).code == code


def test_a_token_for_a_list_is_of_the_issuer_too() -> None:
    document = list_document()
    forged = read(OTHER.sign({**document, "issuer": OTHER.id}, "vc-jwt"))
    assert check(ENTRY, forged).code == "status_list_issuer_mismatch"
    assert check(ENTRY, read(OTHER.sign(document, "vc-jwt"))).code == "status_unverified"
    badge_as_list = read(SCHOOL.sign(SCHOOL.badge(), "vc-jwt"))
    assert check(ENTRY, badge_as_list).code == "status_unverified"


def packed(data: bytes) -> str:
    return "u" + base64url_encode(data)


GOOD = encode(bytes(MIN_BYTES))
ZIPPED = compress(bytes(MIN_BYTES))


@pytest.mark.parametrize(
    ("encoded", "code"),
    [
        (GOOD + "=", "malformed_multibase"),
        (GOOD + "==", "malformed_multibase"),
        (GOOD + "\n", "malformed_multibase"),
        (GOOD[1:], "malformed_multibase"),
        ("U" + GOOD[1:], "malformed_multibase"),
        ("z" + GOOD[1:], "malformed_multibase"),
        ("u" + GOOD, "malformed_multibase"),
        ("u", "status_unverified"),
        ("uH4sI", "status_unverified"),
        (GOOD[:-4], "status_unverified"),
        (packed(zlib.compress(bytes(MIN_BYTES))), "status_unverified"),
        (packed(bytes(MIN_BYTES)), "status_unverified"),
        (packed(ZIPPED + ZIPPED), "status_unverified"),
        (packed(ZIPPED + b"\0"), "status_unverified"),
        (packed(ZIPPED[:-1] + b"\x01"), "status_unverified"),
        (packed(compress(bytes(MIN_BYTES - 1))), "range_error"),
        (packed(compress(bytes(16 * 1_048_576 + 1))), "too_large"),
        ("", "malformed_credential"),
    ],
)
def test_a_list_in_another_packing_is_no_list(encoded: str, code: str) -> None:
    answer = check(ENTRY, careless(list_document(encoded)))
    assert answer.verdict != "valid"
    assert answer.code == code


@pytest.mark.parametrize(
    ("purposes", "code"),
    [
        ("revocation", None),
        (["revocation"], None),
        (["suspension", "revocation"], None),
        (["suspension"], "status_purpose_mismatch"),
        ("Revocation", "status_purpose_mismatch"),
        ([], "status_purpose_mismatch"),
        ([["revocation"]], "malformed_credential"),
        ({"revocation": True}, "malformed_credential"),
        (None, "status_purpose_mismatch"),
    ],
)
def test_a_list_may_have_several_purposes(purposes: Any, code: str | None) -> None:
    assert check(ENTRY, careless(list_document(statusPurpose=purposes))).code == code


@pytest.mark.parametrize(
    "index",
    [
        "00",
        "094567",
        "+1",
        "-0",
        "1.0",
        "1e3",
        " 1",
        "1\n",
        "",
        "\u0661",
        "\uff11",
        "0x1",
        "131072",
        "99999999999",
        "1" * 5000,
    ],
)
def test_an_index_has_one_spelling_and_lies_in_the_list(index: str) -> None:
    answer = check({**ENTRY, "statusListIndex": index}, SCHOOL.status_list())
    assert (answer.verdict, answer.code) == ("invalid", "range_error")


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        ([ENTRY, ENTRY], "revoked"),
        ([{**ENTRY, "statusListIndex": "1"}, ENTRY], "revoked"),
        ({**ENTRY, "type": ["BitstringStatusListEntry"]}, "revoked"),
        ({**ENTRY, "type": ["BitstringStatusListEntry", "1EdTechRevocationList"]}, "status_type_unsupported"),
        ({**ENTRY, "type": "RevocationList2020Status"}, "status_type_unsupported"),
        ({"id": ENTRY["id"], "type": ENTRY["type"]}, "malformed_credential"),
        ({**ENTRY, "id": LIST_URL}, "malformed_credential"),
        ({**ENTRY, "statusPurpose": ["revocation"]}, "malformed_credential"),
        ({**ENTRY, "statusPurpose": "x-withdrawn"}, "status_purpose_mismatch"),
        ({**ENTRY, "statusListCredential": {"id": LIST_URL}}, "malformed_credential"),
        ({**ENTRY, "statusListCredential": LIST_URL + "#"}, "status_unavailable"),
        ({**ENTRY, "statusListCredential": LIST_URL.upper()}, "status_unavailable"),
        ({**ENTRY, "statusSize": 9}, "status_type_unsupported"),
        ({**ENTRY, "statusSize": 2}, "malformed_credential"),
        ({**ENTRY, "statusSize": "1"}, "malformed_credential"),
        ({**ENTRY, "statusSize": 0}, "malformed_credential"),
        ({**ENTRY, "statusSize": -1}, "malformed_credential"),
        ({**ENTRY, "statusSize": True}, "malformed_credential"),
        ({**ENTRY, "statusSize": 1.5}, "malformed_credential"),
        ({**ENTRY, "statusMessage": [{"status": "0x0", "message": "unset"}]}, "malformed_credential"),
        ({**ENTRY, "statusReference": ""}, "malformed_credential"),
        (LIST_URL, "malformed_credential"),
        ([LIST_URL], "malformed_credential"),
        ([[ENTRY]], "malformed_credential"),
        (None, "malformed_credential"),
    ],
)
def test_every_entry_counts_and_none_is_passed_over(entries: Any, code: str) -> None:
    answer = check(entries, careless(list_document(encode(REVOKED))))
    assert answer.verdict != "valid"
    assert answer.code == code


@pytest.mark.parametrize(
    ("lifetime", "age", "code"),
    [
        (300_000, timedelta(minutes=5), None),
        (300_000, timedelta(minutes=5, microseconds=1), "status_stale"),
        (3e5, timedelta(minutes=6), "status_stale"),
        (0, timedelta(seconds=1), "status_stale"),
        (-1e300, timedelta(seconds=1), "status_stale"),
        (1e300, timedelta(days=365), None),
        (1e300, timedelta(days=367), "status_stale"),
        (None, timedelta(days=900), None),
        ("300000", timedelta(0), "status_unverified"),
        (True, timedelta(0), "status_unverified"),
        ([300_000], timedelta(0), "status_unverified"),
    ],
)
def test_a_lists_time_to_live_is_kept_and_has_no_default(lifetime: Any, age: timedelta, code: str | None) -> None:
    """Bitstring Status List 1.0, 2.2: "If not present, no default value is assumed"."""
    status_list = careless(list_document(ttl=lifetime))
    assert check(ENTRY, status_list, status_fetched_at={LIST_URL: NOW - age}).code == code


@pytest.mark.parametrize(
    ("after", "code"),
    [(-2 * DAY, "status_stale"), (-DAY, None), (DAY, None), (DAY + timedelta(seconds=1), "status_stale")],
)
def test_a_list_counts_within_its_own_dates_only(after: timedelta, code: str | None) -> None:
    badge = SCHOOL.badge(status_entries=[revocable()], valid_from=NOW - 30 * DAY)
    signed = read(SCHOOL.sign(badge, created=NOW - 30 * DAY))
    listed = read(SCHOOL.sign(list_document(), created=NOW - 30 * DAY))
    assert verify(signed, material(SCHOOL, lists={LIST_URL: listed}), NOW + after).code == code


def test_co_signatures_are_demanded_of_credentials_not_of_their_lists() -> None:
    both = OTHER.prove(SCHOOL.prove(BADGE))
    known = material(SCHOOL, OTHER, lists={LIST_URL: SCHOOL.status_list()})
    demanding = replace(known, required_signers=frozenset({OTHER.id}))
    assert verify(read(json.dumps(both).encode()), demanding, NOW).verdict == "valid"


@pytest.mark.parametrize(
    ("life", "code"),
    [
        ({"active_from": NOW - DAY}, None),
        ({"active_from": NOW - DAY + timedelta(microseconds=1)}, "key_not_yet_active"),
        ({"retired_at": NOW - DAY}, "key_retired"),
        ({"retired_at": NOW - DAY + timedelta(microseconds=1)}, None),
        ({"compromised_from": NOW - DAY}, "key_compromised"),
        ({"compromised_from": NOW - DAY + timedelta(microseconds=1)}, "signing_time_unproven"),
        ({"active_from": NOW - DAY, "retired_at": NOW - DAY}, "key_retired"),
        ({"retired_at": NOW - 2 * DAY, "compromised_from": NOW - DAY}, "key_compromised"),
    ],
)
def test_keys_change_at_an_instant(life: dict[str, Any], code: str | None) -> None:
    school = School(registered=life)
    for how in SECURED:
        answer = verify(read(school.sign(school.badge(), how)), material(school), NOW)
        assert answer.code == code, how
