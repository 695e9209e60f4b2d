"""What a holder may leave out of a badge, and what rules would conclude from what is left: never a better answer."""

import secrets
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest

from credentials.canonical import jcs
from credentials.data_integrity import derive, sign
from credentials.keys import PrivateKey
from credentials.sd_jwt_issue import Disclosing, present, to_sd_jwt
from credentials.stated_results import StatedOutcome
from credentials.strict_json import loads
from creditbank.intake import Posted
from issuers.registry import verification_method
from issuers.signing_forms import FORMS, MANDATORY, Signing
from tests.bank_world import ANNA, World
from tests.creditbank.foreign_school import ForeignSchool

SUBJECT = "/credentialSubject"
LISTED = f"{SUBJECT}/achievement/resultDescription"
STATED: dict[str, Any] = {
    "outcomes": [StatedOutcome("1", Fraction(40)), StatedOutcome("2", Fraction(80))],
    "facts": {"passed": False},
}


def badge(school: ForeignSchool, **facts: Any) -> dict[str, Any]:
    return school.badge(school.entry("r", 1), valid_until=school.world.now + timedelta(days=900), **{**STATED, **facts})


def place(document: dict[str, Any], name: str) -> int:
    """Where the result of this name stands, and its description: their order is the same."""
    return [each["name"] for each in document["credentialSubject"]["achievement"]["resultDescription"]].index(name)


def shown(school: ForeignSchool, document: dict[str, Any], pointers: tuple[str, ...], *hidden: str) -> str:
    """An SD-JWT whose holder may hold back what the pointers name, and holds back what is `hidden`."""
    disclosing = Disclosing(pointers, lambda: secrets.token_bytes(16))
    token = to_sd_jwt(document, school.key, key_id=school.key_id, disclosing=disclosing)
    return present(token, shown=[pointer for pointer in pointers if pointer not in hidden])


def handed_in(school: ForeignSchool, token: bytes | str, media_type: str | None = None) -> Any:
    data = token.encode() if isinstance(token, str) else token
    return school.world.bank.deposit(Posted(data, media_type, school.caller))


@pytest.mark.parametrize("name", ["1", "passed"])
def test_a_result_held_back_holds_the_deposit_until_it_is_shown(world: World, school: ForeignSchool, name: str) -> None:
    document = badge(school)
    each = tuple(f"{SUBJECT}/result/{number}" for number in range(len(document["credentialSubject"]["result"])))
    disclosing = Disclosing(each, lambda: secrets.token_bytes(16))
    token = to_sd_jwt(document, school.key, key_id=school.key_id, disclosing=disclosing)
    hidden = each[place(document, name)]
    short = handed_in(school, present(token, shown=[pointer for pointer in each if pointer != hidden]))
    assert (short.state, short.reason) == ("held", "results_not_disclosed")
    full = handed_in(school, token)
    assert (full.deposit_id, full.state) == (short.deposit_id, "credited")
    award = world.bank.stored(full.deposit_id).award
    assert award is not None
    assert award["facts"] == {"passed": False}
    assert [(each["id"], each["score"]) for each in award["outcomes"]] == [("1", "40"), ("2", "80")]


def test_neither_can_the_description_be_left_out_without_a_trace(school: ForeignSchool) -> None:
    document = badge(school)
    number = place(document, "1")
    pointers = (f"{LISTED}/{number}", f"{SUBJECT}/result/{number}")
    short = handed_in(school, shown(school, document, pointers, *pointers))
    assert (short.state, short.reason) == ("held", "results_not_disclosed")


def test_what_has_nothing_to_do_with_them_may_be_held_back(school: ForeignSchool) -> None:
    document = badge(school)
    score = f"{SUBJECT}/result/{place(document, 'Percent')}"
    assert handed_in(school, shown(school, document, (score,), score)).state == "credited"
    plain = school.badge(school.entry("r", 1), valid_until=school.world.now + timedelta(days=900))
    assert handed_in(school, shown(school, plain, (score, f"{LISTED}/0"), score, f"{LISTED}/0")).state == "credited"


@pytest.mark.parametrize("name", ["1", "passed"])
def test_so_it_is_with_a_derived_proof(world: World, school: ForeignSchool, name: str) -> None:
    document = badge(school)
    base = loads(FORMS["ecdsa-sd-2023"].sign(document, signing(school)))
    hidden, count = place(document, name), len(document["credentialSubject"]["result"])
    members = ("id", "creditsEarned", "activityEndDate", *(f"result/{n}" for n in range(count) if n != hidden))
    short = handed_in(school, jcs(derive(base, [f"{SUBJECT}/{member}" for member in members])))
    assert (short.state, short.reason) == ("held", "results_not_disclosed")
    full = handed_in(school, jcs(derive(base, [""])))
    assert (full.deposit_id, full.state) == (short.deposit_id, "credited")


def test_a_derived_proof_whose_list_is_the_holders_choice_is_held_though_it_shows_all(
    world: World, school: ForeignSchool
) -> None:
    """Nothing tells how many descriptions there were; what the issuer made mandatory cannot be missing."""
    pointers = tuple(each for each in MANDATORY if not each.endswith("achievement"))
    by = signing(school)
    base = sign(
        badge(school), by.signer, cryptosuite="ecdsa-sd-2023", verification_method=by.method, created=by.at,
        mandatory_pointers=(*pointers, f"{SUBJECT}/achievement/name"),
    )  # fmt: skip
    found = handed_in(school, jcs(derive(base, [""])))
    assert (found.state, found.reason) == ("held", "results_not_disclosed")


def signing(school: ForeignSchool) -> Signing:
    """With a second key of the school, of the kind that the form needs."""
    key, world = PrivateKey.generate("ES256"), school.world
    world.administration.register_key(ANNA, school.issuer_id, key.public_key, world.now - timedelta(days=9))
    return Signing(key, verification_method(school.did, key.public_key), world.now, lambda: secrets.token_bytes(16))


@pytest.mark.parametrize("form", list(FORMS))
def test_the_banks_own_badges_bring_them_in_every_form(world: World, form: str) -> None:
    school = world.school(hosted=FORMS[form].algorithms[0])
    stated = {**STATED, "valid_until": world.now + timedelta(days=365)}
    outcome = world.deposit(school, form, **stated)
    award = world.bank.stored(outcome.deposit_id).award
    assert award is not None, outcome.reason
    assert (outcome.state, award["facts"], len(award["outcomes"])) == ("credited", {"passed": False}, 2)
