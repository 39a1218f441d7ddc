"""The page on privacy: what it tells everybody, and what the evaluator erases on it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Boolean, Column, Date, Float, Integer
from sqlmodel import SQLModel
from streamlit.testing.v1 import AppTest

from db.store import Store
from db.tables.base import Moment
from surveys.fieldwork import WaveState
from surveys.pages.visitor import OWNER
from surveys.privacy import ERASING, KEPT, MONTHS, RIGHTS, WHOM_TO_ASK
from surveys.roles import VISITOR, Person, Role
from surveys.settings import RETENTION
from tests.db.scenes import ALL_TYPES

PAGE = Path(__file__).parents[3] / "surveys/pages/privacy.py"

# Columns with text that is not about people: on questions, regions, waves and states, or made by
# the monitor itself.
NOT_ABOUT_PEOPLE = {
    *("answer.item", "answer.kind", "answer_choice.item", "answer_choice.kind"),
    *("audit.action", "cleared_answer.item", "consent.content_hash", "failed_attempt.door"),
    *("imported_file.mapping_hash", "imported_file.source_hash"),
    *("mail_text.kind", "message.kind", "message.state"),
    *("permitted_code.code", "permitted_code.item"),
    *("previous_answer.item", "previous_answer.policy", "previous_answer.wave"),
    *("question.concept", "question.item", "question.kind", "question.section"),
    *("questionnaire.content_hash", "questionnaire.name", "questionnaire.source"),
    "questionnaire.version",
    *("region.name", "region.number", "region_attribute.name", "region_attribute.value"),
    *("response.mode", "response.section", "response.state"),
    *("scored_code.code", "scored_code.concept", "scored_code.item", "scored_code.section"),
    *("setting.name", "setting.value", "succession.kind", "succession_part.side"),
    *("wave.name", "wave.state"),
}


@pytest.fixture
def raw(store: Store, file: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(file)) as connection:
        yield connection


@pytest.fixture
def scene(store: Store, raw: sqlite3.Connection) -> sqlite3.Connection:
    """Regions 1 to 4 with a leader each. Asked in 2024, which closed lately: 1 and 2; in 2027,
    which is open: 2. The leader of 3 ended long ago; the one of 4 was never asked."""
    store.regions.add([(f"0{n}", f"Regio 0{n}") for n in range(1, 5)])
    for name, state in (("2024", WaveState.CLOSED), ("2027", WaveState.OPEN)):
        store.waves.add(name, ALL_TYPES, state=state)
    raw.execute("UPDATE wave SET closed_at = datetime('now') WHERE state = 'closed'")
    for n in range(1, 5):
        until = "2020-01-01" if n == 3 else None
        raw.execute(
            "INSERT INTO contact (region_id, name, email, since, until) VALUES (?, ?, ?, ?, ?)",
            (n, f"J. Naam-{n}", f"leider{n}@school.nl", "2019-01-01", until),
        )
    for region, wave in ((1, 1), (2, 1), (2, 2)):
        raw.execute(
            "INSERT INTO invitation (region_id, wave_id, created_at) VALUES (?, ?, '2023-12-01')",
            (region, wave),
        )
    raw.commit()
    return raw


def run(person: Person = OWNER) -> AppTest:
    app = AppTest.from_file(str(PAGE), default_timeout=30)
    app.session_state["person"] = person
    return check(app.run())


def check(app: AppTest) -> AppTest:
    assert not app.exception
    return app


def text_of(app: AppTest) -> str:
    kinds = (*app.title, *app.header, *app.subheader, *app.markdown, *app.text, *app.info)
    html = [each.proto.body for each in app.get("html")]
    return "\n".join([*(each.value for each in kinds), *html])


def click(app: AppTest, key: str) -> AppTest:
    return check(app.button(key=key).click().run())


def left(raw: sqlite3.Connection) -> list[int]:
    """The contacts that still have an address."""
    rows = raw.execute("SELECT id FROM contact WHERE email IS NOT NULL ORDER BY id").fetchall()
    return [contact for (contact,) in rows]


# What is kept


def columns() -> dict[str, Column]:
    return {
        f"{table.name}.{column.name}": column
        for table in SQLModel.metadata.sorted_tables
        for column in table.columns
    }


def test_every_column_with_text_is_described_or_is_not_about_people() -> None:
    described = {name for kept in KEPT for name in kept.columns}
    assert described - columns().keys() == set()
    measures = (Integer, Float, Boolean, Date, Moment)
    textual = {name for name, column in columns().items() if not isinstance(column.type, measures)}
    new = textual - described - NOT_ABOUT_PEOPLE
    assert new == set(), "describe them in surveys/privacy.py, or say that they name nobody"
    assert NOT_ABOUT_PEOPLE - textual == set()
    assert NOT_ABOUT_PEOPLE & described == set()


def test_a_column_is_described_once() -> None:
    described = [name for kept in KEPT for name in kept.columns]
    assert len(described) == len(set(described))


@pytest.mark.parametrize("person", [VISITOR, *(Person("account 3", role) for role in Role)])
def test_everybody_reads_what_is_kept_and_only_the_evaluator_can_erase(
    scene: sqlite3.Connection, person: Person
) -> None:
    text = text_of(app := run(person))
    assert ("Kwam u hier vanuit de vragenlijst?" in text) == (person == VISITOR)
    for kept in KEPT:
        for told in (
            kept.what,
            kept.why,
            kept.who_sees,
            kept.how_long.replace(MONTHS, "6 maanden"),
        ):
            assert told in text
    for told in (*RIGHTS, *ERASING, WHOM_TO_ASK):
        assert told in text
    erases = person.role in (Role.EVALUATOR, Role.OWNER)
    assert bool(app.button) == erases
    assert ("leider3@school.nl" in text) == erases


def test_the_time_is_the_one_of_the_setting(store: Store) -> None:
    store.settings.change(RETENTION, 1)
    text = text_of(run())
    assert "Tot 1 maand nadat" in text
    assert "De bewaartermijn is 1 maand." in text
    assert MONTHS not in text


# Erasing


def test_without_names_there_is_nothing_to_erase(store: Store) -> None:
    app = run()
    text = text_of(app)
    assert "Er is nu niemand van wie de gegevens gewist moeten worden." in text
    assert "Er zijn geen namen of e-mailadressen van programmaleiders bewaard." in text
    assert "Dit kan pas als er een meting gesloten is." in text
    assert not app.button


def test_what_is_due_is_erased_after_a_yes(scene: sqlite3.Connection) -> None:
    app = click(run(), "aan-de-beurt")
    assert "U wist de naam en het e-mailadres van 1 persoon." in text_of(app)
    assert left(scene) == [1, 2, 3, 4]
    click(app, "aan-de-beurt-nee")
    assert left(scene) == [1, 2, 3, 4]
    click(click(app, "aan-de-beurt"), "aan-de-beurt-ja")
    assert left(scene) == [1, 2, 4]
    assert "Gewist: naam en e-mailadres van 1 persoon." in text_of(app)
    assert "leider3@school.nl" not in text_of(app)
    assert "Gewist" not in text_of(check(app.run()))


def test_one_person_is_erased_after_a_yes(scene: sqlite3.Connection) -> None:
    app = run()
    check(app.selectbox(key="persoon").set_value(4).run())
    click(app, "een-persoon")
    assert "van: 04 Regio 04: J. Naam-4, leider4@school.nl." in text_of(app)
    click(app, "een-persoon-ja")
    assert left(scene) == [1, 2, 3]
    assert "Gewist: naam en e-mailadres van een programmaleider van regio 04." in text_of(app)


def test_a_yes_is_for_the_person_it_was_asked_about(scene: sqlite3.Connection) -> None:
    app = run()
    check(app.selectbox(key="persoon").set_value(4).run())
    click(app, "een-persoon")
    check(app.selectbox(key="persoon").set_value(1).run())
    assert [button.key for button in app.button if "persoon" in button.key] == ["een-persoon"]
    assert left(scene) == [1, 2, 3, 4]


def test_who_was_erased_in_another_window_is_told(store: Store, scene: sqlite3.Connection) -> None:
    app = run()
    check(app.selectbox(key="persoon").set_value(4).run())
    click(app, "een-persoon")
    store.privacy.erase(4)
    check(app.run())  # no longer among the persons to choose
    assert "leider4@school.nl" not in text_of(app)


def test_everybody_of_a_closed_wave_is_erased_but_who_is_needed(scene: sqlite3.Connection) -> None:
    app = run()
    assert app.selectbox(key="meting").options == ["2024"]
    check(app.selectbox(key="meting").set_value("2024").run())
    text = text_of(app)
    assert "Deze personen blijven" in text
    assert "leider2@school.nl (meting 2027)" in text
    click(click(app, "een-meting"), "een-meting-ja")
    assert left(scene) == [2, 3, 4]
    assert "van 1 persoon van meting 2024." in text_of(app)
    assert "Er is niemand om te wissen." in text_of(app)


def test_names_are_shown_as_plain_text(store: Store, raw: sqlite3.Connection) -> None:
    store.regions.add([("01", "<b>Regio</b>")])
    raw.execute(
        "INSERT INTO contact (region_id, name, email, since, until) "
        "VALUES (1, '<img src=x> **J**', 'a@b.nl', '2019-01-01', '2020-01-01')"
    )
    raw.commit()
    html = "".join(each.proto.body for each in run().get("html"))
    assert "<img" not in html
    assert "&lt;img src=x&gt; **J**" in html
