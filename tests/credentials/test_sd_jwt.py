"""SD-JWT: honest ones are read for what they show; every fault has a code of its own (SECURITY S31)."""

import json
from typing import Any

import pytest

from credentials.credential import Format
from credentials.errors import CredentialError
from credentials.read import read
from credentials.sd_jwt import MAX_DISCLOSURES, read_sd_jwt
from credentials.sd_jwt_credential import identity, payload_digest
from credentials.sd_jwt_issue import present, to_sd_jwt, to_sd_jwt_vc
from tests.credential_samples import NOW, OTHER, SCHOOL, changed, check, material, with_subject
from tests.sd_jwt_samples import (
    ACHIEVEMENT,
    BADGE,
    CHOICE,
    CREDITS,
    SCORE,
    VCT,
    disclosing,
    disclosure,
    hashed,
    ietf,
    sd_jwt,
    w3c,
)

BOTH = pytest.mark.parametrize(("issue", "root"), [(w3c, ""), (ietf, "/ld")])


def code(data: bytes) -> str | None:
    """Why the bytes are refused, by reading or by verification; None where they are valid."""
    try:
        answer = check(data)
    except CredentialError as refused:
        assert "eyJ" not in refused.message
        return refused.code
    assert answer.verdict == "valid" or answer.code is not None
    return answer.code


@BOTH
def test_a_badge_with_everything_shown_is_the_badge(issue: Any, root: str) -> None:
    credential = read(issue().encode())
    assert credential.format is Format.SD_JWT
    assert credential.document == BADGE
    assert (credential.id, credential.issuer_id) == (BADGE["id"], SCHOOL.id)
    answer = check(issue().encode())
    assert answer.verdict == "valid"
    assert answer.claims is not None
    assert answer.claims.document == BADGE
    assert answer.claims.credits_earned == 9 / 2


@BOTH
def test_what_is_not_shown_is_absent_and_never_claimed(issue: Any, root: str) -> None:
    token = present(issue(), shown=[root + ACHIEVEMENT])
    for secret in ("creditsEarned", "Four test pieces"):
        assert secret not in json.dumps(read_sd_jwt(token).payload)
    answer = check(present(issue(), shown=[root + ACHIEVEMENT, f"{root}{ACHIEVEMENT}/criteria/narrative"]).encode())
    assert answer.verdict == "valid"
    assert answer.claims is not None
    assert answer.claims.credits_earned is None
    assert len(answer.claims.results) == len(BADGE["credentialSubject"]["result"]) - 1


@BOTH
def test_a_part_is_shown_with_what_it_stands_in(issue: Any, root: str) -> None:
    shown = read_sd_jwt(present(issue(), shown=[f"{root}{ACHIEVEMENT}/criteria/narrative", root + SCORE]))
    assert sorted(shown.places.values()) == sorted(
        root + pointer for pointer in CHOICE if pointer != CREDITS
    )  # fmt: skip
    assert shown.withheld >= {f"{root}/credentialSubject"}


@BOTH
def test_the_content_is_the_same_whatever_is_shown(issue: Any, root: str) -> None:
    """One credential shown twice, with more or less disclosed, must not be taken for two."""
    whole, part = (
        check(token.encode()).claims
        for token in (issue(), present(issue(), shown=[root + ACHIEVEMENT + "/criteria/narrative"]))
    )
    assert whole is not None
    assert part is not None
    assert whole.content_digest == part.content_digest == payload_digest(read_sd_jwt(issue()))
    assert whole.document != part.document


def test_without_an_id_the_signed_payload_is_the_identity() -> None:
    shown = read_sd_jwt(w3c(changed(BADGE, id=None) | {"type": ["VerifiableCredential"]}, [CREDITS]))
    assert identity(shown, "urn:uuid:1") == "urn:uuid:1"
    name = identity(shown, None)
    assert name is not None
    assert name.startswith("ni:///sha-256;")
    hidden = disclosure("salt", "id", BADGE["id"])
    payload = {**changed(BADGE, id=None), "_sd": [hashed(hidden)]}
    assert identity(read_sd_jwt(sd_jwt(payload).decode()), None) is None


@pytest.mark.parametrize("name", ["sha-256", "sha-384", "sha-512"])
def test_the_hashes_of_the_standard_are_read(name: str) -> None:
    shown = disclosure("salt", "creditsEarned", 4.5)
    subject = {**changed(BADGE["credentialSubject"], creditsEarned=None), "_sd": [hashed(shown, name)]}
    assert code(sd_jwt({**BADGE, "credentialSubject": subject, "_sd_alg": name}, shown)) is None


