"""The answers of a wave as files: whole, safe to open, and read back as they were."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
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
from surveys.importing import Table, convert, leave_out, propose, read_table
from surveys.microdata import Export, name_file, to_csv
from surveys.microdata_workbook import to_xlsx
from surveys.register import Register
from surveys.tidy import read_answers, read_text, write_text
from tests.db.mail_scenes import Clock
from tests.db.scenes import ALL_TYPES, DEFINITIONS, invite, on_disk, open_wave, rows, save
from tests.hostile import HOSTILE, LINES, hostile_text
from tests.surveys.strategies import answers

QUESTIONNAIRE = ALL_TYPES.questionnaire
NOW = read_definition(DEFINITIONS / "previous_answers.toml")
THEN = read_definition(DEFINITIONS / "previous_answers_before.toml")
# Texts that mean something in the files themselves, and those with an apostrophe more.
MARKS = ["overgeslagen", "niet_gevraagd", "nvt", "=1+1", "- punt", "'t kan", "''", "@SUM(A1)"]
MARKS += [f"{marks}{text}" for marks in ("'", "''") for text in MARKS]
WIDER = ALL_TYPES.source.replace("max_length = 200", "max_length = 20000").replace(
    "max_length = 20\n", "max_length = 1000\n"
)


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
        {region: {item: type(value) for item, value in told.items()} for region, told in all.items()}
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
    assert (row["regio"], row["versie"], row["item"]) == ("01", 1, "cijfer")
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
    raw_file = store.regions.known()
    assert raw_file.regions
    from surveys.contacts import Contact

    day = (datetime.now(UTC) - timedelta(days=1)).date()
    store.regions.set_leader("01", Contact("Jo Leider", "jo@leider.example"), day)
    submit(store, {"schaal": "1"})
    export = store.entries.export("2024")
    names = ("Antwoorden", "Codeboek", "Inzendingen", "Vorige antwoorden", "Uitleg")
    whole = to_csv(export).decode() + "".join(str(sheet(export, name)) for name in names)
    assert "leider" not in whole.lower()


# Back again


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """An open wave whose open questions take long texts, and as many regions as are asked."""
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('db') / 'monitor.sqlite'}")
    store.waves.add("2024", parse_definition(WIDER), state=WaveState.OPEN)
    yield store
    store.close()
