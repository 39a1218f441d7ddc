"""The answers of a wave as files: whole, safe to open, and read back as they were."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlalchemy import Engine, event
from sqlalchemy.exc import NoResultFound
from typer.testing import CliRunner, Result

from analysis.__main__ import app as analysis_command
from db.__main__ import app
from db.store import Store, open_store
from surveys.answers import AnswerError, Answers, MissingReason, Value, validate
from surveys.definition import parse_definition, read_definition
from surveys.fieldwork import EXAMPLE_LABEL, AnsweredWave, Mode, Remark, WaveState
from surveys.importing import Table, propose, read_table
from surveys.importing.editing import leave_out
from surveys.microdata import Export, name_file, to_csv
from surveys.microdata_workbook import to_xlsx
from surveys.regions.contacts import Contact
from surveys.regions.register import Register
from surveys.tidy import read_answers, read_text, write_text
from tests.db.mail_scenes import Clock
from tests.db.scenes import (
    ALL_TYPES,
    DEFINITIONS,
    import_responses,
    invite,
    on_disk,
    open_wave,
    rows,
    save,
)
from tests.hostile import HOSTILE, LINES, hostile_text
from tests.surveys.importing.files import convert
from tests.surveys.strategies import answers

QUESTIONNAIRE = ALL_TYPES.questionnaire
NOW = read_definition(DEFINITIONS / "previous_answers.toml")
THEN = read_definition(DEFINITIONS / "previous_answers_before.toml")
# Texts that mean something in the files themselves, and those with an apostrophe more.
MARKS = ["overgeslagen", "niet_gevraagd", "nvt", "=1+1", "- punt", "'t kan", "''", "@SUM(A1)"]
MARKS += [f"{marks}{text}" for marks in ("'", "''") for text in MARKS]
# Open questions that take long texts.
WIDE = parse_definition(ALL_TYPES.source.replace("max_length = 200", "max_length = 20000"))


def submit(store: Store, answers: Mapping[str, Value], region: str = "01") -> None:
    visit = invite(store, region)
    store.forms.submit(visit, save(store, visit, store.forms.begin(visit), answers))


def given_back(content: bytes, folder: Path, wave: str = "2024") -> dict[str, Answers]:
    file = folder / "answers.csv"
    file.write_bytes(content)
    return read_answers(file, {wave: QUESTIONNAIRE}).responses[wave]


def answers_of(export: Export) -> dict[str, Answers]:
    return {each.region: each.answers for each in export.responses}


def same(one: Mapping[str, Answers], other: Mapping[str, Answers]) -> bool:
    """A text that reads as a reason is not the reason, though they are equal."""
    kinds = [
        {
            region: {item: type(value) for item, value in told.items()}
            for region, told in all.items()
        }
        for all in (one, other)
    ]
    return one == other and kinds[0] == kinds[1]


def sheet(export: Export, name: str) -> list[dict[str, Any]]:
    """The rows of a sheet by their headings, none of them a formula or a link."""
    cells = [*load_workbook(BytesIO(to_xlsx(export)))[name].iter_rows()]
    assert all(cell.data_type != "f" and cell.hyperlink is None for row in cells for cell in row)
    heads, *lines = [[cell.value for cell in row] for row in cells]
    return [dict(zip(map(str, heads), line, strict=True)) for line in lines]


# What is in it


def test_every_response_that_counts_is_there_whole(store: Store, clock: Clock) -> None:
    open_wave(store, "03", "01", "02")
    submit(store, {"schaal": "1"}, "01")
    submit(store, {"schaal": "2", "kort": "eerst"}, "01")
    visit = store.entries.visit("02", "2024", Mode.PAPER)
    form = save(store, visit, store.forms.begin(visit), {"schaal": "3", "rij_een": "nvt"})
    begun = clock.now()
    store.forms.submit(visit, form)
    begin = invite(store, "03")
    save(store, begin, store.forms.begin(begin), {"schaal": "1"})
    export = store.entries.export("2024")
    one, two = export.responses
    assert (one.region, one.version, one.mode) == ("01", 2, Mode.ONLINE)
    assert (two.region, two.version, two.mode) == ("02", 1, Mode.PAPER)
    assert two.begun_at <= begun
    assert two.submitted_at is not None
    assert two.questionnaire_hash == ALL_TYPES.content_hash
    assert list(one.answers) == [question.id for question in QUESTIONNAIRE.questions]
    assert one.answers["kort"] == "eerst"
    assert one.answers["lang"] is MissingReason.NOT_ASKED
    assert two.answers["kort"] is MissingReason.SKIPPED
    assert two.answers["rij_een"] == "nvt"


def test_what_was_set_invalid_is_not_in_it(store: Store) -> None:
    open_wave(store, "01")
    submit(store, {"schaal": "1"})
    store.entries.set_invalid("01", "2024", "Dubbel")
    assert store.entries.export("2024").responses == ()


def test_consent_is_told_with_its_moment(store: Store) -> None:
    open_wave(store, "01")
    store.waves.set_consent("2024", "Mogen wij dit bewaren?")
    visit = invite(store)
    text = store.forms.consent(visit)
    assert text is not None
    form = store.forms.begin(visit, text.content_hash)
    store.forms.submit(visit, save(store, visit, form, {"schaal": "1"}))
    (response,) = store.entries.export("2024").responses
    assert response.consented_at is not None
    assert response.consented_at <= (response.submitted_at or datetime.min.replace(tzinfo=UTC))


def test_a_response_to_an_earlier_version_was_not_asked_what_came_later(store: Store) -> None:
    open_wave(store, "01", "02")
    submit(store, {"schaal": "1", "kort": "toen"})
    source = ALL_TYPES.source.replace('version = "1"', 'version = "2"')
    added = '[[sections.items]]\ntype = "yes_no"\nid = "nieuw"\nconcept = "nieuw"\ntext = "Nieuw"\n'
    newer = parse_definition(f"{source}\n{added}")
    store.waves.take_questionnaire("2024", newer, ALL_TYPES.content_hash)
    submit(store, {"schaal": "2", "nieuw": "ja"}, "02")
    export = store.entries.export("2024")
    one, two = export.responses
    assert one.questionnaire_hash == ALL_TYPES.content_hash
    assert two.questionnaire_hash == newer.content_hash
    assert (one.answers["kort"], one.answers["nieuw"]) == ("toen", MissingReason.NOT_ASKED)
    assert two.answers["nieuw"] == "ja"


def test_the_answers_that_were_shown_go_with_the_response_that_counts(store: Store) -> None:
    open_wave(store, "01", name="2021", definition=THEN)
    open_wave(store, name="2024", definition=NOW)
    visit = invite(store, wave="2021")
    store.forms.submit(visit, save(store, visit, store.forms.begin(visit), {"cijfer": "7"}))
    visit = invite(store)
    form = save(store, visit, store.forms.begin(visit), {"cijfer": "10"})
    found = store.forms.previous_answers(visit, form)
    store.forms.keep_shown(visit, form, [found["cijfer"]])
    form = store.forms.find(visit) or form
    store.forms.save(visit, form, {}, {"cijfer": Remark(True, LINES["excel"])})
    store.forms.submit(visit, store.forms.find(visit) or form)
    assert store.entries.export("2021").shown == ()
    (row,) = sheet(store.entries.export("2024"), "Vorige antwoorden")
    assert (row["regio"], row["versie"], row["stand"]) == ("01", 1, "telt")
    assert row["item"] == "cijfer"
    assert (row["wanneer getoond"], row["uit meting"]) == ("vooraf", "2021")
    assert (row["code van toen"], row["toelichting"]) == ("7", LINES["excel"])
    assert isinstance(row["bevestigd op"], datetime)


def test_it_is_one_line_in_the_trail_and_none_where_there_is_no_such_wave(
    store: Store, raw: sqlite3.Connection
) -> None:
    open_wave(store, "01")
    submit(store, {"schaal": "1"})
    before = len(rows(raw, "SELECT id FROM audit"))
    store.entries.export("2024")
    with pytest.raises(NoResultFound):
        store.entries.export("1999")
    told = rows(raw, "SELECT actor, action, subject, old, new FROM audit ORDER BY id")[before:]
    assert told == [("command line", "answers.exported", "wave 2024", None, "1")]


def test_more_regions_take_no_more_queries(store: Store) -> None:
    counts = []
    open_wave(store, *(f"{number:02}" for number in range(12)))
    for some in (range(2), range(2, 12)):
        for number in some:
            submit(store, {"schaal": "1", "meer": ("a", "b")}, f"{number:02}")
        asked: list[str] = []

        def note(*arguments: Any, asked: list[str] = asked) -> None:
            asked.append(arguments[2])

        event.listen(Engine, "before_cursor_execute", note)
        export = store.entries.export("2024")
        event.remove(Engine, "before_cursor_execute", note)
        counts.append(len(asked))
    assert len(export.responses) == 12
    assert counts[0] == counts[1]


def test_leaders_are_not_in_the_files(store: Store) -> None:
    open_wave(store, "01")
    day = (datetime.now(UTC) - timedelta(days=1)).date()
    store.regions.set_leader("01", Contact("Jo Leider", "jo@leider.example"), day)
    submit(store, {"schaal": "1"})
    export = store.entries.export("2024")
    names = ("Antwoorden", "Codeboek", "Inzendingen", "Vorige antwoorden", "Uitleg")
    whole = to_csv(export).decode() + "".join(str(sheet(export, name)) for name in names)
    assert "leider" not in whole.lower()
    assert "01,2024,schaal,1" in whole


# Back again


def texts_that_are_taken(texts: list[str]) -> list[str]:
    """As they are kept; those with signs that cannot be seen are refused at the door."""
    kept = []
    for text in texts:
        try:
            value = validate(WIDE.questionnaire, WIDE.questionnaire.question("lang"), text)
        except AnswerError:
            continue
        if value is not None:
            kept.append(str(value))
    return kept


def with_texts(texts: list[str]) -> dict[str, Answers]:
    """A region for each text; one more that was not asked, and one that skipped it."""
    asked: Answers = {"schaal": "1", "ja_nee": "ja", "meer": ("a", "b")}
    told = {f"{n:03}": {**asked, "lang": text} for n, text in enumerate(texts)}
    return {**told, "980": {"schaal": "2", "ja_nee": "nee"}, "981": asked}


def imported(table: Table) -> dict[str, Answers]:
    """As the page 'Eerdere meting' reads it: by what it proposes itself."""
    proposal = propose(table, WIDE.questionnaire)
    mapping = leave_out(proposal.mapping, proposal.unmatched_columns)
    return convert(table, mapping, WIDE.questionnaire)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Export]:
    """A wave in which every hostile text is the answer of a region."""
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('db') / 'monitor.sqlite'}")
    texts = texts_that_are_taken([*HOSTILE, *MARKS])
    assert {*LINES.values(), *MARKS} <= {*texts}
    yield fill(store, with_texts(texts))
    store.close()


def fill(store: Store, responses: Mapping[str, Answers]) -> Export:
    store.waves.add("2024", WIDE, state=WaveState.OPEN)
    store.regions.add([(number, f"Regio {number}") for number in responses])
    import_responses(store, "2024", responses)
    export = store.entries.export("2024")
    assert {each.region for each in export.responses} == {*responses}
    return export


def test_hostile_answers_come_back_from_csv_as_they_were(
    hostile: Export, tmp_path: Path, store: Store
) -> None:
    file = tmp_path / "answers.csv"
    file.write_bytes(to_csv(hostile))
    read = read_answers(file, {"2024": WIDE.questionnaire}).responses["2024"]
    assert same(read, answers_of(hostile))
    assert same(answers_of(fill(store, read)), answers_of(hostile))


def test_hostile_answers_come_in_again_from_either_file(hostile: Export) -> None:
    assert same(imported(read_table("a.csv", to_csv(hostile))), answers_of(hostile))
    assert same(imported(read_table("a.xlsx", to_xlsx(hostile))), answers_of(hostile))


def test_no_cell_of_the_csv_begins_as_a_formula(hostile: Export) -> None:
    table = read_table("a.csv", to_csv(hostile))
    cells = [cell for row in table.rows for cell in row.cells]
    assert any(cell.startswith("'=") for cell in cells)
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_in_excel_a_text_is_as_it_was_typed(hostile: Export) -> None:
    typed = [row["lang"] for row in sheet(hostile, "Antwoorden")]
    for text in ("=1+1", "- punt", "'t kan", LINES["excel command"], LINES["html"]):
        assert text in typed
    assert typed.count("niet_gevraagd") == 1, "of the region that was not asked"


@given(hostile_text)
def test_any_text_comes_back_and_is_no_formula(text: str) -> None:
    written = write_text(text)
    assert read_text(written) == text
    assert not written.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


@on_disk
@given(st.data())
def test_any_answers_come_back_from_csv(
    tmp_path_factory: pytest.TempPathFactory, empty_database: Path, data: st.DataObject
) -> None:
    told = {
        region: {"schaal": "1", **data.draw(answers(WIDE.questionnaire))}
        for region in data.draw(st.lists(st.sampled_from(["01", "=2", "r 3"]), unique=True))
    }
    folder = tmp_path_factory.mktemp("any")
    database = shutil.copy(empty_database, folder)
    with closing(open_store(f"sqlite:///{database}")) as store:
        export = fill(store, dict(sorted(told.items())))
    file = folder / "exported.csv"
    file.write_bytes(to_csv(export))
    read = read_answers(file, {"2024": WIDE.questionnaire}).responses["2024"]
    assert same(read, answers_of(export))


# The workbook


def test_the_workbook_tells_codes_numbers_and_moments(store: Store) -> None:
    open_wave(store, "01")
    given: Answers = {"schaal": "1", "meer": ("a", "b"), "rij_een": MissingReason.DONT_KNOW}
    submit(store, {**given, "cijfer": "8", "getal": Decimal("7.5")})
    export = store.entries.export("2024")
    (row,) = sheet(export, "Antwoorden")
    assert row == {
        "regio": "01",
        "schaal": "1",
        "rij_een": "weet_niet",
        "rij_twee": None,
        "meer": "a;b",
        "ja_nee": None,
        "cijfer": 8,
        "getal": 7.5,
        "kort": None,
        "lang": "niet_gevraagd",
    }
    (response,) = sheet(export, "Inzendingen")
    assert (response["regio"], response["versie"], response["hoe"]) == ("01", 1, "online")
    assert isinstance(response["verzonden"], datetime)
    assert response["vragenlijst"] == ALL_TYPES.content_hash


def test_the_codebook_has_every_code_with_its_label(store: Store) -> None:
    open_wave(store, "01")
    book = sheet(store.entries.export("2024"), "Codeboek")
    told = {(row["item"], row["code"] or ""): row["label"] or "" for row in book}
    for question in QUESTIONNAIRE.questions:
        for choice in QUESTIONNAIRE.choices(question):
            assert told[question.id, choice.code] == choice.label
    assert told["schaal", "weet_niet"] == "Weet niet"
    assert told["kort", ""] == ""
    assert ("kort", "nvt") not in told
    (text,) = {row["vraag"] for row in book if row["item"] == "rij_twee"}
    assert text == "Een matrix Rij twee"


def test_example_data_are_called_so(store: Store) -> None:
    wave = AnsweredWave(ALL_TYPES, WaveState.CLOSED, {"01": {"schaal": "1"}})
    store.waves.load_example(Register({"01": {}}, (), {"01": "Regio 01"}), [wave])
    export = store.entries.export("2024")
    assert EXAMPLE_LABEL in str(sheet(export, "Uitleg"))


def test_a_file_is_named_after_its_wave_whatever_that_is_called() -> None:
    day = datetime(2024, 3, 4, tzinfo=UTC).date()
    assert name_file("2024", day, "csv", is_example=False) == "antwoorden-2024-2024-03-04.csv"
    name = name_file("../x/ <y>", day, "xlsx", is_example=True)
    assert name == "antwoorden-_x_y_-voorbeelddata-2024-03-04.xlsx"


# The command


@pytest.fixture
def folder(tmp_path: Path, file: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the command line works on the test's own database, with a wave of one response."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{file}")
    open_wave(store, "01")
    submit(store, {"schaal": "1"})
    return tmp_path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["export", *map(str, arguments)])


def test_the_command_writes_what_the_analysis_reads(folder: Path, store: Store) -> None:
    target = folder / "answers.csv"
    result = run("2024", target)
    assert (result.exit_code, result.output) == (0, f"wrote the answers of 1 regions to {target}\n")
    assert given_back(target.read_bytes(), folder) == answers_of(store.entries.export("2024"))
    definition = str(DEFINITIONS / "all_types.toml")
    asked = ["levels", "--questionnaire", definition, "--answers", str(target), "--wave", "2024"]
    done = CliRunner().invoke(analysis_command, asked)
    assert done.exit_code == 0, done.output


def test_the_command_writes_a_workbook(folder: Path) -> None:
    assert run("2024", folder / "answers.XLSX").exit_code == 0
    assert load_workbook(folder / "answers.XLSX").sheetnames == [
        "Antwoorden",
        "Codeboek",
        "Inzendingen",
        "Vorige antwoorden",
        "Uitleg",
    ]


def test_a_file_that_is_there_is_never_replaced(folder: Path, raw: sqlite3.Connection) -> None:
    target = folder / "answers.csv"
    target.write_text("van mij", encoding="utf-8")
    result = run("2024", target)
    assert result.exit_code == 2
    assert "exists already" in result.output
    assert target.read_text(encoding="utf-8") == "van mij"
    assert rows(raw, "SELECT id FROM audit WHERE action = 'answers.exported'") == []


@pytest.mark.parametrize(
    ("wave", "name", "told"),
    [
        ("1999", "a.csv", "there is no wave '1999'; there are: 2024"),
        ("2024", "a.sav", "ends in .csv or .xlsx"),
        ("2024", "nergens/a.csv", "cannot be written"),
    ],
)
def test_what_cannot_be_written_is_told(folder: Path, wave: str, name: str, told: str) -> None:
    result = run(wave, folder / name)
    assert result.exit_code == 2
    assert told in result.output
    assert not (folder / name).exists()
