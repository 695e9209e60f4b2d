"""Receipts: handed to a learner, carried anywhere, and checked offline with the bank's public key."""

from base64 import b64encode
from dataclasses import replace
from hashlib import sha256

import pytest

from credentials.keys import PrivateKey
from creditbank.log.checkpoint import Checkpoint, TrustedLog
from creditbank.log.errors import (
    BadNoteSignature,
    InclusionProofInvalid,
    MalformedLeaf,
    MalformedReceipt,
    OriginUnknown,
    TooFewWitnesses,
)
from creditbank.log.leaf import Opening
from creditbank.log.note import Kind, Note, VerifierKey, write_base64
from creditbank.log.proof import assemble, plan_inclusion
from creditbank.log.receipt import MAX_RECEIPT_BYTES, Receipt
from creditbank.log.tree import Frontier

ORIGIN = "bank.example/log"
BANK = PrivateKey.from_bytes("EdDSA", bytes([1]) * 32)
BANK_KEY = VerifierKey(ORIGIN, BANK.public_key.material)
LOG = TrustedLog(BANK_KEY)
OPENINGS = [Opening(sha256(bytes([n])).digest()[:16], b'{"entry":%d}' % n) for n in range(9)]


def issue(index: int) -> Receipt:
    """The bank logs nine entries and gives out the receipt of one."""
    leaves = [opening.leaf_hash() for opening in OPENINGS]
    head = Checkpoint(ORIGIN, 9, Frontier().append(leaves)[0].root())
    proof = assemble(plan_inclusion(index, 9), {(0, n): leaf for n, leaf in enumerate(leaves)})
    return Receipt.for_opening(OPENINGS[index], index, proof, head.signed_by(BANK_KEY, BANK))


@pytest.mark.parametrize("index", range(9))
def test_a_receipt_and_the_entry_prove_the_entry_to_whoever_pinned_the_key(index: int) -> None:
    carried = Receipt.parse(issue(index).encode())
    assert carried == issue(index)
    signed = carried.check(OPENINGS[index].entry, TrustedLog(VerifierKey.parse(BANK_KEY.vkey)))
    assert (signed.checkpoint.size, signed.checkpoint.origin) == (9, ORIGIN)
    assert carried.check(OPENINGS[index], LOG) == signed


def test_it_is_written_as_the_specification_says() -> None:
    receipt = issue(8)
    lines = receipt.encode().decode().split("\n")
    assert lines[0] == "c2sp.org/tlog-proof@v1"
    assert lines[1] == "extra " + write_base64(b"\x01" + OPENINGS[8].salt)
    assert lines[2:5] == ["index 8", write_base64(receipt.proof[0]), ""]
    assert "\n".join(lines[5:]).encode() == receipt.checkpoint


H1, H2 = sha256(b"hash1").digest(), sha256(b"hash2").digest()
B1, B2 = b64encode(H1).decode(), b64encode(H2).decode()


@pytest.mark.parametrize(
    ("receipt", "text"),
    [  # transparency-dev/formats, proof/tlog_proof_test.go, TestMarshal
        (
            Receipt(5, (H1, H2), b"test checkpoint\n"),
            f"c2sp.org/tlog-proof@v1\nindex 5\n{B1}\n{B2}\n\ntest checkpoint\n",
        ),
        (
            Receipt(10, (H1,), b"checkpoint data\n", b"extra information"),
            f"c2sp.org/tlog-proof@v1\nextra ZXh0cmEgaW5mb3JtYXRpb24=\nindex 10\n{B1}\n\ncheckpoint data\n",
        ),
        (Receipt(0, (), b"checkpoint\n"), "c2sp.org/tlog-proof@v1\nindex 0\n\ncheckpoint\n"),
    ],
)
def test_the_published_cases_of_transparency_dev_formats(receipt: Receipt, text: str) -> None:
    assert receipt.encode().decode() == text
    assert Receipt.parse(text.encode()) == receipt


def test_another_entry_under_the_same_receipt_is_refused() -> None:
    receipt = issue(3)
    for entry in (b'{"entry":4}', b"", OPENINGS[3].entry + b" ", OPENINGS[4]):
        with pytest.raises(InclusionProofInvalid) as refusal:
            receipt.check(entry, LOG)
        assert refusal.value.code == "inclusion_proof_invalid"


