"""The matrix: Data Integrity proofs, whole and in part, on badges, presentations, records and endorsements."""

import json
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from credentials import data_integrity, presentation
from credentials.comprehensive_learner_record import clr
from credentials.contexts import PINNED
from credentials.keys import Algorithm
from credentials.status_list import MIN_BYTES
from credentials.status_list import build as build_list
from credentials.verify import VerificationMaterial
from tests.credential_samples import DAY, LIST_URL, NOW, School, outcome, revocable
from tests.interop.digital_bazaar import ask, issued, key_of, own_school
from tests.interop.matrix import Pair, Refused, altered, answer, loaded, valid
from tests.sd_jwt_samples import CHALLENGE, VERIFIER

Document = dict[str, Any]
FAR = NOW + 40_000 * DAY
LATER = NOW + 30_000 * DAY
SUITES: list[tuple[str, Algorithm]] = [
    (suite.name, algorithm) for suite in data_integrity.SUITES.values() for algorithm in sorted(suite.algorithms)
]
WHOLE = [(name, algorithm) for name, algorithm in SUITES if name != "ecdsa-sd-2023"]
BAZAAR = "@digitalbazaar/vc"
CONTEXTS = {"extra_contexts": dict(PINNED.documents)}
MANDATORY = ["/id", "/issuer", "/validFrom", "/validUntil", "/credentialStatus"]
OPENVC = {
    ("eddsa-rdfc-2022", "EdDSA"): ("openvc.proof.data_integrity", "DataIntegrityProofSuite"),
    ("eddsa-jcs-2022", "EdDSA"): ("openvc.proof.di_jcs", "EddsaJcsProofSuite"),
    ("ecdsa-rdfc-2019", "ES256"): ("openvc.proof.di_ecdsa_rdfc", "EcdsaRdfcProofSuite"),
    ("ecdsa-rdfc-2019", "ES384"): ("openvc.proof.di_ecdsa_rdfc", "EcdsaRdfcProofSuite"),
    ("ecdsa-jcs-2019", "ES256"): ("openvc.proof.di_jcs", "EcdsaJcsProofSuite"),
    ("ecdsa-jcs-2019", "ES384"): ("openvc.proof.di_jcs", "EcdsaJcsProofSuite"),
}


def kind_of(suite: str, algorithm: Algorithm) -> str:
    return f"badge, {suite}, {algorithm}"


def badge_of(school: School, **facts: Any) -> Document:
    return school.badge(outcome(valid_until=FAR), **facts)


@cache
def listed(algorithm: Algorithm) -> VerificationMaterial:
    """Nothing but the school's status list, with no bit set."""
    from credentials.read import read

    school = own_school(algorithm)
    document = build_list(LIST_URL, school.id, "revocation", bytes(MIN_BYTES), NOW - DAY, FAR)
    suite = "eddsa-jcs-2022" if algorithm == "EdDSA" else "ecdsa-jcs-2019"
    return VerificationMaterial(status_lists={LIST_URL: read(school.sign(document, suite))})


def here(document: Document) -> None:
    valid(answer(document, VerificationMaterial()))


def much_later(document: Document) -> None:
    """The implementation signs at the hour on the wall."""
    valid(answer(document, VerificationMaterial(), LATER))


def bazaar_accepts(*suites: str, **documents: Any) -> Any:
    def there(document: Document) -> None:
        told = ask("verify", credential=document, suite=suites, **documents)
        if not told["verified"]:
            raise Refused(*told["errors"])

    return there


def single(document: Document) -> Document:
    """With its one proof as an object: openvc-core takes no array."""
    [proof] = document["proof"] if isinstance(document["proof"], list) else [document["proof"]]
    return {**document, "proof": proof}


def handle(school: School) -> Any:
    secret = school.key.to_bytes()
    if school.algorithm == "EdDSA":
        return ed25519.Ed25519PrivateKey.from_private_bytes(secret)
    return ec.derive_private_key(int.from_bytes(secret), ec.SECP256R1() if len(secret) == 32 else ec.SECP384R1())


def private_pem(school: School) -> bytes:
    pem: bytes = handle(school).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return pem


def public_pem(school: School) -> bytes:
    pem: bytes = handle(school).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return pem


def foreign_key(school: School) -> Any:
    """The school's key as openvc-core has it."""
    from tests.interop.test_openvc_tokens import private_jwk

    jwk = {**private_jwk(school.key), "kid": school.method}
    return loaded("openvc.keys").signing_key_from_jwk(jwk, kid=school.method)


