"""A case that names what is not there says so, and the other cases are still run."""

from recognition_rules.cases import run_cases
from tests.recognition_rules.test_documented_packs import CASES, PACK, parse


def test_a_case_about_an_award_or_a_requirement_that_is_not_there_says_so() -> None:
    more = CASES + '\nawards.B1 = { status = "counted" }\nrequirements.corr = { satisfied = "yes" }\n'
    (result,) = run_cases(parse(PACK), more)
    assert result.differences == (
        "B1: this case has no such award",
        "corr: the programme has no such requirement",
    )
