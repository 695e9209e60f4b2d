"""Digests of evidence and related resources: compared with what is at hand, and never taken on trust."""

import base64
import hashlib
import json
from typing import Any

import pytest

from credentials import multibase
from credentials.checks import Verification
from credentials.contexts import CONTEXTS, CREDENTIALS_V2
from credentials.read import read
from credentials.verify import verify
from tests.credential_samples import NOW, SCHOOL, material

REPORT = b"%PDF-1.7 the report"
URL = "https://college.example/evidence.pdf"
DATA_URI = "data:application/pdf;base64," + base64.b64encode(REPORT).decode()
CONTEXT = CONTEXTS[CREDENTIALS_V2].load()
HEADERS = {"sha256": b"\x12\x20", "sha384": b"\x20\x30", "sha512": b"\x13\x40"}


def sri(data: bytes, name: str = "sha256") -> str:
    return f"{name}-{base64.b64encode(hashlib.new(name, data).digest()).decode()}"


def mb(data: bytes, name: str = "sha256", *, header: bool = True, base: str = "u") -> str:
    digest = (HEADERS[name] if header else b"") + hashlib.new(name, data).digest()
    return "u" + multibase.base64url_encode(digest) if base == "u" else multibase.encode(digest)


def answer(item: dict[str, Any], member: str = "relatedResource", **resources: bytes) -> Verification:
    kind = {"type": ["Evidence"]} if member == "evidence" else {}
    document = {**SCHOOL.badge(), member: [{**kind, **item}]}
    data = json.dumps({**document, "proof": SCHOOL.bare_proof(document)}).encode()
    at_hand = {URL: resources["report"]} if resources else {}
    return verify(read(data), material(SCHOOL, resources=at_hand), NOW)


def outcome(found: Verification) -> tuple[str, str, str | None]:
    checked = found.check("related_resources")
    return found.verdict, checked.outcome, checked.code


@pytest.mark.parametrize("member", ["relatedResource", "evidence"])
@pytest.mark.parametrize(
    "digest",
    [
        *({"digestSRI": sri(REPORT, name)} for name in HEADERS),
        *({"digestMultibase": mb(REPORT, name)} for name in HEADERS),
        *({"digestMultibase": mb(REPORT, name, header=False)} for name in HEADERS),
        {"digestMultibase": mb(REPORT, base="z")},
        {"digestSRI": sri(REPORT), "digestMultibase": mb(REPORT, "sha512")},
        {"digestSRI": f"{sri(b'other')} {sri(REPORT, 'sha512')}"},
        {"digestSRI": f"{sri(REPORT)}?ct=application/pdf"},
    ],
)
def test_a_digest_that_fits_passes_in_every_spelling(member: str, digest: dict[str, str]) -> None:
    assert outcome(answer({"id": URL, **digest}, member, report=REPORT)) == ("valid", "passed", None)


@pytest.mark.parametrize("member", ["relatedResource", "evidence"])
@pytest.mark.parametrize(
    "digest",
    [
        {"digestSRI": sri(b"other")},
        {"digestMultibase": mb(b"other")},
        {"digestMultibase": mb(b"other", header=False)},
        {"digestSRI": sri(REPORT), "digestMultibase": mb(b"other")},
        {"digestSRI": f"{sri(REPORT)} {sri(b'other', 'sha512')}"},
    ],
)
def test_bytes_that_differ_from_a_digest_are_not_what_was_signed(member: str, digest: dict[str, str]) -> None:
    assert outcome(answer({"id": URL, **digest}, member, report=REPORT)) == ("invalid", "failed", "digest_mismatch")


def test_what_is_not_at_hand_is_said_to_be_unverified() -> None:
    found = answer({"id": URL, "digestSRI": sri(REPORT)})
    assert outcome(found) == ("valid", "warning", "digest_unverified")
    assert found.check("related_resources").facts["count"] == 1


@pytest.mark.parametrize(
    "digest",
    [
        {"digestSRI": "md5-1B2M2Y8AsgTpgAmY7PhCfg=="},
        {"digestMultibase": "uAAAA"},
        {"digestMultibase": "uFiAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},
        {"digestMultibase": "uELq9FnJ5YLa5iAszyJ518bXcnlc5P7xp1u-5uJRDYKvc"},
    ],
    ids=["md5", "short", "sha3", "the example of the data model"],
)
def test_a_digest_of_an_unknown_function_is_not_taken_for_one_that_fits(digest: dict[str, str]) -> None:
    assert outcome(answer({"id": URL, **digest}, report=REPORT)) == ("valid", "warning", "digest_unverified")
    both = {"digestSRI": sri(b"other"), **digest} if "digestMultibase" in digest else {}
    assert not both or answer({"id": URL, **both}, report=REPORT).code == "digest_mismatch"


def test_a_badge_without_digests_has_no_such_check() -> None:
    found = answer({"id": URL}, "evidence")
    assert found.verdict == "valid"
    assert "related_resources" not in {check.name for check in found.checks}


@pytest.mark.parametrize(
    ("digest", "verdict", "code"),
    [
        ({"digestSRI": sri(CONTEXT)}, "valid", None),
        ({"digestSRI": sri(CONTEXT, "sha384")}, "valid", None),
        ({"digestMultibase": mb(CONTEXT)}, "valid", None),
        ({"digestSRI": "sha256-JKGMkLqrAGrvQ8p9Slxae32IMb4X7Ct6EXf4UgTMnYQ="}, "invalid", "digest_mismatch"),
        ({"digestSRI": sri(CONTEXT + b" ")}, "invalid", "digest_mismatch"),
    ],
)
def test_a_pinned_context_is_always_at_hand(digest: dict[str, str], verdict: str, code: str | None) -> None:
    found = answer({"id": CREDENTIALS_V2, **digest})
    assert (found.verdict, found.code) == (verdict, code)


def test_evidence_in_a_data_uri_brings_its_bytes_along() -> None:
    assert outcome(answer({"id": DATA_URI, "digestSRI": sri(REPORT)}, "evidence"))[0] == "valid"
    assert outcome(answer({"id": DATA_URI, "digestSRI": sri(b"other")}, "evidence"))[2] == "digest_mismatch"


@pytest.mark.parametrize(
    "digest",
    [
        {"digestSRI": ""},
        {"digestSRI": "sha256"},
        {"digestSRI": "sha256-AAAA"},
        {"digestSRI": f"sha512-{base64.b64encode(bytes(32)).decode()}"},
        {"digestSRI": "sha256-" + "A" * 2_000},
        {"digestSRI": ["sha256-x"]},
        {"digestMultibase": ""},
        {"digestMultibase": "mAAAA"},
        {"digestMultibase": "u!!!!"},
        {"digestMultibase": "zIl0"},
        {"digestMultibase": 5},
    ],
)
def test_what_is_no_digest_is_refused_with_the_bytes_at_hand(digest: dict[str, Any]) -> None:
    for related in (answer({"id": URL, **digest}, report=REPORT), answer({"id": URL, **digest})):
        assert (related.verdict, related.code) == ("invalid", "malformed_credential")