ONE = disclosure("salt-1", "creditsEarned", 4.5)
TWO = disclosure("salt-2", "creditsEarned", 450)
ELEMENT = disclosure("salt-3", "steel")
LOOSE = changed(BADGE["credentialSubject"], creditsEarned=None)


def of_subject(**members: Any) -> dict[str, Any]:
    return {**BADGE, "credentialSubject": {**LOOSE, **members}}


def of_tags(*tags: Any) -> dict[str, Any]:
    return with_subject(BADGE, achievement={**BADGE["credentialSubject"]["achievement"], "tag": list(tags)})


def nested(depth: int) -> tuple[dict[str, Any], list[str]]:
    """Disclosures in disclosures."""
    value: Any = "end"
    texts = []
    for number in range(depth):
        texts.append(disclosure(f"salt-{number}", "inner", value))
        value = {"_sd": [hashed(texts[-1])]}
    return {**BADGE, "name": value}, texts


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (sd_jwt(of_subject(_sd=[hashed(ONE)]), ONE), None),
        (sd_jwt(of_subject(_sd=[hashed(ONE)])), None),
        (sd_jwt(of_tags("iron", {"...": hashed(ELEMENT)}), ELEMENT), None),
        (sd_jwt(of_tags("iron", {"...": hashed(ELEMENT)})), None),
        (sd_jwt(of_subject(_sd=[hashed(ONE), "AAAA", "decoy"]), ONE), None),
        (sd_jwt(of_subject(_sd=[]),), None),
        (sd_jwt({**of_subject(_sd=[hashed(ONE)]), "_sd_alg": "md5"}, ONE), "sd_alg_not_allowed"),
        (sd_jwt({**of_subject(_sd=[hashed(ONE)]), "_sd_alg": "sha-1"}, ONE), "sd_alg_not_allowed"),
        (sd_jwt({**of_subject(_sd=[hashed(ONE)]), "_sd_alg": "SHA-256"}, ONE), "sd_alg_not_allowed"),
        (sd_jwt({**of_subject(_sd=[hashed(ONE)]), "_sd_alg": ["sha-256"]}, ONE), "sd_alg_not_allowed"),
        (sd_jwt({**of_subject(_sd=[hashed(ONE)]), "_sd_alg": "sha-512"}, ONE), "foreign_disclosure"),
        (sd_jwt(of_subject(_sd=[hashed(ONE)], _sd_alg="sha-256"), ONE), "malformed_sd_jwt"),
        (sd_jwt(of_subject(_sd=[hashed(ONE), hashed(ONE)]), ONE), "duplicate_digest"),
        (sd_jwt({**of_subject(_sd=["AAAA"]), "_sd": ["AAAA"]}), "duplicate_digest"),
        (sd_jwt(of_tags({"...": hashed(ELEMENT)}, {"...": hashed(ELEMENT)}), ELEMENT), "duplicate_digest"),
        (sd_jwt(of_subject(_sd=[hashed(ONE)]), ONE, ONE), "duplicate_disclosure"),
        (sd_jwt(of_subject(_sd=[hashed(ONE)]), ONE, TWO), "foreign_disclosure"),
        (sd_jwt(of_subject(), TWO), "foreign_disclosure"),
        (sd_jwt({**BADGE}, TWO), "foreign_disclosure"),
        (sd_jwt(of_subject(_sd=[hashed(ONE), hashed(TWO)]), ONE, TWO), "disclosure_conflict"),
        (sd_jwt(of_subject(creditsEarned=1, _sd=[hashed(TWO)]), TWO), "disclosure_conflict"),
        (sd_jwt(of_subject(_sd=[hashed(ELEMENT)]), ELEMENT), "malformed_disclosure"),
        (sd_jwt(of_tags({"...": hashed(ONE)}), ONE), "malformed_disclosure"),
        (sd_jwt(of_tags({"...": hashed(ELEMENT), "more": 1}), ELEMENT), "malformed_sd_jwt"),
        (sd_jwt(of_tags({"...": [hashed(ELEMENT)]}), ELEMENT), "malformed_sd_jwt"),
        (sd_jwt(of_subject(**{"...": hashed(ELEMENT)}), ELEMENT), "malformed_sd_jwt"),
        (sd_jwt(of_subject(_sd=hashed(ONE)), ONE), "malformed_sd_jwt"),
        (sd_jwt(of_subject(_sd=[5])), "malformed_sd_jwt"),
        (sd_jwt(of_subject(_sd=[hashed(ONE)]), ""), "malformed_sd_jwt"),
        (sd_jwt(of_subject(_sd=[hashed(ONE)]), "", ONE), "malformed_sd_jwt"),
        (sd_jwt(of_subject(_sd=[hashed("AA")]), "AA"), "malformed_disclosure"),
        (sd_jwt(BADGE, "@@@"), "malformed_disclosure"),
        (sd_jwt(BADGE, ONE + "=="), "malformed_disclosure"),
        (sd_jwt(BADGE, disclosure("salt")), "malformed_disclosure"),
        (sd_jwt(BADGE, disclosure("salt", "a", 1, 2)), "malformed_disclosure"),
        (sd_jwt(BADGE, disclosure(5, "a", 1)), "malformed_disclosure"),
        (sd_jwt(BADGE, disclosure("salt", 5, 1)), "malformed_disclosure"),
        (sd_jwt(BADGE, disclosure("salt", "_sd", [])), "disclosure_not_allowed"),
        (sd_jwt(BADGE, disclosure("salt", "...", "x")), "disclosure_not_allowed"),
        (sd_jwt(BADGE, disclosure("salt", "_sd_alg", "md5")), "disclosure_not_allowed"),
        (sd_jwt(of_subject(_sd=[hashed(ONE)]), *[ONE] * (MAX_DISCLOSURES + 1)), "too_complex"),
        (sd_jwt(BADGE, "x" * 131_072), "too_large"),
        (sd_jwt(nested(40)[0], *nested(40)[1]), "too_deep"),
        (sd_jwt(of_subject(_sd=[hashed(ONE)]), ONE, typ="JWT"), "wrong_type"),
        (sd_jwt(of_subject(_sd=[hashed(ONE)]), ONE, typ=None), "wrong_type"),
        (sd_jwt(of_subject(_sd=[hashed(ONE)]), ONE, typ="VC+SD-JWT"), "wrong_type"),
        (sd_jwt(of_subject(_sd=[hashed(ONE)]), ONE, typ="kb+jwt"), "wrong_type"),
        (sd_jwt(of_subject(_sd=[hashed(ONE)]), ONE, typ="vp+sd-jwt"), "wrong_type"),
        (sd_jwt(of_subject(_sd=[hashed(ONE)]), ONE, cty="vp"), "wrong_type"),
        (sd_jwt({**BADGE, "vc": BADGE}), "malformed_claim"),
        (sd_jwt({**BADGE, "iss": OTHER.id}), "claim_mismatch"),
        (sd_jwt({**BADGE, "exp": int(NOW.timestamp()) - 1}), "proof_time"),
        (sd_jwt({**BADGE, "nbf": int(NOW.timestamp()) + 1000}), "proof_time"),
        (sd_jwt({**BADGE, "exp": "2030-01-01T00:00:00Z"}), "malformed_claim"),
        (sd_jwt(BADGE, key=OTHER.key), "bad_signature"),
        (sd_jwt(BADGE, x5c=["MII"]), "untrusted_key_hint"),
    ],
)  # fmt: skip
def test_s31_every_fault_has_its_code(data: bytes, expected: str | None) -> None:
    assert code(data) == expected


