"""The catalogue of attacks, case by case, through HTTP: the code, the outcome, the rows, the network and the answer."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

from tests.security import (
    catalogue_documents,
    catalogue_identity,
    catalogue_jose,
    catalogue_json,
    catalogue_proofs,
    catalogue_status,
)
from tests.security.catalogue import Case, Scene, hold

GROUPS = (catalogue_jose, catalogue_proofs, catalogue_json, catalogue_status, catalogue_identity, catalogue_documents)
PROJECT = Path(__file__).parents[2]
ELSEWHERE = tomllib.loads((PROJECT / "tests" / "security" / "catalogue_elsewhere.toml").read_text("utf-8"))
CATALOGUE = PROJECT.parent / "shared" / "SECURITY.md"
NUMBERS = {
    "S": "01 02 04 05 07 08 10 11 13 14 16 17 19 20 22 23 25 26 28 29 31 32",
    "P": "01 02 04 05 07 08 10 11 13 14 16 17 19 20 22 23 25 26 28 29 31 32 34 35 37 38 40 41",
    "N": "01 02 04 05 07 08 10 11 13 14",
    "T": "01 02 04 05 07 08 10 11 13 14 16 17 19 20 22",
    "I": "01 02 04 05 07 08 10 11 13 14 16 17 19 20 22 23",
    "D": "01 02 04 05 07 08 10 11 13 14 16 17 19 20",
    "R": "01 02 04 05 07 08 10 11 13 14 16 17",
}
ROWS = [group + number for group, numbers in NUMBERS.items() for number in numbers.split()]
CASES = [case for group in GROUPS for case in group.cases()]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_case_has_its_outcome(scene: Scene, case: Case) -> None:
    hold(scene, case)


def test_every_row_of_the_catalogue_has_its_test() -> None:
    assert not set(ROWS) - {case.row for case in CASES} - set(ELSEWHERE)
    assert {case.row for case in CASES} | set(ELSEWHERE) == set(ROWS)


@pytest.mark.skipif(not CATALOGUE.is_file(), reason="the catalogue is not beside the project (../shared/SECURITY.md)")
def test_the_rows_are_those_of_the_catalogue() -> None:
    found = re.findall(r"^\| ([SPNTIDR]\d\d) \|", CATALOGUE.read_text("utf-8"), re.MULTILINE)
    assert sorted(found) == sorted(ROWS)


@pytest.mark.parametrize("row", ELSEWHERE)
def test_the_test_that_holds_a_row_is_there(row: str) -> None:
    for name in ELSEWHERE[row]:
        path, _, function = name.partition("::")
        tree = ast.parse((PROJECT / path).read_text("utf-8"))
        defined = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        assert function in defined, name
