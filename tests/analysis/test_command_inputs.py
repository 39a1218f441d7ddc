"""The files that every command reads: answers and questionnaires, and what is wrong with them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.analysis.command_line import (
    NEWER,
    OLDER,
    QUESTIONNAIRES,
    ROOT,
    WAVES,
    example_answers,
    faults_of,
    rows_of,
    run,
    write_rows,
    write_text,
)


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_text(tmp_path_factory.mktemp("example") / "answers.csv", example_answers())


def compare(answers: Path, *questionnaires: str | Path):
    named = [part for path in questionnaires for part in ("--questionnaire", path)]
    return run("compare", *(named or QUESTIONNAIRES), "--answers", answers, *WAVES)


def test_all_bad_rows_are_told_at_once_and_nothing_is_computed(tmp_path: Path) -> None:
    path = write_text(
        tmp_path / "answers.csv",
        "region,wave,item,value\n"
        "r1,2024,urgentie_techniekdocenten,5\n"
        "r1,2024,urgentie_techniekdocenten,4\n"
        "r1,2024,bestaat_niet,5\n"
        "r2,2024,urgentie_techniekdocenten,9\n"
        "r2,2024,cijfer_afspraken,11\n"
        ",2024,cijfer_afspraken,7\n"
        "r3,2024,cijfer_afspraken\n"
        "r4,2024,borging_vormen,geen\n"
        "r4,2024,borging_vormen,aanbod\n",
    )
    told = "\n".join(faults_of(compare(path)))
    for fault in (
        "row 3: duplicate answer",
        "row 4: unknown item 'bestaat_niet'",
        "row 5: item 'urgentie_techniekdocenten': unknown code; expected one of: 1, 2, 3, 4, 5",
        "row 6: item 'cijfer_afspraken': outside",
        "row 7: the region is empty",
        "row 8: has 3 values in place of 4",
        "row 10: item 'borging_vormen': exclusive",
    ):
        assert fault in told


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"region;wave;vraag;value\nr1;2024;x;1\n", "the columns are 'region,wave,vraag,value'"),
        (b"", "the columns are ''"),
        ("region,wave,item,value\nr1,2024,één,1\n".encode("latin-1"), "not UTF-8"),
        (
            b"region,wave,item,value\nr1,2019,urgentie_techniekdocenten,1\n",
            "has no answers of wave '2021'; it has: 2019",
        ),
        (b"region,wave,item,value\n", "has no answers of wave '2021'; it has: no answers at all"),
    ],
)
def test_a_file_that_cannot_be_read_as_answers(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "answers.csv"
    path.write_bytes(content)
    assert told in "\n".join(faults_of(compare(path)))


def test_semicolons_and_a_byte_order_mark_are_fine(tmp_path: Path, example: Path) -> None:
    path = tmp_path / "excel.csv"
    header, *rows = example.read_text(encoding="utf-8").splitlines()
    plain = [row for row in rows if '"' not in row and "hoe" not in row]
    path.write_text("\n".join([header, *plain]).replace(",", ";"), encoding="utf-8-sig")
    assert compare(path).exit_code == 0


def test_files_that_are_missing_or_folders_are_told_together(tmp_path: Path) -> None:
    broken = write_text(tmp_path / "broken.toml", "id = [")
    empty = write_text(tmp_path / "empty.toml", "")
    latin = tmp_path / "latin.toml"
    latin.write_bytes('id = "één"'.encode("latin-1"))
    nowhere = tmp_path / "no.toml"
    told = "\n".join(
        faults_of(compare(tmp_path / "no.csv", broken, nowhere, empty, latin, tmp_path))
    )
    assert "broken.toml: TOML" in told
    assert "no.toml: file: cannot be read" in told
    assert "empty.toml: questionnaire: has no 'id'" in told
    assert "latin.toml: " in told
    assert f"{tmp_path}: file: cannot be read" in told
    assert "no.csv: cannot be read (No such file or directory)" in told
    (fault,) = faults_of(compare(tmp_path))
    assert fault == f"{tmp_path}: cannot be read (Is a directory)"


def test_bad_columns_are_told_beside_a_bad_questionnaire(tmp_path: Path) -> None:
    path = write_text(tmp_path / "answers.csv", "region,wave,vraag,value\n")
    told = faults_of(compare(path, tmp_path / "no.toml"))
    assert len(told) == 2


def test_as_many_questionnaires_as_waves(tmp_path: Path, example: Path) -> None:
    (fault,) = faults_of(compare(example, OLDER, NEWER, NEWER))
    assert fault == "give one --questionnaire, or one for each of the 2 waves"


def test_questionnaires_may_be_named_in_any_order(example: Path) -> None:
    result = compare(example, NEWER, OLDER)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == compare(example).stdout


def test_a_questionnaire_of_another_wave_is_noted(tmp_path: Path) -> None:
    rows = [(f"r{i}", wave, "cijfer_afspraken", 7) for i in range(6) for wave in (2021, 2027)]
    answers = write_rows(tmp_path / "answers.csv", rows)
    waves = ("--before", "2021", "--after", "2027")
    result = run("compare", *QUESTIONNAIRES, "--answers", answers, *waves)
    assert result.exit_code == 0
    assert f"note: {NEWER} is of wave '2024', and is used for wave '2027'" in result.stderr


def test_rows_of_another_wave_are_left_out_and_told(tmp_path: Path, example: Path) -> None:
    text = example.read_text(encoding="utf-8") + "99,2019,urgentie_techniekdocenten,5\n"
    path = write_text(tmp_path / "answers.csv", text)
    named = ("compare", *QUESTIONNAIRES, "--answers", path, *WAVES, "--format", "json")
    result = run(*named)
    assert "note: 1 rows of wave '2019' were left out" in result.stderr
    assert rows_of(result)


def test_published_figures_are_checked_row_by_row() -> None:
    result = run("published")
    assert result.exit_code == 0
    assert "61 published figures, 0 different" in result.stdout
    assert "De aansluiting met mbo" in result.stdout


@pytest.mark.parametrize("output", ["table", "json"])
def test_a_reader_that_stops_early_sees_no_traceback(example: Path, output: str) -> None:
    named = [*QUESTIONNAIRES, "--answers", str(example), *WAVES, "--format", output]
    process = subprocess.Popen(
        [sys.executable, "-m", "analysis", "compare", *named],
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline()
    process.stdout.close()
    assert process.stderr
    with process.stderr as errors:
        assert errors.read() == ""
    assert process.wait() in (0, 1)
