"""Whether groups changed equally: against R, where the theory gives a test, and on the edges."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.moments import moments, welch_error
from analysis.significance.heterogeneity import (
    GROUP_WITHOUT_SPREAD,
    ONE_GROUP,
    Heterogeneity,
    heterogeneity,
)
from analysis.significance.several_waves import welch_anova

REFERENCE = Path(__file__).parents[1] / "reference" / "heterogeneity.json"
CASES = json.loads(REFERENCE.read_text(encoding="utf-8"))["cases"]

# Changes of some groups with the variance of each and its degrees of freedom.
groups = st.lists(
    st.tuples(st.integers(-100, 100).map(lambda x: x / 50), st.floats(1e-4, 10), st.floats(1, 60)),
    min_size=2,
    max_size=8,
).map(lambda found: tuple(np.array(found).T))
Groups = tuple[np.ndarray, np.ndarray, np.ndarray]
samples = st.lists(st.lists(st.integers(0, 9), min_size=4, max_size=4), min_size=2, max_size=5)
steady = settings(deadline=None)


def independent_changes(before: Any, after: Any, scores: Any) -> Heterogeneity:
    waves = [[moments(group, scores) for group in wave] for wave in (before, after)]
    pairs = list(zip(*waves, strict=True))
    errors = [welch_error(first, last) for first, last in pairs]
    return heterogeneity(
        [last.mean - first.mean for first, last in pairs],
        [error**2 for error, _ in errors],
        [df for _, df in errors],
    )


FUNCTIONS = {"heterogeneity": heterogeneity, "independent_changes": independent_changes}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['function']}: {case['name']}")
def test_agrees_with_r(case: dict[str, Any]) -> None:
    found = FUNCTIONS[case["function"]](**case["input"])
    for field, value in case["expected"].items():
        assert getattr(found, field) == pytest.approx(value, rel=1e-9, abs=1e-300), case["guards"]
    assert found.reason == ""


@pytest.mark.parametrize("changes", [[], [0.3]])
def test_one_group_differs_from_none(changes: list[float]) -> None:
    found = heterogeneity(changes, [0.1] * len(changes), [9] * len(changes))
    assert found == (None, None, None, None, ONE_GROUP)


def test_equal_changes_have_p_1_also_without_any_spread() -> None:
    found = heterogeneity([0.25, 0.25, 0.25], [0.1, 0.0, 0.2], [9, 9, 9])
    assert found == (0.0, 2, None, 1.0, "")
    # 0.3 and 0.1 + 0.2 are one change
    assert heterogeneity([0.3, 0.1 + 0.2], [0.0, 0.0], [9, 9]) == (0.0, 1, None, 1.0, "")


def test_a_group_without_spread_gives_no_test_and_says_so() -> None:
    found = heterogeneity([0.0, 0.2], [0.0, 0.1], [9, 9])
    assert found == (None, None, None, None, GROUP_WITHOUT_SPREAD)


@pytest.mark.parametrize(
    ("changes", "variances", "dfs"),
    [
        ([0.1, 0.2], [0.1], [9, 9]),
        ([0.1, 0.2], [0.1, 0.1], [9]),
        ([[0.1, 0.2]], [[0.1, 0.2]], [[9, 9]]),
        ([0.1, float("nan")], [0.1, 0.1], [9, 9]),
        ([0.1, float("inf")], [0.1, 0.1], [9, 9]),
        ([0.1, 0.2], [0.1, -0.1], [9, 9]),
        ([0.1, 0.2], [0.1, float("nan")], [9, 9]),
        ([0.1, 0.2], [0.1, 0.1], [9, 0]),
        ([0.1, 0.2], [0.1, 0.1], [9, float("inf")]),
    ],
)
def test_invalid_groups_are_refused(changes: Any, variances: Any, dfs: Any) -> None:
    with pytest.raises(ValueError, match=r"change|changes"):
        heterogeneity(changes, variances, dfs)


@steady
@given(samples, st.data())
def test_of_one_sample_per_group_it_is_welchs_anova(counts: Any, data: st.DataObject) -> None:
    found = [moments(sample) for sample in counts]
    assume(all(sample.n > 1 and sample.variance > 0 for sample in found))
    expected = welch_anova(counts)
    here = heterogeneity(
        [sample.mean for sample in found],
        [sample.variance / sample.n for sample in found],
        [sample.n - 1 for sample in found],
    )
    assert here.p == pytest.approx(expected.p, rel=1e-9)
    assert (here.f, here.df) == (pytest.approx(expected.statistic, abs=1e-12), expected.df)
    if here.df_error is not None:
        assert here.df_error == pytest.approx(expected.df_error)


@steady
@given(groups, st.integers(-5, 5))
def test_only_differences_between_the_groups_count(found: Groups, shift: int) -> None:
    changes, variances, dfs = found
    assume(np.ptp(changes) > 0)
    here = heterogeneity(changes, variances, dfs)
    assert heterogeneity(changes + shift, variances, dfs).f == pytest.approx(here.f, rel=1e-6)
    assert heterogeneity(-changes, variances, dfs).f == pytest.approx(here.f, rel=1e-9)
    turned = heterogeneity(changes[::-1], variances[::-1], dfs[::-1])
    assert turned.p == pytest.approx(here.p, rel=1e-9)


@steady
@given(groups)
def test_twice_as_precise_is_twice_the_statistic(found: Groups) -> None:
    changes, variances, dfs = found
    assume(np.ptp(changes) > 0)
    here = heterogeneity(changes, variances, dfs)
    sharper = heterogeneity(changes, variances / 2, dfs)
    assert here.f is not None
    assert (sharper.f, sharper.df_error) == pytest.approx((2 * here.f, here.df_error), rel=1e-9)


@steady
@given(groups)
def test_what_is_known_less_well_is_less_surprising(found: Groups) -> None:
    changes, variances, dfs = found
    here, known = (heterogeneity(changes, variances, times * dfs) for times in (1, 1e9))
    assert here.f is not None
    assert known.f is not None
    assert here.f <= known.f * (1 + 1e-9)


def test_two_groups_are_one_contrast_of_four_samples() -> None:
    """The t test of it has the degrees of freedom of Satterthwaite over all four."""
    before, after = [[2, 4, 3, 1], [1, 2, 5, 4]], [[1, 2, 4, 5], [2, 13, 3, 3]]
    sign = np.array([-1, -1, 1, 1]) * np.array([1, -1, 1, -1])
    four = [moments(counts) for counts in (*before, *after)]
    error = np.array([sample.variance / sample.n for sample in four])
    df = error.sum() ** 2 / sum(error**2 / np.array([sample.n - 1 for sample in four]))
    t = sign @ np.array([sample.mean for sample in four]) / np.sqrt(error.sum())
    found = independent_changes(before, after, [0, 1, 2, 3])
    assert (found.f, found.df_error) == pytest.approx((t**2, df))
    assert found.p == pytest.approx(2 * stats.t.sf(abs(t), df))


def test_the_variances_of_small_groups_are_not_taken_as_known() -> None:
    """Of twelve provinces with five grades in each wave, where nothing differs."""
    chance = np.random.default_rng(7)
    estimated, known = [], []
    for _ in range(400):
        waves = np.clip(np.round(chance.normal(7, 1.3, (2, 12, 5))), 1, 10)
        change = waves[1].mean(axis=1) - waves[0].mean(axis=1)
        errors = waves.var(axis=2, ddof=1) / 5
        variance, squares = errors.sum(axis=0), (errors**2).sum(axis=0)
        if variance.min() == 0:
            continue
        estimated.append(heterogeneity(change, variance, 4 * variance**2 / squares).p)
        middle = np.average(change, weights=1 / variance)
        known.append(stats.chi2.sf(((change - middle) ** 2 / variance).sum(), 11))
    assert np.mean(np.array(known) < 0.05) > 0.12
    assert np.mean(np.array(estimated) < 0.05) < 0.08
