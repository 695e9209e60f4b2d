"""Group P of the catalogue: Data Integrity proofs, JSON-LD, canonicalisation, and what stands in a badge besides."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from credentials import multibase
from credentials.contexts import OPEN_BADGES_EXTENSIONS
from credentials.data_integrity import sign
from credentials.keys import PrivateKey
from tests.bank_world import OwnSigner
from tests.security.attacks import Document, careless_proof, put
from tests.security.catalogue import Case, Effect, Scene
from tests.security.forgeries import signed_by_stock_software, tied

SUBJECT, ACHIEVEMENT = "credentialSubject", "credentialSubject.achievement"
LEARNER = "did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
V1 = "https://www.w3.org/2018/credentials/v1"
V2 = "https://www.w3.org/ns/credentials/v2"
OB = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
MALLORY = PrivateKey.from_bytes("EdDSA", b"mallory!" * 4)
Make = Callable[[Scene], str]


def stock(path: str, value: object) -> Make:
    """A member set before careless software signs over RDF."""
    return lambda s: json.dumps(signed_by_stock_software(s.signer, put(s.signer.document(), path, value)))


def altered(path: str, value: object) -> Make:
    """A member set after careless software has signed over RDF."""
    return lambda s: json.dumps(put(signed_by_stock_software(s.signer, s.signer.document()), path, value))


def jcs(path: str, value: object) -> Make:
    """A member set before careless software signs over canonical JSON."""
    return lambda s: careless_proof(s.signer, put(s.signer.document(), path, value))


def jwt(path: str, value: object) -> Make:
    """A member set before careless software signs a token."""
    return lambda s: s.signed(put(s.signer.document(), path, value))


def proof(**options: Any) -> Make:
    return lambda s: careless_proof(s.signer, s.signer.document(), **options)


def everywhere(row: str, name: str, path: str, value: object, code: str) -> Iterator[Case]:
    """The same member under each of the three ways to secure it."""
    for how, make in (("rdf", altered), ("jcs", jcs), ("jwt", jwt)):
        yield Case(row, f"{name}, {how}", make(path, value), code)


def greedy(scene: Scene) -> str:
    """The proof of a credential whose subject vanished in signing, under thirty thousand times the credits."""
    honest = put(scene.signer.document(), f"{SUBJECT}.id", LEARNER + " ")
    return json.dumps(put(signed_by_stock_software(scene.signer, honest), f"{SUBJECT}.creditsEarned", 90_000))


def stripped(scene: Scene) -> str:
    return json.dumps(scene.signer.document())


def mallory(scene: Scene) -> OwnSigner:
    """Somebody with a key of her own who signs in the school's name."""
    method = f"{MALLORY.public_key.did_key()}#{MALLORY.public_key.multibase()}"
    return OwnSigner(scene.world, scene.signer.caller, MALLORY, method)


def two_proofs(scene: Scene) -> list[Document]:
    """A badge signed by the school and by a second signatory: its two proofs after one another."""
    document: Document = scene.signer.document()
    for signer in (scene.signer, mallory(scene)):
        at = scene.world.now - timedelta(minutes=5)
        document = sign(
            document, signer.key, cryptosuite="eddsa-jcs-2022", verification_method=signer.key_id, created=at
        )
    return [{**document, "proof": one} for one in document["proof"]]


def chain(*links: tuple[str, object]) -> Make:
    """Proofs with these ids, each building on what it names."""

    def make(scene: Scene) -> str:
        document = scene.signer.document()
        made = [
            json.loads(careless_proof(scene.signer, document, id=name, previousProof=previous))["proof"][0]
            for name, previous in links
        ]
        return json.dumps({**document, "proof": made})

    return make


def of_mallory(scene: Scene) -> str:
    return careless_proof(mallory(scene), scene.signer.document())


def borrowed_method(scene: Scene) -> str:
    """Mallory's DID document lists a method whose controller it calls the school."""
    school = scene.signer.document()["issuer"]["id"]
    scene.seoul.serve_did("did:web:evil.example:m", MALLORY, controller=school)
    signer = OwnSigner(scene.world, scene.signer.caller, MALLORY, "did:web:evil.example:m#key-1")
    return careless_proof(signer, scene.signer.document())


