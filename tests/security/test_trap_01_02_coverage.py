"""Traps 1 and 2: a signature that covers nothing, and two documents with one canonical form."""

import json
from typing import Any

import pytest

from credentials.errors import CredentialError
from tests.bank_world import World
from tests.security.attacks import (
    assert_refused,
    careless_proof,
    careless_token,
    differences,
    everything,
    put,
)
from tests.security.conftest import Target
from tests.security.forgeries import rdf, signed_by_stock_software

LEARNER = "did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
SUBJECT, ACHIEVEMENT = "credentialSubject", "credentialSubject.achievement"
FORMS = ("vc-jwt", "eddsa-rdfc-2022", "eddsa-jcs-2022")
OB = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
V2 = "https://www.w3.org/ns/credentials/v2"

BAD_SUBJECTS = {
    "1 trailing space": LEARNER + " ",
    "1 trailing tab": LEARNER + "\t",
    "1 trailing no-break space": LEARNER + "\u00a0",
    "1 inner space": "did:key:z6Mk rJVn",
    "1 only a space": " ",
    "2 line feed": LEARNER + "\n",
    "2 carriage return": LEARNER + "\r",
    "2 delete": LEARNER + "\x7f",
    "2 next line": LEARNER + "\u0085",
    "2 line separator": LEARNER + "\u2028",
    "2 zero width space": LEARNER[:20] + "\u200b" + LEARNER[20:],
    "2 an N-Quads statement": 'urn:x> <urn:p> "v" .\n<urn:y',
    "2 a closing angle bracket": "urn:x:a>b",
    "2 a blank node": "_:learner",
}
BAD_LANGUAGES = ('en .\n<urn:a> <urn:b> "c"@en', "en\n", "en\t", "e n", "en\x00".replace("\x00", "\u2028"), "en-", "-")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("subject", BAD_SUBJECTS.values(), ids=BAD_SUBJECTS.keys())
def test_trap_1_no_badge_is_signed_for_a_subject_that_would_vanish(target: Target, form: str, subject: str) -> None:
    """Neither signed nor even given a place in a status list."""
    before = everything(target.world)
    with pytest.raises(CredentialError) as refusal:
        target.world.issue(target.signer.caller, form, subject_id=subject)
    assert refusal.value.code == "malformed_iri"
    assert everything(target.world) == before


@pytest.mark.parametrize("subject", BAD_SUBJECTS.values(), ids=BAD_SUBJECTS.keys())
def test_trap_1_signed_elsewhere_it_is_refused_whatever_secures_it(target: Target, subject: str) -> None:
    document = put(target.signer.document(), f"{SUBJECT}.id", subject)
    assert_refused(target.world, careless_token(target.signer, document), "malformed_iri")
    assert_refused(target.world, careless_proof(target.signer, document), "malformed_iri")


def test_trap_1_this_stock_software_signs_what_the_bank_accepts(target: Target) -> None:
    """So the refusals below are not owed to a signature made wrongly here."""
    signed = signed_by_stock_software(target.signer, target.signer.document())
    assert target.world.bank.verify(json.dumps(signed).encode()).verification.verdict == "valid"


def test_trap_1_one_genuine_signature_that_would_hold_for_any_credits(target: Target) -> None:
    honest = put(target.signer.document(), f"{SUBJECT}.id", LEARNER + " ")
    greedy = put(honest, f"{SUBJECT}.creditsEarned", 90_000)
    assert rdf(honest) == rdf(greedy)
    signed = signed_by_stock_software(target.signer, honest)
    for document in (signed, put(signed, f"{SUBJECT}.creditsEarned", 90_000)):
        assert_refused(target.world, json.dumps(document), "malformed_iri")


ADDED: dict[str, tuple[str, object, str]] = {
    "1 an undefined term": ("admin", True, "data_loss_detected"),
    "1 an undefined term inside": (f"{ACHIEVEMENT}.bonusCredits", 1000, "data_loss_detected"),
    "1 a term of another type": (f"{SUBJECT}.creditsAvailable", 1000, "data_loss_detected"),
    "1 a null": (f"{ACHIEVEMENT}.version", None, "not_canonical_shape"),
    "1 an empty list": (f"{ACHIEVEMENT}.tag", [], "not_canonical_shape"),
    "1 an unknown keyword": ("@unsigned", 1, "keyword_not_allowed"),
}


@pytest.mark.parametrize(("path", "value", "code"), ADDED.values(), ids=ADDED.keys())
def test_trap_1_nothing_can_be_added_under_a_signature_over_rdf(
    target: Target, path: str, value: object, code: str
) -> None:
    signed = signed_by_stock_software(target.signer, target.signer.document())
    assert_refused(target.world, json.dumps(put(signed, path, value)), code)


