"""A forger hands an employer files: names, links, archives, bundles and receipts that do more than they should."""

import io
import json
import os
import socket
import stat
import zipfile
from pathlib import Path
from typing import Any

import pytest

from credentials.errors import CredentialError
from credentials.jws import read_compact, sign_compact
from credentials.keys import PrivateKey
from credentials.read import read
from credentials.report import report
from creditbank.cli import main
from creditbank.errors import Refused
from creditbank.offline.judging import Judge
from creditbank.offline.links import links
from creditbank.trust_bundle import read_bundle, write_bundle
from creditbank.verification_receipt import issue_receipt, read_receipt
from tests.credential_samples import DAY, LIST_URL, NOW, OTHER, SCHOOL, with_achievement
from tests.offline.offline_world import AT, BANK, PIN, archive, badge, bundle, bundled, revocable_badge, with_list
from tests.offline.test_verification_receipt import ID, VERIFIER

FORGER = PrivateKey.from_bytes("EdDSA", b"\x66" * 32)
STEERING = "\x1b[2J\x1b]0;x\x07\x9b31m\u202egnp\u2066\u200b"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder without a network: whoever opens a socket fails the test."""

    def no_network(*_: Any, **__: Any) -> Any:
        raise AssertionError("a socket was opened")

    monkeypatch.setenv("CREDITBANK_DATABASE_URL", "postgresql://nobody@192.0.2.1/nothing")
    for name in ("connect", "connect_ex", "sendto", "bind"):
        monkeypatch.setattr(socket.socket, name, no_network)
    for name in ("getaddrinfo", "gethostbyname", "create_connection"):
        monkeypatch.setattr(socket, name, no_network)
    (tmp_path / "bundle.json").write_bytes(bundle())
    return tmp_path


def verified(desk: Path, *arguments: str) -> int:
    return main(["verify", *arguments, "--trust", str(desk / "bundle.json"), "--bank-key", PIN, "--at", AT])


def steers(text: str) -> list[str]:
    """What in a text would steer a terminal, line ends aside."""
    return [
        sign
        for sign in text
        if sign != "\n" and (ord(sign) < 32 or 127 <= ord(sign) < 160 or sign in "\u202e\u2066\u200b")
    ]


def steering_badge() -> bytes:
    made = with_achievement(SCHOOL.badge(), name=f"Welding {STEERING}", criteria={"narrative": STEERING})
    return json.dumps({**made, "proof": SCHOOL.bare_proof(made)}).encode()


FILES: dict[str, tuple[str, bytes]] = {
    "in the title": ("a.json", steering_badge()),
    "in the name of the file": (f"x{STEERING.replace('/', '')}.json", badge()),
    "in the name of what is no credential": (f"y{STEERING}.json", b"{"),
    "in the name of an entry": ("b.zip", archive((f"z{STEERING}.json", badge()), (f"../{STEERING}", b"{"))),
    "in the name of a broken archive": (f"z{STEERING}.zip", b"PK\x03\x04"),
    "in a table that is not followed": (f"t{STEERING}.csv", f"url\nhttps://x/{STEERING}\n".encode()),
}


@pytest.mark.parametrize("how", [[], ["--report", "--details"], ["--json"]], ids=["short", "whole", "json"])
@pytest.mark.parametrize(("name", "data"), FILES.values(), ids=FILES.keys())
def test_nothing_that_was_handed_in_steers_a_terminal(
    desk: Path, capsys: pytest.CaptureFixture[str], name: str, data: bytes, how: list[str]
) -> None:
    (desk / name).write_bytes(data)
    (desk / "other.json").write_bytes(badge())
    verified(desk, str(desk / name), str(desk / "other.json"), *how)
    said = capsys.readouterr()
    assert steers(said.out + said.err) == []


def test_a_link_in_a_table_steers_no_terminal(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = desk / "links.csv"
    table.write_text(f"url,note\n\"https://127.0.0.1/{STEERING}\",=cmd|'/c calc'!A1\n", encoding="utf-8")
    verified(desk, str(table), "--online", "--host", "school.example")
    said = capsys.readouterr()
    assert steers(said.out + said.err) == []
    assert "127.0.0.1" in said.out + said.err


def test_a_bundle_that_nobody_compared_steers_no_terminal(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    honest = read_bundle(bundle()).contents
    bank = honest.bank.model_copy(update={"url": f"https://evil.example/{STEERING}"})
    (desk / "bundle.json").write_bytes(write_bundle(honest.model_copy(update={"bank": bank}), BANK))
    (desk / "a.json").write_bytes(badge())
    main(["verify", str(desk / "a.json"), "--trust", str(desk / "bundle.json"), "--at", AT, "--details"])
    main(["trust", "show", str(desk / "bundle.json")])
    said = capsys.readouterr()
    assert steers(said.out + said.err) == []


def test_a_name_that_is_no_text_is_shown_somehow(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (desk / "files").mkdir()
    with Path(os.fsdecode(os.fsencode(desk) + b"/files/\xff\xfe.json")).open("wb") as file:
        file.write(badge())
    assert verified(desk, str(desk / "files")) == 0
    said = capsys.readouterr()
    (said.out + said.err).encode()


ESCAPES = [
    "../../etc/passwd",
    "/etc/passwd",
    "C:\\x.json",
    "..\\..\\x.json",
    "a/../../x.json",
    "x\0y.json",
    "~root/.json",
]


def test_no_entry_of_an_archive_is_written_or_read_elsewhere(desk: Path) -> None:
    (desk / "a.zip").write_bytes(archive(*((name, badge()) for name in ESCAPES)))
    before = sorted(desk.parent.rglob("*"))
    assert verified(desk, str(desk / "a.zip")) == 0
    assert sorted(desk.parent.rglob("*")) == before


def linking(target: str) -> bytes:
    """An archive whose entry is a symbolic link."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as opened:
        info = zipfile.ZipInfo("link.json")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        opened.writestr(info, target)
    return made.getvalue()