def mallorys_own(scene: Scene) -> str:
    """The same, with Mallory as the issuer: her own document does not say that the key is hers."""
    school = scene.signer.document()["issuer"]["id"]
    scene.seoul.serve_did("did:web:evil.example:m", MALLORY, controller=school)
    signer = OwnSigner(scene.world, scene.signer.caller, MALLORY, "did:web:evil.example:m#key-1")
    return careless_proof(signer, put(scene.signer.document(), "issuer.id", "did:web:evil.example:m"))


def of_key(prefix: bytes, length: int) -> Make:
    """A badge whose issuer is a did:key of another kind."""
    text = multibase.encode(prefix + b"\x09" * length)

    def make(scene: Scene) -> str:
        document = put(scene.signer.document(), "issuer.id", f"did:key:{text}")
        return scene.signed(document, kid=f"did:key:{text}#{text}")

    return make


def raw(old: str, new: str) -> Make:
    """The text of a genuine document, changed as text."""

    def make(scene: Scene) -> str:
        text = careless_proof(scene.signer, scene.signer.document())
        assert old in text
        return text.replace(old, new, 1)

    return make


def renamed_issuer(name: str) -> Make:
    return jwt("issuer.name", name)


def endorsed(scene: Scene) -> str:
    """A badge with an endorsement by the school itself, whose proof does not hold."""
    document = scene.signer.document()
    inner = {
        "@context": document["@context"], "id": "urn:uuid:e", "type": ["VerifiableCredential", "EndorsementCredential"],
        "issuer": document["issuer"], "validFrom": document["validFrom"], "name": "Endorsement",
        "credentialSubject": {"id": document["id"], "type": ["EndorsementSubject"], "endorsementComment": "Superb"},
    }  # fmt: skip
    forged = json.loads(careless_proof(scene.signer, inner))
    return careless_proof(
        scene.signer, {**document, "endorsement": [put(forged, f"{SUBJECT}.endorsementComment", "x")]}
    )


def refreshable(url: str) -> Make:
    def make(scene: Scene) -> str:
        document = scene.signer.document()
        service = {"id": url, "type": "1EdTechCredentialRefresh"}
        return scene.signed(
            {**document, "@context": [*document["@context"], OPEN_BADGES_EXTENSIONS], "refreshService": service}
        )

    return make


DROPPED = {"a space": " ", "a tab": "\t", "a no-break space": "\u00a0"}
CONTEXTS: dict[str, object] = {
    "an inline context": [V2, OB, {"name": "urn:evil"}],
    "a term mapped to null": [V2, OB, {"name": None}],
    "a catch-all": [V2, OB, {"@vocab": "urn:all:"}],
    "credits mapped to @index": [V2, OB, {"creditsEarned": "@index"}],
    "another order": [OB, V2],
    "none": None,
}
ADDRESSES = (
    "http://127.0.0.1:9/context",
    "https://evil.example/context",
    "https://evil.example/1",
    "file:///etc/passwd",
)
KEYWORDS: dict[str, object] = {
    "@graph": [], "@included": [], "@reverse": {}, "@nest": {}, "@index": "x", "@import": "https://evil.example/c",
    "@json": {}, "@base": "https://evil.example/", "@set": [],
}  # fmt: skip
KEY_KINDS: dict[str, tuple[bytes, int, str]] = {
    "X25519": (b"\xec\x01", 32, "key_type_not_allowed"),
    "secp256k1": (b"\xe7\x01", 33, "key_type_not_allowed"),
    "P-521": (b"\x82\x24", 67, "key_type_not_allowed"),
    "RSA of 1024 bits": (b"\x85\x24", 140, "key_type_not_allowed"),
    "RSA of 2048 bits": (b"\x85\x24", 270, "too_long"),
    "a byte short": (b"\xed\x01", 31, "malformed_key"),
    "a byte long": (b"\xed\x01", 33, "malformed_key"),
}
SCHEMAS = ("https://evil.example/s.json", "http://127.0.0.1/s.json", "file:///etc/passwd", "https://169.254.169.254/x")


