"""What is signed is all that can be read (SECURITY P01, P02, P04, P05, P07, P10, P25, P26, P28, P34, P41).

Each case takes a good badge, does to it what an attacker would, and asks for a refusal both where it would be signed
and where it would be verified.
"""

import time
from collections.abc import Callable
from typing import Any

import pytest
from pyld import jsonld as pyld

from credentials import jsonld
from credentials.contexts import CREDENTIALS_V2, PINNED
from credentials.errors import CredentialError, LimitExceeded
from credentials.rdf_canonicalization import canonicalize

Document = dict[str, Any]


def put(path: str, value: object) -> Callable[[Document], None]:
    """A change that sets the member at a path of names and numbers."""

    def change(document: Document) -> None:
        *way, last = path.split(".")
        target: Any = document
        for name in way:
            target = target[int(name)] if name.isdigit() else target[name]
        target[int(last) if last.isdigit() else last] = value

    return change


def nested(depth: int) -> Document:
    inner: Document = {"narrative": "deep"}
    for _ in range(depth):
        inner = {"criteria": inner}
    return inner


def rename(path: str, old: str, new: str) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        target: Any = document
        for name in path.split(".") if path else []:
            target = target[name]
        target[new] = target.pop(old)

    return change


LEARNER = "did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
SUBJECT, ACHIEVEMENT = "credentialSubject", "credentialSubject.achievement"
TRAPS: dict[str, tuple[Callable[[Document], None], str]] = {
    "P01 a term without definition": (put("admin", True), "data_loss_detected"),
    "P01 one deep inside": (put(f"{ACHIEVEMENT}.bonusCredits", 1000), "data_loss_detected"),
    "P01 a term of another type": (put("creditsAvailable", 1000), "data_loss_detected"),
    "P01 a term in a list of objects": (put(f"{ACHIEVEMENT}.alignment.0.hours", 1), "data_loss_detected"),
    "P01 a type without its definition": (put("credentialSubject.type", ["Learner"]), "data_loss_detected"),
    "P02 the subject's id with a trailing space": (put(f"{SUBJECT}.id", LEARNER + " "), "malformed_iri"),
    "P02 with a tab": (put(f"{SUBJECT}.id", LEARNER + "\t"), "malformed_iri"),
    "P02 with a no-break space": (put(f"{SUBJECT}.id", LEARNER + "\u00a0"), "malformed_iri"),
    "P02 with an inner space": (put(f"{SUBJECT}.id", "did:key:z6Mk rJVn"), "malformed_iri"),
    "P02 the achievement's id": (put(f"{ACHIEVEMENT}.id", "https://college.example/a b"), "malformed_iri"),
    "P02 the status list's address": (
        put("credentialStatus.statusListCredential", "https://bank.example/status/1 "),
        "malformed_iri",
    ),
    "P04 an id with a line feed": (put(f"{SUBJECT}.id", LEARNER + "\n"), "malformed_iri"),
    "P04 a language tag that is N-Quads": (
        put(f"{ACHIEVEMENT}.description.0.@language", 'en .\n<urn:a> <urn:b> "c"@en'),
        "malformed_language_tag",
    ),
    "a blank node as subject": (put(f"{SUBJECT}.id", "_:learner"), "malformed_iri"),
    "an id that is a number": (put(f"{SUBJECT}.id", 5), "malformed_iri"),
    "an id that is null": (put(f"{SUBJECT}.id", None), "malformed_iri"),
    "a list of ids": (put(f"{SUBJECT}.id", [LEARNER, LEARNER]), "malformed_iri"),
    "P05 a context inside": (put(f"{SUBJECT}.@context", {"creditsEarned": "@index"}), "context_not_allowed"),
    "P05 a null context inside": (put(f"{SUBJECT}.@context", None), "context_not_allowed"),
    "P05 an empty context inside": (put(f"{SUBJECT}.@context", []), "context_not_allowed"),
    "P07 @graph": (put("@graph", [{"id": "urn:x:1"}]), "keyword_not_allowed"),
    "P07 @included": (put("@included", [{"id": "urn:x:1", "name": "x"}]), "keyword_not_allowed"),
    "P07 @reverse": (put("@reverse", {"issuer": {"id": "urn:x:1"}}), "keyword_not_allowed"),
    "P07 @nest": (put("@nest", {"name": "x"}), "keyword_not_allowed"),
    "P07 @index": (put(f"{SUBJECT}.@index", "x"), "keyword_not_allowed"),
    "P07 @import": (put("@import", "https://a.example"), "keyword_not_allowed"),
    "P07 @json": (put(f"{ACHIEVEMENT}.name", {"@type": "@json", "@value": {}}), "keyword_not_allowed"),
    "P07 @base": (put("@base", "https://evil.example/"), "keyword_not_allowed"),
    "P07 @set": (put(f"{ACHIEVEMENT}.tag", {"@set": ["a"]}), "keyword_not_allowed"),
    "P07 @list": (put(f"{ACHIEVEMENT}.tag", {"@list": ["a"]}), "keyword_not_allowed"),
    "P07 @id for id": (rename(SUBJECT, "id", "@id"), "keyword_not_allowed"),
    "P07 @type for type": (rename("", "type", "@type"), "keyword_not_allowed"),
    "P07 @value alone": (put(f"{ACHIEVEMENT}.name", {"@value": "Welding"}), "keyword_not_allowed"),
    "P07 a direction of its own": (
        put(f"{ACHIEVEMENT}.name", {"@value": "a", "@language": "ar", "@direction": "up"}),
        "keyword_not_allowed",
    ),
    "P07 a direction that is a list": (
        put(f"{ACHIEVEMENT}.name", {"@value": "a", "@direction": ["rtl"]}),
        "keyword_not_allowed",
    ),
    "P07 a direction without text": (put(f"{ACHIEVEMENT}.name", {"@direction": "rtl"}), "keyword_not_allowed"),
    "P07 @language beside members": (put(f"{ACHIEVEMENT}.@language", "en"), "keyword_not_allowed"),
    "P07 an unknown keyword": (put("@foo", 1), "keyword_not_allowed"),
    "a tagged text that is a number": (
        put(f"{ACHIEVEMENT}.name", {"@value": 5, "@language": "en"}),
        "malformed_language_tag",
    ),
    "P10 a relative type": (put("type", ["VerifiableCredential", "OpenBadgeCredential", "Admin"]), "relative_iri"),
    "P10 a relative id": (put(f"{ACHIEVEMENT}.id", "welding-4"), "relative_iri"),
    "P10 a relative address": (put(f"{ACHIEVEMENT}.image", "badge.png"), "relative_iri"),
    "P28 a null": (put(f"{ACHIEVEMENT}.version", None), "not_canonical_shape"),
    "P28 a null in a list": (put(f"{ACHIEVEMENT}.tag", ["a", None]), "not_canonical_shape"),
    "P28 an empty list": (put(f"{ACHIEVEMENT}.tag", []), "not_canonical_shape"),
    "P28 a number twice": (put(f"{ACHIEVEMENT}.creditsAvailable", [5, 5]), "not_canonical_shape"),
    "P28 a number twice, in two spellings": (put(f"{ACHIEVEMENT}.creditsAvailable", [5, 5.0]), "not_canonical_shape"),
    "P28 a text twice": (put(f"{ACHIEVEMENT}.tag", ["steel", "steel"]), "not_canonical_shape"),
    "P28 a language's text twice": (
        put(f"{ACHIEVEMENT}.name", [{"@value": "a", "@language": "en"}, {"@language": "en", "@value": "a"}]),
        "not_canonical_shape",
    ),
    "P28 a list in a list": (put(f"{ACHIEVEMENT}.tag", [["welding", "steel"]]), "not_canonical_shape"),
    "a status hidden behind its IRI": (
        rename("", "credentialStatus", "https://www.w3.org/2018/credentials#credentialStatus"),
        "not_canonical_shape",
    ),
    "an end hidden behind its IRI": (
        rename("", "validUntil", "https://www.w3.org/2018/credentials#validUntil"),
        "not_canonical_shape",
    ),
    "digits that its lexical form loses": (put(f"{SUBJECT}.creditsEarned", 0.30000000000000004), "not_canonical_shape"),
    "a subject with its achievement's id": (
        put(f"{SUBJECT}.id", "https://college.example/achievements/welding-4"),
        "not_canonical_shape",
    ),
    "a credential with its issuer's id": (put("id", "did:web:college.example"), "not_canonical_shape"),
    "a type that is an object": (put("type", {"a": "b"}), "data_loss_detected"),
    "a type that is a number": (put(f"{SUBJECT}.type", 5), "data_loss_detected"),
    "infinite credits": (put(f"{SUBJECT}.creditsEarned", float("inf")), "malformed_number"),
    "P25 300 levels": (put(f"{ACHIEVEMENT}.criteria", nested(300)), "too_deep"),
    "P25 100,000 levels": (put(f"{ACHIEVEMENT}.criteria", nested(100_000)), "too_deep"),
    "P26 4,000 blank nodes": (
        put(f"{ACHIEVEMENT}.alignment", [{"type": ["Alignment"]} for _ in range(4000)]),
        "too_complex",
    ),
}


