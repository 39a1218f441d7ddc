"""For which n printed figures are possible: against enumeration, the published rows, the commands.

The enumeration shares nothing with the code: it rounds every k/n with the decimal module.
"""

import json
from collections import defaultdict
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
import typer
from click.testing import Result
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import proportions_ztest
from typer.testing import CliRunner

from analysis.attainable import (
    Rounding,
    Split,
    attainable_sizes,
    counts_giving,
    decimals_of,
    paired_p_values,
    possible_splits,
    unpaired_p_values,
)
from analysis.commands.attainable import attainable_command
from analysis.commands.stars import stars_command
from analysis.published import read_published
from surveys.dutch import round_half_up

app = typer.Typer(pretty_exceptions_enable=False)
app.command("attainable")(attainable_command)
app.command("stars")(stars_command)
runner = CliRunner()

MODES: dict[Rounding, str] = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN}
steady = settings(deadline=None)
roundings = st.sampled_from(sorted(MODES))
shares = st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
margins = st.integers(1, 12).flatmap(
    lambda n: st.tuples(st.integers(0, n), st.integers(0, n), st.just(n))
)


def printed(k: int, n: int, decimals: int, rounding: Rounding) -> Decimal:
    """100 k/n as a report prints it. The quotient has 60 digits, and no tie needs as many."""
    quotient = Context(prec=60).divide(Decimal(100 * k), Decimal(n))
    return quotient.quantize(Decimal(1).scaleb(-decimals), MODES[rounding])


def published_row(block: str, *waves: str) -> list[Decimal]:
    return [
        Decimal(row.value)
        for row in read_published()
        if row.block == block and row.wave in waves and not row.note
    ]


# --- Which counts give a percentage


@pytest.mark.parametrize("rounding", MODES)
@pytest.mark.parametrize(("decimals", "largest"), [(0, 90), (1, 24)])
def test_counts_equal_the_enumeration(rounding: Rounding, decimals: int, largest: int) -> None:
    for n in range(1, largest + 1):
        giving = defaultdict(list)
        for k in range(n + 1):
            giving[printed(k, n, decimals, rounding)].append(k)
        for units in range(100 * 10**decimals + 1):
            value = Decimal(units).scaleb(-decimals)
            assert list(counts_giving(value, n, rounding)) == giving[value]


@steady
@given(shares, st.integers(0, 4), roundings)
def test_a_rounded_share_is_always_attainable(
    share: tuple[int, int], decimals: int, rounding: Rounding
) -> None:
    k, n = share
    value = printed(k, n, decimals, rounding)
    assert k in counts_giving(value, n, rounding)
    assert [size.n for size in attainable_sizes([value], [n], rounding)] == [n]


@steady
@given(shares, st.integers(0, 2))
def test_the_roundings_differ_at_ties_only(share: tuple[int, int], decimals: int) -> None:
    k, n = share
    up, even = (printed(k, n, decimals, rounding) for rounding in MODES)
    steps = Fraction(100 * 10**decimals * k, n)
    is_tie = steps - steps.__floor__() == Fraction(1, 2)
    # A tie below an odd number goes up in both.
    assert (up != even) == (is_tie and steps.__floor__() % 2 == 0)
    assert (k in counts_giving(up, n, "half_even")) == (up == even)


def test_five_of_eight_is_a_tie() -> None:
    # 62.5%: where Python's round() gives 62 and the published tables 63.
    assert list(counts_giving(Decimal(63), 8, "half_up")) == [5]
    assert list(counts_giving(Decimal(62), 8, "half_up")) == []
    assert list(counts_giving(Decimal(62), 8, "half_even")) == [5]
    assert list(counts_giving(Decimal(63), 8, "half_even")) == []
    assert list(counts_giving(Decimal("62.5"), 8, "half_up")) == [5]


@steady
@given(shares)
def test_half_up_is_the_rounding_of_the_pages(share: tuple[int, int]) -> None:
    k, n = share
    assert k in counts_giving(round_half_up(100 * k / n), n, "half_up")


