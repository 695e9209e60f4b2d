"""The matrix: tokens, SD-JWTs, presentations and receipts in JOSE's forms."""

import json
from datetime import datetime
from itertools import product
from typing import Any

from credentials import presentation
from credentials.jws import read_compact
from credentials.keys import Algorithm, PrivateKey
from credentials.sd_jwt_issue import Disclosing, present, to_sd_jwt, to_sd_jwt_vc
from credentials.vc_jwt import Profile, to_vc_jwt
from credentials.verify import VerificationMaterial
from creditbank.verification_receipt import read_receipt
from tests.credential_samples import NOW, School, outcome
from tests.interop.digital_bazaar import own_school
from tests.interop.javascript import ask
from tests.interop.matrix import Pair, Refused, answer, loaded, valid, with_other_payload
from tests.interop.matrix_proofs import FAR, LATER, badge_of, foreign_key, private_pem, public_pem
from tests.interop.test_openvc_tokens import private_jwk
from tests.sd_jwt_samples import CHALLENGE, CHOICE, VCT, VERIFIER, salts

ALGORITHMS: tuple[Algorithm, ...] = ("EdDSA", "ES256", "ES384")
SECONDS = int(NOW.timestamp())
NAMES = {Profile.ONE_EDTECH: "1EdTech", Profile.W3C: "W3C"}


def here(token: str) -> None:
    valid(answer(token, VerificationMaterial()))


def much_later(token: str) -> None:
    valid(answer(token, VerificationMaterial(), LATER))


def jose_verifies(key: PrivateKey) -> Any:
    return lambda token: ask("jose", task="verify", token=token, issuer=key.public_key.jwk(), at=SECONDS)


def signed_by_jose(token: str, key: PrivateKey) -> str:
    """The same claims under the same header, signed there."""
    parts = read_compact(token)
    header, payload = dict(parts.header), dict(parts.payload)
    made: str = ask("jose", task="sign", payload=payload, header=header, issuer=private_jwk(key))
    return made


def joserfc_key(key: PrivateKey, *, private: bool = False) -> Any:
    jwk = private_jwk(key) if private else key.public_key.jwk()
    plain = {name: value for name, value in jwk.items() if name not in ("use", "alg")}
    module = loaded("joserfc.jwk")
    return (module.OKPKey if plain["kty"] == "OKP" else module.ECKey).import_key(plain)


def joserfc_verifies(key: PrivateKey) -> Any:
    algorithms = [key.public_key.algorithm]
    return lambda token: loaded("joserfc.jws").deserialize_compact(token, joserfc_key(key), algorithms=algorithms)


def signed_by_joserfc(token: str, key: PrivateKey) -> str:
    parts = read_compact(token)
    payload = json.dumps(dict(parts.payload)).encode()
    made: str = loaded("joserfc.jws").serialize_compact(
        dict(parts.header), payload, joserfc_key(key, private=True), algorithms=[key.public_key.algorithm]
    )
    return made


def tokens(profile: Profile, algorithm: Algorithm) -> list[Pair]:
    school = own_school(algorithm)

    def ours() -> str:
        return to_vc_jwt(badge_of(school), school.key, key_id=school.method, profile=profile)

    common: dict[str, Any] = {
        "kind": f"badge, VC-JWT of {NAMES[profile]}, {algorithm}", "here": here, "spoil": with_other_payload,
        "ours": ours,
    }  # fmt: skip
    return [
        Pair(library="jose", there=jose_verifies(school.key),
             theirs=lambda: signed_by_jose(ours(), school.key), **common),
        Pair(library="joserfc", there=joserfc_verifies(school.key),
             theirs=lambda: signed_by_joserfc(ours(), school.key), **common),
    ]  # fmt: skip


