"""What we issue, independent implementations accept, and the other way round; what was altered, both refuse.

The matrix is data (matrix*.py), and docs/interoperability.md shows it.
"""

from pathlib import Path

import pytest

from credentials import data_integrity
from credentials.vc_jwt import Profile
from tests.interop import matrix_containers, matrix_proofs, matrix_tokens
from tests.interop.matrix import Pair, accepts

PAGE = (Path(__file__).parents[2] / "docs/interoperability.md").read_text(encoding="utf-8")
PAIRS = [*matrix_proofs.pairs(), *matrix_tokens.pairs(), *matrix_containers.pairs()]
# What we issue and no other implementation that we know of reads.
ALONE = {
    "PDF with a credential attached": "no library that we know of reads badges in PDF documents",
    "trust bundle": "a format of this project's own (ADR 44)",
    "endorsement inside a badge": "verified there as a badge; each endorsement there by itself (above)",
}


def issued() -> list[Pair]:
    return [pair for pair in PAIRS if pair.ours is not None]


def foreign() -> list[Pair]:
    return [pair for pair in PAIRS if pair.theirs is not None]


def named(pair: Pair) -> str:
    return pair.name


@pytest.mark.parametrize("pair", issued(), ids=named)
def test_what_we_issue_is_accepted_there(pair: Pair) -> None:
    pair.needs()
    assert pair.ours is not None
    assert pair.there is not None
    made = pair.ours()
    pair.here(made)
    if "ours" in pair.faults:
        assert not accepts(pair.there, made), "the implementation has been mended: take the fault away"
    else:
        pair.there(made)
    spoilt = pair.spoil(made)
    assert spoilt != made
    assert not accepts(pair.there, spoilt)
    assert not accepts(pair.here, spoilt)


@pytest.mark.parametrize("pair", foreign(), ids=named)
def test_what_they_issue_is_accepted_here(pair: Pair) -> None:
    pair.needs()
    assert pair.theirs is not None
    made = pair.theirs()
    if "theirs" in pair.faults:
        assert not accepts(pair.here, made), "the implementation has been mended: take the fault away"
    else:
        pair.here(made)
    spoilt = pair.spoil(made)
    assert spoilt != made
    assert not accepts(pair.here, spoilt)
    assert pair.there is None or not accepts(pair.there, spoilt)


def rows() -> list[str]:
    return [pair.row for pair in PAIRS] + [f"| {kind} | none | — | — | {why} |" for kind, why in ALONE.items()]


def test_the_document_shows_the_matrix() -> None:
    expected = "\n".join(rows())
    assert expected in PAGE, f"write into docs/interoperability.md:\n{expected}"
    assert sum(line.startswith("| ") for line in PAGE.splitlines()) == len(rows()) + 1


def kinds_that_code_knows() -> set[str]:
    """Every cryptosuite, token profile and SD-JWT form, with every algorithm that it takes."""
    suites = {f"badge, {one.name}, {key}" for one in data_integrity.SUITES.values() for key in one.algorithms}
    names = matrix_tokens.NAMES
    tokens = {f"badge, VC-JWT of {names[one]}, {key}" for one in Profile for key in matrix_tokens.ALGORITHMS}
    forms = {f"badge, SD-JWT {one}, {key}" for one in ("vc+sd-jwt", "dc+sd-jwt") for key in matrix_tokens.ALGORITHMS}
    return suites | tokens | forms


def test_no_kind_is_left_out() -> None:
    accepted = {pair.kind for pair in issued() if "ours" not in pair.faults}
    assert kinds_that_code_knows() - accepted == set()
    both = {pair.kind for pair in foreign() if "theirs" not in pair.faults}
    assert kinds_that_code_knows() - both == set()


def test_every_pair_has_its_own_name() -> None:
    assert len({pair.name for pair in PAIRS}) == len(PAIRS)