def cases() -> Iterator[Case]:
    """Every case of the group that is a credential handed in."""
    yield from _coverage()
    yield from _contexts()
    yield from _proofs()
    yield from _limits()
    yield from _shapes()
    yield from _around()


def _coverage() -> Iterator[Case]:
    yield Case("P01", "credits under another type", altered(f"{SUBJECT}.creditsAvailable", 1000), "data_loss_detected")
    yield Case("P01", "an undefined member", altered("admin", True), "data_loss_detected")
    for name, tail in DROPPED.items():
        yield from everywhere("P02", name, f"{SUBJECT}.id", LEARNER + tail, "malformed_iri")
    yield Case("P02", "inside", stock(f"{SUBJECT}.id", "did:key:z6Mk rJVn"), "malformed_iri")
    yield Case("P02", "any credits under one signature", greedy, "malformed_iri")
    yield from everywhere("P04", "a line feed", f"{SUBJECT}.id", "did:key:z6Mk\n", "malformed_iri")


def _contexts() -> Iterator[Case]:
    for name, value in CONTEXTS.items():
        yield from everywhere("P05", name, "@context", value, "context_not_allowed")
    for keyword, value in KEYWORDS.items():
        yield from everywhere("P07", keyword, keyword, value, "keyword_not_allowed")
        yield Case("P07", f"{keyword} inside", jwt(f"{ACHIEVEMENT}.{keyword}", value), "keyword_not_allowed")
    for address in ADDRESSES:
        yield from everywhere("P08", address, "@context", [V2, OB, address], "context_not_allowed")
    undefined = ["VerifiableCredential", "OpenBadgeCredential", "Admin"]
    yield Case("P10", "a type, rdf", altered("type", undefined), "relative_iri")
    # Where the JSON itself is signed and read, no processor can make two things of a name that no context defines.
    yield Case("P10", "a type, jcs", jcs("type", undefined), None, Effect.VALID)
    yield Case("P10", "a type, jwt", jwt("type", undefined), None, Effect.VALID)
    yield from everywhere("P10", "an id", "id", "credentials/1", "relative_iri")


def _proofs() -> Iterator[Case]:
    yield Case("P11", "the proof taken off", stripped, "no_proof")
    yield Case("P13", "the second signatory's taken off", lambda s: json.dumps(two_proofs(s)[0]), None, Effect.VALID)
    yield Case("P13", "the issuer's taken off", lambda s: json.dumps(two_proofs(s)[1]), "controller_mismatch")
    yield Case("P14", "missing", proof(previousProof="urn:uuid:gone"), "proof_chain")
    yield Case("P14", "itself", chain(("urn:uuid:a", "urn:uuid:a")), "proof_chain")
    yield Case("P14", "cyclic", chain(("urn:uuid:a", "urn:uuid:b"), ("urn:uuid:b", "urn:uuid:a")), "proof_chain")
    yield Case("P14", "dangling", chain(("urn:uuid:a", ["urn:uuid:a", "urn:uuid:gone"])), "proof_chain")
    yield Case("P16", "the attacker's did:key", of_mallory, "controller_mismatch")
    yield Case("P17", "a document that claims the school's name", borrowed_method, "controller_mismatch")
    yield Case("P17", "as the issuer", mallorys_own, "key_unavailable", Effect.UNDECIDED, asks=2)
    yield Case("P19", "ten years ahead", proof(created="2036-12-01T00:00:00Z"), "proof_time")
    # Data Integrity 1.0, 2.1, lets a time without its offset be read as UTC, and a suite of W3C expects it.
    yield Case("P19", "without a time zone", proof(created="2026-01-01T00:00:00"), None, Effect.VALID)
    yield Case("P19", "expired", proof(expires="2020-01-01T00:00:00Z"), "proof_time")


