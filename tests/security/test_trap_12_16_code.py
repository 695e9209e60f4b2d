"""Traps 12 and 16: rows are never built from requests, and nothing but typed outcomes reaches an institution's key.

Some of this is a property of the source, so the source is walked: who imports a signer, who builds rows from what.
"""

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, get_type_hints

import pytest
from pydantic import BaseModel
from sqlmodel import SQLModel

from credentials.errors import CredentialError
from credentials.open_badges import OutcomeDraft
from creditbank.bank import Bank
from creditbank.errors import BankError, NotFound
from creditbank.intake import Posted
from creditbank.issuance import Issuance
from creditbank.store import rows
from issuers.signing_forms import FORMS
from tests.bank_world import ANNA, World
from tests.security.attacks import assert_refused, careless_proof, careless_token, everything, put
from tests.security.conftest import Target

PROJECT = Path(__file__).parents[2]
PACKAGES = ("api", "creditbank", "credentials", "issuers", "recognition_rules")


def sources(*packages: str) -> Iterator[tuple[str, ast.Module]]:
    for package in packages:
        for path in sorted((PROJECT / package).rglob("*.py")):
            yield path.relative_to(PROJECT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def schemas() -> list[type[BaseModel]]:
    """Every shape of the API's requests and answers."""
    package = importlib.import_module("api.schemas")
    modules = [importlib.import_module(f"api.schemas.{found.name}") for found in pkgutil.iter_modules(package.__path__)]
    classes = {item for module in modules for _, item in inspect.getmembers(module, inspect.isclass)}
    return sorted((item for item in classes if issubclass(item, BaseModel)), key=lambda item: item.__name__)


def bodies() -> list[type[BaseModel]]:
    """The shapes that a route, or what a route calls, reads a request into."""
    named = {node.id for _, tree in sources("api") for node in ast.walk(tree) if isinstance(node, ast.Name)}
    wire = importlib.import_module("api.schemas.common").Wire
    return [shape for shape in schemas() if issubclass(shape, wire) and shape.__name__ in named]


def test_trap_12_every_request_refuses_members_that_it_does_not_know() -> None:
    assert len(bodies()) > 15
    assert [shape.__name__ for shape in bodies() if shape.model_config.get("extra") != "forbid"] == []


def test_trap_12_no_shape_of_the_api_is_a_row() -> None:
    assert [shape.__name__ for shape in schemas() if issubclass(shape, SQLModel)] == []


def test_trap_12_no_route_takes_a_row_and_no_row_is_made_of_whatever_came() -> None:
    """Each column of a row is named where it is built: no `**body`, no copying of members, no validation of rows."""
    names = set(rows.__all__)
    found = []
    for path, tree in sources("api", "creditbank"):
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            built = ast.unparse(call.func)
            if built.removeprefix("rows.") in names and built.startswith("rows."):
                found += [f"{path}:{call.lineno} splats into {built}" for word in call.keywords if word.arg is None]
            if built.endswith(("sqlmodel_update", "from_orm")) or (built.startswith("rows.") and "model_" in built):
                found.append(f"{path}:{call.lineno} {built}")
            if built == "setattr" and path.startswith("api"):
                found.append(f"{path}:{call.lineno} setattr")
    assert found == []


def test_trap_12_no_handler_has_a_row_for_a_parameter() -> None:
    found = []
    for path, tree in sources("api/routes"):
        for function in (node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))):
            routed = any("router" in ast.unparse(decorator) for decorator in function.decorator_list)
            annotations = [ast.unparse(a.annotation) for a in function.args.args if a.annotation]
            found += [f"{path}:{function.lineno} {text}" for text in annotations if routed and "rows." in text]
    assert found == []


def test_trap_12_a_row_does_not_validate_which_is_why() -> None:
    row = rows.Client(client_id=5, role=["x"], scopes="everything", public_jwk=None, nonsense=True)
    assert row.client_id == 5  # type: ignore[comparison-overlap]


def test_trap_12_what_a_client_may_do_is_not_its_own_to_say(world: World) -> None:
    """The one row that an administrator hands over whole is checked all the same."""
    jwk = world.wallet.public_key.jwk()
    for role, scopes in (("issuer", ["registry:write"]), ("employer", ["deposits:write"]), ("root", ["audit:read"])):
        before = everything(world)
        with pytest.raises(BankError) as refusal:
            world.administration.register_client(
                ANNA, rows.Client(client_id="x", role=role, scopes=scopes, public_jwk=jwk)
            )
        assert refusal.value.code == "scope_not_grantable"
        assert everything(world) == before


SIGNERS = {"HostedSigner", "HostedKey", "hosted_signer"}
MAY_SIGN = {
    "creditbank/status_lists.py": {"HostedSigner", "HostedKey", "hosted_signer"},  # status lists, of its own rows
    "creditbank/issuance.py": {"hosted_signer"},  # typed outcomes
    "creditbank/judging.py": {"hosted_signer"},  # typed answers, which no reader of credentials takes
    "issuers/custody.py": {"HostedSigner", "HostedKey"},  # where they are defined
}


