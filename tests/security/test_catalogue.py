"""The catalogue of attacks, case by case, through HTTP: the code, the outcome, the rows, the network and the answer."""

from collections.abc import Iterator

import pytest

from tests.api.http_world import Http, serving
from tests.security import (
    catalogue_documents,
    catalogue_identity,
    catalogue_jose,
    catalogue_json,
    catalogue_proofs,
    catalogue_status,
)
from tests.security.attacks import network_given_back
from tests.security.catalogue import Case, Scene, hold
from tests.security.conftest import Target
from tests.security.status_world import Seoul

GROUPS = (catalogue_jose, catalogue_proofs, catalogue_json, catalogue_status, catalogue_identity, catalogue_documents)
CASES = [case for group in GROUPS for case in group.cases()]


@pytest.fixture(scope="module")
def http(target: Target, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Http]:
    with serving(target.world, tmp_path_factory.mktemp("served")) as opened:
        opened.register("seoul-sis", "issuer", issuer="seoul")
        yield opened


@pytest.fixture
def scene(http: Http, target: Target) -> Iterator[Scene]:
    """The file's one bank, with a network that is new to each case."""
    with network_given_back(target.world):
        seoul = Seoul(target.world, target.signer)
        seoul.network.serve_to(target.world)
        yield Scene(http, target.signer, target.nist_signer, http.speaker("seoul-sis"), seoul)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_case_has_its_outcome(scene: Scene, case: Case) -> None:
    hold(scene, case)
