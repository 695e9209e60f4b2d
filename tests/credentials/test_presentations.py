"""Presentations: made for one occasion, by the holder, and every credential in them verified (SECURITY P20, T22)."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from credentials import presentation
from credentials.contexts import CREDENTIALS_V1, CREDENTIALS_V2
from credentials.enveloped import PRESENTATION, envelope
from credentials.errors import CredentialError
from credentials.jws import sign_compact
from credentials.keys import PrivateKey
from credentials.sd_jwt_issue import present
from credentials.verify import IssuerKey, Verification
from tests.credential_samples import DAY, NOW, OTHER, SCHOOL, changed, material, revocable, with_subject
from tests.sd_jwt_samples import (
    ACHIEVEMENT,
    BADGE,
    CHALLENGE,
    CHOICE,
    CREDITS,
    HOLDER,
    HOLDER_ID,
    HOLDER_METHOD,
    VERIFIER,
    jws,
    key_binding,
    w3c,
)

KNOWN = material(SCHOOL, OTHER)
SIGNED = SCHOOL.prove(BADGE)
TOKEN = SCHOOL.sign(BADGE, "vc-jwt").decode()
THIEF = PrivateKey.from_bytes("EdDSA", bytes([66]) * 32)
DOCUMENT = presentation.presentation([SIGNED, TOKEN, w3c()], holder=HOLDER_ID, presentation_id="urn:uuid:4")
CLAIMED = {**DOCUMENT, "nonce": CHALLENGE, "aud": VERIFIER, "iat": int(NOW.timestamp())}
THIEFS_METHOD = f"{THIEF.public_key.did_key()}#{THIEF.public_key.multibase()}"


def embedded(document: Mapping[str, Any] = DOCUMENT, **options: Any) -> bytes:
    """With a Data Integrity proof."""
    made: dict[str, Any] = {"verification_method": HOLDER_METHOD, "created": NOW, "challenge": CHALLENGE}
    made |= {"domain": VERIFIER, "signer": HOLDER, **options}
    signer = made.pop("signer")
    return json.dumps(presentation.sign(document, signer, **made)).encode()


def token(document: Mapping[str, Any] = DOCUMENT, **options: Any) -> bytes:
    """As `vp+jwt`."""
    made: dict[str, Any] = {"key_id": HOLDER_METHOD, "challenge": CHALLENGE, "audience": VERIFIER, "issued_at": NOW}
    made |= {"signer": HOLDER, **options}
    signer = made.pop("signer")
    return presentation.to_vp_jwt(dict(document), signer, **made).encode()


def bare(*pointers: str, **claims: Any) -> bytes:
    """An SD-JWT that is shown by itself."""
    shown = present(w3c(), shown=pointers or CHOICE)
    return (shown + key_binding(shown, **claims)).encode()


def answer(data: bytes, **asked: Any) -> Verification:
    expected: dict[str, Any] = {"challenge": CHALLENGE, "domain": VERIFIER, **asked}
    at = expected.pop("at", NOW)
    return presentation.verify(presentation.read(data), expected.pop("known", KNOWN), at, **expected)


FORMS = {
    "eddsa-rdfc-2022": lambda: embedded(),
    "eddsa-jcs-2022": lambda: embedded(cryptosuite="eddsa-jcs-2022"),
    "vp+jwt": lambda: token(),
    "enveloped": lambda: json.dumps(envelope(PRESENTATION, token().decode(), "application/vp+jwt")).encode(),
    "sd-jwt+kb": lambda: bare(),
    "vp+sd-jwt": lambda: (jws(CLAIMED, HOLDER, typ="vp+sd-jwt", kid=HOLDER_METHOD) + "~").encode(),
}


@pytest.fixture(params=FORMS)
def data(request: pytest.FixtureRequest) -> bytes:
    return FORMS[request.param]()


def test_a_presentation_with_its_credentials(data: bytes) -> None:
    found = answer(data)
    assert (found.verdict, found.code) == ("valid", None)
    assert found.claims is None
    for part in found.parts:
        assert part.kind == "credential"
        assert part.id == BADGE["id"]
        assert part.verification.claims is not None
        assert part.verification.claims.credits_earned == 9 / 2


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"challenge": "another"}, "challenge_mismatch"),
        ({"challenge": CHALLENGE + " "}, "challenge_mismatch"),
        ({"challenge": None}, "challenge_missing"),
        ({"challenge": ""}, "challenge_missing"),
        ({"domain": "https://another.example"}, "domain_mismatch"),
        ({"domain": VERIFIER + "/"}, "domain_mismatch"),
        ({"domain": None}, "domain_mismatch"),
        ({"redeem": lambda challenge: False}, "replayed"),
        ({"at": NOW - DAY}, "proof_time"),
    ],
)
def test_p20_t22_made_for_another_occasion(data: bytes, asked: dict[str, Any], code: str) -> None:
    found = answer(data, **asked)
    assert (found.verdict, found.code) == ("invalid", code)
    assert found.parts == ()


def test_p20_a_presentation_shown_twice(data: bytes) -> None:
    """The verifier's memory gives every challenge out once, and takes it in once."""
    open_challenges = {CHALLENGE}

    def redeem(challenge: str) -> bool:
        if challenge not in open_challenges:
            return False
        open_challenges.remove(challenge)
        return True

    assert answer(data, redeem=redeem).verdict == "valid"
    assert answer(data, redeem=redeem).code == "replayed"


