"""A badge of which its holder shows a part (ecdsa-sd-2023): what counts, what does not, and how it is known again."""

from typing import Any

import pytest

from credentials import data_integrity
from credentials.checks import Outcome, Verification
from tests.credential_samples import DAY, LIST_URL, NOW, School, changed, check, material, outcome, revocable
from tests.credentials.selective_samples import parts_of, with_value, written

SCHOOL = School(algorithm="ES256")
STEWARD = School(name="key-2")  # the same school's key for its status lists
STATUS = revocable()
BADGE = SCHOOL.badge(outcome(valid_until=NOW + DAY), status_entries=[STATUS])
Document = dict[str, Any]


def secured(
    badge: Document = BADGE, mandatory: tuple[str, ...] = ("/issuer", "/credentialStatus"), school: School = SCHOOL
) -> Document:
    return data_integrity.sign(
        badge,
        school.key,
        cryptosuite="ecdsa-sd-2023",
        verification_method=school.method,
        created=NOW - DAY,
        mandatory_pointers=mandatory,
    )


BASE = secured()
NEEDED = ("/validFrom", "/validUntil", "/credentialStatus", "/credentialSubject")


def answered(document: Document, *revoked: int) -> Verification:
    lists = {LIST_URL: STEWARD.status_list(*revoked)}
    return check(document, material(SCHOOL, STEWARD, lists=lists))


def shown(*pointers: str) -> Document:
    return data_integrity.derive(BASE, pointers)


def test_a_badge_that_shows_all_that_credit_needs_counts() -> None:
    answer = answered(shown(*NEEDED))
    assert (answer.verdict, answer.code) == ("valid", None)
    assert answer.claims is not None
    assert str(answer.claims.credits_earned) == "9/2"
    assert answer.claims.document == changed(shown(*NEEDED), proof=None)


def test_its_status_is_looked_up() -> None:
    assert answered(shown(*NEEDED), STATUS.index).code == "revoked"


@pytest.mark.parametrize(
    ("left_out", "member"), [("/credentialStatus", "credentialStatus"), ("/validUntil", "validUntil")]
)
def test_what_would_end_it_must_be_shown(left_out: str, member: str) -> None:
    """A holder whose badge was revoked, or is over, would withhold just that."""
    pointers = [pointer for pointer in NEEDED if pointer != left_out]
    answer = answered(data_integrity.derive(secured(mandatory=("/issuer",)), pointers), STATUS.index)
    assert answer.verdict != "valid"
    found = answer.check("disclosure")
    assert (found.outcome, found.code, found.facts["member"]) == (
        Outcome.COULD_NOT_BE_CHECKED,
        "not_disclosed",
        member,
    )
    assert answer.check("signature").outcome is Outcome.PASSED


def test_of_a_status_that_may_be_chosen_from_an_entry_may_be_missing() -> None:
    """A badge that one of its lists has revoked would be shown with the entry of the other."""
    two = SCHOOL.badge(outcome(valid_until=NOW + DAY), status_entries=[STATUS, revocable(index=7)])
    for mandatory, pointers in (
        (("/issuer",), (*NEEDED, "")),
        (("/issuer",), ("/validFrom", "/validUntil", "/credentialStatus/0", "/credentialSubject")),
        (("/issuer", "/credentialStatus/0"), (*NEEDED, "")),
    ):
        answer = answered(data_integrity.derive(secured(two, mandatory), pointers))
        assert (answer.verdict, answer.code) == ("indeterminate", "not_disclosed")
        assert answer.check("disclosure").facts == {"member": "credentialStatus"}


