"""ecdsa-rdfc-2019 and ecdsa-jcs-2019 on P-256 and P-384: step by step against the vectors, then against attackers."""

import copy
from datetime import UTC, datetime
from typing import Any

import pytest

from credentials import multibase
from credentials.canonical import jcs
from credentials.claims import content_digest
from credentials.curves import NIST_CURVES
from credentials.data_integrity import SUITES, sign, verify
from credentials.errors import CredentialError
from credentials.jsonld import to_quads
from credentials.keys import Algorithm, PrivateKey
from credentials.rdf_canonicalization import HashName, canonicalize
from tests.credential_samples import School, check, material, with_subject
from tests.credentials.proof_vectors import WITH_EXAMPLES, key_of, needs_vectors, read, secret_key, text

CREATED = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
CURVES: dict[str, tuple[Algorithm, HashName]] = {"256": ("ES256", "sha256"), "384": ("ES384", "sha384")}
FOLDERS = [
    ("ecdsa-rdfc-2019-p256", "", "unsigned.json"),
    ("ecdsa-rdfc-2019-p384", "", "unsigned.json"),
    ("ecdsa-rdfc-2019-p256", "/employ", "employmentAuth.json"),
    ("ecdsa-rdfc-2019-p384", "/employ", "employmentAuth.json"),
    ("ecdsa-jcs-2019-p256", "", "unsigned.json"),
    ("ecdsa-jcs-2019-p384", "", "unsigned.json"),
]


@needs_vectors
@pytest.mark.parametrize(("folder", "below", "document_name"), FOLDERS)
def test_the_steps_of_the_published_proofs(folder: str, below: str, document_name: str) -> None:
    suite, curve = folder[:-5], folder[-3:]
    algorithm, hash_name = CURVES[curve]
    place, ending = f"ecdsa/{folder}{below}", f"{'JCS' if 'jcs' in folder else ''}ECDSAP{curve}"
    document, options = read(f"ecdsa/{document_name}"), read(f"{place}/proofConfig{ending}.json")
    for part, prefix in ((document, "canonDoc"), (options, "proofCanon")):
        assert canonical(suite, part, hash_name) == text(f"{place}/{prefix}{ending}.txt")
    key = secret_key(algorithm, read(f"ecdsa/p{curve}KeyPair.json")["secretKeyMultibase"])
    hash_data = SUITES[suite].hash_data(document, options, algorithm, WITH_EXAMPLES)  # type: ignore[attr-defined]
    hashes = [text(f"{place}/{prefix}{ending}.txt").strip() for prefix in ("proofHash", "docHash", "combinedHash")]
    assert hash_data.hex() == hashes[2] == hashes[0] + hashes[1]
    signature = key.sign(hash_data)
    assert signature.hex() == text(f"{place}/sigHex{ending}.txt").strip()
    assert multibase.encode(signature) == text(f"{place}/sigBTC58{ending}.txt").strip()
    signed = read(f"{place}/signed{ending}.json")
    verify(signed, signed["proof"], key_of(signed["proof"]), contexts=WITH_EXAMPLES)


def canonical(suite: str, part: dict[str, Any], hash_name: HashName) -> str:
    if "jcs" in suite:
        return jcs(part).decode()
    return canonicalize(to_quads(part, WITH_EXAMPLES), hash_name=hash_name).nquads


SUITES_AND_KEYS = [(suite, algorithm) for suite in ("ecdsa-rdfc-2019", "ecdsa-jcs-2019") for algorithm in NIST_CURVES]


def signed(badge: dict[str, Any], key: PrivateKey, suite: str, **options: Any) -> dict[str, Any]:
    method = f"{key.public_key.did_key()}#{key.public_key.multibase()}"
    return sign(badge, key, **{"cryptosuite": suite, "verification_method": method, "created": CREATED, **options})


@pytest.mark.parametrize(("suite", "algorithm"), SUITES_AND_KEYS)
def test_signs_and_verifies_a_badge(badge: dict[str, Any], suite: str, algorithm: Algorithm) -> None:
    key = PrivateKey.generate(algorithm)
    document = signed(badge, key, suite)
    [proof] = document["proof"]
    verify(document, proof, key.public_key)
    assert len(multibase.decode(proof["proofValue"])) == 2 * NIST_CURVES[algorithm].length
    for spoilt in ({"created": "2026-03-01T09:30:01Z"}, {"proofValue": multibase.encode(bytes(64))}):
        with pytest.raises(CredentialError, match="signature") as refusal:
            verify(document, proof | spoilt, key.public_key)
        assert refusal.value.code == "bad_signature"
    document["credentialSubject"]["creditsEarned"] = 500
    with pytest.raises(CredentialError) as refusal:
        verify(document, proof, key.public_key)
    assert refusal.value.code == "bad_signature"


