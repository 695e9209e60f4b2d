"""No change that a JSON reader can see goes unseen by a signature over RDF, whatever it is."""

import copy
import json
from collections.abc import Iterator
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from credentials import jsonld
from credentials.errors import CredentialError
from credentials.rdf_canonicalization import canonicalize

VALUES: list[Any] = [
    None, True, 0, -1.5, 10**30, 1e300, "x", "", [], {}, [[]], [{}], ["a", "b"], [None], [["did:a:b"]],
    {"id": "urn:x:1"}, {"id": "urn:x:1", "type": "Profile"}, {"@value": "a", "@language": "en"}, {"type": []},
    "https://a.example", "did:a:b", "Achievement", ["Achievement"], {"@context": ["https://www.w3.org/ns/credentials/v2"]},
]  # fmt: skip
NAMES = [
    "id", "type", "name", "proof", "issuer", "credentialSubject", "achievement", "evidence", "termsOfUse", "tag",
    "relatedResource", "refreshService", "verifiableCredential", "jsonSchema", "image", "related", "criteria",
    "endorsement", "digestSRI", "@type", "Profile", "__proto__", "",
]  # fmt: skip


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every holder in a document with a name or number in it."""
    for name, item in list(value.items()) if isinstance(value, dict) else list(enumerate(value)):
        yield value, name
        if isinstance(item, dict | list):
            yield from places(item)


def mutate(document: Any, choice: tuple[int, str | None, int, bool]) -> None:
    """Set a member that is there, or one more of the same object, to a value from the list or from elsewhere."""
    place, name, value, from_elsewhere = choice
    spots = list(places(document))
    holder, old = spots[place % len(spots)]
    donor = spots[value % len(spots)][0] if from_elsewhere else VALUES[value % len(VALUES)]
    holder[name if name is not None and isinstance(holder, dict) else old] = copy.deepcopy(donor)


def plain(value: Any) -> Any:
    """The document as a reader has to take it: one value is a list of one, and lists have no order."""
    if isinstance(value, dict):
        return {name: plain(item if isinstance(item, list) else [item]) for name, item in value.items()}
    if isinstance(value, list):
        return sorted((plain(item) for item in value), key=lambda item: json.dumps(item, sort_keys=True))
    return value


CHOICE = st.tuples(st.integers(0, 10_000), st.none() | st.sampled_from(NAMES), st.integers(0, 10_000), st.booleans())


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(CHOICE, min_size=1, max_size=3))
def test_a_change_is_refused_or_signed(badge: dict[str, Any], choices: list[tuple[int, str | None, int, bool]]) -> None:
    changed = copy.deepcopy(badge)
    for choice in choices:
        mutate(changed, choice)
    try:
        form = canonicalize(jsonld.to_quads(changed)).nquads
    except CredentialError:
        return
    same = canonicalize(jsonld.to_quads(badge)).nquads == form
    assert not same or plain(changed) == plain(badge)
