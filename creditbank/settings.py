"""The service's settings: environment variables `CREDITBANK_…`, or one file each in a folder of secrets.

Every field's description is the documentation; docs/settings.md lists them, and a test holds the two together.
"""

import os
from functools import cached_property
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, HttpUrl, TypeAdapter, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SecretsSettingsSource,
    SettingsConfigDict,
)

SECRETS = Path("/run/secrets")
_HTTP_URL = TypeAdapter(HttpUrl)


def default_data_dir() -> Path:
    """As root /var/lib/creditbank, which the database's own OS user can reach; else below XDG_DATA_HOME."""
    if os.geteuid() == 0:
        return Path("/var/lib/creditbank")
    configured = os.environ.get("XDG_DATA_HOME", "")
    home = Path(configured) if Path(configured).is_absolute() else Path("~/.local/share").expanduser()
    return home / "creditbank"


class Settings(BaseSettings):
    """What may differ from one installation to the next. Frozen: read once, at start."""

    model_config = SettingsConfigDict(env_prefix="CREDITBANK_", env_ignore_empty=True, frozen=True, extra="ignore")

    data_dir: Path = Field(
        default_factory=default_data_dir,
        description="Folder of the embedded PostgreSQL. As root, one that other OS users can pass. "
        "Default: `/var/lib/creditbank` as root, else `$XDG_DATA_HOME/creditbank`.",
    )
    database_url: str | None = Field(
        default=None,
        repr=False,
        description="URL of a PostgreSQL of one's own, for the service's role. Unset: the embedded one.",
    )
    admin_database_url: str | None = Field(
        default=None,
        repr=False,
        description="URL of the same database for a superuser: used by `creditbank db init` and `creditbank db "
        "migrate` only, never by the service. Unset: the embedded one's.",
    )
    key_dir: Path = Field(
        default_factory=lambda fields: _beside(fields["data_dir"], "keys"),
        description="Folder of the key-encryption keys and the log's key. Keep it out of the database's backup. "
        "Default: the data folder's name with `-keys` added.",
    )
    checkpoint_dir: Path = Field(
        default_factory=lambda fields: _beside(fields["data_dir"], "checkpoints"),
        description="Folder of the published checkpoints. It must not be restored together with the database: it is "
        "what shows that a backup is older than what was published. "
        "Default: the data folder's name with `-checkpoints` added.",
    )
    public_url: str = Field(
        default="http://localhost:8000",
        description="Where others reach the service; credential ids, status lists and did:web names are made from it.",
    )
    log_origin: str = Field(
        default_factory=lambda fields: _origin(fields["public_url"]),
        description="Name of the transparency log in its checkpoints (C2SP tlog-checkpoint). "
        "It can never change. Default: the public URL without its scheme, and `/log`.",
    )
    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8000, ge=1, le=65535, description="Port to listen on.")
    workers: int = Field(default=1, ge=1, le=64, description="Processes that serve HTTP.")
    tls_cert: Path | None = Field(
        default=None, description="Certificate chain (PEM) to serve https with; unset where a proxy before it does so."
    )
    tls_key: Path | None = Field(default=None, description="Private key (PEM) of that certificate.")
    pool_size: int = Field(default=8, ge=1, le=100, description="Database connections of one process.")
    queue_size: int = Field(
        default=1000, ge=1, description="Deposits that may wait in one process; more are answered with 503."
    )
    max_body_bytes: int = Field(
        default=4_194_304,
        ge=65_536,
        description="Longest request body, in bytes (PDF: twice that); a longer one is refused unread.",
    )
    max_batch_items: int = Field(default=500, ge=1, le=10_000, description="Most deposits in one batch.")
    allowed_hosts: Annotated[frozenset[str], NoDecode] = Field(
        default=frozenset(),
        description="Hosts, comma-separated, that DID documents and status lists may be fetched from. None by default.",
    )

    allow_refresh: bool = Field(
        default=False,
        description="Whether `/v1/refresh` may ask a credential's issuer for its newer version (`refreshService`).",
    )

    @field_validator("allowed_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return frozenset(host.strip().lower() for host in value.split(",") if host.strip())
        return value

    @field_validator("public_url")
    @classmethod
    def _plain(cls, value: str) -> str:
        """An HTTP URL without query, fragment, user or closing slash, since others are made by adding to it."""
        url = _HTTP_URL.validate_python(value)
        if url.query or url.fragment or url.username or url.password:
            raise ValueError("the public URL is scheme, host and path only")
        return str(url).rstrip("/")

    @field_validator("log_origin")
    @classmethod
    def _one_word(cls, value: str) -> str:
        """C2SP signed-note: a key name is not empty, and holds neither Unicode spaces nor plus."""
        if not value.isprintable() or not value or "+" in value or any(character.isspace() for character in value):
            raise ValueError("the log's origin is one word without a plus")
        return value

    @cached_property
    def embedded(self) -> bool:
        """True where the program starts its own PostgreSQL."""
        return self.database_url is None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - given by name; there is no .env file
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - warns where the folder is absent
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then the environment, then the secrets that a container engine has put into files."""
        secrets = (SecretsSettingsSource(settings_cls, secrets_dir=SECRETS),) if SECRETS.is_dir() else ()
        return (init_settings, env_settings, *secrets)


def _beside(folder: Path, kind: str) -> Path:
    return folder.with_name(f"{folder.name}-{kind}")


def _origin(public_url: str) -> str:
    parts = urlsplit(public_url)
    return f"{parts.netloc}{parts.path}/log"


def as_markdown() -> str:
    """The table of docs/settings.md."""
    rows = [
        f"| `CREDITBANK_{name.upper()}` | {_shown(field.default)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    return "\n".join(["| variable | default | what it is |", "|---|---|---|", *rows, ""])


def _shown(default: object) -> str:
    return f"`{default}`" if isinstance(default, int | str) else "–"
