"""Tests of a change: against R, against plain enumeration, and on the edges."""

import json
from itertools import combinations, product
from math import comb
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats

from analysis import significance
from analysis.significance import (
    TestResult,
    benjamini_hochberg,
    brunner_munzel,
    fisher_exact,
    holm,
    mann_whitney,
    mcnemar_exact,
    mcnemar_midp,
    paired_t,
    welch_t,
    wilcoxon_pratt,
)

REFERENCE = Path(__file__).parents[1] / "reference" / "significance.json"
CASES = json.loads(REFERENCE.read_text(encoding="utf-8"))["cases"]

# None of these properties is about speed.
steady = settings(deadline=None)

small = st.integers(0, 40)
tables = st.integers(1, 5).flatmap(
    lambda size: hnp.arrays(np.int64, (size, size), elements=st.integers(0, 6))
)
waves = st.integers(1, 6).flatmap(
    lambda size: st.tuples(
        *[hnp.arrays(np.int64, size, elements=st.integers(0, 8)) for _ in range(2)]
    )
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['function']}: {case['name']}")
def test_agrees_with_r(case: dict[str, Any]) -> None:
    actual = getattr(significance, case["function"])(**case["input"])
    expected = case["expected"]
    if isinstance(expected, dict):
        actual = {field: getattr(actual, field) for field in expected}
    if isinstance(expected, list):  # pytest.approx takes no None
        assert [p is None for p in actual] == [p is None for p in expected], case["guards"]
        actual, expected = ([p for p in some if p is not None] for some in (actual, expected))
    assert actual == pytest.approx(expected, rel=1e-9, abs=1e-13), case["guards"]


def test_published_mcnemar_values() -> None:
    # Fagerland, Lydersen & Laake (2013), table 1: airway reactivity in 21 children.
    assert mcnemar_midp(7, 1) == pytest.approx(0.0391, abs=5e-5)
    assert mcnemar_exact(7, 1) == pytest.approx(0.0703, abs=5e-5)


# --- McNemar and Fisher


@pytest.mark.parametrize("test", [mcnemar_midp, mcnemar_exact])
def test_mcnemar_without_a_difference_is_one(test: Any) -> None:
    # Guards against an error at 0 changes and against .75, the continuity-corrected p at up = down.
    assert test(0, 0) == 1.0
    assert test(5, 5) == 1.0


@pytest.mark.parametrize(("up", "down"), [(-1, 3), (1.5, 2), (float("nan"), 2), ("3", 2)])
@pytest.mark.parametrize("test", [mcnemar_midp, mcnemar_exact])
def test_mcnemar_refuses_what_is_no_count(test: Any, up: Any, down: Any) -> None:
    with pytest.raises(ValueError, match="counts must be"):
        test(up, down)


@steady
@given(up=small, down=small)
def test_mcnemar_equals_the_binomial_sum(up: int, down: int) -> None:
    total, fewest = up + down, min(up, down)
    below = sum(comb(total, k) for k in range(fewest)) / 2**total
    observed = comb(total, fewest) / 2**total
    assert mcnemar_exact(up, down) == pytest.approx(min(1, 2 * (below + observed)))
    assert mcnemar_midp(up, down) == pytest.approx(min(1, 2 * below + observed))


@steady
@given(up=small, down=small)
def test_mcnemar_order_and_symmetry(up: int, down: int) -> None:
    assert mcnemar_midp(up, down) == mcnemar_midp(down, up)
    assert mcnemar_midp(up, down) <= mcnemar_exact(up, down)
    # Twice the same evidence is at least as strong.
    assert mcnemar_midp(2 * up, 2 * down) <= mcnemar_midp(up, down) + 1e-12


@steady
@given(st.integers(1, 12), st.integers(1, 12), st.data())
def test_fisher_equals_enumeration(before_n: int, after_n: int, data: st.DataObject) -> None:
    before = data.draw(st.integers(0, before_n))
    after = data.draw(st.integers(0, after_n))
    total = before + after
    ways = [comb(before_n, k) * comb(after_n, total - k) for k in range(total + 1)]
    expected = sum(w for w in ways if w <= ways[before]) / sum(ways)
    p = fisher_exact(before, before_n, after, after_n)
    assert p == pytest.approx(expected)
    assert fisher_exact(after, after_n, before, before_n) == pytest.approx(p)


@pytest.mark.parametrize("counts", [(0, 0, 1, 2), (1, 2, 0, 0), (3, 2, 1, 2), (-1, 2, 1, 2)])
def test_fisher_refuses_impossible_counts(counts: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match=r"each wave needs|counts must be"):
        fisher_exact(*counts)


# --- Wilcoxon, zeros by Pratt