def test_nothing_and_everything_are_attainable_at_any_n() -> None:
    row = [Decimal(0), Decimal(100)]
    for rounding in MODES:
        found = attainable_sizes(row, range(1, 400), rounding)
        assert [size.n for size in found] == list(range(1, 400))
        assert all((size.counts[0][0], size.counts[1][-1]) == (0, size.n) for size in found)
    # .5 of a percent is 1 of 200: up to 1, or to the even 0.
    assert list(counts_giving(Decimal(0), 200, "half_up")) == [0]
    assert list(counts_giving(Decimal(0), 200, "half_even")) == [0, 1]


def test_from_a_hundred_on_a_whole_percentage_tells_nothing() -> None:
    every = [Decimal(value) for value in range(101)]
    for rounding in MODES:
        assert len(attainable_sizes(every, range(100, 250), rounding)) == 150
        # 49 of 99 is 49.49, and 50 already 50.51.
        assert not counts_giving(Decimal(50), 99, rounding)


def test_decimals_are_those_of_the_print() -> None:
    assert [decimals_of(Decimal(text)) for text in ("57", "57.0", "57.10", "1E+1")] == [0, 1, 2, 0]
    assert not counts_giving(Decimal("57.0"), 42, "half_up")  # 57.1 it would be
    assert list(counts_giving(Decimal("57.1"), 42, "half_up")) == [24]
    assert list(counts_giving(Decimal("57.14285714"), 42, "half_up")) == [24]


@pytest.mark.parametrize("text", ["-1", "100.1", "NaN", "sNaN", "Infinity"])
def test_what_is_no_percentage_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="between 0 and 100"):
        counts_giving(Decimal(text), 20, "half_up")


def test_an_impossible_n_rounding_or_row_is_refused() -> None:
    with pytest.raises(ValueError, match="n must be at least 1"):
        counts_giving(Decimal(50), 0, "half_up")
    with pytest.raises(ValueError, match="rounding must be"):
        counts_giving(Decimal(50), 20, "down")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="at least one"):
        attainable_sizes([], range(20, 91), "half_up")


# --- The published rows


def sizes_for(row: list[Decimal], rounding: Rounding) -> list[int]:
    return [size.n for size in attainable_sizes(row, range(20, 91), rounding)]


@pytest.mark.parametrize("rounding", MODES)
def test_published_urgency_leaves_four_n(rounding: Rounding) -> None:
    both = published_row("urgentie", "2021", "2024")
    assert len(both) == 16
    assert sizes_for(both, rounding) == [42, 58, 84, 86]


@pytest.mark.parametrize("rounding", MODES)
def test_published_yields_and_anchoring_say_51(rounding: Rounding) -> None:
    yields, forms = published_row("opbrengsten", "2024"), published_row("borging", "2024")
    assert (len(yields), len(forms)) == (16, 7)
    assert sizes_for(yields, rounding) == [49, 51, 83]
    found = sizes_for(forms, rounding)
    assert found[:2] == [49, 51]
    assert min(found[2:]) > 77


def test_published_percentages_as_counts_of_42() -> None:
    (size,) = attainable_sizes([Decimal(74), Decimal(88)], [42], "half_up")
    assert [list(counts) for counts in size.counts] == [[31], [37]]


# --- Splits of a paired table


@steady
@given(margins)
def test_splits_equal_the_enumeration(margin: tuple[int, int, int]) -> None:
    before, after, n = margin
    tables = [
        Split(both, up, down, n - both - up - down)
        for down, up, both in product(range(n + 1), repeat=3)
        if both + down == before and both + up == after and both + up + down <= n
    ]
    assert possible_splits(before, after, n) == tables
    assert tables