@pytest.mark.parametrize("name", ["iss", "nbf", "exp", "cnf", "vct", "vct#integrity", "aka_vcts", "status"])
@pytest.mark.parametrize("typ", ["dc+sd-jwt", "vc+sd-jwt"])
def test_what_verification_rests_on_is_never_hidden(name: str, typ: str) -> None:
    text = disclosure("salt", name, "x")
    payload = {"iss": SCHOOL.id, "vct": VCT, "_sd": [hashed(text)]}
    payload.pop(name, None)
    assert code(sd_jwt(payload, text, typ=typ)) == "disclosure_not_allowed"


@pytest.mark.parametrize(
    "pointer",
    ["", "/id", "/type", "/type/0", "/@context/1", "/issuer", "/issuer/id", "/validFrom", "/credentialStatus/0"],
)
def test_an_issuer_here_leaves_what_verification_rests_on_in_the_open(pointer: str) -> None:
    for issue in (w3c, ietf):
        with pytest.raises(CredentialError) as refused:
            issue(BADGE, [pointer])
        assert refused.value.code == "disclosure_not_allowed"


@pytest.mark.parametrize(
    "pointer", ["/name2", "/credentialSubject/result/99", "/credentialSubject/result/-1", "/name/x"]
)
def test_a_pointer_to_nothing_is_refused(pointer: str) -> None:
    with pytest.raises(CredentialError) as refused:
        w3c(BADGE, [pointer])
    assert refused.value.code == "unknown_pointer"


HIDDEN_STATUS = disclosure("salt", "credentialStatus", {"id": "https://bank.example/status/1#5"})


