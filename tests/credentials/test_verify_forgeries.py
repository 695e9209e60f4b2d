"""Badges altered after signing, or signed over less than they say, are refused, and nothing of them is claimed."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from credentials.checks import Outcome
from tests.credential_samples import (
    LEARNER,
    OTHER,
    SCHOOL,
    changed,
    check,
    with_achievement,
    with_subject,
)

BADGE = SCHOOL.badge()


def tampered(how: str, change: Callable[[dict[str, Any]], dict[str, Any]]) -> bytes:
    return json.dumps(change(SCHOOL.prove(BADGE, how))).encode()


@pytest.mark.parametrize("how", ["eddsa-jcs-2022", "eddsa-rdfc-2022"])
@pytest.mark.parametrize(
    "change",
    [
        lambda badge: with_subject(badge, creditsEarned=450),
        lambda badge: with_subject(badge, id="did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp"),
        lambda badge: with_achievement(badge, alignment=None),
        lambda badge: changed(badge, validUntil="2100-01-01T00:00:00Z"),
        lambda badge: changed(badge, issuer=OTHER.id),
    ],
)
def test_a_badge_altered_after_signing_is_refused_and_nothing_of_it_is_claimed(how: str, change: Any) -> None:
    answer = check(tampered(how, change))
    assert answer.verdict == "invalid"
    assert answer.code in ("bad_signature", "controller_mismatch")
    assert answer.claims is None
    assert {one.code for one in answer.checks[6:]} == {"not_reached"}


def test_a_token_altered_after_signing_is_refused() -> None:
    head, _, signature = SCHOOL.sign(BADGE, "vc-jwt").split(b".")
    body = SCHOOL.sign(with_subject(BADGE, creditsEarned=450), "vc-jwt").split(b".")[1]
    assert check(b".".join((head, body, signature))).code == "bad_signature"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda badge: changed(badge, proof=None), "no_proof"),
        (lambda badge: changed(badge, proof=[]), "no_proof"),
        (lambda badge: changed(badge, proof="z3abc"), "no_proof"),
        (lambda badge: changed(badge, proof=badge["proof"] * 11), "too_complex"),
        (lambda badge: {**badge, "@context": [*badge["@context"], {"name": "urn:evil"}]}, "context_not_allowed"),
        (lambda badge: {**badge, "@context": None}, "context_not_allowed"),
        (lambda badge: {**badge, "@context": ["https://127.0.0.1/context"]}, "context_not_allowed"),
        (lambda badge: with_subject(badge, **{"@graph": []}), "keyword_not_allowed"),
        (lambda badge: with_subject(badge, id=LEARNER + " "), "malformed_iri"),
        (lambda badge: with_subject(badge, id=LEARNER + "\n"), "malformed_iri"),
        (lambda badge: with_subject(badge, id=LEARNER[:20] + "\u200b" + LEARNER[20:]), "malformed_iri"),
        (lambda badge: with_subject(badge, id="learner"), "relative_iri"),
        (lambda badge: changed(badge, issuer=SCHOOL.id + " "), "malformed_iri"),
        (lambda badge: changed(badge, id="urn:uuid:" + "0" * 3000), "malformed_iri"),
    ],
)
def test_what_a_signature_could_not_cover_is_refused_before_it_is_looked_at(change: Any, code: str) -> None:
    answer = check(tampered("eddsa-rdfc-2022", change))
    assert (answer.verdict, answer.code, answer.claims) == ("invalid", code, None)


@pytest.mark.parametrize(
    "change",
    [
        lambda badge: {**badge, "admin": True},
        lambda badge: with_subject(badge, creditsAvailable=1000),
        lambda badge: with_achievement(badge, tag=[]),
        lambda badge: with_achievement(badge, type=["Achievement", "Achievement"]),
    ],
)
def test_members_that_rdf_drops_cannot_be_added_under_a_signature(change: Any) -> None:
    answer = check(tampered("eddsa-rdfc-2022", change))
    assert answer.verdict == "invalid"
    assert answer.code in ("data_loss_detected", "not_canonical_shape")


def test_members_cannot_be_moved_between_objects_of_one_id() -> None:
    """RDF takes two objects with one id for one node: without its unit the badge would count in another."""
    achieved = BADGE["credentialSubject"]["achievement"]
    twice = with_subject(BADGE, source={"id": achieved["id"], "type": ["Achievement"], "name": "x"})
    signed = SCHOOL.prove(twice, "eddsa-rdfc-2022")
    answer = check(signed)
    assert (answer.code, answer.check("coverage").outcome) == ("not_canonical_shape", Outcome.FAILED)