@steady
@given(margins)
def test_swapping_the_waves_mirrors_the_splits_and_keeps_p(margin: tuple[int, int, int]) -> None:
    before, after, n = margin
    mirrored = {
        (split.both, split.down, split.up, split.neither)
        for split in possible_splits(after, before, n)
    }
    splits = possible_splits(before, after, n)
    assert {(s.both, s.up, s.down, s.neither) for s in splits} == mirrored
    for split in splits:
        assert paired_p_values(split.up, split.down) == paired_p_values(split.down, split.up)
    swapped = unpaired_p_values(after, before, n)
    assert unpaired_p_values(before, after, n) == pytest.approx(swapped)


@pytest.mark.parametrize("changed", [0, 1, 5])
def test_as_many_up_as_down_is_p_one_in_every_form(changed: int) -> None:
    # Guards against .75, the corrected p of statsmodels at 1 up and 1 down.
    assert set(paired_p_values(changed, changed).values()) == {1.0}


@steady
@given(st.integers(0, 40), st.integers(0, 40))
def test_mcnemar_agrees_with_statsmodels_where_that_is_right(up: int, down: int) -> None:
    if up == down:
        return
    p = paired_p_values(up, down)
    table = [[0, up], [down, 0]]
    assert p["mcnemar_asymptotic"] == pytest.approx(mcnemar(table, False, False).pvalue)
    assert p["mcnemar_corrected"] == pytest.approx(mcnemar(table, False, True).pvalue)
    assert p["mcnemar_exact"] == pytest.approx(mcnemar(table, True).pvalue)


@steady
@given(margins)
def test_unpaired_p_values_agree_with_the_z_test(margin: tuple[int, int, int]) -> None:
    before, after, n = margin
    p = unpaired_p_values(before, after, n)
    if before + after in (0, 2 * n):
        assert p == {"fisher": 1.0, "pooled_z": 1.0}
    else:
        assert p["pooled_z"] == pytest.approx(proportions_ztest([after, before], [n, n])[1])
        table = [[before, after], [n - before, n - after]]
        assert p["fisher"] == pytest.approx(stats.fisher_exact(table).pvalue)


def test_the_published_star_needs_the_pairs() -> None:
    # 74% and 88% of 42: the comparison that an unpaired test gets wrong.
    unpaired = unpaired_p_values(31, 37, 42)
    assert unpaired["fisher"] == pytest.approx(0.164, abs=6e-4)
    assert unpaired["pooled_z"] == pytest.approx(0.095, abs=6e-4)
    p = {(split.up, split.down): paired_p_values(split.up, split.down)
         for split in possible_splits(31, 37, 42)}  # fmt: skip
    assert p[6, 0]["mcnemar_exact"] == pytest.approx(0.031, abs=5e-4)
    assert p[7, 1]["mcnemar_midp"] == pytest.approx(0.039, abs=5e-4)
    assert [changes for changes, of in p.items() if of["mcnemar_midp"] < 0.05] == [(6, 0), (7, 1)]
    assert [changes for changes, of in p.items() if of["mcnemar_exact"] < 0.05] == [(6, 0)]


def test_a_net_change_of_four_of_42_never_gets_a_star_by_mid_p() -> None:
    for before in range(39):
        for split in possible_splits(before, before + 4, 42):
            assert paired_p_values(split.up, split.down)["mcnemar_midp"] > 0.05


@pytest.mark.parametrize("margin", [(43, 1, 42), (1, 43, 42), (-1, 1, 42), (0, 0, 0), (1, 1.5, 3)])
def test_impossible_margins_are_refused(margin: tuple[Any, ...]) -> None:
    for function in (possible_splits, unpaired_p_values):
        with pytest.raises(ValueError, match=r"no more yes than n|counts must be"):
            function(*margin)


# --- The command `attainable`


def run(*arguments: str) -> Result:
    return runner.invoke(app, list(arguments))


