"""Trap 16, I19: whoever signs for strangers has nothing in common with the bank, and a bank signs for no stranger."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.vc_api import create_suite_app
from creditbank.commands.serve import serve_test_run
from creditbank.errors import Refused
from creditbank.settings import Settings
from creditbank.vc_api_run import suite_run
from tests.api.http_world import Http, open_http
from tests.api.suite_world import OLD, PLAIN, open_suite
from tests.bank_world import World
from tests.security.attacks import everything

PROJECT = Path(__file__).parents[2]
PORTAL = (
    *sorted(path.relative_to(PROJECT).as_posix() for path in (PROJECT / "creditbank").glob("vc_api*.py")),
    "api/vc_api.py",
    "api/routes/vc_api_issuer.py",
)
KEPT_APART = ("creditbank.vault", "creditbank.office", "creditbank.bank", "creditbank.issuance", "creditbank.store",
              "creditbank.status_lists", "creditbank.opening", "creditbank.transactions", "issuers.custody",
              "api.services", "api.vc_api_bank")  # fmt: skip


@pytest.fixture
def http(database_url: str, tmp_path: Path) -> Iterator[Http]:
    with open_http(database_url, tmp_path) as opened:
        yield opened


def imports(path: str) -> Iterator[str]:
    for node in ast.walk(ast.parse((PROJECT / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (node.module, *(f"{node.module}.{alias.name}" for alias in node.names))
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def test_the_issuer_of_a_test_run_imports_nothing_that_holds_a_key_of_the_bank() -> None:
    assert len(PORTAL) == 6
    found = [f"{path}: {name}" for path in PORTAL for name in imports(path) if name.startswith(KEPT_APART)]
    assert found == []


def test_only_the_application_of_a_test_run_has_the_issuers_routes() -> None:
    users = [path.relative_to(PROJECT).as_posix() for path in (PROJECT / "api").rglob("*.py")]
    users += [path.relative_to(PROJECT).as_posix() for path in (PROJECT / "creditbank").rglob("*.py")]
    of_portal = {"creditbank.vc_api_run", "creditbank.vc_api_issuer", "api.routes.vc_api_issuer"}
    found = {path for path in users if of_portal & set(imports(path))}
    assert found == {"api/vc_api.py", "api/routes/vc_api_issuer.py", "creditbank/vc_api_run.py"}


def test_the_bank_has_no_route_that_signs_what_it_is_sent(http: Http) -> None:
    paths = http.app.openapi()["paths"].keys()
    assert {"/credentials/verify", "/presentations/verify"} <= paths
    for path in ("/credentials/issue", "/credentials/derive", "/credentials/status", "/issuers"):
        assert path not in paths
        assert http.client.post(path, json={"credential": PLAIN}).status_code in (404, 405)
    assert not [path for path in paths if path.endswith("/credentials/issue")]
    assert not hasattr(http.app.state, "suite_run")


def test_a_test_run_is_refused_beside_a_database(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("database_url", "admin_database_url"):
        with pytest.raises(Refused) as refusal:
            serve_test_run(Settings().model_copy(update={name: "postgresql://bank@db.example/bank"}))
        assert refusal.value.code == "test_run_beside_bank"


def test_its_keys_are_new_in_every_run_and_never_shown() -> None:
    first, second = suite_run("https://a.example"), suite_run("https://a.example")
    dids = [issuer.did for run in (first, second) for issuer in run.issuers.values()]
    assert len(set(dids)) == len(dids)
    secrets = [issuer.key.to_bytes() for issuer in first.issuers.values()]
    shown = repr(first) + "".join(map(repr, first.issuers.values()))
    assert not any(secret.hex() in shown or repr(secret) in shown for secret in secrets)
    assert not hasattr(create_suite_app(first, 65_536).state, "services")


def test_what_a_test_run_signs_is_worth_nothing_to_a_bank(world: World) -> None:
    """I22: a good signature by nobody in particular is never valid, and books nothing."""
    signed = open_suite().issued(OLD)
    before = everything(world)
    found = world.bank.verify(json.dumps(signed).encode()).verification
    assert found.verdict != "valid"
    assert everything(world) == before