@pytest.mark.parametrize(("change", "code"), TRAPS.values(), ids=TRAPS.keys())
def test_refuses(badge: Document, change: Callable[[Document], None], code: str) -> None:
    change(badge)
    started = time.perf_counter()
    with pytest.raises(CredentialError) as refusal:
        jsonld.check(badge)
    assert refusal.value.code == code
    assert time.perf_counter() - started < 1


def test_p25_a_deep_document_is_refused_in_milliseconds(badge: Document) -> None:
    badge["credentialSubject"]["achievement"]["criteria"] = nested(300)
    started = time.perf_counter()
    with pytest.raises(LimitExceeded):
        jsonld.check(badge)
    assert time.perf_counter() - started < 0.05


def test_the_name_of_an_undefined_term_helps_an_honest_issuer(badge: Document) -> None:
    for name, shown in (("hours", "hours"), ("x" * 100, "(a member)"), ("<script>", "(a member)")):
        with pytest.raises(CredentialError) as refusal:
            jsonld.check(badge | {name: 1})
        assert refusal.value.facts == {"pointer": shown}


def canonical(document: Document) -> str:
    return canonicalize(jsonld.to_quads(document)).nquads


def test_what_another_processor_makes_of_a_good_badge(badge: Document) -> None:
    """PyLD's own RDF and canonical form, as a second opinion on what we write from its expansion."""
    loader = {
        "documentLoader": lambda url, _: {"contextUrl": None, "documentUrl": url, "document": PINNED.documents[url]}
    }
    expected = pyld.normalize(
        badge, {**loader, "base": None, "algorithm": "URDNA2015", "format": "application/n-quads"}
    )
    assert canonical(badge) == expected


