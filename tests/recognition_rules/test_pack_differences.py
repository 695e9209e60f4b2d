"""What changes from one version of a pack to the next, in sentences, and what must never change."""

from datetime import date
from pathlib import Path

import pytest

from recognition_rules.authoring.diff import difference, touches_the_past
from recognition_rules.authoring.forms import read_files
from recognition_rules.authoring.json_form import to_json
from recognition_rules.reading.strict_toml import loads

WHOLE = (Path(__file__).parent / "broken_packs" / "whole.toml").read_text("utf-8")
ON = date(2027, 1, 15)
OPEN = 'terms = [{ source = "S1", legal_basis = "section 5", confirmed = true }]'
ENDED = 'terms = [{ until = 2027-02-28, source = "S1", legal_basis = "section 5", confirmed = true },\n'
LATER = '{ from = 2027-03-01, value = 24, source = "S1", legal_basis = "section 5a", confirmed = true }]'
YEARLY = 'per = { calendar = "year", date = "ended_on" }\n'


def sentences(old: str, new: str) -> dict[str, bool]:
    return {change.sentence: change.past for change in difference(loads(old), loads(new), on=ON)}


def test_a_rise_from_a_day_to_come_is_told_as_a_registrar_would() -> None:
    found = sentences(WHOLE, WHOLE.replace(YEARLY + OPEN, YEARLY + ENDED + LATER))
    assert found == {
        "The limit 'At most 20 a year' (yearly): the terms from the beginning on end on 28 February 2027.": False,
        "From 1 March 2027 the limit 'At most 20 a year' (yearly) rises from 20 to 24 credits (source S1).": False,
    }


# what stands there, what is written instead, a part of the sentence, whether it reaches into the past
CHANGES = [
    ("at_most = 20\nper = { calendar", "at_most = 21\nper = { calendar", "rises from 20 to 21 credits, for all", True),
    ("at_most = 20\nterms", "at_most = 19\nterms", "falls from 20 to 19 credits", True),
    ("2026-08-31", "2026-07-31", "end on 31 July 2026", True),
    ("score_at_least = 60", "score_at_least = 50", "what it requires changes", True),
    ("at_least = 12", "at_least = 15", "'core' needs 15 credits instead of 12", True),
    ('value = "counted"\nothers = ["eligible"]', 'value = "eligible"\nothers = ["counted"]', "the value chosen", True),
    ('score_from = 60, class = "free"', 'score_from = 70, class = "free"', "1 rows are new, 1 are gone", True),
    ("Half way", "Half the way", "the title changes", False),
    ('version = "2026.1"', 'version = "2027.1"', "the version changes from 2026.1 to 2027.1", False),
    ("section 11", "section 12", "'legal_basis' of the terms", False),
    ("[classes]", '[classes]\nnew = { en = "n", de = "n" }', "The class 'new' is new", False),
]


@pytest.mark.parametrize(("right", "wrong", "told", "past"), CHANGES, ids=lambda each: str(each)[:30])
def test_each_change_is_told_and_the_past_is_marked(right: str, wrong: str, told: str, past: bool) -> None:
    assert right in WHOLE
    found = sentences(WHOLE, WHOLE.replace(right, wrong, 1))
    assert [each for each in found if told in each], found
    assert any(found.values()) is past


def test_rules_come_and_go() -> None:
    start, end = WHOLE.index('[[limit]]\nid = "yearly"'), WHOLE.index("[[table]]")
    without = WHOLE[:start] + WHOLE[end:]
    assert sentences(WHOLE, without) == {"The limit 'At most 20 a year' (yearly) is gone.": True}
    assert list(sentences(without, WHOLE).values()) == [True]
    dated = WHOLE.replace(YEARLY + OPEN, YEARLY + OPEN.replace("[{ ", "[{ from = 2027-03-01, "))
    assert sentences(without, dated) == {"The limit 'At most 20 a year' (yearly) is new, from 1 March 2027.": False}


def test_new_requirements_leave_the_former_ones_in_their_place() -> None:
    head = '[[programme]]\nid = "certificate"\ntitle = { en = "Certificate", de = "Zertifikat" }\n'
    start = WHOLE.index("[[programme]]")
    tree = WHOLE[WHOLE.index("[programme.require]") :].strip()
    terms = 'source = "S1", legal_basis = "section 1", confirmed = true }]\n'
    new = WHOLE[:start] + head + f"terms = [{{ from = 2027-03-01, {terms}" + tree.replace("= 12", "= 15")
    new += f"\n[[programme.former]]\nterms = [{{ until = 2027-02-28, {terms}"
    new += tree.replace("[programme.require]", "[programme.former.require]")
    found = sentences(WHOLE, new)
    assert any(
        "From 1 March 2027 the programme 'Certificate' (certificate) has new requirements" in each for each in found
    )
    assert any("'core' needs 15 credits instead of 12" in each for each in found)
    assert not any(found.values())


def test_forms_of_one_pack_do_not_differ() -> None:
    raw = loads(WHOLE)
    json = read_files({"pack.json": to_json(raw).encode()}).raw
    assert difference(raw, json, on=ON) == ()
    assert not touches_the_past(difference(raw, raw, on=ON))


def test_programs_get_the_code() -> None:
    changed = loads(WHOLE.replace("at_most = 20", "at_most = 30"))
    found = [change.to_json() for change in difference(loads(WHOLE), changed, on=ON)]
    assert {each["code"] for each in found} == {"published_term_changed"}
    assert {(each["kind"], each["table"]) for each in found} == {("changed", "limit")}


def test_what_codes_are_called_is_no_term() -> None:
    named = {"words": {"good-hands": {"en": "the work was well made"}}}
    appeared, gone = (difference(old, new, on=date(2026, 9, 1)) for old, new in (({}, named), (named, {})))
    assert [change.sentence for change in (*appeared, *gone)] == [
        "The word for 'good-hands' is new.",
        "The word for 'good-hands' is gone.",
    ]
    assert not touches_the_past((*appeared, *gone))
