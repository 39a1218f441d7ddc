"""Intervals: against R, against enumeration, and in step with the tests beside them."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats

from analysis import intervals
from analysis.intervals import (
    Interval,
    clopper_pearson_interval,
    conditional_odds_ratio_interval,
    hypergeometric_interval,
    mean_difference_interval,
    mean_interval,
    newcombe10_interval,
    newcombe_interval,
    tango_interval,
    welch_interval,
    wilson_interval,
)
from analysis.significance import mcnemar_exact, mcnemar_midp, paired_t, welch_t

REFERENCE = Path(__file__).parents[1] / "reference" / "intervals.json"
CASES = json.loads(REFERENCE.read_text(encoding="utf-8"))["cases"]

# (up, down) with up + down <= 100 where the 95% Tango interval leaves out 0 and mid-p is above .05.
# The interval follows the uncorrected chi-square, which is a little more liberal there.
INTERVAL_WITHOUT_STAR = {(4, 0), (15, 6), (18, 8), (21, 10), (46, 29), (51, 33)}

# None of these properties is about speed.
steady = settings(deadline=None)

pairs = st.tuples(*[st.integers(0, 15)] * 4).filter(any)
wave = hnp.arrays(np.int64, 5, elements=st.integers(0, 8))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['function']}: {case['name']}")
def test_agrees_with_r(case: dict[str, Any]) -> None:
    interval = getattr(intervals, case["function"])(**case["input"])
    for field, expected in case["expected"].items():
        actual = getattr(interval, field)
        if expected is None:
            assert actual is None, case["guards"]
        else:
            assert actual == pytest.approx(expected, rel=1e-9, abs=1e-11), case["guards"]


def test_published_limits() -> None:
    # Fagerland, Lydersen & Laake, R package contingencytables: response before and after
    # consolidation (Cavo et al. 2012), given there as before minus after.
    tango, newcombe = tango_interval(59, 16, 6, 80), newcombe10_interval(59, 16, 6, 80)
    assert (tango.low, tango.high) == pytest.approx((0.0054, 0.1240), abs=5e-5)
    assert (newcombe.low, newcombe.high) == pytest.approx((0.0046, 0.1186), abs=5e-5)
    # The same: 13 of 16 (Ligarden et al. 2010).
    exact = clopper_pearson_interval(13, 16)
    assert (exact.low, exact.high) == pytest.approx((0.5435, 0.9595), abs=5e-5)


@pytest.mark.parametrize(
    ("exact", "limits"), [(False, (3.4681, 78.2972)), (True, (3.1169, 108.8892))]
)
def test_published_limits_of_an_odds_ratio(exact: bool, limits: tuple[float, float]) -> None:
    # The same: floppy eyelid syndrome against obstructive sleep apnea (Ezra et al. 2010).
    odds = conditional_odds_ratio_interval(25, 2, exact=exact)
    assert odds is not None
    assert odds.estimate == 12.5
    assert (odds.low, odds.high) == pytest.approx(limits, abs=5e-5)


# --- One proportion


@steady
@given(st.integers(1, 60), st.data())
def test_proportion_intervals_hold_the_estimate(n: int, data: st.DataObject) -> None:
    x = data.draw(st.integers(0, n))
    population = data.draw(st.integers(n, 100))
    for interval, mirrored in (
        (wilson_interval(x, n), wilson_interval(n - x, n)),
        (
            wilson_interval(x, n, population=population),
            wilson_interval(n - x, n, population=population),
        ),
    ):
        assert 0 <= interval.low <= x / n <= interval.high <= 1
        assert (mirrored.low, mirrored.high) == pytest.approx((1 - interval.high, 1 - interval.low))
    exact = hypergeometric_interval(x, n, population)
    mirrored = hypergeometric_interval(n - x, n, population)
    assert (mirrored.low, mirrored.high) == pytest.approx((1 - exact.high, 1 - exact.low))
    # The limits are numbers of the population that the sample leaves possible.
    assert x / population <= exact.low <= exact.high <= (population - n + x) / population


@pytest.mark.parametrize(
    ("population", "n", "level"), [(20, 8, 0.95), (31, 20, 0.9), (12, 11, 0.95)]
)
def test_hypergeometric_interval_covers(population: int, n: int, level: float) -> None:
    # Guards against an interval that is only nominally exact: every truth is tried.
    limits = [hypergeometric_interval(x, n, population, level) for x in range(n + 1)]
    for total in range(population + 1):
        hit = [i.low <= total / population <= i.high for i in limits]
        coverage = stats.hypergeom.pmf(np.arange(n + 1), population, total, n) @ np.array(hit)
        assert coverage >= level - 1e-12


@pytest.mark.parametrize(("n", "level"), [(1, 0.95), (9, 0.9), (20, 0.95)])
def test_clopper_pearson_interval_covers(n: int, level: float) -> None:
    limits = [clopper_pearson_interval(x, n, level) for x in range(n + 1)]
    assert (limits[0].low, limits[n].high) == (0, 1)
    for truth in np.linspace(0, 1, 101):
        hit = [i.low <= truth <= i.high for i in limits]
        assert stats.binom.pmf(np.arange(n + 1), n, truth) @ np.array(hit) >= level - 1e-12


@pytest.mark.parametrize("x", [0, 7, 20])
def test_a_census_leaves_nothing_to_estimate(x: int) -> None:
    assert wilson_interval(x, 20, population=20) == Interval(x / 20, x / 20, "wilson_fpc")
    assert hypergeometric_interval(x, 20, 20) == Interval(x / 20, x / 20, "hypergeometric")
    assert wilson_interval(1, 1, population=1).low == 1.0


def test_a_huge_population_is_no_correction() -> None:
    finite, infinite = wilson_interval(7, 20, population=10**9), wilson_interval(7, 20)
    assert (finite.low, finite.high) == pytest.approx((infinite.low, infinite.high), abs=1e-6)
    assert (finite.method, infinite.method) == ("wilson_fpc", "wilson")


@pytest.mark.parametrize(
    "arguments",
    [(0, 0), (3, 2), (-1, 2), (1, 2, 0.0), (1, 2, 1.0), (1, 5, 0.95, 4), (1.5, 3)],
)
def test_proportions_refuse_impossible_counts(arguments: tuple[Any, ...]) -> None:
    with pytest.raises(ValueError, match=r"counts must be|need 1 <= n|level must"):
        wilson_interval(*arguments)


def test_other_intervals_refuse_impossible_counts() -> None:
    with pytest.raises(ValueError, match="1 <= n"):
        clopper_pearson_interval(0, 0)
    with pytest.raises(ValueError, match="counts must be whole"):
        conditional_odds_ratio_interval(-1, 2)
    with pytest.raises(ValueError, match="level must"):
        conditional_odds_ratio_interval(1, 2, 1.0)
    with pytest.raises(ValueError, match="<= population"):
        hypergeometric_interval(1, 5, 4)
    with pytest.raises(ValueError, match="1 <= n"):
        newcombe_interval(0, 0, 1, 2)
    with pytest.raises(ValueError, match="successes <= n"):
        newcombe_interval(1, 2, 3, 2)
    with pytest.raises(ValueError, match="exceeds the population"):
        mean_interval([3, 3], population=5)
    with pytest.raises(ValueError, match="counts must be whole"):
        mean_interval([3, 0.5])


# --- Differences of proportions


@pytest.mark.parametrize("interval", [tango_interval, newcombe10_interval])
def test_paired_intervals_refuse_no_pairs(interval: Any) -> None:
    with pytest.raises(ValueError, match="n = 0"):
        interval(0, 0, 0, 0)
    with pytest.raises(ValueError, match="counts must be whole"):
        interval(1, -1, 2, 3)


@pytest.mark.parametrize("interval", [tango_interval, newcombe10_interval])
@steady
@given(counts=pairs)
def test_paired_intervals_mirror_and_nest(interval: Any, counts: tuple[int, ...]) -> None:
    both, up, down, neither = counts
    wide = interval(*counts)
    narrow = interval(*counts, level=0.9)
    estimate = (up - down) / sum(counts)
    slack = 1e-12
    assert -1 - slack <= wide.low <= narrow.low + slack
    assert narrow.low <= estimate + slack
    assert estimate <= narrow.high + slack
    assert narrow.high <= wide.high + slack <= 1 + 2 * slack
    for mirrored in (interval(both, down, up, neither), interval(neither, down, up, both)):
        assert (mirrored.low, mirrored.high) == pytest.approx((-wide.high, -wide.low))


def test_tango_interval_and_star_agree_except_where_listed() -> None:
    # Guards against a star beside an interval that holds 0: that must never happen.
    differ = set()
    for changed in range(101):
        for up in range(changed + 1):
            down = changed - up
            interval = tango_interval(2, up, down, 1)
            left_out = interval.low > 0 or interval.high < 0
            star = mcnemar_midp(up, down) < 0.05
            assert not (star and not left_out), (up, down)
            if star != left_out:
                differ.add((up, down))
    assert differ == INTERVAL_WITHOUT_STAR | {(down, up) for up, down in INTERVAL_WITHOUT_STAR}


@steady
@given(st.integers(0, 20), st.integers(0, 20), st.integers(0, 200))
def test_whether_tango_leaves_out_zero_depends_on_the_changes_only(
    up: int, down: int, unchanged: int
) -> None:
    interval = tango_interval(unchanged, up, down, 1)
    z = stats.norm.isf(0.025)
    assert (interval.low > 0 or interval.high < 0) == (abs(up - down) > z * (up + down) ** 0.5)


@pytest.mark.parametrize(("exact", "star"), [(False, mcnemar_midp), (True, mcnemar_exact)])
def test_odds_ratio_and_star_agree(exact: bool, star: Any) -> None:
    # Guards against a star beside an interval that holds 1: each test has its own interval.
    for changed in range(1, 31):
        for up in range(changed + 1):
            odds = conditional_odds_ratio_interval(up, changed - up, exact=exact)
            assert odds is not None
            left_out = odds.low > 1 or (odds.high is not None and odds.high < 1)
            assert left_out == (star(up, changed - up) < 0.05), (up, changed - up)


@steady
@given(st.integers(1, 40), st.integers(1, 40))
def test_odds_ratio_turns_over_and_midp_lies_within_exact(up: int, down: int) -> None:
    odds, back = (conditional_odds_ratio_interval(*counts) for counts in ((up, down), (down, up)))
    exact = conditional_odds_ratio_interval(up, down, exact=True)
    assert odds is not None
    assert back is not None
    assert exact is not None
    for interval in (odds, back, exact):
        assert interval.high is not None
        assert interval.estimate is not None
        assert interval.low < interval.estimate < interval.high
    assert (back.low, back.high) == pytest.approx((1 / odds.high, 1 / odds.low))
    assert exact.low < odds.low
    assert odds.high < exact.high


@pytest.mark.parametrize("exact", [False, True])
def test_odds_ratio_without_changes_to_one_side(exact: bool) -> None:
    assert conditional_odds_ratio_interval(0, 0, exact=exact) is None
    rises = conditional_odds_ratio_interval(6, 0, exact=exact)
    assert rises is not None
    assert (rises.estimate, rises.high) == (None, None)
    assert rises.low > 1
    assert rises.reason == (
        "Geen enkele regio ging van ja naar nee. Dan is er geen bovengrens voor de kansverhouding."
    )
    falls = conditional_odds_ratio_interval(0, 6, exact=exact)
    assert falls is not None
    assert (falls.estimate, falls.low, falls.reason) == (0, 0, "")
    assert falls.high == pytest.approx(1 / rises.low)


def test_numpy_counts_do_not_overflow() -> None:
    # Guards against the product of four margins in 8 or 64 bits.
    small: list[Any] = [np.uint8(v) for v in (200, 10, 30, 190)]
    assert tango_interval(*small) == tango_interval(200, 10, 30, 190)
    large: list[Any] = [np.int64(v) for v in (200_000, 10_000, 30_000, 190_000)]
    assert newcombe10_interval(*large) == newcombe10_interval(200_000, 10_000, 30_000, 190_000)


@steady
@given(st.integers(1, 40), st.integers(1, 40), st.data())
def test_newcombe_mirrors(before_n: int, after_n: int, data: st.DataObject) -> None:
    before, after = data.draw(st.integers(0, before_n)), data.draw(st.integers(0, after_n))
    there = newcombe_interval(before, before_n, after, after_n)
    back = newcombe_interval(after, after_n, before, before_n)
    assert (back.low, back.high) == pytest.approx((-there.high, -there.low))
    assert there.low - 1e-12 <= after / after_n - before / before_n <= there.high + 1e-12


# --- Means


def test_means_need_two_answers() -> None:
    assert mean_interval([0, 0]) is None
    assert mean_interval([0, 1]) is None
    assert mean_difference_interval([[0, 0], [0, 0]]) is None
    assert mean_difference_interval([[0, 1], [0, 0]]) is None
    assert welch_interval([0, 1], [2, 3]) is None
    assert welch_interval([2, 3], [0, 0]) is None


def test_no_spread_gives_no_width() -> None:
    assert mean_interval([0, 5, 0], [6, 7, 8]) == Interval(7.0, 7.0, "t")
    assert mean_difference_interval([[0, 4], [0, 0]]) == Interval(1.0, 1.0, "paired_t")
    assert welch_interval([3, 0], [0, 3]) == Interval(1.0, 1.0, "welch")
    assert mean_interval([2, 3], population=5) == Interval(0.6, 0.6, "t_fpc")


@steady
@given(hnp.arrays(np.int64, (4, 4), elements=st.integers(0, 5)))
def test_paired_mean_interval_agrees_with_the_t_test(table: np.ndarray) -> None:
    interval, result = mean_difference_interval(table), paired_t(table)
    if interval is not None and result.p is not None:
        assert (result.p < 0.05) == (interval.low > 0 or interval.high < 0)


@steady
@given(wave, wave)
def test_welch_interval_agrees_with_the_t_test(before: np.ndarray, after: np.ndarray) -> None:
    interval, result = welch_interval(before, after), welch_t(before, after)
    if interval is not None and result.p is not None:
        assert (result.p < 0.05) == (interval.low > 0 or interval.high < 0)


@steady
@given(wave, st.integers(0, 60))
def test_the_finite_population_narrows_by_the_root_of_the_rest(
    counts: np.ndarray, absent: int
) -> None:
    n = int(counts.sum())
    plain, corrected = mean_interval(counts), mean_interval(counts, population=n + absent)
    if plain is not None and corrected is not None:
        factor = (absent / (n + absent)) ** 0.5
        assert corrected.high - corrected.low == pytest.approx(
            factor * (plain.high - plain.low), abs=1e-12
        )
