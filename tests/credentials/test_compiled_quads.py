"""The compiled path and the general one are the same function: the same quads, or the general one's refusal."""

import copy
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from credentials import compiled_contexts, jsonld
from credentials.canonical import plain_json
from credentials.compiled_check import is_compiled
from credentials.compiled_contexts import MAX_STATES, Compiled
from credentials.compiled_quads import compiled_quads
from credentials.contexts import CREDENTIALS_V2, OPEN_BADGES, PINNED
from credentials.errors import ContextRefused, CredentialError
from credentials.expansion import expanded_quads
from credentials.rdf_canonicalization import canonicalize
from credentials.strict_json import loads
from credentials.vc_jwt import to_vc_jwt
from tests.canonical_oracles import compiled_form, disagreements, expanded_form, oxigraph_form
from tests.credential_samples import SCHOOL, revocable, with_achievement, with_subject
from tests.random_documents import NASTY, Documents

VECTORS = Path(__file__).resolve().parents[3] / "shared" / "vectors" / "data-integrity"
PROOF = {
    "type": "DataIntegrityProof",
    "cryptosuite": "eddsa-rdfc-2022",
    "created": "2026-04-01T00:00:00Z",
    "verificationMethod": "did:web:guild.example#key-1",
    "proofPurpose": "assertionMethod",
    "proofValue": "z1",
}
BADGE = SCHOOL.badge(status_entries=(revocable(),))
ENDORSED = with_achievement(
    BADGE,
    endorsement=[
        {
            "@context": BADGE["@context"],
            "id": "urn:uuid:endorsement-1",
            "type": ["VerifiableCredential", "EndorsementCredential"],
            "issuer": {"id": "did:web:guild.example", "type": ["Profile"]},
            "validFrom": "2026-04-01T00:00:00Z",
            "credentialSubject": {
                "id": BADGE["credentialSubject"]["achievement"]["id"],
                "type": ["EndorsementSubject"],
                "endorsementComment": "Sound work",
            },
            "proof": [PROOF],
        }
    ],
)
RECORD = {
    "@context": [CREDENTIALS_V2, "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json", OPEN_BADGES],
    "id": "urn:uuid:record",
    "type": ["VerifiableCredential", "ClrCredential"],
    "issuer": {"id": "did:web:college.example", "type": ["Profile"], "name": "Riverside College"},
    "validFrom": "2026-04-01T00:00:00Z",
    "partial": False,
    "credentialSubject": {
        "id": "did:web:learner.example",
        "type": ["ClrSubject"],
        "verifiableCredential": [{**BADGE, "proof": PROOF}],
        "association": [
            {"type": "Association", "associationType": "isPartOf", "sourceId": "urn:a:1", "targetId": "urn:a:2"}
        ],
    },
}
CONFIGURATION = {name: value for name, value in PROOF.items() if name != "proofValue"} | {"@context": BADGE["@context"]}
ORDINARY = {
    "a badge of this bank": BADGE,
    "an endorsed badge": ENDORSED,
    "a learner record": RECORD,
    "a status list": SCHOOL.status_list().document,
    "a proof configuration": CONFIGURATION,
    "a proof beside the document": {**BADGE, "proof": [PROOF, {**PROOF, "id": "urn:uuid:proof-2"}]},
    "credits with a fraction": with_subject(BADGE, creditsEarned=0.1),
}


@pytest.mark.parametrize("document", ORDINARY.values(), ids=ORDINARY.keys())
def test_ordinary_documents_take_the_short_way(document: dict[str, Any]) -> None:
    form = compiled_form(dict(document))
    assert form is not None
    assert form == expanded_form(dict(document))
    assert is_compiled(document, PINNED)
    assert loads(plain_json(document)) == document


@pytest.mark.skipif(not VECTORS.is_dir(), reason="the vectors are not beside the project (../shared/vectors)")
def test_published_documents_take_the_short_way() -> None:
    """Their credentials name a context of examples that is not pinned: both paths refuse those alike."""
    documents = [json.loads(path.read_text()) for path in sorted(VECTORS.rglob("*.json"))]
    objects = [document for document in documents if isinstance(document, dict)]
    assert len(objects) > 20
    for document in objects:
        form = compiled_form(document)
        assert form in (None, expanded_form(document))


