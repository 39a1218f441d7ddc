"""Personal links at the door: who is let in, and when a link was first opened."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from db.store import Store
from surveys.fieldwork import REVIEW, LinkRefused, StaleForm, Visit, WaveState
from surveys.roles import VISITOR
from surveys.sign_in import LINK_LIMIT, TooManyAttempts
from tests.db.scenes import begin, invite, open_wave, rows, save

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HERE, THERE = "192.0.2.1", "192.0.2.2"
OPENED = "SELECT opened_at FROM invitation ORDER BY id"


@pytest.fixture
def token(store: Store) -> str:
    open_wave(store, "01")
    return store.invitations.renew("01", "2024")


def test_every_known_link_is_admitted_also_one_that_was_withdrawn(
    store: Store, token: str, raw: sqlite3.Connection
) -> None:
    door = store.seen_by(VISITOR).invitations
    door.admit(token, HERE)
    store.invitations.withdraw("01", "2024")
    door.admit(token, HERE)  # its page says that it was withdrawn
    assert rows(raw, "SELECT * FROM failed_attempt") == []


def test_guesses_at_the_same_moment_are_all_counted(store: Store, token: str) -> None:
    door = store.seen_by(VISITOR).invitations

    def guess(number: int) -> str:
        try:
            door.admit(f"gok {number}", HERE)
        except LinkRefused as refused:
            return refused.code
        except TooManyAttempts:
            return "wait"
        return "in"

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(guess, range(2 * LINK_LIMIT.failures)))
    assert outcomes.count("unknown") == LINK_LIMIT.failures
    assert outcomes.count("wait") == LINK_LIMIT.failures
    door.admit(token, THERE)
    with pytest.raises(TooManyAttempts):
        door.admit(token, HERE)


def test_the_first_opening_is_remembered_and_stays(
    store: Store, token: str, raw: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = store.seen_by(VISITOR).invitations
    assert rows(raw, OPENED) == [(None,)]
    for moment in (NOON, NOON + timedelta(days=1)):
        monkeypatch.setattr("db.clock.now", lambda moment=moment: moment)
        door.mark_opened(token)
    assert rows(raw, OPENED) == [("2026-03-02 12:00:00.000000",)]


def test_a_link_that_opens_nothing_is_not_marked_as_opened(
    store: Store, token: str, raw: sqlite3.Connection
) -> None:
    store.waves.set_state("2024", WaveState.CLOSED)
    door = store.seen_by(VISITOR).invitations
    door.mark_opened(token)
    door.mark_opened("verzonnen")
    assert rows(raw, OPENED) == [(None,)]


# A visit to what its link does not lead to


def to_other_region(store: Store, own: Visit, other: Visit) -> Visit:
    return replace(own, region_id=other.region_id)


def to_other_wave(store: Store, own: Visit, other: Visit) -> Visit:
    return replace(own, wave=store.waves.all()[0])


def as_other_invitation(store: Store, own: Visit, other: Visit) -> Visit:
    return replace(own, invitation_id=other.invitation_id)


@pytest.mark.parametrize("forge", [to_other_region, to_other_wave, as_other_invitation])
def test_a_visit_reaches_only_what_its_link_leads_to(
    store: Store, raw: sqlite3.Connection, forge: Callable[[Store, Visit, Visit], Visit]
) -> None:
    open_wave(store, name="2021")
    other, form = begin(store, "61")
    form = save(store, other, form, {"schaal": "1"})
    store.regions.add([("60", "Regio 60")])
    forged = forge(store, invite(store, "60"), other)
    forms = store.seen_by(VISITOR).forms
    before = rows(raw, "SELECT * FROM response"), rows(raw, "SELECT * FROM audit")
    acts: list[Callable[[], object]] = [
        lambda: forms.find(forged),
        lambda: forms.consent(forged),
        lambda: forms.begin(forged),
        lambda: forms.save(forged, form, {"schaal": "2"}),
        lambda: forms.keep_shown(forged, form, ()),
        lambda: forms.move_to_section(forged, form, "getypt"),
        lambda: forms.submit(forged, form),
    ]
    for act in acts:
        with pytest.raises(LinkRefused, match="Deze link klopt niet"):
            act()
    assert (rows(raw, "SELECT * FROM response"), rows(raw, "SELECT * FROM audit")) == before


def test_a_link_does_not_reach_the_draft_of_another_wave_of_its_region(
    store: Store, raw: sqlite3.Connection
) -> None:
    open_wave(store, name="2021")
    visit, _ = begin(store)
    left = store.forms.begin(invite(store, "01", "2021"))
    store.waves.set_state("2021", WaveState.CLOSED)
    for act in (
        lambda: store.forms.save(visit, left, {"schaal": "2"}),
        lambda: store.forms.keep_shown(visit, left, ()),
        lambda: store.forms.submit(visit, left),
    ):
        with pytest.raises(StaleForm):
            act()
    store.forms.move_to_section(visit, left, "getypt")
    of_left = f"FROM response WHERE id = {left.response_id}"
    assert rows(raw, f"SELECT state, revision, section {of_left}") == [("draft", 0, None)]


def test_a_place_is_remembered_in_a_draft_and_only_one_that_its_questionnaire_has(
    store: Store, raw: sqlite3.Connection
) -> None:
    visit, form = begin(store)
    store.regions.add([("02", "Regio 02")])
    other = invite(store, "02")
    place = "SELECT section FROM response ORDER BY id"
    for stays in (
        lambda: store.forms.move_to_section(visit, form, "<script>"),
        lambda: store.forms.move_to_section(other, form, "getypt"),
    ):
        stays()
        assert rows(raw, place) == [(None,)]
    store.forms.move_to_section(visit, form, REVIEW)
    assert rows(raw, place) == [(REVIEW,)]
    form = save(store, visit, form, {"schaal": "1"})
    final = store.forms.submit(visit, form)
    store.forms.move_to_section(visit, final, "getypt")
    assert rows(raw, place) == [(REVIEW,)]


def test_who_was_led_to_a_wave_may_read_on_when_it_is_closed(store: Store) -> None:
    visit, form = begin(store)
    final = store.forms.submit(visit, save(store, visit, form, {"schaal": "1"}))
    store.waves.set_state("2024", WaveState.CLOSED)
    assert store.forms.find(visit) == final
