"""The image and the compose file, held to the project without an engine: sources, commands, users, secrets, order."""

import importlib
import os
import re
import shlex
import shutil
import stat
import subprocess
import tomllib
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import typer.main
import yaml

from creditbank.settings import Settings

PROJECT = Path(__file__).parents[2]
DOCKER = PROJECT / "docker"
COMPOSE: dict[str, Any] = yaml.safe_load((DOCKER / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"] == "creditbank"}


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile as (instruction, arguments), its continued lines joined and comments left out."""
    text = re.sub(r"(?m)^#.*\n", "", (DOCKER / "Dockerfile").read_text()).replace("\\\n", " ")
    lines = [line.split(None, 1) for line in text.splitlines() if line.strip()]
    return [(instruction, arguments) for instruction, arguments in lines]


def of(kind: str) -> list[str]:
    return [arguments for instruction, arguments in instructions() if instruction == kind]


def test_the_image_has_two_stages_of_named_versions() -> None:
    images = [arguments.split()[0] for arguments in of("FROM")]
    assert len(images) == 2
    assert all(":" in image and not image.endswith(":latest") for image in images)
    assert [arguments for arguments in of("COPY") if "--from=" in arguments] == [
        "--from=builder /opt/creditbank /opt/creditbank"
    ]


def test_what_the_image_copies_exists_and_is_let_through_to_the_builder() -> None:
    let_through = {
        line[1:] for line in (DOCKER / "Dockerfile.dockerignore").read_text().splitlines() if line[:1] == "!"
    }
    sources = {name for arguments in of("COPY") if "--from=" not in arguments for name in arguments.split()[:-1]}
    assert sources == let_through
    assert all((PROJECT / name).exists() for name in sources)


def test_every_package_of_the_wheel_is_in_the_image() -> None:
    wheel = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    copied = {name for arguments in of("COPY") for name in arguments.split()[:-1]}
    assert set(wheel["packages"]) <= copied


def test_the_service_is_not_root_and_says_whether_it_is_well() -> None:
    assert of("USER") == ["creditbank"]
    assert instructions()[-2:] == [("ENTRYPOINT", '["creditbank"]'), ("CMD", '["serve"]')]
    assert len(of("HEALTHCHECK")) == 1
    assert not of("ADD")


def test_the_builder_installs_what_the_lock_pins_and_no_development_tools() -> None:
    (command,) = (arguments for arguments in of("RUN") if "tools/run.py" in arguments)
    words = shlex.split(command)
    assert words[words.index("tools/run.py") :] == ["tools/run.py", "install", "--no-dev", "--no-editable"]


@pytest.mark.parametrize("name", sorted(OURS))
def test_every_command_exists_on_the_command_line(name: str) -> None:
    if find_spec("creditbank.cli") is None:
        pytest.skip("creditbank/cli.py is not written yet")
    command: Any = typer.main.get_command(importlib.import_module("creditbank.cli").application())
    for word in SERVICES[name]["command"]:
        assert word in command.commands, f"creditbank has no command {word}"
        command = command.commands[word]


def test_the_health_check_asks_a_path_that_the_service_answers() -> None:
    if find_spec("api.app") is None:
        pytest.skip("api/app.py is not written yet")
    found = re.search(r"http://127\.0\.0\.1:8000(/[a-z/]+)", of("HEALTHCHECK")[0])
    assert found is not None
    sources = "\n".join(path.read_text() for path in (PROJECT / "api").rglob("*.py"))
    assert f'"{found[1]}"' in sources, f"no route {found[1]} in api"


def test_roles_then_tables_then_the_service() -> None:
    assert SERVICES["roles"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert SERVICES["tables"]["depends_on"] == {"roles": {"condition": "service_completed_successfully"}}
    assert SERVICES["service"]["depends_on"] == {"tables": {"condition": "service_completed_successfully"}}


def test_passwords_come_by_file_and_the_service_never_sees_the_superusers() -> None:
    secrets = {name: set(service["secrets"]) for name, service in SERVICES.items()}
    assert set().union(*secrets.values()) == set(COMPOSE["secrets"])
    assert secrets["service"] == {"creditbank_database_url"}
    texts = str([service.get("environment", {}) for service in SERVICES.values()])
    assert "PASSWORD_FILE" in texts
    assert "PASSWORD'" not in texts


def test_the_database_asks_for_scram_keeps_checksums_and_is_not_published() -> None:
    database = SERVICES["database"]
    assert database["environment"]["POSTGRES_HOST_AUTH_METHOD"] == "scram-sha-256"
    assert "--data-checksums" in database["environment"]["POSTGRES_INITDB_ARGS"]
    assert "ports" not in database
    assert COMPOSE["networks"]["inside"] == {"internal": True}


@pytest.mark.parametrize("name", sorted(OURS))
def test_our_containers_may_do_as_little_as_they_can(name: str) -> None:
    service = SERVICES[name]
    assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
    assert service["security_opt"] == ["no-new-privileges:true"]


def test_every_setting_in_the_compose_file_is_one() -> None:
    known = {f"CREDITBANK_{name.upper()}" for name in Settings.model_fields}
    set_here = {name for service in OURS.values() for name in service.get("environment", {})}
    set_here |= {name.upper() for name in COMPOSE["secrets"] if name.startswith("creditbank_")}
    assert set_here <= known


def test_the_passwords_are_made_once_and_kept_private(tmp_path: Path) -> None:
    script = shutil.copy(DOCKER / "secrets.sh", tmp_path)
    subprocess.run([script], check=True)
    folder = tmp_path / "secrets"
    first = {path.name: path.read_text() for path in folder.iterdir()}
    subprocess.run([script], check=True, capture_output=True)
    assert {path.name: path.read_text() for path in folder.iterdir()} == first
    assert set(first) == {Path(secret["file"]).name for secret in COMPOSE["secrets"].values()}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert first["database_password"] in first["creditbank_admin_database_url"]
    assert first["database_password"] not in first["creditbank_database_url"]
    assert len(first["database_password"]) == 48


@pytest.mark.skipif(shutil.which("docker") is None, reason="there is no docker here; the other tests read the file")
def test_docker_reads_the_compose_file(tmp_path: Path) -> None:
    command = ["docker", "compose", "--file", str(DOCKER / "compose.yaml"), "config", "--quiet"]
    ended = subprocess.run(command, capture_output=True, text=True, env=os.environ | {"DOCKER_CONFIG": str(tmp_path)})
    if "is not a docker command" in ended.stderr or "unknown flag" in ended.stderr:
        pytest.skip("this docker has no compose")
    assert ended.returncode == 0, ended.stderr
