"""Embedded proofs in hostile hands: whatever is claimed is what the signature covers, or nothing is claimed."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from credentials import multibase
from credentials.checks import Verification
from credentials.contexts import CREDENTIALS_V2, OPEN_BADGES_EXTENSIONS, PINNED
from credentials.data_integrity import eddsa_rdfc_2022
from credentials.errors import CredentialError
from tests.credential_samples import (
    DAY,
    NOW,
    OTHER,
    SCHOOL,
    changed,
    check,
    outcome,
    revocable,
    with_achievement,
    with_subject,
)

BADGE = SCHOOL.badge()
SUBJECT = BADGE["credentialSubject"]
ACHIEVED = SUBJECT["achievement"]
BOTH = ("eddsa-jcs-2022", "eddsa-rdfc-2022")
Document = dict[str, Any]


def carelessly(document: Document, how: str = "eddsa-rdfc-2022", **options: Any) -> Document:
    """The document with a proof that is right, over whatever it says."""
    if how == "eddsa-jcs-2022":
        return {**document, "proof": SCHOOL.bare_proof(document, **options)}
    made = {
        "type": "DataIntegrityProof",
        "cryptosuite": how,
        "created": (NOW - DAY).isoformat(),
        "verificationMethod": SCHOOL.method,
        "proofPurpose": "assertionMethod",
        **options,
    }
    signature = SCHOOL.key.sign(eddsa_rdfc_2022.hash_data(document, made, "EdDSA", PINNED))
    return {**document, "proof": {**made, "proofValue": multibase.encode(signature)}}


def answered(document: Document) -> Verification | str:
    try:
        return check(document)
    except CredentialError as refused:
        return refused.code


def replaced(results: list[Document], place: int, **members: Any) -> list[Document]:
    return [changed(item, **members) if number == place else item for number, item in enumerate(results)]


# What a holder may try on a signed badge that RDF, or a lenient reader, would not notice.
TRICKS: list[tuple[str, Callable[[Document], Document]]] = [
    ("one subject in an array", lambda b: changed(b, credentialSubject=[b["credentialSubject"]])),
    ("one achievement in an array", lambda b: with_subject(b, achievement=[b["credentialSubject"]["achievement"]])),
    ("credits in an array", lambda b: with_subject(b, creditsEarned=[4.5])),
    ("credits as text", lambda b: with_subject(b, creditsEarned="4.5")),
    ("credits as their canonical text", lambda b: with_subject(b, creditsEarned="4.5E0")),
    ("credits one unit in the last place off", lambda b: with_subject(b, creditsEarned=4.500000000000001)),
    ("a share as a number", lambda b: with_subject(b, result=replaced(SUBJECT["result"], 0, value=87.5))),
    ("a result turned to null", lambda b: with_subject(b, result=None)),
    ("a description id as an object", lambda b: with_subject(b, result=replaced(
        SUBJECT["result"], 0, resultDescription={"id": SUBJECT["result"][0]["resultDescription"]}))),
    ("hashed as text", lambda b: with_subject(b, identifier=replaced(SUBJECT["identifier"], 0, hashed="true"))),
    ("the issuer's id alone", lambda b: changed(b, issuer=SCHOOL.id)),
    ("a date without its seconds", lambda b: changed(b, validFrom="2026-05-31T12:00Z")),
    ("a date in another zone", lambda b: changed(b, validFrom="2026-05-31T13:00:00+01:00")),
    ("a fraction of nothing", lambda b: changed(b, validFrom="2026-05-31T12:00:00.0Z")),
    ("lower-case letters in a date", lambda b: changed(b, validFrom="2026-05-31t12:00:00z")),
    ("the achievement's id alone", lambda b: with_subject(b, achievement={"id": ACHIEVED["id"]})),
    ("a description in another form", lambda b: with_achievement(b, name="용접".encode().decode() + "\u200b")),
    ("a name decomposed", lambda b: with_achievement(b, name="\u110b\u116d\u11bc\u110c\u1165\u11b8")),
    ("another language", lambda b: with_achievement(b, inLanguage="de")),
    ("a term by its address", lambda b: changed(b, type=[*b["type"], "https://example.org/Doctorate"])),
    ("a further level", lambda b: with_achievement(b, alignment=[*ACHIEVED["alignment"], ACHIEVED["alignment"][0]])),
    ("a level fewer", lambda b: with_achievement(b, alignment=ACHIEVED["alignment"][:-1])),
    ("text that reads backwards", lambda b: with_achievement(b, humanCode="\u202e4-W")),
    ("a context of another version", lambda b: {**b, "@context": [CREDENTIALS_V2, b["@context"][1][:-6] + "2.json"]}),
    ("no Open Badges context", lambda b: {**b, "@context": [CREDENTIALS_V2]}),
]  # fmt: skip


@pytest.mark.parametrize("how", BOTH)
@pytest.mark.parametrize(("name", "trick"), TRICKS, ids=[name for name, _ in TRICKS])
def test_no_trick_on_a_signed_badge_is_claimed(how: str, name: str, trick: Callable[[Document], Document]) -> None:
    signed = SCHOOL.prove(SCHOOL.badge(outcome(language="ko")), how)
    answer = answered(trick(signed))
    assert isinstance(answer, str) or (answer.verdict, answer.claims) == ("invalid", None), name


# Other spellings of the same statement: valid under a proof over RDF, and read as before.
SPELLINGS: list[Callable[[Document], Document]] = [
    lambda b: with_subject(b, type="AchievementSubject"),
    lambda b: with_subject(b, identifier=b["credentialSubject"]["identifier"][0]),
    lambda b: with_achievement(b, alignment=ACHIEVED["alignment"][::-1]),
    lambda b: with_achievement(b, name=["Welding"]),
    lambda b: with_achievement(b, **{"@context": b["@context"]}),
    lambda b: {**b, "@context": [*b["@context"], OPEN_BADGES_EXTENSIONS]},
    lambda b: {**b, "proof": {**b["proof"][0], "@context": ["https://evil.example/context"]}},
]


@pytest.mark.parametrize("spell", SPELLINGS)
def test_another_spelling_says_the_same_or_nothing(spell: Callable[[Document], Document]) -> None:
    expected = check(SCHOOL.prove(BADGE, "eddsa-rdfc-2022")).claims
    found = check(spell(SCHOOL.prove(BADGE, "eddsa-rdfc-2022"))).claims
    assert expected is not None
    assert found is not None
    assert "evil" not in json.dumps(found.document)
    assert (found.credits_earned, found.achievement.name) == (expected.credits_earned, expected.achievement.name)
    assert set(found.achievement.alignments) == set(expected.achievement.alignments)
    assert (found.identifiers, found.results) == (expected.identifiers, expected.results)


def test_contexts_appended_after_signing_are_not_claimed() -> None:
    """EdDSA Cryptosuites 1.0, 3.3.2: the document verified is the one under the proof's own contexts."""
    signed = SCHOOL.prove(BADGE)
    answer = check({**signed, "@context": [*BADGE["@context"], OPEN_BADGES_EXTENSIONS]})
    assert answer.verdict == "valid"
    assert answer.claims is not None
    assert answer.claims.document == BADGE
    assert answer.claims.content_digest == check(signed).claims.content_digest  # type: ignore[union-attr]