def openbadgeslib(algorithm: Algorithm) -> Pair:
    from tests.interop.test_openbadgeslib import foreign_badge

    school = own_school(algorithm)
    return Pair(
        kind=f"badge, VC-JWT of 1EdTech, {algorithm}", library="openbadgeslib", here=here, spoil=with_other_payload,
        ours=lambda: to_vc_jwt(badge_of(school), school.key, key_id=school.method),
        there=lambda token: loaded("openbadgeslib.ob3").OB3Verifier(public_pem(school)).verify(token),
        theirs=lambda: loaded("openbadgeslib.ob3").OB3Signer(private_pem(school), algorithm=algorithm).sign(
            foreign_badge(school.id)
        ),
    )  # fmt: skip


def endorsement_token() -> Pair:
    from tests.credentials.test_endorsements import endorsement

    school = own_school("EdDSA")
    document = {**endorsement(school=school), "validUntil": "2100-01-01T00:00:00Z"}
    return Pair(
        kind="endorsement, VC-JWT of 1EdTech, EdDSA", library="openbadgeslib", here=here, spoil=with_other_payload,
        ours=lambda: to_vc_jwt(document, school.key, key_id=school.method),
        there=lambda token: loaded("openbadgeslib.ob3.verifier").verify_endorsement_jwt(
            token, endorser_pubkey_pem=public_pem(school)
        ),
    )  # fmt: skip


def disclosing(school: School, form: str, holder: PrivateKey) -> str:
    subject = outcome(valid_until=FAR, subject_id=holder.public_key.did_key())
    common: dict[str, Any] = {
        "key_id": school.method, "disclosing": Disclosing(CHOICE, salts(), 3), "holder_key": holder.public_key,
        "issued_at": NOW,
    }  # fmt: skip
    if form == "vc+sd-jwt":
        return to_sd_jwt(school.badge(subject), school.key, **common)
    return to_sd_jwt_vc(school.badge(subject), school.key, vct=VCT, **common)


def shown_to(token: str, holder: PrivateKey, form: str) -> str:
    root = "" if form == "vc+sd-jwt" else "/ld"
    pointers = [f"{root}{pointer}" for pointer in CHOICE]
    return present(token, shown=pointers, signer=holder, audience=VERIFIER, nonce=CHALLENGE, issued_at=NOW)


def taken(token: str, at: datetime = NOW) -> None:
    """As a presentation for this occasion."""
    found = presentation.read(token.encode())
    valid(presentation.verify(found, VerificationMaterial(), at, challenge=CHALLENGE, domain=VERIFIER))


def taken_later(token: str) -> None:
    """openvc-core signs at the hour on the wall."""
    taken(token, LATER)


def sd_jwts(form: str, algorithm: Algorithm) -> list[Pair]:
    """Shown with a key binding."""
    school, holder = own_school(algorithm), own_school(algorithm, seed=9).key

    def js_issues() -> Any:
        parts = read_compact(to_vc_jwt(
            school.badge(outcome(valid_until=FAR, subject_id=holder.public_key.did_key())), school.key,
            key_id=school.method, profile=Profile.W3C,
        ))  # fmt: skip
        payload = {**parts.payload, "cnf": {"jwk": holder.public_key.jwk()}}
        payload |= {"iss": school.id, "vct": VCT} if form == "dc+sd-jwt" else {}
        frame = {"credentialSubject": {"_sd": ["creditsEarned", "achievement"], "result": {"_sd": [0]}}}
        made = ask("jose", task="issue", issuer=private_jwk(school.key), payload=payload, frame=frame,
                   header={"typ": form, "kid": school.method})  # fmt: skip
        choice = {"credentialSubject": {"creditsEarned": True, "achievement": True, "result": {"0": True}}}
        binding = {"iat": SECONDS, "aud": VERIFIER, "nonce": CHALLENGE}
        return ask("jose", task="present", issuer=private_jwk(school.key), holder=private_jwk(holder), token=made,
                   frame=choice, binding=binding)  # fmt: skip

    def js_reads(token: str) -> None:
        ask("jose", task="read", token=token, at=SECONDS, issuer=school.key.public_key.jwk(),
            holder=holder.public_key.jwk(), nonce=CHALLENGE)  # fmt: skip

    def openvc_reads(token: str) -> None:
        loaded("openvc.proof.sd_jwt").SdJwtVcProofSuite().verify(
            token, public_key_jwk=school.key.public_key.jwk(), require_key_binding=True, now=NOW, expected_vct=VCT,
            audience=VERIFIER, nonce=CHALLENGE,
        )  # fmt: skip

    common: dict[str, Any] = {
        "kind": f"badge, SD-JWT {form}, {algorithm}", "here": taken, "spoil": with_other_payload,
        "ours": lambda: shown_to(disclosing(school, form, holder), holder, form),
    }  # fmt: skip
    found = [Pair(library="@sd-jwt/core", there=js_reads, theirs=js_issues, **common)]
    return found + ([Pair(library="openvc-core", there=openvc_reads, **common)] if form == "dc+sd-jwt" else [])