def lying(size: int) -> bytes:
    """An archive whose directory says that its entry is smaller than it is."""
    data = bytearray(archive(("a.json", badge() + b" " * 5000)))
    place = data.rindex(b"PK\x01\x02")
    data[place + 24 : place + 28] = size.to_bytes(4, "little")
    return bytes(data)


@pytest.mark.parametrize(
    "data", [linking("/etc/passwd"), lying(1), lying(2**31), archive(("inner.zip", archive(("a.json", badge()))))]
)
def test_a_lying_archive_is_trouble_and_never_an_answer(desk: Path, data: bytes) -> None:
    (desk / "a.zip").write_bytes(data)
    assert verified(desk, str(desk / "a.zip")) == 3


def test_links_out_of_a_folder_are_not_walked(desk: Path) -> None:
    folder = desk / "files"
    folder.mkdir()
    (folder / "a.json").write_bytes(badge())
    (folder / "round").symlink_to(folder)
    (folder / "gone.json").symlink_to(desk / "nothing")
    os.mkfifo(folder / "pipe.json")
    assert verified(desk, str(folder)) == 0


@pytest.mark.parametrize(
    "text", ["url\nhttps://a\nb\x00", 'url\n"https://a', "url,url\na,b\n", "\ufeffurl\nx\n", "link\nx\n"]
)
def test_a_table_that_can_be_read_in_two_ways_is_not_read(text: str) -> None:
    with pytest.raises(Refused):
        links(text.encode(), "utf-8", network=True)


@pytest.mark.parametrize("encoding", ["utf-7", "utf-16-le", "idna", "rot13", "zlib_codec", "unicode_escape", "UTF_8\0"])
def test_an_encoding_that_nobody_declares_is_not_tried(encoding: str) -> None:
    with pytest.raises(Refused, match="encoding_unknown"):
        links(b"url\nhttps://a.example/\n", encoding, network=True)


def resigned(key: PrivateKey = FORGER, **members: Any) -> bytes:
    """The bundle with other contents, signed by another key, which it brings with it or not."""
    file = json.loads(bundle())
    file["bundle"].update(members)
    statement = {**read_compact(file["signed"]).payload}
    file["signed"] = sign_compact(statement, key, {"typ": "trust-bundle+jwt"})
    return json.dumps(file).encode()


def by_forger() -> bytes:
    honest = read_bundle(bundle()).contents
    jwk = {name: str(value) for name, value in FORGER.public_key.jwk().items()}
    return write_bundle(honest.model_copy(update={"bank": honest.bank.model_copy(update={"jwk": jwk})}), FORGER)