@pytest.mark.parametrize("contexts", [[], BADGE["@context"][1:], BADGE["@context"][::-1], "", None, {}, [{}]])
def test_a_proof_under_no_base_context_is_refused(contexts: Any) -> None:
    proof = {**SCHOOL.bare_proof(BADGE), "@context": contexts}
    answer = check({**BADGE, "proof": proof})
    assert (answer.code, answer.claims) == ("context_not_allowed", None)


def parts(*described: Document, type_: str) -> list[Document]:
    return [{"id": "https://college.example/parts/1", "type": [type_], **one} for one in described]


UNITS = parts(
    {"targetType": "ext:CreditUnit", "targetName": "u", "targetCode": "ects"},
    {"targetType": "ext:CourseClass", "targetName": "c", "targetCode": "us-semester"},
    type_="Alignment",
)
TRANSLATIONS = parts(
    {"inLanguage": "de", "name": "Schweißen"}, {"inLanguage": "fr", "name": "Soudure"}, type_="Related"
)
RESULTS = [{"id": "urn:result:1", **item} for item in SUBJECT["result"][:2]]
ONE_NAME = [
    with_achievement(BADGE, alignment=UNITS),
    with_achievement(BADGE, related=TRANSLATIONS),
    with_achievement(BADGE, related=[TRANSLATIONS[0], {"id": TRANSLATIONS[0]["id"]}]),
    with_achievement(BADGE, criteria={"id": UNITS[0]["id"], "narrative": "x"}, image={"id": UNITS[0]["id"]}),
    with_subject(BADGE, result=RESULTS),
    with_subject(BADGE, source={"id": ACHIEVED["id"], "type": ["Achievement"], "name": "x"}),
]


