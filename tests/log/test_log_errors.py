"""The log's errors: one root, a code each, a sentence built from the facts."""

import re
import string

import pytest

from creditbank.errors import BankError
from creditbank.log import errors

KINDS = errors.LogError.__subclasses__()


def test_each_kind_has_a_code_of_its_own() -> None:
    codes = [kind.stable_code for kind in KINDS]
    assert len(codes) >= 16
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", code) for code in codes)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_each_kind_builds_its_sentence_from_the_facts_that_its_docstring_names(kind: type[errors.LogError]) -> None:
    names = {name for _, name, _, _ in string.Formatter().parse(kind.sentence) if name}
    error = kind(**dict.fromkeys(names, "fact"))
    assert isinstance(error, BankError)
    assert (error.code, set(error.facts)) == (kind.stable_code, names)
    assert "{" not in error.message
    assert all(f"`{name}`" in (kind.__doc__ or "") for name in names)
