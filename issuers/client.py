"""What a school installs: sign a badge, bake it into an image, deposit it — or let the bank sign it.

    client = SchoolClient("https://bank.example", "hanbit-college", key, clock=..., new_id=...)
    signer = CredentialSigner("did:web:hanbit.example", {"ko": "한빛대학"}, issuer_key)
    receipt = client.deposit(Deposit(signer.sign(outcome, credential_id=..., valid_from=...).encode()))

Every change carries an Idempotency-Key, so that a repeated call after a time-out or a 503 books nothing twice.
"""

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Self

import httpx

from credentials.baking import bake_png, bake_svg
from credentials.keys import Signer
from credentials.language import LanguageMap
from credentials.open_badges import OutcomeDraft, build
from credentials.status_entry import StatusEntry
from issuers.client_assertion import ASSERTION_TYPE, make_client_assertion
from issuers.errors import BankError
from issuers.registry import verification_method
from issuers.signing_forms import FORMS, Form, Signing, whole

TOKEN_PATH = "/oauth/token"  # noqa: S105  a path
DEPOSITS_PATH = "/v1/deposits"
BATCH_PATH = "/v1/deposits/batch"
CREDENTIALS_PATH = "/v1/credentials"

_JSON = "application/json"
_BUSY = (429, 503)
_LONGEST_WAIT = 30.0
_PNG = b"\x89PNG\r\n\x1a\n"
_BINARY = (_PNG, b"%PDF-")


@dataclass(frozen=True, slots=True)
class Deposit:
    """A signed credential to deposit: its bytes as signed (JSON, compact JWS, PNG, SVG or PDF), and whose it is.

    ``identifiers`` are (type, value) pairs such as ``("studentNumber", "2026-0042")``, beside those in the credential.
    """

    credential: bytes
    identifiers: Sequence[tuple[str, str]] = ()

    def body(self) -> dict[str, Any]:
        """The request's JSON: text as text, so that not a byte of what was signed changes; PNG and PDF in base64."""
        named = [{"type": kind, "value": value} for kind, value in self.identifiers]
        if self.credential.startswith(_BINARY):
            return {"credential_base64": base64.b64encode(self.credential).decode(), "identifiers": named}
        return {"credential": self.credential.decode(), "identifiers": named}


@dataclass(frozen=True, slots=True)
class CredentialSigner:
    """Signs badges with the issuer's own key, under the id that its DID document gives the key."""

    did: str
    name: LanguageMap
    signer: Signer

    def sign(
        self,
        outcome: OutcomeDraft,
        *,
        credential_id: str,
        valid_from: datetime,
        form: str = "vc-jwt",
        status_entries: Sequence[StatusEntry] = (),
    ) -> str:
        """The outcome as an Open Badges 3.0 credential in one of ``issuers.signing_forms.FORMS``.

        With ``ecdsa-sd-2023`` this is the base proof, the learner's own; what is deposited is ``shown_whole`` of it.
        Errors: those of ``credentials.open_badges.build`` and of the form's signing; ``BankError`` ``form_unknown``,
        ``valid_until_needed``, ``status_needed`` for what the form cannot bear.
        """
        chosen = _form(form, outcome, status_entries)
        document = build(
            outcome,
            issuer_id=self.did,
            issuer_name=self.name,
            credential_id=credential_id,
            valid_from=valid_from,
            status_entries=status_entries,
        )
        method = verification_method(self.did, self.signer.public_key)
        at = valid_from.replace(microsecond=0)
        return chosen.sign(document, Signing(self.signer, method, at, lambda: secrets.token_bytes(16))).decode()


def _form(name: str, outcome: OutcomeDraft, status_entries: Sequence[StatusEntry]) -> Form:
    if name not in FORMS:
        raise BankError("form_unknown", f"A credential can be signed as one of: {', '.join(FORMS)}.", status=0)
    if FORMS[name].needs_end and outcome.valid_until is None:
        raise BankError("valid_until_needed", "A badge that can be shown in part needs an end of validity.", status=0)
    if FORMS[name].needs_end and not status_entries:
        raise BankError(
            "status_needed", "A badge that can be shown in part needs a status that can revoke it.", status=0
        )
    return FORMS[name]


def shown_whole(credential: str) -> str:
    """All that a base proof (ecdsa-sd-2023) signs, as a verifier or the bank's counter is shown it; else unchanged."""
    return whole(credential.encode()).decode()


def bake(image: bytes, credential: str) -> bytes:
    """The PNG or SVG image with the credential in it; errors: those of ``credentials.baking``."""
    return (bake_png if image.startswith(_PNG) else bake_svg)(image, credential)


