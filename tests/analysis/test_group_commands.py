"""`compare` and `levels` with a register: groups of regions, and weights."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from tests.analysis.command_line import (
    NEWER,
    QUESTIONNAIRES,
    WAVES,
    example_answers,
    example_register,
    faults_of,
    rows_of,
    run,
    tables_of,
    write_register,
    write_rows,
    write_text,
)

ITEM = "cijfer_afspraken"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("groups")
    write_text(folder / "answers.csv", example_answers())
    write_text(folder / "register.csv", example_register())
    return folder


def compare(folder: Path, *options: str | Path):
    answers = ("--answers", folder / "answers.csv")
    return run("compare", *QUESTIONNAIRES, *answers, *WAVES, *options)


def compare_sizes(folder: Path, sizes: dict[str, int], *options: str):
    """The grades of groups of so many regions, all of which answered in both waves."""
    groups = {f"{name}{i}": name for name, size in sizes.items() for i in range(size)}
    rows = [
        (region, wave, ITEM, 6 + (place + (wave == 2024) * (place % 3)) % 4)
        for place, region in enumerate(groups)
        for wave in (2021, 2024)
    ]
    answers = write_rows(folder / "sizes.csv", rows)
    register = write_register(folder / "sizes_register.csv", groups)
    asked = ("--questionnaire", NEWER, "--answers", answers, *WAVES)
    return run("compare", *asked, "--by", "grootte", "--register", register, *options)


def rows_by_group(table: list[dict[str, str]]) -> dict[str, dict[str, str]]:
    return {row["group"]: row for row in table if row["item"] == ITEM}


def test_a_table_per_group_and_one_of_their_differences(tmp_path: Path) -> None:
    result = compare_sizes(tmp_path, {"groot": 20, "klein": 12})
    groups, differences = tables_of(result)
    assert {name: row["n"] for name, row in rows_by_group(groups).items()} == {
        "all": "32",
        "groot": "20",
        "klein": "12",
    }
    (row,) = (row for row in differences if row["item"] == ITEM)
    assert row["level: n (groups)"] == row["change: n (groups)"] == "32 (2)"
    assert row["df@4"].startswith("1, ")
    assert 0 < float(row["p@5"]) <= 1
    assert 0 < float(row["p@10"]) <= 1
    assert "Do the groups of grootte differ, in level (2024) and in change" in result.stdout
    assert "Tests of level: welch_anova (means)" in result.stdout
    assert "adjustment: holm, per section and group." in result.stdout


def test_few_regions_and_suppressed_ones_are_told_apart(tmp_path: Path) -> None:
    few = rows_by_group(tables_of(compare_sizes(tmp_path, {"groot": 20, "klein": 7}))[0])
    assert few["klein"]["n"] == "7"
    assert few["klein"]["outcome"] == "fewer than 10: no means"
    assert few["klein"]["after"] == "-"
    result = compare_sizes(tmp_path, {"groot": 20, "klein": 3, "middel": 12})
    small = rows_by_group(tables_of(result)[0])
    # the second is suppressed as well, else the first could be found by subtraction
    assert {small[name]["outcome"] for name in ("klein", "middel")} == {"suppressed"}
    assert {small[name]["n"] for name in ("klein", "middel")} == {"-"}
    assert small["groot"]["n"] == "20"
    assert "suppressed: over fewer than 5 regions, or else such a number" in result.stdout


def test_json_of_groups_has_every_field_and_no_small_number(tmp_path: Path) -> None:
    sizes = {"groot": 20, "klein": 3, "middel": 12}
    rows = rows_of(compare_sizes(tmp_path, sizes, "--format", "json"))
    assert len({frozenset(row) for row in rows}) == 1
    found = {row["group"]: row for row in rows if row["item"] == ITEM}
    assert found["klein"]["suppressed"] is True
    assert (found["klein"]["n_pairs"], found["klein"]["p"]) == (None, None)
    assert found["groot"]["suppressed"] is False
    assert found["groot"]["n_pairs"] == 20
    assert {*found[""]["groups_differ"]} == {"level", "change"}
    assert found["groot"]["groups_differ"] is None


def test_csv_of_groups_has_a_column_per_number(tmp_path: Path) -> None:
    result = compare_sizes(tmp_path, {"groot": 20, "klein": 12}, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    row = next(row for row in rows if row["item"] == ITEM)
    assert row["groups_differ_level_test"] == "welch_anova"
    assert 0 < float(row["groups_differ_change_p"]) <= 1
    assert not any("{" in value for row in rows for value in row.values())


def test_figures_of_one_group_are_not_tested_and_the_reason_is_told_once(folder: Path) -> None:
    result = compare(folder, "--by", "provincie", "--register", folder / "register.csv")
    assert len(tables_of(result)[1]) == 0
    assert result.stdout.count("Figures that are not here: Voor een toets") == 1


def test_weights_are_told_with_the_effective_number(folder: Path) -> None:
    weighted = ("--weights", "grootte", "--register", folder / "register.csv")
    row = rows_of(compare(folder, *weighted, "--format", "json"))[0]
    assert (row["weights"], row["test"]) == ("grootte (poststratify)", "weighted_paired_t")
    assert 0 < row["effective_n"] < 42
    result = compare(folder, *weighted)
    (table,) = tables_of(result)
    assert table[0]["effective n"] == f"{row['effective_n']:.1f}"
    assert "all: p" not in table[0]
    assert "Weighted to the register on grootte (poststratify)" in result.stdout


def test_levels_can_be_weighted(folder: Path) -> None:
    asked = ("levels", *QUESTIONNAIRES, "--answers", folder / "answers.csv", "--wave", "2024")
    weighted = ("--weights", "grootte", "--register", folder / "register.csv")
    plain = rows_of(run(*asked, "--format", "json"))
    rows = rows_of(run(*asked, *weighted, "--format", "json"))
    assert [row["n"] for row in rows] == [row["n"] for row in plain]
    assert rows[0]["value"] != plain[0]["value"]
    (table,) = tables_of(run(*asked, *weighted))
    assert table[0]["effective n"] == f"{rows[0]['effective_n']:.1f}"


def test_a_category_without_answers_refuses_the_weights(tmp_path: Path, folder: Path) -> None:
    extra = "98,Regio 98,Groningen,enorm\n99,Regio 99,Texel,klein\n"
    register = write_text(tmp_path / "register.csv", example_register() + extra)
    faults = faults_of(compare(folder, "--weights", "grootte", "--register", register))
    assert faults == [
        "the answers cannot be weighted: grootte 'enorm' has 1 regions in the register, but none "
        "that answered in both 2021 and 2024"
    ]
    both = ("--weights", "grootte", "--weights", "provincie")
    faults = faults_of(compare(folder, *both, "--register", register))
    assert any("provincie 'Texel'" in fault for fault in faults)
    assert any("grootte 'enorm'" in fault for fault in faults)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--by", "kleur"), "has no attribute 'kleur'; it has: provincie, grootte"),
        (("--by", "naam"), "has no attribute 'naam'"),
        (("--weights", "kleur"), "has no attribute 'kleur'"),
        (("--by", "grootte", "--weights", "grootte"), "--by and --weights do not go together"),
        (
            ("--weights", "grootte", "--weights", "provincie", "--weights", "grootte"),
            "--weights takes one attribute, or two different ones",
        ),
        (
            ("--weights", "grootte", "--weights", "grootte"),
            "--weights takes one attribute, or two different ones",
        ),
        (("--weights", "grootte", "--test", "mcnemar_exact"), "do not go with --weights"),
        (("--weights", "grootte", "--interval", "newcombe10"), "do not go with --weights"),
        (("--weights", "grootte", "--margin", "0.1"), "do not go with --weights"),
    ],
)
def test_groups_and_weights_that_make_no_sense(
    folder: Path, options: tuple[str, ...], told: str
) -> None:
    (fault,) = faults_of(compare(folder, *options, "--register", folder / "register.csv"))
    assert told in fault


def test_all_faults_of_a_register_are_told_at_once(tmp_path: Path, folder: Path) -> None:
    register = write_text(
        tmp_path / "register.csv",
        "region,naam,grootte,grootte,\n01,A,klein,groot,x\n01,B,,x,x\n,C,a,b,c\n9,1\n",
    )
    told = "\n".join(faults_of(compare(folder, "--by", "grootte", "--register", register)))
    for fault in (
        "row 1: column 4 is named 'grootte', as an earlier one is",
        "row 1: column 5 has no name",
        "row 3: the value of grootte is empty",
        "row 3: region '01' is in row 2 too",
        "row 4: the region is empty",
        "row 5: has 2 values in place of 5",
    ):
        assert fault in told


def test_a_region_that_answered_is_in_the_register(tmp_path: Path, folder: Path) -> None:
    lines = example_register().splitlines()
    register = write_text(
        tmp_path / "register.csv",
        "\n".join(line for line in lines if not line.startswith(("01,", "02,"))),
    )
    faults = faults_of(compare(folder, "--by", "grootte", "--register", register))
    assert faults == [
        f"{register}: region '{region}' answered but is not in it" for region in ("01", "02")
    ]


def test_a_register_may_have_semicolons(tmp_path: Path, folder: Path) -> None:
    register = write_text(tmp_path / "register.csv", example_register().replace(",", ";"))
    assert compare(folder, "--by", "grootte", "--register", register).exit_code == 0


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "row 1: is empty"),
        (b"region,naam\n01,A\n", "there is no column with an attribute"),
        (b"region,grootte\n", "the register holds no regions"),
        ("region,grootte\n01,één\n".encode("latin-1"), "not UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_as_a_register(
    tmp_path: Path, folder: Path, content: bytes, told: str
) -> None:
    register = tmp_path / "register.csv"
    register.write_bytes(content)
    (fault,) = faults_of(compare(folder, "--by", "grootte", "--register", register))
    assert told in fault


def test_a_register_that_is_not_there_or_a_folder(tmp_path: Path, folder: Path) -> None:
    for register, told in ((tmp_path / "no.csv", "No such file"), (tmp_path, "Is a directory")):
        (fault,) = faults_of(compare(folder, "--by", "grootte", "--register", register))
        assert told in fault