@pytest.mark.parametrize("document", ONE_NAME)
def test_parts_of_one_name_could_exchange_their_members_in_rdf(document: Document) -> None:
    """In RDF they are one node: the holder could turn ECTS credits into semester hours, and the signature held."""
    assert check(carelessly(document)).code == "not_canonical_shape"
    assert check(carelessly(document, "eddsa-jcs-2022")).verdict == "valid"


def test_the_unit_cannot_be_exchanged() -> None:
    swapped = copy.deepcopy(UNITS)
    swapped[0]["targetCode"], swapped[1]["targetCode"] = UNITS[1]["targetCode"], UNITS[0]["targetCode"]
    for how in BOTH:
        answer = check(with_achievement(carelessly(with_achievement(BADGE, alignment=UNITS), how), alignment=swapped))
        assert answer.claims is None


SPOKEN_OF = [
    {**BADGE, "refreshService": {"id": BADGE["id"], "type": "1EdTechCredentialRefresh"}},
    with_achievement(BADGE, criteria={"id": ACHIEVED["id"], "narrative": "Four test pieces"}),
    with_achievement(BADGE, criteria={"id": ACHIEVED["id"]}),
    with_achievement(BADGE, creator={**BADGE["issuer"], "url": "https://college.example"}),
]


@pytest.mark.parametrize("spoken", SPOKEN_OF)
@pytest.mark.parametrize("how", BOTH)
def test_an_object_may_be_spoken_of_in_another_place(how: str, spoken: Document) -> None:
    """As the complete example of Open Badges 3.0 does."""
    if "refreshService" in spoken:
        spoken = {**spoken, "@context": [*spoken["@context"], OPEN_BADGES_EXTENSIONS]}
    answer = check(SCHOOL.prove(spoken, how))
    assert (answer.verdict, answer.code) == ("valid", None)


def test_nothing_moves_to_where_an_object_is_spoken_of() -> None:
    """The end of validity under the refresh service, the levels under the criteria: the dataset is the same."""
    ended = SCHOOL.badge(outcome(valid_until=NOW - DAY / 2))
    refresh = {"id": ended["id"], "type": ["1EdTechCredentialRefresh", *ended["type"]]}
    context = [*ended["@context"], OPEN_BADGES_EXTENSIONS]
    signed = SCHOOL.prove({**ended, "@context": context, "refreshService": refresh}, "eddsa-rdfc-2022")
    assert check(signed).code == "expired"
    moved = changed(signed, validUntil=None, refreshService={**refresh, "validUntil": ended["validUntil"]})
    assert (check(moved).code, check(moved).claims) == ("not_canonical_shape", None)
    own = {"id": ACHIEVED["id"], "narrative": "Four test pieces"}
    signed = SCHOOL.prove(with_achievement(BADGE, criteria=own), "eddsa-rdfc-2022")
    spread = {"id": ACHIEVED["id"], "type": ["Achievement"], "alignment": ACHIEVED["alignment"], **own}
    assert check(with_achievement(signed, criteria=spread, alignment=None)).claims is None


@pytest.mark.parametrize(
    "document",
    [
        with_achievement(BADGE, criteria={"type": ["Evidence"], "narrative": "x"}),
        with_achievement(BADGE, alignment=[{**UNITS[0], "type": ["Result"]}]),
        with_achievement(BADGE, related=[{**TRANSLATIONS[0], "type": "Alignment"}]),
        with_subject(BADGE, result=[{**SUBJECT["result"][0], "type": ["Alignment"]}]),
        with_subject(BADGE, identifier=[{**SUBJECT["identifier"][0], "type": "Result"}]),
    ],
)
def test_a_part_of_another_kind_does_not_stand_in(document: Document) -> None:
    assert check(carelessly(document, "eddsa-jcs-2022")).code == "malformed_credential"


@pytest.mark.parametrize("member", ["credentialSubject", "issuer", "credentialStatus"])
def test_nothing_else_has_the_credentials_own_id(member: str) -> None:
    """Over RDF such a badge is refused; over canonical JSON it is what it says."""
    badge = SCHOOL.badge(status_entries=[revocable()])
    named = {**badge, "id": SCHOOL.id if member == "issuer" else badge[member]["id"]}
    with pytest.raises(CredentialError) as refused:
        SCHOOL.prove(named, "eddsa-rdfc-2022")
    assert refused.value.code == "not_canonical_shape"
    assert check(carelessly(named, "eddsa-jcs-2022")).claims is not None