def test_every_leaf_changes_what_is_signed(badge: Document) -> None:
    """Change each text, number and boolean in turn: the canonical form follows or the document is refused."""
    before = canonical(badge)
    changed = 0
    for holder, name in list(leaf_places(badge)):
        old = holder[name]
        holder[name] = old + 1 if isinstance(old, float | int) else f"{old}x"
        try:
            assert canonical(badge) != before, (name, old)
        except CredentialError as refusal:
            assert refusal.code in {"data_loss_detected", "relative_iri", "not_canonical_shape"}
        holder[name] = old
        changed += 1
    assert changed > 30
    assert canonical(badge) == before


def leaf_places(value: Any) -> Any:
    children = value.items() if isinstance(value, dict) else enumerate(value)
    for name, item in children:
        if name == "@context":
            continue
        if isinstance(item, dict | list):
            yield from leaf_places(item)
        else:
            yield value, name


def test_p28_the_order_of_a_list_is_not_signed(badge: Document) -> None:
    before = canonical(badge)
    badge["credentialSubject"]["achievement"]["tag"].reverse()
    assert canonical(badge) == before


def test_things_without_names_may_be_alike(badge: Document) -> None:
    """Two results of 87 are two results: each is a blank node of its own."""
    result = {"type": ["Result"], "value": "87"}
    badge["credentialSubject"]["result"] = [result, dict(result)]
    assert canonical(badge).count('"87"') == 2


