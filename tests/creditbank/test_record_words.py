"""A learner reads how each deposit stands, why it is held, and what to do about it."""

import pytest

from creditbank.claim import HELD_REASONS
from creditbank.record_words import standing

LANGUAGES = ("en", "zh-Hans", "ko", "hi")
STATES = ("credited", "held", "reversed", "suspended", "revoked", "superseded", "moved")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_has_a_sentence_of_its_own(language: str) -> None:
    said = {standing(state, "issuer_unknown", language) for state in STATES}
    assert len(said) == len(STATES)
    assert not any("{" in sentence for sentence in said)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_for_holding_is_told(language: str) -> None:
    said = {standing("held", reason, language) for reason in HELD_REASONS}
    assert len(said) == len(HELD_REASONS)
    assert not any(reason in sentence for reason in HELD_REASONS for sentence in said)


def test_what_a_verification_left_open_is_told_in_its_words() -> None:
    assert "장부" not in standing("held", "status_unavailable", "ko-KR")
    assert standing("held", "status_unavailable", "ko") != standing("held", "status_stale", "ko")


@pytest.mark.parametrize(
    ("reason", "next_step"),
    [
        ("issuer_not_accredited", "You need do nothing: the bank looks at it again when this changes."),
        ("credits_not_disclosed", "Deposit it again with all of it shown."),
        ("award_unreadable", "Ask the institution for a corrected one."),
        ("subject_ambiguous", "Ask the bank to join the books."),
        ("not_yet_earned", "When this has changed, ask for it to be looked at again."),
    ],
)
def test_what_is_held_comes_with_what_to_do(reason: str, next_step: str) -> None:
    assert standing("held", reason).endswith(next_step)


def test_another_language_is_answered_in_english() -> None:
    assert standing("credited", "verified", "fi") == standing("credited", "verified", "en")
