"""The bank's secrets over time: what a later version needs is added, and what was there is never replaced."""

import json
from pathlib import Path

import pytest

from creditbank.vault import _CONTEXT, open_vault


def stored(folder: Path) -> dict[str, str]:
    vault = open_vault(folder)
    found: dict[str, str] = json.loads(vault.envelope.open((folder / "secrets").read_bytes(), _CONTEXT))
    return found


def without(folder: Path, name: str) -> dict[str, str]:
    """The secrets as an older version of the program left them."""
    vault, secrets = open_vault(folder), stored(folder)
    secrets.pop(name)
    (folder / "secrets").write_bytes(vault.envelope.seal(json.dumps(secrets).encode(), _CONTEXT))
    return secrets


def test_an_older_banks_secrets_gain_the_key_for_statements_once(tmp_path: Path) -> None:
    before = without(tmp_path, "statements")
    first = open_vault(tmp_path).statement_key.public_key
    assert open_vault(tmp_path).statement_key.public_key == first
    after = stored(tmp_path)
    assert {name: after[name] for name in before} == before
    assert after.keys() - before.keys() == {"statements"}


@pytest.mark.parametrize("name", ["log", "tokens", "quotes", "identifiers", "personal"])
def test_a_secret_that_was_lost_is_never_made_anew(tmp_path: Path, name: str) -> None:
    without(tmp_path, name)
    with pytest.raises(KeyError):
        open_vault(tmp_path)


def test_every_purpose_has_a_key_of_its_own(tmp_path: Path) -> None:
    vault = open_vault(tmp_path)
    keys = (vault.log_key, vault.token_key, vault.quote_key, vault.statement_key)
    assert len({key.public_key.thumbprint() for key in keys}) == len(keys)
