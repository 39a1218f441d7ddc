"""Reminders go only to those who were asked, have not answered and were left in peace a while."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from surveys.mailing.limits import REMINDER_LIMIT, find_reason_against_reminder

NOW = datetime(2024, 3, 5, 9, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=3)


def reason(
    *,
    invited: bool = True,
    submitted: bool = False,
    reminders: int = 0,
    last_mail_at: datetime | None = LONG_AGO,
) -> str | None:
    return find_reason_against_reminder(
        invited=invited,
        submitted=submitted,
        reminders=reminders,
        last_mail_at=last_mail_at,
        now=NOW,
    )


def test_who_was_invited_and_has_not_answered_may_be_reminded_up_to_the_limit() -> None:
    assert [reason(reminders=count) is None for count in range(REMINDER_LIMIT + 2)] == [
        True,
        True,
        True,
        False,
        False,
    ]
    assert reason(reminders=3) == "Er zijn al 3 herinneringen verstuurd; meer mag niet."


def test_who_submitted_or_was_not_invited_is_not_reminded() -> None:
    assert reason(submitted=True) == "De vragenlijst is al verzonden."
    assert reason(submitted=True, invited=False) == "De vragenlijst is al verzonden."
    assert reason(invited=False, last_mail_at=None) == "Er is nog geen uitnodiging verstuurd."


def test_two_mails_are_twenty_hours_apart() -> None:
    assert reason(last_mail_at=NOW - timedelta(hours=20)) is None
    assert reason(last_mail_at=NOW - timedelta(hours=19, minutes=30)) == (
        "De vorige mail is minder dan 20 uur oud. "
        "Een herinnering kan weer vanaf 5 maart 2024, 10.30 uur."
    )
    assert reason(last_mail_at=None) is None