def plain_jwk(school: School) -> Document:
    return {name: value for name, value in school.key.public_key.jwk().items() if name in ("kty", "crv", "x", "y")}


def bazaar(suite: str, algorithm: Algorithm) -> Pair:
    school = own_school(algorithm)
    return Pair(
        kind=kind_of(suite, algorithm), library=BAZAAR, here=here, spoil=altered, there=bazaar_accepts(suite),
        ours=lambda: school.prove(badge_of(school), suite), theirs=lambda: issued(badge_of(school), suite, school),
    )  # fmt: skip


NO_CONTEXT = "its proofs lack the `@context` that it signs (EdDSA Cryptosuites 1.0, 3.3.1; ECDSA, 3.3.1)"
OTHER_HASH = "it labels blank nodes by SHA-256 on P-384, too (ECDSA Cryptosuites 1.0, 3)"
FAULTS: dict[tuple[str, str], dict[str, str]] = {
    ("eddsa-jcs-2022", "EdDSA"): {"theirs": NO_CONTEXT},
    ("ecdsa-jcs-2019", "ES256"): {"theirs": NO_CONTEXT},
    ("ecdsa-jcs-2019", "ES384"): {"theirs": NO_CONTEXT},
    ("ecdsa-rdfc-2019", "ES384"): {"ours": OTHER_HASH, "theirs": OTHER_HASH},
}


def openvc(suite: str, algorithm: Algorithm) -> Pair:
    school = own_school(algorithm)
    more = CONTEXTS if "rdfc" in suite else {}

    def made() -> Any:
        module, name = OPENVC[suite, algorithm]
        return getattr(loaded(module), name)()

    return Pair(
        kind=kind_of(suite, algorithm), library="openvc-core", here=here, spoil=altered,
        faults=FAULTS.get((suite, algorithm), {}),
        ours=lambda: school.prove(badge_of(school), suite),
        there=lambda document: made().verify(single(document), public_key_jwk=plain_jwk(school), **more),
        theirs=lambda: made().add_proof(
            badge_of(school), signing_key=foreign_key(school), verification_method=school.method, created=NOW, **more
        ),
    )  # fmt: skip


def openbadgeslib() -> Pair:
    from tests.interop.test_openbadgeslib import foreign_badge

    school = own_school("EdDSA")
    return Pair(
        kind=kind_of("eddsa-rdfc-2022", "EdDSA"), library="openbadgeslib", here=much_later, spoil=altered,
        ours=lambda: school.prove(badge_of(school), "eddsa-rdfc-2022"),
        there=lambda document: loaded("openbadgeslib.ob3").OB3LdpVerifier(public_pem(school)).verify(document),
        theirs=lambda: loaded("openbadgeslib.ob3").OB3LdpSigner(private_pem(school)).sign(foreign_badge(school.id)),
    )  # fmt: skip


def in_part() -> list[Pair]:
    """What the holder of a badge with ecdsa-sd-2023 shows of it: the whole subject."""
    school = own_school("ES256")
    badge = badge_of(school, status_entries=[revocable()])
    base = {"cryptosuite": "ecdsa-sd-2023", "verification_method": school.method, "created": NOW - DAY}
    suite = "openvc.proof.ecdsa_sd"
    common: dict[str, Any] = {
        "kind": kind_of("ecdsa-sd-2023", "ES256"),
        "here": lambda document: valid(answer(document, listed("ES256"))),
        "spoil": altered,
        "ours": lambda: data_integrity.derive(
            data_integrity.sign(badge, school.key, mandatory_pointers=MANDATORY, **base), ["/credentialSubject"]
        ),
    }

    def derived_there() -> Any:
        whole = issued(badge, "ecdsa-sd-2023", school, mandatoryPointers=MANDATORY)
        return ask("derive", credential=whole, selectivePointers=["/credentialSubject"])

    def openvc_base() -> Any:
        whole = loaded(suite).EcdsaSdProofSuite().add_base_proof(
            badge, signing_key=foreign_key(school), verification_method=school.method,
            mandatory_pointers=MANDATORY, created=NOW, **CONTEXTS,
        )  # fmt: skip
        return data_integrity.derive(whole, ["/credentialSubject"])

    def openvc_accepts(document: Document) -> None:
        loaded(suite).EcdsaSdProofSuite().verify(single(document), public_key_jwk=plain_jwk(school), **CONTEXTS)

    def lib_accepts(document: Document) -> None:
        loaded("openbadgeslib.ob3").OB3LdpVerifier(public_pem(school)).verify(json.dumps(document), check_status=False)

    def there(document: Document) -> None:
        lists = {LIST_URL: single(dict(listed("ES256").status_lists[LIST_URL].document))}
        bazaar_accepts("ecdsa-sd-2023", "ecdsa-jcs-2019", documents=lists)(document)

    return [
        Pair(library=BAZAAR, there=there, theirs=derived_there, **common),
        Pair(library="openvc-core", there=openvc_accepts, theirs=openvc_base, **common),
        Pair(library="openbadgeslib", there=lib_accepts, **common),
    ]


