"""The region's own answers of the wave before: whose, what is kept of showing them, and what was
said of a large move."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest
from sqlalchemy import Engine, event

from db.store import Store
from surveys.answers import Value
from surveys.definition import read_definition
from surveys.fieldwork import Form, LinkRefused, Mode, Remark, StaleForm, Visit, WaveState
from tests.db.scenes import DEFINITIONS, invite, open_wave, rows, save

NOW = read_definition(DEFINITIONS / "previous_answers.toml")
THEN = read_definition(DEFINITIONS / "previous_answers_before.toml")
HOSTILE = "<b>=1+1</b> *nee* \N{GRINNING FACE}"


@pytest.fixture
def waves(store: Store) -> Store:
    """A wave of 2021 that has answers of regions 01 and 02, and one of 2024."""
    open_wave(store, "01", "02", name="2021", definition=THEN)
    open_wave(store, name="2024", definition=NOW)
    submit(store, "01", "2021", {"oude_schaal": "weinig", "cijfer": "7", "stil": "ja"})
    submit(store, "02", "2021", {"oude_schaal": "veel"})
    return store


def submit(store: Store, region: str, wave: str, answers: Mapping[str, Value]) -> None:
    visit = invite(store, region, wave)
    form = save(store, visit, store.forms.begin(visit), answers)
    store.forms.submit(visit, form)


def begin(store: Store, region: str = "01") -> tuple[Visit, Form]:
    visit = invite(store, region)
    return visit, store.forms.begin(visit)


def seen(store: Store, region: str = "01") -> dict[str, str]:
    visit, form = begin(store, region)
    found = store.forms.previous_answers(visit, form)
    return {item: previous.sentence for item, previous in found.items()}


def show(store: Store, visit: Visit, form: Form, *items: str) -> Form:
    found = store.forms.previous_answers(visit, form)
    store.forms.keep_shown(visit, form, [found[item] for item in items])
    stored = store.forms.find(visit)
    assert stored is not None
    return stored


@pytest.fixture
def shown(waves: Store) -> tuple[Visit, Form]:
    """Region 01 in 2024, which answered ten where it was seven, and was shown that."""
    visit, form = begin(waves)
    form = save(waves, visit, form, {"cijfer": "10"})
    return visit, show(waves, visit, form, "cijfer")


# Whose answers


def test_a_region_gets_its_own_answers_to_the_questions_that_may_show_them(waves: Store) -> None:
    assert seen(waves, "01") == {
        "schaal": "In 2021 antwoordde u: een beetje",
        "cijfer": "In 2021 antwoordde u: 7",
    }
    assert seen(waves, "02") == {"schaal": "In 2021 antwoordde u: veel"}


def test_a_region_that_did_not_answer_before_gets_nothing(waves: Store) -> None:
    waves.regions.add([("03", "Regio 03")])
    assert seen(waves, "03") == {}


def test_a_link_leads_to_no_answers_of_another_region(waves: Store) -> None:
    visit, form = begin(waves, "01")
    other = invite(waves, "02")
    with pytest.raises(LinkRefused, match="Deze link klopt niet"):
        waves.forms.previous_answers(replace(other, region_id=visit.region_id), form)


def test_what_was_not_submitted_is_superseded_or_invalid_is_never_shown(waves: Store) -> None:
    submit(waves, "01", "2021", {"cijfer": "9"})
    assert seen(waves)["cijfer"] == "In 2021 antwoordde u: 9"
    visit = invite(waves, "01", "2021")
    save(waves, visit, waves.forms.begin(visit), {"cijfer": "1"})
    assert seen(waves)["cijfer"] == "In 2021 antwoordde u: 9"
    waves.entries.set_invalid("01", "2021", "Verkeerde regio")
    assert seen(waves) == {}


def test_the_last_wave_before_counts_in_which_the_region_answered(waves: Store) -> None:
    for name in ("2023", "2025"):
        open_wave(waves, name=name, definition=THEN)
    submit(waves, "01", "2023", {"cijfer": "8"})
    submit(waves, "01", "2025", {"cijfer": "2"})
    assert seen(waves, "01") == {"cijfer": "In 2023 antwoordde u: 8"}
    assert seen(waves, "02") == {"schaal": "In 2021 antwoordde u: veel"}


def test_example_data_is_not_shown_as_somebodys_answers(
    waves: Store, raw: sqlite3.Connection
) -> None:
    raw.execute("UPDATE wave SET is_example = 1 WHERE name = '2021'")
    raw.commit()
    assert seen(waves) == {}


def test_on_paper_and_in_a_correction_nothing_is_shown(waves: Store) -> None:
    form = begin(waves)[1]
    asked = [
        waves.forms.previous_answers(waves.entries.visit("01", "2024", mode), form)
        for mode in (Mode.PAPER, Mode.TELEPHONE)
    ]
    assert [bool(found) for found in asked] == [False, True]
    submit(waves, "01", "2024", {"cijfer": "8"})
    visit = waves.entries.visit("01", "2024", Mode.TELEPHONE, "Typfout")
    assert waves.forms.previous_answers(visit, waves.forms.begin(visit)) == {}


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """The SQL that is asked, in order."""
    asked: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield asked
    event.remove(Engine, "before_cursor_execute", note)


def test_where_no_question_shows_anything_nothing_is_asked_of_the_database(
    store: Store, statements: list[str]
) -> None:
    open_wave(store, "01")
    visit, form = begin(store)
    statements.clear()
    assert store.forms.previous_answers(visit, form) == {}
    assert statements == []
    store.forms.find(visit)
    assert statements
    assert not any("previous_answer" in statement for statement in statements)


# What is kept of showing them


def test_what_was_shown_is_kept_once_per_response_and_question(
    waves: Store, raw: sqlite3.Connection
) -> None:
    visit, form = begin(waves)
    form = show(waves, visit, form, "cijfer")
    first = rows(raw, "SELECT * FROM previous_answer")
    form = show(waves, visit, form, "cijfer", "schaal")
    assert set(form.shown) == {"cijfer", "schaal"}
    kept = rows(raw, "SELECT * FROM previous_answer ORDER BY item")
    assert kept[:1] == first
    assert [row[:5] for row in kept] == [
        (form.response_id, "cijfer", "before", "2021", "7"),
        (form.response_id, "schaal", "after", "2021", "weinig"),
    ]


def test_showing_is_no_new_revision_and_no_line_in_the_trail(
    waves: Store, raw: sqlite3.Connection
) -> None:
    visit, form = begin(waves)
    lines = rows(raw, "SELECT * FROM audit")
    after = show(waves, visit, form, "cijfer")
    assert (after.revision, after.saved_at) == (form.revision, form.saved_at)
    assert rows(raw, "SELECT * FROM audit") == lines


def test_nothing_is_shown_in_a_response_that_was_submitted_or_of_another_region(
    waves: Store, raw: sqlite3.Connection
) -> None:
    visit, form = begin(waves)
    other, _ = begin(waves, "02")
    found = waves.forms.previous_answers(visit, form)
    with pytest.raises(StaleForm):
        waves.forms.keep_shown(other, form, [*found.values()])
    waves.forms.submit(visit, form)
    with pytest.raises(StaleForm):
        waves.forms.keep_shown(visit, form, [*found.values()])
    assert rows(raw, "SELECT * FROM previous_answer") == []


def test_the_list_of_what_was_shown_tells_the_policy_per_response(
    waves: Store, shown: tuple[Visit, Form]
) -> None:
    visit, form = shown
    waves.forms.save(visit, form, {}, {"cijfer": Remark(True, HOSTILE)})
    (row,) = waves.entries.export("2024").shown
    assert (row.region, row.version, row.item, row.policy) == ("01", 1, "cijfer", "before")
    assert (row.wave, row.code, row.reason) == ("2021", "7", HOSTILE)
    assert row.confirmed_at is not None
    assert waves.entries.export("2021").shown == ()


# What is said of a large move


def test_a_confirmation_and_a_reason_are_kept_as_answers_are(
    waves: Store, raw: sqlite3.Connection, shown: tuple[Visit, Form]
) -> None:
    visit, form = shown
    revision, moment = waves.forms.save(visit, form, {}, {"cijfer": Remark(True, HOSTILE)})
    stored = waves.forms.find(visit)
    assert stored is not None
    assert stored.shown == {"cijfer": Remark(True, HOSTILE)}
    assert (stored.revision, stored.saved_at) == (revision, moment) == (form.revision + 1, moment)
    told = "SELECT action, subject, old, new FROM audit ORDER BY id DESC LIMIT 2"
    subject = f"response {form.response_id}, cijfer"
    assert rows(raw, told) == [
        ("answer.explained", subject, None, HOSTILE),
        ("answer.confirmed", subject, "nee", "ja"),
    ]


def test_an_older_window_writes_no_reason_over_a_newer(
    waves: Store, shown: tuple[Visit, Form]
) -> None:
    visit, form = shown
    waves.forms.save(visit, form, {}, {"cijfer": Remark(False, "eerst")})
    with pytest.raises(StaleForm):
        waves.forms.save(visit, form, {}, {"cijfer": Remark(True, "later")})
    stored = waves.forms.find(visit)
    assert stored is not None
    assert stored.shown == {"cijfer": Remark(False, "eerst")}


def test_another_answer_is_not_confirmed_yet_and_keeps_its_reason(
    waves: Store, shown: tuple[Visit, Form]
) -> None:
    visit, form = shown
    waves.forms.save(visit, form, {}, {"cijfer": Remark(True, "gegroeid")})
    stored = waves.forms.find(visit)
    assert stored is not None
    waves.forms.save(visit, stored, {"cijfer": "1"})
    stored = waves.forms.find(visit)
    assert stored is not None
    assert stored.shown == {"cijfer": Remark(False, "gegroeid")}


def test_a_later_version_keeps_what_was_shown_and_said(
    waves: Store, shown: tuple[Visit, Form]
) -> None:
    visit, form = shown
    waves.forms.save(visit, form, {}, {"cijfer": Remark(True, "gegroeid")})
    stored = waves.forms.find(visit)
    assert stored is not None
    final = waves.forms.submit(visit, stored)
    again = waves.forms.begin(visit)
    assert again.version == 2
    assert final.shown == again.shown == {"cijfer": Remark(True, "gegroeid")}
    waves.waves.set_state("2024", WaveState.CLOSED)
    assert [row.version for row in waves.entries.export("2024").shown] == [1, 2]


def test_what_was_shown_in_an_entry_goes_with_it_when_it_is_thrown_away(
    waves: Store, raw: sqlite3.Connection
) -> None:
    visit = waves.entries.visit("01", "2024", Mode.TELEPHONE)
    show(waves, visit, waves.forms.begin(visit), "cijfer")
    waves.entries.discard("01", "2024")
    assert rows(raw, "SELECT * FROM previous_answer") == []
