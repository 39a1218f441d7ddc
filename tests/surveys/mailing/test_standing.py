"""Who may be mailed: one reason for each who may not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from surveys.fieldwork import WaveState
from surveys.mailing.standing import (
    Standing,
    find_reason_against_link,
    find_reason_against_mail,
    find_reason_against_sending,
)
from surveys.mailing.texts import MailKind

NOW = datetime(2024, 3, 5, 9, 0, tzinfo=UTC)
INVITATION, REMINDER = MailKind
NEW = Standing("01", "Regio 01", "Ann", "ann@regio.example")
INVITED = replace(
    NEW, invited=True, has_link=True, mailed=True, last_mail_at=NOW - timedelta(days=3)
)

# What is so of a region, and how its reasons begin: against an invitation, a reminder, a link.
CASES: list[tuple[dict[str, Any], str, str, str]] = [
    ({"ended": True}, "De regio is beëindigd", "De regio is beëindigd", "De regio is beëindigd"),
    ({"submitted": True}, *["De vragenlijst is al verzonden"] * 3),
    ({"address": ""}, *["Van de programmaleider is geen"] * 2, ""),
    ({"address": "ann"}, *["Dit e-mailadres kan niet"] * 2, ""),
    ({"expired": True}, *["De uitnodiging is verlopen"] * 3),
    ({"is_invalid": True}, *["De inzending is ongeldig verklaard"] * 2, ""),
    ({"is_invalid": True, "has_begun": True}, "De uitnodiging is al", "", ""),
    ({"is_example": True}, *["Dit is een voorbeeldmeting"] * 2, ""),
    ({"mailed": False, "has_link": False, "is_refused": True}, "", "De uitnodiging is gew", ""),
    ({"waits": True}, *["Er staat al een mail klaar"] * 2, ""),
    ({"mailed": False}, "", "", ""),
    ({"has_link": False}, "De uitnodiging is al", "Er is nog geen uitnodiging", ""),
    ({"reminders": 3}, "De uitnodiging is al", "Er zijn al 3 herinneringen", ""),
    ({"invited": False}, "De uitnodiging is al", "", "De regio is niet uitgenodigd"),
    ({"wave": WaveState.PLANNED}, *["De meting is nog niet open"] * 2, ""),
    ({"wave": WaveState.CLOSED}, *["De meting is gesloten"] * 3),
    (
        {"wave": WaveState.CLOSING},
        "De meting wordt gesloten: uitnodigen",
        *["De meting wordt gesloten, en deze regio was nog niet begonnen"] * 2,
    ),
    ({"wave": WaveState.CLOSING, "has_begun": True}, "De meting wordt gesloten: uit", "", ""),
]


@pytest.mark.parametrize(("facts", "invitation", "reminder", "link"), CASES)
def test_each_who_may_not_hears_why(
    facts: dict[str, Any], invitation: str, reminder: str, link: str
) -> None:
    region = replace(INVITED, **facts)
    found = [
        find_reason_against_mail(INVITATION, region, NOW),
        find_reason_against_mail(REMINDER, region, NOW),
        find_reason_against_link(region),
    ]
    for reason, beginning in zip(found, (invitation, reminder, link), strict=True):
        assert (reason is None) == (beginning == "")
        assert (reason or "").startswith(beginning)


def test_a_new_region_gets_an_invitation_and_no_reminder() -> None:
    assert find_reason_against_mail(INVITATION, NEW, NOW) is None
    assert find_reason_against_mail(REMINDER, NEW, NOW) == "Er is nog geen uitnodiging verstuurd."


def test_what_is_queued_is_not_held_up_by_itself() -> None:
    queued = replace(INVITED, waits=True, reminders=3, last_mail_at=NOW)
    assert find_reason_against_sending(REMINDER, queued) is None
