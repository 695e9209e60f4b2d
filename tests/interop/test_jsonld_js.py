"""jsonld.js with rdf-canonize, in its safe mode, makes the same canonical forms of documents at random as we do."""

from tests.canonical_oracles import disagreements
from tests.interop.javascript import needs_node

pytestmark = needs_node


def test_random_documents() -> None:
    counted, found = disagreements(range(5000, 5200), ask_javascript=True)
    assert found == []
    assert counted["both"] > 60
