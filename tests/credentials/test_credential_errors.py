"""Refusals speak in stable codes and whole sentences, and never repeat what was sent."""

import ast
import pickle
from importlib import resources
from pathlib import Path

import pytest

from credentials import errors
from credentials.error_sentences import SENTENCES
from credentials.errors import CredentialError, LimitExceeded, ProofInvalid

PACKAGE = Path(str(resources.files("credentials")))
FAMILIES = {family.__name__ for family in errors.FAMILIES}


def raised_codes() -> set[str]:
    """Every code with which the package builds one of its errors and leaves the sentence to the table."""
    calls = (
        node
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FAMILIES
    )
    return {call.args[0].value for call in calls if len(call.args) == 1 and isinstance(call.args[0], ast.Constant)}


def test_every_code_has_a_sentence() -> None:
    assert len(raised_codes()) > 40
    assert raised_codes() - SENTENCES.keys() == set()


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_sentences_are_sentences(code: str) -> None:
    assert code == code.lower()
    assert code.replace("_", "").isalnum()
    sentence = SENTENCES[code]
    assert sentence[0].isupper()
    assert sentence.endswith(".")


def test_the_families_are_all_there_is() -> None:
    assert set(CredentialError.__subclasses__()) == set(errors.FAMILIES)


def test_an_error_carries_its_facts() -> None:
    refusal = LimitExceeded("too_large", limit=131_072)
    assert str(refusal) == refusal.message == "The data is larger than the 131072 bytes that are read."
    assert dict(refusal.facts) == {"limit": 131_072}
    assert CredentialError("proof_time").message == "The proof's time is not acceptable ((reason not stated))."


def test_an_unknown_code_still_reads() -> None:
    assert ProofInvalid("something_else").message == "something else"
    assert ProofInvalid("something_else", "It was {what}.", what="blue").message == "It was blue."
    assert pickle.loads(pickle.dumps(ProofInvalid("no_proof"))).code == "no_proof"
