"""What became of asking for a newer version."""

from api.schemas.common import Wire, shown


class RefreshResult(Wire):
    """The newer version as its issuer serves it (JSON or a token); absent where none may take the old one's place."""

    model_config = shown({"refreshed": True, "credential": "eyJhbGciOiJFZERTQSIsImtpZCI6ImRpZDp3ZWI6…"})

    refreshed: bool
    credential: str | None