def enumerated_pratt(table: np.ndarray) -> float:
    """Two-sided p over every way to give the observed ranks a sign."""
    rows, columns = np.nonzero(table)
    differences = np.repeat(columns - rows, table[rows, columns])
    ranks = stats.rankdata(abs(differences))[differences != 0]
    observed = abs((np.sign(differences[differences != 0]) * ranks).sum())
    sums = [abs(np.dot(signs, ranks)) for signs in product((-1, 1), repeat=ranks.size)]
    return float(np.mean(np.array(sums) >= observed - 1e-9))


@steady
@given(
    st.integers(2, 4).flatmap(
        lambda size: hnp.arrays(np.int64, (size, size), elements=st.integers(0, 2))
    )
)
def test_wilcoxon_equals_enumeration(table: np.ndarray) -> None:
    assume(0 < table.sum() - np.trace(table) <= 11)
    assert wilcoxon_pratt(table).p == pytest.approx(enumerated_pratt(table))


def test_wilcoxon_without_pairs_has_no_p() -> None:
    result = wilcoxon_pratt(np.zeros((5, 5), dtype=int))
    assert (result.p, result.effect, result.statistic) == (None, None, None)
    assert result.reason == "Geen enkele regio gaf in beide jaren een geldig antwoord."


def test_wilcoxon_with_nothing_but_zeros_is_one() -> None:
    # Guards against NaN: there is no variance, but nothing changed either.
    expected = TestResult("wilcoxon_pratt", 0.0, 1.0, 0.0, "matched_rank_biserial")
    assert wilcoxon_pratt(np.diag([3, 0, 8])) == expected
    assert wilcoxon_pratt([[4]]) == expected


def test_wilcoxon_takes_equal_steps_of_fractions_for_ties() -> None:
    # Guards against 0.3 - 0.2 and 0.2 - 0.1 as two different steps.
    table = [[0, 3, 0], [1, 0, 4], [0, 2, 0]]
    assert wilcoxon_pratt(table, [0.1, 0.2, 0.3]) == wilcoxon_pratt(table)


def test_wilcoxon_says_when_it_is_not_exact() -> None:
    at_limit = np.array([[540, 250], [210, 0]])
    above = at_limit + np.array([[1, 0], [0, 0]])
    exact, normal = wilcoxon_pratt(at_limit), wilcoxon_pratt(above)
    assert (exact.test, normal.test) == ("wilcoxon_pratt", "wilcoxon_pratt_normal")
    assert exact.p is not None
    assert normal.p is not None
    # The normal form has no continuity correction, so it lies between p and mid-p.
    assert 0.9 * exact.p < normal.p < exact.p


@pytest.mark.parametrize("wrong", [[[1, 2]], [1, 2], [[1, -1], [0, 2]], [[1, None], [0, 2]]])
@pytest.mark.parametrize("test", [wilcoxon_pratt, paired_t])
def test_paired_tests_refuse_what_is_no_transition_table(test: Any, wrong: Any) -> None:
    with pytest.raises(ValueError, match="must be"):
        test(wrong)


@pytest.mark.parametrize("scores", [[1, 2, 3], [1, float("nan")], [1, float("inf")]])
def test_scores_must_fit_and_be_finite(scores: list[float]) -> None:
    with pytest.raises(ValueError, match="finite scores"):
        wilcoxon_pratt([[1, 2], [3, 4]], scores)
    with pytest.raises(ValueError, match="finite scores"):
        mann_whitney([1, 2], [3, 4], scores)
    with pytest.raises(ValueError, match="finite scores"):
        welch_t([1, 2], [3, 4], scores)


@pytest.mark.parametrize("test", [wilcoxon_pratt, paired_t])
@steady
@given(table=tables)
def test_swapping_the_waves_of_a_panel_flips_the_effect(test: Any, table: np.ndarray) -> None:
    there, back = test(table), test(table.T)
    assert back.p == pytest.approx(there.p)
    assert back.reason == there.reason
    if there.effect is not None:
        assert back.effect == pytest.approx(-there.effect)


@steady
@given(table=tables)
def test_twice_the_same_panel_is_stronger_evidence(table: np.ndarray) -> None:
    once, twice = paired_t(table).p, paired_t(2 * table).p
    if once is not None:
        assert twice is not None
        assert twice <= once + 1e-12
    once, twice = wilcoxon_pratt(table).p, wilcoxon_pratt(2 * table).p
    # Near p = 1 the steps of an exact distribution can turn this around by a hair.
    if once is not None and once < 0.3:
        assert twice is not None
        assert twice <= once + 1e-12


# --- Mann-Whitney


