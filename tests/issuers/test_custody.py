"""Secrets at rest: bound to their place, to their key, and re-wrapped without being opened."""

import secrets

import pytest

from credentials.keys import PrivateKey, Signer
from issuers.custody import (
    DataKey,
    Envelope,
    HostedKey,
    HostedSigner,
    Keyring,
    LocalKeyEncryptionKey,
    context_of,
    generate_hosted_key,
    kek_id,
)
from issuers.errors import CustodyError

HERE, ELSEWHERE = context_of("note", "learner-1"), context_of("note", "learner-2")


def kek() -> LocalKeyEncryptionKey:
    return LocalKeyEncryptionKey(secrets.token_bytes(32))


def code_of(action: object, *arguments: object) -> str:
    with pytest.raises(CustodyError) as refusal:
        action(*arguments)  # type: ignore[operator]
    return refusal.value.code


def test_what_is_sealed_opens_again_and_looks_different_every_time() -> None:
    envelope = Envelope(Keyring(kek()))
    first, second = envelope.seal(b"secret", HERE), envelope.seal(b"secret", HERE)
    assert first != second
    assert b"secret" not in first + second
    assert envelope.open(first, HERE) == envelope.open(second, HERE) == b"secret"


def test_a_sealed_value_moved_to_another_row_does_not_open() -> None:
    envelope = Envelope(Keyring(kek()))
    assert code_of(envelope.open, envelope.seal(b"secret", HERE), ELSEWHERE) == "unsealing_failed"


def test_every_single_altered_byte_is_noticed() -> None:
    envelope = Envelope(Keyring(kek()))
    sealed = envelope.seal(b"secret", HERE)
    for position in range(len(sealed)):
        altered = sealed[:position] + bytes([sealed[position] ^ 1]) + sealed[position + 1 :]
        assert code_of(envelope.open, altered, HERE) in {"malformed_envelope", "kek_mismatch", "unsealing_failed"}


def test_every_truncation_is_noticed() -> None:
    envelope = Envelope(Keyring(kek()))
    sealed = envelope.seal(b"secret", HERE)
    for length in range(len(sealed)):
        assert code_of(envelope.open, sealed[:length], HERE) in {"malformed_envelope", "unsealing_failed"}


def test_contexts_never_run_into_each_other() -> None:
    assert len({context_of("a", "bc"), context_of("ab", "c"), context_of("abc"), context_of("a", "b", "c")}) == 4


def test_rotation_rewraps_and_the_old_key_can_go() -> None:
    old, new = kek(), kek()
    sealed = Envelope(Keyring(old)).seal(b"secret", HERE)
    both = Envelope(Keyring(new, [old]))
    rewrapped = both.rewrap(sealed, HERE)
    assert (kek_id(sealed), kek_id(rewrapped)) == (old.id, new.id)
    assert both.rewrap(rewrapped, HERE) == rewrapped
    alone = Envelope(Keyring(new))
    assert alone.open(rewrapped, HERE) == b"secret"
    assert code_of(alone.open, sealed, HERE) == "kek_mismatch"


def test_a_learners_key_seals_many_values_and_dies_once() -> None:
    keyring = Keyring(kek())
    data_key, wrapped = keyring.new_data_key(context_of("learner", "1"))
    sealed = [data_key.seal(text, HERE) for text in (b"name", b"e-mail")]
    again = keyring.unwrap(wrapped, context_of("learner", "1"))
    assert [again.open(value, HERE) for value in sealed] == [b"name", b"e-mail"]
    assert code_of(keyring.unwrap, wrapped, context_of("learner", "2")) == "unsealing_failed"
    stranger, _ = keyring.new_data_key(context_of("learner", "1"))
    assert code_of(stranger.open, sealed[0], HERE) == "unsealing_failed"


def test_a_bank_that_starts_with_the_wrong_key_is_told_so() -> None:
    right, wrong = kek(), kek()
    check_value = Keyring(right).check_value()
    Keyring(right).check(check_value)
    Keyring(wrong, [right]).check(check_value)
    assert code_of(Keyring(wrong).check, check_value) == "kek_mismatch"


def test_a_wrong_key_under_the_right_name_is_told_so_too() -> None:
    right, impostor = kek(), kek()
    check_value = Keyring(right).check_value()
    impostor._id = right.id
    assert code_of(Keyring(impostor).check, check_value) == "kek_mismatch"


@pytest.mark.parametrize("secret", [b"", b"x" * 16, b"x" * 31, b"x" * 33])
def test_a_key_encryption_key_has_32_bytes(secret: bytes) -> None:
    assert code_of(LocalKeyEncryptionKey, secret) == "malformed_kek"


@pytest.mark.parametrize("algorithm", ["EdDSA", "ES256", "ES384"])
def test_a_hosted_key_signs_without_ever_leaving_its_envelope_in_sight(algorithm: str) -> None:
    envelope = Envelope(Keyring(kek()))
    hosted = generate_hosted_key(envelope, "college", algorithm)  # type: ignore[arg-type]
    signer: Signer = HostedSigner(hosted, envelope)
    signer.public_key.verify(signer.sign(b"a credential"), b"a credential")
    assert "sealed" not in repr(hosted)


def test_a_hosted_key_put_into_another_issuers_row_does_not_sign() -> None:
    envelope = Envelope(Keyring(kek()))
    hosted = generate_hosted_key(envelope, "college", "EdDSA")
    other_issuer = HostedKey("university", hosted.public_key, hosted.sealed)
    other_key = HostedKey("college", PrivateKey.generate("EdDSA").public_key, hosted.sealed)
    for stolen in (other_issuer, other_key):
        assert code_of(HostedSigner(stolen, envelope).sign, b"x") == "unsealing_failed"


def test_a_data_key_does_not_show_itself() -> None:
    assert repr(DataKey(b"k" * 32)) == "DataKey()"
