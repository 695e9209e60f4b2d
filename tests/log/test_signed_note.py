"""C2SP signed-note and cosignatures: the specification's examples, and notes that bend its rules."""

import pytest

from credentials.keys import PrivateKey
from creditbank.log.errors import BadNoteSignature, MalformedLogKey, MalformedNote
from creditbank.log.note import MAX_NOTE_BYTES, Kind, Note, Signature, VerifierKey, write_base64

# signed-note.md, "Verifier keys", example
SPEC_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
SPEC_NOTE = (
    "This is an example message.\n\n— example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
# golang.org/x/mod/sumdb/note, the package's own example
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
# signed-note.md, "A note": several paragraphs, beyond ASCII
POEM = (
    "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n"
    "— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n"  # noqa: E501
)
# tlog-cosignature.md, the example checkpoint
COSIGNED = (
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"  # noqa: E501
    "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"  # noqa: E501
)

ALICE = PrivateKey.from_bytes("EdDSA", bytes([1]) * 32)
WITNESS = PrivateKey.from_bytes("EdDSA", bytes([2]) * 32)
ALICE_KEY = VerifierKey("bank.example/log", ALICE.public_key.material)
WITNESS_KEY = VerifierKey("witness.example/w1", WITNESS.public_key.material, Kind.COSIGNATURE_V1)
TEXT = "a line\n"


@pytest.mark.parametrize(("vkey", "note"), [(SPEC_KEY, SPEC_NOTE), (GO_KEY, GO_NOTE)])
def test_published_notes_verify_under_their_published_keys(vkey: str, note: str) -> None:
    key = VerifierKey.parse(vkey)
    assert key.vkey == vkey
    parsed = Note.parse(note.encode())
    assert [verified.key for verified in parsed.verify([key])] == [key]
    assert parsed.encode() == note.encode()


@pytest.mark.parametrize("note", [POEM, COSIGNED, GO_NOTE])
def test_published_notes_survive_reading_and_writing(note: str) -> None:
    parsed = Note.parse(note.encode())
    assert parsed.encode() == note.encode()
    assert parsed.text == note[: note.rindex("\n\n") + 1]


def test_the_published_cosignature_carries_its_time() -> None:
    witness = Note.parse(COSIGNED.encode()).signatures[1]
    assert (witness.name, len(witness.blob), int.from_bytes(witness.blob[:8])) == (
        "witness.example.com/w1",
        8 + 64,
        1679315147,
    )


def test_a_changed_text_is_refused_whole() -> None:
    changed = SPEC_NOTE.replace("example message", "exemple message")
    with pytest.raises(BadNoteSignature) as refusal:
        Note.parse(changed.encode()).verify([VerifierKey.parse(SPEC_KEY)])
    assert refusal.value.code == "bad_note_signature"


def test_log_and_witness_sign_one_text_and_strangers_are_ignored() -> None:
    stranger = PrivateKey.from_bytes("EdDSA", bytes([3]) * 32)
    namesake = VerifierKey(ALICE_KEY.name, stranger.public_key.material)
    note = Note(TEXT).signed_by(namesake, stranger).signed_by(ALICE_KEY, ALICE)
    note = note.signed_by(WITNESS_KEY, WITNESS, timestamp=1_700_000_000)
    found = Note.parse(note.encode()).verify([ALICE_KEY, WITNESS_KEY])
    assert [(v.key, v.timestamp) for v in found] == [(ALICE_KEY, None), (WITNESS_KEY, 1_700_000_000)]


def test_a_witness_signs_the_two_lines_that_its_specification_adds() -> None:
    note = Note(TEXT).signed_by(WITNESS_KEY, WITNESS, timestamp=1679315147)
    WITNESS.public_key.verify(note.signatures[0].blob[8:], b"cosignature/v1\ntime 1679315147\n" + TEXT.encode())


def test_a_cosignature_moved_to_another_time_is_refused() -> None:
    line = Note(TEXT).signed_by(WITNESS_KEY, WITNESS, timestamp=1).signatures[0]
    moved = Note(TEXT, (Signature(line.name, line.key_id, (2).to_bytes(8) + line.blob[8:]),))
    with pytest.raises(BadNoteSignature):
        moved.verify([WITNESS_KEY])


@pytest.mark.parametrize("blob", [b"", bytes(63), bytes(65), b"\x80" + bytes(71), bytes(72)])
def test_a_signature_of_another_shape_is_refused(blob: bytes) -> None:
    for key in (ALICE_KEY, WITNESS_KEY):
        with pytest.raises(BadNoteSignature):
            Note(TEXT, (Signature(key.name, key.key_id, blob),)).verify([key])


def test_a_signer_who_is_not_the_key_s_lets_nothing_out() -> None:
    with pytest.raises(BadNoteSignature):
        Note(TEXT).signed_by(ALICE_KEY, WITNESS)


def test_a_log_s_signature_has_no_time_and_a_witness_s_has_one() -> None:
    with pytest.raises(BadNoteSignature):
        Note(TEXT).signed_by(ALICE_KEY, ALICE, timestamp=1)
    with pytest.raises(BadNoteSignature):
        Note(TEXT).signed_by(WITNESS_KEY, WITNESS)


SIGNED = Note(TEXT).signed_by(ALICE_KEY, ALICE).encode()
LINE = SIGNED.decode().split("\n")[2]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(TEXT.encode(), id="no signatures"),
        pytest.param(f"{TEXT}\n".encode(), id="a blank line and no signatures"),
        pytest.param(SIGNED[:-1], id="no last newline"),
        pytest.param(SIGNED + b"\n", id="a blank line at the end"),
        pytest.param(SIGNED.replace(b"\n", b"\r\n"), id="CRLF"),
        pytest.param(b"\ta" + SIGNED, id="a tab"),
        pytest.param(b"\x00" + SIGNED, id="a zero"),
        pytest.param(b"\xff" + SIGNED, id="not UTF-8"),
        pytest.param(b"\xed\xa0\x80" + SIGNED, id="half a character"),
        pytest.param(f"{TEXT}\n{LINE}\n{LINE}\n".encode(), id="the same line twice"),
        pytest.param(f"{TEXT}\n{LINE}\nmore text\n".encode(), id="text among the signatures"),
        pytest.param(f"{TEXT}\n{LINE.replace('—', '-')}\n".encode(), id="a hyphen for the dash"),
        pytest.param(f"{TEXT}\n{LINE} \n".encode(), id="a space at the end of a line"),
        pytest.param(f"{TEXT}\n{LINE.replace(' bank', '  bank')}\n".encode(), id="two spaces"),
        pytest.param(f"{TEXT}\n{LINE.replace('bank', 'ba+nk')}\n".encode(), id="a plus in the name"),
        pytest.param(f"{TEXT}\n— ba\u3000nk AAAAAAAA\n".encode(), id="a wide space in the name"),
        pytest.param(f"{TEXT}\n— bank.example/log\n".encode(), id="a name and no signature"),
        pytest.param(f"{TEXT}\n— bank.example/log AAAAAA==\n".encode(), id="a key id and no signature"),
        pytest.param(f"{TEXT}\n— bank.example/log AAAAAAB=\n".encode(), id="stray bits in the base64"),
        pytest.param(f"{TEXT}\n— bank.example/log AAAAAA_-\n".encode(), id="base64 for URLs"),
        pytest.param(b"x" * (MAX_NOTE_BYTES + 1), id="too long"),
    ],
)
def test_a_malformed_note_is_refused(data: bytes) -> None:
    with pytest.raises(MalformedNote) as refusal:
        Note.parse(data)
    assert refusal.value.code == "malformed_note"