@steady
@given(st.integers(2, 9).flatmap(lambda n: st.permutations(range(n))), st.data())
def test_mann_whitney_without_ties_equals_enumeration(
    order: list[int], data: st.DataObject
) -> None:
    n = len(order)
    n_after = data.draw(st.integers(1, n - 1))
    after = np.isin(np.arange(n), order[:n_after]).astype(int)
    centre = n_after * (n - 1) / 2
    observed = abs(np.flatnonzero(after).sum() - centre)
    sums = [abs(sum(chosen) - centre) for chosen in combinations(range(n), n_after)]
    expected = float(np.mean(np.array(sums) >= observed - 1e-9))
    assert mann_whitney(1 - after, after).p == pytest.approx(expected)


@steady
@given(waves=waves)
def test_mann_whitney_equals_the_rows(waves: tuple[np.ndarray, np.ndarray]) -> None:
    before, after = (np.repeat(np.arange(wave.size), wave) for wave in waves)
    assume(before.size and after.size and np.unique([*before, *after]).size > 1)
    assume(max(waves[0] + waves[1]) > 1)  # without ties the exact form applies
    expected = stats.mannwhitneyu(after, before, method="asymptotic", use_continuity=True)
    result = mann_whitney(*waves)
    assert result.p == pytest.approx(expected.pvalue)
    assert result.statistic == pytest.approx(expected.statistic)


@pytest.mark.parametrize(("before", "after"), [([0, 0], [1, 2]), ([1, 2], [0, 0]), ([], [])])
def test_mann_whitney_with_an_empty_wave_has_no_p(before: list[int], after: list[int]) -> None:
    result = mann_whitney(before, after)
    assert result.p is None
    assert result.effect is None
    assert (
        result.reason == "In minstens één van de jaren gaf geen enkele regio een geldig antwoord."
    )


def test_mann_whitney_with_one_answer_for_all_is_one() -> None:
    # Guards against the NaN of a variance that the ties take away completely.
    result = mann_whitney([0, 9, 0], [0, 4, 0])
    assert (result.p, result.effect) == (1.0, 0.0)


def test_mann_whitney_refuses_two_scales() -> None:
    with pytest.raises(ValueError, match="one scale"):
        mann_whitney([1, 2], [1, 2, 3])


def test_scores_order_and_merge_codes() -> None:
    plain = mann_whitney([1, 4, 2], [5, 1, 0])
    turned = mann_whitney([1, 4, 2], [5, 1, 0], [3, 2, 1])
    assert plain.effect is not None
    assert turned.effect == pytest.approx(-plain.effect)
    merged = mann_whitney([1, 4, 2], [5, 1, 0], [1, 1, 2])
    assert merged == mann_whitney([5, 2], [6, 0])


@pytest.mark.parametrize("test", [mann_whitney, welch_t])
@steady
@given(waves=waves)
def test_swapping_independent_waves_flips_the_effect(
    test: Any, waves: tuple[np.ndarray, np.ndarray]
) -> None:
    there, back = test(*waves), test(*reversed(waves))
    assert back.p == pytest.approx(there.p)
    assert back.reason == there.reason
    if there.effect is not None:
        assert back.effect == pytest.approx(-there.effect, abs=1e-12)
        twice = test(*(2 * wave for wave in waves))
        assert twice.p <= there.p + 1e-12


# --- Brunner-Munzel


@steady
@given(waves=waves)
def test_brunner_munzel_equals_the_rows(waves: tuple[np.ndarray, np.ndarray]) -> None:
    result = brunner_munzel(*waves)
    assume(result.p is not None and result.effect != 0.5)
    before, after = (np.repeat(np.arange(wave.size), wave) for wave in waves)
    expected = stats.brunnermunzel(before, after)
    assert result.p == pytest.approx(expected.pvalue)
    assert result.statistic == pytest.approx(expected.statistic)
    higher = np.sign(after[:, None] - before[None, :])
    assert result.effect == pytest.approx((higher.mean() + 1) / 2)


@steady
@given(waves=waves)
def test_brunner_munzel_and_mann_whitney_look_at_the_same_pairs(
    waves: tuple[np.ndarray, np.ndarray],
) -> None:
    result, back, other = (
        brunner_munzel(*waves),
        brunner_munzel(*reversed(waves)),
        mann_whitney(*waves),
    )
    assert back.p == pytest.approx(result.p)
    assert back.reason == result.reason
    if result.effect is not None:
        assert other.effect is not None
        assert 2 * result.effect - 1 == pytest.approx(other.effect, abs=1e-12)
        assert back.effect == pytest.approx(1 - result.effect)


