"""A bundle that was tampered with, in whatever member, never passes for the decision that was recorded."""

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from creditbank.errors import Refused
from creditbank.recognising import Recognising
from creditbank.replay import read_bundle, replay, result_digest
from creditbank.replay_of_record import ReplayOfRecord
from tests.bank_world import World

Place = tuple[str | int, ...]


def bundle_of(world: World) -> dict[str, Any]:
    school = world.school()
    world.publish_pack()
    book = [world.deposit(school).book_id for _ in range(2)][-1]
    row = Recognising(world.bank).recognise(book, world.request())
    found: dict[str, Any] = json.loads(json.dumps(ReplayOfRecord(world.bank).bundle(row.recognition_id).to_json()))
    return found


def leaves(value: Any, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    yield place, value
    if isinstance(value, dict):
        for name in value:
            yield from leaves(value[name], (*place, name))
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from leaves(each, (*place, number))


def others(value: Any) -> list[Any]:
    if isinstance(value, bool):
        return [not value, int(value), None, str(value)]
    if isinstance(value, int):
        return [value + 1, str(value), float(value), None]
    if isinstance(value, str):
        return [value + "x", None, [value], {"x": 1}, ""] if value else ["x", None]
    if value is None:
        return ["x", False, 0, {}, []]
    if isinstance(value, list):
        return [[*value, None], value[:-1], None, {}] if value else [[None], None, {}]
    return [{**value, "added": None}, {**value, "added": 1}, None, []]


def changed(whole: dict[str, Any], place: Place, other: Any) -> Any:
    """The bundle with another value in one place."""
    found = deepcopy(whole)
    at: Any = found
    for name in place[:-1]:
        at = at[name]
    at[place[-1]] = other
    return found


def agrees(value: Any) -> bool:
    """Whether it passes for the decision; a bundle that is refused does not."""
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    try:
        return replay(read_bundle(data)).agrees
    except Refused as refused:
        assert refused.code in ("bundle_malformed", "inputs_malformed")
        return False


def places_of(whole: dict[str, Any]) -> Iterator[tuple[Place, Any]]:
    """One place of each kind; of the steps and of the awards one is as good as another."""
    seen = set()
    for place, value in leaves(whole):
        kind = tuple("#" if isinstance(name, int) else name for name in place)
        if place and kind not in seen and place[0] != "about":
            seen.add(kind)
            yield place, value


def test_no_member_can_be_changed(world: World) -> None:
    whole = bundle_of(world)
    assert agrees(whole)
    passed = [
        (place, other)
        for place, value in places_of(whole)
        for other in others(value)
        if agrees(changed(whole, place, other))
    ]
    assert passed == []


@pytest.mark.parametrize("seal", ["", "0" * 64, 0])
def test_the_seal_is_that_of_the_result(world: World, seal: Any) -> None:
    assert not agrees(changed(bundle_of(world), ("about", "result"), seal))


def test_without_its_seal_a_member_more_is_told_though_it_says_nothing(world: World) -> None:
    whole = changed(bundle_of(world), ("about", "result"), None)
    assert agrees(whole)
    whole["recognition"]["mark"] = None
    answer = replay(read_bundle(json.dumps(whole).encode()))
    assert answer.differences == ("mark: only recorded",)


def test_the_question_cannot_name_another_version(world: World) -> None:
    whole = changed(bundle_of(world), ("request", "pack_version"), "2027.1")
    answer = replay(read_bundle(json.dumps(whole).encode()))
    assert answer.differences == ("request.pack_version: not the pack of the result",)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"inputs": {', b'"inputs": {"awards": [], "used": []}, "inputs": {'),
        (b'"granted": false', b'"granted": true, "granted": false'),
        (b'"granted": false', b'"granted": NaN'),
        (b'"type": "RecognitionBundle"', b'"note": "granted", "type": "RecognitionBundle"'),
    ],
)
def test_a_file_that_could_be_read_in_two_ways_is_refused(world: World, old: bytes, new: bytes) -> None:
    data = json.dumps(bundle_of(world)).encode()
    assert old in data
    with pytest.raises(Refused, match="bundle_malformed"):
        read_bundle(data.replace(old, new, 1))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("policy", {"mode": "best"}),
        ("policy", {"items": "worst"}),
        ("policy", {"order": "award_id"}),
        ("judgements", [{"question": "overlap"}]),
        ("syllabus", {"id": 1}),
        ("learner", {"born_on": "yesterday"}),
        ("on", "2026-02-30"),
    ],
)
def test_a_question_that_cannot_be_asked_is_a_difference_and_no_crash(world: World, name: str, value: Any) -> None:
    whole = bundle_of(world)
    whole["request"][name] = value
    assert not agrees(whole)


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("units", "amounts = [4, 1]", "amounts = [3, 1]"),
        ("pack", "at_most = 24", "at_most = 25"),
        ("levels", "highest = 8", "highest = 9"),
    ],
)
def test_another_table_or_pack_is_told_though_nothing_else_comes_out(
    world: World, part: str, old: str, new: str
) -> None:
    whole = bundle_of(world)
    assert old in whole[part]
    whole[part] = whole[part].replace(old, new, 1)
    assert not agrees(whole)


def test_the_receipt_says_whose_decision_it_is(world: World) -> None:
    """What stands under `about` is only said; the log's entry is signed for, and names the book and the digest."""
    whole = bundle_of(world)
    entry = json.loads(world.bank.receipt_of(whole["about"]["recognition"]).entry)
    assert (entry["book"], entry["result"]) == (whole["about"]["learner"], whole["about"]["result"])
    assert entry["result"] == result_digest(whole["recognition"])
