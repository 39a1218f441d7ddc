"""The wave at a glance, run without a browser."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from db.store import Store
from surveys.answers import Answers
from surveys.definition import read_definition
from surveys.fieldwork import EXAMPLE_LABEL, AnsweredWave, WaveState
from surveys.monitoring.response import Stage
from surveys.regions.register import Register
from surveys.roles import Person, Role
from tests.db.scenes import import_responses

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "surveys/pages/fieldwork.py"
ALL_TYPES = read_definition(ROOT / "tests/definitions/all_types.toml")
PROVINCES = {"01": "Zeeland", "02": "Zeeland", "03": "Drenthe", "04": "Drenthe"}
NAMES = {"01": "Noord", "02": "Oost", "03": "<b>*Zuid*</b>", "04": "West"}
NOW = datetime.now(UTC)
EVALUATOR = Person("account 2", Role.EVALUATOR)


@pytest.fixture
def wave(store: Store, file: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Of four regions two weeks ago: 01 submitted, 02 began, 03 opened, 04 was refused by mail."""
    kinds = {number: {"provincie": province} for number, province in PROVINCES.items()}
    store.regions.keep_register(Register(kinds, ("provincie",), NAMES))
    store.waves.add("2024", ALL_TYPES, state=WaveState.OPEN)
    with monkeypatch.context() as patch:
        patch.setattr("db.clock.now", lambda: NOW - timedelta(days=14))
        tokens = {number: store.invitations.renew(number, "2024") for number in NAMES}
        for number in ("01", "02", "03"):
            store.invitations.mark_opened(tokens[number])
        for number in ("01", "02"):
            visit = store.forms.visit(tokens[number])
            form = store.forms.begin(visit)
            revision, _ = store.forms.save(visit, form, {"schaal": "1"})
            form = store.forms.find(visit) or form
            assert form.revision == revision
            if number == "01":
                patch.setattr("db.clock.now", lambda: NOW - timedelta(days=13, hours=23))
                store.forms.submit(visit, form)
                patch.setattr("db.clock.now", lambda: NOW - timedelta(days=14))
    send_mails(file)
    return store


def send_mails(file: Path) -> None:
    """An invitation to every region; the server refused the last."""
    at = f"{NOW - timedelta(days=14):%Y-%m-%d %H:%M:%S.%f}"
    reply = "550 <west@voorbeeld.nl>: geen postbus"
    with closing(sqlite3.connect(file)) as raw, raw:
        for key, number in enumerate(NAMES, start=1):
            state = "refused" if number == "04" else "sent"
            raw.execute(
                "INSERT INTO contact (id, region_id, email, since) VALUES (?, ?, 'a@b.nl', ?)",
                (key, key, at),
            )
            raw.execute(
                "INSERT INTO message (invitation_id, contact_id, kind, number, state, message_id, "
                "queued_at, queued_by, done_at, tries, reply) "
                "VALUES (?, ?, 'invitation', 0, ?, ?, ?, 'account 1', ?, 1, ?)",
                (key, key, state, f"<{key}@b.nl>", at, at, reply if number == "04" else None),
            )


def run(person: Person = EVALUATOR) -> AppTest:
    app = AppTest.from_file(str(PAGE), default_timeout=30)
    app.session_state["person"] = person
    app.run()
    assert not app.exception
    return app


def text_of(app: AppTest) -> str:
    html = (unescape(re.sub(r"<[^>]+>", " ", each.proto.body)) for each in app.get("html"))
    parts = [each.value for each in (*app.title, *app.header, *app.markdown, *app.text)]
    labels = [each.label for each in app.expander]
    return " ".join(" ".join([*html, *parts, *labels]).split())


def tables_of(app: AppTest) -> dict[str, dict[str, list[str]]]:
    """Per caption the cells of each row, by its name."""
    found = {}
    for body in (each.proto.body for each in app.get("html")):
        if caption := re.search(r"<caption>(.*?)</caption>", body):
            rows = re.findall(r'<th scope="row">(.*?)</th>(.*?)</tr>', body)
            found[_plain(caption[1])] = {
                _plain(name): [_plain(cell) for cell in re.findall(r"<td>(.*?)</td>", cells)]
                for name, cells in rows
            }
    return found


