"""`levels`, `priorities` and `scales` of one wave, and `movement` between two."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from analysis.intervals import clopper_pearson_interval, hypergeometric_interval, wilson_interval
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
    tables_of,
    write_rows,
    write_text,
    write_third_wave,
)


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_text(tmp_path_factory.mktemp("wave") / "answers.csv", example_answers())


def ask(command: str, answers: Path, *options: str | Path, wave: str = "2024"):
    asked = ("--questionnaire", NEWER, "--answers", answers, "--wave", wave)
    return run(command, *asked, *options)


# Levels


@pytest.mark.parametrize(
    ("options", "interval"),
    [
        ((), wilson_interval(37, 50)),
        (("--interval", "clopper_pearson"), clopper_pearson_interval(37, 50)),
        (("--population", "78"), wilson_interval(37, 50, population=78)),
        (
            ("--interval", "hypergeometric", "--population", "78"),
            hypergeometric_interval(37, 50, 78),
        ),
    ],
)
def test_levels_have_the_interval_that_is_asked(answers: Path, options, interval) -> None:
    rows = rows_of(ask("levels", answers, *options, "--format", "json"))
    row = next(row for row in rows if row["item"] == "urgentie_leerlingaantallen")
    assert (row["count"], row["n"], row["value"]) == (37, 50, 0.74)
    assert (row["ci_low"], row["ci_high"]) == (interval.low, interval.high)
    assert row["ci_method"] == interval.method


def test_the_table_of_levels_says_what_its_intervals_are(answers: Path) -> None:
    result = ask("levels", answers, "--population", "78")
    row = next(r for r in tables_of(result)[0] if r["item"] == "urgentie_leerlingaantallen")
    assert (row["n"], row["count"], row["value"]) == ("50", "37", "74%")
    assert "wilson_fpc (percentages), t_fpc (means)" in result.stdout
    assert "They are about all 78 regions (finite population)." in result.stdout
    assert "note: 850 rows of wave '2021' were left out" in result.stderr


def test_levels_without_answers_have_a_reason(answers: Path) -> None:
    asked = ("--questionnaire", OLDER, "--answers", answers, "--wave", "2021")
    result = run("levels", *asked)
    row = next(r for r in tables_of(result)[0] if r["item"] == "borging_bezig")
    assert (row["n"], row["value"], row["95% interval"].split()[0]) == ("0", "-", "-")
    assert "\n[1] Geen enkele regio gaf een geldig antwoord." in result.stdout


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--population", "50"), "--population is 50, but 51 regions answered in 2024"),
        (("--population", "0"), "--population is 0: give the number of regions"),
        (("--interval", "hypergeometric"), "--interval hypergeometric needs --population N"),
        (("--interval", "clopper_pearson", "--population", "78"), "knows no --population"),
        (("--weights", "grootte"), "--register FILE is needed to know 'grootte'"),
        (("--register", "r.csv"), "--register is read for groups or weights only"),
    ],
)
def test_levels_that_make_no_sense(answers: Path, options: tuple[str, ...], told: str) -> None:
    (fault,) = faults_of(ask("levels", answers, *options))
    assert told in fault


def test_weighted_levels_take_no_other_interval(answers: Path) -> None:
    options = ("--weights", "a", "--weights", "a", "--interval", "clopper_pearson")
    told = "\n".join(faults_of(ask("levels", answers, *options, "--population", "-3")))
    for fault in (
        "--weights takes one attribute, or two different ones",
        "--interval is for levels without weights",
        "--population is -3",
        "--register FILE is needed to know 'a'",
    ):
        assert fault in told


@pytest.mark.parametrize("command", ["levels", "priorities", "scales"])
def test_one_wave_needs_its_questionnaire_and_answers(answers: Path, command: str) -> None:
    (fault,) = faults_of(ask(command, answers, wave="2030"))
    assert fault == f"{answers}: has no answers of wave '2030'; it has: 2021, 2024"
    asked = (*QUESTIONNAIRES, "--answers", answers, "--wave", "2024")
    assert run(command, *asked).stdout == ask(command, answers).stdout
    (fault,) = faults_of(run(command, *QUESTIONNAIRES, "--answers", answers, "--wave", "2030"))
    assert fault == "give one --questionnaire, or one for the wave"


# Movement


def test_movement_counts_every_region_once(answers: Path) -> None:
    asked = (*QUESTIONNAIRES, "--answers", answers, *WAVES)
    rows = rows_of(run("movement", *asked, "--format", "json"))
    cells = ("up", "same", "down")
    shown = [row for row in rows if None not in (row[cell] for cell in cells)]
    assert shown
    assert all(sum(row[cell] for cell in cells) == row["n_pairs"] for row in shown)
    result = run("movement", *asked)
    row = tables_of(result)[0][0]
    assert [row[name] for name in ("n", "up", "same", "down")] == [
        str(rows[0][name]) for name in ("n_pairs", "up", "same", "down")
    ]
    assert "2021 to 2024. n: regions with a valid answer in both waves" in result.stdout


def test_small_numbers_of_a_movement_are_suppressed(tmp_path: Path) -> None:
    grades = [(7, 8)] * 12 + [(7, 7)] * 8 + [(7, 6)] * 2
    rows = [
        (f"r{place}", wave, "cijfer_afspraken", grade)
        for place, both in enumerate(grades)
        for wave, grade in zip((2021, 2024), both, strict=True)
    ]
    path = write_rows(tmp_path / "answers.csv", rows)
    asked = ("movement", "--questionnaire", NEWER, "--answers", path, *WAVES)
    found = next(r for r in tables_of(run(*asked))[0] if r["item"] == "cijfer_afspraken")
    assert [found[name] for name in ("n", "up", "same", "down")] == [
        *("22", "12", "suppressed", "suppressed")
    ]
    told = rows_of(run(*asked, "--format", "json"))
    row = next(row for row in told if row["item"] == "cijfer_afspraken")
    assert (row["up"], row["same"], row["down"]) == (12, None, None)
    assert len({frozenset(row) for row in told}) == 1


def test_movement_over_a_wave_between(tmp_path: Path) -> None:
    definition, path = write_third_wave(tmp_path)
    asked = (*QUESTIONNAIRES, "--questionnaire", definition, "--answers", path)
    far = run("movement", *asked, "--before", "2021", "--after", "2027", "--format", "json")
    assert rows_of(far)[0]["n_pairs"] == 35


def test_movement_is_between_two_waves(answers: Path) -> None:
    asked = ("movement", *QUESTIONNAIRES, "--answers", answers)
    faults = faults_of(run(*asked, "--before", "2024", "--after", "2024"))
    assert faults == ["--before and --after name the same wave"]
    assert "--after" in "\n".join(faults_of(run(*asked, "--before", "2021")))


# Priorities


def test_priorities_are_sorted_by_the_gap(answers: Path) -> None:
    rows = rows_of(ask("priorities", answers, "--format", "json"))
    gaps = [row["gap"] for row in rows]
    assert gaps == sorted(gaps, reverse=True)
    assert rows[0]["standing"] == "urgent, weinig opbrengst"
    result = ask("priorities", answers)
    (table,) = tables_of(result)
    assert [row["concept"] for row in table] == [row["concept"] for row in rows]
    assert (table[0]["n"], table[0]["urgent"], table[0]["yield"]) == ("51", "84%", "39%")
    assert "Test: mcnemar_midp over the same regions; interval: tango." in result.stdout
    assert "follows the adjusted p (p adj.) at 0.05; adjustment: holm" in result.stdout


def test_priorities_over_few_regions_have_no_percentages(tmp_path: Path) -> None:
    rows = [
        (f"r{place}", 2024, f"{section}_{item}", 4)
        for item, regions in (("techniekdocenten", 7), ("aansluiting_mbo", 3))
        for place in range(regions)
        for section in ("urgentie", "opbrengst")
    ]
    path = write_rows(tmp_path / "answers.csv", rows)
    result = ask("priorities", path)
    found = {row["concept"]: (row["n"], row["standing"]) for row in tables_of(result)[0]}
    assert found["techniekdocenten"] == ("7", "fewer than 10: no percentages")
    assert found["aansluiting_mbo"] == ("-", "suppressed")
    assert found["samenwerking"] == ("0", "- [1]")
    assert "[1] Geen enkele regio gaf op beide vragen een geldig antwoord." in result.stdout


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--urgency", "foo"), ["no section 'foo' in wave 2024; it has: urgentie, opbrengsten,"]),
        (("--urgency", "foo", "--yields", "bar"), ["no section 'foo'", "no section 'bar'"]),
        (("--yields", "urgentie"), ["--urgency and --yields name the same section"]),
        (("--yields", "rapportcijfers"), ["share no concept on a scale"]),
    ],
)
def test_sections_that_have_no_priorities(
    answers: Path, options: tuple[str, ...], told: list[str]
) -> None:
    for fault, part in zip(faults_of(ask("priorities", answers, *options)), told, strict=True):
        assert part in fault


# Scales


def test_scales_tell_each_block_and_its_items(answers: Path) -> None:
    rows = rows_of(ask("scales", answers, "--format", "json"))
    scores = ["urgentie_score", "opbrengsten_score", "rapportcijfers_score"]
    assert [row["score"] for row in rows] == scores
    result = ask("scales", answers)
    (table,) = tables_of(result)
    assert [row["score"] for row in table if row["score"]] == scores
    assert len(table) == len(rows) + sum(len(row["items"]) for row in rows)
    assert (table[0]["n"], table[0]["n all"]) == ("51", "47")
    assert table[0]["alpha"] == f"{rows[0]['alpha']:.2f}"
    assert table[1]["item"] == "urgentie_techniekdocenten"
    assert "alpha: Cronbach, interval after Feldt" in result.stdout


def test_scales_in_csv_have_a_row_per_item(answers: Path) -> None:
    result = ask("scales", answers, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert (rows[0]["item"], rows[1]["item"]) == ("", "urgentie_techniekdocenten")
    assert {row["score"] for row in rows[:9]} == {"urgentie_score"}
    assert float(rows[1]["correlation"]) < 1


def test_a_questionnaire_without_scores(tmp_path: Path) -> None:
    definition = ROOT / "tests/definitions/counting.toml"
    path = write_rows(tmp_path / "answers.csv", [("r1", 2024, "cijfer", 7)])
    asked = ("--questionnaire", definition, "--answers", path, "--wave", "2024")
    (fault,) = faults_of(run("scales", *asked))
    assert fault == "the questionnaire of wave 2024 declares no block score"
