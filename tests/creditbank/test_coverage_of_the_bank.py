"""Which outcomes of the bank's learners no rule of a pack matches."""

import pytest

from creditbank.coverage_of_bank import CoverageOfBank, read_types
from creditbank.errors import Refused
from recognition_rules.pack import parse
from recognition_rules.packs import builtin
from tests.bank_world import World
from tests.creditbank.recognised_learners import learner, standing


def test_types_are_counted_by_outcomes_and_by_learners(world: World) -> None:
    school = world.school()
    for courses in (2, 1):
        learner(world, school, courses)
    found = CoverageOfBank(world.bank).types()
    assert sum(each.outcomes for each in found) == 3
    assert {(each.unit, each.source, each.course_class) for each in found} == {
        ("kr-credit", "accredited-course", "major-elective")
    }
    same = [world.deposit(school, achievement_id="https://hanbit.example/a").book_id for _ in range(2)]
    world.deposit(school, achievement_id="https://hanbit.example/a", subject_id="did:key:z6MkOther")
    (course,) = [each for each in CoverageOfBank(world.bank).types() if each.achievement == "https://hanbit.example/a"]
    assert (course.outcomes, course.learners) == (3, 2)
    assert same[0] == same[1]


def test_what_was_revoked_is_nobodys_type(world: World) -> None:
    school = world.school()
    book = learner(world, school, 1)
    world.bank.set_status(school, standing(world, book).credential_id, "revocation", value=True, reason="fraud")
    assert CoverageOfBank(world.bank).types() == []


def test_a_source_that_the_pack_does_not_know_is_a_gap(world: World) -> None:
    school = world.school()
    world.deposit(school)
    world.deposit(school, source_type="boot-camp")
    pack = parse(builtin("kr-acbs"))
    (gap,) = CoverageOfBank(world.bank).gaps(pack)
    assert gap.type.source == "boot-camp"
    assert "bachelor" in gap.reasons


def test_types_may_come_from_a_file() -> None:
    found = read_types(b'{"on": "2026-09-01", "types": [{"unit": "ects", "framework": "eqf", "level": "5"}]}')
    (only,) = found.types
    assert (only.unit, only.outcomes, only.level and only.level.framework) == ("ects", 1, "eqf")


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"on": "2026-09-01", "types": [{}]}', b'{"on": 1, "types": []}'])
def test_what_is_no_list_of_types_is_refused(data: bytes) -> None:
    with pytest.raises(Refused, match="types_malformed"):
        read_types(data)