def as_json(*arguments: str) -> Any:
    result = run(*arguments, "--format", "json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def as_text(row: list[Decimal]) -> str:
    return ", ".join(map(str, row))


def test_rows_are_judged_apart_and_jointly() -> None:
    older, newer = (published_row("urgentie", wave) for wave in ("2021", "2024"))
    told = as_json("attainable", "--pct", as_text(newer), "--pct", as_text(older))
    assert (told["n_from"], told["n_to"]) == (20, 90)
    assert told["joint"] == {"half_up": [42, 58, 84, 86], "half_even": [42, 58, 84, 86]}
    first = told["rows"][0]
    assert first["percentages"] == [int(value) for value in newer]
    assert first["n"]["half_up"] == sizes_for(newer, "half_up")
    assert first["counts"]["half_up"]["42"][:3] == [[37], [37], [36]]
    for way in MODES:
        apart = [set(row["n"][way]) for row in told["rows"]]
        assert set(told["joint"][way]) == apart[0] & apart[1]


def test_one_rounding_and_one_n_on_request() -> None:
    told = as_json("attainable", "--pct", "62", "--n", "8", "--rounding", "half-even")
    assert (told["n_from"], told["n_to"]) == (8, 8)
    assert told["rows"][0]["counts"] == {"half_even": {"8": [[5]]}}
    assert told["joint"] == {"half_even": [8]}


@pytest.mark.parametrize(
    "pasted",
    [
        "88,74,86",
        "88, 74, 86",
        "88 74 86",
        "88% 74% 86%",
        "88 %, 74 %, 86 %",
        " 88;74; 86;",
        "88\t74\n86",
        "88,74,86%",
        "88, 74, 86,",
        "88\N{NO-BREAK SPACE}%  74% 86%",
    ],
)
def test_a_row_as_it_is_pasted(pasted: str) -> None:
    (row,) = as_json("attainable", "--pct", pasted)["rows"]
    assert (row["percentages"], row["decimals"]) == ([88, 74, 86], 0)


@pytest.mark.parametrize("pasted", ["57,1; 73,8", "57.1,73.8", "57.1% 73.8%", "57,1%;73,8%"])
def test_a_row_with_decimals(pasted: str) -> None:
    told = as_json("attainable", "--pct", pasted)
    (row,) = told["rows"]
    assert (row["percentages"], row["decimals"]) == ([57.1, 73.8], 1)
    assert row["n"]["half_up"] == [42, 84]


def test_decimals_that_were_not_written_can_be_given() -> None:
    (row,) = as_json("attainable", "--pct", "50 57.1", "--decimals", "1")["rows"]
    assert (row["percentages"], row["decimals"]) == ([50.0, 57.1], 1)
    assert row["n"]["half_up"] == [28, 42, 56, 70, 84]


def test_rows_may_have_their_own_decimals() -> None:
    told = as_json("attainable", "--pct", "57 74", "--pct", "57.1 73.8")
    assert [row["decimals"] for row in told["rows"]] == [0, 1]
    assert told["joint"]["half_up"] == [42, 84]


def test_table_tells_the_range_the_counts_and_where_the_roundings_part() -> None:
    result = run("attainable", "--pct", "62", "--n", "8-16")
    assert result.exit_code == 0
    assert "Tried n = 8-16" in result.stdout
    assert "rounded half up: n = 13\n" in result.stdout
    assert "rounded half even: n = 8, 13, 16\n" in result.stdout
    lines = [line.split() for line in result.stdout.splitlines()]
    assert ["8", "5", "half", "even"] in lines
    assert ["13", "8", "half", "up", "and", "half", "even"] in lines
    assert "all rows" not in result.stdout


def test_table_of_rows_that_exclude_each_other() -> None:
    result = run("attainable", "--pct", "50", "--pct", "33.3", "--n", "2-5")
    assert result.exit_code == 0
    joint = result.stdout.split("all rows over one n")[1]
    assert joint.count("no n") == 2


def test_runs_of_numbers_are_told_as_a_range() -> None:
    told = run("attainable", "--pct", "1", "--n", "99-300").stdout
    assert "rounded half up: n = 99-300\n" in told
    # From 0.5% to 1.5%: 2, 3 or 4 of 300.
    assert any(line.split()[:2] == ["300", "2-4"] for line in told.splitlines())


@pytest.mark.parametrize(
    ("arguments", "faults"),
    [
        (["--pct", ""], ["--pct row 1 is empty"]),
        (["--pct", "  , "], ["--pct row 1 is empty"]),
        (["--pct", "88 abc"], ["--pct row 1: 'abc' is not a percentage"]),
        (["--pct", "88 86*"], ["--pct row 1: '86*' is not a percentage"]),
        (["--pct", "88 nan 1e1"], ["'nan' is not a percentage", "'1e1' is not a percentage"]),
        (["--pct", "88%86%"], ["'88%86%' is not a percentage"]),
        (["--pct", "88,,86"], ["--pct row 1: has an empty place between separators"]),
        (["--pct", "88;;86"], ["--pct row 1: has an empty place between separators"]),
        (["--pct", "101 -1 88"], ["row 1: 101 is outside 0-100", "row 1: -1 is outside 0-100"]),
        (["--pct", "57 57.1"], ["57.1 has more decimals than 57 in the same row; give --decimals"]),
        (["--pct", "57.12", "--decimals", "1"], ["57.12 has more decimals than --decimals 1"]),
        (["--pct", "57,1 73,8"], ["'57,1' may be one percentage or two", "write 73.8 for one"]),
        (["--pct", "57,1%"], ["'57, 1' for two"]),
        (["--pct", "57,1, 73,8"], ["'57,1' may be", "'73,8' may be"]),
        (["--pct", "57", "--n", "90-20"], ["--n 90-20 runs backwards"]),
        (["--pct", "57", "--n", "0-20"], ["--n '0-20' must lie from 1 to 10000"]),
        (["--pct", "57", "--n", "-5"], ["--n '-5' must lie from 1 to 10000"]),
        (["--pct", "57", "--n", "20-10001"], ["--n '20-10001' must lie from 1 to 10000"]),
        (["--pct", "57", "--n", "20.5"], ["--n '20.5' is not a range such as 20-90"]),
        (["--pct", "57", "--n", ""], ["--n '' is not a range"]),
        (["--pct", "57", "--n", "9" * 5000], ["is not a range"]),
        (
            ["--pct", "57", "--decimals", "-1"],
            ["--decimals '-1' is not a whole number from 0 to 1"],
        ),
        (["--pct", "57", "--decimals", "one"], ["--decimals 'one' is not a whole number"]),
    ],
)
def test_bad_rows_and_ranges_are_told(arguments: list[str], faults: list[str]) -> None:
    result = run("attainable", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert all(fault in result.stderr for fault in faults), result.stderr
    assert len(result.stderr.splitlines()) == len(faults)


def test_all_faults_of_attainable_are_told_at_once() -> None:
    rows = ["--pct", "x 101", "--pct", "57,1 2", "--pct", "", "--pct", "57 57.1"]
    result = run("attainable", *rows, "--n", "9-1")
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 6
    assert [f"row {number}" in result.stderr for number in (1, 2, 3, 4)] == [True] * 4


# --- The command `stars`


def test_stars_lists_every_split_and_test() -> None:
    told = as_json("stars", "--before", "31", "--after", "37", "--n", "42")
    assert (told["before"], told["after"], told["n"], told["alpha"]) == (31, 37, 42, 0.05)
    changes = [(split["up"], split["down"]) for split in told["splits"]]
    assert changes == [(6, 0), (7, 1), (8, 2), (9, 3), (10, 4), (11, 5)]
    second = told["splits"][1]
    assert (second["both"], second["neither"]) == (30, 4)
    assert second["p"] == pytest.approx(paired_p_values(7, 1))
    assert second["star"] == {
        "mcnemar_midp": True,
        "mcnemar_exact": False,
        "mcnemar_asymptotic": True,
        "mcnemar_corrected": False,
    }
    assert told["unpaired"]["star"] == {"fisher": False, "pooled_z": False}
    assert "2 of 6 possible splits, those with down = 0, 1:" in told["summary"]
    assert "a published star is compatible" in told["summary"]


def test_alpha_decides_the_stars() -> None:
    options = ("stars", "--before", "31", "--after", "37", "--n", "42")
    told = as_json(*options, "--alpha", ".01")
    assert not any(star for split in told["splits"] for star in split["star"].values())
    assert told["summary"].endswith("a published star is not compatible with these counts.")
    told = as_json(*options, "--alpha", "0.10")
    assert told["unpaired"]["star"] == {"fisher": False, "pooled_z": True}
    assert "for 4 of 6 possible splits, those with down = 0-3:" in told["summary"]


def test_stars_as_a_table_marks_what_is_significant() -> None:
    result = run("stars", "--before", "31", "--after", "37", "--n", "42")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[:2] == ["before: 31 of 42 (74%)", "after: 37 of 42 (88%)"]
    cells = [line.split() for line in lines]
    assert ["7", "1", "30", "4", "0.0391*", "0.0703", "0.0339*", "0.0771"] in cells
    assert "Fisher 0.1635, pooled z 0.0955" in result.stdout
    assert lines[-1].startswith("Mid-p gives a star for 2 of 6 possible splits")


def test_a_star_by_another_test_is_named() -> None:
    # 4 up and 0 down: asymptotic McNemar gives .0455 where mid-p gives .0625.
    summary = as_json("stars", "--before", "32", "--after", "36", "--n", "42")["summary"]
    assert "is not compatible with these counts, unless another test" in summary
    assert "(here asymptotic can)" in summary


def test_a_star_that_is_certain_is_told_so() -> None:
    summary = as_json("stars", "--before", "24", "--after", "37", "--n", "42")["summary"]
    assert "every possible split (6)" in summary
    assert summary.endswith("the absence of one is not.")


def test_a_fall_and_no_change() -> None:
    fall = as_json("stars", "--before", "37", "--after", "31", "--n", "42")
    assert [(split["up"], split["down"]) for split in fall["splits"]][:2] == [(0, 6), (1, 7)]
    same = as_json("stars", "--before", "42", "--after", "42", "--n", "42")
    (split,) = same["splits"]
    assert set(split["p"].values()) | set(same["unpaired"]["p"].values()) == {1.0}


@pytest.mark.parametrize(
    ("options", "faults"),
    [
        (("-1", "37", "42"), ["--before '-1' is not a whole number from 0 to 10000"]),
        (("31", "43", "42"), ["--after 43 is more than --n 42"]),
        (("43", "44", "42"), ["--before 43 is more than", "--after 44 is more than"]),
        (("0", "0", "0"), ["--n '0' is not a whole number from 1 to 10000"]),
        (("31.5", "many", ""), ["--before '31.5'", "--after 'many'", "--n ''"]),
        (("1", "2", "10001"), ["--n '10001' is not a whole number from 1"]),
        (("9" * 5000, "2", "3"), ["is not a whole number from 0"]),
        (("1", "2", "3", "0"), ["--alpha '0' is not a number between 0 and 1"]),
        (("1", "2", "3", "0.0"), ["--alpha '0.0' is not"]),
        (("1", "2", "3", "1"), ["--alpha '1' is not"]),
        (("1", "2", "3", "nan"), ["--alpha 'nan' is not"]),
        (("1", "2", "3", "0,05"), ["such as 0.05"]),
        (("-1", "4", "3", "x"), ["--before", "--after 4 is more than --n 3", "--alpha"]),
    ],
)
def test_bad_counts_are_told_all_at_once(options: tuple[str, ...], faults: list[str]) -> None:
    named = zip(("--before", "--after", "--n", "--alpha"), options, strict=False)
    result = run("stars", *(part for pair in named for part in pair))
    assert (result.exit_code, result.stdout) == (2, "")
    assert all(fault in result.stderr for fault in faults), result.stderr
    assert len(result.stderr.splitlines()) == len(faults)