def test_p41_texts_that_are_equal_once_typed_are_one(badge: Document) -> None:
    """Text and number of one datatype are one literal; a dataset is a set."""
    badge["credentialSubject"]["creditsEarned"] = [5, "5"]
    twice = canonical(badge)
    badge["credentialSubject"]["creditsEarned"] = 5
    assert canonical(badge) == twice


def test_whole_numbers_are_written_alike_however_they_were_read(badge: Document) -> None:
    badge["credentialSubject"]["creditsEarned"] = 5.0
    as_float = canonical(badge)
    badge["credentialSubject"]["creditsEarned"] = 5
    assert canonical(badge) == as_float
    assert '"5"^^<https://www.w3.org/2001/XMLSchema#float>' in as_float


def test_an_endorsement_may_speak_of_the_achievement(badge: Document) -> None:
    """Open Badges 3.0, B.1: an endorsement's subject has the id of what it endorses, and a context of its own."""
    achievement = badge["credentialSubject"]["achievement"]
    achievement["endorsement"] = [
        {
            "@context": badge["@context"],
            "id": f"urn:uuid:endorsement-{number}",
            "type": ["VerifiableCredential", "EndorsementCredential"],
            "name": "Endorsed",
            "issuer": {"id": "did:web:guild.example", "type": ["Profile"]},
            "validFrom": "2026-04-01T00:00:00Z",
            "credentialSubject": {
                "id": achievement["id"],
                "type": ["EndorsementSubject"],
                "endorsementComment": f"Sound work, says judge {number}",
            },
        }
        for number in range(3)
    ]
    assert "judge 2" in canonical(badge)


def test_three_endorsements_with_embedded_proofs_have_one_form(badge: Document) -> None:
    """Their proofs stand in graphs named by blank nodes, the case on which canonicalisers have stumbled."""
    proofs = [
        {
            "type": "DataIntegrityProof",
            "cryptosuite": "eddsa-rdfc-2022",
            "created": "2026-04-01T00:00:00Z",
            "verificationMethod": f"did:web:guild.example#key-{number}",
            "proofPurpose": "assertionMethod",
            "proofValue": f"z{number}",
        }
        for number in (1, 2, 3)
    ]
    badge["credentialSubject"]["achievement"]["endorsement"] = [
        {
            "type": ["VerifiableCredential", "EndorsementCredential"],
            "credentialSubject": {"type": ["EndorsementSubject"]},
            "proof": [proof],
        }
        for proof in proofs
    ]
    before = canonical(badge)
    badge["credentialSubject"]["achievement"]["endorsement"].reverse()
    assert canonical(badge) == before
    assert before.count("DataIntegrityProof") == 3


def test_a_generic_credential_needs_no_badge_context() -> None:
    document = {
        "@context": [CREDENTIALS_V2],
        "type": ["VerifiableCredential"],
        "issuer": "did:web:college.example",
        "credentialSubject": {"id": LEARNER},
    }
    assert canonical(document).count("\n") == 3


@pytest.mark.parametrize("document", [{}, {"@context": [CREDENTIALS_V2], "issuer": [[["did:a:b"]]]}])
def test_odd_documents_are_answered(document: Document) -> None:
    try:
        jsonld.check(document)
    except CredentialError as refusal:
        assert refusal.code


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        ({"@value": "أ", "@language": "ar-EG", "@direction": "rtl"}, '"أ"^^<https://www.w3.org/ns/i18n#ar-eg_rtl>'),
        ({"@value": "a", "@direction": "ltr"}, '"a"^^<https://www.w3.org/ns/i18n#_ltr>'),
    ],
)
def test_the_direction_of_a_text_is_covered(text: dict[str, str], literal: str) -> None:
    """VC Data Model 2.0, 11.1: as an i18n datatype (JSON-LD 1.1 API, 8.2.2), as other implementations write it."""
    document = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "issuer": {"id": "https://school.example", "name": text},
        "credentialSubject": {"id": "did:example:subject"},
    }
    assert any(quad.object == literal for quad in jsonld.to_quads(document))
