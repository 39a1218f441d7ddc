"""Scale quality: against psych in R, against plain rows, and on the edges."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from analysis import reliability
from analysis.reliability import block_scores, cronbach_alpha, item_rest_correlations

REFERENCE = Path(__file__).parents[1] / "reference" / "reliability.json"
CASES = json.loads(REFERENCE.read_text(encoding="utf-8"))["cases"]

steady = settings(deadline=None)

# Scores 1-5 on at least two items; a missing one is drawn as 0 and becomes NaN.
blocks = st.tuples(st.integers(1, 8), st.integers(2, 5)).flatmap(
    lambda shape: st.tuples(
        hnp.arrays(np.int64, shape, elements=st.integers(0, 5)).map(
            lambda codes: np.where(codes == 0, np.nan, codes)
        ),
        hnp.arrays(np.int64, shape[0], elements=st.integers(0, 4)),
    )
)
Block = tuple[np.ndarray, np.ndarray]


def complete_rows(patterns: np.ndarray, counts: np.ndarray) -> np.ndarray:
    rows = np.repeat(patterns, counts, axis=0)
    return rows[~np.isnan(rows).any(axis=1)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['function']}: {case['name']}")
def test_agrees_with_r(case: dict[str, Any]) -> None:
    actual = getattr(reliability, case["function"])(**case["input"])
    expected = case["expected"]
    if case["function"] == "item_rest_correlations":
        actual = [item.correlation for item in actual]
    if isinstance(expected, dict):
        limits = {"low": actual.interval.low, "high": actual.interval.high}
        actual = [limits[f] if f in limits else getattr(actual, f) for f in expected]
        expected = list(expected.values())
    actual, expected = (np.asarray(some, dtype=float) for some in (actual, expected))
    np.testing.assert_allclose(actual, expected, rtol=1e-9, err_msg=case["guards"])


# --- Alpha


@steady
@given(blocks)
def test_alpha_equals_its_definition_on_rows(block: Block) -> None:
    rows = complete_rows(*block)
    result = cronbach_alpha(*block)
    assert (result.n, result.k) == rows.shape
    if len(rows) < 2 or np.ptp(rows.sum(axis=1)) == 0:
        assert (result.alpha, result.interval) == (None, None)
        assert result.reason
        return
    k = rows.shape[1]
    items = rows.var(axis=0, ddof=1).sum()
    assert result.alpha == pytest.approx(
        k / (k - 1) * (1 - items / rows.sum(axis=1).var(ddof=1)), abs=1e-9
    )
    assert result.interval is not None
    assert result.interval.low <= result.interval.high <= 1
    assert not result.reason


@steady
@given(blocks, st.permutations(range(5)))
def test_alpha_ignores_order_unit_and_incomplete_answers(block: Block, order: list[int]) -> None:
    patterns, counts = block
    expected = cronbach_alpha(patterns, counts).alpha
    k = patterns.shape[1]
    turned = patterns[::-1, [item for item in order if item < k]]
    incomplete = np.full((1, k), 5.0)
    incomplete[0, 0] = np.nan
    others = (
        cronbach_alpha(turned, counts[::-1]),
        cronbach_alpha(10 - 2 * patterns, counts),
        cronbach_alpha(np.vstack([patterns, incomplete]), [*counts, 7]),
        # Written out, one row per respondent.
        cronbach_alpha(np.repeat(patterns, counts, axis=0), np.ones(counts.sum(), dtype=int)),
    )
    for other in others:
        assert other.alpha == (None if expected is None else pytest.approx(expected, abs=1e-9))


def test_the_same_item_twice_has_alpha_one() -> None:
    result = cronbach_alpha([[1, 1], [2, 2], [5, 5]], [3, 4, 2])
    assert result.alpha == 1
    assert result.interval is not None
    assert (result.interval.low, result.interval.high) == (1, 1)


@steady
@given(hnp.arrays(np.int64, 5, elements=st.integers(0, 9)), st.floats(0.05, 3))
def test_alpha_never_exceeds_one_by_rounding(counts: np.ndarray, step: float) -> None:
    patterns = np.repeat(step * np.arange(5)[:, np.newaxis], 3, axis=1)
    result = cronbach_alpha(patterns, counts)
    if result.alpha is not None:
        assert result.alpha <= 1
        assert result.alpha == pytest.approx(1)
        assert result.interval is not None
        assert result.interval.low <= result.alpha <= result.interval.high


def test_alpha_names_its_reason() -> None:
    assert cronbach_alpha([[1], [2]], [3, 4]).reason.startswith("Dit blok heeft maar één vraag.")
    few = cronbach_alpha([[1, 2], [2, None]], [1, 9])
    assert (few.alpha, few.n, few.k) == (None, 1, 2)
    assert few.reason.startswith("Minder dan twee regio's gaven op alle vragen")
    nobody = cronbach_alpha(np.full((2, 3), np.nan), [4, 1])
    assert (nobody.n, nobody.reason) == (0, few.reason)
    assert cronbach_alpha(np.zeros((0, 3)), []).reason == few.reason
    # Guards against minus infinity: the items cancel out.
    assert cronbach_alpha([[1, 3], [3, 1]], [2, 5]).reason.startswith("Alle regio's hebben dezelf")
    assert cronbach_alpha([[4, 4, 4]], [9]).reason.startswith("Alle regio's hebben dezelfde")


# --- Item-rest correlations


@steady
@given(blocks)
def test_item_rest_correlations_equal_the_rows(block: Block) -> None:
    rows = complete_rows(*block)
    for place, result in enumerate(item_rest_correlations(*block)):
        assert result.n == len(rows)
        assert (result.correlation is None) == bool(result.reason)
        item, rest = rows[:, place], np.delete(rows, place, axis=1).sum(axis=1)
        if len(rows) < 2 or np.ptp(item) == 0 or np.ptp(rest) == 0:
            assert result.correlation is None
        else:
            expected = np.corrcoef(item, rest)[0, 1]
            assert result.correlation == pytest.approx(expected, abs=1e-9)
            assert abs(result.correlation) <= 1


def test_item_rest_correlations_name_their_reason() -> None:
    constant = item_rest_correlations([[1, 3, 1], [2, 3, 2], [5, 3, 3]], [2, 3, 4])
    assert [item.correlation is None for item in constant] == [False, True, False]
    assert constant[1].reason == "Alle regio's gaven op deze vraag hetzelfde antwoord."
    rest = item_rest_correlations([[1, 2, 4], [2, 3, 3], [5, 4, 2]], [2, 3, 4])
    assert rest[0].correlation is None
    assert rest[0].reason.startswith("Alle regio's hebben dezelfde totaalscore op de andere")
    (single,) = item_rest_correlations([[1], [2]], [3, 4])
    assert single.reason.startswith("Dit blok heeft maar één vraag.")
    few = item_rest_correlations([[1, 2], [2, None]], [1, 9])
    assert [item.n for item in few] == [1, 1]
    assert all(item.reason.startswith("Minder dan twee regio's") for item in few)


# --- Block scores


def test_block_scores_average_what_was_answered() -> None:
    patterns = [[4, None, 5], [None, None, 3], [None, None, None], [1, 2, 3]]
    expected = {1: [4.5, 3, None, 2], 2: [4.5, None, None, 2], 3: [None, None, None, 2]}
    for minimum, scores in expected.items():
        actual = block_scores(patterns, minimum)
        np.testing.assert_array_equal(actual, np.array(scores, dtype=float))


@pytest.mark.parametrize("minimum", [0, 4, -1, 1.5])
def test_block_scores_refuse_an_impossible_minimum(minimum: Any) -> None:
    with pytest.raises(ValueError, match="minimum must lie from 1 to 3"):
        block_scores([[1, 2, 3]], minimum)


# --- Input


@pytest.mark.parametrize("wrong", [[1, 2], [[]], [[1, float("inf")]], []])
def test_patterns_must_be_scores(wrong: Any) -> None:
    for function in (cronbach_alpha, item_rest_correlations):
        with pytest.raises(ValueError, match="patterns must be"):
            function(wrong, [1])
    with pytest.raises(ValueError, match="patterns must be"):
        block_scores(wrong, 1)


@pytest.mark.parametrize("wrong", [[1], [1, -1], [1, 0.5], [1, None], [[1, 1]]])
def test_counts_must_fit(wrong: Any) -> None:
    for function in (cronbach_alpha, item_rest_correlations):
        with pytest.raises(ValueError, match="count"):
            function([[1, 2], [2, 3]], wrong)


@pytest.mark.parametrize("level", [0, 1, 95])
def test_the_level_is_a_fraction(level: float) -> None:
    with pytest.raises(ValueError, match="level must lie between"):
        cronbach_alpha([[1, 2], [2, 3]], [2, 2], level)
