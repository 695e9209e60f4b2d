"""ecdsa-sd-2023, step by step against the W3C's two vectors: base proof, derived proof, verification."""

from typing import Any

import pytest

from credentials.canonical import sha256
from credentials.data_integrity import derive, verify, verify_base
from credentials.data_integrity.cryptosuite import Covered
from credentials.data_integrity.disclosure_values import public_key_bytes, read_base, read_derived
from credentials.data_integrity.ecdsa_sd_2023 import OneTimeKeys, base_value
from credentials.data_integrity.over_rdf import configuration_hash
from credentials.data_integrity.selection import select
from credentials.data_integrity.statements import labelled, labels, statements
from credentials.jsonld import to_quads
from credentials.rdf_canonicalization import canonicalize
from tests.credentials.proof_vectors import WITH_EXAMPLES, key_of, needs_vectors, read, secret_key, text

pytestmark = needs_vectors

POINTERS = {
    "employ": ("ecdsa/employMandatory.json", "ecdsa/employSelective.json"),
    "prc": ("ecdsa/prCredMandatory.json", "ecdsa/prCredSelective.json"),
}
BOTH = pytest.mark.parametrize("name", POINTERS)


def step(name: str, file: str) -> Any:
    return read(f"ecdsa/ecdsa-sd-2023/{name}/{file}.json")


def mandatory(name: str) -> list[str]:
    return list(read(POINTERS[name][0]))


def selective(name: str) -> list[str]:
    return list(read(POINTERS[name][1]))


def one_time_keys() -> OneTimeKeys:
    material = read("ecdsa/ecdsa-sd-2023/SDKeyMaterial.json")
    key = secret_key("ES256", material["proofKeyPair"]["secretKeyMultibase"])
    return OneTimeKeys(bytes.fromhex(material["hmacKeyString"]), key)


def unsigned(name: str) -> dict[str, Any]:
    """The document as it was signed; the file of its own differs in a word of one vector."""
    return {member: value for member, value in step(name, "addSignedSDBase").items() if member != "proof"}


def options(name: str) -> dict[str, Any]:
    return {member: value for member, value in step(name, "addProofConfig").items() if member != "@context"}


@BOTH
def test_the_statements_of_a_document_and_their_labels(name: str) -> None:
    document = unsigned(name)
    canonical = canonicalize(to_quads(document, WITH_EXAMPLES))
    assert canonical.nquads == "".join(step(name, "addBaseDocCanon"))
    found = statements(document, one_time_keys().hmac_key, WITH_EXAMPLES)
    assert list(found.lines) == step(name, "addBaseDocHMACCanon")
    parted = step(name, "addBaseTransform")
    assert parted["mandatoryPointers"] == mandatory(name)
    chosen = found.selected(mandatory(name))
    assert [[place, found.lines[place]] for place in sorted(chosen)] == parted["mandatory"]["value"]
    others = [[place, line] for place, line in enumerate(found.lines) if place not in chosen]
    assert others == parted["nonMandatory"]["value"]


@BOTH
def test_the_selected_values(name: str) -> None:
    for entry in step(name, "addPointerValues"):
        value: Any = select(unsigned(name), [entry["pointer"]])
        for token in entry["pointer"].split("/")[1:]:
            value = value[token]
        assert value == entry["value"]


