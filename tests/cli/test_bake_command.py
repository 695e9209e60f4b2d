"""`creditbank bake`: a signed file and a picture become a badge that is read again, and nothing else does."""

from pathlib import Path

import pytest

from credentials.read import read
from creditbank.cli import main
from tests.credential_samples import School, png, svg


@pytest.mark.parametrize(("name", "image"), [("seal.png", png()), ("seal.svg", svg())])
def test_a_signed_file_is_put_into_a_picture(tmp_path: Path, name: str, image: bytes) -> None:
    school = School()
    token = school.sign(school.badge(), "vc-jwt")
    (tmp_path / "badge.jwt").write_bytes(token + b"\n")
    (tmp_path / name).write_bytes(image)
    assert main(["bake", str(tmp_path / "badge.jwt"), str(tmp_path / name)]) == 0
    made = tmp_path / name.replace("seal", "seal-badge")
    found = read(made.read_bytes())
    assert found.jws is not None and found.jws.token.encode() == token
    assert (tmp_path / name).read_bytes() == image


@pytest.mark.parametrize("content", [b"no credential", b"\xff\xfe", b"[]"])
def test_what_is_no_credential_is_not_put_anywhere(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x").write_bytes(content)
    (tmp_path / "seal.png").write_bytes(png())
    assert main(["bake", str(tmp_path / "x"), str(tmp_path / "seal.png")]) == 3
    assert not (tmp_path / "seal-badge.png").exists()
