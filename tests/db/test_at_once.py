"""Several windows at the same moment: one wins, and nobody's answers are lost unseen."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from db.store import Store, open_store
from surveys.fieldwork import Form, Mode, ResponseState, StaleForm
from tests.db.scenes import begin, invite, open_wave, rows, save


def at_once(times: int, act: Callable[[int], Any]) -> list[Any]:
    """What each of the threads got: a value, or the StaleForm that it met."""
    gate = Barrier(times)

    def wait_and_act(number: int) -> Any:
        gate.wait()
        try:
            return act(number)
        except StaleForm as stale:
            return stale

    with ThreadPoolExecutor(times) as threads:
        return list(threads.map(wait_and_act, range(times)))


def winners(outcomes: list[Any]) -> list[int]:
    return [n for n, outcome in enumerate(outcomes) if not isinstance(outcome, StaleForm)]


@contextmanager
def stores(file: Path, times: int) -> Iterator[list[Store]]:
    """Stores with connections of their own, as several processes have."""
    opened = [open_store(f"sqlite:///{file}") for _ in range(times)]
    yield opened
    for store in opened:
        store.close()


@pytest.mark.parametrize("attempt", range(5))
def test_of_two_windows_that_save_at_the_same_revision_one_wins(
    store: Store, file: Path, attempt: int
) -> None:
    visit, form = begin(store)
    given = [{"cijfer": "3", "kort": "een"}, {"cijfer": "9", "lang": "twee"}]
    with stores(file, 2) as windows:
        outcomes = at_once(2, lambda n: windows[n].forms.save(visit, form, given[n]))
    (winner,) = winners(outcomes)
    stored = store.forms.find(visit)
    assert stored is not None
    assert stored.answers == given[winner]
    assert stored.revision == form.revision + 1


@pytest.mark.parametrize("times", [2, 20])
def test_submitted_by_many_windows_at_once_gives_one_final_response(
    store: Store, raw: sqlite3.Connection, times: int
) -> None:
    visit, form = begin(store)
    form = save(store, visit, form, {"schaal": "2", "meer": ("a", "b")})
    outcomes = at_once(times, lambda _: store.forms.submit(visit, form))
    assert len(winners(outcomes)) == 1
    assert rows(raw, "SELECT version, state FROM response") == [(1, "final")]
    assert rows(raw, "SELECT count(*) FROM answer") == [(9,)]
    submitted = "SELECT count(*) FROM audit WHERE action = 'response.submitted'"
    assert rows(raw, submitted) == [(1,)]


def test_a_link_followed_twenty_times_at_once_gives_one_final_response(
    store: Store, file: Path, raw: sqlite3.Connection
) -> None:
    """From the link to the submission, each window with a connection of its own."""
    open_wave(store, "01")
    token = store.invitations.renew("01", "2024")

    def fill_in(window: Store) -> Form:
        visit = window.forms.visit(token)
        form = window.forms.begin(visit)
        if form.state is ResponseState.FINAL:
            raise StaleForm
        return window.forms.submit(visit, save(window, visit, form, {"schaal": "2"}))

    with stores(file, 20) as windows:
        outcomes = at_once(20, lambda n: fill_in(windows[n]))
    finals = [outcomes[n] for n in winners(outcomes)]
    states = rows(raw, "SELECT version, state FROM response ORDER BY version")
    assert finals
    assert len(finals) == sum(state != "draft" for _, state in states)
    assert [state for _, state in states].count("final") == 1
    answered = {form.response_id for form in finals}
    assert {key for (key,) in rows(raw, "SELECT DISTINCT response_id FROM answer")} >= answered


def test_an_evaluator_and_a_region_that_submit_at_once_give_one_final_response(
    store: Store, file: Path, raw: sqlite3.Connection
) -> None:
    visit, form = begin(store)
    form = save(store, visit, form, {"schaal": "2"})
    visits = [visit, store.entries.visit("01", "2024", Mode.TELEPHONE)]
    with stores(file, 2) as windows:
        outcomes = at_once(2, lambda n: windows[n].forms.submit(visits[n], form))
    (winner,) = winners(outcomes)
    told = rows(raw, "SELECT version, state, mode FROM response")
    assert told == [(1, "final", ("online", "telephone")[winner])]


def test_many_windows_that_begin_at_once_share_one_form(
    store: Store, raw: sqlite3.Connection
) -> None:
    open_wave(store, "01")
    visit = invite(store)
    forms = at_once(20, lambda _: store.forms.begin(visit))
    assert len({form.response_id for form in forms}) == 1
    assert rows(raw, "SELECT version, state FROM response") == [(1, "draft")]


def test_many_regions_save_at_once_and_all_are_kept(store: Store) -> None:
    numbers = [f"{n:02}" for n in range(20)]
    open_wave(store, *numbers)
    visits = [invite(store, number) for number in numbers]

    def fill_in(n: int) -> None:
        form = store.forms.begin(visits[n])
        for grade in range(1, n % 10 + 2):
            form = save(store, visits[n], form, {"cijfer": str(grade)})

    at_once(20, fill_in)
    for n, visit in enumerate(visits):
        form = store.forms.find(visit)
        assert form is not None
        assert form.answers == {"cijfer": str(n % 10 + 1)}