def test_another_salt_index_or_path_is_refused() -> None:
    receipt, entry = issue(3), OPENINGS[3].entry
    changes: list[Receipt] = [
        replace(receipt, extra=b"\x01" + bytes(16)),
        replace(receipt, index=2),
        replace(receipt, index=9),
        replace(receipt, proof=receipt.proof[:-1]),
        replace(receipt, proof=(*receipt.proof, bytes(32))),
        replace(receipt, proof=receipt.proof[::-1]),
    ]
    for forged in changes:
        with pytest.raises(InclusionProofInvalid):
            forged.check(entry, LOG)


def test_a_receipt_of_another_log_or_by_another_key_is_refused() -> None:
    receipt, entry = issue(3), OPENINGS[3].entry
    with pytest.raises(OriginUnknown):
        receipt.check(entry, TrustedLog(VerifierKey("other.example/log", BANK.public_key.material)))
    broken = receipt.checkpoint.replace(b"\n9\n", b"\n8\n")
    with pytest.raises(BadNoteSignature):
        replace(receipt, checkpoint=broken).check(entry, LOG)


def test_a_verifier_may_ask_for_witnesses() -> None:
    witness = PrivateKey.from_bytes("EdDSA", bytes([2]) * 32)
    key = VerifierKey("w.example", witness.public_key.material, Kind.COSIGNATURE_V1)
    receipt, entry = issue(3), OPENINGS[3].entry
    with pytest.raises(TooFewWitnesses):
        receipt.check(entry, LOG, witnesses=[key], quorum=1)
    note = Note.parse(receipt.checkpoint).signed_by(key, witness, timestamp=1_800_000_000)
    signed = replace(receipt, checkpoint=note.encode()).check(entry, LOG, witnesses=[key], quorum=1)
    assert [v.timestamp for v in signed.cosignatures] == [1_800_000_000]


def test_extra_data_that_is_no_salt_does_not_open_a_leaf() -> None:
    receipt, opening = issue(3), OPENINGS[3]
    for extra in (b"", b"\x01", b"\x01" + bytes(17)):
        with pytest.raises(MalformedReceipt):
            replace(receipt, extra=extra).check(opening.entry, LOG)
        assert replace(receipt, extra=extra).check(opening, LOG).checkpoint.size == 9
    with pytest.raises(MalformedLeaf):
        replace(receipt, extra=b"\x02" + opening.salt).check(opening.entry, LOG)


HEADER = "c2sp.org/tlog-proof@v1\n"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("wrong-header\nindex 0\n\ncheckpoint\n", id="another header"),
        pytest.param(f"{HEADER}extra !!\nindex 0\n\ncheckpoint\n", id="extra data not base64"),
        pytest.param(f"{HEADER}\n\ncheckpoint\n", id="no index"),
        pytest.param(f"{HEADER}index notanumber\n\ncheckpoint\n", id="an index that is no number"),
        pytest.param(f"{HEADER}index -5\n\ncheckpoint\n", id="a negative index"),
        pytest.param(f"{HEADER}index 05\n\ncheckpoint\n", id="a leading zero"),
        pytest.param(f"{HEADER}index 9223372036854775808\n\ncheckpoint\n", id="an index of 2^63"),
        pytest.param(f"{HEADER}index 0\nextra AAAA\n\ncheckpoint\n", id="extra after the index"),
        pytest.param(f"{HEADER}extra AAAA\nextra AAAA\nindex 0\n\ncheckpoint\n", id="extra twice"),
        pytest.param(f"{HEADER}index 0\n!!\n\ncheckpoint\n", id="a hash not base64"),
        pytest.param(f"{HEADER}index 0\n{write_base64(bytes(64))}\n\ncheckpoint\n", id="a hash of 64 bytes"),
        pytest.param(f"{HEADER}index 0\n" + f"{write_base64(bytes(32))}\n" * 64 + "\ncheckpoint\n", id="64 hashes"),
        pytest.param(f"{HEADER}extra {write_base64(bytes(1025))}\nindex 0\n\nx\n", id="too much extra data"),
        pytest.param(f"{HEADER}index 0\r\n\ncheckpoint\n", id="CR"),
        pytest.param(f"{HEADER}index 0\n", id="no checkpoint"),
        pytest.param(f"{HEADER}index 0\n\n", id="an empty checkpoint"),
        pytest.param(f"{HEADER}index ٣\n\ncheckpoint\n", id="an Arabic digit"),
        pytest.param("x" * (MAX_RECEIPT_BYTES + 1), id="too long"),
    ],
)
def test_a_malformed_receipt_is_refused(text: str) -> None:
    with pytest.raises(MalformedReceipt) as refusal:
        Receipt.parse(text.encode())
    assert refusal.value.code == "malformed_receipt"
