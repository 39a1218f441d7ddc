"""Power and detectable change: against R's brute force, and against each other."""

import json
from math import isqrt, pi, sqrt
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis import power
from analysis.power import (
    EXACT_FISHER_TABLES,
    detectable_mean_change,
    detectable_mean_change_independent,
    detectable_proportion_change_independent,
    detectable_score_change,
    detectable_score_change_independent,
    fisher_power,
    mcnemar_detectable_change,
    mcnemar_power,
    paired_t_power,
)
from analysis.significance import fisher_exact, mcnemar_midp

REFERENCE = Path(__file__).parents[1] / "reference" / "power.json"
CASES = [
    case
    for case in json.loads(REFERENCE.read_text(encoding="utf-8"))["cases"]
    if not case["function"].startswith("needed")  # those are test_planning's
]

# None of these properties is about speed.
steady = settings(deadline=None)

# Not between 0 and 1e-6: SciPy's binom.pmf overflows at a subnormal probability.
shares = st.sampled_from([0.0, 1.0]) | st.floats(1e-6, 1)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['function']}: {case['name']}")
def test_agrees_with_r(case: dict[str, Any]) -> None:
    actual = getattr(power, case["function"])(**case["input"])
    if case["expected"] is None:
        assert actual is None, case["guards"]
        return
    # The searches stop within 1e-8 of the change.
    assert actual == pytest.approx(case["expected"], rel=1e-9, abs=2e-8), case["guards"]


# --- Paired proportions


@pytest.mark.parametrize(("n", "points"), [(42, 22), (51, 20), (78, 17)])
def test_detectable_change_at_thirty_percent_discordance(n: int, points: int) -> None:
    change = mcnemar_detectable_change(n, 0.3)
    assert change is not None
    assert round(100 * change) == points


@steady
@given(st.integers(1, 120), st.floats(0.01, 1), st.floats(0, 1))
def test_mcnemar_power_has_no_direction_and_grows(n: int, discordance: float, part: float) -> None:
    change = part * discordance
    rise = mcnemar_power(n, discordance, change)
    assert mcnemar_power(n, discordance, -change) == pytest.approx(rise, abs=1e-12)
    assert 0 <= rise <= mcnemar_power(n, discordance, discordance) + 1e-12 <= 1 + 1e-9
    assert mcnemar_power(n, discordance, part * change) <= rise + 1e-9


@steady
@given(st.integers(1, 300), st.floats(0.01, 0.5))
def test_mcnemar_power_without_change_keeps_the_level(n: int, discordance: float) -> None:
    assert mcnemar_power(n, discordance, 0.0) < 0.05


def test_midp_can_exceed_its_level_when_nearly_all_pairs_change() -> None:
    # The documented limit of mid-p: twice P(at most 4 of 16).
    assert mcnemar_power(16, 1.0, 0.0) == pytest.approx(2 * float(stats.binom.cdf(4, 16, 0.5)))


@steady
@given(st.integers(0, 60), shares, st.floats(0.3, 0.95))
def test_detectable_change_is_where_the_power_is(n: int, discordance: float, wanted: float) -> None:
    change = mcnemar_detectable_change(n, discordance, wanted)
    if change is None:
        # All changed pairs the same way is the most extreme change there is.
        assert mcnemar_power(n, discordance, discordance) < wanted
    else:
        assert mcnemar_power(n, discordance, change) == pytest.approx(wanted, abs=1e-5)


def test_too_few_changes_detect_nothing() -> None:
    # Guards against a 'detectable' change above the discordance, or an error of the root finder.
    assert mcnemar_detectable_change(42, 0.05) is None
    assert mcnemar_detectable_change(42, 0.0) is None
    assert mcnemar_detectable_change(0, 0.3) is None
    # Four discordant pairs never make a star, five in one direction do.
    assert mcnemar_midp(4, 0) >= 0.05 > mcnemar_midp(5, 0)
    assert mcnemar_power(4, 1.0, 1.0) == 0.0
    assert mcnemar_power(5, 1.0, 1.0) == 1.0


