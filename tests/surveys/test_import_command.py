"""`python -m surveys import`: a proposal, a dry run, and a wave that comes in whole or not."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from db.store import Store, open_store
from surveys.__main__ import app
from surveys.definition import DEFINITIONS
from surveys.fieldwork import Mode, WaveState
from surveys.importing import parse_mapping
from tests.surveys.importing.files import workbook
from tests.surveys.importing.test_round_trip import RESPONSES, files, texts_with_labels

WAVE_2021 = DEFINITIONS / "sto_programmaleiders_2021.toml"


@pytest.fixture
def store(tmp_path: Path, empty_database: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A database with the regions of the file, which the command uses as well."""
    url = f"sqlite:///{shutil.copy(empty_database, tmp_path)}"
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.chdir(tmp_path)
    store = open_store(url)
    store.regions.add([(number, f"Regio {number}") for number in RESPONSES])
    yield store
    store.close()


def command(*arguments: object) -> Result:
    result = CliRunner().invoke(app, ["import", *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def importing(file: str, *arguments: object) -> Result:
    return command(file, "--wave", "2018", *arguments)


def faults(result: Result) -> list[str]:
    assert result.exit_code == 2
    return result.stderr.splitlines()


def counted(store: Store) -> int:
    return sum(bool(store.entries.versions(number, "2018")) for number in RESPONSES)


@pytest.mark.parametrize("name", ["labels.xlsx", "numbers.xlsx", "spss.sav", "long.csv"])
def test_a_file_comes_in_by_a_mapping_that_was_proposed(
    store: Store, tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_bytes(files(tmp_path)[name])
    new = ("--questionnaire", WAVE_2021)
    proposed = importing(name, *new, "--propose", "map.toml")
    assert proposed.exit_code == 0
    assert "32 questions found, 0 not found" in proposed.stdout
    parse_mapping((tmp_path / "map.toml").read_text(encoding="utf-8"))
    assert store.waves.all() == []

    tried = importing(name, *new, "--mapping", "map.toml", "--dry-run")
    assert tried.exit_code == 0
    assert tried.stdout.startswith("40 regions, ")
    assert "  borging_bezig: " in tried.stdout
    assert tried.stdout.endswith("no faults: without --dry-run this is taken over\n")
    assert store.waves.all() == []

    taken = importing(name, *new, "--mapping", "map.toml")
    assert taken.stdout.endswith("taken over: 40 regions in wave 2018, which is closed\n")
    assert [wave.state for wave in store.waves.all()] == [WaveState.CLOSED]
    for region, answers in RESPONSES.items():
        (version,) = store.entries.versions(region, "2018")
        assert (version.mode, version.entered_by) == (Mode.IMPORT, "command line")
        assert store.entries.read(region, "2018", 1).answers == answers

    again = importing(name, "--mapping", "map.toml")
    assert again.exit_code == 0
    assert again.stdout.endswith("nothing changes\n")


@pytest.fixture
def mapped(store: Store, tmp_path: Path) -> Store:
    """With the file labels.xlsx and its mapping."""
    (tmp_path / "labels.xlsx").write_bytes(workbook({"Data": texts_with_labels()}))
    new = ("--questionnaire", WAVE_2021, "--propose", "map.toml")
    assert importing("labels.xlsx", *new).exit_code == 0
    return store


def test_every_fault_of_a_file_is_told_and_nothing_comes_in(mapped: Store, tmp_path: Path) -> None:
    rows = texts_with_labels()
    rows[3][1], rows[4][1], rows[5][0], rows[6][0] = "superurgent", "*veel*", "99", ""
    (tmp_path / "faulty.xlsx").write_bytes(workbook({"Data": rows}))
    with closing(sqlite3.connect(tmp_path / "monitor.sqlite")) as raw:
        before = [*raw.iterdump()]
        told = faults(
            importing("faulty.xlsx", "--questionnaire", WAVE_2021, "--mapping", "map.toml")
        )
        assert [*raw.iterdump()] == before
    column = "column 'Voldoende techniekdocenten'"
    assert [line.split("; ")[0].split(" (")[0] for line in told] == [
        f"faulty.xlsx: sheet 'Data', row 4, {column}, region '03', question "
        "'urgentie_techniekdocenten': 'superurgent' cannot be an answer here: unknown code",
        f"faulty.xlsx: sheet 'Data', row 5, {column}, region '04', question "
        "'urgentie_techniekdocenten': '*veel*' cannot be an answer here: unknown code",
        "faulty.xlsx: sheet 'Data', row 6, column 'Regionummer': region '99' is not in the "
        "register",
        "faulty.xlsx: sheet 'Data', row 7, column 'Regionummer': the row has answers, but no "
        "region",
    ]


def test_a_proposal_never_replaces_a_file(mapped: Store, tmp_path: Path) -> None:
    before = (tmp_path / "map.toml").read_bytes()
    new = ("--questionnaire", WAVE_2021)
    (told,) = faults(importing("labels.xlsx", *new, "--propose", "map.toml"))
    assert told == "map.toml: exists already; a proposal never replaces a file"
    assert (tmp_path / "map.toml").read_bytes() == before
    (told,) = faults(importing("labels.xlsx", *new, "--propose", "no/map.toml"))
    assert told == "no/map.toml: cannot be written (No such file or directory)"


def test_what_is_missing_or_too_much_is_told(mapped: Store, tmp_path: Path) -> None:
    (tmp_path / "wrong.toml").write_text("value = 1\nregios = ''\n", encoding="utf-8")
    new, mapping = ("--questionnaire", WAVE_2021), ("--mapping", "map.toml")
    for arguments, told in (
        (new, ["give either --mapping MAP.toml or --propose MAP.toml"]),
        ((*new, *mapping, "--propose", "x"), ["give either --mapping MAP.toml or --propose "]),
        (mapping, ["there is no wave '2018': add --questionnaire DEFINITION.toml to plan it"]),
        ((*mapping, "--questionnaire", "no.toml"), ["no.toml: file: cannot be read (No such"]),
        ((*new, *mapping, "--sheet", "Blad 9"), ["labels.xlsx: there is no sheet 'Blad 9'"]),
        ((*new, "--mapping", "no.toml"), ["no.toml: cannot be read (No such file"]),
        (
            (*new, "--mapping", "wrong.toml"),
            ["wrong.toml: 'value' is not a text", "wrong.toml: unknown key 'regios'"],
        ),
    ):
        given = faults(importing("labels.xlsx", *arguments))
        assert len(given) == len(told)
        assert all(line.startswith(start) for line, start in zip(given, told, strict=True))
    (gone,) = faults(importing("gone.xlsx", *new, *mapping))
    assert gone.startswith("gone.xlsx: cannot be read (No such file")
    (named,) = faults(command("labels.xlsx", "--wave", "achttien", *new, *mapping))
    assert named.startswith("'achttien' cannot name a wave: write the year first")
    assert mapped.waves.all() == []


def test_regions_that_answered_and_another_questionnaire_are_refused(mapped: Store) -> None:
    taken = importing("labels.xlsx", "--questionnaire", WAVE_2021, "--mapping", "map.toml")
    assert taken.exit_code == 0
    before = counted(mapped)
    Path("other.xlsx").write_bytes(workbook({"Data": texts_with_labels()[:3]}))
    for dry in ((), ("--dry-run",)):
        (told,) = faults(importing("other.xlsx", "--mapping", "map.toml", *dry))
        assert told.startswith("these regions have answers in this wave already")
        assert told.endswith(": 01, 02")
    other = DEFINITIONS / "sto_programmaleiders_2024.toml"
    (told,) = faults(importing("labels.xlsx", "--questionnaire", other, "--mapping", "map.toml"))
    assert told.startswith("the wave has another questionnaire")
    assert counted(mapped) == before == 40


def test_checking_a_definition_does_without_a_database() -> None:
    code = (
        "import sys, surveys.__main__\n"
        "sys.exit(' '.join({'sqlmodel', 'sqlalchemy', 'db', 'openpyxl'} & set(sys.modules)) or 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
