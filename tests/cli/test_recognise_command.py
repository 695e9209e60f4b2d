"""`creditbank recognise`: anybody tries a pack on awards in a file."""

import json
from pathlib import Path
from typing import Any

import pytest

from creditbank.cli import main
from creditbank.commands.terminal import out
from tests.api.small_packs import JUDGED, pack

AWARD: dict[str, Any] = {
    "id": "a1",
    "issuer": "hanbit",
    "amount": {"amount": "3", "unit": "kr-credit"},
    "title": {"en": "Statistics", "ko": "통계학"},
    "source": "accredited-course",
    "class": "major-elective",
    "ended_on": "2026-06-20",
    "issuer_accredited": True,
}
ANSWER = {
    "question": "overlap", "award": "a1", "answer": "4/5", "answer_is_number": True, "signer": "bank",
    "signed_on": "2026-08-01", "valid_until": None, "target": None, "evidence": None,
}  # fmt: skip


def run(folder: Path, content: object, *options: str, rules: str | None = None) -> int:
    (folder / "pack.toml").write_text(rules or pack(), encoding="utf-8")
    (folder / "awards.json").write_text(json.dumps(content), encoding="utf-8")
    return main(["recognise", str(folder / "pack.toml"), str(folder / "awards.json"), "--on", "2026-09-01", *options])


def test_enough_is_granted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, [AWARD]) == 0
    assert "Statistics" in capsys.readouterr().out


def test_too_little_is_short(tmp_path: Path) -> None:
    assert run(tmp_path, [{**AWARD, "amount": {"amount": "2", "unit": "kr-credit"}}]) == 1


def test_an_open_question_is_undetermined_until_it_is_answered(tmp_path: Path) -> None:
    rules = pack(extra=JUDGED)
    assert run(tmp_path, {"awards": [AWARD]}, rules=rules) == 2
    assert run(tmp_path, {"awards": [AWARD], "judgements": [ANSWER]}, rules=rules) == 0


@pytest.mark.parametrize("language", ["en", "ko", "zh-Hans", "hi"])
def test_it_is_told_in_four_languages(tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str) -> None:
    assert run(tmp_path, [AWARD], "--lang", language) == 0
    said = capsys.readouterr().out
    assert ("통계학" in said) is (language == "ko")


def test_the_tables_are_in_her_language_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(tmp_path, [AWARD], "--lang", "ko")
    said = capsys.readouterr().out
    assert "충족" in said
    assert "요건" in said
    assert "requirement" not in said


def test_a_fact_is_yes_or_true(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def digest(said: str) -> str:
        assert run(tmp_path, [AWARD], "--json", "--fact", f"veteran={said}") == 0
        return str(json.loads(capsys.readouterr().out)["inputs"]["digest"])

    assert digest("yes") == digest("true") != digest("no") == digest("false")


def test_a_fact_without_a_value_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, [AWARD], "--fact", "veteran") == 3
    assert "[malformed_fact]" in capsys.readouterr().err


def test_on_a_phone_there_are_only_sentences(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(out, "width", 44)
    run(tmp_path, [AWARD], "--lang", "ko")
    said = capsys.readouterr().out
    assert "───" not in said
    assert "통계학 (3학점): 3학점 인정" in said


def test_programs_get_the_whole_recognition(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, [AWARD], "--json", "--fact", "veteran=yes") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["type"], found["totals"]["counted"]) == ("Recognition", "3")
    assert found["steps"]


@pytest.mark.parametrize("content", [{}, 3, {"awards": {}}])
def test_what_holds_no_awards_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str], content: object) -> None:
    assert run(tmp_path, content) == 3
    assert "awards_malformed" in capsys.readouterr().err


def test_of_several_programmes_one_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "awards.json").write_text("[]", encoding="utf-8")
    assert main(["recognise", "kr-acbs", str(tmp_path / "awards.json")]) == 3
    assert "programme_needed" in capsys.readouterr().err


RPL: dict[str, Any] = {
    "issuer": "harbour",
    "amount": {"amount": "20", "unit": "uk-cats"},
    "source": "rpl-certificated",
    "class": "taught",
    "ended_on": "2024-06-20",
    "level": {"framework": "rqf", "value": "7"},
    "facts": {"whole": True},
}


def prior_learning(folder: Path, *options: str, **members: object) -> int:
    awards = [{**RPL, "id": f"a{number}", "title": {"en": f"Module {number}"}} for number in range(1, 8)]
    asked = {"awards": awards, "learner": {"first_module_on": "2026-09-21"}, **members}
    (folder / "awards.json").write_text(json.dumps(asked), encoding="utf-8")
    command = ["recognise", "uk-cats", str(folder / "awards.json"), "--programme", "master", "--on", "2026-10-01"]
    return main([*command, "--json", *options])


@pytest.mark.parametrize(
    ("sought", "counted"), [("master", "120"), ("leave-with-pg-dip", "80"), ("leave-with-pg-cert", "40")]
)
def test_two_thirds_of_the_exit_award_that_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], sought: str, counted: str
) -> None:
    prior_learning(tmp_path, exit_award=sought)
    assert json.loads(capsys.readouterr().out)["totals"]["counted"] == counted
    prior_learning(tmp_path, "--exit-award", sought, exit_award="master")
    assert json.loads(capsys.readouterr().out)["totals"]["counted"] == counted


def test_what_was_used_earlier_does_not_count_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    prior_learning(tmp_path, used=[{"award": "a1", "by": "degree-2020", "amount": "20"}], exit_award="master")
    first = json.loads(capsys.readouterr().out)["decisions"][0]
    assert (first["award"], first["reasons"][0]["code"]) == ("a1", "ALREADY_REDEEMED")


def test_a_syllabus_opens_the_way_to_a_korean_degree(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    syllabus = {"id": "s", "version": "1", "required_subjects": [], "required_credits": "3"}
    asked = {"awards": [{**AWARD, "class": "major-required"}], "syllabus": syllabus}
    (tmp_path / "awards.json").write_text(json.dumps(asked), encoding="utf-8")
    main(["recognise", "kr-acbs", str(tmp_path / "awards.json"), "--programme", "bachelor", "--json"])
    found = {each["id"]: each for each in json.loads(capsys.readouterr().out)["requirements"]}
    assert found["required-credits"]["needed"] == "3"


@pytest.mark.parametrize(
    "member",
    [
        {"exitaward": "master"},
        {"granted": "yes"},
        {"held": [1]},
        {"learner": {"x": []}},
        {"policy": {"item": "best"}},
        {"used": [{"award": "a1"}]},
        {"used": ["a1"]},
        {"judgements": [1]},
    ],
)
def test_what_is_not_known_there_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], member: dict[str, object]
) -> None:
    assert prior_learning(tmp_path, **member) == 3
    assert "awards_malformed" in capsys.readouterr().err
