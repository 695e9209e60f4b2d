"""A badge of which a holder shows a part is not malformed: its proof holds, and it is said what lacks."""

import pytest

from credentials.checks import Outcome, Verification
from credentials.data_integrity import derive
from credentials.sd_jwt_issue import present
from tests.credential_samples import DAY, LIST_URL, NOW, School, check, material, outcome, revocable
from tests.credentials.test_withheld import NEEDED, SCHOOL, STEWARD, answered, secured
from tests.sd_jwt_samples import ACHIEVEMENT, CREDITS, SCORE, ietf, w3c


def found(answer: Verification) -> list[tuple[str, str, object]]:
    return [(one.outcome, str(one.code), one.facts.get("member")) for one in answer.checks if one.name == "disclosure"]


@pytest.mark.parametrize(("issue", "root"), [(w3c, ""), (ietf, "/ld")])
@pytest.mark.parametrize("shown", [(), (CREDITS,), (SCORE,)])
def test_an_sd_jwt_without_its_achievement_verifies_and_earns_nothing(
    issue: object, root: str, shown: tuple[str, ...]
) -> None:
    token = present(issue(), shown=[root + pointer for pointer in shown])  # type: ignore[operator]
    answer = check(token.encode())
    assert answer.check("signature").outcome is Outcome.PASSED
    assert (answer.verdict, answer.code, answer.claims) == ("indeterminate", "not_disclosed", None)
    assert (Outcome.COULD_NOT_BE_CHECKED, "not_disclosed", "achievement") in found(answer)


@pytest.mark.parametrize(("issue", "root"), [(w3c, ""), (ietf, "/ld")])
def test_credits_that_are_held_back_are_said_to_be(issue: object, root: str) -> None:
    inside = (ACHIEVEMENT, f"{ACHIEVEMENT}/criteria", f"{ACHIEVEMENT}/criteria/narrative")
    token = present(issue(), shown=[root + pointer for pointer in inside])  # type: ignore[operator]
    answer = check(token.encode())
    assert found(answer) == [(Outcome.WARNING, "not_disclosed", "creditsEarned")]
    assert answer.verdict == "valid"
    assert answer.claims is not None
    assert answer.claims.credits_earned is None


def test_credits_held_back_of_a_derived_badge_are_said_to_be() -> None:
    badge = SCHOOL.badge(outcome(valid_until=NOW + DAY), status_entries=[revocable()])
    base = secured(badge)
    inside = [f"/credentialSubject/{name}" for name in ("id", "type", "achievement")]
    answer = answered(derive(base, [*NEEDED[:3], *inside]))
    assert found(answer) == [(Outcome.WARNING, "not_disclosed", "creditsEarned")]
    assert found(answered(derive(base, NEEDED))) == []


def test_a_badge_that_hides_nothing_is_asked_for_nothing() -> None:
    plain = School()
    document = plain.badge()
    del document["credentialSubject"]["creditsEarned"]
    answer = check(plain.sign(document), material(plain, STEWARD, lists={LIST_URL: plain.status_list()}))
    assert (answer.verdict, found(answer)) == ("valid", [])
