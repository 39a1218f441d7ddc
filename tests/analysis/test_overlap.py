"""Changes over all answers of partially overlapping waves: against R, the papers and the ends."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from analysis import significance
from analysis.intervals import mean_difference_interval, welch_interval
from analysis.significance import (
    OverlapResult,
    overlapping_means,
    overlapping_proportions,
    paired_t,
    welch_t,
)

REFERENCE = Path(__file__).parents[1] / "reference" / "overlap.json"
CASES = json.loads(REFERENCE.read_text(encoding="utf-8"))["cases"]

# None of these properties is about speed.
steady = settings(deadline=None)

part = st.tuples(st.integers(0, 8), st.integers(0, 8)).map(lambda c: (c[0], c[0] + c[1]))
regions = st.tuples(st.tuples(*[st.integers(0, 8)] * 4), part, part)
panel = hnp.arrays(np.int64, (4, 4), elements=st.integers(0, 4))
wave = hnp.arrays(np.int64, 4, elements=st.integers(0, 5))
NOBODY = [0, 0, 0, 0]


def leaves_out_zero(result: OverlapResult) -> bool:
    assert result.interval is not None
    return result.interval.low > 0 or result.interval.high < 0


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['function']}: {case['name']}")
def test_agrees_with_r(case: dict[str, Any]) -> None:
    result = getattr(significance, case["function"])(**case["input"])
    for field, expected in case["expected"].items():
        source = result.interval if field in ("low", "high") else result
        actual = getattr(source, field)
        if expected is None:
            assert actual is None, case["guards"]
        else:
            assert actual == pytest.approx(expected, rel=1e-9, abs=1e-11), case["guards"]


def test_published_example() -> None:
    # The example of Derrick et al. (2015) as their R package gives it: 15 pairs, 9 and 6 others.
    result = overlapping_proportions(8, 3, 1, 3, 5, 9, 6, 6)
    assert result.p == pytest.approx(0.053, abs=5e-4)
    assert (result.n_before, result.n_after, result.n_pairs) == (24, 21, 15)


# --- Proportions


@steady
@given(counts=regions)
def test_star_and_interval_of_proportions_agree(counts: Any) -> None:
    pairs, before, after = counts
    result = overlapping_proportions(*pairs, *before, *after)
    if result.interval is not None:
        assert result.p is not None
        assert (result.p < 0.05) == leaves_out_zero(result)
        assert -1 <= result.interval.low <= result.interval.high <= 1
        assert result.reason == ""
    else:
        assert result.reason


@steady
@given(counts=regions)
def test_swapping_waves_or_answers_flips_the_change_of_a_proportion(counts: Any) -> None:
    (both, up, down, neither), before, after = counts
    no_before, no_after = (before[1] - before[0], before[1]), (after[1] - after[0], after[1])
    there = overlapping_proportions(both, up, down, neither, *before, *after)
    for back in (
        overlapping_proportions(both, down, up, neither, *after, *before),
        overlapping_proportions(neither, down, up, both, *no_before, *no_after),
    ):
        assert back.reason == there.reason
        assert back.p == pytest.approx(there.p)
        if there.statistic is not None:
            assert back.statistic == pytest.approx(-there.statistic, abs=1e-12)


@steady
@given(counts=regions)
def test_pairs_that_agree_make_the_error_smaller(counts: Any) -> None:
    # Guards against adding the shared part: answers alike in both waves are worth less noise.
    (both, up, down, neither), before, after = counts
    assume(both * neither > up * down)
    paired = overlapping_proportions(both, up, down, neither, *before, *after)
    n, yes_before, yes_after = both + up + down + neither, both + down, both + up
    apart = overlapping_proportions(
        0, 0, 0, 0, before[0] + yes_before, before[1] + n, after[0] + yes_after, after[1] + n
    )
    assert paired.change == apart.change
    if paired.p is not None and paired.change:
        assert apart.p is not None
        assert paired.p < apart.p


def test_proportions_without_answers_have_no_p() -> None:
    nobody = overlapping_proportions(0, 0, 0, 0, 0, 0, 0, 0)
    assert (nobody.value_before, nobody.change, nobody.p, nobody.interval) == (None,) * 4
    one_wave = overlapping_proportions(0, 0, 0, 0, 3, 5, 0, 0)
    assert (one_wave.value_before, one_wave.value_after, one_wave.change) == (0.6, None, None)
    assert one_wave.reason == (
        "In minstens één van de jaren gaf geen enkele regio een geldig antwoord."
    )


@pytest.mark.parametrize(
    "counts", [(9, 0, 0, 0, 3, 3, 2, 2), (4, 0, 0, 5, 0, 0, 0, 0), (0, 0, 0, 0, 0, 1, 0, 1)]
)
def test_proportions_that_cannot_differ_have_p_one_and_no_interval(counts: Any) -> None:
    # Guards against NaN, and against an interval of width 0 that would claim certainty.
    result = overlapping_proportions(*counts)
    assert (result.statistic, result.p, result.interval) == (0.0, 1.0, None)
    assert result.reason == (
        "Er is geen spreiding. Dan is er geen betrouwbaarheidsinterval te berekenen."
    )


@pytest.mark.parametrize(
    "counts", [(1, 1, 1, 1, 3, 2, 0, 0), (1, 1, 1, 1, 0, 0, 3, 2), (-1, 1, 1, 1, 0, 0, 0, 0)]
)
def test_proportions_refuse_impossible_counts(counts: Any) -> None:
    with pytest.raises(ValueError, match=r"more yes|counts must be"):
        overlapping_proportions(*counts)


def test_levels_outside_zero_and_one_are_refused() -> None:
    with pytest.raises(ValueError, match="level must"):
        overlapping_proportions(1, 1, 1, 1, 0, 0, 0, 0, level=1.0)
    with pytest.raises(ValueError, match="level must"):
        overlapping_means([[1, 1], [1, 1]], [0, 0], [0, 0], level=95)


def test_numpy_counts_of_proportions_do_not_overflow() -> None:
    small: list[Any] = [np.uint8(v) for v in (200, 10, 30, 190, 100, 250, 90, 250)]
    assert overlapping_proportions(*small) == overlapping_proportions(
        200, 10, 30, 190, 100, 250, 90, 250
    )


# --- Means


@steady
@given(table=panel)
def test_means_without_unpaired_answers_are_the_paired_t_test(table: np.ndarray) -> None:
    result, paired = overlapping_means(table, NOBODY, NOBODY), paired_t(table)
    assert result.p == pytest.approx(paired.p)
    assert result.statistic == pytest.approx(paired.statistic)
    interval = mean_difference_interval(table)
    if result.interval is not None:
        assert interval is not None
        limits = (result.interval.low, result.interval.high)
        assert limits == pytest.approx((interval.low, interval.high))


@steady
@given(before=wave, after=wave)
def test_means_without_pairs_are_welchs_t_test(before: np.ndarray, after: np.ndarray) -> None:
    result, welch = overlapping_means(np.zeros((4, 4)), before, after), welch_t(before, after)
    assert result.p == pytest.approx(welch.p)
    assert result.statistic == pytest.approx(welch.statistic)
    interval = welch_interval(before, after)
    if result.interval is not None:
        assert interval is not None
        limits = (result.interval.low, result.interval.high)
        assert limits == pytest.approx((interval.low, interval.high))


@steady
@given(table=panel, before=wave, after=wave)
def test_means_swap_shift_and_agree_with_their_interval(
    table: np.ndarray, before: np.ndarray, after: np.ndarray
) -> None:
    there = overlapping_means(table, before, after)
    back = overlapping_means(table.T, after, before)
    assert back.p == pytest.approx(there.p)
    assert back.reason == there.reason
    turned = overlapping_means(table, before, after, [1, -2, -5, -8])
    assert turned.p == pytest.approx(there.p)
    if there.statistic is not None:
        assert back.statistic == pytest.approx(-there.statistic)
        assert turned.statistic == pytest.approx(-there.statistic)
    if there.interval is not None:
        assert there.p is not None
        assert (there.p < 0.05) == leaves_out_zero(there)
        assert there.df is not None
        # Never fewer degrees of freedom than the paired test of the pairs has.
        assert there.df >= max(1, there.n_pairs - 1) * (1 - 1e-12) or there.n_pairs < 2


def test_means_name_their_reason() -> None:
    empty = np.zeros((2, 2), dtype=int)
    assert overlapping_means(empty, [0, 0], [1, 2]).reason.startswith("In minstens één van")
    small = overlapping_means([[0, 1], [0, 0]], [0, 0], [2, 3])
    assert (small.value_before, small.p) == (0.0, None)
    assert small.reason.startswith("Voor deze toets zijn in elk jaar minstens twee")
    assert overlapping_means([[0, 4], [0, 0]], [0, 0], [0, 0]).reason.startswith(
        "Alle regio's veranderden precies evenveel."
    )
    constant = overlapping_means([[0, 4], [0, 0]], [3, 0], [0, 2])
    assert (constant.change, constant.p, constant.interval) == (1.0, None, None)
    assert constant.reason.startswith("Binnen elk jaar gaven alle regio's hetzelfde antwoord.")


@pytest.mark.parametrize("table", [[[4, 0], [0, 0]], [[0, 0], [0, 0]]])
def test_means_that_are_equal_for_everyone_have_p_one(table: Any) -> None:
    # The scores differ by rounding only: 3 * 0.1 / 3 is not 0.1 in floating point.
    result = overlapping_means(table, [3, 0], [2, 0], [0.1, 0.2])
    assert (result.statistic, result.p, result.interval) == (0.0, 1.0, None)
    assert result.reason.startswith("Er is geen spreiding.")


def test_means_refuse_another_scale() -> None:
    with pytest.raises(ValueError, match="one scale"):
        overlapping_means([[1, 2], [3, 4]], [1, 2, 3], [1, 2])
    with pytest.raises(ValueError, match="must be square"):
        overlapping_means([[1, 2]], [1, 2], [1, 2])
    with pytest.raises(ValueError, match="finite scores"):
        overlapping_means([[1, 2], [3, 4]], [1, 2], [1, 2], [1, float("nan")])
