"""The page of waves, run without a browser."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from db.store import Store
from surveys.definition import DEFINITIONS, Definition, parse_definition, read_definition
from surveys.fieldwork import Wave, WaveState
from surveys.roles import Person, Role

PAGE = Path(__file__).parents[3] / "surveys/pages/waves.py"
OLD, NEW = (
    read_definition(DEFINITIONS / f"sto_programmaleiders_{year}.toml") for year in (2021, 2024)
)
OLD_NAME, NEW_NAME = "sto_programmaleiders_2021", "sto_programmaleiders_2024"


def run(person: Person | None = None) -> AppTest:
    app = AppTest.from_file(str(PAGE), default_timeout=30)
    if person is not None:
        app.session_state["person"] = person
    return rerun(app)


def rerun(app: AppTest) -> AppTest:
    app.run()
    assert not app.exception
    return app


def field(found: Any, label: str) -> Any:
    (one,) = (each for each in found if each.label.startswith(label))
    return one


def press(app: AppTest, label: str) -> AppTest:
    field(app.button, label).click()
    return rerun(app)


def told(app: AppTest) -> str:
    """Everything on the page that is not a field."""
    html = (unescape(re.sub(r"<[^>]+>", " ", each.proto.body)) for each in app.get("html"))
    kinds = (app.title, app.header, app.subheader, app.text, app.success, app.error, app.warning)
    parts = [each.value for kind in kinds for each in kind]
    return " ".join(" ".join([*html, *parts]).replace("\\", "").split())


def wave_of(store: Store, name: str) -> Wave:
    (wave,) = (wave for wave in store.waves.all() if wave.name == name)
    return wave


def fill_plan(app: AppTest, name: str, definition: str | None, day: str = "") -> AppTest:
    field(app.text_input, "Naam, bijvoorbeeld").set_value(name)
    app.selectbox[-1].set_value(definition)
    app.text_input[-1].set_value(day)
    return press(app, "Meting plannen")


def choose_version(app: AppTest, name: str) -> AppTest:
    app.selectbox[1].set_value(name)
    return rerun(app)


def upload(app: AppTest, content: bytes) -> AppTest:
    app.file_uploader[0].set_value(("eigen.toml", content, "application/toml"))
    return rerun(app)


def test_the_first_wave_is_planned_on_an_empty_page(store: Store) -> None:
    app = run()
    assert "Er zijn nog geen metingen" in told(app)
    fill_plan(app, " 2027 ", NEW_NAME, "3 april 2077")
    assert "Meting 2027 is gepland." in told(app)
    wave = wave_of(store, "2027")
    assert (wave.state, wave.questionnaire_hash) == (WaveState.PLANNED, NEW.content_hash)
    assert "3 april 2077" in told(app)
    assert app.selectbox[0].value == "2027"


@pytest.mark.parametrize(
    ("name", "definition", "day", "message"),
    [
        ("najaar", NEW_NAME, "", "Begin de naam met het jaar"),
        ("2024", NEW_NAME, "", "Er is al een meting met deze naam"),
        ("2027", None, "", "Kies een vragenlijst"),
        ("2027", NEW_NAME, "31 februari 2077", "is geen datum"),
        ("2027", NEW_NAME, "1-1-2001", "al voorbij"),
    ],
)
def test_a_plan_that_cannot_be_is_told_and_what_was_typed_stays(
    store: Store, name: str, definition: str | None, day: str, message: str
) -> None:
    store.waves.plan("2024", OLD)
    app = fill_plan(run(), name, definition, day)
    assert message in " ".join(error.value for error in app.error)
    assert field(app.text_input, "Naam, bijvoorbeeld").value == name
    assert [wave.name for wave in store.waves.all()] == ["2024"]


def test_the_table_tells_what_there_is_of_each_wave(store: Store) -> None:
    store.waves.plan("2024", NEW)
    store.regions.add([("01", "Regio 01")])
    store.invitations.renew("01", "2024")
    text = told(run())
    assert f"2024 gepland 1 0 versie 2024.1 ({NEW.content_hash[:8]}) 32 – – –" in text


def test_a_wave_is_opened_closed_and_reopened_after_a_second_thought(store: Store) -> None:
    store.waves.plan("2024", NEW)
    app = press(run(), "Meting openen")
    assert wave_of(store, "2024").state is WaveState.PLANNED
    press(app, "Nee, laat de meting zo")
    assert not [button for button in app.button if button.label.startswith("Ja")]
    press(press(app, "Meting openen"), "Ja: meting openen")
    assert wave_of(store, "2024").state is WaveState.OPEN
    assert "Gedaan. Meting 2024 is nu open." in told(app)
    assert told(app).count("De meting is open: elke regio") == 1
    press(press(app, "Meting sluiten"), "Ja: meting sluiten")
    assert wave_of(store, "2024").state is WaveState.CLOSED
    press(press(app, "Meting heropenen"), "Ja: meting heropenen")
    assert "Geef een reden" in told(app)
    assert wave_of(store, "2024").state is WaveState.CLOSED
    field(app.text_input, "Reden").set_value("Een regio was te laat")
    press(app, "Ja: meting heropenen")
    assert wave_of(store, "2024").state is WaveState.OPEN


def test_closing_tells_how_many_regions_are_not_ready(store: Store) -> None:
    store.waves.add("2024", NEW, state=WaveState.OPEN)
    store.regions.add([("01", "Regio 01")])
    store.forms.begin(store.forms.visit(store.invitations.renew("01", "2024")))
    assert "1 regio is begonnen, maar niet klaar" in told(press(run(), "Meting sluiten"))


def test_the_name_of_a_planned_wave_and_its_last_day_are_changed(store: Store) -> None:
    store.waves.plan("2026", NEW)
    app = run()
    app.text_input[0].set_value("2026 najaar")
    app.text_input[1].set_value("3-4-2077")
    press(app, "Bewaren")
    assert "Bewaard." in told(app)
    assert str(wave_of(store, "2026 najaar").closes_on) == "2077-04-03"
    assert app.selectbox[0].value == "2026 najaar"
    app.text_input[1].set_value("ooit")
    press(app, "Bewaren")
    assert "is geen datum" in told(app)


def test_another_version_is_shown_beside_the_one_in_use_before_it_is_taken(store: Store) -> None:
    store.waves.plan("2024", OLD)
    app = choose_version(run(), NEW_NAME)
    assert "Vraag 'aandacht_regioplan' vervalt Uitwerken van het regioplan" in told(app)
    assert wave_of(store, "2024").questionnaire_hash == OLD.content_hash
    press(app, "In gebruik nemen")
    assert wave_of(store, "2024").questionnaire_hash == NEW.content_hash
    assert "In gebruik genomen: versie 2024.1" in told(app)
    assert "In gebruik nemen" not in [button.label for button in app.button]
    assert "Dit is de versie die in gebruik is" in told(choose_version(app, NEW_NAME))


def answer_old(store: Store) -> None:
    """A wave in which one region chose what the newer version does not ask."""
    store.waves.add("2024", OLD, state=WaveState.OPEN)
    store.regions.add([("01", "Regio 01")])
    visit = store.forms.visit(store.invitations.renew("01", "2024"))
    question = OLD.questionnaire.question("aandacht_regioplan")
    code = OLD.questionnaire.choices(question)[0].code
    store.forms.save(visit, store.forms.begin(visit), {question.id: code})


def test_a_version_that_would_lose_answers_is_not_offered(store: Store) -> None:
    answer_old(store)
    app = choose_version(run(), NEW_NAME)
    assert "zouden hun plaats verliezen" in told(app)
    assert "aandacht_regioplan 1 Vraag 'aandacht_regioplan' vervalt" in told(app)
    assert "In gebruik nemen" not in [button.label for button in app.button]


def test_an_answer_that_comes_in_while_the_evaluator_looks_stops_the_change(store: Store) -> None:
    store.waves.add("2024", OLD, state=WaveState.OPEN)
    app = choose_version(run(), NEW_NAME)
    store.regions.add([("01", "Regio 01")])
    visit = store.forms.visit(store.invitations.renew("01", "2024"))
    question = OLD.questionnaire.question("aandacht_regioplan")
    code = OLD.questionnaire.choices(question)[0].code
    store.forms.save(visit, store.forms.begin(visit), {question.id: code})
    press(app, "In gebruik nemen")
    assert "zouden hun plaats verliezen" in told(app)
    assert wave_of(store, "2024").questionnaire_hash == OLD.content_hash


def reworded(title: str) -> Definition:
    return parse_definition(OLD.source.replace("2021.1", title, 1))


def test_a_version_that_another_evaluator_took_meanwhile_is_told(store: Store) -> None:
    store.waves.plan("2024", OLD)
    app = choose_version(run(), NEW_NAME)
    store.waves.take_questionnaire("2024", reworded("2021.2"), OLD.content_hash)
    press(app, "In gebruik nemen")
    assert "Intussen is een andere versie" in told(app)
    assert "2021.2" in told(app)
    press(app, "In gebruik nemen")  # now that it was seen
    assert wave_of(store, "2024").questionnaire_hash == NEW.content_hash


def test_an_own_file_goes_before_one_of_the_monitor(store: Store) -> None:
    store.waves.plan("2024", OLD)
    app = choose_version(run(), NEW_NAME)
    upload(app, reworded("2021.9").source.encode())
    press(app, "In gebruik nemen")
    assert wave_of(store, "2024").questionnaire_hash == reworded("2021.9").content_hash


def test_a_changed_questionnaire_under_the_same_version_is_pointed_out(store: Store) -> None:
    store.waves.plan("2024", OLD)
    changed = OLD.source.replace("Uitwerken van het regioplan", "Een *ander* <b>plan</b>", 1)
    app = upload(run(), changed.encode())
    assert "Het bestand noemt zich ook versie 2021.1" in told(app)
    assert "Een *ander* <b>plan</b>" in told(app)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"\xff\xfe", "line 1: is not UTF-8 text"),
        (b"dit is geen toml", "TOML:"),
        (b'id = "x"\n', "questionnaire: has no 'version'"),
    ],
)
def test_a_file_that_is_no_questionnaire_gets_all_its_faults_told(
    store: Store, content: bytes, fault: str
) -> None:
    store.waves.plan("2024", OLD)
    app = upload(run(), content)
    assert "Dit bestand kan niet worden gebruikt" in told(app)
    assert fault in app.code[0].value
    assert wave_of(store, "2024").questionnaire_hash == OLD.content_hash


def test_a_closed_wave_offers_no_other_version(store: Store) -> None:
    store.waves.add("2024", OLD, state=WaveState.CLOSED)
    app = run()
    assert "de vragenlijst ligt vast" in told(app)
    assert [box.label for box in app.selectbox] == ["Meting", "Vragenlijst van de monitor"]


def test_a_planned_wave_is_removed_unless_something_belongs_to_it(store: Store) -> None:
    store.waves.plan("2024", OLD)
    store.waves.plan("2027", NEW)
    store.regions.add([("01", "Regio 01")])
    store.invitations.renew("01", "2024")
    app = press(press(run(), "Meting verwijderen"), "Ja, verwijderen")
    assert "Meting 2027 is verwijderd." in told(app)
    press(press(app, "Meting verwijderen"), "Ja, verwijderen")
    assert "Zij kan niet worden verwijderd" in told(app)
    assert [wave.name for wave in store.waves.all()] == ["2024"]


def test_a_text_to_agree_to_is_kept_and_taken_away(store: Store) -> None:
    store.waves.plan("2024", OLD)
    app = run()
    press(app, "Tekst bewaren")
    assert "Vul een tekst in" in told(app)
    app.text_area[0].set_value("Ik doe *mee*.")
    press(app, "Tekst bewaren")
    assert store.waves.consent("2024") == "Ik doe *mee*."
    press(app, "Niet meer om toestemming vragen")
    assert store.waves.consent("2024") is None


def test_who_may_only_see_results_sees_nothing_of_it(store: Store) -> None:
    store.waves.plan("2024", OLD)
    app = run(Person("account 1", Role.STEERING_GROUP))
    assert "Deze pagina is niet voor u" in told(app)
    assert not app.button


OTHER_WAVE = "gemaakt voor meting 2021, en dit is meting 2024."


def test_the_questionnaire_of_another_year_is_warned_of_wherever_it_is_chosen(store: Store) -> None:
    app = fill_plan(run(), "2024", OLD_NAME)
    assert [OTHER_WAVE in message.value for message in app.success] == [True]
    assert [OTHER_WAVE in warning.value for warning in app.warning] == [True], "beside it"
    assert len(press(app, "Meting openen").warning) == 2
    choose_version(app, NEW_NAME)
    press(app, "In gebruik nemen")
    assert not app.warning
    choose_version(app, OLD_NAME)
    assert OTHER_WAVE in app.warning[-1].value


def test_questionnaires_are_offered_by_their_titles(store: Store) -> None:
    assert run().selectbox[-1].options == [
        f"Vragenlijst programmaleiders Sterk Techniekonderwijs {year}, versie {year}.1"
        for year in (2021, 2024)
    ]