def test_a_challenge_is_not_used_up_by_a_stranger() -> None:
    asked: list[str] = []
    stolen = embedded(signer=THIEF)
    assert answer(stolen, redeem=lambda one: asked.append(one) is None).code == "bad_signature"
    assert asked == []


def test_a_waived_challenge_is_said(data: bytes) -> None:
    found = answer(data, challenge=None, challenge_waived=True)
    assert found.verdict == "valid"
    assert found.check("challenge").code == "challenge_missing"


def test_t22_a_presentation_that_answers_nothing() -> None:
    silent = sign_compact({**DOCUMENT, "aud": VERIFIER}, HOLDER, {"typ": "vp+jwt", "kid": HOLDER_METHOD})
    assert answer(silent.encode()).code == "challenge_missing"
    assert answer(embedded(challenge="")).code == "challenge_missing"


def test_a_signature_made_for_credentials_presents_nothing() -> None:
    """What an issuer signs as its claim is not what it signs to show who it is."""
    claimed = SCHOOL.prove({**DOCUMENT, "holder": SCHOOL.id})
    assert answer(json.dumps(claimed).encode()).code == "proof_purpose_mismatch"


@pytest.mark.parametrize("make", [embedded, token])
@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"signer": THIEF}, "bad_signature"),
        (
            {"method": f"{THIEF.public_key.did_key()}#{THIEF.public_key.multibase()}", "signer": THIEF},
            "holder_mismatch",
        ),
        ({"method": SCHOOL.method, "signer": SCHOOL.key}, "holder_mismatch"),
        ({"method": "did:web:nobody.example#1"}, "controller_mismatch"),
        ({"method": f"{HOLDER_ID}#z6Mk"}, "malformed_key"),
    ],
)
def test_only_the_holder_presents(make: Any, options: dict[str, Any], code: str) -> None:
    given = dict(options)
    if "method" in given:
        given["verification_method" if make is embedded else "key_id"] = given.pop("method")
    assert answer(make(**given)).code == code


def test_a_holder_need_not_be_named() -> None:
    for make in (embedded, token):
        found = answer(make(changed(DOCUMENT, holder=None)))
        assert found.verdict == "valid"
        assert found.check("holder_is_subject").code is None


def test_a_holder_at_a_web_address() -> None:
    method = "did:web:anna.example#key-1"
    key = IssuerKey(method, "did:web:anna.example", HOLDER.public_key, NOW - DAY)
    known = material(SCHOOL, OTHER)
    known.keys[method] = key  # type: ignore[index]
    found = answer(embedded({**DOCUMENT, "holder": "did:web:anna.example"}, verification_method=method), known=known)
    assert (found.verdict, found.check("holder_is_subject").code) == ("valid", "holder_not_subject")
    unknown = material(SCHOOL, unreachable=frozenset({"did:web:anna.example"}))
    away = answer(token({**DOCUMENT, "holder": "did:web:anna.example"}, key_id=method), known=unknown)
    assert (away.verdict, away.code) == ("indeterminate", "key_unavailable")


