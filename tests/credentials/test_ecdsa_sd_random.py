"""Whatever a holder chooses to show of a badge verifies, and no single value of it can be changed (ecdsa-sd-2023)."""

import copy
from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from credentials.data_integrity import derive, verify
from credentials.errors import CredentialError
from tests.credential_samples import School, changed, outcome, revocable, with_achievement, with_subject
from tests.credentials.selective_samples import SCHOOL, base, proof_of

Path = tuple[str | int, ...]
RICH = with_achievement(
    with_subject(
        SCHOOL.badge(outcome(), status_entries=[revocable(), revocable(index=5)]),
        source={"id": "did:web:source.example", "type": ["Profile"], "name": "Source"},
    ),
    image={"id": "https://college.example/1.png", "type": "Image", "caption": "x \u2028 \U0001f525"},
    tag=["steel", "a~b", "c/d"],
    related=[{"id": f"https://college.example/{number}", "type": ["Related"]} for number in range(3)],
)
BASE = base(RICH, "/issuer", "/credentialStatus")


def paths(value: Any, path: Path = ()) -> Iterator[Path]:
    """Every value that can be disclosed by itself: not the halves of a text with its language, nor parts of a list."""
    yield path
    if isinstance(value, dict) and "@value" not in value:
        for name, item in value.items():
            yield from paths(item, (*path, name)) if name != "@context" else ()
    elif isinstance(value, list) and path[-1:] != ("allowedValue",):
        for place, item in enumerate(value):
            yield from paths(item, (*path, place))


def pointer(path: Path) -> str:
    return "".join("/" + str(token).replace("~", "~0").replace("/", "~1") for token in path)


PATHS = [path for path in paths(RICH) if path]
SOME = st.lists(st.sampled_from(PATHS), min_size=1, max_size=6).map(lambda some: [pointer(path) for path in some])


def holds(document: dict[str, Any], school: School = SCHOOL) -> bool:
    try:
        verify(document, proof_of(document), school.key.public_key)
    except CredentialError:
        return False
    return True


@given(pointers=SOME)
@settings(max_examples=60, deadline=None)
def test_every_choice_verifies(pointers: list[str]) -> None:
    derived = derive(BASE, pointers)
    assert holds(derived)
    assert all(is_part(value, RICH[name]) for name, value in derived.items() if name != "proof")


def is_part(part: Any, whole: Any) -> bool:
    """Whether all of a part stands in the whole, in the same order."""
    if isinstance(part, dict) and isinstance(whole, dict):
        return all(name in whole and is_part(value, whole[name]) for name, value in part.items())
    if isinstance(part, list) and isinstance(whole, list):
        rest = iter(whole)
        return all(any(is_part(item, other) for other in rest) for item in part)
    return bool(part == whole)


@given(pointers=SOME, data=st.data())
@settings(max_examples=60, deadline=None)
def test_no_value_of_any_choice_can_be_changed(pointers: list[str], data: st.DataObject) -> None:
    derived = derive(BASE, pointers)
    leaves = [path for path in paths(changed(derived, proof=None)) if path and not has_inner(derived, path)]
    path = data.draw(st.sampled_from(leaves))
    altered = copy.deepcopy(derived)
    holder = inside(altered, path[:-1])
    old = holder[path[-1]]
    holder[path[-1]] = data.draw(
        st.sampled_from([old + 1 if isinstance(old, int | float) else f"{old}x", 7, "urn:x:y"])
    )
    assert not holds(altered)
    del holder[path[-1]]
    assert not holds(altered)


def inside(value: Any, path: Path) -> Any:
    for token in path:
        value = value[token]
    return value


def has_inner(document: Any, path: Path) -> bool:
    return isinstance(inside(document, path), dict | list)
