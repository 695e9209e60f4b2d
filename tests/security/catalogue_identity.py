"""Group I of the catalogue: identity, DIDs and issuers' keys."""

import gzip
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from credentials.keys import PrivateKey
from tests.bank_world import ANNA, OwnSigner
from tests.security.attacks import careless_token, own_signer, put
from tests.security.catalogue import Case, Effect, Scene
from tests.security.foreign_network import PUBLIC, page
from tests.security.status_world import entry

STRANGER = PrivateKey.from_bytes("EdDSA", b"stranger" * 4)
Make = Callable[[Scene], bytes | str]
INNER = ("127.0.0.1", "localhost%3A8080", "localhost", "169.254.169.254", "10.0.0.1", "127.1", "2130706433")
BRACKETED = ("[::1]", "%5B::1%5D")
MALFORMED = {
    "a user name": "good.example%40evil.example",
    "a path that climbs": "good.example%2F..%2Fx%23",
    "dots as segments": "good.example:..:admin",
    "a query": "good.example%3Fq=1",
    "a backslash": "good.example%5Cevil.example",
    "capitals": "Good.example",
    "punycode": "xn--80ak6aa92e.com",
    "a port of nothing": "good.example%3A0",
    "a port too high": "good.example%3A65536",
    "an empty segment": "good.example::a",
}
SPELLINGS = ("127.0.0.1", "2130706433", "0x7f000001", "127.1", "0", "[::ffff:127.0.0.1]", "127。0。0。1", "[::1]",
             "localhost", "169.254.169.254", "10.0.0.1", "１２７.0.0.1")  # fmt: skip
DID = "did:web:evil.example:m"
METHOD = f"{DID}#key-1"


def of(did: str, name: str = "key-1") -> Make:
    """A stranger's badge in the name of any DID."""
    return lambda scene: _of_stranger(scene, did, f"{did}#{name}")


def _of_stranger(scene: Scene, did: str, method: str, **facts: Any) -> str:
    signer = OwnSigner(scene.world, scene.signer.caller, STRANGER, method)
    return careless_token(signer, {**put(scene.signer.document(), "issuer.id", did), **facts})


def listed_at(url: str) -> Make:
    status = {**entry(), "statusListCredential": url}
    return lambda scene: scene.seoul.badge(status)


def rebound(scene: Scene) -> bytes:
    """A name that is public when it is checked, and loopback from then on."""
    answers = iter([[PUBLIC]])
    scene.network.addresses = lambda _: next(answers, ["127.0.0.1"])
    return scene.seoul.badge(entry())


def led(status: str, location: str) -> Make:
    def make(scene: Scene) -> bytes:
        scene.network.pages["/a"] = page(b"", f"Location: {location}", status=status)
        return scene.seoul.badge(entry())

    return make


def documented(body: Callable[[], bytes], *headers: str, media_type: str = "application/did+json") -> Make:
    """A stranger's badge, whose DID document is this."""

    def make(scene: Scene) -> str:
        scene.network.pages["/m/did.json"] = page(body(), *headers, media_type=media_type)
        return _of_stranger(scene, DID, METHOD)

    return make


def document(**members: Any) -> dict[str, Any]:
    """The stranger's own DID document, sound but for these members."""
    key = {"type": "Multikey", "controller": DID, "publicKeyMultibase": STRANGER.public_key.multibase(), "id": METHOD}
    return {"id": DID, "verificationMethod": [key], "assertionMethod": [METHOD], **members}


def keys(number: int) -> list[dict[str, Any]]:
    (one,) = document()["verificationMethod"]
    return [{**one, "id": f"{DID}#key-{place}"} for place in range(1, number + 1)]


def as_json(**members: Any) -> bytes:
    return json.dumps(document(**members)).encode()


DOCUMENTS: dict[str, tuple[Callable[[], bytes], str]] = {
    "300 kB": (lambda: as_json(padding="x" * 300_000), "application/did+json"),
    "65 keys": (lambda: as_json(verificationMethod=keys(65)), "application/did+json"),
    "another id": (lambda: as_json(id="did:web:good.example"), "application/did+json"),
    "a member twice": (lambda: as_json().replace(b"{", b'{"id":"x",', 1), "application/did+json"),
    "HTML": (lambda: b"<html>", "text/html"),
    "HTML that says it is JSON": (lambda: b"<html>", "application/did+json"),
}


