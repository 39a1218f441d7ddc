"""`python -m analysis compare`: what it gives for two waves and for three, and what it refuses."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from tests.analysis.command_line import (
    NEWER,
    OLDER,
    QUESTIONNAIRES,
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

PROMISED = """item concept measure design n_pairs n_before n_after value_before value_after change
    ci_low ci_high ci_method test p p_adjusted adjustment effect effect_name outcome
    detectable_change missing_before missing_after"""
THREE_WAVES = ("--wave", "2021", "--wave", "2024", "--wave", "2027")


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_text(tmp_path_factory.mktemp("compare") / "answers.csv", example_answers())


@pytest.fixture(scope="module")
def third_wave(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return write_third_wave(tmp_path_factory.mktemp("three"))


def compare(answers: Path, *options: str | Path):
    return run("compare", *QUESTIONNAIRES, "--answers", answers, *WAVES, *options)


def compare_three(third_wave: tuple[Path, Path], *options: str | Path):
    definition, answers = third_wave
    asked = [*QUESTIONNAIRES, "--questionnaire", definition]
    return run("compare", *asked, "--answers", answers, *options)


# Two waves


def test_json_has_the_fields_that_scripts_count_on(answers: Path) -> None:
    rows = rows_of(compare(answers, "--format", "json"))
    assert all(set(PROMISED.split()) <= set(row) for row in rows)
    row = next(row for row in rows if row["item"] == "urgentie_aansluiting_mbo")
    assert (row["design"], row["n_pairs"], row["test"]) == ("overlap", 42, "mcnemar_midp")
    assert row["value_before"] == pytest.approx(31 / 42)
    assert row["value_after"] == pytest.approx(37 / 42)
    assert row["ci_low"] > 0
    assert (row["adjustment"], row["outcome"]) == ("holm", "veranderd")
    assert row["p_all"] == pytest.approx(0.0553, abs=5e-5)
    assert row["statistic_all"] > 0


def test_csv_holds_the_same_rows(answers: Path) -> None:
    as_json = rows_of(compare(answers, "--format", "json"))
    as_csv = list(csv.DictReader(io.StringIO(compare(answers, "--format", "csv").stdout)))
    assert [row["item"] for row in as_csv] == [row["item"] for row in as_json]
    assert as_csv[0]["missing_after"].startswith("weet_niet=")


def test_table_shows_the_pairs_and_everyone_apart(answers: Path) -> None:
    (table,) = tables_of(compare(answers))
    row = next(row for row in table if row["item"] == "urgentie_aansluiting_mbo")
    assert row == {
        "item": "urgentie_aansluiting_mbo",
        "part": "top2",
        "n": "42",
        "before": "74%",
        "after": "88%",
        "change": "14.3",
        "95% interval": "1.4 to 28.8",
        "p": "0.0391",
        "p adj.": "0.2734",
        "detectable": "17.2",
        "all: n": "57/51",
        "all: change": "12.4",
        "all: p": "0.0553",
        "outcome": "veranderd",
    }


def test_table_says_what_a_reader_must_know(answers: Path) -> None:
    told = compare(answers).stdout
    assert "2021 (before) against 2024 (after)." in told
    assert "Design overlap: some regions answered in both waves, some in one" in told
    assert "percentage points where the figure is a percentage" in told
    assert "Tests: mcnemar_midp (percentages), paired_t (means)." in told
    assert "overlap_z8 (percentages), overlap_tnew2 (means)" in told
    assert "The outcome follows the raw p at 0.05; adjustment: holm, per section." in told
    adjusted = compare(answers, "--stars", "adjusted", "--adjust", "bh").stdout
    assert "The outcome follows the adjusted p (p adj.) at 0.05; adjustment: bh" in adjusted


def test_a_reason_is_told_once_under_the_table(answers: Path) -> None:
    told = compare(answers).stdout
    assert told.count("Geen enkele regio gaf in beide jaren een geldig antwoord.") == 1
    (table,) = tables_of(compare(answers))
    row = next(row for row in table if row["item"] == "borging_bezig")
    assert row["outcome"].startswith("niet te toetsen [1] [")  # why, and that it was reworded
    assert "De vraag was in 2021 anders geformuleerd." in told


def test_design_can_be_overruled_and_the_table_says_so(answers: Path) -> None:
    rows = rows_of(compare(answers, "--design", "independent", "--format", "json"))
    assert {row["design"] for row in rows} == {"independent"}
    result = compare(answers, "--design", "independent")
    assert "Design independent: as --design asks: all regions of either wave" in result.stdout
    row = tables_of(result)[0][0]
    assert row["n"] == "55/50"
    assert "all: p" not in row


def test_two_designs_in_one_table_are_told_apart(tmp_path: Path) -> None:
    pairs = [
        (f"r{i}", wave, item, 6 + i % 3)
        for i in range(12)
        for wave in ("2021", "2024")
        for item in ("cijfer_afspraken", "cijfer_kennisdeling")
    ]
    path = write_rows(tmp_path / "a.csv", [*pairs, ("r99", "2024", "cijfer_afspraken", 7)])
    result = run("compare", "--questionnaire", NEWER, "--answers", path, *WAVES)
    designs = {row["item"]: row["design"] for row in tables_of(result)[0]}
    assert designs["cijfer_afspraken"] == "overlap"
    assert designs["cijfer_kennisdeling"] == "paired"
    assert "Design paired: all valid answers to these questions are of regions" in result.stdout


def test_one_questionnaire_serves_both_waves(tmp_path: Path) -> None:
    rows = [(f"r{i}", w, "cijfer_afspraken", 7 + i % 2) for i in range(12) for w in (2021, 2024)]
    path = write_rows(tmp_path / "answers.csv", rows)
    asked = ("compare", "--questionnaire", NEWER, "--answers", path, *WAVES)
    found = rows_of(run(*asked, "--format", "json"))
    row = next(row for row in found if row["item"] == "cijfer_afspraken")
    assert (row["n_pairs"], row["p"], row["outcome"]) == (12, 1.0, "niet aangetoond")
    assert "Design paired: all regions answered in both waves" in run(*asked).stdout


def test_scale_stars_and_margin_can_be_set(answers: Path) -> None:
    options = ["--scale", "--stars", "adjusted", "--margin-mean", "1"]
    whole = rows_of(compare(answers, *options, "--format", "json"))
    urgency = [row for row in whole if row["section"] == "urgentie" and not row["is_summary"]]
    assert {row["test"] for row in urgency} == {"wilcoxon_pratt"}
    assert {row["outcome"] for row in urgency} == {"veranderd", "gelijkwaardig"}
    result = compare(answers, *options)
    assert "for a margin of 1 for means and scales." in result.stdout
    found = {row["item"]: row["p equiv."] for row in tables_of(result)[0]}
    equal = next(row for row in urgency if row["p_equivalence"] > 0.0001)
    assert found[equal["item"]] == f"{equal['p_equivalence']:.4f}"


def test_another_test_and_interval_can_be_asked(answers: Path) -> None:
    options = ["--test", "mcnemar_exact", "--interval", "newcombe10"]
    row = rows_of(compare(answers, *options, "--format", "json"))[0]
    assert (row["test"], row["ci_method"]) == ("mcnemar_exact", "newcombe10")
    assert "Tests: mcnemar_exact (percentages)" in compare(answers, *options).stdout


# Three waves


def test_three_waves_give_one_object_per_figure(third_wave: tuple[Path, Path]) -> None:
    rows = rows_of(compare_three(third_wave, *THREE_WAVES, "--format", "json"))
    assert len({(row["item"], row["part"]) for row in rows}) == len(rows)
    row = rows[0]
    assert (row["test"], row["df"]) == ("cochran_q", 2)
    assert row["q"] == row["statistic"]
    assert 0 < row["p"] < 1
    assert [value["wave"] for value in row["values"]] == ["2021", "2024", "2027"]
    assert all(set(PROMISED.split()) <= set(pair) for pair in row["pairwise"])
    grades = next(row for row in rows if row["measure"] == "mean" and row["p"] is not None)
    assert grades["chi2"] == grades["statistic"]


def test_three_waves_are_told_in_one_table_and_two_by_two(third_wave: tuple[Path, Path]) -> None:
    result = compare_three(third_wave, *THREE_WAVES)
    whole, pairs = tables_of(result)
    assert [whole[0][wave] for wave in ("2021", "2024", "2027")] == ["57%", "89%", "74%"]
    assert whole[0]["statistic"].startswith("q ")
    assert [row["waves"] for row in pairs[:3]] == ["2021-2024", "2021-2027", "2024-2027"]
    assert pairs[0]["n"] == "42"
    assert "Design overlap: some regions answered in every wave, some not" in result.stdout
    assert "Tests: cochran_q (percentages), gee_waves (means)." in result.stdout
    assert "adjustment: holm, within each series." in result.stdout


def test_three_waves_in_csv_have_a_column_per_value(third_wave: tuple[Path, Path]) -> None:
    result = compare_three(third_wave, *THREE_WAVES, "--format", "csv")
    row = next(csv.DictReader(io.StringIO(result.stdout)))
    assert (row["values_2021_n_all"], row["pairwise_2021_2024_n_pairs"]) == ("55", "42")
    assert not any("{" in value for value in row.values())


def test_waves_that_do_not_follow_are_compared_through_the_one_between(
    third_wave: tuple[Path, Path],
) -> None:
    far = ("--before", "2021", "--after", "2027")
    rows = rows_of(compare_three(third_wave, *far, "--format", "json"))
    assert rows[0]["n_pairs"] == 35
    assert rows[0]["test"] == "mcnemar_midp"
    definition, answers = third_wave
    asked = ("--questionnaire", OLDER, "--questionnaire", definition)
    without = rows_of(run("compare", *asked, "--answers", answers, *far, "--format", "json"))
    assert {row["outcome"] for row in without} == {"niet vergelijkbaar"}


# What is refused


@pytest.mark.parametrize(
    ("waves", "told"),
    [
        ((), "name the waves: --before and --after, or --wave twice or more"),
        (("--before", "2021"), "name the waves: --before and --after"),
        (("--after", "2024"), "name the waves: --before and --after"),
        (("--wave", "2024"), "a comparison needs two waves"),
        (("--wave", "2024", "--wave", "2024"), "wave '2024' is named twice"),
        (("--before", "2024", "--after", "2024"), "wave '2024' is named twice"),
        (("--before", "2024", "--after", "2021"), "wave 2021 goes before wave 2024"),
        (("--wave", "", "--wave", "2024"), "name the waves"),
        (("--wave", "2021", "--wave", "2024", *WAVES), "with --wave, not with both"),
        (("--wave", "2021", "--wave", "2024", "--before", "2021"), "with --wave, not with both"),
    ],
)
def test_waves_that_are_not_named_well(answers: Path, waves: tuple[str, ...], told: str) -> None:
    (fault,) = faults_of(run("compare", *QUESTIONNAIRES, "--answers", answers, *waves))
    assert told in fault


def test_an_unknown_wave_is_told_with_the_known_ones(answers: Path) -> None:
    waves = ("--before", "2019", "--after", "2030")
    faults = faults_of(run("compare", *QUESTIONNAIRES, "--answers", answers, *waves))
    assert faults == [
        f"{answers}: has no answers of wave '{wave}'; it has: 2021, 2024"
        for wave in ("2019", "2030")
    ]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--margin", "10"), "--margin is 10: give a fraction, 0.1 for ten points"),
        (("--margin", "0"), "--margin is 0, but a margin is a number above 0"),
        (("--margin", "-1"), "--margin is -1, but"),
        (("--margin", "nan"), "--margin is nan, but"),
        (("--margin", "inf"), "--margin is inf, but"),
        (("--margin-mean", "inf"), "--margin-mean is inf, but"),
        (("--margin-mean", "nan"), "--margin-mean is nan, but"),
        (("--test", "chi2"), "unknown test 'chi2'; use one of: brunner_munzel, fisher"),
        (("--test", "fisher"), "--test fisher is the test of no figure here; those are: mcnemar"),
        (
            ("--test", "mcnemar_exact", "--test", "mcnemar_midp"),
            "--test mcnemar_exact is the test of no figure here",
        ),
        (("--by", "grootte"), "--register FILE is needed to know 'grootte' of each region"),
        (("--weights", "grootte"), "--register FILE is needed to know 'grootte'"),
        (("--register", "nowhere.csv"), "--register is read for groups or weights only"),
        (("--scheme", "poststratify"), "it needs --weights"),
    ],
)
def test_options_that_make_no_sense(answers: Path, options: tuple[str, ...], told: str) -> None:
    (fault,) = faults_of(compare(answers, *options))
    assert told in fault


@pytest.mark.parametrize(
    "options",
    [("--design", "x"), ("--margin", "ten"), ("--margin", "0,1"), ("--adjust", "x"), ("--foo",)],
)
def test_values_that_no_option_takes(answers: Path, options: tuple[str, ...]) -> None:
    assert options[0] in "\n".join(faults_of(compare(answers, *options)))


def test_all_faults_of_the_options_and_the_files_are_told_at_once(tmp_path: Path) -> None:
    missing = tmp_path / "no.csv"
    options = ["--margin", "nan", "--test", "foo", "--by", "a", "--weights", "b", "--weights", "b"]
    result = run(
        *("compare", "--questionnaire", tmp_path / "no.toml", "--answers", missing),
        *("--before", "2021", *options, "--register", tmp_path / "none.csv"),
    )
    told = "\n".join(faults_of(result))
    for fault in (
        "name the waves",
        "--margin is nan",
        "unknown test 'foo'",
        "--by and --weights do not go together",
        "--weights takes one attribute, or two different ones",
        "no.toml: file: cannot be read",
        "no.csv: cannot be read",
        "none.csv: cannot be read",
    ):
        assert fault in told


def test_groups_and_weights_are_for_two_waves(third_wave: tuple[Path, Path]) -> None:
    result = compare_three(third_wave, *THREE_WAVES, "--by", "grootte")
    assert "--by and --weights compare two waves" in faults_of(result)
