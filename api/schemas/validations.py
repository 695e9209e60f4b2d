"""A credential held against packs of issuance rules, and what came of it."""

from datetime import date
from typing import Any, Literal

from api.schemas.common import Wire, shown

_FINDING: dict[str, Any] = {
    "pack": "hk-titles",
    "rule": "diploma-60",
    "label": "HK_DIPLOMA_60",
    "title": {"en": "A diploma has at least 60 QF credits"},
    "standing": "broken",
    "reasons": [
        {"code": "TITLE_BLOCKED", "facts": {"words": ["Diploma"]}},
        {"code": "CREDITS_BELOW", "facts": {"unit": "hk-qf", "have": "48", "at_least": "60"}},
    ],
    "message": "A diploma has at least 60 QF credits. The title may not be used as it stands: Diploma. At least 60 …",
    "version": "1",
    "terms": {
        "from": None, "until": None, "legal_basis": "Award Titles Scheme", "source": "S57", "confirmed": True,
    },
}  # fmt: skip
_VALIDATION: dict[str, Any] = {
    "pack": {"id": "hk-titles", "version": "2026.1", "digest": "sha256:…"},
    "on": "2026-09-01",
    "status": "broken",
    "findings": [_FINDING],
}


class RuleReason(Wire):
    """Why: a code of the closed list, and what it rests on."""

    code: str
    facts: dict[str, Any]


class RuleFindingView(Wire):
    """A rule that does not simply hold, with the terms of the day and a sentence in the language asked for."""

    pack: str
    rule: str
    label: str
    title: dict[str, str]
    standing: Literal["broken", "undetermined", "noted", "off"]
    reasons: list[RuleReason]
    message: str
    version: str
    terms: dict[str, Any]


class PackOfRules(Wire):
    """Which version of the rules was applied."""

    id: str
    version: str
    digest: str


class ValidationView(Wire):
    """The answer of one pack."""

    pack: PackOfRules
    on: date
    status: Literal["passed", "broken", "undetermined"]
    findings: list[RuleFindingView]


class Validations(Wire):
    """One answer a pack, in the order asked. Nothing is said of the credential's signature, and nothing is kept."""

    model_config = shown({"validations": [_VALIDATION]})

    validations: list[ValidationView]
