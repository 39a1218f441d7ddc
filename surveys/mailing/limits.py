"""Who may be reminded, and when."""

from __future__ import annotations

from datetime import datetime, timedelta

from surveys.dutch import format_date, format_time

REMINDER_LIMIT = 3  # per region and wave
PAUSE = timedelta(hours=20)  # so that a daily round at about the same hour can go on


def find_reason_against_reminder(
    *,
    invited: bool,
    submitted: bool,
    reminders: int,
    last_mail_at: datetime | None,
    now: datetime,
) -> str | None:
    """Why this programme leader gets no reminder now, in Dutch; None if a reminder may go.

    `invited`: a mail with the link went out. `reminders`: how many went out in this wave.
    `last_mail_at`: of either kind. Moments are aware.
    """
    if submitted:
        return "De vragenlijst is al verzonden."
    if not invited:
        return "Er is nog geen uitnodiging verstuurd."
    if reminders >= REMINDER_LIMIT:
        return f"Er zijn al {reminders} herinneringen verstuurd; meer mag niet."
    if last_mail_at is not None and now - last_mail_at < PAUSE:
        again = last_mail_at + PAUSE
        return (
            f"De vorige mail is minder dan {PAUSE // timedelta(hours=1)} uur oud. Een herinnering "
            f"kan weer vanaf {format_date(again)}, {format_time(again)}."
        )
    return None
