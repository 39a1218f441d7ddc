"""Weights and weighted means: against R's survey, against their definition, and on the edges."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from analysis.intervals import mean_interval
from analysis.significance import paired_t, welch_t
from analysis.weighted_means import (
    WeightedMean,
    weighted_change,
    weighted_difference,
    weighted_mean,
)
from analysis.weighting import EmptyCell, RakingFailed, effective_n, post_stratify, rake

REFERENCE = Path(__file__).parents[1] / "reference" / "weighting.json"
CASES = json.loads(REFERENCE.read_text(encoding="utf-8"))["cases"]

steady = settings(deadline=None)

# Cells with at least one respondent and their population.
strata = st.integers(1, 6).flatmap(
    lambda cells: st.tuples(
        hnp.arrays(np.int64, cells, elements=st.integers(1, 30)),
        hnp.arrays(np.int64, cells, elements=st.integers(1, 500)),
    )
)
# The same with the answers on three codes per cell, and those who gave none.
samples = st.integers(1, 5).flatmap(
    lambda cells: st.tuples(
        hnp.arrays(np.int64, (cells, 3), elements=st.integers(0, 6)),
        hnp.arrays(np.int64, cells, elements=st.integers(1, 4)),
        hnp.arrays(np.int64, cells, elements=st.integers(1, 500)),
    )
)
grids = st.tuples(st.integers(1, 4), st.integers(1, 4)).flatmap(
    lambda shape: st.tuples(
        hnp.arrays(np.int64, shape, elements=st.integers(1, 20)),
        hnp.arrays(np.int64, shape, elements=st.integers(1, 300)),
    )
)


def post_stratified_mean(
    counts: Any,
    scores: Any,
    population: Any,
    left_out: Any = None,
    regions: int | None = None,
    level: float = 0.95,
) -> WeightedMean:
    counts = np.asarray(counts)
    cells = np.arange(len(counts))
    left_out = np.zeros_like(cells) if left_out is None else np.asarray(left_out)
    weights = post_stratify(counts.sum(axis=1) + left_out, population)
    return weighted_mean(counts, scores, weights, [cells], left_out, level, regions)


def raked_mean(
    counts: Any,
    scores: Any,
    left_out: Any,
    rows: Any,
    columns: Any,
    row_totals: Any,
    column_totals: Any,
) -> WeightedMean:
    respondents = np.zeros((len(row_totals), len(column_totals)), dtype=int)
    respondents[rows, columns] = np.sum(counts, axis=1) + left_out
    weights = rake(respondents, row_totals, column_totals)[rows, columns]
    return weighted_mean(counts, scores, weights, [rows, columns], left_out)


def post_stratified_difference(before: Any, after: Any, scores: Any, population: Any) -> Any:
    waves = (post_stratified_mean(wave, scores, population) for wave in (before, after))
    return weighted_difference(*waves)


def post_stratified_change(counts: Any, scores: Any, population: Any, left_out: Any) -> Any:
    return weighted_change(post_stratified_mean(counts, scores, population, left_out))


FUNCTIONS = {
    function.__name__: function
    for function in (
        post_stratify,
        rake,
        effective_n,
        post_stratified_mean,
        raked_mean,
        post_stratified_difference,
        post_stratified_change,
    )
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['function']}: {case['name']}")
def test_agrees_with_r(case: dict[str, Any]) -> None:
    actual: Any = FUNCTIONS[case["function"]](**case["input"])
    expected = case["expected"]
    if isinstance(expected, dict):
        limits = {"low": actual.interval.low, "high": actual.interval.high}
        actual = [limits[f] if f in limits else getattr(actual, f) for f in expected]
        expected = list(expected.values())
    # R's rake projects in ten sweeps; Python solves at once.
    np.testing.assert_allclose(actual, expected, rtol=1e-8, atol=1e-12, err_msg=case["guards"])


# --- Weights


@steady
@given(strata)
def test_post_stratified_respondents_reproduce_the_population(
    stratum: tuple[np.ndarray, np.ndarray],
) -> None:
    respondents, population = stratum
    weights = post_stratify(respondents, population)
    assert (weights @ respondents) / respondents.sum() == pytest.approx(1)
    shares = weights * respondents / respondents.sum()
    assert shares == pytest.approx(population / population.sum())
    assert post_stratify(respondents, 1e6 * population) == pytest.approx(weights)


@steady
@given(grids)
def test_raked_respondents_reproduce_both_margins(grid: tuple[np.ndarray, np.ndarray]) -> None:
    respondents, population = grid
    rows, columns = population.sum(axis=1), population.sum(axis=0)
    weights = rake(respondents, rows, columns)
    weighted = weights * respondents / respondents.sum()
    assert weighted.sum() == pytest.approx(1)
    assert weighted.sum(axis=1) == pytest.approx(rows / rows.sum(), abs=1e-9)
    assert weighted.sum(axis=0) == pytest.approx(columns / columns.sum(), abs=1e-9)
    # Every weight is a factor of its row times one of its column.
    products = np.outer(weights[:, 0], weights[0])
    np.testing.assert_allclose(products, weights[0, 0] * weights, rtol=1e-6)
    assert rake(respondents, 1000 * rows, 1000 * columns) == pytest.approx(weights)
    turned = rake(respondents.T, columns, rows).T
    assert turned == pytest.approx(weights, rel=1e-5)


@steady
@given(strata)
def test_one_margin_is_post_stratification(stratum: tuple[np.ndarray, np.ndarray]) -> None:
    respondents, population = stratum
    one_column = rake(respondents[:, np.newaxis], population, [population.sum()])
    assert one_column[:, 0] == pytest.approx(post_stratify(respondents, population))


@steady
@given(hnp.arrays(np.int64, (3, 2), elements=st.integers(1, 20)), st.integers(1, 50))
def test_who_resembles_the_population_has_weight_one(respondents: np.ndarray, factor: int) -> None:
    population = factor * respondents
    assert post_stratify(respondents, population) == pytest.approx(np.ones((3, 2)))
    raked = rake(respondents, population.sum(axis=1), population.sum(axis=0))
    assert raked == pytest.approx(np.ones((3, 2)))


def test_a_cell_without_respondents_is_named() -> None:
    # Guards against an infinite weight, and against a silent loss of part of the population.
    with pytest.raises(EmptyCell, match="no respondents") as caught:
        post_stratify([[3, 0], [2, 4]], [[10, 5], [0, 10]])
    assert (caught.value.margin, caught.value.index) == ("cell", (0, 1))
    with pytest.raises(EmptyCell) as caught:
        rake([[3, 1], [0, 0]], [10, 5], [10, 5])
    assert (caught.value.margin, caught.value.index) == ("row", (1,))
    with pytest.raises(EmptyCell) as caught:
        rake([[3, 0], [2, 0]], [10, 5], [10, 5])
    assert (caught.value.margin, caught.value.index) == ("column", (1,))
    # The second row has respondents, but in a column without a population only.
    with pytest.raises(EmptyCell) as caught:
        rake([[3, 1], [0, 2]], [10, 5], [15, 0])
    assert (caught.value.margin, caught.value.index) == ("row", (1,))


def test_nobody_at_all_is_an_empty_cell() -> None:
    with pytest.raises(EmptyCell):
        post_stratify([0, 0], [1, 2])
    with pytest.raises(EmptyCell):
        rake([[0, 0]], [3], [1, 2])


def test_a_cell_in_neither_has_weight_zero() -> None:
    assert post_stratify([2, 0, 2], [5, 0, 5]).tolist() == [1, 0, 1]
    assert rake([[2, 0], [1, 0]], [2, 1], [3, 0]).tolist() == [[1, 0], [1, 0]]


def test_raking_that_cannot_succeed_says_so() -> None:
    # Nobody links the two groups, and their margins do not agree.
    with pytest.raises(RakingFailed):
        rake([[5, 0], [0, 5]], [50, 50], [60, 40])


def test_raking_goes_on_until_hard_margins_are_met() -> None:
    # Guards against giving up after R's ten rounds: this table takes thousands.
    respondents = np.array([[1000, 1], [1, 1000]])
    weighted = rake(respondents, [500, 500], [501, 499]) * respondents / respondents.sum()
    assert weighted.sum(axis=1) == pytest.approx([0.5, 0.5], abs=1e-9)
    assert weighted.sum(axis=0) == pytest.approx([0.501, 0.499], abs=1e-9)


@pytest.mark.parametrize("population", [[1, -1], [1, float("nan")], [1, None], [1, 2, 3], [0, 0]])
def test_weights_refuse_what_is_no_population(population: Any) -> None:
    with pytest.raises(ValueError, match="population"):
        post_stratify([1, 2], population)
    with pytest.raises(ValueError, match="population"):
        rake([[1, 2], [3, 4]], population, [1, 2])


def test_raking_refuses_margins_of_two_populations() -> None:
    with pytest.raises(ValueError, match="one population"):
        rake([[1, 2], [3, 4]], [5, 5], [5, 6])


@pytest.mark.parametrize("respondents", [[1, -2], [1, 0.5], [1, None], 3])
def test_weights_refuse_what_is_no_count(respondents: Any) -> None:
    with pytest.raises(ValueError, match="counts must be"):
        post_stratify(respondents, [1, 2])
    with pytest.raises(ValueError, match="counts must be"):
        effective_n(respondents, [1, 2])


# --- Effective n


@steady
@given(strata)
def test_weighting_never_adds_respondents(stratum: tuple[np.ndarray, np.ndarray]) -> None:
    respondents, population = stratum
    weights = post_stratify(respondents, population)
    effective = effective_n(respondents, weights)
    assert 1 - 1e-12 <= effective <= respondents.sum()
    assert effective_n(respondents, 7 * weights) == pytest.approx(effective)
    assert effective_n(respondents, np.full(respondents.shape, 0.3)) == respondents.sum()


def test_effective_n_without_weight_is_zero() -> None:
    assert effective_n([], []) == 0
    assert effective_n([0, 3], [1, 0]) == 0
    assert effective_n([4, 3], [1, 0]) == 4


# --- Means


@steady
@given(samples)
def test_equal_shares_give_the_unweighted_mean(
    sample: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    counts, _, _ = sample
    assume(counts.sum() >= 2)
    one = np.zeros(len(counts), dtype=int)
    result = weighted_mean(counts, [1, 2, 3], np.ones(len(counts)), [one])
    plain = mean_interval(counts.sum(axis=0), [1, 2, 3])
    assert plain is not None
    assert result.interval is not None
    assert (result.n, result.effective_n) == (counts.sum(), counts.sum())
    assert result.value == pytest.approx((plain.low + plain.high) / 2)
    limits = result.interval.low, result.interval.high
    assert limits == pytest.approx((plain.low, plain.high))


@steady
@given(samples)
def test_a_mean_is_the_sum_over_cells_of_population_times_cell_mean(
    sample: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    counts, _, population = sample
    assume((counts.sum(axis=1) > 0).all())
    result = post_stratified_mean(counts, [1, 2, 3], population)
    cell_means = counts @ [1, 2, 3] / counts.sum(axis=1)
    assert result.value == pytest.approx(cell_means @ population / population.sum())


@steady
@given(samples, st.floats(0.1, 100))
def test_the_scale_of_the_weights_and_the_order_of_cells_do_not_matter(
    sample: tuple[np.ndarray, np.ndarray, np.ndarray], factor: float
) -> None:
    counts, left_out, population = sample
    cells = np.arange(len(counts))
    weights = post_stratify(counts.sum(axis=1) + left_out, population)
    result = weighted_mean(counts, [1, 2, 3], weights, [cells], left_out)
    scaled = weighted_mean(counts, [1, 2, 3], factor * weights, [cells], left_out)
    turned = post_stratified_mean(counts[::-1], [1, 2, 3], population[::-1], left_out[::-1])
    for other in (scaled, turned):
        assert (other.n, other.reason) == (result.n, result.reason)
        assert other.value == (None if result.value is None else pytest.approx(result.value))
        assert other.se == (None if result.se is None else pytest.approx(result.se, abs=1e-12))


@steady
@given(samples)
def test_every_outcome_is_a_number_or_has_a_reason(
    sample: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    counts, left_out, population = sample
    result = post_stratified_mean(counts, [0, 0, 1], population, left_out)
    assert (result.se is None) == (result.interval is None) == (result.df is None)
    assert (result.se is None) == bool(result.reason)
    change = weighted_change(result)
    assert (change.p is None) == bool(change.reason)
    numbers = [*vars(result).values(), *vars(change).values()]
    assert all(np.isfinite(number) for number in numbers if isinstance(number, float))
    assert change.p is None or 0 <= change.p <= 1


def test_cells_outside_the_population_change_nothing() -> None:
    counts, left_out = np.array([[3, 4, 2], [1, 2, 2], [5, 0, 1]]), np.array([1, 0, 2])
    inside = post_stratified_mean(counts[:2], [1, 2, 3], [30, 20], left_out[:2])
    result = post_stratified_mean(counts, [1, 2, 3], [30, 20, 0], left_out)
    assert (result.n, result.df, result.reason) == (14, 13, "")
    assert (result.value, result.se) == pytest.approx((inside.value, inside.se))
    assert result.effective_n == pytest.approx(inside.effective_n)


def test_differences_that_the_weighting_explains_are_no_uncertainty() -> None:
    counts = np.array([[9, 1], [1, 9]])
    plain = weighted_mean(counts, [0, 1], [1, 1], [[0, 0]])
    weighted = weighted_mean(counts, [0, 1], [1, 1], [[0, 1]])
    assert plain.se is not None
    assert weighted.se is not None
    assert weighted.se < 0.7 * plain.se


@pytest.mark.parametrize("margins", [[[0, 1, 2]], [[0, 0, 1], [0, 1, 1]]])
def test_answers_that_differ_between_cells_only_have_no_standard_error(margins: Any) -> None:
    # Guards against an interval of width 0, as if three respondents left no doubt.
    result = weighted_mean([[1, 0, 0], [0, 1, 0], [0, 0, 1]], [1, 2, 3], [0.5, 1, 1.5], margins)
    assert result.value == pytest.approx(14 / 6)
    assert (result.se, result.interval, result.df) == (None, None, None)
    assert result.reason.startswith("De weging verklaart alle verschillen")
    assert weighted_change(result).p is None
    assert weighted_change(result).reason == result.reason


def test_equal_answers_have_a_standard_error_of_zero() -> None:
    # Guards against a huge t: 0.3 - 0.2 and 0.2 - 0.1 differ in floating point only.
    result = weighted_mean([[2, 1], [4, 3]], [0.3 - 0.2, 0.2 - 0.1], [0.7, 1.3], [[0, 1]], [1, 1])
    assert (result.value, result.se, result.reason) == (0.1, 0.0, "")
    assert result.interval is not None
    assert (result.interval.low, result.interval.high) == (0.1, 0.1)
    change = weighted_change(result)
    assert change.p is None
    assert change.reason.startswith("Alle regio's veranderden precies evenveel.")


def test_too_few_answers_have_a_reason() -> None:
    nobody = weighted_mean([[0, 0], [0, 0]], [0, 1], [1, 1], [[0, 1]], [3, 2])
    assert (nobody.value, nobody.n, nobody.effective_n) == (None, 0, 0)
    assert nobody.reason == "Geen enkele regio gaf een geldig antwoord."
    weightless = weighted_mean([[0, 0], [2, 1]], [0, 1], [1, 0], [[0, 1]], [3, 0])
    assert (weightless.value, weightless.n) == (None, 0)
    assert weightless.reason == "Alleen regio's met een gewicht van 0 gaven een geldig antwoord."
    one = weighted_mean([[0, 1], [0, 0]], [0, 1], [1, 1], [[0, 1]], [3, 2])
    assert (one.value, one.se, one.interval, one.n) == (1, None, None, 1)
    assert one.reason.startswith("Maar één regio gaf een geldig antwoord.")
    assert weighted_change(nobody).reason.startswith("Geen enkele regio gaf in beide jaren")
    assert weighted_change(one).reason.startswith("Maar één regio gaf in beide jaren")
    assert weighted_change(weightless).reason == weightless.reason
    assert weighted_mean(np.zeros((0, 2), dtype=int), [0, 1], [], [[]]).reason == nobody.reason


def test_a_complete_population_leaves_no_uncertainty() -> None:
    counts = [[3, 4, 2], [1, 2, 2]]
    result = post_stratified_mean(counts, [1, 2, 3], [10, 5], [0, 0], regions=14)
    assert result.se == 0
    assert result.interval is not None
    assert result.interval.method == "weighted_t_fpc"


ANSWERS: dict[str, Any] = {
    "counts": [[1, 2], [2, 1]],
    "scores": [0, 1],
    "weights": [1, 1],
    "margins": [[0, 1]],
}


@pytest.mark.parametrize(
    "wrong",
    [
        {"counts": [1, 2]},
        {"counts": [[1, -2], [2, 1]]},
        {"scores": [0, 1, 2]},
        {"scores": [0, float("nan")]},
        {"weights": [1, -1]},
        {"weights": [1, float("inf")]},
        {"weights": [1, 1, 1]},
        {"margins": []},
        {"margins": [[0, 1, 2]]},
        {"margins": [[0, 0.5]]},
        {"left_out": [1]},
        {"left_out": [1, -1]},
        {"level": 1.0},
        {"population": 5},
        {"population": 0},
    ],
    ids=str,
)
def test_means_refuse_what_does_not_fit(wrong: dict[str, Any]) -> None:
    assert weighted_mean(**ANSWERS).n == 6
    with pytest.raises(ValueError, match=r"must|need|expected|exceed|level"):
        weighted_mean(**ANSWERS | wrong)


# --- Changes


def equal(counts: Any, scores: Any) -> WeightedMean:
    """The estimate of one cell, in which all have weight 1."""
    return weighted_mean([counts], scores, [1], [[0]])


@steady
@given(
    *[hnp.arrays(np.int64, 4, elements=st.integers(0, 8)) for _ in range(2)],
)
def test_without_weights_a_difference_is_welch(before: np.ndarray, after: np.ndarray) -> None:
    scores = [1, 2, 3, 4]
    expected = welch_t(before, after, scores)
    result = weighted_difference(equal(before, scores), equal(after, scores))
    assert result.p == (None if expected.p is None else pytest.approx(expected.p))
    assert result.reason == expected.reason
    back = weighted_difference(equal(after, scores), equal(before, scores))
    assert back.p == (None if result.p is None else pytest.approx(result.p))
    if result.difference is not None:
        assert back.difference == pytest.approx(-result.difference)


@steady
@given(hnp.arrays(np.int64, (3, 3), elements=st.integers(0, 6)))
def test_without_weights_a_change_is_the_paired_t(table: np.ndarray) -> None:
    codes = np.arange(3)
    steps = (codes[np.newaxis, :] - codes[:, np.newaxis]).ravel()
    expected = paired_t(table)
    result = weighted_change(equal(table.ravel(), steps))
    assert result.p == (None if expected.p is None else pytest.approx(expected.p))
    assert result.statistic == (
        None if expected.statistic is None else pytest.approx(expected.statistic)
    )
    assert result.reason == expected.reason
    back = weighted_change(equal(table.ravel(), -steps))
    assert back.p == (None if result.p is None else pytest.approx(result.p))


@steady
@given(samples, samples)
def test_swapping_weighted_waves_flips_the_difference(
    first: tuple[np.ndarray, np.ndarray, np.ndarray],
    second: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    before, after = (
        post_stratified_mean(counts, [1, 2, 3], population, left_out)
        for counts, left_out, population in (first, second)
    )
    there, back = weighted_difference(before, after), weighted_difference(after, before)
    assert back.reason == there.reason
    assert (there.p is None) == bool(there.reason)
    assert back.p == (None if there.p is None else pytest.approx(there.p))
    if there.interval is not None:
        assert back.interval is not None
        limits = back.interval.low, back.interval.high
        assert limits == pytest.approx((-there.interval.high, -there.interval.low))
        # Star and interval agree.
        if there.p is not None and abs(there.p - 0.05) > 1e-9:
            outside = there.interval.low > 0 or there.interval.high < 0
            assert outside == (there.p < 0.05)


def test_a_wave_without_standard_error_has_no_test() -> None:
    sure = weighted_mean([[3, 2], [1, 4]], [0, 1], [1, 1], [[0, 1]])
    explained = weighted_mean([[3, 0], [0, 4]], [0, 1], [1, 1], [[0, 1]])
    one = equal([1, 0], [0, 1])
    assert weighted_difference(sure, explained).reason == explained.reason
    assert weighted_difference(sure, explained).p is None
    assert weighted_difference(one, sure).reason.startswith("Voor deze toets zijn in elk jaar")
    assert weighted_difference(one, sure).difference == pytest.approx(0.6)


def test_changes_refuse_estimates_of_another_kind() -> None:
    counts = [[1, 2], [2, 1]]
    plain = weighted_mean(counts, [0, 1], [1, 1], [[0, 1]])
    corrected = weighted_mean(counts, [0, 1], [1, 1], [[0, 1]], population=78)
    narrow = weighted_mean(counts, [0, 1], [1, 1], [[0, 1]], level=0.9)
    with pytest.raises(ValueError, match="finite population"):
        weighted_difference(plain, corrected)
    with pytest.raises(ValueError, match="finite population"):
        weighted_change(corrected)
    with pytest.raises(ValueError, match="one confidence level"):
        weighted_difference(plain, narrow)
