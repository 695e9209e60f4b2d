"""Every check and every code that the program can produce has a sentence, in every language. A new one is written here:

credentials/sentences/{en,zh-Hans,ko,hi}.toml: a check under [checks], with a title and what passing means; a code
under [codes], with one sentence for somebody who has to decide about a person and knows nothing of signatures.
"""

import ast
import re
import string
import tomllib
from collections.abc import Iterator
from importlib import resources
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from credentials import errors, proof_check, verify
from credentials.checks import NOT_REACHED, NOT_VERIFIED, Check
from credentials.error_sentences import SENTENCES
from credentials.report_sentences import DEFAULT, LANGUAGES, accepted_languages, choose_language, sentences
from credentials.report_standards import STANDARDS

PROJECT = Path(__file__).parents[2]
CODE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", re.ASCII)
FAMILIES = {family.__name__ for family in errors.FAMILIES} | {"CredentialError"}
HOUSES = ("credentials", "creditbank")


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Every call in the packages that make checks, with where it stands."""
    for path in chain.from_iterable(sorted((PROJECT / house).rglob("*.py")) for house in HOUSES):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield f"{path.relative_to(PROJECT)}:{node.lineno}", node


def argument(call: ast.Call, place: int, name: str) -> ast.expr | None:
    found = next((word.value for word in call.keywords if word.arg == name), None)
    return found or (call.args[place] if len(call.args) > place else None)


def texts(node: ast.expr | None) -> set[str]:
    """The texts that an expression may have for its value, where that can be read: `"a" if x else "b"`."""
    if node is None:
        return set()
    if isinstance(node, ast.IfExp):
        return texts(node.body) | texts(node.orelse)
    return {node.value} if isinstance(node, ast.Constant) and isinstance(node.value, str) else set()


def named(call: ast.Call) -> str:
    return ast.unparse(call.func)


def codes() -> set[str]:
    found = set(SENTENCES) | {NOT_VERIFIED, NOT_REACHED}
    for _, call in calls():
        if named(call).rpartition(".")[2] in FAMILIES:
            found |= texts(argument(call, 0, "code"))
        if named(call) in ("Check", "replace"):
            found |= texts(argument(call, 3, "code"))
        if named(call) == "Check.warning":
            found |= texts(argument(call, 1, "code"))
    return found


def checks() -> set[str]:
    found = {*verify.NAMES, *proof_check.STEPS}
    for _, call in calls():
        if named(call) == "Check":
            found |= texts(argument(call, 1, "name"))
        if named(call).startswith("Check.") or named(call) == "attempt":
            found |= texts(argument(call, 0, "name"))
    return found


def table(language: str) -> dict[str, Any]:
    return tomllib.loads(resources.files("credentials").joinpath("sentences", f"{language}.toml").read_text("utf-8"))


def leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield from leaves(item, (*path, name))
    else:
        yield path, value


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_the_walk_finds_what_is_known() -> None:
    assert {"bad_signature", "revoked", "superseded", "untrusted_issuer", "deceptive_text", "expired"} <= codes()
    assert {"signature", "accreditation", "inclusion", "record", "text", "required_signers", "status"} <= checks()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_a_sentence(language: str) -> None:
    missing = codes() - sentences(language).codes.keys()
    assert not missing, f"add to [codes] in credentials/sentences/{language}.toml: {sorted(missing)}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_check_has_a_title_and_a_sentence(language: str) -> None:
    missing = {name for name in checks() if CODE.fullmatch(name)} - sentences(language).checks.keys()
    assert not missing, f"add to [checks] in credentials/sentences/{language}.toml: {sorted(missing)}"


def test_every_check_of_a_standard_names_it() -> None:
    own = {"accreditation", "issuer_name", "record", "inclusion", "trust_bundle", "other_proof"}
    assert sentences(DEFAULT).checks.keys() - own - STANDARDS.keys() == set(), "add to report_standards.STANDARDS"


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_languages_say_the_same(language: str) -> None:
    english, other = dict(leaves(table(DEFAULT))), dict(leaves(table(language)))
    assert other.keys() == english.keys()
    assert [path for path in english if places(english[path]) != places(other[path])] == []
    assert [path for path, text in other.items() if not text.strip() or text != text.strip()] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_are_sentences_of_their_language(language: str) -> None:
    scripts = {"en": "[A-Za-z]", "zh-Hans": "[\u4e00-\u9fff]", "ko": "[\uac00-\ud7a3]", "hi": "[\u0900-\u097f]"}
    ends = {"en": ".", "zh-Hans": "。", "ko": ".", "hi": "।"}
    said = sentences(language)
    for text in (*said.codes.values(), *(words.passed for words in said.checks.values())):
        assert text.endswith(ends[language]), text
        assert re.search(scripts[language], text), text
    if language != DEFAULT:
        same = [code for code, text in said.codes.items() if text == sentences(DEFAULT).codes[code]]
        assert same == []


def test_what_has_no_sentence_still_reads() -> None:
    said = sentences("ko")
    assert said.of_code("something_new") == said.fallback["code"]
    assert said.words("something_new").title == said.fallback["title"]
    assert said.words("proof_2") == said.checks["other_proof"]
    assert said.words("proof_time") == said.checks["proof_time"]
    with pytest.raises(KeyError):
        sentences("tlh")


@pytest.mark.parametrize(
    ("preferred", "chosen"),
    [
        (["ko-KR", "en"], "ko"),
        (["KO"], "ko"),
        (["hi-Deva-IN"], "hi"),
        (["zh"], "zh-Hans"),
        (["zh-CN"], "zh-Hans"),
        (["zh-Hans-SG"], "zh-Hans"),
        (["zh-Hant-TW", "ko"], "ko"),
        (["zh-TW"], "en"),
        (["fr", "de-CH-1996"], "en"),
        (["ko-a-long-x-y"], "ko"),
        ([], "en"),
        (["../../etc/passwd", "koala"], "en"),
    ],
)
def test_a_language_is_looked_up(preferred: list[str], chosen: str) -> None:
    assert choose_language(preferred) == chosen


@pytest.mark.parametrize(
    ("header", "tags"),
    [
        ("ko-KR,ko;q=0.9,en;q=0.8", ["ko-KR", "ko", "en"]),
        ("en;q=0.1, hi ;q=0.7,*;q=0.5", ["hi", "en"]),
        ("en;q=0, ko;q=2, hi;q=NaN, zh;q=0.3", ["zh"]),
        (None, []),
        ("", []),
        ("ko;;q=1, !, -en, en_GB," * 1000, []),
    ],
)
def test_an_accept_language_header_is_read(header: str | None, tags: list[str]) -> None:
    assert accepted_languages(header) == tags


def test_the_walk_would_find_a_new_check(monkeypatch: pytest.MonkeyPatch) -> None:
    source = 'Check(0, "horoscope", Outcome.WARNING, "bad_stars" if x else "good_stars", "…")'
    call = ast.parse(source, mode="eval").body
    assert isinstance(call, ast.Call)
    assert texts(argument(call, 3, "code")) == {"bad_stars", "good_stars"}
    assert texts(argument(call, 1, "name")) == {"horoscope"}
    assert Check.passed("x").code is None
