"""Published versions of the shipped packs are locked by their digests."""

from collections.abc import Callable
from typing import Any

import pytest

from recognition_rules.authoring.published import check_lock, read_lock, shipped_lock
from recognition_rules.errors import PackInvalid
from recognition_rules.grading.reader import parse as parse_grades
from recognition_rules.issuance.reader import parse as parse_issuance
from recognition_rules.levels_pack import parse as parse_levels
from recognition_rules.pack import parse
from recognition_rules.packs import builtin, builtin_ids, kind_of
from recognition_rules.units_pack import parse as parse_units

READERS: dict[str, Callable[[str], Any]] = {
    "rules": parse, "units": parse_units, "levels": parse_levels, "grades": parse_grades, "issuance": parse_issuance,
}  # fmt: skip


@pytest.mark.parametrize("name", builtin_ids())
def test_what_is_published_reads_as_it_did(name: str) -> None:
    pack = READERS[kind_of(name)](builtin(name))
    check_lock(pack.id, pack.version, pack.digest, shipped_lock())
    assert shipped_lock()[pack.id][pack.version] == pack.digest


def test_a_change_without_a_new_version_is_refused_and_a_comment_is_none() -> None:
    text = builtin("kr-acbs")
    same = parse(text + "\n# a comment\n")
    check_lock(same.id, same.version, same.digest, shipped_lock())
    changed = parse(text.replace("at_most = 42\n", "at_most = 43\n"))
    with pytest.raises(PackInvalid, match="never change") as refusal:
        check_lock(changed.id, changed.version, changed.digest, shipped_lock(), file="kr-acbs/pack.toml")
    assert refusal.value.problem_code == "published_term_changed"
    check_lock(changed.id, "2027.1", changed.digest, shipped_lock())


def test_a_lock_that_is_none_is_refused_at_its_line() -> None:
    with pytest.raises(PackInvalid, match="Below a pack") as refusal:
        read_lock('\n[kr-acbs]\n"2026.1" = 3\n')
    assert refusal.value.line == 2