def test_random_documents() -> None:
    """A short form of `python -m tests.canonical_oracles`."""
    counted, found = disagreements(range(150), ask_javascript=False)
    assert found == []
    assert counted["both"] > 40
    assert counted["refused"] > 40


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**32), st.sampled_from(sorted(ORDINARY)), st.integers(0, len(NASTY) - 1))
def test_ordinary_documents_with_one_fault(seed: int, name: str, fault: int) -> None:
    chosen = Documents(seed)
    document = copy.deepcopy(dict(ORDINARY[name]))
    holder: Any = document
    while isinstance(holder, dict | list) and holder and chosen.chance(0.7):
        inner = [
            item for item in (holder.values() if isinstance(holder, dict) else holder) if isinstance(item, dict | list)
        ]
        if not inner:
            break
        holder = chosen.random.choice(inner)
    place = chosen.random.choice(sorted(holder)) if isinstance(holder, dict) else chosen.random.randrange(len(holder))
    holder[place] = copy.deepcopy(NASTY[fault])
    form = compiled_form(document)
    assert form in (None, expanded_form(document))
    if is_compiled(document, PINNED):
        assert form is not None and form.endswith("\n")
        assert loads(plain_json(document)) == document


@pytest.mark.parametrize("number", [2**53, -(2**53), 10**20])
def test_whoever_signs_looks_twice_at_a_number_that_json_does_not_keep(number: int) -> None:
    document = with_subject(BADGE, creditsEarned=number)
    assert compiled_form(document) is not None
    assert not is_compiled(document, PINNED)
    with pytest.raises(CredentialError) as refusal:
        to_vc_jwt(document, SCHOOL.key, key_id="did:web:guild.example#key-1")
    assert refusal.value.code == "out_of_range"


@pytest.mark.parametrize("said", [{}, {"id": "urn:uuid:1"}])
def test_a_document_that_says_nothing_is_left_to_the_general_path(said: dict[str, Any]) -> None:
    assert not is_compiled({"@context": BADGE["@context"], **said}, PINNED)


@pytest.mark.parametrize("inner", ["urn:x:1", {"id": "urn:x:1"}, [{"id": "urn:x:1"}]])
def test_a_proof_that_says_nothing_but_its_name_is_refused(inner: object) -> None:
    """It would be a graph with nothing in it, so that its name could be changed unseen."""
    document = with_achievement(ENDORSED, endorsement=[{"type": ["VerifiableCredential"], "proof": inner}])
    with pytest.raises(ContextRefused) as refusal:
        jsonld.check(document)
    assert refusal.value.code == "data_loss_detected"


def test_a_text_without_utf_8_is_refused() -> None:
    with pytest.raises(CredentialError) as refusal:
        canonicalize(jsonld.to_quads({**BADGE, "name": "\ud800"}))
    assert refusal.value.code == "malformed_json"


def test_whoever_combines_contexts_endlessly_only_empties_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled_contexts, "MAX_STATES", 6)
    tables = Compiled(PINNED)
    monkeypatch.setattr("credentials.compiled_quads.compiled", lambda _: tables)
    for document in [*ORDINARY.values()] * 2:
        assert frozenset(compiled_quads(dict(document), PINNED) or ()) is not None
        assert compiled_form(dict(document)) == expanded_form(dict(document))
    assert len(tables._states) <= 6 < MAX_STATES


def test_threads_share_the_tables() -> None:
    documents = [dict(document) for document in ORDINARY.values()] * 4
    compiled_contexts.compiled.cache_clear()
    with ThreadPoolExecutor(8) as pool:
        forms = list(pool.map(compiled_form, documents))
    assert forms == [expanded_form(document) for document in documents]


def test_oxigraph_agrees_on_the_canonical_form() -> None:
    """Where no graph is named by a blank node: there Oxigraph 0.5 labels graphs of equal hash wrongly."""
    for name, document in ORDINARY.items():
        form = canonicalize(expanded_quads(dict(document), PINNED)).nquads
        if "proof" not in json.dumps(document) or name == "a proof configuration":
            assert oxigraph_form(form) == form, name
