"""ecdsa-sd-2023 on badges: what a holder may withhold, and what nobody may do with a derived proof."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from credentials.curves import NIST_CURVES
from credentials.data_integrity import derive, disclosed, is_selective, sign, verify, verify_base
from credentials.data_integrity.disclosure_values import read_derived
from credentials.errors import CredentialError
from credentials.keys import PrivateKey
from tests.credential_samples import NOW, School, changed, check, material, with_achievement, with_subject
from tests.credentials.selective_samples import (
    SCHOOL,
    Document,
    base,
    parts_of,
    proof_of,
    refused,
    shown,
    with_value,
    written,
)


def test_the_holder_chooses_what_to_show(badge: Document) -> None:
    derived = shown(badge, "/credentialSubject/achievement/name", "/credentialSubject/creditsEarned")
    verify(derived, proof_of(derived), SCHOOL.key.public_key)
    subject = derived["credentialSubject"]
    assert subject == {
        "id": badge["credentialSubject"]["id"],
        "type": ["AchievementSubject"],
        "creditsEarned": 4.5,
        "achievement": {
            "id": "https://college.example/achievements/welding-4",
            "type": ["Achievement"],
            "name": "Welding, level 4",
        },
    }
    assert "credentialStatus" not in derived
    assert is_selective(proof_of(derived))


def test_all_of_it_can_be_shown(badge: Document) -> None:
    derived = shown(badge, "")
    assert {name: value for name, value in derived.items() if name != "proof"} == badge
    verify(derived, proof_of(derived), SCHOOL.key.public_key)


def test_nothing_but_what_is_mandatory_can_be_shown(badge: Document) -> None:
    derived = shown(badge)
    assert derived.keys() == {"@context", "id", "type", "issuer", "validFrom", "proof"}
    verify(derived, proof_of(derived), SCHOOL.key.public_key)
    assert read_derived(proof_of(derived)["proofValue"]).signatures == ()


def test_nothing_at_all_cannot_be_shown(badge: Document) -> None:
    with pytest.raises(CredentialError) as refusal:
        shown(badge, mandatory=())
    assert refusal.value.code == "unknown_pointer"


def test_parts_of_arrays_close_up(badge: Document) -> None:
    derived = shown(badge, "/credentialSubject/achievement/description/1", "/credentialSubject/achievement/tag/1")
    achieved = derived["credentialSubject"]["achievement"]
    assert achieved["description"] == [badge["credentialSubject"]["achievement"]["description"][1]]
    assert achieved["tag"] == ["steel"]
    verify(derived, proof_of(derived), SCHOOL.key.public_key)


def test_types_are_shown_whole_whatever_a_pointer_says(badge: Document) -> None:
    """Contexts hang on them: without one of its types a document would mean something else."""
    derived = shown(badge, "/type/1", "/credentialSubject/type")
    assert derived["type"] == badge["type"]
    verify(derived, proof_of(derived), SCHOOL.key.public_key)


def test_equal_objects_of_an_array_stay_two(badge: Document) -> None:
    results = [{"type": ["Result"], "value": value} for value in ("1", "2", "3")]
    document = with_subject(badge, result=results)
    derived = shown(document, "/credentialSubject/result/0/type", "/credentialSubject/result/2/type")
    assert derived["credentialSubject"]["result"] == [{"type": ["Result"]}, {"type": ["Result"]}]
    verify(derived, proof_of(derived), SCHOOL.key.public_key)


def test_lists_are_shown_whole_or_not_at_all(badge: Document) -> None:
    described = {"id": "urn:r:1", "type": ["ResultDescription"], "name": "Grade", "resultType": "LetterGrade"}
    document = with_achievement(badge, resultDescription=[{**described, "allowedValue": ["A", "B", "C"]}])
    place = "/credentialSubject/achievement/resultDescription/0/allowedValue"
    derived = shown(document, place)
    verify(derived, proof_of(derived), SCHOOL.key.public_key)
    with pytest.raises(CredentialError) as refusal:
        shown(document, f"{place}/1")
    assert refusal.value.code == "unknown_pointer"


def test_endorsements_with_proofs_of_their_own_can_be_shown_or_withheld(badge: Document) -> None:
    endorsements = []
    for number in (1, 2):
        endorsed = {
            "@context": badge["@context"],
            "id": f"urn:uuid:endorsement-{number}",
            "type": ["VerifiableCredential", "EndorsementCredential"],
            "name": "Endorsement",
            "issuer": {"id": "did:web:other.example", "type": ["Profile"]},
            "validFrom": "2026-03-01T09:00:00Z",
            "credentialSubject": {
                "id": badge["credentialSubject"]["achievement"]["id"],
                "type": ["EndorsementSubject"],
                "endorsementComment": f"Good {number}",
            },
        }
        other = School(id="did:web:other.example", seed=2)
        endorsements.append(other.prove(endorsed, "eddsa-rdfc-2022"))
    document = {**badge, "endorsement": endorsements}
    for pointers in (["/endorsement/1"], ["/endorsement"], ["/endorsement/0/issuer", "/endorsement/1/proof"], []):
        derived = derive(base(document, "/issuer"), pointers)
        verify(derived, proof_of(derived), SCHOOL.key.public_key)


POINTERS: dict[str, tuple[Any, str]] = {
    "no such member": ("/admin", "unknown_pointer"),
    "no such place": ("/type/2", "unknown_pointer"),
    "the place behind the last": ("/type/-", "unknown_pointer"),
    "a place with a nought before it": ("/type/01", "unknown_pointer"),
    "a place before the first": ("/type/-1", "unknown_pointer"),
    "below a text": ("/name/0", "unknown_pointer"),
    "without a stroke": ("issuer", "unknown_pointer"),
    "a wrong escape": ("/~2", "unknown_pointer"),
    "a number": (5, "unknown_pointer"),
    "half of a text with its language": ("/credentialSubject/achievement/description/0/@value", "keyword_not_allowed"),
    "a very long one": ("/" + "a" * 2000, "too_long"),
}


@pytest.mark.parametrize(("pointer", "code"), POINTERS.values(), ids=POINTERS.keys())
def test_pointers_that_lead_nowhere(badge: Document, pointer: Any, code: str) -> None:
    for attempt in (lambda: base(badge, pointer), lambda: shown(badge, pointer)):
        with pytest.raises(CredentialError) as refusal:
            attempt()
        assert refusal.value.code == code


def test_too_many_pointers(badge: Document) -> None:
    with pytest.raises(CredentialError) as refusal:
        base(badge, *["/issuer"] * 501)
    assert refusal.value.code == "too_complex"


def test_other_suites_take_no_mandatory_pointers(badge: Document) -> None:
    with pytest.raises(CredentialError) as refusal:
        base(badge, "/issuer", cryptosuite="ecdsa-rdfc-2019")
    assert refusal.value.code == "malformed_proof"


def test_a_base_proof_is_for_its_holder_alone(badge: Document) -> None:
    document = base(badge, "/issuer")
    assert refused(document) == "base_proof"
    assert check(document, material(SCHOOL)).code == "base_proof"
    verify_base(document, proof_of(document), SCHOOL.key.public_key)
    derived = derive(document, ["/name"])
    with pytest.raises(CredentialError) as refusal:
        verify_base(derived, proof_of(derived), SCHOOL.key.public_key)
    assert refusal.value.code == "malformed_proof"
    with pytest.raises(CredentialError) as refusal:
        derive(derived, ["/name"])
    assert refusal.value.code == "no_proof"


def test_the_holder_learns_of_a_base_proof_that_does_not_hold(badge: Document) -> None:
    document = base(badge, "/issuer")
    for spoilt in (changed(document, name="Other"), changed(document, validFrom="2026-03-01T09:00:01Z")):
        with pytest.raises(CredentialError) as refusal:
            verify_base(spoilt, proof_of(spoilt), SCHOOL.key.public_key)
        assert refusal.value.code == "bad_signature"


def test_two_base_proofs_are_told_apart_by_id(badge: Document) -> None:
    first = base(badge, "/issuer", proof_id="urn:proof:1")
    both = base(first, "/issuer", "/validFrom", proof_id="urn:proof:2")
    with pytest.raises(CredentialError) as refusal:
        derive(both, ["/name"])
    assert refusal.value.code == "no_proof"
    derived = derive(both, ["/name"], proof_id="urn:proof:2")
    assert proof_of(derived)["id"] == "urn:proof:2"
    verify(derived, proof_of(derived), SCHOOL.key.public_key)


TAMPERED: dict[str, Callable[[Document], Document]] = {
    "more credits": lambda shown: with_subject(shown, creditsEarned=500),
    "another learner": lambda shown: with_subject(shown, id="did:web:attacker.example"),
    "another name": lambda shown: with_achievement(shown, name="Brain surgery"),
    "a type more": lambda shown: {**shown, "type": [*shown["type"], "ext:Admin"]},
    "a member withheld after deriving": lambda shown: with_subject(shown, creditsEarned=None),
    "a mandatory member withheld": lambda shown: changed(shown, validFrom=None),
    "a member more": lambda shown: {**shown, "name": "Welding, level 4"},
    "another issuer": lambda shown: {**shown, "issuer": {**shown["issuer"], "id": "did:web:evil.example"}},
    "an issuer with another name": lambda shown: {**shown, "issuer": {**shown["issuer"], "name": "Evil"}},
}


@pytest.mark.parametrize("change", TAMPERED.values(), ids=TAMPERED.keys())
def test_a_derived_credential_cannot_be_altered(badge: Document, change: Callable[[Document], Document]) -> None:
    derived = shown(badge, "/credentialSubject/achievement/name", "/credentialSubject/creditsEarned")
    assert refused(change(copy.deepcopy(derived))) in ("bad_signature", "malformed_proof", "data_loss_detected")
    assert check(change(copy.deepcopy(derived)), material(SCHOOL)).verdict == "invalid"


def test_statements_of_two_credentials_do_not_mix(badge: Document) -> None:
    """One holder, two badges of one school: the better credits do not fit under the other's proof."""
    poor, rich = base(badge, "/issuer"), base(with_subject(badge, creditsEarned=30), "/issuer")
    shown_poor, shown_rich = (derive(one, ["/credentialSubject/creditsEarned"]) for one in (poor, rich))
    theirs, mine = (read_derived(proof_of(one)["proofValue"]) for one in (shown_rich, shown_poor))
    mixed = [
        mine.base_signature,
        mine.public_key,
        list(theirs.signatures),
        dict(theirs.labels),
        list(mine.mandatory_indexes),
    ]
    forged = with_value(shown_rich, written(mixed))
    assert refused(forged) == "bad_signature"
    foreign_key = [mine.base_signature, theirs.public_key, *mixed[2:]]
    assert refused(with_value(shown_rich, written(foreign_key))) == "bad_signature"


