"""Whatever a container holds, reading, asking for documents and verifying end in an answer or a refusal by name."""

import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credentials.baking import bake_png_2, bake_svg_2
from credentials.checks import Verification
from credentials.comprehensive_learner_record import clr
from credentials.errors import CredentialError
from credentials.open_badges_2 import MAX_DOCUMENTS, is_fetchable, wanted_documents
from credentials.open_badges_2_keys import check_hosted_scope
from credentials.read import read
from credentials.verify import VerificationMaterial, verify
from tests.credential_samples import DAY, LEARNER, NOW, School, chunk, material, png, svg
from tests.credentials.old_badges import COLLEGE, Web

SCHOOL = School()
RECORD = SCHOOL.prove(
    clr(
        [SCHOOL.prove(SCHOOL.badge()), SCHOOL.sign(SCHOOL.badge(), "vc-jwt").decode()],
        issuer_id=SCHOOL.id, issuer_name={"en": "College"}, credential_id="urn:uuid:r", name="Record",
        valid_from=NOW - DAY, subject_id=LEARNER,
    )
)  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 10**16) | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
WEB = Web()
MEMBERS = sorted({member for document in WEB.documents.values() for member in document} | set(WEB.signed))


def replaced(document: Any, path: list[str], value: Any) -> Any:
    """A copy with the value at a path of members and places, as far as there are such."""
    if not path:
        return value
    name, *rest = path
    if isinstance(document, list):
        return [replaced(item, rest, value) for item in document] or value
    if isinstance(document, dict):
        return {**document, name: replaced(document.get(name, {}), rest, value)}
    return value


def answered(data: bytes, documents: dict[str, Any]) -> Verification | None:
    """The answer to some bytes, or None where they are refused when read; nothing else may happen."""
    try:
        credential = read(data)
    except CredentialError as refused:
        assert refused.code
        return None
    assert len(wanted_documents(credential, documents)) <= MAX_DOCUMENTS
    found = verify(credential, VerificationMaterial(material(SCHOOL).keys, documents=documents), NOW)
    assert found.verdict in ("valid", "invalid", "indeterminate")
    return found


@given(st.lists(st.sampled_from(MEMBERS), min_size=1, max_size=3), JSON, st.sampled_from(sorted(WEB.documents)))
@settings(max_examples=100, deadline=None)
def test_an_old_badge_with_anything_anywhere_is_answered(path: list[str], value: Any, place: str) -> None:
    spoilt = {**WEB.documents, place: replaced(WEB.documents[place], path, value)}
    for document in (WEB.hosted, WEB.signed):
        answered(json.dumps(document).encode(), spoilt)
        answered(json.dumps(replaced(document, path, value)).encode(), WEB.documents)
    answered(WEB.token(), spoilt)
    answered(WEB.token(), {**WEB.documents, place: value})


@given(
    st.lists(st.sampled_from(["credentialSubject", "verifiableCredential", "association", "type", "id", "proof"]),
             min_size=1, max_size=4),
    JSON,
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_a_record_with_anything_anywhere_is_answered(path: list[str], value: Any) -> None:
    found = answered(json.dumps(replaced(RECORD, path, value)).encode(), {})
    assert found is None or found.verdict != "valid" or replaced(RECORD, path, value) == RECORD


WRAPPED = [
    bake_png_2(png(), json.dumps(WEB.hosted)),
    bake_svg_2(svg(), json.dumps(WEB.hosted)),
    bake_svg_2(svg(), WEB.token().decode()),
    json.dumps(WEB.hosted).encode(),
    WEB.token(),
]


@given(st.sampled_from(WRAPPED), st.integers(0, 1 << 16), st.binary(max_size=4))
@settings(max_examples=100, deadline=None)
def test_a_spoilt_container_is_answered(data: bytes, place: int, noise: bytes) -> None:
    place %= len(data)
    answered(data[:place] + noise + data[place + len(noise) :], WEB.documents)


@given(st.text(max_size=40))
@settings(max_examples=100, deadline=None)
def test_any_text_in_an_image_is_read_or_refused(text: str) -> None:
    answered(png(chunk(b"iTXt", b"openbadges\0\0\0\0\0" + text.encode("utf-8", "replace"))), {})


@given(st.text(max_size=60) | st.from_regex(r"https?://[a-z@:\[\].%0-9/\\#?]{0,40}", fullmatch=True))
@settings(max_examples=100, deadline=None)
def test_any_address_is_judged(address: str) -> None:
    for text in (address, f"https://{address}"):
        assert is_fetchable(text) in (True, False)
        try:
            check_hosted_scope("https://a.example/1", {"id": COLLEGE.id, "verification": {"allowedOrigins": text}})
        except CredentialError as refused:
            assert refused.code in ("hosted_scope", "malformed_credential")


@pytest.mark.parametrize("bake", [bake_png_2, bake_svg_2])
@pytest.mark.parametrize(
    "text", ["a" * 3000 + "!", "A1_" * 1000 + "!", "https://college.example/1", "{}", '{"id": "x"}', "a.b.c", ""]
)
def test_no_library_sees_text_that_is_no_assertion(bake: Any, text: str) -> None:
    """openbadges-bakery would spend a minute on the first of them (its pattern for a JWS is cubic)."""
    started = time.process_time()
    with pytest.raises(CredentialError):
        bake(png() if bake is bake_png_2 else svg(), text)
    assert time.process_time() - started < 1
