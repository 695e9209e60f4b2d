"""A bank behind HTTP in a test: a cloned database, the real application, and clients that get their tokens properly."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from fastapi import FastAPI
from httpx2 import Response
from starlette.testclient import TestClient

from api.app import create_app, services_of
from credentials.keys import PrivateKey
from creditbank.administration import Administration
from creditbank.caller import SCOPES
from creditbank.gather import Gatherer
from creditbank.settings import Settings
from creditbank.store import rows
from issuers.client_assertion import ASSERTION_TYPE, make_client_assertion
from tests.bank_world import ANNA, PUBLIC_URL, World, open_world

OUTCOME: dict[str, Any] = {
    "learner": {"identifiers": [{"type": "emailAddress", "value": "mina.kim@example.org"}]},
    "achievement": "https://hanbit.example/courses/databases",
    "name": {"ko": "데이터베이스", "en": "Databases"},
    "description": {"en": "Relational modelling and SQL."},
    "criteria": {"en": "Pass the examination."},
    "credits": "3",
    "unit": "kr-credit",
    "source_type": "accredited-course",
    "course_class": "major-elective",
    "score": "87.5",
    "attendance": "0.95",
    "activity_start": "2026-03-02",
    "activity_end": "2026-06-20",
}


@dataclass
class Http:
    """The application as a test speaks to it."""

    world: World
    app: FastAPI
    client: TestClient
    keys: dict[str, PrivateKey] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        return self.world.now

    def register(self, client_id: str, role: str, scopes: list[str] | None = None, **owner: Any) -> str:
        """A client with a key of its own, as an administrator registers it; its id."""
        key = self.keys[client_id] = PrivateKey.generate("EdDSA")
        row = rows.Client(
            client_id=client_id,
            name=client_id,
            role=role,
            issuer_id=owner.get("issuer"),
            book_id=owner.get("learner"),
            public_jwk=key.public_key.jwk(),
            scopes=sorted(SCOPES[role]) if scopes is None else scopes,
            registered_at=self.now,
        )
        Administration(self.world.bank).register_client(ANNA, row)
        return client_id

    def assertion(self, holder: str, **facts: Any) -> str:
        """What the client proves itself with."""
        key = self.keys[holder]
        chosen = {
            "client_id": holder,
            "key_id": key.public_key.thumbprint(),
            "audience": f"{PUBLIC_URL}/oauth/token",
            "token_id": str(uuid4()),
            "at": self.now,
        }
        return make_client_assertion(key, **{**chosen, **facts})

    def ask_token(self, holder: str, scope: str | None = None, **facts: Any) -> Response:
        """The token endpoint's answer."""
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": self.assertion(holder, **facts),
        }
        return self.client.post("/oauth/token", data={**form, **({"scope": scope} if scope is not None else {})})

    def token(self, client_id: str, scope: str | None = None) -> str:
        """An access token."""
        answer = self.ask_token(client_id, scope)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])

    def speaker(self, client_id: str, scope: str | None = None) -> "Speaker":
        """Somebody who speaks with a token."""
        return Speaker(self.client, self.token(client_id, scope))

    def administrator(self, name: str = "desk") -> "Speaker":
        """An administrator of the bank."""
        return self.speaker(self.register(name, "administrator"))

    def school(self, issuer_id: str = "hanbit", **facts: Any) -> "Speaker":
        """An accredited institution with a hosted key, and its system."""
        self.world.school(issuer_id, **facts)
        return self.speaker(self.register(f"{issuer_id}-sis", "issuer", issuer=issuer_id))

    def learner(self, book: Any, name: str = "wallet") -> "Speaker":
        """A learner's wallet."""
        return self.speaker(self.register(name, "learner", learner=book))


@dataclass
class Speaker:
    """A client with a token."""

    client: TestClient
    token: str

    def headers(self, **more: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", **more}

    def get(self, path: str, **headers: str) -> Response:
        return self.client.get(path, headers=self.headers(**headers))

    def post(self, path: str, body: Any = None, key: str | None = None) -> Response:
        headers = self.headers(**({"Idempotency-Key": key} if key else {}))
        if body is None:
            return self.client.post(path, headers=headers)
        return self.client.post(path, json=body, headers=headers)

    def send(self, path: str, content: bytes, media_type: str, key: str | None = None) -> Response:
        headers = self.headers(**{"Content-Type": media_type, **({"Idempotency-Key": key} if key else {})})
        return self.client.post(path, content=content, headers=headers)

    def made(self, path: str, body: Any = None, key: str | None = None) -> dict[str, Any]:
        """A POST that must succeed; its answer."""
        answer = self.post(path, body, key)
        assert answer.is_success, f"{answer.status_code} {answer.text}"
        found: dict[str, Any] = answer.json()
        return found

    def seen(self, path: str) -> dict[str, Any]:
        """A GET that must succeed; its answer."""
        answer = self.get(path)
        assert answer.status_code == 200, f"{answer.status_code} {answer.text}"
        found: dict[str, Any] = answer.json()
        return found


def outcome(**facts: Any) -> dict[str, Any]:
    """A plain learning outcome as a school posts it."""
    return {**OUTCOME, **facts}


def refused(answer: Response, status: int, code: str) -> dict[str, Any]:
    """The problem of an answer that must be one."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    problem: dict[str, Any] = answer.json()
    assert (answer.status_code, problem["code"], problem["status"]) == (status, code, status), answer.text
    assert problem["instance"].endswith(answer.headers["request-id"])
    return problem


def as_json(value: Any) -> bytes:
    return json.dumps(value).encode()


@contextmanager
def open_http(database_url: str, folder: Path, **settings: Any) -> Iterator[Http]:
    """The application on a cloned database."""
    with open_world(database_url, folder) as world, serving(world, folder, **settings) as opened:
        yield opened


@contextmanager
def serving(world: World, folder: Path, **settings: Any) -> Iterator[Http]:
    """The application over a bank that is open already."""
    chosen = Settings(public_url=PUBLIC_URL, data_dir=folder / "data", **settings)
    gatherer = Gatherer(world.bank, chosen.queue_size)
    app = create_app(services_of(world.bank, gatherer, chosen))
    try:
        with TestClient(app, base_url=PUBLIC_URL, raise_server_exceptions=False) as client:
            yield Http(world, app, client)
    finally:
        gatherer.close()
