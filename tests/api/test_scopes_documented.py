"""Whoever registers a client finds every scope, and whose it may be, in the API's page."""

from pathlib import Path

from creditbank.caller import SCOPES

PAGE = Path(__file__).parents[2] / "docs" / "api.md"
ROLES = ("administrator", "issuer", "learner", "employer")


def test_every_scope_of_every_role_is_documented() -> None:
    told: dict[str, set[str]] = {role: set() for role in ROLES}
    for line in PAGE.read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) == 2 + len(ROLES) and cells[0].startswith("`"):
            scopes = [scope.strip("` ") for scope in cells[0].split(",")]
            for role, cell in zip(ROLES, cells[2:], strict=True):
                told[role] |= {scope for scope in scopes if cell == "✓" or (cell and scope.endswith(f":{cell}"))}
    assert told == {role: set(scopes) for role, scopes in SCOPES.items()}
