"""The page on which an earlier wave comes in from a file, run without a browser."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from db.store import Store
from surveys.answers import MissingReason
from surveys.definition import DEFINITIONS, read_definition
from surveys.fieldwork import Mode, WaveState
from surveys.importing import parse_mapping, propose, read_table, write_mapping
from surveys.pages.storage import whole_store
from surveys.roles import ACCOUNT_ROLES, Person, Right, Role
from tests.db.scenes import ALL_TYPES
from tests.surveys.importing.files import delimited, spss, workbook
from tests.surveys.importing.test_round_trip import RESPONSES, files, texts_with_labels

PAGE = Path(__file__).parents[3] / "surveys/pages/import_wave.py"
WAVE_2021 = read_definition(DEFINITIONS / "sto_programmaleiders_2021.toml")
QUESTIONS = WAVE_2021.questionnaire


@pytest.fixture
def store(store: Store) -> Store:
    """With the regions of the file."""
    store.regions.add([(number, f"Regio {number}") for number in RESPONSES])
    return store


@pytest.fixture
def planned(store: Store) -> Store:
    """With a wave that only waits for its file."""
    store.waves.plan("2018", WAVE_2021)
    return store


def run(app: AppTest | None = None) -> AppTest:
    app = AppTest.from_file(str(PAGE), default_timeout=60) if app is None else app
    app.run()
    assert not app.exception
    return app


def begin(name: str, content: bytes, wave: str = "2018") -> AppTest:
    app = choose(run(), "Meting", wave)
    return upload(app, name, content)


def upload(app: AppTest, name: str, content: bytes) -> AppTest:
    (field,) = (each for each in app.file_uploader if each.label.startswith("Bestand met"))
    field.set_value((name, content, ""))
    return run(app)


def choose(app: AppTest, label: str, value: object) -> AppTest:
    (field,) = (field for field in app.selectbox if field.label.replace("\\", "") == label)
    field.set_value(value)
    return run(app)


def press(app: AppTest, label: str) -> AppTest:
    (button,) = (button for button in app.button if button.label == label)
    button.click()
    return run(app)


def text_of(app: AppTest) -> str:
    html = (unescape(re.sub(r"<[^>]+>", " ", each.proto.body)) for each in app.get("html"))
    told = (*app.title, *app.text, *app.success, *app.error, *app.warning, *app.markdown)
    parts = [each.value.replace("\\", "") for each in told]
    return " ".join(" ".join([*html, *parts]).split())


def table_of(app: AppTest, caption: str) -> list[list[str]]:
    """The rows of a table, without its heading."""
    (body,) = (e.proto.body for e in app.get("html") if f"<span>{caption}</span>" in e.proto.body)
    rows = re.findall(r'<tr><th scope="row">(.*?)</tr>', body, re.DOTALL)
    return [[unescape(cell) for cell in re.split(r"</t[hd]>(?:<td>)?", row)[:-1]] for row in rows]


def may_import(app: AppTest) -> bool:
    return any(button.label == "Inlezen" for button in app.button)


def require_stored(store: Store) -> None:
    """Every answer of the file, and nothing else."""
    for region, answers in RESPONSES.items():
        (version,) = store.entries.versions(region, "2018")
        assert version.mode is Mode.IMPORT
        assert store.entries.read(region, "2018", 1).answers == answers


def dump(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as raw:
        return [*raw.iterdump()]


# From file to wave


@pytest.mark.parametrize("name", ["labels.xlsx", "spss.sav", "long.csv"])
def test_a_wave_comes_in_from_a_file(planned: Store, tmp_path: Path, name: str) -> None:
    app = begin(name, files(tmp_path)[name])
    assert "Gevonden: 40 regio's" in text_of(app)
    assert "Na het inlezen is zij gesloten" in text_of(app)
    assert [wave.state for wave in planned.waves.all()] == [WaveState.PLANNED]
    app = press(app, "Inlezen")
    assert "De antwoorden van 40 regio's zijn ingelezen in meting 2018" in text_of(app)
    assert not may_import(app)
    require_stored(planned)
    assert [wave.state for wave in planned.waves.all()] == [WaveState.CLOSED]


def test_a_wave_that_is_not_there_is_made_by_importing(store: Store, tmp_path: Path) -> None:
    app = run()
    assert "Vul de naam in en kies de vragenlijst" in text_of(app)
    (name,) = app.text_input
    name.set_value("achttien")
    app = choose(app, "Vragenlijst van de monitor", "sto_programmaleiders_2021")
    assert "Begin de naam met het jaar" in text_of(app)
    app.text_input[0].set_value("2018")
    app = upload(run(app), "codes.csv", files(tmp_path)["codes.csv"])
    assert store.waves.all() == []
    press(app, "Inlezen")
    require_stored(store)


def test_the_same_file_again_changes_nothing_and_says_so(
    planned: Store, file: Path, tmp_path: Path
) -> None:
    content = files(tmp_path)["labels.xlsx"]
    press(begin("labels.xlsx", content), "Inlezen")
    before = dump(file)
    app = begin("labels.xlsx", content)
    assert "al eerder ingelezen, met dezelfde koppeling. Er verandert niets." in text_of(app)
    assert not may_import(app)
    other = workbook([*texts_with_labels()[:3]])
    app = begin("labels.xlsx", other)
    assert "hebben al antwoorden in deze meting" in text_of(app)
    assert text_of(app).count(": 01, 02") == 1
    assert not may_import(app)
    assert dump(file) == before


def test_a_wave_that_is_open_is_not_offered(store: Store) -> None:
    store.waves.add("2024", WAVE_2021, state=WaveState.OPEN)
    app = run()
    (waves,) = (field for field in app.selectbox if field.label == "Meting")
    assert waves.options == ["Een nieuwe meting"]
    assert "Een meting die open is, staat er niet bij" in text_of(app)


# Faults


def faulty() -> bytes:
    rows = [row[:] for row in texts_with_labels()]
    rows[0] = [*rows[0], "<b>tijd</b>"]
    rows[1:] = [[*row, "12:00"] for row in rows[1:]]
    rows[3][1], rows[4][1], rows[5][0], rows[6][0] = "**super**", "veel", "99", ""
    return workbook({"Data": rows})


def test_every_fault_is_told_and_nothing_comes_in(planned: Store, file: Path) -> None:
    before = dump(file)
    app = begin("faulty.xlsx", faulty())
    point = "Voldoende techniekdocenten"
    assert "Er zijn 5 fouten." in text_of(app)
    found = table_of(app, "Fouten")
    assert [row[1:] for row in found] == [
        ["–", "<b>tijd</b>", "–", "–"],
        ["4", point, "03", f"Urgentie: {point}"],
        ["5", point, "04", f"Urgentie: {point}"],
        ["6", "Regionummer", "–", "–"],
        ["7", "Regionummer", "–", "–"],
    ]
    assert found[1][0].startswith("'**super**' kan hier geen antwoord zijn.")
    assert "'99' staat niet in het register" in found[3][0]
    assert not may_import(app)
    assert dump(file) == before


def test_faults_are_mended_in_the_page(planned: Store) -> None:
    rows = [row[:] for row in texts_with_labels()]
    rows[0] = [*rows[0], "tijd"]
    rows[1:] = [[*row, "12:00"] for row in rows[1:]]
    rows[3][1] = "super"
    app = begin("a.xlsx", workbook(rows))
    assert table_of(app, "Blokken van de vragenlijst")[0][-1] == "1"
    app = choose(app, "'super', 1 keer", "5")
    assert table_of(app, "Blokken van de vragenlijst")[0][-1] == "0"
    app = press(app, "Laat deze kolom weg")
    assert "Weggelaten: tijd" in text_of(app)
    press(app, "Inlezen")
    read = planned.entries.read("03", "2018", 1).answers
    assert read["urgentie_techniekdocenten"] == "5"


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.ods", b"x", "Dit bestand is geen .xlsx, .csv of .sav."),
        ("a.xlsx", b"\xd0\xcf\x11\xe0" + bytes(99), "beveiligd of van een oude soort"),
        ("a.csv", b"regio,v1\n01\n02,1,2\n", "aantal waarden is 3"),
        ("a.sav", b"$FL2" + bytes(99), "niet te lezen als .sav"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_words(
    planned: Store, name: str, content: bytes, told: str
) -> None:
    app = begin(name, content)
    assert told in text_of(app)
    assert not may_import(app)
    assert planned.waves.all()[0].state is WaveState.PLANNED


# The mapping


def test_a_question_gets_another_column_or_was_not_asked(planned: Store) -> None:
    rows = [row[:] for row in texts_with_labels()]
    place = rows[0].index(QUESTIONS.question("aandacht_instroom").text)
    rows[0][place] = "V17"
    app = choose(begin("a.xlsx", workbook(rows)), "Blok", "aandacht")
    label = QUESTIONS.question("aandacht_instroom").text
    assert "Voor deze vragen is nog geen kolom gekozen" in text_of(app)
    assert not may_import(app)
    app = choose(app, label, ("kolom", "V17"))
    assert may_import(app)
    app = choose(app, label, ("niet gevraagd", ""))
    assert table_of(app, "Fouten")[0][2] == "V17"  # it holds data and has no place
    app = press(app, "Laat deze kolom weg")
    # another block, and back: what was chosen is still there
    app = choose(choose(app, "Blok", "urgentie"), "Blok", "aandacht")
    assert "Weggelaten: V17" in text_of(app)
    press(app, "Inlezen")
    assert planned.entries.read("01", "2018", 1).answers["aandacht_instroom"] is (
        MissingReason.NOT_ASKED
    )


def test_questions_that_the_file_does_not_have_are_not_asked_at_one_press(planned: Store) -> None:
    rows = [row[:4] for row in texts_with_labels()]
    app = begin("a.xlsx", workbook(rows))
    app = press(app, "Deze 29 vragen waren niet gevraagd")
    press(app, "Inlezen")
    answers = planned.entries.read("01", "2018", 1).answers
    assert sum(value is MissingReason.NOT_ASKED for value in answers.values()) == 29


def test_a_mapping_that_was_kept_is_used_again(planned: Store) -> None:
    rows = texts_with_labels()
    names = [f"V{place}" for place in range(len(rows[0]))]
    content = workbook([names, *rows[1:]])
    table = read_table("a.xlsx", workbook(rows))
    plain = propose(table, QUESTIONS, RESPONSES).mapping
    renamed = write_mapping(plain)
    for name, column in zip(names, table.columns, strict=True):
        renamed = renamed.replace(f'= "{column.name}"', f'= "{name}"')
    assert parse_mapping(renamed) != plain
    app = begin("a.xlsx", content)
    assert not may_import(app)
    (field,) = (each for each in app.file_uploader if each.label.startswith("Bewaarde"))
    field.set_value(("fout.toml", b"layout = 1", ""))
    app = run(app)
    assert "fout.toml kan niet worden gebruikt" in text_of(app)
    (field,) = (each for each in app.file_uploader if each.label.startswith("Bewaarde"))
    field.set_value(("koppeling.toml", renamed.encode(), ""))
    app = run(app)
    assert "De koppeling komt uit koppeling.toml" in text_of(app)
    press(app, "Inlezen")
    require_stored(planned)


def test_doubts_are_marked_until_they_were_looked_at(planned: Store) -> None:
    app = begin("a.xlsx", workbook(texts_with_labels()))
    text = text_of(app)
    assert "Controleer: De kolom past bij meer vragen" in text
    assert "16 vragen moeten nog worden gecontroleerd" in text
    (checked,) = (box for box in app.checkbox if "bekeken" in box.label)
    checked.check()
    app = run(app)
    assert "8 vragen moeten nog worden gecontroleerd" in text_of(app)
    assert [row[4] for row in table_of(app, "Blokken van de vragenlijst")] == list("08000")


def test_another_sheet_and_a_file_of_rows_per_answer(planned: Store, tmp_path: Path) -> None:
    sheets = {"Uitleg": [["Lees mij"]], "Data": texts_with_labels()}
    app = begin("a.xlsx", workbook(sheets))
    assert "geen rijen onder de namen" in text_of(app)
    assert may_import(choose(app, "Blad", "Data"))

    content = files(tmp_path)["long.csv"].replace(b"region,item,value", b"nummer,a,b")
    app = begin("long.csv", content)
    (layout,) = (each for each in app.radio if each.label == "Indeling van het bestand")
    layout.set_value("wide")
    app = run(app)
    assert not may_import(app)
    app.radio[0].set_value("long")
    app = choose(choose(run(app), "Kolom met de vraag", "a"), "Kolom met het antwoord", "b")
    press(app, "Inlezen")
    require_stored(planned)


def test_an_answer_per_column_is_taken_apart_and_put_together(store: Store) -> None:
    store.waves.plan("2018", ALL_TYPES)
    header = ["regio", "schaal", "keuze een", "keuze twee"]
    rows = [["01", "2", "x", ""], ["02", "3", "x", "x"], ["03", "1", "", ""]]
    app = begin("a.csv", delimited([header, *rows]))
    (apart,) = (box for box in app.checkbox if "eigen kolom" in box.label)
    apart.check()
    app = run(app)
    choices = {c.code: c.label for c in ALL_TYPES.questionnaire.question("meer").choices}  # type: ignore[union-attr]
    app = choose(app, f"… {choices['a']}", ("kolom", "keuze een"))
    app = choose(app, f"… {choices['b']}", ("kolom", "keuze twee"))
    app = press(app, "Deze 7 vragen waren niet gevraagd")
    press(app, "Inlezen")
    given = [store.entries.read(n, "2018", 1).answers["meer"] for n in ("01", "02", "03")]
    assert given == [("a",), ("a", "b"), MissingReason.SKIPPED]


def test_hostile_text_is_shown_and_kept_as_it_is(store: Store, tmp_path: Path) -> None:
    store.waves.plan("2018", ALL_TYPES)
    hostile = ["<b>*x*</b> =1+1", "**vet** :x:", "\u202eom \U0001f600"]
    columns: dict[str, list[Any]] = {
        "regio": ["01", "02", "03"],
        "schaal": [1.0, 2.0, 3.0],
        "kort": hostile,
        "v9": ["<i>rest</i>"] * 3,
    }
    labels = {"v9": "<script>alert(1)</script>"}
    app = begin("<b>a</b>.sav", spss(tmp_path / "b.sav", columns, column_labels=labels))
    app = press(app, "Laat deze kolom weg")
    bodies = [each.proto.body for each in app.get("html")]
    assert not any("<script>" in body or "<i>" in body for body in bodies)
    asked = len(ALL_TYPES.questionnaire.questions) - 2
    press(press(app, f"Deze {asked} vragen waren niet gevraagd"), "Inlezen")
    read = [store.entries.read(number, "2018", 1).answers["kort"] for number in columns["regio"]]
    assert read == hostile


# Who may


def test_without_regions_it_says_what_comes_first(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{file}")
    whole_store.clear()
    assert "Er zijn nog geen regio's. Voeg ze eerst toe" in text_of(run())
    whole_store().close()
    whole_store.clear()


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize("role", [*ACCOUNT_ROLES, Role.PROGRAMME_LEADER])
def test_only_who_does_fieldwork_sees_the_page(role: Role) -> None:
    person = Person("account 1", role)
    app = AppTest.from_file(str(PAGE), default_timeout=30)
    app.session_state["person"] = person
    app.run()
    assert not app.exception
    assert bool(app.selectbox) == person.may(Right.DO_FIELDWORK)


def test_what_was_chosen_outlives_the_fields_that_are_not_drawn(store: Store) -> None:
    rows = [row[:] for row in texts_with_labels()]
    rows[3][1] = "super"
    app = run()
    app.text_input[0].set_value("2018")
    app = choose(app, "Vragenlijst van de monitor", "sto_programmaleiders_2021")
    app = choose(upload(app, "a.xlsx", workbook(rows)), "'super', 1 keer", "5")
    # as after another page: the fields are empty, and so is the one of the file
    (field,) = (each for each in app.file_uploader if each.label.startswith("Bestand met"))
    field.set_value(None)
    app = choose(app, "Vragenlijst van de monitor", None)
    assert "U was bezig met a.xlsx. Kies dezelfde vragenlijst" in text_of(app)
    app = choose(app, "Vragenlijst van de monitor", "sto_programmaleiders_2021")
    assert "U bent bezig met a.xlsx." in text_of(app)
    press(app, "Inlezen")
    assert store.entries.read("03", "2018", 1).answers["urgentie_techniekdocenten"] == "5"
