"""`creditbank verify` as an employer types it: no bank, no database, no network."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from credentials.report import report
from credentials.report_text import Line
from creditbank.cli import main
from creditbank.commands.verify_output import readable
from creditbank.offline.judging import Judge
from creditbank.verification_receipt import issue_receipt
from tests.credential_samples import NOW
from tests.offline.offline_world import AT, PIN, archive, badge, bundle, folder, forged
from tests.offline.test_verification_receipt import ID, VERIFIER


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with files and a bundle beside it; a database that is nowhere; and no way to the network."""

    def no_network(*_: Any, **__: Any) -> Any:
        raise AssertionError("a connection was attempted")

    monkeypatch.setenv("CREDITBANK_DATABASE_URL", "postgresql://nobody@192.0.2.1/nothing")
    monkeypatch.setattr(socket.socket, "connect", no_network)
    monkeypatch.setattr(socket, "getaddrinfo", no_network)
    return folder(tmp_path)


def trusting(files: Path, *more: str) -> list[str]:
    return [
        "--trust",
        str(files.parent / "bundle.json"),
        "--bank-key",
        str(files.parent / "bank.jwk"),
        "--at",
        AT,
        *more,
    ]


def test_one_file_has_a_whole_report(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    genuine = str(files / "a-genuine.json")
    assert main(["verify", genuine, *trusting(files)]) == 0
    said = capsys.readouterr().out
    assert "✓ This certificate is genuine and in force." in said
    assert "Achievement: Welding" in said
    assert "did:key:z6Mk" in said  # and no picture of a key
    assert "\x1b" not in said
    assert main(["verify", genuine, *trusting(files, "--lang", "hi-IN")]) == 0
    assert "यह प्रमाणपत्र असली है" in capsys.readouterr().out


def test_the_exit_code_is_the_worst_there_is(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    forged_file, missing = str(files.parent / "forged.json"), str(files / "missing.json")
    trust = trusting(files)
    assert main(["verify", str(files / "a-genuine.json"), *trust]) == 0
    assert main(["verify", forged_file, str(files), *trust]) == 1
    assert main(["verify", str(files), *trust]) == 2
    assert main(["verify", missing, forged_file, str(files), *trust]) == 3
    assert main(["verify", str(files / "nothing"), *trust]) == 3
    assert main(["verify", *trust]) == 3
    (files.parent / "empty").mkdir()
    assert main(["verify", str(files.parent / "empty"), *trust]) == 3
    assert "Traceback" not in capsys.readouterr().err


def test_files_that_are_not_looked_at_are_named(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (files / "inside").mkdir()
    for name in ("cv.docx", "inside/photo.jpg", ".hidden"):
        (files / name).write_bytes(b"anything")
    assert main(["verify", str(files), *trusting(files, "--json")]) == 2
    told = capsys.readouterr()
    assert len(told.out.splitlines()) == 2
    assert "cv.docx" in told.err
    assert "photo.jpg (2)" in told.err
    assert "hidden" not in told.err


def test_several_files_have_a_line_each(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["verify", str(files), str(files.parent / "forged.json"), *trusting(files)])
    told = capsys.readouterr()
    marks = [line[0] for line in told.out.splitlines()]
    assert marks == ["✓", "?", "✗"]
    assert "[key_unavailable]" in told.out
    assert "Welding, 4.5 ects, Riverside College" in told.out.splitlines()[0]
    assert "Welding" not in told.out.splitlines()[2]
    assert "1 undecided, 1 not to be relied on, 1 valid" in told.err


@pytest.mark.parametrize(
    ("line", "language", "said"),
    [
        ("  Valid from: 2026-11-22T08:36:40Z", "en", "  Valid from: 22 November 2026, 08:36 UTC"),
        ("  학습 기간: 2023-03-02 – 2023-06-01", "ko", "  학습 기간: 2023년 3월 2일 – 2023년 6월 1일"),
        ("  学分: 20/3 ects", "zh-Hans", "  学分: 20/3 (≈6.67) ECTS学分"),
        ("  Credits: 3 points", "en", "  Credits: 3 points"),
        ("  Number: urn:x:2026-11-22", "en", "  Number: urn:x:2026-11-22"),
    ],
)
def test_days_and_credits_are_written_as_people_write_them(line: str, language: str, said: str) -> None:
    assert readable(Line(line), language).text == said


def test_programs_get_a_line_of_json_each(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    archived = files / "z.zip"
    archived.write_bytes(archive(("ok.json", badge()), ("no.json", forged()), ("in.zip", archive(("a", b"b")))))
    assert main(["verify", str(files), *trusting(files, "--json", "--jobs", "1")]) == 3
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["report"]["verdict"] if one["report"] else one["trouble"]["code"] for one in found] == [
        "valid", "indeterminate", "valid", "invalid", "archive_nested",
    ]  # fmt: skip
    assert found[0]["report"]["certificate"]["credits"] == "4.5"
    assert found[3]["report"]["certificate"] is None
    assert all(len(one["sha256"]) == 64 for one in found if one["report"])


def test_without_a_bundle_nothing_is_better_than_undecided(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(files / "a-genuine.json"), "--at", AT]) == 2
    assert "[key_unavailable]" in capsys.readouterr().out


def test_whose_bundle_it_is_is_said_unless_a_key_was_given(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trust = ["--trust", str(files.parent / "bundle.json"), "--at", AT]
    assert main(["verify", str(files / "a-genuine.json"), *trust]) == 0
    told = capsys.readouterr()
    assert PIN in told.err
    assert "trust_unpinned" in told.out
    assert main(["verify", str(files / "a-genuine.json"), *trust, "--bank-key", PIN]) == 0
    assert capsys.readouterr().err == ""
    assert main(["verify", str(files / "a-genuine.json"), *trust, "--bank-key", "A" * 43]) == 3
    assert "[trust_key_mismatch]" in capsys.readouterr().err
    assert main(["verify", str(files / "a-genuine.json"), *trust, "--bank-key", "secret"]) == 3
    assert "[bank_key_malformed]" in capsys.readouterr().err


def test_links_are_not_followed_unasked(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (files / "links.csv").write_bytes(b"url\nhttps://a.example/1\n")
    assert main(["verify", str(files / "links.csv"), *trusting(files)]) == 3
    assert "[network_not_allowed]" in capsys.readouterr().err
    (files / "links.csv").write_bytes(b"url\nhttp://10.0.0.1/1\nhttps://other.example/\n")
    assert main(["verify", str(files / "links.csv"), *trusting(files, "--online", "--host", "a.example")]) == 3
    said = capsys.readouterr().err
    assert "[address_not_allowed]" in said
    assert "[host_not_allowed]" in said


def test_a_receipt_is_checked_offline(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data, token = badge(), files / "receipt.jwt"
    found = Judge().verification(data, None, NOW)
    token.write_text(issue_receipt(VERIFIER, ID, NOW, data, found, report(found, NOW)))
    genuine, key = str(files / "a-genuine.json"), ["--bank-key", str(files.parent / "bank.jwk")]
    command = ["verify", genuine, "--check-receipt", str(token)]
    assert main([*command, *key]) == 0
    assert "verdict: indeterminate [key_unavailable]" in capsys.readouterr().out
    assert main([*command, "--trust", str(files.parent / "bundle.json")]) == 0
    assert main(["verify", str(files / "b-stranger.json"), "--check-receipt", str(token), *key]) == 1
    assert "[receipt_of_other_file]" in capsys.readouterr().out
    assert main(["verify", genuine, "--check-receipt", genuine, *key]) == 1
    assert main(command) == 3
    assert main([*command, "--bank-key", PIN]) == 3
    assert main(["verify", genuine, genuine, "--check-receipt", str(token), *key]) == 3


def test_a_bundle_can_be_looked_at(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trust", "show", str(files.parent / "bundle.json")]) == 0
    said = capsys.readouterr().out
    assert PIN in said
    assert "institutions: 1, with 1 keys" in said
    (files / "altered.json").write_bytes(bundle().replace(b'"FI"', b'"SE"'))
    assert main(["trust", "show", str(files / "altered.json")]) == 3
    assert "[trust_signature_invalid]" in capsys.readouterr().err


def states(group: int) -> list[str]:
    """The states of the processes in a process group, as the kernel tells them."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, own_group = path.read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue
        found += [state] if own_group == str(group) else []
    return found


def test_an_interrupt_ends_it_at_once_and_leaves_no_process(files: Path) -> None:
    for number in range(600):
        (files / f"c{number:03}.json").write_bytes(badge())
    command = [sys.executable, "-c", "import sys; from creditbank.cli import main; sys.exit(main())", "verify"]
    running = subprocess.Popen(
        [*command, str(files), str(files), str(files), str(files), *trusting(files, "--jobs", "2")],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    assert running.stdout is not None
    running.stdout.readline()
    os.killpg(running.pid, signal.SIGINT)
    _, said = running.communicate(timeout=30)
    assert running.returncode == 130
    assert b"Traceback" not in said
    time.sleep(0.5)
    assert [
        state for state in states(running.pid) if state != "Z"
    ] == []  # what nobody has buried yet is dead all the same


def test_verifying_a_file_loads_neither_a_database_library_nor_a_server(files: Path) -> None:
    code = (
        "import sys; from creditbank.cli import main; main(sys.argv[1:]); "
        "sys.exit(bool({'sqlalchemy', 'alembic', 'fastapi', 'psycopg'} & sys.modules.keys()))"
    )
    command = [sys.executable, "-c", code, "verify", str(files / "a-genuine.json"), *trusting(files)]
    assert subprocess.run(command, check=False, capture_output=True, timeout=60).returncode == 0