@BOTH
def test_the_base_proof(name: str) -> None:
    configuration = canonicalize(to_quads(step(name, "addProofConfig"), WITH_EXAMPLES))
    assert configuration.nquads == text(f"ecdsa/ecdsa-sd-2023/{name}/addProofConfigCanon.txt")
    covered = Covered(unsigned(name), options(name), WITH_EXAMPLES)
    hashes = step(name, "addHashData")
    assert configuration_hash(covered.document, covered.options, WITH_EXAMPLES).hex() == hashes["proofHash"]
    signed_lines = [line for _, line in step(name, "addBaseTransform")["mandatory"]["value"]]
    assert sha256("".join(signed_lines).encode()).hex() == hashes["mandatoryHash"]
    issuer = secret_key("ES256", read("ecdsa/ecdsa-sd-2023/SDKeyMaterial.json")["baseKeyPair"]["secretKeyMultibase"])
    value = base_value(covered, issuer, mandatory(name), one_time_keys())
    raw = step(name, "addRawBaseSignatureInfo")
    assert value.base_signature.hex() == raw["baseSignature"]
    assert "z" + raw["publicKey"][1:] == one_time_keys().proof_key.public_key.multibase()
    assert [signature.hex() for signature in value.signatures] == raw["signatures"]
    assert list(value.mandatory_pointers) == raw["mandatoryPointers"]
    signed = step(name, "addSignedSDBase")
    assert value.write() == signed["proof"]["proofValue"]
    verify_base(signed, signed["proof"], key_of(signed["proof"]), contexts=WITH_EXAMPLES)


@BOTH
def test_the_base_proof_read_again(name: str) -> None:
    value = read_base(step(name, "addSignedSDBase")["proof"]["proofValue"])
    expected = step(name, "derivedRecoveredBaseData")
    assert value.base_signature.hex() == expected["baseSignature"]
    assert value.hmac_key.hex() == expected["hmacKey"]
    assert [signature.hex() for signature in value.signatures] == expected["signatures"]
    assert list(value.mandatory_pointers) == expected["mandatoryPointers"]
    assert value.public_key == public_key_bytes(one_time_keys().proof_key.public_key)


@BOTH
def test_the_groups_of_statements(name: str) -> None:
    found, expected = (
        statements(unsigned(name), one_time_keys().hmac_key, WITH_EXAMPLES),
        step(name, "derivedGroupIndexes"),
    )
    assert sorted(found.selected(mandatory(name))) == expected["mandatoryIndexes"]
    assert sorted(found.selected(selective(name))) == expected["selectiveIndexes"]
    assert sorted(found.selected([*mandatory(name), *selective(name)])) == expected["combinedIndexes"]


@BOTH
def test_the_derived_proof(name: str) -> None:
    assert select(unsigned(name), [*mandatory(name), *selective(name)]) == step(name, "derivedUnsignedReveal")
    derived = derive(step(name, "addSignedSDBase"), selective(name), contexts=WITH_EXAMPLES)
    value, expected = read_derived(derived["proof"]["proofValue"]), step(name, "derivedDisclosureData")
    assert (
        list(value.mandatory_indexes)
        == expected["mandatoryIndexes"]
        == step(name, "derivedAdjMandatoryIndexes")["adjMandatoryIndexes"]
    )
    assert [signature.hex() for signature in value.signatures] == expected["signatures"]
    named = labels({f"c14n{number}": digest for number, digest in value.labels.items()})
    assert named == dict(expected["labelMap"]["value"])
    assert derived == step(name, "derivedRevealDocument")


@BOTH
def test_the_derived_proof_verified(name: str) -> None:
    document = step(name, "derivedRevealDocument")
    value, expected = read_derived(document["proof"]["proofValue"]), step(name, "verifyCreateVerifyData")
    unsecured = {member: item for member, item in document.items() if member != "proof"}
    quads = to_quads(unsecured, WITH_EXAMPLES)
    canonical = canonicalize(quads).labels
    named = labels({node: value.labels[int(label[4:])] for node, label in canonical.items()})
    lines = sorted(labelled(quads, named))
    assert lines == step(name, "verifyNQuads")
    others = [line for place, line in enumerate(lines) if place not in value.mandatory_indexes]
    assert others == expected["nonMandatory"]
    mandatory_lines = [lines[place] for place in value.mandatory_indexes]
    assert sha256("".join(mandatory_lines).encode()).hex() == expected["mandatoryHash"]
    verify(document, document["proof"], key_of(document["proof"]), contexts=WITH_EXAMPLES)
