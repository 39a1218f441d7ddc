"""The list to act on: who is on it, why, and what to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from surveys.fieldwork import Mode, WaveState
from surveys.monitoring.actions import Action, ActionKind, find_actions
from surveys.monitoring.response import Draft, LastMail, MailState, RegionProgress, Submission

NOW = datetime(2024, 3, 20, 12, tzinfo=UTC)
WEEK, BEFORE = timedelta(days=7), NOW - timedelta(days=16)
SENT = LastMail(0, MailState.SENT, BEFORE)
WAITING = RegionProgress(
    1, "01", "Regio 01", has_address=True, invited_at=BEFORE, mail=SENT, begun_at=None
)


def find(state: WaveState = WaveState.OPEN, **changes: Any) -> Action | None:
    """The action for one region that was mailed sixteen days ago, but for `changes`."""
    found = find_actions([replace(WAITING, **changes)], state, NOW)
    assert len(found) <= 1
    return found[0] if found else None


def kind(state: WaveState = WaveState.OPEN, **changes: Any) -> ActionKind | None:
    action = find(state, **changes)
    return action.kind if action else None


def submitted(skipped: int, *, first_at: datetime | None = NOW) -> Submission:
    return Submission(NOW, first_at, None, 1, Mode.ONLINE, asked=10, skipped=skipped)


def test_without_an_address_there_is_someone_to_ask() -> None:
    action = find(has_address=False, mail=None, invited_at=None)
    assert action == Action(
        ActionKind.NO_ADDRESS,
        "01",
        "Regio 01",
        "Van de programmaleider is geen e-mailadres bekend.",
        "Vul het adres in bij Regio's, of bel de regio.",
    )
    assert kind(WaveState.PLANNED, has_address=False, mail=None) is ActionKind.NO_ADDRESS


def test_a_refused_mail_comes_with_the_words_of_the_server() -> None:
    action = find(mail=LastMail(1, MailState.REFUSED, BEFORE, "550 unknown"), opened_at=BEFORE)
    assert action is not None
    assert action.kind is ActionKind.REFUSED
    assert action.what == (
        "De herinnering van 4 maart 2024 is geweigerd. De mailserver zei: '550 unknown'"
    )


def test_an_uncertain_mail_is_not_to_be_sent_again_blindly() -> None:
    action = find(mail=LastMail(0, MailState.UNCERTAIN, NOW))
    assert action is not None
    assert action.kind is ActionKind.UNCERTAIN
    assert "niet zomaar opnieuw" in action.advice
    assert kind(mail=LastMail(0, MailState.UNCERTAIN, NOW), opened_at=NOW) is ActionKind.UNCERTAIN
    draft = Draft("Urgentie", NOW)
    assert kind(mail=LastMail(0, MailState.UNCERTAIN, NOW), draft=draft) is None


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ActionKind.NOT_OPENED),
        ({"opened_at": NOW - WEEK}, ActionKind.NOT_BEGUN),
        ({"draft": Draft("Urgentie", NOW - WEEK)}, ActionKind.STALLED),
    ],
)
def test_a_week_of_silence_is_told_and_a_mail_starts_it_anew(
    changes: dict[str, Any], expected: ActionKind
) -> None:
    assert kind(**changes) is expected
    assert kind(**changes, mail=LastMail(1, MailState.SENT, NOW - WEEK)) is expected
    just_short = LastMail(1, MailState.SENT, NOW - WEEK + timedelta(seconds=1))
    assert kind(**changes, mail=just_short) is None
    assert kind(**changes, mail=LastMail(1, MailState.QUEUED, BEFORE)) is None


def test_who_moved_in_the_last_week_is_left_alone() -> None:
    recent = NOW - WEEK + timedelta(seconds=1)
    assert kind(opened_at=recent) is None
    assert kind(draft=Draft("Urgentie", recent)) is None
    assert kind(mail=None, invited_at=recent) is None


def test_without_mail_the_week_begins_with_the_link() -> None:
    action = find(mail=None)
    assert action is not None
    assert action.what == (
        "De laatste uitnodiging ging op 4 maart 2024; de link is nog niet geopend."
    )
    assert kind(mail=None, invited_at=None) is None


def test_the_block_that_was_reached_is_told() -> None:
    action = find(draft=Draft("Borging", BEFORE))
    assert action is not None
    assert action.what == (
        "Gekomen tot het blok 'Borging'; voor het laatst bewaard op 4 maart 2024."
    )


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, "Stuur een herinnering bij Uitnodigen, of bel de regio."),
        ({"reminders": 3}, "Bel de regio: er zijn al 3 herinneringen gestuurd."),
        ({"has_address": False}, "Bel de regio: er is geen e-mailadres bekend."),
    ],
)
def test_a_reminder_is_advised_only_where_it_can_go(changes: dict[str, Any], told: str) -> None:
    action = find(opened_at=BEFORE, **changes)
    assert action is not None
    assert action.advice == told


def test_more_than_three_in_ten_skipped_is_much() -> None:
    assert kind(submission=submitted(3)) is None
    action = find(submission=submitted(4))
    assert action is not None
    assert action.what == "Overgeslagen: 4 van de 10 gestelde vragen (40%)."
    assert kind(submission=submitted(9, first_at=None)) is None, "it came from a file"


def test_when_the_wave_closes_only_who_had_begun_is_on_the_list() -> None:
    late = {"draft": Draft("Urgentie", BEFORE)}
    assert kind(WaveState.CLOSING) is None
    assert kind(WaveState.CLOSING, opened_at=BEFORE) is None
    assert kind(WaveState.CLOSING, **late) is ActionKind.STALLED
    for changes in ({}, late, {"submission": submitted(9)}, {"has_address": False}):
        assert kind(WaveState.CLOSED, **changes) is None


def test_a_response_that_was_set_invalid_is_asked_for_again() -> None:
    action = find(is_invalid=True, opened_at=BEFORE)
    assert action is not None
    assert action.kind is ActionKind.INVALID
    assert action.advice == "Laat de regio opnieuw invullen, of bel haar."
    closing = find(WaveState.CLOSING, is_invalid=True, opened_at=BEFORE)
    assert closing is not None
    assert "Opnieuw invullen kan pas als de meting weer open is" in closing.advice
    assert kind(is_invalid=True, draft=Draft("Urgentie", NOW)) is None, "it is answering anew"
    assert kind(is_invalid=True, submission=submitted(0)) is None
    assert kind(WaveState.CLOSED, is_invalid=True) is None


def test_a_region_whose_invitation_was_refused_is_on_the_list() -> None:
    refused = LastMail(0, MailState.REFUSED, BEFORE, "550 unknown")
    assert kind(mail=refused, is_refused=True) is ActionKind.REFUSED


def test_the_list_is_by_kind_then_as_the_regions_come() -> None:
    regions = [
        replace(WAITING, number="01", submission=submitted(9)),
        replace(WAITING, number="02"),
        replace(WAITING, number="03", mail=LastMail(0, MailState.REFUSED, BEFORE)),
        replace(WAITING, number="04"),
        replace(WAITING, number="05", has_address=False),
    ]
    found = find_actions(regions, WaveState.OPEN, NOW)
    assert [action.number for action in found] == ["05", "03", "02", "04", "01"]
