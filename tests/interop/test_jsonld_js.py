"""jsonld.js with rdf-canonize, in its safe mode, makes the same canonical forms of documents at random as we do."""

import pytest

from tests.canonical_oracles import HAS_JSONLD, disagreements

pytestmark = pytest.mark.skipif(
    not HAS_JSONLD, reason="node or its packages are not installed: npm ci --prefix tests/interop/node"
)


def test_random_documents() -> None:
    counted, found = disagreements(range(5000, 5200), ask_javascript=True)
    assert found == []
    assert counted["both"] > 60
