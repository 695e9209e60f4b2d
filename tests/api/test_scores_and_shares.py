"""A score above 100 and a share above 1 are refused by pointer, in a sentence that says how to write them."""

import pytest

from tests.api.http_world import Http, outcome, refused


@pytest.mark.parametrize(
    ("stated", "pointer", "sentence"),
    [
        ({"score": "180"}, "/score", "A score is out of 100: from 0 to 100."),
        ({"score": "10001/100"}, "/score", "A score is out of 100: from 0 to 100."),
        ({"attendance": "95"}, "/attendance", "A share is from 0 to 1: 95 % is 0.95."),
        (
            {"outcomes": [{"id": "1", "passed": True}, {"id": "2", "score": "101"}]},
            "/outcomes/1/score",
            "A score is out of 100: from 0 to 100.",
        ),
    ],
)
def test_more_than_there_can_be_is_refused(http: Http, stated: dict[str, object], pointer: str, sentence: str) -> None:
    problem = refused(http.school().post("/v1/credentials", outcome(**stated)), 422, "invalid_request")
    assert [(error["pointer"], error["detail"]) for error in problem["errors"]] == [(pointer, sentence)]


def test_all_there_can_be_is_taken(http: Http) -> None:
    http.school().made("/v1/credentials", outcome(score="100", attendance="1"))