CONTEXTS: dict[str, tuple[str, object, str]] = {
    "1 no context": ("@context", [], "context_not_allowed"),
    "1 a null context": ("@context", None, "context_not_allowed"),
    "1 a null among contexts": ("@context", [V2, OB, None], "context_not_allowed"),
    "1 an inline context": ("@context", [V2, OB, {"name": "urn:evil"}], "context_not_allowed"),
    "1 credits mapped to @index": ("@context", [V2, OB, {"creditsEarned": "@index"}], "context_not_allowed"),
    "1 a catch-all": ("@context", [V2, OB, {"@vocab": "urn:all:"}], "context_not_allowed"),
    "1 a context of one's own": ("@context", [V2, OB, "https://evil.example/context"], "context_not_allowed"),
    "1 a context on loopback": ("@context", [V2, "http://127.0.0.1:9/context"], "context_not_allowed"),
    "1 the base context last": ("@context", [OB, V2], "context_not_allowed"),
    "1 a context inside": (f"{SUBJECT}.@context", {"creditsEarned": "@index"}, "context_not_allowed"),
    "1 a null context inside": (f"{ACHIEVEMENT}.@context", None, "context_not_allowed"),
    "1 an @index mapping": (f"{SUBJECT}.@index", "x", "keyword_not_allowed"),
    "1 @graph": ("@graph", [{"id": "urn:x:1"}], "keyword_not_allowed"),
    "1 @included": ("@included", [{"id": "urn:x:1"}], "keyword_not_allowed"),
    "1 @reverse": ("@reverse", {"issuer": {"id": "urn:x:1"}}, "keyword_not_allowed"),
    "1 @base": ("@base", "https://evil.example/", "keyword_not_allowed"),
    "1 a relative id": (f"{ACHIEVEMENT}.id", "welding", "relative_iri"),
    "1 versions mixed": ("issuanceDate", "2020-01-01T00:00:00Z", "version_confusion"),
}


@pytest.mark.parametrize(("path", "value", "code"), CONTEXTS.values(), ids=CONTEXTS.keys())
def test_trap_1_contexts_and_keywords_are_refused_even_where_the_signature_is_genuine(
    target: Target, path: str, value: object, code: str
) -> None:
    document = put(target.signer.document(), path, value)
    assert_refused(target.world, careless_token(target.signer, document), code)
    if isinstance(document["@context"], list) and all(isinstance(item, str) for item in document["@context"]):
        assert_refused(target.world, careless_proof(target.signer, document), code)


PLACES = ("id", "issuer.id", f"{ACHIEVEMENT}.id", "credentialStatus.0.id")


@pytest.mark.parametrize("place", PLACES, ids=[f"2 {place}" for place in PLACES])
@pytest.mark.parametrize("tail", [" ", "\t", "\n", "\u00a0", "\u2028", "\u202e", "> <urn:p> <urn:o"])
def test_trap_2_no_control_character_in_an_identifier(target: Target, place: str, tail: str) -> None:
    url = "https://status.example/1"
    entry = {"id": f"{url}#7", "type": "BitstringStatusListEntry", "statusPurpose": "revocation",
             "statusListIndex": "7", "statusListCredential": url}  # fmt: skip
    document = {**target.signer.document(), "credentialStatus": [entry]}
    value: Any = document
    for name in place.split("."):
        value = value[int(name)] if name.isdigit() else value[name]
    document = put(document, place, value + tail)
    assert_refused(target.world, careless_token(target.signer, document), "malformed_iri")


@pytest.mark.parametrize("tag", BAD_LANGUAGES, ids=[f"2 {tag!r}" for tag in BAD_LANGUAGES])
def test_trap_2_no_control_character_in_a_language_tag(target: Target, tag: str) -> None:
    text = {"@value": "Welding", "@language": tag}
    for path, value in (
        (f"{ACHIEVEMENT}.name", text),
        (f"{ACHIEVEMENT}.tag", [text]),
        (f"{ACHIEVEMENT}.inLanguage", tag),
    ):
        document = put(target.signer.document(), path, value)
        assert_refused(target.world, careless_token(target.signer, document), "malformed_language_tag")
        assert_refused(target.world, careless_proof(target.signer, document), "malformed_language_tag")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("tag", BAD_LANGUAGES, ids=[f"2 {tag!r}" for tag in BAD_LANGUAGES])
def test_trap_2_no_badge_is_signed_with_such_a_language_tag(target: Target, form: str, tag: str) -> None:
    before = everything(target.world)
    for texts in ({tag: "Welding"}, {"en": "Welding", tag: "Welding"}):
        with pytest.raises(CredentialError) as refusal:
            target.world.issue(target.signer.caller, form, name=texts)
        assert refusal.value.code == "malformed_language_tag"
    assert everything(target.world) == before


def test_what_is_honest_is_credited_beside_all_this(world: World) -> None:
    before = everything(world)
    assert world.deposit(world.school()).state == "credited"
    grown = differences(before, everything(world))
    assert (grown["entry"], grown["deposit"], grown["document"], grown["identifier"]) == (1, 1, 1, 1)