def altered(change: Any) -> bytes:
    file = json.loads(bundle())
    change(file)
    return json.dumps(file).encode()


def dropped(file: dict[str, Any]) -> None:
    file["bundle"]["issuers"] = []


def unsigned(file: dict[str, Any]) -> None:
    file["signed"] = ""


def of_a_credential(file: dict[str, Any]) -> None:
    file["signed"] = SCHOOL.sign(SCHOOL.badge(), "vc-jwt").decode()


def from_a_newer_version(file: dict[str, Any]) -> None:
    file["version"] = 2


def with_more(file: dict[str, Any]) -> None:
    file["bundle"]["trust_everybody"] = True


BUNDLES = {
    "signed by another key": (resigned(), "trust_signature_invalid"),
    "with another key's statement and address": (
        resigned(bank={"url": "https://bank.example", "jwk": {}}),
        "trust_malformed",
    ),
    "by another bank altogether": (by_forger(), "trust_key_mismatch"),
    "an institution taken out": (altered(dropped), "trust_signature_invalid"),
    "unsigned": (altered(unsigned), "trust_signature_invalid"),
    "signed as a credential": (altered(of_a_credential), "trust_signature_invalid"),
    "of a version to come": (altered(from_a_newer_version), "trust_malformed"),
    "with a member nobody knows": (altered(with_more), "trust_malformed"),
    "the same member twice": (bundle().replace(b'{"bundle":', b'{"bundle":{},"bundle":', 1), "trust_malformed"),
    "nothing": (b"", "trust_malformed"),
}


@pytest.mark.parametrize(("data", "code"), BUNDLES.values(), ids=BUNDLES.keys())
def test_a_bundle_is_the_banks_own_or_none(data: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        read_bundle(data, PIN)
    assert refused.value.code == code


def test_a_list_of_yesterday_is_stale_and_one_of_somebody_else_is_none() -> None:
    for trust, at in ((with_list(), NOW + 3 * DAY), (bundle(lists={LIST_URL: OTHER.status_list()}), NOW)):
        found = Judge(read_bundle(trust, PIN)).verification(revocable_badge(), None, at)
        assert found.verdict != "valid"
        assert found.code in ("status_stale", "status_list_issuer_mismatch", "status_unverified")


def test_an_issuer_in_the_name_of_another_gets_nothing_from_its_bundle_entry() -> None:
    """The other school is in the bundle; its key signs a badge in this one's name."""
    forged = json.loads(OTHER.sign({**OTHER.badge(), "issuer": SCHOOL.badge()["issuer"]}))
    found = Judge(read_bundle(bundle(bundled(), bundled(OTHER)), PIN)).verification(
        json.dumps(forged).encode(), None, NOW
    )
    assert (found.verdict, found.claims) == ("invalid", None)


def receipt() -> str:
    verification = Judge(read_bundle(bundle(), PIN)).verification(badge(), None, NOW)
    return issue_receipt(VERIFIER, ID, NOW, badge(), verification, report(verification, NOW))


def test_a_receipt_is_no_credential_and_a_credential_no_receipt() -> None:
    with pytest.raises(CredentialError) as refused:
        read(receipt().encode())
    assert refused.value.code == "wrong_type"
    for token in (SCHOOL.sign(SCHOOL.badge(), "vc-jwt").decode(), json.loads(bundle())["signed"]):
        with pytest.raises(CredentialError) as refused:
            read_receipt(token, SCHOOL.key.public_key)
        assert refused.value.code == "wrong_type"


@pytest.mark.parametrize("changes", [{"verdict": "invalid"}, {"iss": "https://evil.example"}, {"aud": "x"}, {"iat": 0}])
def test_an_altered_receipt_does_not_hold(changes: dict[str, Any]) -> None:
    jws = read_compact(receipt())
    forged = sign_compact({**jws.payload, **changes}, FORGER, {"typ": jws.header["typ"], "kid": jws.header["kid"]})
    head, body, _ = forged.split(".")
    for token in (forged, f"{head}.{body}.{receipt().rpartition('.')[2]}"):
        with pytest.raises(CredentialError) as refused:
            read_receipt(token, VERIFIER.key.public_key)
        assert refused.value.code == "bad_signature"