def test_somebody_elses_credential_is_told() -> None:
    stolen = presentation.presentation([SIGNED], holder=THIEF.public_key.did_key())
    found = answer(embedded(stolen, signer=THIEF, verification_method=THIEFS_METHOD))
    assert (found.verdict, found.check("holder_is_subject").code) == ("valid", "holder_not_subject")


@pytest.mark.parametrize(
    ("content", "verdict", "code"),
    [
        (with_subject(SIGNED, creditsEarned=450), "invalid", "bad_signature"),
        (BADGE, "invalid", "no_proof"),
        (TOKEN[:-8] + "AAAAAAAA", "invalid", "bad_signature"),
        ("text", "invalid", "malformed_jws"),
        (SCHOOL.prove({**BADGE, "credentialStatus": revocable().document()}), "indeterminate", "status_unavailable"),
        (presentation.presentation([SIGNED], holder=HOLDER_ID), "invalid", "unsupported_format"),
        ({"@context": [CREDENTIALS_V2], "type": "EnvelopedVerifiableCredential", "id": "data:,x"}, "invalid", None),
    ],
)
def test_one_credential_that_is_not_valid(content: Any, verdict: str, code: str | None) -> None:
    """The others are verified all the same."""
    found = answer(token(presentation.presentation([SIGNED, content], holder=HOLDER_ID)))
    assert found.verdict == verdict
    assert found.code in ("credential_not_valid", "credential_undecided")
    assert found.parts[0].verification.verdict == "valid"
    assert found.parts[1].verification.verdict == verdict
    assert code is None or found.parts[1].verification.code == code


def test_a_presentation_without_credentials_shows_only_its_holder() -> None:
    found = answer(token(changed(presentation.presentation([], holder=HOLDER_ID), verifiableCredential=None)))
    assert (found.verdict, found.check("credentials").code) == ("valid", "no_credential")


def test_version_1_1_as_a_token() -> None:
    """VC Data Model 1.1, 6.3.1: the `vp` claim, with tokens as text; `iss` is the holder."""
    claim = {"@context": [CREDENTIALS_V1], "type": ["VerifiablePresentation"], "verifiableCredential": [TOKEN]}
    claims = {"iss": HOLDER_ID, "aud": [VERIFIER, "another"], "nonce": CHALLENGE, "vp": claim}

    def signed(**members: Any) -> bytes:
        return sign_compact({**claims, **members}, HOLDER, {"typ": "JWT", "kid": HOLDER_METHOD}).encode()

    assert answer(signed()).verdict == "valid"
    assert presentation.read(signed()).holder_id == HOLDER_ID
    for members, code in (
        ({"vp": {**claim, "holder": SCHOOL.id}}, "claim_mismatch"),
        ({"vc": BADGE}, "malformed_claim"),
        ({"verifiableCredential": []}, "malformed_claim"),
        ({"vp": "text"}, "malformed_claim"),
    ):
        with pytest.raises(CredentialError) as refused:
            signed_data = signed(**members)
            presentation.read(signed_data)
        assert refused.value.code == code
    assert answer(signed(exp=int(NOW.timestamp()))).code == "proof_time"
    assert answer(signed(aud="another")).code == "domain_mismatch"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "malformed_json"),
        (b"[]", "malformed_presentation"),
        (json.dumps(SIGNED).encode(), "malformed_presentation"),
        (TOKEN.encode(), "malformed_claim"),
        (b'{"type":"VerifiablePresentation","type":"x"}', "duplicate_json_key"),
        (json.dumps({"type": "EnvelopedVerifiablePresentation", "id": "data:,"}).encode(), "malformed_credential"),
        (json.dumps(envelope(PRESENTATION, TOKEN, "application/vc+jwt")).encode(), "unsupported_format"),
        (json.dumps({**DOCUMENT, "verifiableCredential": [{}] * 101}).encode(), "too_complex"),
        (b"eyJ\xff", "malformed_jws"),
        (b"eyJ" + b"x" * 200_000, "too_large"),
        (jws(DOCUMENT, HOLDER, typ="vc+jwt").encode(), "wrong_type"),
        (jws(DOCUMENT, HOLDER, typ="vp+jwt", cty="vc").encode(), "wrong_type"),
        (jws(DOCUMENT, HOLDER, typ="JWT").encode(), "malformed_claim"),
        (jws({**DOCUMENT, "iss": SCHOOL.id}, HOLDER, typ="vp+jwt").encode(), "claim_mismatch"),
        (jws({**DOCUMENT, "vp": DOCUMENT}, HOLDER, typ="vp+jwt").encode(), "malformed_claim"),
        (jws({**DOCUMENT, "nbf": "now"}, HOLDER, typ="vp+jwt").encode(), "malformed_claim"),
    ],
)
def test_what_is_no_presentation_is_refused_by_name(raw: bytes, code: str) -> None:
    with pytest.raises(CredentialError) as refused:
        presentation.read(raw)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"holder": [HOLDER_ID]}, "malformed_presentation"),
        ({"holder": {"name": "Anna"}}, "malformed_presentation"),
        ({"holder": HOLDER_ID + " "}, "malformed_iri"),
        ({"id": 5}, "malformed_presentation"),
        ({"@context": CREDENTIALS_V2}, "context_not_allowed"),
        ({"@context": [CREDENTIALS_V2, {"holder": "urn:evil"}]}, "context_not_allowed"),
        ({"@context": None}, "context_not_allowed"),
        ({"@graph": []}, "keyword_not_allowed"),
    ],
)
def test_shapes_that_are_refused(members: dict[str, Any], code: str) -> None:
    data = jws(
        {**changed(DOCUMENT, **members), "nonce": CHALLENGE, "aud": VERIFIER}, HOLDER, typ="vp+jwt", kid=HOLDER_METHOD
    )
    assert answer(data.encode()).code == code