def with_key(change: Callable[[Scene, OwnSigner], None], issuer_id: str, **when: Any) -> Make:
    """A badge of a school that is new to the bank, of whose key something is declared afterwards."""

    def make(scene: Scene) -> str:
        name = f"{issuer_id}-{scene.world.number}"
        signer = own_signer(scene.world, name)
        change(scene, signer)
        return signer.sign(signer.document(**when))

    return make


def compromised(scene: Scene, signer: OwnSigner) -> None:
    since = scene.world.now - timedelta(minutes=30)
    scene.world.administration.compromise_key(ANNA, str(signer.caller.issuer_id), signer.key_id, since)


def compromised_before(scene: Scene, signer: OwnSigner) -> None:
    since = scene.world.now - timedelta(hours=2)
    scene.world.administration.compromise_key(ANNA, str(signer.caller.issuer_id), signer.key_id, since)


def retired(scene: Scene, signer: OwnSigner) -> None:
    scene.world.administration.retire_key(ANNA, str(signer.caller.issuer_id), signer.key_id, scene.world.now)


def not_yet_active(scene: Scene) -> str:
    """The school's next key, which becomes active tomorrow, used today."""
    key = PrivateKey.generate("EdDSA")
    tomorrow = scene.world.now + timedelta(days=1)
    row = scene.world.administration.register_key(ANNA, "seoul", key.public_key, tomorrow)
    signer = OwnSigner(scene.world, scene.signer.caller, key, row.key_id)
    return signer.sign(signer.document())


def preview(scene: Scene) -> str:
    made = scene.signer.document()
    return scene.signed({**made, "type": [*made["type"], "TestCredential"]})


def nobody(scene: Scene) -> str:
    did = STRANGER.public_key.did_key()
    return _of_stranger(scene, did, f"{did}#{STRANGER.public_key.multibase()}", id=f"urn:x:{scene.world.number}")


def cases() -> Iterator[Case]:
    """Every case of the group that is a credential handed in."""
    for host in INNER:
        yield Case("I01", host, of(f"did:web:{host}"), "address_not_allowed")
    for host in BRACKETED:
        yield Case("I01", host, of(f"did:web:{host}"), "malformed_iri" if "[" in host else "address_not_allowed")
    for host in SPELLINGS:
        yield Case("I02", host, listed_at(f"https://{host}/list"), "status_unavailable", Effect.HELD)
    yield Case("I04", "public, then loopback", rebound, "status_unavailable", Effect.HELD, asks=1)
    for status in ("302 Found", "307 Temporary Redirect", "308 Permanent Redirect"):
        for location in ("http://127.0.0.1/a", "https://169.254.169.254/a", "/b"):
            name = f"{status[:3]} to {location}"
            yield Case("I05", name, led(status, location), "status_unavailable", Effect.HELD, asks=2)
    for name, rest in MALFORMED.items():
        code = "malformed_iri" if "=" in rest else "malformed_did"
        yield Case("I07", name, of(f"did:web:{rest}"), code)
    for name, (body, kind) in DOCUMENTS.items():
        make = documented(body, media_type=kind)
        yield Case("I08", name, make, "key_unavailable", Effect.UNDECIDED, asks=2)
    packed: Callable[[], bytes] = lambda: gzip.compress(as_json(padding=" " * 20_000_000))  # noqa: E731
    bomb = documented(packed, "Content-Encoding: gzip")
    yield Case("I08", "a gzip bomb", bomb, "key_unavailable", Effect.UNDECIDED, asks=2)
    yield from _key_lives()
    yield Case("I19", "a test credential", preview, "test_credential")
    sound = documented(as_json)
    yield Case("I22", "a did:web by nobody", sound, "untrusted_issuer", Effect.HELD, asks=1, held_as="issuer_unknown")
    yield Case("I22", "a did:key by nobody", nobody, "untrusted_issuer", Effect.HELD, held_as="issuer_unknown")


def _key_lives() -> Iterator[Case]:
    unproven = "signing_time_unproven"
    yield Case("I10", "back-dated, compromised", with_key(compromised, "stolen"), unproven, Effect.HELD)
    yield Case("I10", "after the compromise", with_key(compromised_before, "robbed"), "key_compromised")
    yield Case("I10", "merely retired", with_key(retired, "rested"), None, Effect.VALID)
    yield Case("I11", "a key of tomorrow", not_yet_active, "key_not_yet_active")
