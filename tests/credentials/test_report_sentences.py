"""Every check and every code that the program can produce has a sentence, in every language. A new one is written here:

credentials/sentences/{en,zh-Hans,ko,hi}.toml: a check under [checks], with a title and what passing means; a code
under [codes], with one sentence for somebody who has to decide about a person and knows nothing of signatures.
"""

import ast
import re
import string
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from credentials import errors, proof_check, verify
from credentials.checks import NOT_REACHED, NOT_VERIFIED
from credentials.error_sentences import SENTENCES
from credentials.report_advice import ADVICE, BY_CODE, advice_key
from credentials.report_sentences import DEFAULT, LANGUAGES, accepted_languages, choose_language, sentences
from credentials.report_standards import STANDARDS

PROJECT = Path(__file__).parents[2]
CODE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", re.ASCII)
FAMILIES = {family.__name__ for family in errors.FAMILIES} | {"CredentialError"}
HOUSES = ("credentials", "creditbank")


@dataclass(frozen=True)
class Call:
    """A call in one of the packages that make checks, with the text constants of its module."""

    name: str
    node: ast.Call
    constants: Mapping[str, str]

    def texts(self, place: int, name: str) -> set[str]:
        """The texts that an argument may have for its value."""
        found = next((word.value for word in self.node.keywords if word.arg == name), None)
        return texts(found or (self.node.args[place] if len(self.node.args) > place else None), self.constants)


def modules() -> Iterator[ast.Module]:
    for path in chain.from_iterable(sorted((PROJECT / house).rglob("*.py")) for house in HOUSES):
        yield ast.parse(path.read_text(encoding="utf-8"))


def assigned(module: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """What stands under a name at the top of a module."""
    for node in module.body:
        targets = [node.target] if isinstance(node, ast.AnnAssign) else getattr(node, "targets", [])
        value = getattr(node, "value", None)
        if len(targets) == 1 and isinstance(targets[0], ast.Name) and value is not None:
            yield targets[0].id, value


def calls() -> Iterator[Call]:
    for module in modules():
        constants = {name: next(iter(found)) for name, value in assigned(module) if len(found := texts(value, {})) == 1}
        for node in ast.walk(module):
            if isinstance(node, ast.Call):
                yield Call(ast.unparse(node.func), node, constants)


def texts(node: ast.expr | None, constants: Mapping[str, str]) -> set[str]:
    """The texts that an expression may have for its value, where that can be read: `"a" if x else NAME`."""
    if isinstance(node, ast.IfExp):
        return texts(node.body, constants) | texts(node.orelse, constants)
    if isinstance(node, ast.Name):
        return {constants[node.id]} if node.id in constants else set()
    return {node.value} if isinstance(node, ast.Constant) and isinstance(node.value, str) else set()


def codes() -> set[str]:
    found = set(SENTENCES) | {NOT_VERIFIED, NOT_REACHED}
    for call in calls():
        if call.name.rpartition(".")[2] in FAMILIES:
            found |= call.texts(0, "code")
        if call.name in ("Check", "replace"):
            found |= call.texts(3, "code")
        if call.name == "Check.warning":
            found |= call.texts(1, "code")
    return found


def checks() -> set[str]:
    """By where they are made, and by the lists that modules keep of them (`NAMES`, `STEPS`)."""
    listed = (value for module in modules() for name, value in assigned(module) if name.endswith(("NAMES", "STEPS")))
    found = {*verify.NAMES, *proof_check.STEPS}
    for value in listed:
        found |= {text for item in getattr(value, "elts", ()) for text in texts(item, {}) if CODE.fullmatch(text)}
    for call in calls():
        if call.name == "Check":
            found |= call.texts(1, "name")
        if call.name.startswith("Check.") or call.name == "attempt":
            found |= call.texts(0, "name")
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
def test_every_verdict_comes_with_advice(language: str) -> None:
    assert sentences(language).advice.keys() == ADVICE
    assert advice_key("valid", None) == "valid"
    assert advice_key("invalid", "revoked") == "ask_in_force"
    assert advice_key("invalid", "something_new") == "ask_institution"
    assert advice_key("indeterminate", "something_new") == "try_again"


def test_advice_is_about_codes_that_there_are() -> None:
    assert BY_CODE.keys() - codes() == set()


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
    for text in (*said.codes.values(), *said.advice.values(), *(words.passed for words in said.checks.values())):
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


def test_the_walk_would_find_a_new_check() -> None:
    source = 'Check(0, NAME, Outcome.WARNING, "bad_stars" if x else "good_stars", "…")'
    node = ast.parse(source, mode="eval").body
    assert isinstance(node, ast.Call)
    call = Call("Check", node, {"NAME": "horoscope"})
    assert call.texts(3, "code") == {"bad_stars", "good_stars"}
    assert call.texts(1, "name") == {"horoscope"}
