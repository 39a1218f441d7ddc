"""Personal links at the door: who is let in, and when a link was first opened."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from db.store import Store
from surveys.fieldwork import LinkRefused, WaveState
from surveys.roles import VISITOR
from surveys.sign_in import LINK_LIMIT, TooManyAttempts
from tests.db.scenes import open_wave, rows

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HERE, THERE = "192.0.2.1", "192.0.2.2"
OPENED = "SELECT opened_at FROM invitation ORDER BY id"


@pytest.fixture
def token(store: Store) -> str:
    open_wave(store, "01")
    return store.invitations.renew("01", "2024")


def test_every_known_link_is_admitted_also_one_that_was_withdrawn(store: Store, token: str) -> None:
    door = store.seen_by(VISITOR).invitations
    door.admit(token, HERE)
    store.invitations.withdraw("01", "2024")
    door.admit(token, HERE)  # its page says that it was withdrawn


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
