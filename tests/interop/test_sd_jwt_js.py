"""`jose` and `@sd-jwt/core`, in JavaScript, and ours accept one another's tokens, presentations and disclosures."""

from typing import Any

import pytest

from credentials import presentation
from credentials.keys import Algorithm, PrivateKey
from credentials.multibase import base64url_encode
from credentials.read import read
from credentials.sd_jwt import read_sd_jwt
from credentials.sd_jwt_issue import Disclosing, present, to_sd_jwt, to_sd_jwt_vc
from credentials.vc_jwt import Profile, to_vc_jwt
from credentials.verify import verify
from tests.credential_samples import NOW, School, material, outcome
from tests.interop.javascript import Refusal, ask, needs_node
from tests.sd_jwt_samples import ACHIEVEMENT, CHALLENGE, CHOICE, VCT, VERIFIER, salts

SECONDS = int(NOW.timestamp())

pytestmark = needs_node

ALGORITHMS: tuple[Algorithm, ...] = ("EdDSA", "ES256", "ES384")


def school_and_holder(algorithm: Algorithm) -> tuple[School, PrivateKey]:
    seed = bytes([9]) * (48 if algorithm == "ES384" else 32)
    return School(algorithm=algorithm), PrivateKey.from_bytes(algorithm, seed)


def private_jwk(key: PrivateKey) -> dict[str, Any]:
    return {**key.public_key.jwk(), "d": base64url_encode(key.to_bytes())}


def run(task: str, **question: Any) -> Any:
    return ask("jose", task=task, **question)


def refused(task: str, **question: Any) -> bool:
    try:
        run(task, **question)
    except Refusal:
        return True
    return False


def ours(form: str, school: School, holder: PrivateKey, document: dict[str, Any]) -> str:
    common: dict[str, Any] = {
        "key_id": school.method,
        "disclosing": Disclosing(CHOICE, salts(), 3),
        "holder_key": holder.public_key,
        "issued_at": NOW,
    }
    if form == "w3c":
        return to_sd_jwt(document, school.key, **common)
    return to_sd_jwt_vc(document, school.key, vct=VCT, **common)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("form", ["w3c", "ietf"])
def test_ours_is_read_there(algorithm: Algorithm, form: str) -> None:
    school, holder = school_and_holder(algorithm)
    root = "" if form == "w3c" else "/ld"
    token = ours(form, school, holder, school.badge())
    for shown in ([f"{root}{pointer}" for pointer in CHOICE], [f"{root}{ACHIEVEMENT}"], []):
        made = present(token, shown=shown, signer=holder, audience=VERIFIER, nonce=CHALLENGE, issued_at=NOW)
        question = {"issuer": school.key.public_key.jwk(), "holder": holder.public_key.jwk(), "nonce": CHALLENGE}
        answer = run("read", token=made, at=SECONDS, **question)
        assert answer["payload"] == read_sd_jwt(made).payload
        assert answer["binding"]["aud"] == VERIFIER
        assert refused("read", token=made, at=SECONDS, **{**question, "nonce": "another"})
        spoilt = made.replace("~", "~" + base64url_encode(b'["s","admin",true]') + "~", 1)
        assert refused("read", token=spoilt, at=SECONDS, **question)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("form", ["w3c", "ietf"])
def test_theirs_is_read_here(algorithm: Algorithm, form: str) -> None:
    school, holder = school_and_holder(algorithm)
    badge = school.badge(outcome(subject_id=holder.public_key.did_key()))
    payload = {**badge, "cnf": {"jwk": holder.public_key.jwk()}}
    if form == "ietf":
        payload |= {"iss": school.id, "vct": VCT}
    frame = {
        "credentialSubject": {
            "_sd": ["creditsEarned", "achievement"],
            "_sd_decoy": 2,
            "achievement": {"_sd": ["criteria", "name"]},
            "result": {"_sd": [0, 2]},
        }
    }
    header = {"typ": "vc+sd-jwt" if form == "w3c" else "dc+sd-jwt", "kid": school.method}
    issuer = private_jwk(school.key)
    token = run("issue", issuer=issuer, payload=payload, frame=frame, header=header)
    assert read(token.encode()).document == badge
    choice = {"credentialSubject": {"achievement": {"name": True, "criteria": True}, "result": {"0": True}}}
    binding = {"iat": SECONDS, "aud": VERIFIER, "nonce": CHALLENGE}
    shown = run("present", issuer=issuer, holder=private_jwk(holder), token=token, frame=choice, binding=binding)
    found = presentation.verify(
        presentation.read(shown.encode()), material(school), NOW, challenge=CHALLENGE, domain=VERIFIER
    )
    assert (found.verdict, found.code) == ("valid", None)
    claims = found.parts[0].verification.claims
    assert claims is not None
    assert claims.credits_earned is None
    assert len(claims.results) == len(badge["credentialSubject"]["result"]) - 1
    other = presentation.verify(
        presentation.read(shown.encode()), material(school), NOW, challenge="another", domain=VERIFIER
    )
    assert other.code == "challenge_mismatch"


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("profile", list(Profile))
def test_tokens_both_ways(algorithm: Algorithm, profile: Profile) -> None:
    school, holder = school_and_holder(algorithm)
    badge = school.badge()
    token = to_vc_jwt(badge, school.key, key_id=school.method, profile=profile, issued_at=NOW)
    there = run("verify", token=token, issuer=school.key.public_key.jwk(), at=SECONDS)
    assert {name: there["payload"][name] for name in badge} == badge
    assert refused("verify", token=token, issuer=holder.public_key.jwk(), at=SECONDS)
    header = {**there["header"]}
    back = run("sign", payload=there["payload"], header=header, issuer=private_jwk(school.key))
    answer = verify(read(back.encode()), material(school), NOW)
    assert answer.verdict == "valid"
    assert answer.claims is not None
    assert answer.claims.document == badge


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_presentations_as_tokens_both_ways(algorithm: Algorithm) -> None:
    school, holder = school_and_holder(algorithm)
    did = holder.public_key.did_key()
    key_id = f"{did}#{holder.public_key.multibase()}"
    badge = school.sign(school.badge(outcome(subject_id=did)), "vc-jwt").decode()
    document = presentation.presentation([badge], holder=did)
    made = presentation.to_vp_jwt(
        document, holder, key_id=key_id, challenge=CHALLENGE, audience=VERIFIER, issued_at=NOW
    )
    there = run("verify", token=made, issuer=holder.public_key.jwk(), at=SECONDS)
    assert there["payload"]["nonce"] == CHALLENGE
    back = run("sign", payload=there["payload"], header=there["header"], issuer=private_jwk(holder))
    found = presentation.verify(
        presentation.read(back.encode()), material(school), NOW, challenge=CHALLENGE, domain=VERIFIER
    )
    assert found.verdict == "valid"
    assert found.parts[0].verification.claims is not None