def _limits() -> Iterator[Case]:
    endless = "z" + "6" * 50_000
    yield Case(
        "P22",
        "a proof value",
        lambda s: json.dumps(put(json.loads(proof()(s)), "proof.0.proofValue", endless)),
        "too_long",
    )
    yield Case("P22", "a did:key as method", proof(verificationMethod=f"did:key:{endless}"), "too_long")
    yield Case("P22", "a did:key as kid", lambda s: s.signed(s.signer.document(), kid=f"did:key:{endless}"), "too_long")
    yield Case("P22", "a did:key as issuer", jwt("issuer.id", f"did:key:{endless}"), "malformed_iri")
    for name, (prefix, length, code) in KEY_KINDS.items():
        yield Case("P23", name, of_key(prefix, length), code)
    deep = '"creditsEarned": ' + '{"a":' * 300 + "3" + "}" * 300
    yield Case("P25", "300 levels", raw('"creditsEarned": 3', deep), "too_deep")
    yield Case("P25", "33 levels", raw('"creditsEarned": 3', '"creditsEarned": ' + "[" * 33 + "]" * 33), "too_deep")
    many = [{"type": ["Alignment"], "targetName": str(n), "targetUrl": "https://x.example/"} for n in range(4000)]
    yield Case("P26", "4,000 objects, rdf", altered(f"{ACHIEVEMENT}.alignment", many), "too_complex")
    yield Case("P26", "4,000 objects, jcs", jcs(f"{ACHIEVEMENT}.alignment", many), "too_complex")
    yield Case("P26", "a tree", jwt("evidence", tied(3, 5)), "too_complex")


def _shapes() -> Iterator[Case]:
    yield Case("P28", "a null", altered(f"{ACHIEVEMENT}.version", None), "not_canonical_shape")
    yield Case("P28", "an empty list", altered(f"{ACHIEVEMENT}.tag", []), "not_canonical_shape")
    yield Case("P28", "one twice", stock(f"{ACHIEVEMENT}.tag", ["a", "a"]), "not_canonical_shape")
    for amount in ([5, 500], [5, 5], [5]):
        yield from everywhere("P29", f"{amount}", f"{SUBJECT}.creditsEarned", amount, "cardinality")
        yield from everywhere("P29", f"{amount} to be had", f"{ACHIEVEMENT}.creditsAvailable", amount, "cardinality")
    yield from everywhere(
        "P31", "a zero-width space", f"{SUBJECT}.id", LEARNER[:20] + "\u200b" + LEARNER[20:], "malformed_iri"
    )
    yield Case("P31", "NFD", jwt("issuer.name", "Se\u0301oul"), "name_differs", Effect.VALID)
    yield Case("P31", "a look-alike", jwt("issuer.name", "S\u0435oul"), "name_differs", Effect.VALID)
    yield Case("P31", "direction override", jwt(f"{ACHIEVEMENT}.name", "\u202eDoctor"), "deceptive_text", Effect.VALID)
    yield Case("P32", "a line separator", stock(f"{ACHIEVEMENT}.name", "Weld\u2028ing"), None, Effect.VALID)
    yield Case(
        "P34", "two ids", raw('"issuer": {"id"', '"issuer": {"id": "did:web:a.example", "id"'), "duplicate_json_key"
    )
    yield from everywhere("P34", "no id", "issuer", {"type": ["Profile"], "name": "Seoul"}, "malformed_credential")
    yield from everywhere("P35", "two dates", "issuanceDate", "2020-01-01T00:00:00Z", "version_confusion")
    yield from everywhere("P35", "two versions", "@context", [V2, V1, OB], "version_confusion")


def _around() -> Iterator[Case]:
    for address in SCHEMAS:
        value = {"id": address, "type": "1EdTechJsonSchemaValidator2019"}
        yield Case("P37", address, jwt("credentialSchema", value), "schema_unavailable", Effect.HELD)
    for address in ("https://127.0.0.1/new", "https://evil.example/new"):
        yield Case("P38", address, refreshable(address), None, Effect.VALID)
    yield Case("P40", "an endorsement with a broken proof", endorsed, "endorsement_unverified", Effect.VALID)