class SchoolClient:
    """A school's connection to a bank.

    ``key`` is the key registered for this client (not the one that signs badges), ``key_id`` its name there.
    ``clock`` and ``new_id`` supply time and fresh ids; ``waits`` are the seconds between repeated calls.
    Every call raises ``BankError`` with the bank's own code.
    """

    def __init__(
        self,
        base_url: str,
        client_id: str,
        key: Signer,
        *,
        clock: Callable[[], datetime],
        new_id: Callable[[], str],
        key_id: str | None = None,
        scopes: Iterable[str] = (),
        http: httpx.Client | None = None,
        waits: Sequence[float] = (0.5, 1.0, 2.0, 4.0),
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._base_url = _checked_base(base_url)
        self._client_id = client_id
        self._key = key
        self._key_id = key_id or key.public_key.thumbprint()
        self._clock = clock
        self._new_id = new_id
        self._scope = " ".join(scopes)
        self._http = http or httpx.Client(timeout=30, follow_redirects=False)
        self._waits = tuple(waits)
        self._sleep = sleep
        self._token: tuple[str, datetime] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the connections back."""
        self._http.close()

    def deposit(self, deposit: Deposit, idempotency_key: str | None = None) -> dict[str, Any]:
        """Deposit a signed credential; the answer says credited, held or refused, and carries the receipt.

        Without a key the digest of the content is the key: the same deposit again is the same request.
        """
        return self._post(DEPOSITS_PATH, deposit.body(), idempotency_key)

    def deposit_batch(self, deposits: Iterable[Deposit], idempotency_key: str | None = None) -> dict[str, Any]:
        """Deposit many credentials in one request; the answer has one result an item, in order."""
        return self._post(BATCH_PATH, {"items": [deposit.body() for deposit in deposits]}, idempotency_key)

    def issue(self, outcome: Mapping[str, Any], idempotency_key: str) -> dict[str, Any]:
        """Post a plain learning outcome, which the bank signs with the issuer's hosted key and books."""
        return self._post(CREDENTIALS_PATH, outcome, idempotency_key)

    def ask(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        idempotency_key: str | None = None,
    ) -> dict[str, Any]:
        """Any other call of the bank's API (``GET /v1/quotes``, say): its JSON answer."""
        headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
        content = None if body is None else _content(body)
        if content is not None:
            headers["Content-Type"] = _JSON
        return self._call(method, str(httpx.URL(path, params=dict(query))) if query else path, content, headers)

    def _post(self, path: str, body: Mapping[str, Any], idempotency_key: str | None) -> dict[str, Any]:
        content = _content(body)
        key = idempotency_key or hashlib.sha256(path.encode() + b"\0" + content).hexdigest()
        return self._call("POST", path, content, {"Content-Type": _JSON, "Idempotency-Key": key})

    def _call(self, method: str, path: str, content: bytes | None, headers: Mapping[str, str]) -> dict[str, Any]:
        def send() -> httpx.Response:
            bearer = {"Authorization": f"Bearer {self._access_token()}"}
            return self._http.request(method, self._base_url + path, content=content, headers={**headers, **bearer})

        response = self._repeat(send)
        if response.status_code == 401:  # the token died early, or the bank's key changed: once more with a new one
            self._token = None
            response = self._repeat(send)
        return _answer(response)

    def _access_token(self) -> str:
        now = self._clock()
        if self._token is None or self._token[1] <= now:
            granted = _answer(self._repeat(lambda: self._http.post(self._base_url + TOKEN_PATH, data=self._grant())))
            # Given up half a minute early, so that it does not die on the way.
            self._token = granted["access_token"], now + timedelta(seconds=granted["expires_in"] - 30)
        return self._token[0]

    def _grant(self) -> dict[str, str]:
        assertion = make_client_assertion(
            self._key,
            client_id=self._client_id,
            key_id=self._key_id,
            audience=self._base_url + TOKEN_PATH,
            token_id=self._new_id(),
            at=self._clock(),
        )
        scope = {"scope": self._scope} if self._scope else {}
        return {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": assertion,
            **scope,
        }

    def _repeat(self, send: Callable[[], httpx.Response]) -> httpx.Response:
        """The first answer that is not *busy*; the last attempt's answer or failure is final."""
        for wait in self._waits:
            response = _attempt(send)
            if response is not None and response.status_code not in _BUSY:
                return response
            self._sleep(_pause(response, wait))
        response = _attempt(send)
        if response is None:
            raise BankError("bank_unreachable", "The bank could not be reached.", status=0)
        return response


def _content(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, sort_keys=True).encode()


def _checked_base(url: str) -> str:
    parsed = httpx.URL(url)
    if parsed.scheme != "https" and parsed.host not in ("localhost", "127.0.0.1", "::1"):
        raise BankError("insecure_bank", "A bank is spoken to over https only.", status=0)
    return url.rstrip("/")


def _attempt(send: Callable[[], httpx.Response]) -> httpx.Response | None:
    try:
        return send()
    except httpx.TransportError:
        return None


def _pause(response: httpx.Response | None, wait: float) -> float:
    """Seconds to wait: the bank's Retry-After where it is a plain number, at most half a minute."""
    asked = response.headers.get("Retry-After", "") if response is not None else ""
    return min(float(asked), _LONGEST_WAIT) if asked.isascii() and asked.isdigit() else wait


def _answer(response: httpx.Response) -> dict[str, Any]:
    try:
        content = response.json()
    except ValueError:
        content = None
    if response.is_success and isinstance(content, dict):
        return content
    known = content if isinstance(content, dict) else {}
    code = known.get("code") or known.get("error") or "unexpected_answer"
    detail = known.get("detail") or known.get("error_description") or known.get("title")
    sentence = detail or f"The bank answered with status {response.status_code} and no explanation."
    raise BankError(str(code), " ".join([str(sentence), *_places(known)]), status=response.status_code)


def _places(problem: Mapping[str, Any]) -> list[str]:
    """What is wrong where, as a problem lists it under ``errors``."""
    found = problem.get("errors")
    listed = [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
    return [f"{each.get('pointer') or each.get('in')}: {each.get('detail')}" for each in listed]
