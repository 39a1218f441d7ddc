"""Tests of three or more waves: against R, against the libraries on rows, and on the edges."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats
from statsmodels.genmod import families
from statsmodels.genmod.cov_struct import Exchangeable
from statsmodels.genmod.generalized_estimating_equations import GEE
from statsmodels.stats.contingency_tables import cochrans_q

from analysis import significance
from analysis.significance import (
    SeveralWavesResult,
    cochran_armitage,
    cochran_q,
    friedman,
    gee,
    kruskal_wallis,
    paired_t,
    welch_anova,
    welch_t,
)

REFERENCE = Path(__file__).parents[1] / "reference" / "several_waves.json"
CASES = json.loads(REFERENCE.read_text(encoding="utf-8"))["cases"]
NAN = float("nan")

steady = settings(deadline=None)
few = settings(deadline=None, max_examples=25)


def panels(answers: st.SearchStrategy[float], fewest: int = 2) -> st.SearchStrategy[Any]:
    """Patterns over two to five waves, with their counts."""
    return st.tuples(st.integers(1, 8), st.integers(fewest, 5)).flatmap(
        lambda shape: st.tuples(
            hnp.arrays(float, shape, elements=answers),
            hnp.arrays(np.int64, shape[0], elements=st.integers(0, 6)),
        )
    )


yes_no = st.sampled_from([0.0, 1.0])
grades = st.integers(1, 5).map(float)
missing = st.just(NAN)
independent = st.tuples(st.integers(2, 4), st.integers(1, 5)).flatmap(
    lambda shape: hnp.arrays(np.int64, shape, elements=st.integers(0, 8))
)


def fields(actual: Any, expected: dict[str, Any]) -> dict[str, Any]:
    found = {name: getattr(actual, name) for name in expected}
    nested = {name for name, value in expected.items() if isinstance(value, dict)}
    return {
        name: fields(value, expected[name]) if name in nested else value
        for name, value in found.items()
    }


def flat(values: dict[str, Any], path: str = "") -> dict[str, float]:
    return {
        key: number
        for name, value in values.items()
        for key, number in (
            flat(value, f"{path}{name}.") if isinstance(value, dict) else {path + name: value}
        ).items()
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['function']}: {case['name']}")
def test_agrees_with_r(case: dict[str, Any]) -> None:
    actual = fields(getattr(significance, case["function"])(**case["input"]), case["expected"])
    # geepack stops at 1e-13 per step of a slow scheme, so GEE holds to fewer digits.
    precision = 1e-7 if case["function"] == "gee" else 1e-9
    assert flat(actual) == pytest.approx(flat(case["expected"]), rel=precision, abs=1e-12)


# --- Panels: Cochran's Q and Friedman


@few
@given(panel=panels(yes_no))
def test_cochran_q_equals_statsmodels_on_rows(panel: Any) -> None:
    rows = np.repeat(*panel, axis=0)
    assume(np.ptp(rows, axis=1).any() if rows.size else False)
    expected = cochrans_q(rows.astype(int))
    result = cochran_q(*panel)
    assert (result.statistic, result.p) == pytest.approx((expected.statistic, expected.pvalue))
    assert result.n == len(rows)


@few
@given(panel=panels(grades, fewest=3))
def test_friedman_equals_scipy_on_rows(panel: Any) -> None:
    rows = np.repeat(*panel, axis=0)
    assume(np.ptp(rows, axis=1).any() if rows.size else False)
    expected = stats.friedmanchisquare(*rows.T)
    result = friedman(*panel)
    assert (result.statistic, result.p) == pytest.approx((expected.statistic, expected.pvalue))


@steady
@given(panel=panels(yes_no | missing))
def test_friedman_on_yes_and_no_is_cochran_q(panel: Any) -> None:
    q, chi2 = cochran_q(*panel), friedman(*panel)
    assert (q.n, q.reason) == (chi2.n, chi2.reason)
    if q.p is not None:
        assert q.effect is not None
        assert (q.statistic, q.p, q.effect) == pytest.approx((chi2.statistic, chi2.p, chi2.effect))
        assert -1e-12 <= q.effect <= 1 + 1e-12


def test_a_panel_without_change_is_one() -> None:
    # Guards against 0/0: there is no variance, but nothing changed either.
    stable = [[0, 0, 0], [1, 1, 1]]
    same = {"n": 12, "statistic": 0.0, "df": 2, "p": 1.0, "effect": 0.0}
    assert cochran_q(stable, [5, 7]) == SeveralWavesResult(
        "cochran_q", "q", "eta_squared_q", **same
    )
    assert friedman(stable, [5, 7]) == SeveralWavesResult("friedman", "chi2", "kendall_w", **same)


@pytest.mark.parametrize("test", [cochran_q, friedman])
def test_a_panel_needs_regions_in_all_waves(test: Any) -> None:
    for patterns, counts in ([[0, 1, NAN], [NAN, 1, 1]], [4, 9]), ([[0, 1, 1]], [0]):
        result = test(patterns, counts)
        assert (result.p, result.statistic, result.n) == (None, None, 0)
        assert result.reason == "Geen enkele regio gaf in alle jaren een geldig antwoord."
    assert test(np.empty((0, 3)), []).p is None
    assert test([[1], [0]], [3, 4]).reason.startswith("Er is maar één jaar")


def test_friedman_sees_through_rounding() -> None:
    # Guards against 0.1 + 0.2 ranked above 0.3.
    assert friedman([[0.1 + 0.2, 0.3, 0.3]], [5]).p == 1.0


@steady
@given(panel=panels(yes_no | missing), order=st.randoms(use_true_random=False))
def test_a_panel_test_knows_no_order_of_waves_and_no_gaps(panel: Any, order: Any) -> None:
    patterns, counts = panel
    columns = list(range(patterns.shape[1]))
    order.shuffle(columns)
    gap = np.where(np.arange(len(columns)) == 0, NAN, 1.0)
    shuffled = np.vstack([patterns[:, columns], gap]), [*counts, 6]
    for test in (cochran_q, friedman):
        there, back = test(*panel), test(*shuffled)
        assert (there.n, there.reason) == (back.n, back.reason)
        if there.p is not None:
            assert (there.p, there.effect) == pytest.approx((back.p, back.effect))


@pytest.mark.parametrize(
    ("patterns", "counts"),
    [
        ([[0, 1, 1]], [2, 3]),
        ([[0, 1, 1]], [-1]),
        ([[0, 1, 1]], [1.5]),
        ([0, 1, 1], [1]),
        ([[0, 1, float("inf")]], [1]),
        (np.empty((1, 0)), [1]),
    ],
)
def test_panel_tests_refuse_what_is_no_panel(patterns: Any, counts: Any) -> None:
    for test in (cochran_q, friedman, lambda *panel: gee(*panel, "gaussian")):
        with pytest.raises(ValueError, match="must be"):
            test(patterns, counts)


def test_yes_or_no_refuses_other_scores() -> None:
    for test in (cochran_q, lambda *panel: gee(*panel, "binomial")):
        with pytest.raises(ValueError, match="0, 1 or NaN"):
            test([[0, 1, 2]], [3])


# --- Independent waves


@few
@given(counts=independent)
def test_kruskal_wallis_equals_scipy_on_rows(counts: np.ndarray) -> None:
    waves = [np.repeat(np.arange(counts.shape[1]), wave) for wave in counts]
    assume(min(wave.size for wave in waves) > 0 and np.unique(np.concatenate(waves)).size > 1)
    expected = stats.kruskal(*waves)
    result = kruskal_wallis(counts)
    assert (result.statistic, result.p) == pytest.approx(
        (expected.statistic, expected.pvalue), abs=1e-6
    )
    assert result.effect is not None
    assert -1e-12 <= result.effect <= 1 + 1e-12


@few
@given(counts=independent)
def test_welch_anova_equals_scipy_on_rows(counts: np.ndarray) -> None:
    waves = [np.repeat(np.arange(counts.shape[1]), wave) for wave in counts]
    assume(min(np.unique(wave).size for wave in waves) > 1)
    expected = stats.f_oneway(*waves, equal_var=False)
    result = welch_anova(counts)
    assert (result.statistic, result.p) == pytest.approx(
        (expected.statistic, expected.pvalue), abs=1e-6
    )


@steady
@given(counts=independent)
def test_two_waves_are_the_tests_of_two(counts: np.ndarray) -> None:
    f, t = welch_anova(counts[:2]), welch_t(*counts[:2])
    if f.p is not None:
        assert t.p is not None
        assert f.p == pytest.approx(t.p)
    order = np.random.default_rng(1).permutation(len(counts))
    for test in (kruskal_wallis, welch_anova):
        there, back = test(counts), test(counts[order])
        assert there.reason == back.reason
        if there.p is not None:
            assert there.p == pytest.approx(back.p)


def test_one_answer_for_all_is_one() -> None:
    # Guards against the NaN of a variance that the ties take away completely.
    counts = [[0, 9, 0], [0, 4, 0], [0, 5, 0]]
    for test in (kruskal_wallis, welch_anova):
        result = test(counts)
        assert (result.p, result.statistic, result.effect, result.n) == (1.0, 0.0, 0.0, 18)


def test_independent_waves_name_their_reason() -> None:
    empty, small = [[1, 2], [0, 0], [3, 1]], [[1, 2], [0, 1], [3, 1]]
    assert kruskal_wallis(empty).reason.startswith("In minstens één van de jaren gaf geen enkele")
    assert kruskal_wallis(small).p is not None
    assert welch_anova(small).reason.startswith("Voor deze toets zijn in elk jaar minstens twee")
    # Guards against an infinite weight, which R turns into NaN.
    assert welch_anova([[1, 2], [0, 5], [3, 1]]).reason.startswith("In minstens één van de jaren")
    assert welch_anova([[5, 0], [0, 5], [5, 0]]).p is None
    for test in (kruskal_wallis, welch_anova):
        assert test([[4, 5]]).reason.startswith("Er is maar één jaar")
        with pytest.raises(ValueError, match="at least one wave"):
            test(np.empty((0, 3), dtype=int))
        with pytest.raises(ValueError, match="finite scores"):
            test([[4, 5], [2, 3]], [1, NAN])
        with pytest.raises(ValueError, match="must be"):
            test([[4, -5], [2, 3]])


def test_omega_squared_is_not_negative() -> None:
    result = welch_anova([[3, 3], [3, 3], [3, 3]])
    assert (result.effect, result.p) == (0.0, 1.0)


# --- Trend over independent waves


@steady
@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=2, max_size=5),
    st.integers(2, 5),
)
def test_trend_in_proportions(waves: list[tuple[int, int]], stretch: int) -> None:
    yes = np.array([wave[0] for wave in waves])
    n = yes + [wave[1] for wave in waves]
    there, back = cochran_armitage(yes, n), cochran_armitage(yes[::-1], n[::-1])
    assert there.reason == back.reason
    if there.p is None:
        assert n.min() == 0
        return
    assert there.z is not None
    assert there.effect is not None
    assert (back.p, back.z, back.effect) == pytest.approx(
        (there.p, -there.z, -there.effect), abs=1e-9
    )
    no = cochran_armitage(n - yes, n)
    assert no.z == pytest.approx(-there.z, abs=1e-9)
    slower = cochran_armitage(yes, n, 2000 + stretch * np.arange(len(n)))
    assert (slower.z, slower.effect) == pytest.approx((there.z, there.effect / stretch), abs=1e-9)
    if there.statistic == 0:
        assert there.p == 1.0


def test_trend_on_its_edges() -> None:
    for yes in ([0, 0, 0], [4, 5, 6]):  # guards against 0/0 at everyone no, everyone yes
        result = cochran_armitage(yes, [4, 5, 6])
        assert (result.p, result.z, result.effect) == (1.0, 0.0, 0.0)
    assert cochran_armitage([1, 0, 2], [3, 0, 4]).reason.startswith("In minstens één")
    assert cochran_armitage([1], [3]).reason.startswith("Er is maar één jaar")
    for wrong in ([3, 1], [1, 1, 1], [-1, 1]):
        with pytest.raises(ValueError, match=r"no more yes|counts must be|finite time"):
            cochran_armitage(wrong, [2, 2])
    for times in ([1, 1], [1, NAN], [1, 2, 3]):
        with pytest.raises(ValueError, match=r"finite time|its own time"):
            cochran_armitage([1, 2], [3, 3], times)


# --- GEE


def fitted_on_rows(patterns: np.ndarray, counts: np.ndarray, family: str) -> dict[str, float]:
    """The slope and the Wald test of statsmodels, with one row per answer."""
    rows = np.repeat(patterns, counts, axis=0)
    region, wave = np.nonzero(~np.isnan(rows))
    kind = {"binomial": families.Binomial, "gaussian": families.Gaussian}[family]

    def fit(design: np.ndarray) -> Any:
        model = GEE(rows[region, wave], design, region, family=kind(), cov_struct=Exchangeable())
        return model.fit(cov_type="bias_reduced", ddof_scale=0, ctol=1e-9, maxiter=500)

    straight = fit(np.column_stack([np.ones(wave.size), wave]))
    category = fit(np.eye(rows.shape[1])[wave])
    equal = np.eye(rows.shape[1])[1:] - np.eye(rows.shape[1])[0]
    test = category.wald_test(equal, scalar=True)
    return {
        "slope": straight.params[1],
        "error": straight.bse[1],
        "p": straight.pvalues[1],
        "chi2": float(test.statistic),
        "p_waves": float(test.pvalue),
    }


@pytest.mark.parametrize("family", ["binomial", "gaussian"])
@pytest.mark.parametrize("seed", range(6))
def test_gee_equals_statsmodels_on_rows(family: Any, seed: int) -> None:
    random = np.random.default_rng(seed)
    level = random.normal(size=(25, 1)) + random.normal(size=(25, 4)) + 0.2 * np.arange(4)
    patterns = (level > 0).astype(float) if family == "binomial" else np.round(2 * level + 6)
    patterns[random.random(patterns.shape) < 0.05 * seed] = NAN
    patterns = patterns[~np.isnan(patterns).all(axis=1)]
    counts = random.integers(1, 4, len(patterns))
    expected = fitted_on_rows(patterns, counts, family)
    result = gee(patterns, counts, family)
    actual = {
        "slope": result.trend.effect,
        "error": result.trend.error,
        "p": result.trend.p,
        "chi2": result.waves.statistic,
        "p_waves": result.waves.p,
    }
    assert actual == pytest.approx(expected, rel=1e-6, abs=1e-9)


@few
@given(panel=panels(grades | missing), data=st.data())
def test_gee_gives_a_number_or_a_reason(panel: Any, data: st.DataObject) -> None:
    # Guards against NaN, infinity and warnings: on every panel, however degenerate.
    family = data.draw(st.sampled_from(["binomial", "gaussian"]))
    patterns, counts = panel
    if family == "binomial":
        patterns = np.where(np.isnan(patterns), NAN, (patterns > 3).astype(float))
    result = gee(patterns, counts, family)
    for test in (result.waves, result.trend):
        assert (test.p is None) == bool(test.reason)
        numbers = [test.p, test.statistic, test.effect, test.error, test.z]
        assert all(number is None or np.isfinite(number) for number in numbers)
        assert test.p is None or 0 <= test.p <= 1


@few
@given(panel=panels(grades | missing, fewest=3), stretch=st.integers(2, 4))
def test_gee_turns_and_stretches_with_time(panel: Any, stretch: int) -> None:
    patterns, counts = panel
    there = gee(patterns, counts, "gaussian")
    assume(there.trend.p is not None and there.trend.effect is not None)
    years = 2012 + stretch * np.arange(patterns.shape[1])
    # One more region without any answer changes nothing.
    silent = np.vstack([patterns, np.full(patterns.shape[1], NAN)]), [*counts, 7]
    back = gee(silent[0][:, ::-1], silent[1], "gaussian", years)
    assert back.trend.n == there.trend.n
    assert (back.trend.p, back.trend.effect) == pytest.approx(
        (there.trend.p, -there.trend.effect / stretch), rel=1e-5, abs=1e-7
    )
    assert (back.waves.p is None) == (there.waves.p is None)


def test_gee_on_two_complete_waves_is_the_paired_t() -> None:
    table = np.array([[4, 3, 1], [1, 6, 5], [0, 2, 8]])
    before, after = np.nonzero(table)
    patterns = np.column_stack([before, after]).astype(float)
    result, t = gee(patterns, table[before, after], "gaussian"), paired_t(table)
    assert t.statistic is not None
    n = table.sum()
    # Reduced bias divides twice by n - 1, where the t test divides by n(n - 1); z is not t.
    assert result.trend.z == pytest.approx(t.statistic * np.sqrt((n - 1) / n))
    assert result.waves.p == pytest.approx(result.trend.p)


def test_gee_without_change_is_one() -> None:
    for patterns in ([[0, 0, 0], [1, 1, 1]], [[1, 1, 1], [1, NAN, 1]]):
        for family in ("binomial", "gaussian"):
            result = gee(patterns, [9, 4], family)
            assert (result.waves.p, result.trend.p, result.trend.effect) == (1.0, 1.0, 0.0)


@pytest.mark.parametrize(
    ("patterns", "counts", "start"),
    [
        ([[0], [1]], [5, 5], "Er is maar één jaar"),
        ([[0, 1, 1]], [1], "Maar één regio"),
        ([[0, 1, NAN], [1, 1, NAN]], [5, 6], "In minstens één van de jaren gaf geen enkele"),
        ([[0, NAN], [1, NAN], [NAN, 1], [NAN, 0]], [5, 6, 4, 3], "Geen enkele regio gaf in meer"),
        ([[0, 0, 1]], [6], "Binnen elk jaar gaven alle regio's hetzelfde antwoord."),
        ([], [], "In minstens één van de jaren gaf geen enkele"),
    ],
)
@pytest.mark.parametrize("family", ["binomial", "gaussian"])
def test_gee_names_its_reason(patterns: Any, counts: Any, start: str, family: Any) -> None:
    result = gee(patterns if patterns else np.empty((0, 3)), counts, family)
    for test in (result.waves, result.trend):
        assert test.p is None
        assert test.reason.startswith(start)


def test_gee_answers_each_question_apart() -> None:
    # All no in the first wave: log odds without bound, but a slope that can be estimated.
    result = gee([[0, 0, 1], [0, 1, 1], [0, 0, 0], [0, 1, 0]], [6, 9, 7, 3], "binomial")
    assert result.waves.reason.startswith("In minstens één van de jaren")
    assert result.trend.p is not None
    # All no, half, all yes: the slope has no bound either.
    result = gee([[0, 0, 1], [0, 1, 1]], [6, 9], "binomial")
    assert result.trend.reason.startswith("De antwoorden slaan")


def test_gee_does_not_test_a_constant_difference() -> None:
    result = gee([[1, 2, 3], [4, 5, 6], [2, 3, 4]], [5, 3, 4], "gaussian")
    for test in (result.waves, result.trend):
        assert test.p is None
        assert test.reason.startswith("De antwoorden van de regio's lopen zo gelijk op")


def test_gee_does_not_lean_on_one_region() -> None:
    # Guards against a correction that divides by 1 minus a leverage of 1.
    patterns = [[5, 6, NAN], [6, 6, NAN], [4, 6, NAN], [7, 6, 8]]
    assert gee(patterns, [5, 6, 4, 1], "gaussian").waves.reason.startswith(
        "In minstens één van de jaren hangt de uitkomst"
    )


def test_gee_counts_a_repeated_wave_once() -> None:
    # Two waves with the same answers have no difference and no variance: 0/0 in a Wald test.
    patterns, counts = [[0, 0, 1], [0, 0, 0], [1, 1, 1], [1, 1, 0]], [9, 8, 7, 2]
    three, two = (
        gee(patterns, counts, "binomial"),
        gee(np.array(patterns)[:, 1:], counts, "binomial"),
    )
    assert three.waves.df == 1
    assert (three.waves.statistic, three.waves.p) == pytest.approx(
        (two.waves.statistic, two.waves.p)
    )


def test_gee_refuses_another_family() -> None:
    with pytest.raises(ValueError, match="family must be"):
        gee([[0, 1]], [4], "poisson")  # type: ignore[arg-type]