def mentioned(tree: ast.Module, names: set[str]) -> set[str]:
    found = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    found |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    found |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}
    found |= {node.name for node in ast.walk(tree) if isinstance(node, (ast.ClassDef, ast.FunctionDef))}
    return found & names


def test_trap_16_a_hosted_key_is_reached_from_few_places_only() -> None:
    found = {path: names for path, tree in sources(*PACKAGES) if (names := mentioned(tree, SIGNERS))}
    assert found == MAY_SIGN


def test_trap_16_what_seals_private_keys_is_in_as_few_hands() -> None:
    """The envelope opens them: made in the vault, used to seal a new key, and by the signer above."""
    found = {
        path
        for path, tree in sources("api", "creditbank")
        if any(isinstance(node, ast.Attribute) and node.attr == "envelope" for node in ast.walk(tree))
    }
    assert found == {"creditbank/administration.py", "creditbank/status_lists.py"}


def test_trap_16_issuing_takes_an_outcome_and_nothing_freer() -> None:
    """No bytes, no document, no claims: text, amounts and days, each in its own field."""
    for function in (Bank.issue, Issuance.issue):
        hints = get_type_hints(function)
        assert hints["outcome"] is OutcomeDraft
        assert not [name for name, hint in hints.items() if hint in (bytes, dict, Any) and name != "return"]
    assert not [field.name for field in fields(OutcomeDraft) if "dict" in str(field.type) or "Any" in str(field.type)]


def test_trap_16_the_bank_has_no_preview() -> None:
    words = ("preview", "dry_run", "sign_raw", "test_sign")
    found = [
        f"{path}: {node.name}"
        for path, tree in sources(*PACKAGES)
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
        and any(word in node.name.lower() for word in words)
    ]
    assert found == []


def test_trap_16_a_test_credential_is_refused_however_genuine(target: Target) -> None:
    document = target.signer.document()
    for types in (
        ["VerifiableCredential", "OpenBadgeCredential", "TestCredential"],
        ["VerifiableCredential", "TestCredential"],
    ):
        marked = put(document, "type", types)
        assert_refused(target.world, careless_token(target.signer, marked), "test_credential")
        assert_refused(target.world, careless_proof(target.signer, marked), "test_credential")


def test_trap_16_a_signature_of_the_bank_is_for_one_institution_and_its_own_callers(world: World) -> None:
    school, other = world.school("hanbit"), world.school("seoul", "higher")
    learner = replace(school, role="learner", issuer_id=None)
    before = everything(world)
    for caller in (other, learner, replace(school, issuer_id=None), replace(school, role="employer")):
        with pytest.raises(NotFound, match="issuer_not_found"):
            world.bank.issue(caller, "hanbit", world.outcome(), "vc-jwt")
    assert everything(world) == before


def test_trap_16_what_the_bank_signs_says_who_issued_it_and_carries_a_status(world: World) -> None:
    """A hosted signature is always over a whole badge of the institution itself, revocable, dated by the bank."""
    school = world.school("hanbit")
    world.administration.create_key(ANNA, "hanbit", "ES256", world.now - timedelta(days=1))
    for form in FORMS:
        posted = world.issue(school, form, valid_until=world.now + timedelta(days=365))
        claims = world.bank.verify(posted.data).verification.claims
        assert claims is not None
        assert claims.issuer_id == "did:web:bank.example:issuers:hanbit"
        assert [entry.purpose for entry in claims.status_entries] == ["revocation"]
        assert world.now - timedelta(seconds=1) <= claims.valid_from <= world.now


def test_trap_16_other_signatures_of_the_bank_are_no_credentials(target: Target) -> None:
    """The log's and the token's keys sign other things, and nothing that they sign is taken for a badge."""
    vault = target.world.bank.office.vault
    for key in (vault.log_key, vault.token_key, vault.quote_key):
        forger = replace(target.signer, key=key)
        assert_refused(target.world, careless_token(forger, target.signer.document()), "bad_signature")
        own = careless_token(replace(forger, key_id=key.public_key.did_key()), target.signer.document())
        assert_refused(target.world, own, "controller_mismatch")


@pytest.mark.parametrize("typ", ["at+jwt", "logout+jwt", "openid4vci-proof+jwt", "kb+jwt", "", "vc+sd-jwt"])
def test_trap_16_a_token_of_another_kind_is_no_credential(target: Target, typ: str) -> None:
    token = careless_token(target.signer, target.signer.document(), typ=typ)
    with pytest.raises(CredentialError) as refusal:
        target.world.bank.deposit(Posted(token.encode(), None, target.signer.caller))
    assert refusal.value.code == "wrong_type"
    assert_refused(target.world, token, "wrong_type")