def plain_sd_jwt(algorithm: Algorithm) -> Pair:
    """An SD-JWT VC that is no badge: openvc-core issues claims at the front alone."""
    school, holder = own_school(algorithm), own_school(algorithm, seed=9).key
    claims = {"iss": school.id, "given_name": "Anna", "family_name": "Kim"}

    def theirs() -> Any:
        return loaded("openvc.proof.sd_jwt").SdJwtVcProofSuite().issue(
            claims, signing_key=foreign_key(school), disclosable=["given_name"], vct=VCT,
            holder_jwk=holder.public_key.jwk(), decoys=3,
        )  # fmt: skip

    return Pair(kind=f"SD-JWT VC that is no badge, {algorithm}", library="openvc-core", here=much_later,
                spoil=with_other_payload, theirs=theirs)  # fmt: skip


def presentations(algorithm: Algorithm) -> list[Pair]:
    school, holder = own_school("EdDSA"), own_school(algorithm, seed=9)
    badge = to_vc_jwt(school.badge(outcome(valid_until=FAR, subject_id=holder.id)), school.key, key_id=school.method)

    def ours() -> str:
        document = presentation.presentation([badge], holder=holder.id)
        return presentation.to_vp_jwt(document, holder.key, key_id=holder.method, challenge=CHALLENGE,
                                      audience=VERIFIER, issued_at=NOW)  # fmt: skip

    def openvc_signs() -> Any:
        return loaded("openvc.proof.vp_jwt").VpJwtProofSuite().sign(
            [badge], holder_key=foreign_key(holder), audience=VERIFIER, nonce=CHALLENGE, holder=holder.id
        )  # fmt: skip

    common: dict[str, Any] = {"spoil": with_other_payload}
    return [
        Pair(kind=f"presentation, vp+jwt, {algorithm}", library="jose", here=taken, ours=ours,
             there=jose_verifies(holder.key), theirs=lambda: signed_by_jose(ours(), holder.key), **common),
        Pair(kind=f"presentation, JWT of version 1.1, {algorithm}", library="openvc-core", here=taken_later,
             theirs=openvc_signs, **common),
    ]  # fmt: skip


def receipt() -> Pair:
    from tests.offline.offline_world import BANK, revocable_badge, with_list
    from tests.offline.test_verification_receipt import receipt_of

    return Pair(
        kind="verification receipt", library="joserfc", spoil=with_other_payload, there=joserfc_verifies(BANK),
        here=lambda token: _believed(token, BANK), ours=lambda: receipt_of(revocable_badge(), with_list())[0],
        theirs=lambda: signed_by_joserfc(receipt_of(revocable_badge(), with_list())[0], BANK),
    )  # fmt: skip


def _believed(token: str, key: PrivateKey) -> None:
    if read_receipt(token, key.public_key).verdict != "valid":
        raise Refused("another verdict")


def pairs() -> list[Pair]:
    return [
        *(pair for one in product(Profile, ALGORITHMS) for pair in tokens(*one)),
        *map(openbadgeslib, ("EdDSA", "ES256")),
        endorsement_token(),
        *(pair for one in product(("vc+sd-jwt", "dc+sd-jwt"), ALGORITHMS) for pair in sd_jwts(*one)),
        *map(plain_sd_jwt, ALGORITHMS),
        *(pair for algorithm in ALGORITHMS for pair in presentations(algorithm)),
        receipt(),
    ]  # fmt: skip
