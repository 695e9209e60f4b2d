"""`creditbank rules` for grade tables and rules of issuance: what it prints, and with which exit code it ends."""

import json
from pathlib import Path

import pytest

from creditbank.cli import main
from recognition_rules.packs import builtin, builtin_ids

GRADE = ["--from", "elbe-university", "--to", "arno-university", "--field", "0613", "--cycle", "first"]


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")


TABLES = [pack for kind in ("grades", "issuance", "levels", "units") for pack in builtin_ids(kind)]


@pytest.mark.parametrize("pack", TABLES)
def test_packs_of_tables_are_checked_and_their_cases_hold(pack: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "check", pack]) == 0
    assert f"✓ {pack} 2026." in capsys.readouterr().out
    assert main(["rules", "test", pack]) == 0
    assert "cases hold" in capsys.readouterr().out
    assert main(["rules", "lint", pack]) == 0
    assert "errors: 0" in capsys.readouterr().out


def test_a_folder_of_ones_own_is_told_by_what_is_in_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "pack.toml").write_text(builtin("hk-titles"))
    assert main(["rules", "test", str(tmp_path)]) == 3
    assert "cases_not_found" in capsys.readouterr().err
    (tmp_path / "cases.toml").write_text(builtin("hk-titles", "cases.toml").replace("at-4", "x", 1))
    assert main(["rules", "test", str(tmp_path)]) == 0
    (tmp_path / "pack.toml").write_text(builtin("hk-titles").replace("at_least = 60", "at_least = 61"))
    assert main(["rules", "test", str(tmp_path)]) == 1
    assert "W14-all-passed" in capsys.readouterr().out
    (tmp_path / "pack.toml").write_text(builtin("hk-titles").replace("at_least", "at_laest"))
    assert main(["rules", "check", str(tmp_path)]) == 1
    assert "pack.toml, line 2" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("grade", "more", "code", "says"),
    [
        ("1.7", [], 0, "→ 28"),
        ("1.7", ["--overlap", "max"], 0, "→ 29"),
        ("5.0", [], 1, "→ not passing"),
        ("1.5", [], 2, "→ undetermined"),
    ],
)
def test_a_grade_is_converted_with_its_sums(
    grade: str, more: list[str], code: int, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rules", "grade", "ects-grades", grade, *GRADE, "--on", "2026-09-01", *more]) == code
    told = capsys.readouterr().out
    assert says in told
    assert "Example data" in told


def test_a_grade_is_told_as_json_and_other_packs_have_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "grade", "ects-grades", "1.0", *GRADE, "--on", "2026-09-01", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["grade"] == "30L"
    assert main(["rules", "grade", "hk-titles", "1.0", *GRADE]) == 3
    assert "ects-grades" in capsys.readouterr().err


def test_a_credential_is_held_against_rules(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "badge.json"
    document = {"@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiableCredential"]}
    file.write_text(json.dumps({**document, "name": "National Diploma"}))
    ask = ["rules", "validate", "nz-microcredential", str(file), "--on", "2026-09-01"]
    assert main(ask) == 1
    told = capsys.readouterr().out
    assert "✗ NZ_TITLE_WORDS" in told
    assert "national, diploma" in told
    assert "? NZ_MICRO_1_40" in told
    assert main([*ask, "--json", "--lang", "hi"]) == 1
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert "शीर्षक" in findings[0]["message"]
    file.write_text(json.dumps({**document, "name": "Knife Skills"}))
    assert main(ask) == 2
    file.write_text("no credential")
    assert main(ask) == 3
    assert main([*ask[:3], str(tmp_path / "none.json")]) == 3
