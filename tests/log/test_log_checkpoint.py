"""Checkpoints: what the log signs, and what a verifier with one pinned key believes."""

from base64 import b64decode

import pytest

from credentials.keys import PrivateKey
from creditbank.log.checkpoint import Checkpoint, TrustedLog, check_extends, open_checkpoint
from creditbank.log.errors import (
    BadNoteSignature,
    CheckpointNotSigned,
    LogForked,
    LogKeyRetired,
    MalformedCheckpoint,
    MalformedLogKey,
    OriginUnknown,
    TooFewWitnesses,
)
from creditbank.log.note import Kind, Note, VerifierKey
from creditbank.log.tree import EMPTY_ROOT, Frontier, leaf_hash, node_hash

ORIGIN = "bank.example/log"
BANK = PrivateKey.from_bytes("EdDSA", bytes([1]) * 32)
BANK_KEY = VerifierKey(ORIGIN, BANK.public_key.material)
LOG = TrustedLog(BANK_KEY)
WITNESSES = [PrivateKey.from_bytes("EdDSA", bytes([n]) * 32) for n in (11, 12, 13)]
WITNESS_KEYS = [
    VerifierKey(f"w{n}.example", w.public_key.material, Kind.COSIGNATURE_V1) for n, w in enumerate(WITNESSES)
]

LEAVES = [leaf_hash(bytes([n])) for n in range(4)]
HEAD = Checkpoint(ORIGIN, 4, Frontier().append(LEAVES)[0].root())
SIGNED = HEAD.signed_by(BANK_KEY, BANK)


def signed_text(text: str) -> bytes:
    """Whatever the text, well signed by the bank: what is wrong is then the text alone."""
    return Note(text).signed_by(BANK_KEY, BANK).encode()


def cosigned(*numbers: int) -> bytes:
    note = Note.parse(SIGNED)
    for number in numbers:
        note = note.signed_by(WITNESS_KEYS[number], WITNESSES[number], timestamp=1_800_000_000 + number)
    return note.encode()


def test_the_specification_s_example_is_read() -> None:
    text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    checkpoint = Checkpoint.parse(text)
    root = b64decode("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=")
    assert checkpoint == Checkpoint("example.com/behind-the-sofa", 20852163, root)
    assert checkpoint.text == text


def test_a_signed_checkpoint_is_believed_by_whoever_pinned_the_key() -> None:
    opened = open_checkpoint(SIGNED, LOG)
    assert (opened.checkpoint, opened.cosignatures) == (HEAD, ())
    assert SIGNED.startswith(b"bank.example/log\n4\n")


def test_the_empty_log_has_a_checkpoint_and_only_one_root() -> None:
    empty = Checkpoint(ORIGIN, 0, EMPTY_ROOT)
    assert open_checkpoint(empty.signed_by(BANK_KEY, BANK), LOG).checkpoint == empty
    with pytest.raises(MalformedCheckpoint):
        Checkpoint(ORIGIN, 0, LEAVES[0])