@pytest.mark.parametrize(("suite", "algorithm"), SUITES_AND_KEYS)
def test_the_curve_of_another_key_is_not_tried(badge: dict[str, Any], suite: str, algorithm: Algorithm) -> None:
    document = signed(badge, PrivateKey.generate(algorithm), suite)
    other: Algorithm = "ES384" if algorithm == "ES256" else "ES256"
    for wrong, code in ((other, "bad_signature"), ("EdDSA", "alg_key_mismatch")):
        with pytest.raises(CredentialError) as refusal:
            verify(document, document["proof"][0], PrivateKey.generate(wrong).public_key)  # type: ignore[arg-type]
        assert refusal.value.code == code


@pytest.mark.parametrize("spoil", ["der", "short", "long", "zero", "r plus n"])
@pytest.mark.parametrize(("suite", "algorithm"), SUITES_AND_KEYS)
def test_s13_only_raw_signatures_of_the_right_length(
    badge: dict[str, Any], suite: str, algorithm: Algorithm, spoil: str
) -> None:
    key, curve = PrivateKey.generate(algorithm), NIST_CURVES[algorithm]
    document = signed(badge, key, suite)
    raw = multibase.decode(document["proof"][0]["proofValue"])
    spoilt = {
        "der": bytes([0x30, len(raw) + 4, 2, curve.length]) + raw[: curve.length] + bytes([2, curve.length]) + raw,
        "short": raw[:-1],
        "long": raw + b"\0",
        "zero": bytes(2 * curve.length),
        "r plus n": ((int.from_bytes(raw[: curve.length]) + curve.order) % 2 ** (8 * curve.length)).to_bytes(
            curve.length
        )
        + raw[curve.length :],
    }
    with pytest.raises(CredentialError) as refusal:
        verify(document, document["proof"][0] | {"proofValue": multibase.encode(spoilt[spoil])}, key.public_key)
    assert refusal.value.code == "bad_signature"


@pytest.mark.parametrize("suite", ["ecdsa-rdfc-2019", "ecdsa-jcs-2019"])
@pytest.mark.parametrize("algorithm", list(NIST_CURVES))
def test_trap_14_the_twin_of_a_signature_is_the_same_credential(suite: str, algorithm: Algorithm) -> None:
    """(r, n - s) verifies wherever (r, s) does, in every implementation; so nothing is known by its bytes."""
    school, curve = School(algorithm=algorithm), NIST_CURVES[algorithm]
    document = school.prove(school.badge(), suite)
    twin = copy.deepcopy(document)
    raw = multibase.decode(twin["proof"][0]["proofValue"])
    mirrored = (curve.order - int.from_bytes(raw[curve.length :])).to_bytes(curve.length)
    twin["proof"][0]["proofValue"] = multibase.encode(raw[: curve.length] + mirrored)
    answers = [check(one, material(school)) for one in (document, twin)]
    assert [answer.verdict for answer in answers] == ["valid", "valid"]
    digests = {answer.claims.content_digest for answer in answers if answer.claims}
    assert digests == {content_digest(document)}


@pytest.mark.parametrize(("suite", "algorithm"), SUITES_AND_KEYS)
def test_a_whole_verification(suite: str, algorithm: Algorithm) -> None:
    school = School(algorithm=algorithm)
    document = school.prove(school.badge(), suite)
    answer = check(document, material(school))
    assert answer.verdict == "valid"
    assert answer.claims is not None
    assert str(answer.claims.credits_earned) == "9/2"
    assert check(with_subject(document, creditsEarned=450), material(school)).code == "bad_signature"
    assert check(document, material(School())).code == "alg_key_mismatch"


@pytest.mark.parametrize(("suite", "algorithm"), SUITES_AND_KEYS)
def test_members_cannot_be_moved_between_objects_of_one_id(suite: str, algorithm: Algorithm) -> None:
    """RDF takes two objects with one id for one node; canonical JSON does not."""
    school = School(algorithm=algorithm)
    achieved = school.badge()["credentialSubject"]["achievement"]
    twice = with_subject(school.badge(), source={"id": achieved["id"], "type": ["Achievement"], "name": "x"})
    answer = check(school.prove(twice, suite), material(school))
    assert answer.code == (None if "jcs" in suite else "not_canonical_shape")
