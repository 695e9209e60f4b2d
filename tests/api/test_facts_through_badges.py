"""What rules ask about an award comes through a badge: issued over HTTP, deposited, recognised under real packs."""

from typing import Any

import pytest

from creditbank.replay import Bundle, replay
from tests.api.http_world import Http, Speaker, outcome, refused

LEARNER = {"id": "did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2", "identifiers": []}


def experience(*scores: str, **more: Any) -> dict[str, Any]:
    """Assessed experience that stands for a course of three credits, with the score of each of its outcomes."""
    return outcome(
        learner=LEARNER, unit="my-mqa", source_type="apel", course_class="course", facts={"whole": True},
        outcomes=[{"id": f"CLO-{number}", "score": score} for number, score in enumerate(scores, 1)], **more,
    )  # fmt: skip


def recognised(http: Http, pack: str, made: dict[str, Any], **asked: Any) -> dict[str, Any]:
    """How the one award was decided; the decision made again says the same."""
    http.world.publish_pack(pack)
    wallet: Speaker = http.learner(made["deposit"]["learner"])
    asked = {"learner": made["deposit"]["learner"], "pack_id": pack, "institution": "hanbit", **asked}
    decided = wallet.made("/v1/recognitions", asked)
    assert replay(Bundle.from_json(wallet.seen(f"/v1/recognitions/{decided['id']}/bundle"))).agrees
    (award,) = decided["result"]["decisions"]
    return dict(award)


def codes(award: dict[str, Any]) -> set[str]:
    return {reason["code"] for reason in award["reasons"]}


APEL: dict[str, Any] = {"programme": "bachelor", "learner_facts": {"programme_accreditation": "full"}}


@pytest.mark.parametrize(
    ("scores", "status", "expected"),
    [
        (("50", "80"), "counted", None),
        (("49.5", "80"), "not_counted", "THRESHOLD_OUTCOME"),
        (("90", "90", "0"), "not_counted", "THRESHOLD_OUTCOME"),
    ],
)
def test_each_outcome_reaches_fifty_under_the_malaysian_rules(
    http: Http, scores: tuple[str, ...], status: str, expected: str | None
) -> None:
    made = http.school(units=("my-mqa",)).made("/v1/credentials", experience(*scores))
    award = recognised(http, "my-apel", made, **APEL)
    assert award["status"] == status, award
    assert expected is None or expected in codes(award)


def test_without_outcomes_it_cannot_be_said(http: Http) -> None:
    made = http.school(units=("my-mqa",)).made("/v1/credentials", experience())
    assert recognised(http, "my-apel", made, **APEL)["status"] == "undetermined"


@pytest.mark.parametrize(
    ("facts", "status"),
    [({"assessed": True}, "counted"), ({"assessed": False}, "not_counted"), ({}, "undetermined")],
    ids=["assessed", "not assessed", "not said"],
)
def test_what_was_assessed_counts_under_the_indian_rules(http: Http, facts: dict[str, Any], status: str) -> None:
    level = [{"framework": "ncrf", "value": "4.5"}]
    asked = outcome(
        learner=LEARNER, unit="notional-hour", credits="90", levels=level, source_type="course", facts=facts
    )
    made = http.school(units=("notional-hour",)).made("/v1/credentials", asked)
    assert recognised(http, "in-ncrf", made, programme="bachelor")["status"] == status


def test_a_fact_that_institutions_do_not_state_is_not_signed(http: Http) -> None:
    school, before = http.school(), http.world.counts()
    for name in ("issuer_accredited_now", "target.course", "original_amount", "passed_exam:maths"):
        refused(school.post("/v1/credentials", outcome(facts={name: True})), 422, "fact_reserved")
    problem = refused(
        school.post("/v1/credentials", outcome(facts={"certificate": "A"}, human_code="B")), 422, "fact_contradicted"
    )
    assert problem["facts"] == {"fact": "certificate"}
    assert http.world.counts() == before


def test_what_another_bank_let_it_state_is_told_and_not_taken(http: Http) -> None:
    signer = http.world.own_signer()
    document = signer.document(facts={"issuer_accredited_now": True, "assessed": True})
    desk = http.administrator()
    made = desk.made("/v1/deposits", {"credential": signer.sign(document)})
    told = desk.seen(f"/v1/deposits/{made['deposit_id']}")
    assert (told["state"], told["facts_not_taken"]) == ("credited", ["issuer_accredited_now"])
    award = http.world.bank.stored(made["deposit_id"]).award
    assert award is not None
    assert award["facts"] == {"assessed": True}


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"facts": {"number": 1.5}}, "invalid_request"),
        ({"facts": {"number": 2**53}}, "out_of_range"),
        ({"facts": {"nothing": None}}, "invalid_request"),
        ({"facts": {"two words": True}}, "invalid_request"),
        ({"facts": {"text": "x" * 1001}}, "invalid_request"),
        ({"facts": {f"f{number}": True for number in range(51)}}, "invalid_request"),
        ({"facts": {"text": "12"}}, "malformed_credential"),
        ({"outcomes": [{"id": "1"}]}, "invalid_request"),
        ({"outcomes": [{"id": "1", "passed": "yes"}]}, "invalid_request"),
        ({"outcomes": [{"id": "1", "score": "101"}]}, "invalid_request"),
        ({"outcomes": [{"id": "1", "score": "200/3"}]}, "malformed_credential"),
        ({"outcomes": [{"id": "1", "passed": True}] * 2}, "malformed_credential"),
    ],
)
def test_what_no_badge_can_state_is_refused(http: Http, asked: dict[str, Any], code: str) -> None:
    refused(http.school().post("/v1/credentials", outcome(**asked)), 422, code)


def test_area_and_scheme_of_the_grade_reach_the_award(http: Http) -> None:
    made = http.school().made(
        "/v1/credentials",
        outcome(area="0613", grade="B+", grade_scheme="us-letter", facts={"semester": 2, "module": "M"}),
    )
    award = http.world.bank.stored(made["deposit"]["deposit_id"]).award
    assert award is not None
    assert (award["area"], award["grade"]) == ("0613", {"scheme": "us-letter", "value": "B+"})
    assert award["facts"] == {"semester": 2, "module": "M"}
