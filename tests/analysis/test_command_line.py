"""`python -m analysis`, as an evaluator calls it in a script."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from analysis.__main__ import app

ROOT = Path(__file__).parents[2]
OLDER, NEWER = (
    str(ROOT / f"surveys/definitions/sto_programmaleiders_{year}.toml") for year in (2021, 2024)
)
runner = CliRunner()


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    written = runner.invoke(app, ["example"])
    assert written.exit_code == 0
    path = tmp_path_factory.mktemp("example") / "answers.csv"
    path.write_text(written.stdout, encoding="utf-8")
    return path


def run_compare(answers: Path, *options: str, questionnaires: tuple[str, ...] = (OLDER, NEWER)):
    named = [part for path in questionnaires for part in ("--questionnaire", path)]
    waves = ["--before", "2021", "--after", "2024"]
    return runner.invoke(app, ["compare", *named, "--answers", str(answers), *waves, *options])


def test_json_has_the_fields_that_scripts_count_on(example: Path) -> None:
    result = run_compare(example, "--format", "json")
    assert result.exit_code == 0
    rows = {(row["item"], row["part"]): row for row in json.loads(result.stdout)}
    row = rows["urgentie_aansluiting_mbo", "top2"]
    promised = """item concept measure design n_pairs n_before n_after value_before value_after
        change ci_low ci_high ci_method test p p_adjusted adjustment effect effect_name outcome
        detectable_change missing_before missing_after"""
    assert set(promised.split()) <= set(row)
    assert (row["design"], row["n_pairs"], row["test"]) == ("overlap", 42, "mcnemar_midp")
    assert row["value_before"] == pytest.approx(31 / 42)
    assert row["value_after"] == pytest.approx(37 / 42)
    assert row["ci_low"] > 0
    assert (row["adjustment"], row["outcome"]) == ("holm", "veranderd")


def test_csv_holds_the_same_rows(example: Path) -> None:
    as_json = json.loads(run_compare(example, "--format", "json").stdout)
    as_csv = list(csv.DictReader(io.StringIO(run_compare(example, "--format", "csv").stdout)))
    assert [row["item"] for row in as_csv] == [row["item"] for row in as_json]
    assert as_csv[0]["missing_after"].startswith("weet_niet=")


def test_table_is_for_people(example: Path) -> None:
    result = run_compare(example)
    assert result.exit_code == 0
    line = next(line for line in result.stdout.splitlines() if "aansluiting_mbo" in line)
    assert "74%" in line
    assert "88%" in line
    assert "paired comparison of 2021 and 2024" in result.stdout


def test_one_questionnaire_serves_both_waves(tmp_path: Path) -> None:
    rows = [f"r{i},{wave},cijfer_afspraken,{7 + i % 2}" for i in range(12) for wave in (2021, 2024)]
    path = tmp_path / "answers.csv"
    path.write_text("region,wave,item,value\n" + "\n".join(rows), encoding="utf-8")
    result = run_compare(path, "--format", "json", questionnaires=(NEWER,))
    row = next(r for r in json.loads(result.stdout) if r["item"] == "cijfer_afspraken")
    assert (row["n_pairs"], row["p"], row["outcome"]) == (12, 1.0, "niet aangetoond")


def test_all_bad_rows_are_told_at_once_and_nothing_is_computed(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    path.write_text(
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
        encoding="utf-8",
    )
    result = run_compare(path)
    assert result.exit_code == 2
    assert result.stdout == ""
    for told in (
        "row 3: duplicate answer",
        "row 4: unknown item 'bestaat_niet'",
        "row 5: item 'urgentie_techniekdocenten': unknown code; expected one of: 1, 2, 3, 4, 5",
        "row 6: item 'cijfer_afspraken': outside",
        "row 7: the region is empty",
        "row 8: has 3 values in place of 4",
        "row 10: item 'borging_vormen': exclusive",
    ):
        assert told in result.stderr


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"region;wave;vraag;value\nr1;2024;x;1\n", "the columns are 'region,wave,vraag,value'"),
        (b"", "the columns are ''"),
        ("region,wave,item,value\nr1,2024,één,1\n".encode("latin-1"), "not UTF-8"),
        (
            b"region,wave,item,value\nr1,2019,urgentie_techniekdocenten,1\n",
            "has no answers of wave",
        ),
    ],
)
def test_a_file_that_cannot_be_read_as_answers(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "answers.csv"
    path.write_bytes(content)
    result = run_compare(path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr


def test_semicolons_and_a_byte_order_mark_are_fine(tmp_path: Path, example: Path) -> None:
    path = tmp_path / "excel.csv"
    text = example.read_text(encoding="utf-8")
    header, *rows = text.splitlines()
    plain = [row for row in rows if '"' not in row and "hoe" not in row]
    path.write_text("\n".join([header, *plain]).replace(",", ";"), encoding="utf-8-sig")
    assert run_compare(path).exit_code == 0


def test_missing_files_and_faulty_definitions_stop_with_2(tmp_path: Path, example: Path) -> None:
    assert run_compare(tmp_path / "nope.csv").exit_code == 2
    broken = tmp_path / "broken.toml"
    broken.write_text("id = [", encoding="utf-8")
    result = run_compare(example, questionnaires=(str(broken), str(tmp_path / "nope.toml")))
    assert result.exit_code == 2
    assert "broken.toml: TOML" in result.stderr
    assert "nope.toml: file" in result.stderr


def test_rows_of_another_wave_are_left_out_and_told(tmp_path: Path, example: Path) -> None:
    path = tmp_path / "answers.csv"
    path.write_text(
        example.read_text(encoding="utf-8") + "99,2019,urgentie_techniekdocenten,5\n",
        encoding="utf-8",
    )
    result = run_compare(path, "--format", "json")
    assert result.exit_code == 0
    assert "1 rows of wave '2019' were left out" in result.stderr
    assert json.loads(result.stdout)


def test_design_scale_stars_and_margin_can_be_set(example: Path) -> None:
    unpaired = json.loads(
        run_compare(example, "--design", "independent", "--format", "json").stdout
    )
    assert {row["design"] for row in unpaired} == {"independent"}
    options = ["--scale", "--stars", "adjusted", "--margin-mean", "1", "--format", "json"]
    whole = json.loads(run_compare(example, *options).stdout)
    urgency = [row for row in whole if row["section"] == "urgentie" and not row["is_summary"]]
    assert {row["test"] for row in urgency} == {"wilcoxon_pratt"}
    assert {row["outcome"] for row in urgency} == {"veranderd", "gelijkwaardig"}


def test_published_figures_are_checked_row_by_row() -> None:
    result = runner.invoke(app, ["published"])
    assert result.exit_code == 0
    assert "61 published figures, 0 different" in result.stdout
    assert "De aansluiting met mbo" in result.stdout
