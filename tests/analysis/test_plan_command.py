"""`python -m analysis plan`: how many regions a change needs."""

from __future__ import annotations

import csv
import io

import pytest

from analysis.planning import plan_mean, plan_proportion
from tests.analysis.command_line import faults_of, rows_of, run, tables_of


def plan(*options: str):
    return run("plan", *options)


def test_plan_of_a_percentage_is_that_of_the_planner() -> None:
    options = ("--change", "15", "--discordance", "30", "--before", "60", "--regions", "42")
    row = rows_of(plan(*options, "--format", "json"))
    expected = plan_proportion(0.15, 0.3, 0.6, 0.8, 42)
    assert row["needed_pairs"] == expected.needed_pairs == 102
    assert row["needed_per_wave"] == expected.needed_per_wave
    assert row["detectable_pairs"] == expected.detectable_pairs
    (line,) = csv.DictReader(io.StringIO(plan(*options, "--format", "csv").stdout))
    assert line["needed_pairs"] == "102"


def test_the_table_names_the_tests_and_what_was_assumed() -> None:
    result = plan("--change", "15", "--regions", "42")
    needed, shown = tables_of(result)[0]
    assert needed["same regions in both waves"] == "102"
    assert shown["same regions in both waves"] == "22.2 points"
    assert "With 80% power at p < 0.05" in result.stdout
    assert "McNemar's mid-p test, 30% of regions change sides" in result.stdout
    assert "Fisher's exact test, 50% in the earlier wave" in result.stdout


def test_plan_of_a_grade_takes_one_deviation_for_the_other() -> None:
    row = rows_of(plan("--change", "0.5", "--sd", "1.2", "--format", "json"))
    expected = plan_mean(0.5, 1.2, 1.2, 0.8)
    assert (row["needed_pairs"], row["needed_per_wave"]) == (
        expected.needed_pairs,
        expected.needed_per_wave,
    )
    result = plan("--change", "0.5", "--sd", "1.2", "--sd-change", "1", "--regions", "20")
    assert "the paired t test, standard deviation of the changes 1." in result.stdout
    assert "Welch's t test, standard deviation within a wave 1.2." in result.stdout


def test_a_change_without_room_is_told() -> None:
    assert (
        rows_of(plan("--change", "15", "--before", "95", "--format", "json"))["needed_per_wave"]
        is None
    )
    assert "no room for it" in plan("--change", "15", "--before", "95").stdout


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--change", "0"), "--change is 0: give a number other than 0"),
        (("--change", "nan"), "--change is nan: give a number other than 0"),
        (("--change", "inf"), "--change is inf: give a number other than 0"),
        (("--change", "1e-300"), "--change is 1e-300: give 0.1 points or more"),
        (("--change", "40"), "--discordance is 30"),
        (("--change", "15", "--power", "100"), "--power is 100"),
        (("--change", "15", "--power", "nan"), "--power is nan"),
        (("--change", "15", "--discordance", "nan"), "--discordance is nan"),
        (("--change", "15", "--before", "-1"), "--before is -1"),
        (("--change", "15", "--regions", "1"), "--regions is 1: give a number from 2"),
        (("--change", "15", "--regions", "9" * 30), "to 1000000"),
        (("--change", "1", "--sd", "0"), "--sd is 0: a standard deviation lies above 0"),
        (("--change", "1", "--sd-change", "inf"), "--sd-change is inf"),
        (("--change", "1e300", "--sd", "1"), "times the standard deviation, 1"),
        (("--change", "1", "--sd", "1e300"), "times the standard deviation, 1e+300"),
        (("--change", "1", "--sd", "1", "--discordance", "30"), "give the one or the other"),
    ],
)
def test_numbers_that_make_no_sense(options: tuple[str, ...], told: str) -> None:
    (fault,) = faults_of(plan(*options))
    assert told in fault


def test_all_faults_of_a_plan_are_told_at_once() -> None:
    options = ("--change", "nan", "--power", "0", "--discordance", "101", "--before", "nan")
    assert len(faults_of(plan(*options, "--regions", "-5"))) == 5


@pytest.mark.parametrize("options", [(), ("--change", "much"), ("--change", "5", "--regions", "x")])
def test_options_that_are_missing_or_not_numbers(options: tuple[str, ...]) -> None:
    assert faults_of(plan(*options))
