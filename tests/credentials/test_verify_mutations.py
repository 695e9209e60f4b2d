"""Whatever is done to a signed badge, verification answers, and what it claims is what was signed."""

import copy
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from credentials.errors import CredentialError
from credentials.read import read
from credentials.verify import SecuredClaims, verify
from tests.credential_samples import LIST_URL, NOW, SCHOOL, material, revocable

BADGE = SCHOOL.badge(status_entries=[revocable()])
SIGNED = {how: SCHOOL.prove(BADGE, how) for how in ("eddsa-jcs-2022", "eddsa-rdfc-2022")}
KNOWN = material(SCHOOL, lists={LIST_URL: SCHOOL.status_list()})
READ_FROM = ("issuer_id", "credential_id", "valid_from", "valid_until", "subject", "status_entries")
Path = tuple[str | int, ...]

VALUES = st.sampled_from(
    [None, True, 0, 5, 450, 1e300, "", " ", "x", LIST_URL, SCHOOL.id, [], {}, [5, 500], {"id": SCHOOL.id}, {"@id": "x"}]
).map(copy.deepcopy)
NAMES = st.sampled_from(
    ["id", "type", "@type", "@graph", "creditsEarned", "validUntil", "name", "proof", "related", "x"]
)


def paths(value: Any, path: Path = ()) -> list[Path]:
    """The path of every value in a document."""
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for name, child in children for found in paths(child, (*path, name)))]


def at(document: Any, path: Path) -> Any:
    for name in path:
        document = document[name]
    return document


def removed(document: Any, path: Path) -> Any:
    del at(document, path[:-1])[path[-1]]
    return document


def replaced(document: Any, path: Path, value: Any) -> Any:
    at(document, path[:-1])[path[-1]] = value
    return document


def added(document: Any, path: Path, name: str, value: Any) -> Any:
    place = at(document, path)
    if isinstance(place, dict):
        place[name] = value
    elif isinstance(place, list):
        place.append(value)
    return document


def essence(claims: SecuredClaims | None) -> dict[str, Any] | None:
    """What the bank reads, order apart where RDF keeps none."""
    if claims is None:
        return None
    facts = {name: getattr(claims, name) for name in READ_FROM}
    achieved = claims.achievement
    facts["subject"] = (
        claims.subject_id,
        claims.credits_earned,
        dict(achieved.name),
        achieved.unit,
        set(achieved.levels),
        (achieved.source_type, achieved.course_class),
        (claims.score, claims.attendance, claims.hours, claims.grade),
        (claims.activity_start, claims.activity_end),
        set(claims.identifiers),
    )
    return facts


ORIGINAL = essence(verify(read(json.dumps(SIGNED["eddsa-jcs-2022"]).encode()), KNOWN, NOW).claims)
assert ORIGINAL is not None


def assert_answers_truthfully(document: Any) -> None:
    try:
        credential = read(json.dumps(document).encode())
    except CredentialError:
        return
    answer = verify(credential, KNOWN, NOW)
    assert answer.checks
    assert answer.claims is None or essence(answer.claims) == ORIGINAL
    assert answer.verdict != "valid" or answer.claims is not None


@pytest.mark.parametrize("how", SIGNED)
@given(data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_change_to_a_signed_badge_changes_what_is_claimed(how: str, data: st.DataObject) -> None:
    document = copy.deepcopy(SIGNED[how])
    for _ in range(data.draw(st.integers(1, 2))):
        path = data.draw(st.sampled_from(paths(document)[1:]))
        kind = data.draw(st.sampled_from(["removed", "replaced", "added", "moved"]))
        if kind == "removed":
            document = removed(document, path)
        elif kind == "replaced":
            document = replaced(document, path, data.draw(VALUES))
        elif kind == "added":
            document = added(document, path, data.draw(NAMES), data.draw(VALUES))
        else:
            value = copy.deepcopy(at(document, path))
            document = removed(document, path)
            target = data.draw(st.sampled_from(paths(document)))
            document = added(document, target, str(path[-1]), value)
    assert_answers_truthfully(document)


@pytest.mark.parametrize("path", [path for path in paths(SIGNED["eddsa-rdfc-2022"]) if path], ids=str)
def test_no_member_can_be_taken_away(path: Path) -> None:
    """Every member removed once, from the badge over RDF: what is claimed stays what was signed, or nothing is."""
    assert_answers_truthfully(removed(copy.deepcopy(SIGNED["eddsa-rdfc-2022"]), path))