def _plain(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", html)).replace("\N{NO-BREAK SPACE}", " ")


def regions_of(app: AppTest) -> dict[str, list[str]]:
    return next(rows for caption, rows in tables_of(app).items() if "van de" in caption)


def choose(app: AppTest, label: str, value: str) -> AppTest:
    (field,) = (field for field in app.selectbox if field.label == label)
    field.set_value(value).run()
    assert not app.exception
    return app


# What it shows


@pytest.mark.usefixtures("wave")
def test_the_steps_are_told_in_words_and_figures() -> None:
    app = run()
    text = text_of(app)
    assert "De meting is open. Verzonden: 1 van de 4 uitgenodigde regio's (25%)." in text
    assert re.search(r"Bijgewerkt om \d\d\.\d\d uur\.", text)
    assert tables_of(app)["Van uitgenodigd tot verzonden, in aantallen regio's"] == {
        "Uitgenodigd": ["4 van 4, 100%"],
        "Geopend": ["3 van 4, 75%"],
        "Begonnen": ["2 van 4, 50%"],
        "Verzonden": ["1 van 4, 25%"],
    }
    assert tables_of(app)["Van uitgenodigd tot verzonden per provincie, in aantallen regio's"] == {
        "Drenthe": ["2", "1 van 2, 50%", "0 van 2, 0%", "0 van 2, 0%"],
        "Zeeland": ["2", "2 van 2, 100%", "2 van 2, 100%", "1 van 2, 50%"],
    }


@pytest.mark.usefixtures("wave")
def test_the_list_to_act_on_comes_first_and_says_what_to_do() -> None:
    app = run()
    assert app.header[0].value == "Wat u nu kunt doen"
    assert [each.label for each in app.expander][:4] == [
        "Mail geweigerd: 1 regio",
        "Geopend, maar na een week nog niet begonnen: 1 regio",
        "Begonnen, maar een week niet verder gegaan: 1 regio",
        "Verzonden, maar veel overgeslagen: 1 regio",
    ]
    text = text_of(app)
    assert "De mailserver zei: '550 <west@voorbeeld.nl>: geen postbus'" in text
    assert "Gekomen tot het blok 'Gesloten vragen'" in text
    assert "Stuur een herinnering bij Uitnodigen, of bel de regio." in text


@pytest.mark.usefixtures("wave")
def test_the_response_by_day_is_a_chart_and_the_same_figures_in_a_table() -> None:
    app = run()
    (chart,) = app.get("vega_lite_chart")
    assert "uitnodigingen verstuurd" in str(chart.proto)
    rows = tables_of(app)["Per dag: regio's die voor het eerst verzonden, en mails"]
    assert sum(int(cells[0]) for cells in rows.values()) == 1
    assert [cells[2] for cells in rows.values() if cells[2] != "–"] == ["3"]
    assert "Mediaan: 1 uur, over 1 regio die online invulde." in text_of(app)


@pytest.mark.usefixtures("wave")
def test_skipped_questions_are_told_of_those_who_were_asked() -> None:
    tables = tables_of(run())
    skipped = tables["De vragen die het vaakst zijn overgeslagen"]
    assert skipped["Een cijfer"] == ["Getypte vragen", "1 van 1, 100%"]
    assert skipped["Een schaal"] == ["Gesloten vragen", "0 van 1, 0%"]
    assert "Een lange tekst" not in skipped, "its condition does not hold"


@pytest.mark.usefixtures("wave")
def test_the_regions_can_be_chosen_by_state_and_province() -> None:
    app = run()
    assert [*regions_of(app)] == ["01 Noord", "02 Oost", "03 <b>*Zuid*</b>", "04 West"]
    assert regions_of(app)["02 Oost"][:3] == [
        "Zeeland",
        "begonnen, tot 'Gesloten vragen'",
        regions_of(app)["01 Noord"][2],
    ]
    assert "uitnodiging: geweigerd" in regions_of(app)["04 West"][2]
    assert [*regions_of(choose(app, "Provincie", "Zeeland"))] == ["01 Noord", "02 Oost"]
    assert [*regions_of(choose(app, "Stand", "begonnen"))] == ["02 Oost"]
    assert [*regions_of(choose(app, "Provincie", "alle"))] == ["02 Oost"]


def test_what_is_chosen_stays_when_the_figures_change(wave: Store) -> None:
    app = choose(run(), "Stand", "verzonden")
    assert [*regions_of(app)] == ["01 Noord"]
    visit = wave.forms.visit(wave.invitations.renew("02", "2024"))
    form = wave.forms.find(visit)
    assert form is not None
    wave.forms.submit(visit, form)
    app.run()
    assert [*regions_of(app)] == ["01 Noord", "02 Oost"]
    assert "Verzonden: 2 van de 4" in text_of(app)


def test_every_wave_has_a_list_of_its_own_and_the_last_comes_first(wave: Store) -> None:
    wave.waves.plan("2026", ALL_TYPES)
    app = run()
    assert {cells[1] for cells in regions_of(app).values()} == {Stage.NOT_INVITED}
    app = choose(app, "Meting", "2024")
    assert regions_of(app)["01 Noord"][1] == Stage.SUBMITTED


def test_text_from_people_is_shown_as_it_is(wave: Store) -> None:
    bodies = " ".join(each.proto.body for each in run().get("html"))
    assert "<b>*Zuid*</b>" not in bodies
    assert "&lt;b&gt;*Zuid*&lt;/b&gt;" in bodies
    assert "<west@voorbeeld.nl>" not in bodies


def test_a_refused_invitation_and_an_invalid_response_are_told(wave: Store, file: Path) -> None:
    with closing(sqlite3.connect(file)) as raw, raw:
        raw.execute(
            "UPDATE link SET withdrawn_at = '2024-03-01 12:00:00.000000' WHERE invitation_id = 4"
        )
    wave.entries.set_invalid("01", "2024", "Dubbel")
    text = text_of(run())
    assert (
        "Uitgenodigd: 3 van de 4 regio's. Daarvan geopend: 3, begonnen: 2, verzonden: 0 (0%)."
        in text
    )
    assert "Mail geweigerd: 1 regio, nog niet uitgenodigd." in text
    assert regions_of(run())["04 West"][1] == Stage.REFUSED
    assert "Ongeldig verklaard: 1 regio" in text
    assert "Laat de regio opnieuw invullen, of bel haar." in text


def test_where_every_mail_was_refused_nobody_is_invited(store: Store, file: Path) -> None:
    store.regions.add([*NAMES.items()])
    store.waves.add("2024", ALL_TYPES, state=WaveState.OPEN)
    for number in NAMES:
        store.invitations.renew(number, "2024")
    send_mails(file)
    with closing(sqlite3.connect(file)) as raw, raw:
        raw.execute("UPDATE link SET withdrawn_at = '2024-03-01 12:00:00.000000'")
        raw.execute("UPDATE message SET state = 'refused'")
    assert "Er zijn geen uitnodigingen gekomen. Begonnen: 0." in text_of(run())


# Where there is little to tell


def test_answers_from_a_file_have_no_time_and_no_day(store: Store) -> None:
    answers: dict[str, Answers] = {"01": {"schaal": "1"}, "02": {"schaal": "2"}}
    register = Register({number: {} for number in NAMES}, ())
    store.waves.load_example(register, [AnsweredWave(ALL_TYPES, WaveState.CLOSED, answers)])
    app = run()
    text = text_of(app)
    assert EXAMPLE_LABEL in text
    assert "De meting is gesloten: er is niets meer te doen." in text
    assert "Van 2 regio's zijn de antwoorden in één keer ingelezen." in text
    assert "Nog geen enkele regio heeft de vragenlijst online ingevuld" in text
    assert "Er is nog geen dag waarop een regio verzond" in text
    assert not app.get("vega_lite_chart")
    assert "Mediaan" not in text
    assert regions_of(app)["01 01"][6].endswith("(ingelezen)")
    assert "Van geen enkele regio is de provincie bekend." in text


def test_a_wave_without_invitations_has_no_shares(store: Store) -> None:
    store.regions.add([("01", "Noord"), ("02", "Oost")])
    store.waves.add("2024", ALL_TYPES, state=WaveState.OPEN)
    import_responses(store, "2024", {"01": {"schaal": "1"}})
    text = text_of(run())
    assert "Verzonden: 1. Bijgewerkt" in text
    assert "Er zijn geen uitnodigingen bekend van deze meting. Begonnen: 1. Verzonden: 1." in text


def test_a_wave_without_regions_says_what_to_do(store: Store) -> None:
    store.waves.add("2024", ALL_TYPES, state=WaveState.PLANNED)
    text = text_of(run())
    assert "De meting is nog niet open." in text
    assert "Er zijn nog geen regio's." in text


@pytest.mark.usefixtures("store")
def test_an_empty_database_is_explained() -> None:
    assert "Er zijn nog geen metingen" in text_of(run())


@pytest.mark.usefixtures("wave")
@pytest.mark.parametrize("role", [Role.STEERING_GROUP, Role.ADMINISTRATOR, Role.PROGRAMME_LEADER])
def test_only_who_does_the_fieldwork_may_look(role: Role) -> None:
    text = text_of(run(Person("account 1", role)))
    assert "Deze pagina is niet voor u" in text
    assert "Noord" not in text
