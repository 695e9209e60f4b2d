"""How long it is believed that an Open Badges 2.0 badge was not withdrawn, once its documents lie in a file."""

from datetime import datetime, timedelta

import pytest

from credentials.checks import Outcome, Verification
from tests.credential_samples import NOW
from tests.credentials.old_badges import COLLEGE, HOSTED_AT, Web

DAY, MOMENT = timedelta(hours=24), timedelta(seconds=1)


def kept(web: Web, how: str, fetched_at: datetime) -> Verification:
    """The answer with documents that were all fetched then."""
    data = web.hosted if how == "hosted" else web.token()
    return web.check(data, documents_fetched_at=dict.fromkeys(web.documents, fetched_at))


@pytest.mark.parametrize("how", ["hosted", "signed"])
def test_for_a_day_it_is_believed_and_then_it_is_undecided(how: str) -> None:
    assert kept(Web(), how, NOW - DAY).verdict == "valid"
    old = kept(Web(), how, NOW - DAY - MOMENT)
    assert (old.verdict, old.code) == ("indeterminate", "status_stale")
    assert old.check("status").outcome is Outcome.COULD_NOT_BE_CHECKED


def test_a_withdrawal_is_believed_however_old() -> None:
    web = Web()
    web.documents[HOSTED_AT]["revoked"] = True
    assert kept(web, "hosted", NOW - 30 * DAY).code == "revoked"
    web = Web()
    web.documents[COLLEGE.revocation_list or ""]["revokedAssertions"] = ["urn:uuid:1"]
    assert kept(web, "signed", NOW - 30 * DAY).code == "revoked"


def test_what_was_fetched_for_this_verification_has_no_age() -> None:
    assert Web().check(Web().hosted).verdict == "valid"