ROOT = HEAD.text.split("\n")[2]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"{ORIGIN}\n04\n{ROOT}\n", id="a leading zero"),
        pytest.param(f"{ORIGIN}\n9223372036854775808\n{ROOT}\n", id="size 2^63"),
        pytest.param(f"{ORIGIN}\n{'9' * 5000}\n{ROOT}\n", id="a size of 5000 digits"),
        pytest.param(f"{ORIGIN}\n-1\n{ROOT}\n", id="a negative size"),
        pytest.param(f"{ORIGIN}\n+4\n{ROOT}\n", id="a signed size"),
        pytest.param(f"{ORIGIN}\n4 \n{ROOT}\n", id="a space after the size"),
        pytest.param(f"{ORIGIN}\n٤\n{ROOT}\n", id="an Arabic digit"),
        pytest.param(f"{ORIGIN}\n\n{ROOT}\n", id="no size"),
        pytest.param(f"\n4\n{ROOT}\n", id="no origin"),
        pytest.param(f"{ORIGIN}\n4\n", id="no root"),
        pytest.param(f"{ORIGIN}\n4\n{ROOT}\nmore\n", id="an extra line"),
        pytest.param(f"{ORIGIN}\n4\n{ROOT}\n\n", id="an empty line"),
        pytest.param(f"{ORIGIN}\n4\n{ROOT[:-1]}\n", id="base64 without its padding"),
        pytest.param(f"{ORIGIN}\n4\nAAAA\n", id="a short root"),
        pytest.param(f"{ORIGIN}\n0\n{ROOT}\n", id="the empty tree with another root"),
    ],
)
def test_a_malformed_text_is_refused_though_well_signed(text: str) -> None:
    with pytest.raises(MalformedCheckpoint) as refusal:
        open_checkpoint(signed_text(text), LOG)
    assert refusal.value.code == "malformed_checkpoint"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(SIGNED.replace(b"\n", b"\r\n"), id="CRLF"),
        pytest.param(SIGNED + SIGNED.split(b"\n")[4] + b"\n", id="the signature line twice"),
        pytest.param(HEAD.text.encode(), id="no signature"),
        pytest.param(SIGNED[:-2], id="cut off"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_a_malformed_note_is_a_malformed_checkpoint(data: bytes) -> None:
    with pytest.raises(MalformedCheckpoint):
        open_checkpoint(data, LOG)


def test_a_line_in_the_log_s_name_under_another_key_id_is_refused() -> None:
    thief = PrivateKey.from_bytes("EdDSA", bytes([9]) * 32)
    forged = HEAD.signed_by(VerifierKey(ORIGIN, thief.public_key.material), thief)
    with pytest.raises(MalformedCheckpoint):
        open_checkpoint(forged, LOG)


def test_another_log_is_refused_even_by_the_same_operator() -> None:
    other = VerifierKey("bank.example/log2", BANK.public_key.material)
    fresh = Checkpoint(other.name, 4, HEAD.root).signed_by(other, BANK)
    with pytest.raises(OriginUnknown):
        open_checkpoint(fresh, LOG)
    with pytest.raises(OriginUnknown):
        HEAD.signed_by(other, BANK)


def test_witnesses_alone_do_not_make_a_checkpoint() -> None:
    note = Note(HEAD.text).signed_by(WITNESS_KEYS[0], WITNESSES[0], timestamp=1)
    with pytest.raises(CheckpointNotSigned):
        open_checkpoint(note.encode(), LOG, witnesses=WITNESS_KEYS)


def test_another_root_under_the_old_signature_is_refused() -> None:
    forged = SIGNED.replace(ROOT.encode(), b"A" * 43 + b"=")
    with pytest.raises(BadNoteSignature):
        open_checkpoint(forged, LOG)


def test_witnesses_are_counted_once_each_and_only_if_known() -> None:
    opened = open_checkpoint(cosigned(0, 2), LOG, witnesses=WITNESS_KEYS, quorum=2)
    assert [v.timestamp for v in opened.cosignatures] == [1_800_000_000, 1_800_000_002]
    assert not open_checkpoint(cosigned(0, 2), LOG).cosignatures
    for data, known in [(cosigned(0, 2), WITNESS_KEYS[:2]), (cosigned(1), WITNESS_KEYS), (SIGNED, WITNESS_KEYS)]:
        with pytest.raises(TooFewWitnesses):
            open_checkpoint(data, LOG, witnesses=known, quorum=2)


def test_one_witness_under_two_names_is_one_witness() -> None:
    alias = VerifierKey("w9.example", WITNESS_KEYS[0].public_key, Kind.COSIGNATURE_V1)
    note = Note.parse(cosigned(0)).signed_by(alias, WITNESSES[0], timestamp=1)
    with pytest.raises(TooFewWitnesses):
        open_checkpoint(note.encode(), LOG, witnesses=[*WITNESS_KEYS, alias], quorum=2)


def test_a_retired_key_is_accepted_up_to_its_last_size() -> None:
    assert open_checkpoint(SIGNED, TrustedLog(BANK_KEY, last_size=4)).checkpoint == HEAD
    with pytest.raises(LogKeyRetired):
        open_checkpoint(SIGNED, TrustedLog(BANK_KEY, last_size=3))


def test_a_witness_s_key_does_not_make_a_log() -> None:
    with pytest.raises(MalformedLogKey):
        TrustedLog(WITNESS_KEYS[0])


def test_growth_is_proved_and_a_fork_is_named() -> None:
    two = Checkpoint(ORIGIN, 2, node_hash(*LEAVES[:2]))
    proof = [node_hash(*LEAVES[2:])]
    check_extends(two, HEAD, proof)
    check_extends(HEAD, HEAD, [])
    check_extends(Checkpoint(ORIGIN, 0, EMPTY_ROOT), HEAD, [])
    rewritten = Checkpoint(ORIGIN, 2, node_hash(LEAVES[1], LEAVES[0]))
    twin = Checkpoint(ORIGIN, 4, LEAVES[0])
    for older, newer, path in [(rewritten, HEAD, proof), (HEAD, twin, []), (HEAD, two, proof), (two, HEAD, [])]:
        with pytest.raises(LogForked) as refusal:
            check_extends(older, newer, path)
        assert refusal.value.code == "log_forked"


def test_checkpoints_of_two_logs_are_not_compared() -> None:
    with pytest.raises(OriginUnknown):
        check_extends(Checkpoint("other.example", 4, HEAD.root), HEAD, [])