def test_brunner_munzel_names_its_reason() -> None:
    # Guards against the p of 0 or NaN from a variance of 0.
    apart = brunner_munzel([0, 4, 1, 0], [0, 0, 0, 5])
    assert (apart.p, apart.statistic, apart.effect) == (None, None, 1.0)
    assert apart.reason == (
        "Alle antwoorden van het ene jaar liggen boven die van het andere. "
        "Dan is de kans op toeval met deze toets niet te berekenen."
    )
    assert brunner_munzel([0, 3], [3, 0]).effect == 0.0
    assert brunner_munzel([1, 0], [2, 3]).reason.startswith("Voor deze toets zijn in elk jaar")
    assert brunner_munzel([0, 0], [0, 0]).p is None
    same = TestResult("brunner_munzel", 0.0, 1.0, 0.5, "relative_effect")
    assert brunner_munzel([0, 4], [0, 9]) == same
    with pytest.raises(ValueError, match="one scale"):
        brunner_munzel([1, 2], [1, 2, 3])


# --- t tests


@steady
@given(table=tables)
def test_paired_t_equals_the_rows(table: np.ndarray) -> None:
    rows, columns = np.nonzero(table)
    before, after = (np.repeat(codes, table[rows, columns]) for codes in (rows, columns))
    assume(np.unique(after - before).size > 1)
    expected = stats.ttest_rel(after, before)
    result = paired_t(table)
    assert (result.statistic, result.p) == pytest.approx((expected.statistic, expected.pvalue))


def test_paired_t_names_its_reason() -> None:
    # Guards against the NaN of scipy.stats.ttest_rel, which explains nothing.
    assert paired_t([[0, 5], [0, 0]]).reason == (
        "Alle regio's veranderden precies evenveel. Dan is de kans op toeval niet te berekenen."
    )
    assert paired_t([[0, 1], [0, 0]]).reason.startswith("Maar één regio")
    assert paired_t([[0, 0], [0, 0]]).reason.startswith("Geen enkele regio")
    assert paired_t([[4, 0], [0, 2]]) == TestResult("paired_t", 0.0, 1.0, 0.0, "cohen_dz")


def test_paired_t_sees_through_rounding() -> None:
    # Guards against a huge t: 0.3 - 0.2 and 0.2 - 0.1 differ in floating point only.
    assert paired_t([[0, 3, 0], [0, 0, 4], [0, 0, 0]], [0.1, 0.2, 0.3]).p is None


def test_welch_t_names_its_reason() -> None:
    assert welch_t([1, 0], [2, 3]).reason == (
        "Voor deze toets zijn in elk jaar minstens twee geldige antwoorden nodig."
    )
    assert welch_t([4, 0], [0, 3]).reason.startswith("Binnen elk jaar gaven alle regio's")
    assert welch_t([4, 0], [3, 0]) == TestResult("welch_t", 0.0, 1.0, 0.0, "hedges_g")


def test_welch_t_takes_equal_means_for_equal() -> None:
    # Guards against 3 * 0.1 / 3, which is not 0.1 in floating point, as a difference.
    assert welch_t([3, 0], [2, 0], [0.1, 0.2]).p == 1.0


# --- Several tests


@settings(steady, max_examples=15)  # statsmodels collects garbage in each call of Holm's method
@given(st.lists(st.none() | st.floats(0, 1), max_size=12))
def test_adjusting_ignores_what_was_not_tested(p_values: list[float | None]) -> None:
    known = [p for p in p_values if p is not None]
    for adjust in (holm, benjamini_hochberg):
        adjusted = adjust(p_values)
        assert [p is None for p in adjusted] == [p is None for p in p_values]
        assert [p for p in adjusted if p is not None] == adjust(known)
        for raw, corrected in zip(p_values, adjusted, strict=True):
            if raw is not None and corrected is not None:
                # One step of rounding: Benjamini-Hochberg divides by a rank and multiplies again.
                assert raw * (1 - 1e-12) <= corrected <= 1


@settings(steady, max_examples=15)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_is_its_definition(p_values: list[float]) -> None:
    order = sorted(range(len(p_values)), key=p_values.__getitem__)
    running, expected = 0.0, [0.0] * len(p_values)
    for rank, index in enumerate(order):
        running = max(running, min(1.0, (len(p_values) - rank) * p_values[index]))
        expected[index] = running
    assert holm(p_values) == pytest.approx(expected)


@pytest.mark.parametrize("adjust", [holm, benjamini_hochberg])
@pytest.mark.parametrize("wrong", [float("nan"), -0.1, 1.1])
def test_adjusting_refuses_what_is_no_probability(adjust: Any, wrong: float) -> None:
    with pytest.raises(ValueError, match=r"lie in \[0, 1\]"):
        adjust([0.2, wrong])