def test_without_a_proof_or_with_too_many() -> None:
    assert answer(json.dumps(DOCUMENT).encode()).code == "no_proof"
    signed = json.loads(embedded())
    assert answer(json.dumps({**signed, "proof": [signed["proof"], "x"]}).encode()).code == "malformed_proof"
    assert answer(json.dumps({**signed, "proof": [signed["proof"]] * 11}).encode()).code == "too_complex"
    chained = {**signed["proof"], "previousProof": "urn:uuid:5"}
    assert answer(json.dumps({**signed, "proof": chained}).encode()).code == "proof_chain"


def test_one_of_several_proofs_is_enough() -> None:
    first = json.loads(embedded(challenge="of another occasion"))
    assert answer(embedded(first)).verdict == "valid"
    assert answer(json.dumps(first).encode()).code == "challenge_mismatch"
    strict = material(SCHOOL, OTHER, all_proofs=True)
    assert answer(embedded(first), known=strict).code == "challenge_mismatch"
    assert answer(embedded(), known=strict).verdict == "valid"


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"iat": int((NOW - DAY).timestamp())}, "proof_time"),
        ({"key": THIEF}, "bad_signature"),
        ({"typ": "vp+jwt"}, "key_binding_invalid"),
        ({"sd_hash": "AAAA"}, "key_binding_invalid"),
    ],
)
def test_an_sd_jwt_by_itself_needs_its_key_binding(claims: dict[str, Any], code: str) -> None:
    assert answer(bare(**claims)).code == code
    assert answer(w3c().encode()).code == "key_binding_missing"


def test_an_sd_jwt_by_itself_shows_what_it_shows() -> None:
    found = answer(bare(ACHIEVEMENT, f"{ACHIEVEMENT}/criteria/narrative"))
    claims = found.parts[0].verification.claims
    assert claims is not None
    assert claims.credits_earned is None
    more = present(w3c(), shown=[CREDITS])
    swapped = bare(ACHIEVEMENT).decode().rpartition("~")[2]
    assert answer(f"{more}{swapped}".encode()).code == "key_binding_invalid"


def test_what_to_gather_is_known_before() -> None:
    found = presentation.read(embedded())
    assert found.verification_methods == (HOLDER_METHOD,)
    assert found.challenges == (CHALLENGE,)
    assert [one.issuer_id for one in found.credentials] == [SCHOOL.id] * 3
    assert presentation.read(bare()).challenges == (CHALLENGE,)
