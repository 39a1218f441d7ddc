"""Submitting, reopening and submitting again: every version is kept, one counts."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.store import Store
from surveys.answers import MissingReason
from surveys.definition import read_definition
from surveys.fieldwork import NotSubmittable, ResponseState, StaleForm
from surveys.routing import settle
from tests.db.scenes import ALL_TYPES, DEFINITIONS, begin, invite, on_disk, open_wave, rows, save
from tests.surveys.strategies import answers

SKIPPED, NOT_ASKED = MissingReason.SKIPPED, MissingReason.NOT_ASKED


def versions(raw: sqlite3.Connection) -> list[tuple[Any, ...]]:
    return rows(raw, "SELECT version, state FROM response ORDER BY version")


def test_a_required_question_that_is_open_stops_the_submission(
    store: Store, raw: sqlite3.Connection
) -> None:
    visit, form = begin(store)
    form = save(store, visit, form, {"cijfer": "8"})
    before = list(raw.iterdump())
    with pytest.raises(NotSubmittable) as refused:
        store.forms.submit(visit, form)
    assert refused.value.questions == ("schaal",)
    assert list(raw.iterdump()) == before
    assert store.forms.find(visit) == form


def test_dont_know_is_an_answer_to_a_required_question(store: Store) -> None:
    visit, form = begin(store)
    form = save(store, visit, form, {"schaal": MissingReason.DONT_KNOW})
    assert store.forms.submit(visit, form).state is ResponseState.FINAL


def test_a_required_question_that_is_hidden_does_not_stop_the_submission(store: Store) -> None:
    definition = read_definition(DEFINITIONS / "routing.toml")
    open_wave(store, "01", definition=definition)
    visit = invite(store)
    form = save(store, visit, store.forms.begin(visit), {"bezig": "ja"})
    with pytest.raises(NotSubmittable) as refused:
        store.forms.submit(visit, form)
    assert refused.value.questions == ("waarmee",)
    form = save(store, visit, form, {"bezig": "nee"})
    assert store.forms.submit(visit, form).answers["waarmee"] is NOT_ASKED


def test_a_submitted_form_has_an_answer_to_every_question(store: Store) -> None:
    visit, form = begin(store)
    form = save(
        store, visit, form, {"schaal": "2", "ja_nee": "ja", "getal": MissingReason.DONT_KNOW}
    )
    final = store.forms.submit(visit, form)
    assert (final.state, final.version) == (ResponseState.FINAL, 1)
    assert final.submitted_at is not None
    assert final == store.forms.find(visit)
    assert final.answers == {
        "schaal": "2",
        "rij_een": SKIPPED,
        "rij_twee": SKIPPED,
        "meer": SKIPPED,
        "ja_nee": "ja",
        "cijfer": SKIPPED,
        "getal": MissingReason.DONT_KNOW,
        "kort": SKIPPED,
        "lang": SKIPPED,
    }


def test_an_answer_that_was_hidden_later_is_submitted_as_not_asked(
    store: Store, raw: sqlite3.Connection
) -> None:
    visit, form = begin(store)
    form = save(store, visit, form, {"schaal": "2", "ja_nee": "ja", "lang": "Een verhaal"})
    form = save(store, visit, form, {"ja_nee": "nee"})
    assert form.answers["lang"] == "Een verhaal"
    final = store.forms.submit(visit, form)
    assert final.answers["lang"] is NOT_ASKED
    stored = rows(raw, "SELECT code, text FROM answer WHERE item = 'lang'")
    assert stored == [("niet_gevraagd", None)]


def test_an_answer_that_is_changed_after_submission_becomes_a_new_version(
    store: Store, raw: sqlite3.Connection
) -> None:
    visit, form = begin(store)
    form = save(store, visit, form, {"schaal": "1", "meer": ("a", "b"), "kort": "eerst"})
    first = store.forms.submit(visit, form)

    reopened = store.forms.begin(visit)
    assert (reopened.state, reopened.version) == (ResponseState.DRAFT, 2)
    assert reopened.answers == {"schaal": "1", "meer": ("a", "b"), "kort": "eerst"}
    assert versions(raw) == [(1, "final"), (2, "draft")]

    changed = save(store, visit, reopened, {"schaal": "3", "meer": ("geen",)})
    second = store.forms.submit(visit, changed)
    assert versions(raw) == [(1, "superseded"), (2, "final")]
    assert store.forms.find(visit) == second
    kept = "SELECT code FROM answer WHERE item = 'schaal' ORDER BY response_id"
    assert rows(raw, kept) == [("1",), ("3",)]
    options = "SELECT response_id, code FROM answer_choice ORDER BY response_id, code"
    assert rows(raw, options) == [
        (first.response_id, "a"),
        (first.response_id, "b"),
        (second.response_id, "geen"),
    ]


def test_reopening_without_submitting_leaves_the_submitted_version_in_force(store: Store) -> None:
    visit, form = begin(store)
    store.forms.submit(visit, save(store, visit, form, {"schaal": "1"}))
    save(store, visit, store.forms.begin(visit), {"schaal": "3"})
    assert [row.state for row in store.monitoring.progress("2024")] == [ResponseState.FINAL]
    assert ("gesloten", "schaal", "", "1", 1) in store.counts.tallies("2024")


def test_reopening_twice_gives_one_draft(store: Store, raw: sqlite3.Connection) -> None:
    visit, form = begin(store)
    store.forms.submit(visit, save(store, visit, form, {"schaal": "1"}))
    assert store.forms.begin(visit) == store.forms.begin(visit)
    assert versions(raw) == [(1, "final"), (2, "draft")]


def test_submitting_twice_is_refused(store: Store, raw: sqlite3.Connection) -> None:
    visit, form = begin(store)
    form = save(store, visit, form, {"schaal": "1"})
    final = store.forms.submit(visit, form)
    for window in (form, final):
        with pytest.raises(StaleForm):
            store.forms.submit(visit, window)
    assert versions(raw) == [(1, "final")]


@on_disk
@given(data=st.data())
def test_what_is_submitted_is_what_was_given_with_a_reason_for_the_rest(
    lasting_store: Store, data: st.DataObject
) -> None:
    if not lasting_store.waves.all():
        open_wave(lasting_store)
    given_answers = {"schaal": "1"} | data.draw(answers(ALL_TYPES.questionnaire))
    number = f"r{len(lasting_store.monitoring.progress('2024'))}"
    lasting_store.regions.add([(number, number)])
    visit = invite(lasting_store, number)
    form = save(lasting_store, visit, lasting_store.forms.begin(visit), given_answers)
    final = lasting_store.forms.submit(visit, form)
    assert final.answers == settle(ALL_TYPES.questionnaire, given_answers)


def test_a_stored_questionnaire_is_the_one_that_was_filled_in(store: Store) -> None:
    _, form = begin(store)
    assert form.questionnaire_hash == ALL_TYPES.content_hash
    assert store.waves.questionnaire(form.questionnaire_hash) == ALL_TYPES.questionnaire
