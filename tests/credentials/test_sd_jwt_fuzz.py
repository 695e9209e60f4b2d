"""SD-JWTs and presentations put together at random, and altered: read, or refused by name; nothing is ever gained."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from credentials import presentation
from credentials.errors import CredentialError
from credentials.read import read
from credentials.sd_jwt import read_sd_jwt
from credentials.sd_jwt_issue import Disclosing, present, to_sd_jwt
from tests.credential_samples import NOW, SCHOOL, check, material
from tests.sd_jwt_samples import (
    BADGE,
    CHALLENGE,
    HOLDER,
    VERIFIER,
    disclosure,
    hashed,
    ietf,
    key_binding,
    salts,
    sd_jwt,
    w3c,
)

names = st.sampled_from(["_sd", "...", "_sd_alg", "iss", "vct", "ld", "cnf", "@context", "type", "a", "b", "status"])
leaves = st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from(["", "sha-256", hashed("x"), "did:a:b"])
values = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3), max_leaves=8
)
WHOLE = w3c()
BOUND = WHOLE + key_binding(WHOLE)


def outcome_of(data: bytes) -> str | None:
    """The code of a refusal, None where it was read. Anything else than a CredentialError is an error."""
    try:
        presentation.read(data)
    except CredentialError as refused:
        assert refused.code
    try:
        read(data)
    except CredentialError as refused:
        return refused.code
    return None


@settings(max_examples=100, deadline=None)
@given(payload=st.dictionaries(names, values, max_size=5), texts=st.lists(st.lists(values, max_size=4), max_size=3))
def test_anything_signed_is_read_or_refused_by_name(payload: dict[str, Any], texts: list[list[Any]]) -> None:
    shown = [disclosure(*text) for text in texts]
    linked = {**payload, "_sd": [*map(hashed, shown)]} if len(shown) % 2 else payload
    for typ in ("vc+sd-jwt", "dc+sd-jwt", "vp+sd-jwt", "vp+jwt"):
        data = sd_jwt(linked, *shown, typ=typ)
        if outcome_of(data) is None:
            assert check(data).claims is None


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_one_character_changed_says_nothing_else(data: st.DataObject) -> None:
    """A token changed anywhere is refused, or says what it said: nothing is ever gained."""
    token = data.draw(st.sampled_from([WHOLE, BOUND, ietf()]))
    place = data.draw(st.integers(0, len(token) - 1))
    character = data.draw(st.sampled_from("~.AZaz09-_= {\n\x00"))
    altered = token[:place] + character + token[place + 1 :]
    try:
        answer = check(altered.encode())
    except CredentialError:
        return
    assert altered == token or answer.verdict == "invalid" or (answer.claims and answer.claims.document == BADGE)


POINTERS = [
    *(f"/credentialSubject/{name}" for name in ("creditsEarned", "result", "identifier", "activityStartDate")),
    *(f"/credentialSubject/achievement/{name}" for name in ("alignment/0", "related", "inLanguage", "related/0/name")),
    *(f"/credentialSubject/result/{number}/value" for number in range(3)),
    "/credentialSubject/achievement",
    "/name",
]


def without(document: Any, pointers: list[str], place: str = "") -> Any:
    """The document as a reader sees it who is not shown these places."""
    if isinstance(document, list):
        kept = [(number, item) for number, item in enumerate(document) if f"{place}/{number}" not in pointers]
        return [without(item, pointers, f"{place}/{number}") for number, item in kept]
    if not isinstance(document, dict):
        return document
    kept_members = {name: item for name, item in document.items() if f"{place}/{name}" not in pointers}
    return {name: without(item, pointers, f"{place}/{name}") for name, item in kept_members.items()}


@settings(max_examples=60, deadline=None)
@given(hidden=st.sets(st.sampled_from(POINTERS)), decoys=st.integers(0, 3), data=st.data())
def test_every_choice_shows_just_that(hidden: set[str], decoys: int, data: st.DataObject) -> None:
    token = to_sd_jwt(
        BADGE, SCHOOL.key, key_id=SCHOOL.method, disclosing=Disclosing(tuple(hidden), salts(), decoys),
        holder_key=HOLDER.public_key,
    )  # fmt: skip
    assert read(token.encode()).document == BADGE
    shown = data.draw(st.sets(st.sampled_from(sorted(hidden)))) if hidden else set()
    made = present(token, shown=shown, signer=HOLDER, audience=VERIFIER, nonce=CHALLENGE, issued_at=NOW)
    led_to = {place for place in hidden if any(to == place or to.startswith(f"{place}/") for to in shown)}
    expected = without(BADGE, sorted(hidden - led_to))
    payload = read_sd_jwt(made).payload
    assert {name: payload[name] for name in payload if name not in ("cnf", "iss")} == expected
    answer = presentation.verify(
        presentation.read(made.encode()), material(SCHOOL), NOW, challenge=CHALLENGE, domain=VERIFIER
    )
    assert answer.check("holder_binding").code is None