def test_asymptotic_formulas_in_the_documentation() -> None:
    za, zb = stats.norm.isf(0.025), stats.norm.isf(0.2)
    psi = 0.3
    for n, connor, miettinen in ((42, 23.0, 21.9), (51, 21.0, 20.1), (78, 17.1, 16.7)):
        d = connor / 100
        assert ((za * sqrt(psi) + zb * sqrt(psi - d**2)) / d) ** 2 == pytest.approx(n, rel=0.01)
        d = miettinen / 100
        spread = sqrt(psi**2 - d**2 * (3 + psi) / 4)
        assert ((za * psi + zb * spread) / (sqrt(psi) * d)) ** 2 == pytest.approx(n, rel=0.01)


@pytest.mark.parametrize(
    "arguments",
    [(-1, 0.3, 0.1), (4.5, 0.3, 0.1), (42, 1.2, 0.1), (42, 0.3, 0.31), (42, 0.3, float("nan"))],
)
def test_mcnemar_power_refuses_the_impossible(arguments: tuple[Any, ...]) -> None:
    with pytest.raises(ValueError, match=r"counts must be|lie in|at least that discordance"):
        mcnemar_power(*arguments)


@pytest.mark.parametrize(("wanted", "alpha"), [(0.04, 0.05), (1.0, 0.05), (0.8, 0.0)])
def test_power_must_exceed_alpha(wanted: float, alpha: float) -> None:
    with pytest.raises(ValueError, match="0 < alpha < power < 1"):
        mcnemar_detectable_change(42, 0.3, wanted, alpha)
    with pytest.raises(ValueError, match="0 < alpha < power < 1"):
        detectable_mean_change(42, 1.0, wanted, alpha)


# --- Means and scores


@steady
@given(st.integers(2, 300), st.floats(0.1, 5), st.floats(0.2, 0.99))
def test_detectable_mean_change_scales_and_shrinks(n: int, sd: float, wanted: float) -> None:
    change = detectable_mean_change(n, sd, wanted)
    more = detectable_mean_change(n + 1, sd, wanted)
    assert change is not None
    assert more is not None
    assert 0 < more < change
    assert detectable_mean_change(n, 2 * sd, wanted) == pytest.approx(2 * change)
    # The rank test needs more, by the root of its efficiency.
    ranked = detectable_score_change(n, sd, wanted)
    assert ranked == pytest.approx(change * sqrt(pi / 3))


@steady
@given(st.integers(2, 300), st.floats(0.1, 5), st.floats(0.1, 0.95))
def test_paired_t_power_turns_the_detectable_change_around(
    n: int, sd: float, wanted: float
) -> None:
    change = detectable_mean_change(n, sd, wanted)
    assert change is not None
    assert paired_t_power(n, change, sd) == pytest.approx(wanted)
    assert paired_t_power(n, -change, sd) == pytest.approx(wanted)


def test_paired_t_power_of_nothing() -> None:
    assert paired_t_power(1, 3.0, 1.2) == 0.0
    assert paired_t_power(42, 0.0, 1.2) == pytest.approx(0.05)
    for change, sd in ((1.0, 0.0), (float("nan"), 1.0), (float("inf"), 1.0)):
        with pytest.raises(ValueError, match="with a spread"):
            paired_t_power(42, change, sd)


@steady
@given(st.integers(2, 80), st.integers(2, 80), st.floats(0.1, 5), st.floats(0.1, 5))
def test_independent_means_have_no_direction(a: int, b: int, sd_a: float, sd_b: float) -> None:
    change = detectable_mean_change_independent(a, b, sd_a, sd_b)
    assert change is not None
    assert detectable_mean_change_independent(b, a, sd_b, sd_a) == pytest.approx(change)
    assert detectable_score_change_independent(a, b, sd_a, sd_b) == pytest.approx(
        change * sqrt(pi / 3)
    )


def test_means_without_spread_or_answers_detect_nothing() -> None:
    assert detectable_mean_change(1, 1.0) is None
    assert detectable_mean_change(42, 0.0) is None
    assert detectable_score_change(0, 1.0) is None
    assert detectable_mean_change_independent(1, 40, 1.0, 1.0) is None
    assert detectable_mean_change_independent(40, 40, 0.0, 0.0) is None
    assert detectable_score_change_independent(40, 0, 1.0, 1.0) is None