def test_a_signature_too_few_or_in_another_place(badge: Document) -> None:
    derived = shown(badge, "/name", "/credentialSubject/creditsEarned")
    parts = parts_of(derived)
    for signatures in (parts[2][1:], [*parts[2], parts[2][0]], parts[2][::-1]):
        spoilt = [*parts[:2], signatures, *parts[3:]]
        assert refused(with_value(derived, written(spoilt))) == "bad_signature"
    for places in (parts[4][1:], []):
        assert refused(with_value(derived, written([*parts[:4], places]))) == "bad_signature"


def test_only_p256_signs_so(badge: Document, ed25519: PrivateKey) -> None:
    for key in (ed25519, PrivateKey.generate("ES384")):
        with pytest.raises(CredentialError) as refusal:
            sign(badge, key, cryptosuite="ecdsa-sd-2023", verification_method="did:web:a.example#k", created=NOW)
        assert refusal.value.code == "alg_key_mismatch"
        assert refused(shown(badge), key) == "alg_key_mismatch"
    assert refused(shown(badge), PrivateKey.generate("ES256")) == "bad_signature"


def test_a_proof_in_a_chain_is_no_base_proof(badge: Document) -> None:
    first = base(badge, cryptosuite="ecdsa-rdfc-2019", proof_id="urn:proof:1")
    with pytest.raises(CredentialError) as refusal:
        base(first, "/issuer", previous_proof="urn:proof:1")
    assert refusal.value.code == "malformed_proof"


def test_identifiers_of_the_inner_kind_are_refused_when_signing(badge: Document) -> None:
    with pytest.raises(CredentialError) as refusal:
        base(with_achievement(badge, related=[{"id": "urn:bnid:b1", "type": ["Related"]}]), "/issuer")
    assert refusal.value.code == "not_canonical_shape"


def test_what_the_issuer_signed_is_the_same_for_every_choice_and_for_a_twin(badge: Document) -> None:
    document, order = base(badge, "/issuer"), NIST_CURVES["ES256"].order
    some, more = derive(document, ["/name"]), derive(document, ["/name", "/credentialSubject"])
    parts = parts_of(some)
    twin = parts[0][:32] + (order - int.from_bytes(parts[0][32:])).to_bytes(32)
    mirrored = with_value(some, written([twin, *parts[1:]]))
    verify(mirrored, proof_of(mirrored), SCHOOL.key.public_key)
    payloads = {disclosed(one, proof_of(one)).payload for one in (some, more, mirrored)}
    assert len(payloads) == 1
    other = derive(base(badge, "/issuer"), ["/name"])
    assert disclosed(other, proof_of(other)).payload not in payloads
