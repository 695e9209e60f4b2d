"""Wycheproof's signatures at our own functions: none that it calls invalid is accepted, none valid refused."""

import json
from pathlib import Path
from typing import Any

import pytest

from credentials.errors import CredentialError
from credentials.keys import PublicKey

VECTORS = Path(__file__).resolve().parents[3] / "shared" / "vectors" / "wycheproof"
FILES = {
    "ed25519_test.json": 151,
    "ecdsa_secp256r1_sha256_p1363_test.json": 262,
    "ecdsa_secp384r1_sha384_p1363_test.json": 280,
}


def accepted(key: PublicKey, test: dict[str, Any]) -> bool:
    try:
        key.verify(bytes.fromhex(test["sig"]), bytes.fromhex(test["msg"]))
    except CredentialError:
        return False
    return True


def key_of(group: dict[str, Any]) -> PublicKey | None:
    """The group's key; where it is not one of ours to accept, no signature of the group may be valid."""
    jwk = group.get("publicKeyJwk") or group.get("jwk")
    try:
        if jwk is not None:
            return PublicKey.from_jwk({name: value for name, value in jwk.items() if name != "kid"})
        point = bytes.fromhex(group["publicKey"]["uncompressed"])
        half = (len(point) - 1) // 2
        algorithm = "ES256" if half == 32 else "ES384"
        return PublicKey(algorithm, bytes([2 + point[-1] % 2]) + point[1 : 1 + half])  # type: ignore[arg-type]
    except CredentialError:
        return None


@pytest.mark.parametrize(("name", "count"), FILES.items())
def test_signatures(name: str, count: int) -> None:
    path = VECTORS / name
    if not path.is_file():
        pytest.skip("the Wycheproof vectors are not beside the project (../shared/vectors/wycheproof)")
    tried = 0
    for group in json.loads(path.read_bytes())["testGroups"]:
        key = key_of(group)
        for test in group["tests"]:
            tried += 1
            assert test["result"] in ("valid", "invalid", "acceptable")
            verdict = key is not None and accepted(key, test)
            if test["result"] != "acceptable":
                assert verdict == (test["result"] == "valid"), (name, test["tcId"], test["comment"])
    assert tried == count