PROOF = SCHOOL.prove(BADGE)["proof"][0]
STRANGE_IDS = [{}, [], ["urn:proof:1"], 5, True, None, {"id": "urn:proof:1"}]


@pytest.mark.parametrize("strange", STRANGE_IDS)
@pytest.mark.parametrize("previous", [None, "urn:proof:1", ["urn:proof:1"], [[]], {}, 5, []])
def test_verification_answers_whatever_the_id_of_a_proof_is(strange: Any, previous: Any) -> None:
    proof = {**PROOF, "id": strange, **({} if previous is None else {"previousProof": previous})}
    for proofs in ([proof], [proof, PROOF], [PROOF, proof]):
        answer = check({**BADGE, "proof": proofs})
        assert answer.verdict == ("invalid" if len(proofs) == 1 else "valid")
    assert check(carelessly(BADGE, "eddsa-jcs-2022", id=strange)).code == "malformed_proof"


@pytest.mark.parametrize(
    ("proofs", "code"),
    [
        (PROOF, None),
        ([PROOF], None),
        ([PROOF, PROOF], None),
        ([PROOF, {}], None),
        ([PROOF, {**PROOF, "proofValue": "z1"}], None),
        ([PROOF, "z3abc"], "malformed_proof"),
        ([None, PROOF], "malformed_proof"),
        ([[PROOF], PROOF], "malformed_proof"),
        ([[PROOF]], "no_proof"),
        ({"0": PROOF}, "unknown_key"),
        ([{**PROOF, "type": ["DataIntegrityProof"]}], "unsupported_cryptosuite"),
        ([{**PROOF, "cryptosuite": "eddsa-rdfc-2022"}], "bad_signature"),
        ([{**PROOF, "cryptosuite": "eddsa-2022"}], "unsupported_cryptosuite"),
        ([{**PROOF, "proofPurpose": "authentication"}], "proof_purpose_mismatch"),
        ([{**PROOF, "proofPurpose": ["assertionMethod"]}], "proof_purpose_mismatch"),
        ([{**PROOF, "verificationMethod": [SCHOOL.method]}], "unknown_key"),
        ([{**PROOF, "verificationMethod": {"id": SCHOOL.method}}], "unknown_key"),
        ([{**PROOF, "verificationMethod": OTHER.method}], "bad_signature"),
        ([{**PROOF, "created": "2026-05-31T12:00:00+05:75"}], "malformed_proof"),
        ([{**PROOF, "proofValue": PROOF["proofValue"] + "1"}], "bad_signature"),
        ([{**PROOF, "proofValue": "z1" + PROOF["proofValue"][1:]}], "bad_signature"),
        ([{**PROOF, "proofValue": "u" + PROOF["proofValue"][1:]}], "malformed_proof"),
        ([{**PROOF, "proofValue": [PROOF["proofValue"]]}], "malformed_proof"),
        ([{**PROOF, "proofValue": "z" + "1" * 100_000}], "too_long"),
        ([{**PROOF, "nonce": "added"}], "bad_signature"),
    ],
)
def test_proofs_are_taken_to_the_letter(proofs: Any, code: str | None) -> None:
    assert check({**BADGE, "proof": proofs}).code == code


def test_proofs_may_build_on_one_another_in_a_diamond() -> None:
    root = SCHOOL.bare_proof(BADGE, id="urn:proof:root")
    chained = {**BADGE, "proof": [root]}
    for name, previous in (("left", "root"), ("right", "root"), ("top", ["left", "right"])):
        names = [f"urn:proof:{item}" for item in ([previous] if isinstance(previous, str) else previous)]
        by_id = {proof["id"]: proof for proof in chained["proof"]}
        signed = {**BADGE, "proof": [by_id[item] for item in names]}
        chained["proof"].append(SCHOOL.bare_proof(signed, id=f"urn:proof:{name}", previousProof=names))
    assert check({**chained, "proof": chained["proof"][::-1]}).verdict == "valid"
    answer = check({**chained, "proof": [chained["proof"][3], *chained["proof"][1:3]]})
    assert answer.code == "proof_chain"