@pytest.mark.parametrize(
    ("payload", "name"),
    [
        ({**BADGE, "_sd": [hashed(HIDDEN_STATUS)]}, "status"),
        ({**BADGE, "credentialStatus": [{"...": hashed(HIDDEN_STATUS)}]}, "status"),
        ({**BADGE, "type": [*BADGE["type"], {"...": hashed(HIDDEN_STATUS)}]}, "disclosure"),
        ({**BADGE, "_sd": [hashed("the end of validity, perhaps")]}, "disclosure"),
    ],
)
def test_a_holder_who_may_hide_a_revocation_is_not_believed(payload: dict[str, Any], name: str) -> None:
    """Whether the withheld is the status, the end of validity or a decoy cannot be told: nothing is decided."""
    answer = check(sd_jwt(payload))
    assert (answer.verdict, answer.code) == ("indeterminate", "not_disclosed")
    assert answer.check(name).code == "not_disclosed"


def test_what_may_be_hidden_beside_shown_dates_and_status_does_not_matter() -> None:
    """A hidden member at the top is no harm where those that count are shown."""
    payload = {**BADGE, "validUntil": "2030-01-01T00:00:00Z", "_sd": [hashed("something else")]}
    assert [one.name for one in check(sd_jwt(payload)).checks if one.code] == ["status"]


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        ({"iss": SCHOOL.id, "vct": VCT, "family_name": "Kim"}, None),
        ({"iss": SCHOOL.id, "vct": VCT, "exp": int(NOW.timestamp()) - 1}, "expired"),
        ({"iss": SCHOOL.id, "vct": VCT, "nbf": int(NOW.timestamp()) + 1}, "not_yet_valid"),
        ({"iss": SCHOOL.id, "vct": VCT, "status": {"status_list": {}}}, "malformed_claim"),
        ({"iss": OTHER.id, "vct": VCT}, "controller_mismatch"),
        ({"iss": "college", "vct": VCT}, "relative_iri"),
        ({"iss": SCHOOL.id}, "malformed_claim"),
        ({"iss": SCHOOL.id, "vct": 5}, "malformed_claim"),
        ({"vct": VCT}, "malformed_claim"),
        ({"iss": SCHOOL.id, "vct": VCT, "status": "revoked"}, "malformed_claim"),
        ({"iss": SCHOOL.id, "vct": VCT, "issuer": OTHER.id}, "claim_mismatch"),
        ({"iss": SCHOOL.id, "vct": VCT, "ld": "text"}, "malformed_claim"),
        ({"iss": SCHOOL.id, "vct": VCT, "ld": BADGE, **BADGE}, "malformed_claim"),
        ({"iss": SCHOOL.id, "vct": VCT, "ld": BADGE}, None),
        ({"iss": SCHOOL.id, "vct": VCT, **BADGE}, None),
        ({"iss": SCHOOL.id, "vct": VCT, "nbf": 5, **BADGE}, "claim_mismatch"),
        ({"iss": SCHOOL.id, "vct": VCT, "sub": "did:a:b", **BADGE}, "claim_mismatch"),
        ({"iss": OTHER.id, "vct": VCT, "ld": BADGE}, "claim_mismatch"),
        ({"iss": SCHOOL.id, "vct": VCT, "ld": changed(BADGE, issuer=None)}, None),
        ({"iss": SCHOOL.id, "vct": VCT, "nbf": int(NOW.timestamp()), "ld": changed(BADGE, validFrom=None)}, None),
        ({"iss": SCHOOL.id, "vct": VCT, "exp": int(NOW.timestamp()) - 1, "ld": BADGE}, "expired"),
    ],
)  # fmt: skip
def test_sd_jwt_vc_of_every_kind(payload: dict[str, Any], expected: str | None) -> None:
    for typ in ("dc+sd-jwt", "vc+sd-jwt") if "@context" not in payload else ("dc+sd-jwt",):
        assert code(sd_jwt(payload, typ=typ)) == expected
    if expected is None and "ld" not in payload and "@context" not in payload:
        assert check(sd_jwt(payload, typ="dc+sd-jwt")).claims is None


def test_a_member_named_like_a_claim_is_not_signed() -> None:
    for issue in (w3c, ietf):
        for name in ("cnf", "exp", "status", "vct", "_sd"):
            with pytest.raises(CredentialError) as refused:
                issue({**BADGE, name: "x"})
            assert refused.value.code == "malformed_claim"


@pytest.mark.parametrize("algorithm", ["EdDSA", "ES256", "ES384"])
def test_every_algorithm_issues(algorithm: Any) -> None:
    school = type(SCHOOL)(algorithm=algorithm)
    for token in (
        to_sd_jwt(BADGE, school.key, key_id=school.method, disclosing=disclosing()),
        to_sd_jwt_vc(BADGE, school.key, vct=VCT, key_id=school.method, disclosing=disclosing()),
    ):
        assert check(token.encode(), material(school)).verdict == "valid"
