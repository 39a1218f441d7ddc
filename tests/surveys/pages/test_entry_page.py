"""The page on which the evaluator enters and corrects answers for a region."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from db.store import Store
from surveys.fieldwork import Mode, ResponseState, WaveState
from surveys.pages.visitor import OWNER
from surveys.roles import Person, Role
from tests.db.scenes import invite, open_wave, save

PAGE = Path(__file__).parents[3] / "surveys/pages/entry.py"
HOSTILE = "<b>=1+1</b> *nee*"
EVALUATOR = Person("account 3", Role.EVALUATOR)


@pytest.fixture
def store(store: Store) -> Store:
    """With an open wave and two regions."""
    open_wave(store, "01", "02")
    return store.seen_by(OWNER)


def run(person: Person = OWNER, **address: str) -> AppTest:
    app = AppTest.from_file(str(PAGE), default_timeout=30)
    app.session_state["person"] = person
    for name, value in address.items():
        app.query_params[name] = value
    return again(app)


def again(changed: Any) -> AppTest:
    """The page as it is after a widget was changed."""
    app: AppTest = changed.run()
    assert not app.exception
    return app


def press(app: AppTest, label: str) -> AppTest:
    (button,) = (button for button in app.button if button.label == label)
    return again(button.click())


def choose_region(app: AppTest, number: str) -> AppTest:
    (field,) = (field for field in app.selectbox if field.label == "Regio")
    return again(field.set_value(number))


def give_reason(app: AppTest, reason: str) -> AppTest:
    (field,) = (field for field in app.text_area if field.label.startswith("Reden"))
    return again(field.set_value(reason))


def set_mode(app: AppTest, mode: Mode) -> AppTest:
    return again(app.radio[0].set_value(mode))


def html_of(app: AppTest) -> str:
    return " ".join(each.proto.body for each in app.get("html"))


def text_of(app: AppTest) -> str:
    shown = (*app.title, *app.header, *app.markdown, *app.text, *app.error, *app.warning)
    parts = [each.value for each in (*shown, *app.success, *app.info)]
    plain = unescape(re.sub(r"<[^>]+>", " ", html_of(app)))
    return " ".join(f"{plain} {' '.join(parts)}".replace("\\", "").split())


def submit_itself(store: Store, **answers: str) -> None:
    visit = invite(store)
    store.forms.submit(visit, save(store, visit, store.forms.begin(visit), answers))


def states(store: Store) -> list[str]:
    return [version.state.value for version in store.entries.versions("01", "2024")]


@pytest.mark.parametrize("role", [Role.PROGRAMME_LEADER, Role.STEERING_GROUP, Role.ADMINISTRATOR])
@pytest.mark.usefixtures("store")
def test_the_page_is_for_who_does_the_fieldwork(role: Role) -> None:
    app = run(Person("account 9", role))
    assert "niet voor u" in text_of(app)
    assert not app.selectbox


def test_answers_are_entered_and_sent_for_a_region(store: Store) -> None:
    app = choose_region(run(EVALUATOR), "01")
    assert "nog geen antwoorden" in text_of(app)
    app = press(app, "Invoeren")
    assert "Kies hoe de antwoorden binnenkwamen" in text_of(app)
    app = press(set_mode(app, Mode.PAPER), "Invoeren")
    assert "Invoer voor Regio 01" in text_of(app)
    app = again(app.radio(key="vraag-schaal").set_value("2"))
    app = press(press(press(app, "Volgende"), "Naar controle"), "Verzenden")
    assert "De antwoorden zijn verzonden" in text_of(app)
    assert "Antwoorden wijzigen" not in [button.label for button in app.button]
    app = press(app, "Terug naar het overzicht")
    assert "online" not in html_of(app)
    (version,) = store.entries.versions("01", "2024")
    assert (version.state, version.mode) == (ResponseState.FINAL, Mode.PAPER)
    assert version.entered_by == "account 3"
    assert "1: telt op papier u verzonden" in text_of(app)


def test_a_reload_leads_back_to_what_is_being_entered(store: Store) -> None:
    app = press(set_mode(choose_region(run(EVALUATOR), "01"), Mode.TELEPHONE), "Invoeren")
    again(app.radio(key="vraag-schaal").set_value("2"))
    address = dict(app.query_params)
    assert address == {"meting": "2024", "regio": "01", "invoer": "ja"}
    reloaded = run(EVALUATOR, **address)
    assert reloaded.radio(key="vraag-schaal").value == "2"
    colleague = run(Person("account 4", Role.EVALUATOR), **address)
    assert "De invoer is begonnen door account 3: 1 van 8 vragen" in text_of(colleague)


@pytest.mark.parametrize(
    "address",
    [
        {"meting": "1999", "regio": "01", "invoer": "ja"},
        {"meting": "2024", "regio": "99' OR 1=1", "invoer": "ja"},
        {"meting": "2024", "regio": "01", "invoer": "ja"},
        {"regio": "02"},
    ],
)
@pytest.mark.usefixtures("store")
def test_an_address_that_leads_nowhere_shows_the_overview(address: dict[str, str]) -> None:
    app = run(**address)
    assert app.title[0].value == "Invoer en correctie"


def test_going_from_one_region_to_another_takes_no_answers_along(store: Store) -> None:
    app = press(set_mode(choose_region(run(), "01"), Mode.PAPER), "Invoeren")
    app = again(app.radio(key="vraag-schaal").set_value("2"))
    app = choose_region(press(app, "Terug naar het overzicht"), "02")
    app = press(set_mode(app, Mode.PAPER), "Invoeren")
    assert app.radio(key="vraag-schaal").value is None
    assert store.entries.read("02", "2024", 1).answers == {}
    assert store.entries.read("01", "2024", 1).answers == {"schaal": "2"}


def test_a_region_that_is_filling_in_itself_is_told_before_going_on(store: Store) -> None:
    visit = invite(store)
    save(store, visit, store.forms.begin(visit), {"schaal": "1", "cijfer": "8"})
    app = choose_region(run(EVALUATOR), "01")
    text = text_of(app)
    assert "De regio is zelf bezig in een concept: 2 van 8 vragen zijn beantwoord" in text
    assert "laatst bewaard op" in text
    assert "Concept weggooien" not in [button.label for button in app.button]
    app = press(set_mode(app, Mode.TELEPHONE), "Verder")
    assert app.radio(key="vraag-schaal").value == "1"


def test_a_correction_asks_for_a_reason_and_shows_the_old_version(store: Store) -> None:
    submit_itself(store, schaal="1", kort=HOSTILE)
    store.waves.set_state("2024", WaveState.CLOSED)
    app = press(choose_region(run(EVALUATOR), "01"), "Corrigeren")
    assert "Geef een reden" in text_of(app)
    app = press(give_reason(app, HOSTILE), "Corrigeren")
    assert f"Reden: {HOSTILE}" in text_of(app)
    assert app.radio(key="vraag-schaal").value == "1"
    app = again(app.radio(key="vraag-schaal").set_value("3"))
    app = press(press(press(app, "Volgende"), "Naar controle"), "Verzenden")
    app = press(app, "Terug naar het overzicht")
    assert states(store) == ["final", "superseded"]
    assert f"Correctie: {HOSTILE}" in text_of(app)
    (field,) = (field for field in app.selectbox if field.label == "Antwoorden bekijken van")
    app = again(field.set_value(1))
    assert "<b>=1+1</b>" not in html_of(app)
    assert f"Een korte tekst {HOSTILE}" in text_of(app)
    assert "Een schaal weinig" in text_of(app)


def test_a_correction_is_thrown_away(store: Store) -> None:
    submit_itself(store, schaal="1")
    app = press(give_reason(choose_region(run(EVALUATOR), "01"), "Gebeld"), "Corrigeren")
    app = press(app, "Terug naar het overzicht")
    assert "Een correctie is begonnen door u" in text_of(app)
    app = press(app, "Concept weggooien")
    assert "Het concept van Regio 01 is weggegooid" in text_of(app)
    assert states(store) == ["final"]


def test_a_response_is_set_invalid_and_valid_again_with_a_reason(store: Store) -> None:
    submit_itself(store, schaal="1")
    app = press(choose_region(run(), "01"), "Ongeldig verklaren")
    assert "Vul een reden in" in text_of(app)
    (field,) = (each for each in app.text_area if each.label.startswith("Waarom"))
    app = press(again(field.set_value("Verkeerde regio")), "Ongeldig verklaren")
    assert states(store) == ["invalid"]
    assert "telt niet meer mee" in text_of(app)
    assert "01 Regio 01: ongeldig verklaard" in app.selectbox[1].options
    assert app.selectbox[1].value == "01"
    assert "Ongeldig: Verkeerde regio" in text_of(app)
    (field,) = (each for each in app.text_area if each.label.startswith("Waarom"))
    app = press(again(field.set_value("Toch goed")), "Weer geldig maken")
    assert states(store) == ["final"]
    assert "telt weer mee" in text_of(app)


def test_a_wave_that_is_closed_takes_no_new_entries(store: Store) -> None:
    store.waves.set_state("2024", WaveState.CLOSED)
    app = choose_region(run(), "01")
    assert "De meting is gesloten" in text_of(app)
    assert not app.button


def test_a_wave_that_closes_meanwhile_is_told(store: Store) -> None:
    app = press(set_mode(choose_region(run(), "01"), Mode.PAPER), "Invoeren")
    store.waves.set_state("2024", WaveState.CLOSED)
    app = again(app.radio(key="vraag-schaal").set_value("2"))
    assert "De meting is gesloten" in text_of(app)
    assert "Versies" in text_of(press(app, "Terug naar het overzicht"))


def test_an_entry_that_is_thrown_away_elsewhere_leads_back_to_the_overview(store: Store) -> None:
    app = press(set_mode(choose_region(run(), "01"), Mode.PAPER), "Invoeren")
    store.entries.discard("01", "2024")
    app = again(app.radio(key="vraag-schaal").set_value("2"))
    assert "nog geen antwoorden" in text_of(app)
    assert states(store) == []


def test_the_evaluator_confirms_that_consent_was_asked(store: Store) -> None:
    store.waves.set_consent("2024", HOSTILE)
    app = set_mode(choose_region(run(), "01"), Mode.PAPER)
    assert HOSTILE in [each.value for each in app.text]
    app = press(app, "Invoeren")
    assert "Zet eerst een vinkje" in text_of(app)
    assert states(store) == []
    app = press(again(app.checkbox[0].check()), "Invoeren")
    assert states(store) == ["draft"]


def test_who_signs_in_after_another_does_not_go_on_in_their_name(store: Store) -> None:
    app = press(set_mode(choose_region(run(EVALUATOR), "01"), Mode.PAPER), "Invoeren")
    app.session_state["person"] = Person("account 4", Role.EVALUATOR)
    app = again(app)
    assert "begonnen door account 3" in text_of(app)


@pytest.mark.usefixtures("store")
def test_the_keyboard_goes_along_into_the_form_and_back() -> None:
    app = choose_region(run(), "01")
    assert '<div data-turn="0"' in html_of(app)
    app = press(set_mode(app, Mode.PAPER), "Invoeren")
    assert '<div data-turn="1" data-focus="">' in html_of(app)
    app = press(app, "Terug naar het overzicht")
    assert '<div data-turn="2" data-focus="">' in html_of(app)
