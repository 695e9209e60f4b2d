"""`creditbank rules`: a draft is converted, linted and compared before anybody proposes it."""

import json
import re
from pathlib import Path

import pytest

from creditbank.cli import main
from recognition_rules.pack import parse
from recognition_rules.packs import builtin, builtin_ids


def test_a_pack_keeps_its_digest_in_every_form(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    digest = parse(builtin("kr-acbs")).digest
    book, folder, text = tmp_path / "pack.xlsx", tmp_path / "sheets", tmp_path / "pack.json"
    for source, target in (("kr-acbs", book), (str(book), folder), (str(folder), text)):
        assert main(["rules", "convert", source, str(target)]) == 0
        assert digest in capsys.readouterr().out
    for place in (book, folder, text):
        assert main(["rules", "check", str(place)]) == 0
        assert digest in capsys.readouterr().out
    assert main(["rules", "convert", "kr-acbs", str(tmp_path / "pack.docx")]) == 3
    assert "[form_unknown]" in capsys.readouterr().err


def test_lint_says_what_is_wrong_and_how_to_mend_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "lint", "kr-acbs", "--on", "2026-09-01"]) == 0
    assert "errors: 0" in capsys.readouterr().out
    broken = tmp_path / "pack.toml"
    broken.write_text(builtin("kr-acbs").replace("from = 2015-09-28", "from = 2015-09-30"), encoding="utf-8")
    assert main(["rules", "lint", str(broken)]) == 1
    told = capsys.readouterr().out
    assert "[terms_gap]" in told or "without gap or overlap" in told
    assert main(["rules", "lint", str(broken), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)[0]["severity"] == "error"


def test_a_difference_that_reaches_into_the_past_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    draft = tmp_path / "pack.toml"
    draft.write_text(builtin("kr-acbs").replace("at_most = 42\n", "at_most = 45\n"), encoding="utf-8")
    assert main(["rules", "diff", "kr-acbs", str(draft)]) == 1
    told = capsys.readouterr().out
    assert "rises from 42 to 45 credits" in told
    assert "[published_term_changed]" in told
    assert main(["rules", "diff", "kr-acbs", "kr-acbs"]) == 0
    assert "No change." in capsys.readouterr().out


def test_a_case_is_demanded_on_both_sides_of_every_date(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "test", "kr-acbs", "--edges"]) == 0
    (tmp_path / "pack.toml").write_text(builtin("kr-acbs"), encoding="utf-8")
    assert main(["rules", "test", str(tmp_path)]) == 3
    assert "[cases_not_found]" in capsys.readouterr().err
    later = builtin("kr-acbs", "cases.toml").replace("on = 2015-09-27", "on = 2015-09-29")
    (tmp_path / "cases.toml").write_text(later, encoding="utf-8")
    assert main(["rules", "test", str(tmp_path), "--edges"]) == 1
    told = capsys.readouterr().out
    assert "'second-major-associate-3' changes on 2015-09-28, and no case lies before" in told
    assert "[edge_without_case]" in told


@pytest.mark.parametrize("pack", builtin_ids("rules"))
def test_every_shipped_pack_is_tried_on_both_sides_of_its_dates_and_has_no_errors(
    pack: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rules", "test", pack, "--edges"]) == 0
    assert main(["rules", "lint", pack]) == 0
    assert "edge_without_case" not in capsys.readouterr().out


def test_a_level_that_there_is_not_is_refused_by_check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    draft = tmp_path / "pack.toml"
    draft.write_text(builtin("uk-cats").replace('framework = "rqf", value = 7', 'framework = "rqf", value = 17'))
    assert main(["rules", "check", str(draft)]) == 1
    told = capsys.readouterr().out
    assert "'rqf' has no level 17: its levels are 1 to 8. [level_unknown]" in " ".join(told.split())
    draft.write_text(builtin("uk-cats").replace('framework = "rqf", value = 7', 'framework = "rqff", value = 7'))
    assert main(["rules", "lint", str(draft)]) == 1
    assert "Did you mean 'rqf'?" in " ".join(capsys.readouterr().out.split())


def test_a_case_that_does_not_hold_says_why_awards_did_not_count(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "pack.toml").write_text(builtin("kr-acbs"))
    cases = builtin("kr-acbs", "cases.toml")
    (tmp_path / "cases.toml").write_text(re.sub(r"^counted = \d+", "counted = 1", cases, flags=re.MULTILINE))
    assert main(["rules", "test", str(tmp_path)]) == 1
    told = capsys.readouterr().out
    assert "totals.counted: expected 1" in told
    assert "LIMIT_PERIOD" in told


BROKEN = {
    "noise": bytes(range(255, 0, -1)) * 9,
    "deep": b"a = " + b"[" * 20_000,
    "a huge number": b"a = " + b"1" * 9_000,
    "wide": b"\xff\xfe\x00",
}


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("file", ["pack.toml", "pack.json", "pack.xlsx", "limit.csv"])
@pytest.mark.parametrize("command", ["check", "lint", "test"])
def test_whatever_lies_in_a_file_there_is_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, file: str, command: str
) -> None:
    (tmp_path / file).write_bytes(BROKEN[name])
    assert main(["rules", command, str(tmp_path / file)]) in (1, 3)
    told = "".join(capsys.readouterr())
    assert "Traceback" not in told
    assert re.search(r"\[[a-z_]+\]", told)
