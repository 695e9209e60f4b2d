"""Dates as credentials write them: `xsd:dateTimeStamp` with an offset, `xsd:date` without (VC Data Model 2.0,
4.9).
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, Final

from credentials.errors import MalformedCredential

_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_OFFSET: Final = r"(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))"  # XML Schema 1.1, part 2, 3.3.7
_DATE_TIME: Final = re.compile(rf"\d{{4}}-\d{{2}}-\d{{2}}T\d{{2}}:\d{{2}}:\d{{2}}(?:\.\d{{1,9}})?{_OFFSET}", re.ASCII)
_MAX_LENGTH: Final = len("2026-11-21T09:30:00.123456789+14:00")
_NOT_A_DATE: Final = "The member {member} is not a date{form}."


def instant(text: object, member: str) -> datetime:
    """The moment that `text` names, in UTC; an offset is demanded, digits beyond microseconds are cut.

    Raises MalformedCredential: `malformed_credential` for another grammar or a day that does not exist,
    `out_of_range` when the moment falls outside the years 1 to 9999 in UTC. `member` names the place for the
    message.
    """
    try:
        moment = _moment(text) if isinstance(text, str) and len(text) <= _MAX_LENGTH else None
    except OverflowError:
        raise MalformedCredential("out_of_range") from None
    except ValueError:
        raise _no_such_day(str(text), member) from None
    if moment is None:
        raise MalformedCredential("malformed_credential", _NOT_A_DATE, member=member, form=" with time and offset")
    return moment


def day(text: object, member: str) -> date:
    """The calendar day that `text` names, either as a date or as a date-time (then the day written, in its
    own offset).

    Open Badges writes activity dates as date-times although its context types them as dates, so both are
    read. Raises MalformedCredential as `instant` does.
    """
    if isinstance(text, str) and not _DATE.fullmatch(text):
        instant(text, member)
        return date.fromisoformat(text[:10])
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        raise _no_such_day(str(text), member) from None


def optional_instant(document: Mapping[str, Any], member: str) -> datetime | None:
    """`instant` of a member that may be absent."""
    return instant(document[member], member) if member in document else None


def optional_day(document: Mapping[str, Any], member: str) -> date | None:
    """`day` of a member that may be absent."""
    return day(document[member], member) if member in document else None


def timestamp(moment: datetime) -> str:
    """An aware moment as `YYYY-MM-DDTHH:MM:SSZ`, microseconds only where there are any."""
    if moment.tzinfo is None:
        raise ValueError("a moment without an offset has no place on the time line")
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


@lru_cache(maxsize=1024)
def _moment(text: str) -> datetime | None:
    """The moment that a text names, None where it has another form; kept, since many credentials share theirs."""
    return datetime.fromisoformat(text).astimezone(UTC) if _DATE_TIME.fullmatch(text) else None


def _no_such_day(text: str, member: str) -> MalformedCredential:
    if text.startswith("0000"):
        return MalformedCredential("out_of_range")
    return MalformedCredential("malformed_credential", _NOT_A_DATE, member=member, form=" of the calendar")
