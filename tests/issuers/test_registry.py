"""Who may award what on which day, and what a key's life means for signing."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from credentials.keys import PrivateKey
from issuers.errors import RegistryError
from issuers.issuer import Accreditation, Custody, Issuer, KeyRecord, Kind, QualificationLevel
from issuers.registry import (
    NOT_ACCREDITED,
    KeyState,
    NotAccredited,
    compromise,
    key_for,
    material_keys,
    may_award,
    register,
    retire,
    rotate,
    signing_key,
    state,
    verification_method,
    withdraw,
)

DID = "did:web:college.example"
SPRING = datetime(2026, 3, 1, tzinfo=UTC)
EQF5 = QualificationLevel("eqf", "5")

WELDING = Accreditation(
    id="a1",
    issuer_id="college",
    authority="Ministry of Education",
    achievements=frozenset({"urn:welding"}),
    levels=frozenset({EQF5}),
    units=frozenset({"ects"}),
    valid_from=date(2026, 1, 1),
    valid_until=date(2026, 12, 31),
)
ANYTHING = replace(WELDING, id="a2", achievements=None, levels=None, valid_from=date(2027, 1, 1), valid_until=None)


def key_record(active_from: datetime = SPRING, **changes: object) -> KeyRecord:
    key = PrivateKey.generate("EdDSA").public_key
    record = KeyRecord("college", verification_method(DID, key), DID, key, Custody.HOSTED, active_from)
    return replace(record, **changes)  # type: ignore[arg-type]


def ask(*accreditations: Accreditation, **changes: object) -> Accreditation | NotAccredited:
    question = {"achievement": "urn:welding", "level": EQF5, "unit": "ects", "on": date(2026, 6, 1)} | changes
    return may_award(accreditations, **question)  # type: ignore[arg-type]


@pytest.mark.parametrize("on", [date(2026, 1, 1), date(2026, 6, 1), date(2026, 12, 31)])
def test_an_accreditation_holds_on_its_first_and_on_its_last_day(on: date) -> None:
    assert ask(WELDING, on=on) is WELDING


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"on": date(2025, 12, 31)}, "accreditation_not_yet_valid"),
        ({"on": date(2027, 1, 1)}, "accreditation_expired"),
        ({"unit": "us-semester"}, "unit_not_accredited"),
        ({"achievement": "urn:painting"}, "achievement_not_accredited"),
        ({"achievement": None}, "achievement_not_accredited"),
        ({"level": QualificationLevel("eqf", "6")}, "level_not_accredited"),
        ({"level": QualificationLevel("kqf", "5")}, "level_not_accredited"),
        ({"level": None}, "level_not_accredited"),
    ],
)
def test_each_limit_of_an_accreditation_is_named_when_it_stands_in_the_way(
    changes: dict[str, object], code: str
) -> None:
    answer = ask(WELDING, **changes)
    assert isinstance(answer, NotAccredited)
    assert (answer.code, answer.reasons, answer.nearest) == (code, (code,), "a1")
    assert answer.message == NOT_ACCREDITED[code]


def test_an_issuer_without_any_accreditation_may_award_nothing() -> None:
    assert ask() == NotAccredited(("no_accreditation",))


def test_the_answer_names_the_nearest_miss_and_does_not_depend_on_order() -> None:
    far = replace(WELDING, id="a0", units=frozenset({"ukcats"}), achievements=frozenset())
    for order in [(far, WELDING), (WELDING, far)]:
        answer = ask(*order, on=date(2027, 1, 1))
        assert isinstance(answer, NotAccredited)
        assert (answer.nearest, answer.reasons) == ("a1", ("accreditation_expired",))


def test_an_unrestricted_accreditation_covers_awards_without_level_or_achievement() -> None:
    assert ask(ANYTHING, WELDING, on=date(2028, 2, 29), level=None, achievement=None) is ANYTHING


def test_a_withdrawn_accreditation_keeps_what_was_awarded_before() -> None:
    withdrawn = withdraw(WELDING, date(2026, 6, 1))
    assert ask(withdrawn, on=date(2026, 5, 31)) is withdrawn
    answer = ask(withdrawn, on=date(2026, 6, 1))
    assert isinstance(answer, NotAccredited)
    assert answer.code == "accreditation_withdrawn"
    with pytest.raises(RegistryError, match="already withdrawn"):
        withdraw(withdrawn, date(2026, 7, 1))


def test_rotation_retires_the_old_key_at_the_instant_at_which_the_new_one_starts() -> None:
    old, autumn = key_record(), SPRING + timedelta(days=200)
    retired, new = rotate(old, key_record(autumn))
    keys = (retired, new)
    assert signing_key(keys, SPRING) is retired
    assert signing_key(keys, autumn - timedelta(microseconds=1)) is retired
    assert signing_key(keys, autumn) is new
    assert [state(key, autumn) for key in keys] == [KeyState.RETIRED, KeyState.ACTIVE]


def test_a_key_is_pending_before_it_is_active_and_never_signs_then() -> None:
    record = key_record()
    assert state(record, SPRING - timedelta(seconds=1)) is KeyState.PENDING
    with pytest.raises(RegistryError) as refusal:
        signing_key([record], SPRING - timedelta(seconds=1))
    assert refusal.value.code == "no_active_key"


def test_an_issuers_own_key_is_never_taken_for_a_hosted_one() -> None:
    with pytest.raises(RegistryError):
        signing_key([key_record(custody=Custody.OWN)], SPRING)


def test_a_compromise_works_backwards_and_ends_signing_when_it_is_declared() -> None:
    february, march = SPRING - timedelta(days=28), SPRING
    record = key_record(active_from=SPRING - timedelta(days=60))
    stolen = compromise(record, february, declared_at=march)
    assert (stolen.compromised_from, stolen.declared_compromised_at, stolen.retired_at) == (february, march, march)
    assert state(stolen, march - timedelta(seconds=1)) is KeyState.ACTIVE, "nobody knew yet"
    assert state(stolen, march) is KeyState.COMPROMISED


def test_a_compromise_is_only_ever_widened() -> None:
    stolen = compromise(key_record(), SPRING + timedelta(days=5), declared_at=SPRING + timedelta(days=9))
    wider = compromise(stolen, SPRING + timedelta(days=2), declared_at=SPRING + timedelta(days=12))
    assert wider.compromised_from == SPRING + timedelta(days=2)
    assert wider.declared_compromised_at == SPRING + timedelta(days=9), "the first declaration is history"
    assert wider.retired_at == stolen.retired_at
    for since, code in [(3, "compromise_narrowed"), (13, "compromise_in_future")]:
        with pytest.raises(RegistryError) as refusal:
            compromise(wider, SPRING + timedelta(days=since), declared_at=SPRING + timedelta(days=12))
        assert refusal.value.code == code


def test_a_retirement_is_final_and_a_compromised_key_is_past_retiring() -> None:
    retired = retire(key_record(), SPRING + timedelta(days=1))
    with pytest.raises(RegistryError) as again:
        retire(retired, SPRING + timedelta(days=2))
    assert again.value.code == "key_already_retired"
    stolen = compromise(key_record(), SPRING, declared_at=SPRING)
    with pytest.raises(RegistryError) as late:
        retire(stolen, SPRING)
    assert late.value.code == "key_compromised"


def test_a_key_is_found_by_issuer_and_name_and_never_by_name_alone() -> None:
    mine = key_record()
    theirs = key_record(issuer_id="university", verification_method=mine.verification_method)
    assert key_for([theirs, mine], "college", mine.verification_method) is mine
    assert key_for([theirs, mine], "university", mine.verification_method) is theirs
    with pytest.raises(RegistryError) as refusal:
        key_for([mine], "university", mine.verification_method)
    assert refusal.value.code == "unknown_key"


def test_a_key_is_registered_once_whoever_brings_it() -> None:
    first = key_record()
    with pytest.raises(RegistryError) as same_name:
        register([first], key_record(verification_method=first.verification_method))
    assert same_name.value.code == "key_id_taken"
    with pytest.raises(RegistryError) as same_key:
        register([first], replace(first, issuer_id="thief", verification_method="did:web:thief.example#1"))
    assert same_key.value.code == "key_already_registered"
    assert len(register([first], key_record())) == 2


NAIVE = datetime(2026, 1, 1)


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: key_record(active_from=NAIVE), "naive_instant"),
        (lambda: key_record(retired_at=SPRING - timedelta(days=1)), "interval_inverted"),
        (lambda: replace(WELDING, valid_until=date(2025, 1, 1)), "interval_inverted"),
        (lambda: institution(name={}), "malformed_language_map"),
        (lambda: institution(name={"ko": " "}), "malformed_language_map"),
        (lambda: institution(name={"en\n": "College"}), "malformed_language_map"),
        (lambda: institution(country="kr"), "malformed_country"),
        (lambda: institution(country="KR\n"), "malformed_country"),
        (lambda: institution(registered_at=NAIVE), "naive_instant"),
    ],
)
def test_values_that_contradict_themselves_cannot_be_made(make: object, code: str) -> None:
    with pytest.raises(RegistryError) as refusal:
        make()  # type: ignore[operator]
    assert refusal.value.code == code


def institution(**changes: object) -> Issuer:
    known = Issuer("college", DID, Kind.VOCATIONAL, {"ko": "한빛대학", "und": "Hanbit"}, "KR", None, SPRING)
    return replace(known, **changes)  # type: ignore[arg-type]


def test_verification_gets_every_key_with_its_instants() -> None:
    retired = retire(key_record(), SPRING + timedelta(days=1))
    stolen = compromise(key_record(), SPRING, declared_at=SPRING + timedelta(days=2))
    keys = material_keys([retired, stolen])
    assert keys[retired.verification_method].retired_at == SPRING + timedelta(days=1)
    assert keys[stolen.verification_method].compromised_from == SPRING
    assert {key.controller for key in keys.values()} == {DID}
    with pytest.raises(RegistryError) as refusal:
        material_keys([retired, replace(stolen, verification_method=retired.verification_method)])
    assert refusal.value.code == "key_id_taken"
