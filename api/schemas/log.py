"""Receipts, tokens and health."""

from api.schemas.common import Wire, shown


class ReceiptView(Wire):
    """A receipt (C2SP tlog-proof) and the canonical entry that it proves to be in the log; null if erased."""

    model_config = shown({"receipt": "c2sp.org/tlog-proof@v1\nextra …\nindex 41\n…", "entry": '{"type":"deposit"…}'})

    receipt: str
    entry: str | None


class Token(Wire):
    """An access token (RFC 6749, section 5.1)."""

    model_config = shown(
        {
            "access_token": "eyJ0eXAiOiJhdCtqd3QifQ…",
            "token_type": "Bearer",
            "expires_in": 600,
            "scope": "deposits:write",
        }
    )

    access_token: str
    token_type: str
    expires_in: int
    scope: str


class Health(Wire):
    """Whether the service lives, or is ready to serve; then how long the log is."""

    model_config = shown({"status": "ready", "log_size": 1042})

    status: str
    log_size: int | None = None