def presented(suite: str, algorithm: Algorithm) -> Pair:
    school = own_school(algorithm, seed=9)
    document = presentation.presentation([own_school("EdDSA").prove(badge_of(own_school("EdDSA")), "eddsa-rdfc-2022")],
                                         holder=school.id)  # fmt: skip
    occasion: Document = {"challenge": CHALLENGE, "domain": VERIFIER}

    def ours() -> Any:
        return presentation.sign(document, school.key, verification_method=school.method, created=NOW,
                                 cryptosuite=suite, **occasion)  # fmt: skip

    def taken(shown: Document) -> None:
        found = presentation.read(json.dumps(shown).encode())
        valid(presentation.verify(found, VerificationMaterial(), NOW, **occasion))

    def there(shown: Document) -> None:
        told = ask("verifyPresentation", presentation=shown, suite=[suite, "eddsa-rdfc-2022"], **occasion)
        if not told["verified"]:
            raise Refused(*told["errors"])

    return Pair(
        kind=f"presentation, {suite}, {algorithm}", library=BAZAAR, here=taken, spoil=altered, ours=ours, there=there,
        theirs=lambda: ask("present", presentation=document, suite=suite, key=key_of(school), created=NOW.isoformat(),
                           **occasion),
    )  # fmt: skip


def records() -> list[Pair]:
    """Learner records with one badge inside."""
    school = own_school("EdDSA")

    def ours() -> Document:
        inner = school.prove(badge_of(school), "eddsa-rdfc-2022")
        made = clr([inner], issuer_id=school.id, issuer_name={"en": "College"}, credential_id="urn:uuid:r",
                   name="Record", valid_from=NOW - DAY, subject_id="did:example:learner")  # fmt: skip
        return school.prove(made, "eddsa-rdfc-2022")

    def theirs() -> Any:
        module = loaded("openbadgeslib.ob3.clr")
        inner = single(school.prove(badge_of(school), "eddsa-rdfc-2022"))
        hashed = badge_of(school)["credentialSubject"]["identifier"]
        made = module.build_clr_credential(
            {"id": school.id, "type": ["Profile"], "name": "College"}, hashed, [inner], credential_id="urn:uuid:r",
            valid_from=NOW - DAY,
        )  # fmt: skip
        return module.sign_clr_credential({**made, "name": "Record"}, private_pem(school), school.method)

    def lib_accepts(document: Document) -> None:
        contexts = loaded("openbadgeslib.ob3.clr").bundled_clr_contexts()
        loaded("openbadgeslib.ob3.ldp").verify_data_integrity_proof(
            document, public_pem(school), extra_contexts=contexts
        )

    common: Document = {"kind": "learner record, eddsa-rdfc-2022, EdDSA", "spoil": altered, "ours": ours}
    return [
        Pair(library=BAZAAR, here=here, there=bazaar_accepts("eddsa-rdfc-2022"),
             theirs=lambda: issued({name: item for name, item in ours().items() if name != "proof"}, "eddsa-rdfc-2022",
                                   school), **common),
        Pair(library="openbadgeslib", here=much_later, there=lib_accepts, theirs=theirs, **common),
    ]  # fmt: skip


def endorsed() -> Pair:
    from tests.credentials.test_endorsements import endorsement

    school = own_school("EdDSA")
    document = {**endorsement(school=school), "validUntil": "2100-01-01T00:00:00Z"}
    suite = "eddsa-rdfc-2022"
    return Pair(
        kind="endorsement, eddsa-rdfc-2022, EdDSA", library=BAZAAR, here=here, spoil=altered,
        ours=lambda: school.prove(document, suite), there=bazaar_accepts(suite),
        theirs=lambda: issued(document, suite, school),
    )  # fmt: skip


def pairs() -> list[Pair]:
    return [
        *(bazaar(*one) for one in WHOLE),
        *(openvc(*one) for one in OPENVC),
        openbadgeslib(),
        *in_part(),
        *(presented(*one) for one in WHOLE),
        *records(),
        endorsed(),
    ]  # fmt: skip
