"""How the certificates in a record or a presentation stand, counted in one line: "12 certificates, 11 valid"."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from credentials.checks import Verification
from credentials.report_sentences import Sentences

_STANDINGS: Final = ("valid", "withdrawn", "suspended", "expired", "invalid", "indeterminate")
_BY_CODE: Final[Mapping[str | None, str]] = {
    "revoked": "withdrawn", "reversed": "withdrawn", "suspended": "suspended", "expired": "expired",
}  # fmt: skip


def summary(inside: Iterable[Verification], words: Sentences) -> str | None:
    """How many certificates there are, and how many stand how; None where there are none.

    One that is itself a record counts as one, however many it holds: it stands as the worst of them does.
    """
    counted = Counter(map(_standing, inside))
    if not counted:
        return None
    total = counted.total()
    said = [words.counted["one" if total == 1 else "many"].format(number=total)]
    said += [words.counted[name].format(number=counted[name]) for name in _STANDINGS if counted[name]]
    return ("，" if words.language == "zh-Hans" else ", ").join(said)


def _standing(verification: Verification) -> str:
    verdict = verification.verdict
    return _BY_CODE.get(verification.code, verdict) if verdict == "invalid" else verdict