@pytest.mark.parametrize("sd", [-1.0, float("nan"), float("inf")])
def test_a_standard_deviation_is_a_number_from_zero(sd: float) -> None:
    with pytest.raises(ValueError, match="standard deviation"):
        detectable_mean_change(42, sd)
    with pytest.raises(ValueError, match="standard deviation"):
        detectable_mean_change_independent(42, 42, 1.0, sd)


# --- Independent proportions


@settings(steady, max_examples=30)
@given(st.integers(1, 9), st.integers(1, 9), shares, shares)
def test_fisher_power_equals_enumeration(n: int, m: int, p: float, q: float) -> None:
    expected = sum(
        stats.binom.pmf(x, n, p) * stats.binom.pmf(y, m, q)
        for x in range(n + 1)
        for y in range(m + 1)
        if fisher_exact(x, n, y, m) < 0.05
    )
    assert fisher_power(n, m, p, q) == pytest.approx(float(expected), abs=1e-12)


@settings(steady, max_examples=30)
@given(st.integers(5, 60), st.integers(5, 60), st.floats(0.05, 0.95))
def test_detectable_change_of_a_proportion(n: int, m: int, p: float) -> None:
    change = detectable_proportion_change_independent(n, m, p)
    assume(change is not None)
    assert change is not None
    turned = detectable_proportion_change_independent(n, m, 1 - p)
    assume(abs(p - 0.5) > 1e-6)
    assert turned == pytest.approx(change, abs=1e-6)
    direction = 1 if p < 0.5 else -1
    assert fisher_power(n, m, p, p + direction * change) == pytest.approx(0.8, abs=1e-5)


def test_independent_proportions_without_answers_detect_nothing() -> None:
    assert fisher_power(0, 12, 0.1, 0.9) == 0.0
    assert detectable_proportion_change_independent(0, 12, 0.1) is None
    assert detectable_proportion_change_independent(3, 3, 0.5) is None
    with pytest.raises(ValueError, match="proportions must lie"):
        detectable_proportion_change_independent(42, 42, 1.5)


@pytest.mark.parametrize(("share", "points"), [(0.0, 0.6), (0.02, 0.3), (0.3, 0.1), (0.9, 0.1)])
def test_large_waves_go_on_where_the_exact_power_ends(share: float, points: float) -> None:
    # Guards against a jump at the switch to the approximation, in points of percentage.
    largest = isqrt(EXACT_FISHER_TABLES)
    exact = detectable_proportion_change_independent(largest, largest, share)
    approximate = detectable_proportion_change_independent(largest + 1, largest, share)
    assert exact is not None
    assert approximate is not None
    assert 100 * abs(approximate - exact) < points


def test_waves_of_unlike_size_go_on_as_documented() -> None:
    for share in (0.0, 0.1, 0.5):
        exact = detectable_proportion_change_independent(50, 2_000, share)
        approximate = detectable_proportion_change_independent(50, 2_001, share)
        assert exact is not None
        assert approximate is not None
        assert 0 < 100 * (approximate - exact) < 2.5


@steady
@given(st.integers(501, 10**7), st.integers(501, 10**7), shares, shares)
def test_power_of_large_waves(n: int, m: int, p: float, q: float) -> None:
    # Guards against an array of n * m tables, and against a division by a variance of 0.
    power_there = fisher_power(n, m, p, q)
    assert 0 <= power_there <= 1
    assert fisher_power(m, n, q, p) == pytest.approx(power_there)
    assert fisher_power(n, m, 1 - p, 1 - q) == pytest.approx(power_there, abs=1e-6)
    assert fisher_power(n, m, p, p) < 0.05


def test_large_waves_detect_smaller_changes() -> None:
    changes = [detectable_proportion_change_independent(n, n, 0.4) for n in (600, 10**4, 10**6)]
    assert None not in changes
    first, second, third = changes
    # With the root of the size: the continuity correction takes little.
    assert second == pytest.approx(third * 10, rel=0.02)
    assert first > second
    assert fisher_power(600, 600, 0.0, 0.0) == 0.0
    assert fisher_power(600, 600, 0.0, 1.0) == 1.0
