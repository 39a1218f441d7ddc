"""The part of 'Stand van zaken' with which the evaluator takes out the answers of a wave."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from streamlit.testing.v1 import AppTest

from db.store import Store
from surveys.roles import Person, Role
from surveys.trail.query import TrailQuery
from tests.db.scenes import import_responses, open_wave
from tests.surveys.pages.browser_cookies import sign_in

PAGE = Path(__file__).parents[3] / "surveys/pages/fieldwork.py"
TAKEN = TrailQuery(action="answers.exported")
EXCEL, CSV = "Antwoorden (Excel)", "Antwoorden (CSV, voor programma's)"

Made = dict[str, tuple[str, Callable[[], bytes]]]


@pytest.fixture
def store(store: Store) -> Store:
    """With an open wave of two regions."""
    open_wave(store, "01", "02")
    return store


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Made:
    """Per button on the page the name of its file, and what makes the file."""
    found: Made = {}

    def keep_button(label: str, *, data: Callable[[], bytes], file_name: str, **_: object) -> None:
        found[label] = (file_name, data)

    monkeypatch.setattr("streamlit.download_button", keep_button)
    return found


def run(role: Role | None = Role.EVALUATOR) -> str:
    """What the page says to this role; None: to who is signed in."""
    app = AppTest.from_file(str(PAGE), default_timeout=30)
    if role is not None:
        app.session_state["person"] = Person("account 2", role)
    app.run()
    assert not app.exception
    return " ".join(each.value for each in (*app.header, *app.text))


def test_a_file_is_made_at_the_click_only_and_is_told_in_the_trail(
    store: Store, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_responses(store, "2024", {"01": {"schaal": "1", "kort": "=1+1"}})
    sign_in(store, Role.EVALUATOR, monkeypatch)
    text = run(None)
    assert "Antwoorden downloaden" in text
    assert "namen in staan" in text
    assert store.trail.find(TAKEN).total == 0
    name, make = made[EXCEL]
    assert name.startswith("antwoorden-2024-")
    assert load_workbook(BytesIO(make()))["Antwoorden"]["A2"].value == "01"
    name, make = made[CSV]
    assert name.endswith(".csv")
    assert "01,2024,kort,'=1+1" in make().decode().splitlines()
    lines = store.trail.find(TAKEN).lines
    assert [(line.actor, line.subject, line.new) for line in lines] == [
        ("account 2 (eva)", "wave 2024", "1")
    ] * 2


def test_without_answers_there_is_nothing_to_download(store: Store, made: Made) -> None:
    assert "Er zijn nog geen antwoorden verzonden." in run()
    assert not {EXCEL, CSV} & made.keys()


@pytest.mark.parametrize("role", [Role.PROGRAMME_LEADER, Role.STEERING_GROUP, Role.ADMINISTRATOR])
def test_it_is_for_who_does_the_fieldwork(store: Store, made: Made, role: Role) -> None:
    import_responses(store, "2024", {"01": {"schaal": "1"}})
    run(role)
    assert not made
