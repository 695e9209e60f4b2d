"""Group T of the catalogue: status, revocation and validity."""

import gzip
import json
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from credentials import open_badges_2_issue as badges
from credentials.achievement import IdentityObject
from credentials.keys import PrivateKey
from credentials.open_badges_2_issue import Publisher
from credentials.status_list import MAX_BYTES, MIN_BYTES
from tests.security.attacks import Document
from tests.security.catalogue import Case, Effect, Scene
from tests.security.foreign_network import page
from tests.security.status_world import Seoul, entry, with_bits

OLD = Publisher(
    id="https://old.example/issuer", name={"en": "Old College"}, url="https://old.example", email="b@old.example",
    badges="https://old.example/badges/", key_address="https://old.example/key",
)  # fmt: skip
OLD_KEY = PrivateKey.from_bytes("ES256", b"old-college-key!" * 2)
Body = Callable[[Seoul], bytes]
Make = Callable[[Scene], bytes | str]


def pointing(*entries: Document) -> Make:
    return lambda scene: scene.seoul.badge(*entries)


def listed(body: Body, *headers: str, index: str = "7") -> Make:
    """A badge whose list is served with this body."""

    def make(scene: Scene) -> bytes:
        scene.seoul.publish(body(scene.seoul), "a", *headers)
        return scene.seoul.badge(entry(index=index))

    return make


def answered(**answer: str) -> Make:
    """A badge whose list's address answers otherwise."""

    def make(scene: Scene) -> bytes:
        scene.network.pages["/a"] = page(b"", **answer)
        return scene.seoul.badge(entry())

    return make


def nameless(scene: Scene) -> bytes:
    """A badge whose list's host has no address any more."""

    def fail(_host: str) -> list[str]:
        raise socket.gaierror

    scene.network.addresses = fail
    return scene.seoul.badge(entry())


def two_lists(scene: Scene) -> bytes:
    scene.seoul.publish(scene.seoul.signed(scene.seoul.list_document()))
    return scene.seoul.badge(entry(), entry("b", type="RevocationList2020Status"))


def suspended_besides(scene: Scene) -> bytes:
    seoul = scene.seoul
    seoul.publish(seoul.signed(seoul.list_document()))
    seoul.publish(seoul.signed(seoul.list_document(7, name="b", purpose="suspension")), "b")
    return seoul.badge(entry(), entry("b", purpose="suspension"))


def tracking(scene: Scene) -> str:
    """A list for one credential alone, whose address names it."""
    name = "7f2b8c1e-5d7a-4f0e-9b1a-2c3d4e5f6a7b"
    scene.seoul.publish(scene.seoul.signed(scene.seoul.list_document(name=name)), name)
    document = {**scene.signer.document(), "id": f"urn:uuid:{name}", "credentialStatus": entry(name)}
    return scene.signed(document)


def old_outcome(scene: Scene) -> Any:
    hashed = IdentityObject.hash_of("mina@example.org", "emailAddress", "pepper")
    made = scene.world.outcome(unit="ects", subject_id=None)
    return replace(made, achievement_id="https://old.example/classes/1", identifiers=(hashed,))


def serve_old(scene: Scene, *documents: Document) -> None:
    """The old college's documents, each at its own path, whatever its host."""
    served = (
        badges.profile(OLD), badges.cryptographic_key(OLD, OLD_KEY.public_key),
        badges.badge_class(old_outcome(scene), OLD, image="https://old.example/a.png"), *documents,
    )  # fmt: skip
    for document in served:
        path = "/" + document["id"].split("/", 3)[3]
        scene.network.pages[path] = page(json.dumps(document).encode(), media_type="application/ld+json")


def hosted_at(address: str, **profile: Any) -> Make:
    """A hosted badge of the old college at an address that is not the college's."""

    def make(scene: Scene) -> str:
        at = scene.world.now - timedelta(hours=1)
        made = badges.assertion(old_outcome(scene), OLD, credential_id=address, issued_on=at)
        serve_old(scene, made, {**badges.profile(OLD), **profile})
        return json.dumps(made)

    return make


def signed_by(key: PrivateKey, creator: str | None = None, *, listed_key: bool = True) -> Make:
    """A signed badge of the old college whose `creator` is this key's address."""

    def make(scene: Scene) -> str:
        at = scene.world.now - timedelta(hours=1)
        made = badges.assertion(old_outcome(scene), OLD, credential_id="urn:uuid:9", issued_on=at, signed=True)
        if creator:
            made["verification"]["creator"] = creator
        address = creator or str(OLD.key_address)
        other = {**badges.cryptographic_key(OLD, key.public_key), "id": address}
        profile = badges.profile(OLD)
        serve_old(scene, other, profile if listed_key else {**profile, "publicKey": "https://old.example/none"})
        return badges.sign(made, key)

    return make