@pytest.mark.parametrize(
    "pointers",
    [
        (),
        ("/credentialSubject/creditsEarned",),
        ("/credentialSubject/achievement/name",),
        ("/validFrom", "/validUntil", "/credentialStatus"),
        ("/validFrom", "/validUntil", "/credentialStatus", "/credentialSubject/achievement/description"),
        ("/validUntil", "/credentialStatus", "/credentialSubject"),
    ],
)
def test_a_badge_without_what_every_badge_has_holds_but_claims_nothing(pointers: tuple[str, ...]) -> None:
    answer = answered(shown(*pointers))
    assert (answer.verdict, answer.code, answer.claims) == ("indeterminate", "not_disclosed", None)
    assert {answer.check(name).outcome for name in ("shape", "proof", "signature", "issuer_binding")} == {
        Outcome.PASSED
    }


def test_a_forged_part_is_a_forgery_and_nothing_milder() -> None:
    forged = changed(shown("/credentialSubject/creditsEarned"), name="Doctor of everything")
    answer = answered(forged)
    assert (answer.verdict, answer.code, answer.claims) == ("invalid", "bad_signature", None)


def test_only_a_proof_that_lets_withhold_excuses_what_is_missing() -> None:
    broken = changed(BADGE, credentialSubject=None)
    for how in ("ecdsa-jcs-2019", "ecdsa-rdfc-2019"):
        assert answered(SCHOOL.prove(broken, how)).code == "malformed_credential"
    shown_part, proof = shown("/name"), SCHOOL.prove(broken, "ecdsa-jcs-2019")["proof"][0]
    assert answered({**shown_part, "proof": [*shown_part["proof"], proof]}).code == "malformed_credential"
    pretended = {**broken, "proof": [{**proof, "cryptosuite": "ecdsa-sd-2023"}]}
    assert answered(pretended).verdict == "invalid"


def test_other_credentials_may_withhold_and_it_is_pointed_out() -> None:
    plain = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "issuer": SCHOOL.id,
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {"id": "did:web:learner.example", "name": "Anna"},
    }
    answer = answered(data_integrity.derive(secured(plain, ("/issuer",)), ["/credentialSubject/name"]))
    assert answer.verdict == "valid"
    assert (answer.check("disclosure").outcome, answer.check("disclosure").code) == (Outcome.WARNING, "not_disclosed")


def test_one_badge_is_the_same_content_whatever_is_shown_of_it() -> None:
    """Each choice is another document; what the issuer signed for all of them is one, and a signature's twin too."""
    less, more = shown(*NEEDED), shown(*NEEDED, "/name")
    parts = parts_of(less)
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    twin = parts[0][:32] + (order - int.from_bytes(parts[0][32:])).to_bytes(32)
    answers = [answered(one) for one in (less, more, with_value(less, written([twin, *parts[1:]])))]
    assert {answer.verdict for answer in answers} == {"valid"}
    assert len({answer.claims.content_digest for answer in answers if answer.claims}) == 1
    again = answered(data_integrity.derive(secured(), NEEDED))
    assert again.claims is not None
    assert answers[0].claims is not None
    assert again.claims.content_digest != answers[0].claims.content_digest


def test_objects_of_one_id_are_refused_here_too() -> None:
    achieved = BADGE["credentialSubject"]["achievement"]
    subject = {**BADGE["credentialSubject"], "source": {"id": achieved["id"], "type": ["Achievement"], "name": "x"}}
    derived = data_integrity.derive(secured({**BADGE, "credentialSubject": subject}), NEEDED)
    assert answered(derived).code == "not_canonical_shape"


def test_a_key_that_is_not_registered_is_unknown_here_too() -> None:
    assert check(shown(*NEEDED), material()).code == "unknown_key"


def test_where_the_key_cannot_be_had_nothing_is_read_from_the_proof() -> None:
    """What is in a proof that nobody could check is not looked at, whatever it holds."""
    for document in (shown(*NEEDED), with_value(shown("/name"), "uAAAA"), BASE):
        answer = check(document, material(unreachable=frozenset({SCHOOL.id})))
        assert (answer.verdict, answer.code, answer.claims) == ("indeterminate", "key_unavailable", None)
