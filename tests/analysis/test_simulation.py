"""What docs/simulatie.md says, at the numbers of this monitor, and how it is computed."""

from itertools import product

import numpy as np
import pytest

from analysis.intervals import newcombe10_interval, tango_interval
from analysis.power import fisher_power, mcnemar_power
from analysis.significance import cochran_armitage, kruskal_wallis, mcnemar_exact, mcnemar_midp
from benchmarks.simulation import PAGE
from benchmarks.simulation.agreement import (
    agree_on_changes,
    agree_on_pairs,
    agree_on_waves,
    tango_alone,
    tango_tells,
)
from benchmarks.simulation.chances import SIZES, Chance, every_table, table_chances
from benchmarks.simulation.coverage import odds_coverage
from benchmarks.simulation.equivalence import tango_size
from benchmarks.simulation.groups import share_size
from benchmarks.simulation.page import agreement_tables, needed_tables, power_tables, size_table
from benchmarks.simulation.sizes import (
    fisher_on_pairs,
    fisher_size,
    largest_mcnemar_size,
    mcnemar_size,
)
from benchmarks.simulation.waves import armitage_size
from surveys.dutch import format_percentage


@pytest.mark.parametrize("n", SIZES)
def test_the_default_tests_keep_their_level(n: int) -> None:
    # Every table with the p value of the test itself, against the power from its critical values.
    for discordance in (0.1, 0.2, 0.3, 0.4, 0.5):
        size = mcnemar_size(n, discordance)
        assert size == pytest.approx(mcnemar_power(n, discordance, 0.0), abs=1e-10)
        assert size < 0.05
        # Holm over eight items that do not hang together.
        assert 1 - (1 - mcnemar_size(n, discordance, 0.05 / 8)) ** 8 < 0.05
    for share in (0.1, 0.3, 0.5):
        size = fisher_size(n, share)
        assert size == pytest.approx(fisher_power(n, n, share, share), abs=1e-10)
        assert size < 0.05


@pytest.mark.parametrize("n", SIZES)
def test_fishers_test_on_pairs_loses_power(n: int) -> None:
    # The wrong test: far below its level, and with fewer stars where there is a change.
    assert fisher_on_pairs(n, 0.7, 0.2, 0.0) < 0.1 * mcnemar_size(n, 0.2)
    assert fisher_on_pairs(n, 0.7, 0.2, 0.1) < 0.4 * mcnemar_power(n, 0.2, 0.1)


@pytest.mark.parametrize("n", SIZES)
def test_exact_mcnemar_never_exceeds_its_level(n: int) -> None:
    assert largest_mcnemar_size(n, 1.0, mcnemar_exact) < 0.05
    assert largest_mcnemar_size(n, 1.0, mcnemar_exact) < largest_mcnemar_size(n, 1.0)


def test_sizes_over_three_waves_and_groups_are_those_of_every_table() -> None:
    n, share = 7, 0.4
    wave = table_chances(n, (share, 1 - share))
    sizes = {"armitage": 0.0, "groups": 0.0}
    for yes in product(range(n + 1), repeat=3):
        chance = float(np.prod(wave[list(yes)]))
        found = {
            "armitage": cochran_armitage(yes, [n] * 3).p,
            "groups": kruskal_wallis([[n - count, count] for count in yes]).p,
        }
        for name, p in found.items():
            assert p is not None
            sizes[name] += chance * (p < 0.05)
    assert armitage_size(n, share) == pytest.approx(sizes["armitage"], abs=1e-12)
    assert share_size(n, share) == pytest.approx(sizes["groups"], abs=1e-12)


def test_equivalence_at_the_margin_is_when_the_interval_lies_inside_it() -> None:
    n, margin, discordance = 20, 0.4, 0.5
    tables = every_table(n, 3)
    inside = [
        -margin < interval.low and interval.high < margin
        for interval in (tango_interval(0, *table, level=0.9) for table in tables.tolist())
    ]
    expected = table_chances(n, (0.45, 0.05, 0.5)) @ np.array(inside)
    assert tango_size(n, margin, discordance) == pytest.approx(float(expected), abs=1e-12)
    assert 0.01 < expected < 0.07


@pytest.mark.parametrize("n", SIZES)
def test_odds_ratio_intervals_hold_the_truth_often_enough(n: int) -> None:
    for up, down in ((0.05, 0.05), (0.15, 0.15), (0.2, 0.1)):
        assert odds_coverage(n, up, down, exact=True) > odds_coverage(n, up, down) > 0.95


def test_where_star_and_interval_differ() -> None:
    # Every pair of counts up to 78 changes, by the functions themselves.
    assert tango_alone() == [(4, 0), (15, 6), (18, 8), (21, 10), (46, 29)]
    n = 15
    found = agree_on_pairs(n)
    star, outside = (
        [mcnemar_midp(up, down) < 0.05 for _, up, down, _ in every_table(n, 4).tolist()],
        [
            not interval.low <= 0 <= interval.high
            for interval in (newcombe10_interval(*table) for table in every_table(n, 4).tolist())
        ],
    )
    both = list(zip(star, outside, strict=True))
    assert found.tables == len(both)
    assert found.star_only == both.count((True, False))
    assert found.interval_only == both.count((False, True)) > 0
    fisher = agree_on_waves(n)
    assert (fisher.tables, fisher.star_only) == ((n + 1) ** 2, 0)
    assert fisher.interval_only > 0


def test_the_page_holds_what_is_computed() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for table in (*power_tables(), *needed_tables()):
        assert table in page
    largest = [format_percentage(largest_mcnemar_size(n, 1.0), 2) for n in SIZES]
    assert largest == ["4,90%", "5,45%", "5,35%"]  # above 5%, and the page says so
    assert f"| {largest[0]} | **{largest[1]}** | **{largest[2]}** | exact |" in page
    margin = [format_percentage(tango_size(n, 0.2, 0.2), 2) for n in SIZES]
    assert f"| **{margin[0]}** | {margin[1]} | {margin[2]} | exact |" in page
    trend = [format_percentage(armitage_size(n, 0.5), 2) for n in SIZES]
    assert f"| **{trend[0]}** | **{trend[1]}** | {trend[2]} | exact |" in page
    rows = [
        agree_on_changes(name, "Tango", test, tango_tells, n)
        for name, test in (("McNemar mid-p", mcnemar_midp), ("McNemar exact", mcnemar_exact))
        for n in SIZES
    ]
    _, agreement, below = agreement_tables(rows)
    assert agreement.rstrip("\n") in page
    assert below in page


def test_the_page_names_each_chance_that_is_too_large() -> None:
    rows = [
        ("een toets", "hier", [Chance(0.06), Chance(0.04)]),
        ("een toets", "daar", [Chance(0.07, 10_000), Chance(0.05)]),
        ("andere toets", "hier", [Chance(0.052, 10_000), Chance(0.05)]),  # within the error
    ]
    table, told = size_table("toets", rows, ["n = 1", "n = 2"])
    assert "| een toets | hier | **6,00%** | 4,00% | exact |" in table
    assert "| andere toets | hier | 5,20% | 5,00% | 10.000 keer |" in table
    assert "2 van de 6" in told
    assert told.endswith("- een toets (hoogste: 7,00%): hier; daar\n")
    _, told = size_table("toets", rows[2:], ["n = 1", "n = 2"])
    assert told.startswith("Geen van de 2")