def test_sixteen_signatures_are_read_and_sixty_five_are_not() -> None:
    lines = [f"— w{n} {write_base64(n.to_bytes(4) + bytes(2428))}" for n in range(65)]
    assert len(Note.parse("\n".join([TEXT, *lines[:16], ""]).encode()).signatures) == 16
    with pytest.raises(MalformedNote):
        Note.parse("\n".join([TEXT, *lines, ""]).encode())


@pytest.mark.parametrize("text", ["", "no newline", "a\rb\n", "\ud800\n"])
def test_a_text_that_no_note_can_hold_is_not_signed(text: str) -> None:
    with pytest.raises(MalformedNote):
        Note(text)


def test_an_unsigned_note_is_not_written() -> None:
    with pytest.raises(MalformedNote):
        Note(TEXT).encode()


@pytest.mark.parametrize(
    "vkey",
    [
        pytest.param("", id="nothing"),
        pytest.param(SPEC_KEY.replace("530d903a", "530d903b"), id="another id"),
        pytest.param(SPEC_KEY.replace("530d903a", "530D903A"), id="an id in capitals"),
        pytest.param(SPEC_KEY.replace("foo", "bar"), id="another name"),
        pytest.param(SPEC_KEY.replace("foo", "f o"), id="a space in the name"),
        pytest.param("+530d903a+" + SPEC_KEY.split("+", 2)[2], id="no name"),
        pytest.param(SPEC_KEY[:-4], id="a short key"),
        pytest.param("a+00000000+", id="no key"),
        pytest.param("a+00000000+Ag==", id="a kind not used here"),
        pytest.param("a+00000000+!!!!", id="not base64"),
        pytest.param("rekor+c0d23d6a+AjBZ", id="ECDSA"),
    ],
)
def test_a_malformed_verifier_key_is_refused(vkey: str) -> None:
    with pytest.raises(MalformedLogKey) as refusal:
        VerifierKey.parse(vkey)
    assert refusal.value.code == "malformed_log_key"


@pytest.mark.parametrize("raw", [bytes([1]) + bytes(31), bytes(32), bytes(31)])
def test_a_key_that_anybody_can_sign_for_is_refused(raw: bytes) -> None:
    with pytest.raises(MalformedLogKey):
        VerifierKey("bank.example/log", raw)
