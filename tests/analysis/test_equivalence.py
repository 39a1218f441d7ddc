"""Two one-sided tests: against R, in step with the 90% intervals, and on the edges."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from statsmodels.stats.weightstats import ttost_paired

from analysis import significance
from analysis.intervals import (
    Interval,
    mean_difference_interval,
    newcombe_interval,
    tango_interval,
    welch_interval,
)
from analysis.significance import (
    TestResult,
    tost_paired_proportions,
    tost_paired_t,
    tost_proportions,
    tost_welch,
)

REFERENCE = Path(__file__).parents[1] / "reference" / "equivalence.json"
CASES = json.loads(REFERENCE.read_text(encoding="utf-8"))["cases"]

# None of these properties is about speed.
steady = settings(deadline=None)

pairs = st.tuples(*[st.integers(0, 15)] * 4).filter(any)
share = st.tuples(st.integers(0, 20), st.integers(0, 20)).map(lambda c: (c[0], c[0] + c[1]))
answered = share.filter(lambda c: c[1] > 0)
table = hnp.arrays(np.int64, (4, 4), elements=st.integers(0, 5))
wave = hnp.arrays(np.int64, 4, elements=st.integers(0, 8))
margins = st.floats(0.01, 0.69)


def assert_in_step(result: TestResult, interval: Interval | None, margin: float) -> None:
    """p below .05 exactly when the 90% interval lies inside the margin."""
    if result.p is not None:
        assert interval is not None
        assume(abs(result.p - 0.05) > 1e-9)
        assert (result.p < 0.05) == (-margin < interval.low and interval.high < margin)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['function']}: {case['name']}")
def test_agrees_with_r(case: dict[str, Any]) -> None:
    result = getattr(significance, case["function"])(**case["input"])
    actual = {field: getattr(result, field) for field in case["expected"]}
    assert actual == pytest.approx(case["expected"], rel=1e-9, abs=1e-11), case["guards"]


@steady
@given(counts=pairs, margin=margins)
def test_paired_proportions_follow_the_tango_interval(
    counts: tuple[int, ...], margin: float
) -> None:
    result = tost_paired_proportions(*counts, margin)
    assert_in_step(result, tango_interval(*counts, level=0.9), margin)


@steady
@given(before=answered, after=answered, margin=margins)
def test_proportions_follow_the_newcombe_interval(
    before: tuple[int, int], after: tuple[int, int], margin: float
) -> None:
    result = tost_proportions(*before, *after, margin)
    assert_in_step(result, newcombe_interval(*before, *after, level=0.9), margin)


@steady
@given(table=table, margin=st.floats(0.01, 3))
def test_paired_means_follow_their_interval_and_the_rows(table: np.ndarray, margin: float) -> None:
    result = tost_paired_t(table, margin)
    assert_in_step(result, mean_difference_interval(table, level=0.9), margin)
    if result.p is not None:
        rows, columns = np.nonzero(table)
        before, after = (np.repeat(codes, table[rows, columns]) for codes in (rows, columns))
        p, _, _ = ttost_paired(after.astype(float), before.astype(float), -margin, margin)
        assert result.p == pytest.approx(p)


@steady
@given(before=wave, after=wave, margin=st.floats(0.01, 3))
def test_means_follow_the_welch_interval(
    before: np.ndarray, after: np.ndarray, margin: float
) -> None:
    result = tost_welch(before, after, margin)
    assert_in_step(result, welch_interval(before, after, level=0.9), margin)


@steady
@given(counts=pairs, before=answered, after=answered, table=table, margin=margins)
def test_swapping_the_waves_keeps_p_and_flips_the_change(
    counts: tuple[int, ...],
    before: tuple[int, int],
    after: tuple[int, int],
    table: np.ndarray,
    margin: float,
) -> None:
    both, up, down, neither = counts
    ones, others = table.sum(axis=1), table.sum(axis=0)
    for there, back in (
        (
            tost_paired_proportions(*counts, margin),
            tost_paired_proportions(both, down, up, neither, margin),
        ),
        (
            tost_proportions(*before, *after, margin),
            tost_proportions(*after, *before, margin),
        ),
        (tost_paired_t(table, margin), tost_paired_t(table.T, margin)),
        (tost_welch(ones, others, margin), tost_welch(others, ones, margin)),
    ):
        assert back.p == pytest.approx(there.p)
        assert back.reason == there.reason
        if there.effect is not None:
            assert back.effect == pytest.approx(-there.effect, abs=1e-12)


@steady
@given(counts=pairs, before=answered, after=answered, margin=st.floats(0.01, 0.3))
def test_a_wider_margin_is_easier(
    counts: tuple[int, ...], before: tuple[int, int], after: tuple[int, int], margin: float
) -> None:
    for test, values in (
        (tost_paired_proportions, counts),
        (tost_proportions, (*before, *after)),
    ):
        narrow, wide = test(*values, margin).p, test(*values, 2 * margin).p
        assert narrow is not None
        assert wide is not None
        assert wide <= narrow + 1e-12


def test_a_change_as_large_as_the_margin_is_never_equivalent() -> None:
    # Guards against taking the smaller of the two p values, or a two-sided one.
    for result in (
        tost_paired_proportions(400, 150, 50, 400, 0.1),
        tost_proportions(400, 1000, 500, 1000, 0.1),
        tost_paired_t([[100, 200], [100, 600]], 0.1),
        tost_welch([60, 40], [50, 50], 0.1),
    ):
        assert result.p == pytest.approx(0.5)


def test_much_evidence_gives_a_small_p_and_no_error() -> None:
    assert tost_proportions(500_000, 10**6, 500_000, 10**6, 0.1).p == 0.0
    p = tost_paired_proportions(500_000, 100, 100, 499_800, 0.1).p
    assert p is not None
    assert p < 1e-300


def test_numpy_counts_do_not_overflow() -> None:
    small: list[Any] = [np.uint8(v) for v in (200, 250, 190, 240)]
    assert tost_proportions(*small, 0.1) == tost_proportions(200, 250, 190, 240, 0.1)
    assert tost_paired_proportions(*small, 0.1) == tost_paired_proportions(200, 250, 190, 240, 0.1)


def test_no_answers_have_no_p() -> None:
    assert tost_paired_proportions(0, 0, 0, 0, 0.1).reason.startswith("Geen enkele regio gaf")
    assert tost_proportions(0, 0, 3, 5, 0.1).reason.startswith("In minstens één van de jaren")
    assert tost_paired_t([[0, 0], [0, 0]], 0.5).reason.startswith("Geen enkele regio gaf")
    assert tost_paired_t([[0, 1], [0, 0]], 0.5).reason.startswith("Maar één regio")
    assert tost_welch([1, 0], [2, 3], 0.5).reason.startswith("Voor deze toets zijn in elk jaar")


def test_means_without_spread_have_a_change_but_no_p() -> None:
    # Guards against certainty from a variance of 0, and against NaN.
    same = tost_paired_t([[0, 5], [0, 0]], 2)
    assert (same.p, same.effect) == (None, 1.0)
    assert same.reason.startswith("Alle regio's veranderden precies evenveel.")
    nothing = tost_paired_t([[4, 0], [0, 2]], 0.5)
    assert (nothing.p, nothing.effect) == (None, 0.0)
    assert nothing.reason == (
        "Geen enkele regio veranderde. Dan is de kans op toeval niet te berekenen."
    )
    constant = tost_welch([4, 0], [0, 3], 0.5)
    assert (constant.p, constant.effect) == (None, 1.0)
    assert constant.reason.startswith("Binnen elk jaar gaven alle regio's hetzelfde antwoord.")


@pytest.mark.parametrize("margin", [0.0, -0.1, float("nan"), float("inf")])
def test_margins_must_be_positive_and_finite(margin: float) -> None:
    for test, arguments in (
        (tost_paired_proportions, (1, 2, 3, 4)),
        (tost_proportions, (1, 2, 3, 4)),
        (tost_paired_t, ([[1, 2], [3, 4]],)),
        (tost_welch, ([1, 2], [3, 4])),
    ):
        with pytest.raises(ValueError, match="margin must"):
            test(*arguments, margin)


def test_margins_of_proportions_are_fractions() -> None:
    with pytest.raises(ValueError, match="margin must"):
        tost_paired_proportions(1, 2, 3, 4, 1.0)
    # Two answers in each wave: the Newcombe interval lies inside +-0.75 at every level.
    assert newcombe_interval(1, 2, 1, 2, level=1 - 1e-15).high < 0.75
    with pytest.raises(ValueError, match="margin must"):
        tost_proportions(1, 2, 1, 2, 0.75)


def test_impossible_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="more yes than answers"):
        tost_proportions(3, 2, 1, 2, 0.1)
    with pytest.raises(ValueError, match="counts must be"):
        tost_paired_proportions(1, -1, 0, 0, 0.1)
    with pytest.raises(ValueError, match="must be square"):
        tost_paired_t([[1, 2]], 0.5)