def altered(seoul: Seoul) -> bytes:
    other = seoul.list_document(9)["credentialSubject"]
    return json.dumps({**json.loads(seoul.signed(seoul.list_document())), "credentialSubject": other}).encode()


BIG = gzip.compress(bytes(MAX_BYTES * 8))
UNRELIABLE: dict[str, tuple[str, Body, str]] = {
    "no proof": ("T02", lambda s: json.dumps(s.list_document()).encode(), "status_unverified"),
    "a broken proof": ("T02", altered, "status_unverified"),
    "plain JSON": ("T02", lambda s: b'{"revoked":[]}', "status_unverified"),
    "two members": ("T08", lambda s: with_bits(s, gzip.compress(bytes(MIN_BYTES)) * 2), "status_unverified"),
    "more behind": ("T08", lambda s: with_bits(s, gzip.compress(bytes(MIN_BYTES)) + b"x"), "status_unverified"),
    "cut off": ("T08", lambda s: with_bits(s, gzip.compress(bytes(MIN_BYTES))[:-8]), "status_unverified"),
    "over": ("T10", lambda s: s.signed(s.list_document(validFrom="2020-01-01T00:00:00Z",
                                                       validUntil="2020-01-02T00:00:00Z")), "status_stale"),
    "with a status of its own": ("T11", lambda s: s.signed(s.list_document(credentialStatus=entry())),
                                 "status_recursion"),
}  # fmt: skip
PACKED = "Content-Encoding: gzip"


def cases() -> Iterator[Case]:
    """Every case of the group that is a credential handed in."""
    held = Effect.HELD
    yield Case("T01", "not there", pointing(entry("nowhere")), "status_unavailable", held, asks=2)
    yield Case("T01", "a fault", answered(status="500 Oh"), "status_unavailable", held, asks=2)
    yield Case("T01", "no name", nameless, "status_unavailable", held, asks=2)
    for name, (row, body, reason) in UNRELIABLE.items():
        yield Case(row, name, listed(body), reason, held, asks=2)
    foreign = entry(type="1EdTechRevocationList", id="https://evil.example/revoked.json")
    yield Case("T02", "an unsigned list of somebody else's site", pointing(foreign), "status_unavailable", held)
    purpose: Body = lambda s: s.signed(s.list_document(purpose="suspension"))  # noqa: E731
    yield Case("T04", "a list of suspensions", listed(purpose), "status_purpose_mismatch", asks=1)
    for index in ("-1", "-128"):
        yield Case("T05", index, listed(lambda s: s.signed(s.list_document()), index=index), "range_error")
    yield Case(
        "T07", "127, leftmost first", listed(lambda s: s.signed(s.list_document(127)), index="127"), "revoked", asks=1
    )
    mirrored: Body = lambda s: s.signed(s.list_document(120))  # noqa: E731
    yield Case("T07", "127, where 120 is set", listed(mirrored, index="127"), None, Effect.VALID, asks=1)
    yield Case("T08", "a bomb", listed(lambda s: with_bits(s, BIG)), "too_large", asks=1, status=422)
    wrapped: Body = lambda s: gzip.compress(b'{"a":"' + b" " * 20_000_000)  # noqa: E731
    yield Case(
        "T08", "a bomb in transit", listed(wrapped, "Content-Encoding: gzip"), "status_unavailable", held, asks=2
    )
    yield Case("T14", "one of an unknown type", two_lists, "status_type_unsupported", held, asks=2)
    yield Case("T14", "the second says no", suspended_besides, "suspended", asks=2)
    yield from _old_badges()
    yield Case("T19", "only the list is blocked", answered(status="403 No"), "status_unavailable", held, asks=2)
    yield Case("T20", "an address of its own", tracking, "status_tracks_holder", Effect.VALID, asks=1)


def _old_badges() -> Iterator[Case]:
    rules = {"verification": {"type": "VerificationObject", "startsWith": "https://old.example"}}
    origins = {"verification": {"type": "VerificationObject", "allowedOrigins": "old.example"}}
    for name, address, profile in (
        ("a host that begins alike", "https://old.example.evil/badges/1", rules),
        ("an origin that is not listed", "https://evil.example/badges/1", origins),
        ("another path", "https://old.example/elsewhere/1", {}),
    ):
        yield Case("T16", name, hosted_at(address, **profile), "hosted_scope", asks=4)
    mallory = PrivateKey.from_bytes("ES256", b"mallory!" * 4)
    yield Case(
        "T17", "a key of one's own", signed_by(mallory, "https://old.example/evil"), "key_issuer_mismatch", asks=4
    )
    unlisted = signed_by(OLD_KEY, listed_key=False)
    yield Case("T17", "a key no longer named", unlisted, "key_issuer_mismatch", asks=4)
    silent = signed_by(OLD_KEY)
    yield Case("T17", "no revocation list", silent, "untrusted_issuer", Effect.HELD, asks=4, held_as="issuer_unknown")
