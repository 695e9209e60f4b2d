"""A holder shows many badges at once: much in them is alike, in graphs without names, and must not cost much."""

import json
from typing import Any

import pytest

from credentials import presentation
from credentials.jsonld import to_quads
from credentials.rdf_canonicalization import canonicalize
from tests.credential_samples import NOW, SCHOOL, material, outcome
from tests.sd_jwt_samples import HOLDER, HOLDER_ID, HOLDER_METHOD


def badges(count: int, how: str, **alike: Any) -> list[dict[str, Any]]:
    """Badges of one learner: the same identifier, grade and attendance in each, and the course unless it is given."""
    made = []
    for number in range(count):
        course = {"achievement_id": f"https://college.example/achievements/{number}", **alike}
        badge = SCHOOL.badge(outcome(subject_id=HOLDER_ID, **course), credential_id=f"urn:uuid:badge-{number}")
        made.append(SCHOOL.prove(badge, how))
    return made


@pytest.mark.parametrize("how", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
@pytest.mark.parametrize("alike", [{}, {"achievement_id": "https://college.example/achievements/welding"}])
def test_ten_badges_of_one_learner(how: str, alike: dict[str, str]) -> None:
    document = presentation.presentation(badges(10, how, **alike), holder=HOLDER_ID)
    asked: dict[str, Any] = {"challenge": "asked", "domain": "https://employer.example"}
    signed = presentation.sign(
        document, HOLDER, verification_method=HOLDER_METHOD, created=NOW, cryptosuite=how, **asked
    )
    read = presentation.read(json.dumps(signed).encode())
    answer = presentation.verify(read, material(SCHOOL), NOW, **asked)
    assert (answer.verdict, len(answer.parts)) == ("valid", 10)


def test_telling_them_apart_costs_little() -> None:
    document = presentation.presentation(badges(8, "eddsa-jcs-2022"), holder=HOLDER_ID)
    assert canonicalize(to_quads(document), budget=500).nquads
