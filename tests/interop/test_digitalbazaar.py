"""The implementation of Digital Bazaar, in JavaScript, and ours accept one another's eddsa-rdfc-2022 badges."""

import json
from typing import Any

from credentials.contexts import OPEN_BADGES_EXTENSIONS
from credentials.read import read
from credentials.verify import VerificationMaterial, verify
from tests.credential_samples import DAY, NOW, changed, did_key_school, outcome, with_achievement, with_subject
from tests.interop import digital_bazaar as foreign
from tests.interop.javascript import ask, needs_node

pytestmark = needs_node

SCHOOL = did_key_school()
BADGE = SCHOOL.badge(outcome(valid_until=NOW + DAY))


def verified_there(credential: Any) -> Any:
    return ask("proofs", action="verify", suite="eddsa-rdfc-2022", credential=credential, at=NOW.isoformat())


def issued_there(credential: Any) -> Any:
    return foreign.issued(credential, "eddsa-rdfc-2022", SCHOOL, created=NOW - DAY)


def verified_here(credential: Any) -> Any:
    return verify(read(json.dumps(credential).encode()), VerificationMaterial(), NOW)


def test_our_badge_is_accepted_there() -> None:
    signed = SCHOOL.prove(BADGE, "eddsa-rdfc-2022")
    assert verified_there(signed) == {"verified": True, "errors": []}


def test_our_badge_altered_is_refused_there() -> None:
    signed = SCHOOL.prove(BADGE, "eddsa-rdfc-2022")
    answer = verified_there(with_subject(signed, creditsEarned=450))
    assert answer["verified"] is False
    assert any("signature" in error.lower() or "verif" in error.lower() for error in answer["errors"])


def test_a_badge_issued_there_is_accepted_here() -> None:
    signed = issued_there(BADGE)
    answer = verified_here(signed)
    assert (answer.verdict, answer.code) == ("valid", None)
    assert answer.claims is not None
    assert answer.claims.document == BADGE
    assert verified_here(with_subject(signed, creditsEarned=450)).code == "bad_signature"


RICH = with_achievement(
    changed(BADGE, **{"@context": [*BADGE["@context"], OPEN_BADGES_EXTENSIONS]}),
    name=[{"@value": "Welding", "@language": "en"}, {"@value": "용접 \u2028\U0001f525", "@language": "ko"}],
    description='quotes " and \\ and\ttabs\r\nand lines \x7f',
    related=None,
    tag=["steel", "", "é e\u0301"],
    creditsAvailable=0.001,
    image={"id": "https://college.example/welding.png", "type": "Image", "caption": "A seam"},
)


def test_both_read_the_same_from_unusual_texts_numbers_and_languages() -> None:
    """The signature of Ed25519 is deterministic: the same bytes mean the same canonical dataset on both sides."""
    ours, theirs = SCHOOL.prove(RICH, "eddsa-rdfc-2022"), issued_there(RICH)
    assert verified_there(ours) == {"verified": True, "errors": []}
    assert verified_here(theirs).verdict == "valid"
    proof = theirs["proof"] if isinstance(theirs["proof"], dict) else theirs["proof"][0]
    assert proof["proofValue"] == ours["proof"][0]["proofValue"]
