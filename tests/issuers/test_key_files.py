"""Key-encryption keys as files: private, whole, and replaced by rotation."""

import stat
from pathlib import Path

import pytest

from issuers.custody import Envelope, context_of, kek_id
from issuers.errors import CustodyError
from issuers.key_files import create_kek, load_keyring

HERE = context_of("note")


def test_a_new_folder_is_for_its_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    made = create_kek(folder)
    (path,) = folder.iterdir()
    assert [stat.S_IMODE(p.stat().st_mode) for p in (folder, path)] == [0o700, 0o600]
    assert load_keyring(folder).current.id == made.current.id
    assert path.name == f"kek-0001-{made.current.id}.key"


def test_rotation_wraps_with_the_new_key_and_opens_with_the_old(tmp_path: Path) -> None:
    old = create_kek(tmp_path)
    sealed = Envelope(old).seal(b"secret", HERE)
    new = create_kek(tmp_path)
    rewrapped = Envelope(new).rewrap(sealed, HERE)
    assert Envelope(load_keyring(tmp_path)).open(sealed, HERE) == b"secret"
    next(tmp_path.glob("kek-0001-*")).unlink()
    alone = Envelope(load_keyring(tmp_path))
    assert kek_id(rewrapped) == new.current.id
    assert alone.open(rewrapped, HERE) == b"secret"
    with pytest.raises(CustodyError) as refusal:
        alone.open(sealed, HERE)
    assert refusal.value.code == "kek_mismatch"


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (lambda path: path.unlink(), "kek_missing"),
        (lambda path: path.chmod(0o640), "kek_exposed"),
        (lambda path: path.write_bytes(path.read_bytes()[:31]), "malformed_kek"),
        (lambda path: path.write_bytes(b"k" * 32), "kek_mismatch"),
        (lambda path: path.rename(path.with_suffix(".new")), "kek_missing"),
    ],
)
def test_a_damaged_key_is_named_before_anything_is_sealed_with_it(tmp_path: Path, damage: object, code: str) -> None:
    create_kek(tmp_path)
    damage(next(tmp_path.iterdir()))  # type: ignore[operator]
    with pytest.raises(CustodyError) as refusal:
        load_keyring(tmp_path)
    assert refusal.value.code == code


def test_a_folder_that_is_not_there_holds_no_key(tmp_path: Path) -> None:
    with pytest.raises(CustodyError) as refusal:
        load_keyring(tmp_path / "nowhere")
    assert refusal.value.code == "kek_missing"
