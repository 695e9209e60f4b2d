"""A forger with SD-JWTs and with presentations: he hides, borrows, confuses types and binds to the wrong keys."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from credentials import data_integrity, presentation
from credentials.checks import Verification
from credentials.contexts import CREDENTIALS_V2
from credentials.enveloped import PRESENTATION, envelope
from credentials.errors import CredentialError
from credentials.jws import sign_compact
from credentials.keys import PrivateKey
from credentials.multibase import base64url_encode
from credentials.sd_jwt_issue import present
from credentials.verify import Verification as Answer
from tests.credential_samples import DAY, NOW, OTHER, SCHOOL, School, changed, check, material
from tests.sd_jwt_samples import (
    BADGE,
    CHALLENGE,
    CHOICE,
    CREDITS,
    HOLDER,
    HOLDER_ID,
    HOLDER_METHOD,
    VCT,
    VERIFIER,
    disclosure,
    hashed,
    jws,
    key_binding,
    sd_jwt,
    w3c,
)

SECONDS = int(NOW.timestamp())
KNOWN = material(SCHOOL, OTHER)
THIEF = PrivateKey.from_bytes("EdDSA", bytes([66]) * 32)
THIEF_ID = THIEF.public_key.did_key()
THIEF_METHOD = f"{THIEF_ID}#{THIEF.public_key.multibase()}"
PLAIN: dict[str, Any] = {"iss": SCHOOL.id, "vct": VCT}
END = disclosure("salt", "validUntil", "2026-01-01T00:00:00Z")
CONTEXT = disclosure("salt", "@context", BADGE["@context"])
UNTOLD = changed(BADGE, issuer=SCHOOL.id, **{"@context": None})
STATUS = disclosure("salt", "credentialStatus", {"id": "urn:status:1", "type": "BitstringStatusListEntry"})


def told(data: bytes) -> tuple[str, str | None, object]:
    try:
        answer: Answer = check(data)
    except CredentialError as error:
        return "invalid", error.code, None
    return answer.verdict, answer.code, answer.claims


def hidden(*digests: str, **members: Any) -> bytes:
    return sd_jwt({**PLAIN, **members, "_sd": [hashed(text) for text in digests]}, typ="dc+sd-jwt")


WITHHELD: dict[str, bytes] = {
    "the end, beside decoys": sd_jwt({**BADGE, "_sd": [hashed(END), "decoy-1", "decoy-2"]}),
    "the end, in ld": sd_jwt({**PLAIN, "ld": {**BADGE, "_sd": [hashed(END)]}}, typ="dc+sd-jwt"),
    "the status, in ld": sd_jwt(
        {**PLAIN, "ld": {**BADGE, "validUntil": "2030-01-01T00:00:00Z", "_sd": [hashed(STATUS)]}}, typ="dc+sd-jwt"),
    "a part of the status": sd_jwt(
        {**BADGE, "credentialStatus": {"id": "urn:s:1", "type": "BitstringStatusListEntry", "_sd": [hashed(STATUS)]}}),
    "one of the statuses": sd_jwt({**BADGE, "credentialStatus": [{"...": hashed(STATUS)}]}),
    "one of the types": sd_jwt({**BADGE, "type": [*BADGE["type"], {"...": hashed("TestCredential")}]}),
    "one of the contexts": sd_jwt({**BADGE, "@context": [*BADGE["@context"], {"...": hashed("one")}]}),
    "the contexts, which hides that it is a badge": hidden(CONTEXT, STATUS, **UNTOLD),
    "the contexts, of a badge that is over": hidden(
        CONTEXT, **{**UNTOLD, "validUntil": "2026-01-02T00:00:00Z"}),
    "the contexts, of a credential with a status in the open": hidden(
        CONTEXT, credentialStatus={"id": "urn:status:1", "type": "BitstringStatusListEntry"}),
}  # fmt: skip


@pytest.mark.parametrize("data", WITHHELD.values(), ids=WITHHELD.keys())
def test_what_may_be_hidden_is_never_valid(data: bytes) -> None:
    verdict, code, _ = told(data)
    assert (verdict, code) in (("indeterminate", "not_disclosed"), ("invalid", "malformed_credential"))
    assert verdict != "valid"


CONFUSED: dict[str, tuple[bytes, str]] = {
    "the issuer's part alone": (jws(BADGE).encode(), "wrong_type"),
    "as an ordinary token": (jws(BADGE, typ="vc+jwt").encode() + b"~", "wrong_type"),
    "as a token for key binding": (jws(BADGE, typ="kb+jwt").encode(), "wrong_type"),
    "as an access token": (jws(BADGE, typ="at+jwt").encode(), "wrong_type"),
    "as a status list": (jws(BADGE, typ="statuslist+jwt").encode(), "wrong_type"),
    "as a presentation": (jws(BADGE, typ="vp+jwt").encode(), "wrong_type"),
    "as a receipt": (jws(BADGE, typ="receipt+jwt").encode(), "wrong_type"),
    "two strokes at the end": (sd_jwt(BADGE) + b"~", "malformed_sd_jwt"),
    "a second token behind": (sd_jwt(BADGE) + jws(BADGE).encode(), "key_binding_invalid"),
    "a compressed payload": (sd_jwt(BADGE, zip="DEF", crit=["zip"]), "unsupported_critical"),
    "an unencoded payload": (sd_jwt(BADGE, b64=False, crit=["b64"]), "unsupported_critical"),
    "disclosures in the header": (sd_jwt(BADGE, END, disclosures=[END]), "foreign_disclosure"),
    "no signature": (b".".join([*jws(BADGE).encode().split(b".")[:2], b""]) + b"~", "malformed_jws"),
    "a payload of two": (sd_jwt(json.dumps(BADGE) + json.dumps(BADGE)), "malformed_json"),
    "a payload with a member twice": (sd_jwt('{"iss":"a","iss":"b"}'), "duplicate_json_key"),
    "a disclosure with a member twice": (
        sd_jwt({**BADGE, "_sd": [hashed(base64url_encode(b'["s","x",{"a":1,"a":2}]'))]},
               base64url_encode(b'["s","x",{"a":1,"a":2}]')), "duplicate_json_key"),
    "a type that is none": (sd_jwt({**BADGE, "vct": 5}, typ="dc+sd-jwt"), "malformed_claim"),
    "without an issuer": (sd_jwt({"vct": VCT, **BADGE}, typ="dc+sd-jwt"), "malformed_claim"),
    "of another issuer": (sd_jwt({**PLAIN, "iss": OTHER.id, "ld": BADGE}, typ="dc+sd-jwt"), "claim_mismatch"),
    "signed by another issuer": (sd_jwt({**PLAIN, "iss": OTHER.id}, typ="dc+sd-jwt"), "controller_mismatch"),
    "an end as text": (sd_jwt({**PLAIN, "exp": str(SECONDS + 60)}, typ="dc+sd-jwt"), "malformed_claim"),
    "an end that is a truth": (sd_jwt({**PLAIN, "exp": True}, typ="dc+sd-jwt"), "malformed_claim"),
    "an end that no calendar has": (sd_jwt({**PLAIN, "exp": 1e30}, typ="dc+sd-jwt"), "out_of_range"),
    "made in the future": (sd_jwt({**PLAIN, "iat": SECONDS + 3600}, typ="dc+sd-jwt"), "proof_time"),
    "a status that is a list": (sd_jwt({**PLAIN, "status": []}, typ="dc+sd-jwt"), "malformed_claim"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "code"), CONFUSED.values(), ids=CONFUSED.keys())
def test_confused_types_claim_nothing(data: bytes, code: str) -> None:
    assert told(data)[:2] == ("invalid", code)


SHOWN = present(w3c(), shown=CHOICE)
LESS = present(w3c(), shown=[CREDITS])
JWK = HOLDER.public_key.jwk()


def bound(cnf: Any, key: PrivateKey = HOLDER) -> bytes:
    token = sd_jwt({**BADGE, "cnf": cnf}).decode()
    return (token + key_binding(token, key)).encode()


def tampered(**header: Any) -> bytes:
    made = {"iat": SECONDS, "aud": VERIFIER, "nonce": CHALLENGE, "sd_hash": hashed(SHOWN)}
    return (SHOWN + jws(made, HOLDER, **{"typ": "kb+jwt", "kid": None, **header})).encode()


def binding(key: PrivateKey = HOLDER, shown: str = SHOWN, over: str = SHOWN, **claims: Any) -> bytes:
    return (shown + key_binding(over, key, **claims)).encode()


BINDINGS: dict[str, tuple[bytes, str]] = {
    "none": (SHOWN.encode(), "key_binding_missing"),
    "over other disclosures": (binding(over=LESS), "key_binding_invalid"),
    "with a disclosure taken away afterwards": (binding(shown=LESS), "key_binding_invalid"),
    "over the token without its last stroke": (binding(sd_hash=hashed(SHOWN[:-1])), "key_binding_invalid"),
    "by the issuer": (binding(SCHOOL.key), "bad_signature"),
    "by a thief": (binding(THIEF), "bad_signature"),
    "unsigned": (tampered(alg="none"), "alg_not_allowed"),
    "by a shared secret": (tampered(alg="HS256"), "alg_not_allowed"),
    "by another algorithm": (tampered(alg="ES256"), "alg_key_mismatch"),
    "of type JWT": (tampered(typ="JWT"), "key_binding_invalid"),
    "of no type": (tampered(typ=None), "key_binding_invalid"),
    "with a key of its own": (tampered(x5c=["MII"]), "untrusted_key_hint"),
    "with what must be understood": (tampered(crit=["exp"], exp=1), "unsupported_critical"),
    "for a list of verifiers": (binding(aud=[VERIFIER]), "key_binding_invalid"),
    "for another verifier": (binding(aud="https://other.example"), "domain_mismatch"),
    "for nobody": (binding(aud=None), "key_binding_invalid"),
    "with another challenge": (binding(nonce=CHALLENGE.upper()), "challenge_mismatch"),
    "with a number as challenge": (binding(nonce=5), "key_binding_invalid"),
    "without a time": (binding(iat=None), "key_binding_invalid"),
    "with a time as text": (binding(iat=str(SECONDS)), "key_binding_invalid"),
    "made long ago": (binding(iat=SECONDS - 7200), "proof_time"),
    "made in the future": (binding(iat=SECONDS + 3600), "proof_time"),
    "that is over": (binding(exp=SECONDS - 1), "proof_time"),
    "to no key": (bound({}), "key_binding_invalid"),
    "to a text": (bound("key"), "key_binding_invalid"),
    "to a certificate": (bound({"x5c": ["MII"]}), "key_binding_invalid"),
    "to an address": (bound({"jku": "https://evil.example/keys"}), "key_binding_invalid"),
    "to a shared secret": (bound({"jwk": {"kty": "oct", "k": "AAAA"}}), "key_type_not_allowed"),
    "to a published private key": (bound({"jwk": {**JWK, "d": "AAAA"}}), "private_key_published"),
    "to a key for encryption": (bound({"jwk": {**JWK, "use": "enc"}}), "key_type_not_allowed"),
    "to a name that is no key": (bound({"kid": "did:web:college.example#key-1"}), "key_binding_invalid"),
    "to another's key": (bound({"jwk": THIEF.public_key.jwk()}), "bad_signature"),
}  # fmt: skip


def shown_to(data: bytes, **asked: Any) -> Verification:
    expected: dict[str, Any] = {"challenge": CHALLENGE, "domain": VERIFIER, **asked}
    return presentation.verify(presentation.read(data), expected.pop("known", KNOWN), NOW, **expected)


def refused(data: bytes, **asked: Any) -> str | None:
    """Why the presentation is not valid; none of its parts makes claims then, unless they were looked at."""
    try:
        answer = shown_to(data, **asked)
    except CredentialError as error:
        return error.code
    assert answer.verdict != "valid"
    assert answer.claims is None
    return answer.code


@pytest.mark.parametrize(("data", "code"), BINDINGS.values(), ids=BINDINGS.keys())
def test_a_wrong_key_binding_presents_nothing(data: bytes, code: str) -> None:
    assert refused(data) == code


SIGNED = SCHOOL.prove(BADGE)
DOCUMENT = presentation.presentation([SIGNED], holder=HOLDER_ID, presentation_id="urn:uuid:4")
CLAIMS = {"nonce": CHALLENGE, "aud": VERIFIER, "iat": SECONDS}


def embedded(document: Mapping[str, Any] = DOCUMENT, key: PrivateKey = HOLDER, **options: Any) -> dict[str, Any]:
    method = HOLDER_METHOD if key is HOLDER else THIEF_METHOD
    made: dict[str, Any] = {"verification_method": method, "created": NOW, "challenge": CHALLENGE, "domain": VERIFIER}
    settings: dict[str, Any] = {"cryptosuite": "eddsa-rdfc-2022", "proof_purpose": "authentication", **made, **options}
    return data_integrity.sign(dict(document), key, **settings)


def data(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document).encode()


def token(payload: Mapping[str, Any], key: PrivateKey = HOLDER, **header: Any) -> bytes:
    kid = HOLDER_METHOD if key is HOLDER else THIEF_METHOD
    return sign_compact(dict(payload), key, {"typ": "vp+jwt", "kid": kid, **header}).encode()


TOKEN = token({**DOCUMENT, **CLAIMS})
GOOD = embedded()
PROOF = GOOD["proof"]
ANYBODY = changed(DOCUMENT, holder=None)
FORGED = {**SIGNED, "name": "Forged"}
SCHOOLS_PROOF = SCHOOL.bare_proof(DOCUMENT, proofPurpose="authentication", challenge=CHALLENGE, domain=VERIFIER)

PRESENTATIONS: dict[str, tuple[bytes, str]] = {
    "by a thief in the holder's name": (data(embedded(key=THIEF)), "holder_mismatch"),
    "by a thief who says so": (data({**GOOD, "holder": THIEF_ID}), "bad_signature"),
    "under the school's proof": (data({**DOCUMENT, "proof": SCHOOLS_PROOF}), "holder_mismatch"),
    "under the proof of the badge": (data({**DOCUMENT, "proof": SIGNED["proof"]}), "proof_purpose_mismatch"),
    "made to issue": (data({**GOOD, "proof": {**PROOF, "proofPurpose": "assertionMethod"}}), "proof_purpose_mismatch"),
    "with its challenge exchanged": (data({**GOOD, "proof": {**PROOF, "challenge": "other"}}), "bad_signature"),
    "with its challenge taken away": (data({**GOOD, "proof": changed(PROOF, challenge=None)}), "bad_signature"),
    "with a challenge in a list": (data({**GOOD, "proof": {**PROOF, "challenge": [CHALLENGE]}}), "malformed_proof"),
    "with a challenge in capitals": (data(embedded(challenge=CHALLENGE.upper())), "challenge_mismatch"),
    "with a space behind its challenge": (data(embedded(challenge=CHALLENGE + " ")), "challenge_mismatch"),
    "for another verifier": (data(embedded(domain="https://other.example")), "domain_mismatch"),
    "for the verifier with a stroke": (data(embedded(domain=VERIFIER + "/")), "domain_mismatch"),
    "for the verifier at another port": (data(embedded(domain=VERIFIER + ":444")), "domain_mismatch"),
    "for nobody": (data(embedded(domain=None)), "domain_mismatch"),
    "made in the future": (data(embedded(created=NOW + DAY)), "proof_time"),
    "that is over": (data(embedded(created=NOW - DAY, expires=NOW - DAY / 2)), "proof_time"),
    "with another credential put in": (data({**GOOD, "verifiableCredential": [FORGED]}), "bad_signature"),
    "with a credential put beside": (data({**GOOD, "verifiableCredential": [SIGNED, FORGED]}), "bad_signature"),
    "of a forged credential": (data(embedded({**DOCUMENT, "verifiableCredential": [FORGED]})), "credential_not_valid"),
    "of a good and a forged credential": (
        token({**DOCUMENT, **CLAIMS, "verifiableCredential": [SIGNED, FORGED]}), "credential_not_valid"),
    "of an unsigned credential": (
        token({**DOCUMENT, **CLAIMS, "verifiableCredential": [BADGE]}), "credential_not_valid"),
    "of a presentation": (token({**DOCUMENT, **CLAIMS, "verifiableCredential": [GOOD]}), "credential_not_valid"),
    "of an address": (
        token({**DOCUMENT, **CLAIMS, "verifiableCredential": ["https://college.example/1"]}), "credential_not_valid"),
    "of a number": (token({**DOCUMENT, **CLAIMS, "verifiableCredential": [5]}), "credential_not_valid"),
    "of a list in a list": (token({**DOCUMENT, **CLAIMS, "verifiableCredential": [[SIGNED]]}), "credential_not_valid"),
    "of a hundred and one": (token({**DOCUMENT, **CLAIMS, "verifiableCredential": ["x"] * 101}), "too_complex"),
    "without a signature": (data(DOCUMENT), "no_proof"),
    "with an empty list of proofs": (data({**DOCUMENT, "proof": []}), "no_proof"),
    "with null as its proof": (data({**DOCUMENT, "proof": None}), "no_proof"),
    "with a text beside its proof": (data({**GOOD, "proof": [PROOF, "signed"]}), "malformed_proof"),
    "with a proof that builds on another": (
        data({**GOOD, "proof": {**PROOF, "previousProof": "urn:p:1"}}), "proof_chain"),
    "with eleven proofs": (data({**GOOD, "proof": [PROOF] * 11}), "too_complex"),
    "with two holders": (data({**GOOD, "holder": [HOLDER_ID, THIEF_ID]}), "malformed_presentation"),
    "a token by a thief": (token({**DOCUMENT, **CLAIMS}, THIEF), "holder_mismatch"),
    "a token issued by another": (token({**DOCUMENT, **CLAIMS, "iss": THIEF_ID}), "claim_mismatch"),
    "a token for others too": (token({**DOCUMENT, **CLAIMS, "aud": ["https://other.example"]}), "domain_mismatch"),
    "a token without a challenge": (token(changed({**DOCUMENT, **CLAIMS}, nonce=None)), "challenge_missing"),
    "a token with a list of challenges": (token({**DOCUMENT, **CLAIMS, "nonce": [CHALLENGE]}), "challenge_mismatch"),
    "a token that is over": (token({**DOCUMENT, **CLAIMS, "exp": SECONDS - 1}), "proof_time"),
    "a token of a credential's type": (token({**DOCUMENT, **CLAIMS}, typ="vc+jwt"), "wrong_type"),
    "a token with an old claim": (token({**DOCUMENT, **CLAIMS, "vp": DOCUMENT}), "malformed_claim"),
    "a token with a credential": (token({**DOCUMENT, **CLAIMS, "vc": BADGE}), "malformed_claim"),
    "an envelope of another kind": (
        data(envelope(PRESENTATION, TOKEN.decode(), "application/vc+jwt")), "unsupported_format"),
    "an envelope in an envelope": (
        data(envelope(PRESENTATION, base64url_encode(b"{}"), "application/vp+jwt;base64")), "unsupported_format"),
    "an envelope of an address": (
        data({"@context": [CREDENTIALS_V2], "type": PRESENTATION, "id": "urn:x"}), "malformed_credential"),
    "a credential": (data(SIGNED), "malformed_presentation"),
}  # fmt: skip


@pytest.mark.parametrize(("presented", "code"), PRESENTATIONS.values(), ids=PRESENTATIONS.keys())
def test_a_forged_presentation_presents_nothing(presented: bytes, code: str) -> None:
    assert refused(presented) == code


def test_the_honest_ones_are_valid() -> None:
    assert shown_to(data(GOOD)).verdict == "valid"
    assert shown_to(token({**DOCUMENT, **CLAIMS})).verdict == "valid"
    assert shown_to(binding()).verdict == "valid"


def test_nothing_is_waived_but_the_challenge() -> None:
    asked: dict[str, Any] = {"challenge": None, "domain": None, "challenge_waived": True}
    assert refused(data(DOCUMENT), **asked) == "no_proof"
    assert refused(data(GOOD), **asked) == "domain_mismatch"
    assert refused(data(embedded(key=THIEF, domain=None)), **asked) == "holder_mismatch"
    assert refused(SHOWN.encode(), **asked) == "key_binding_missing"


def test_a_thief_who_names_no_holder_is_told_apart() -> None:
    answer = shown_to(data(embedded(ANYBODY, THIEF)))
    assert answer.check("holder_is_subject").code == "holder_not_subject"


def test_a_second_proof_of_a_thief_changes_nothing() -> None:
    old = embedded(challenge="an older one")
    thiefs = embedded(key=THIEF)["proof"]
    assert refused(data({**old, "proof": [old["proof"], thiefs]})) == "challenge_mismatch"


def test_two_schools_with_one_key_name_are_two() -> None:
    twin = School(id="did:web:twin.example")
    answer = shown_to(
        token({**DOCUMENT, **CLAIMS, "verifiableCredential": [twin.prove(BADGE)]}), known=material(SCHOOL, twin)
    )
    assert answer.code == "credential_not_valid"
