"""Weighted means and their changes, from counts per weighting cell (see `analysis.weighting`).

Missing values: a respondent without a valid answer to an item keeps the weight (`left_out` below),
but does not count in n. Estimates and changes that cannot be computed are None, with a `reason` in
Dutch. A negative, infinite or missing count, weight or population raises ValueError.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isclose, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from analysis.intervals.interval import Interval, check_level, t_interval
from analysis.moments import Moments, score_values, welch_error, whole_counts
from analysis.significance.result import NO_PAIRS, NO_SPREAD, ONE_PAIR, SAME_CHANGE, SMALL_WAVE
from analysis.weighting import Counts, Floats, check_amounts, effective_n

NO_ANSWERS = "Geen enkele regio gaf een geldig antwoord."
ZERO_WEIGHTS = "Alleen regio's met een gewicht van 0 gaven een geldig antwoord."
ONE_ANSWER = (
    "Maar één regio gaf een geldig antwoord. Dan is de onzekerheidsmarge niet te berekenen."
)
EXPLAINED = (
    "De weging verklaart alle verschillen tussen de antwoorden. "
    "Dan is de onzekerheidsmarge niet te berekenen."
)

CORRECTED = "weighted_t_fpc"


@dataclass(frozen=True)
class WeightedMean:
    """A weighted mean; `value`, `se` and what follows from them None only with a `reason`.

    `n` counts the valid answers with a weight above 0, `effective_n` what they are worth, and
    `df` is n - 1. `interval` is a t interval, method 'weighted_t' or 'weighted_t_fpc'.
    """

    value: float | None
    se: float | None
    n: int
    effective_n: float
    df: float | None
    interval: Interval | None
    level: float
    reason: str = ""


@dataclass(frozen=True)
class WeightedChange:
    """A weighted difference of means, after minus before, with its t test (two-sided).

    `test` is 'weighted_t' (independent waves) or 'weighted_paired_t'; `statistic` is t. `p` is
    None only with a `reason` in Dutch.
    """

    test: str
    difference: float | None
    se: float | None
    df: float | None
    statistic: float | None
    p: float | None
    interval: Interval | None
    reason: str = ""


def weighted_mean(
    counts: ArrayLike,
    scores: ArrayLike,
    weights: ArrayLike,
    margins: Sequence[ArrayLike],
    left_out: ArrayLike | None = None,
    level: float = 0.95,
    population: int | None = None,
) -> WeightedMean:
    """Weighted mean score with a standard error that takes the weighting into account.

    `counts` (cells, codes) are the valid answers, `scores` (codes,) their values, `weights`
    (cells,). `margins` are what was weighted on: for each an array (cells,) with the category of
    every cell. That is one array for post-stratification, `[arange(cells)]`, and two for raking.
    `left_out` (cells,) are respondents without a valid answer. A proportion is the mean of scores
    0 and 1; a paired change the mean of differences over the flattened table of transitions.

    The standard error is that of a ratio by linearisation, from the residuals off the margins:
    differences that the weighting explains are no uncertainty. The valid answers are a domain, so
    `left_out` takes part in the residuals and in the factor n/(n - 1), but not in df. As svymean
    after postStratify or rake in R's survey, with degf of the design's valid answers. `population`
    is the number N of regions there are: it multiplies the standard error by sqrt(1 - n/N), which
    serves a level and never a change. Who left the question blank is among those not known, as in
    `mean_interval` (survey's own correction would take it as known).

    No se is given for one answer, nor for answers that differ between cells only. Equal answers
    have se 0: that is no certainty about those who did not answer. The interval of a proportion
    may reach below 0 or above 1. ValueError on invalid or misfitting arrays, and when there are
    more respondents than `population`.

    Sources: Binder (1983), International Statistical Review 51: 279-292; Deville, Särndal &
    Sautory (1993), JASA 88: 1013-1020; Lumley (2010), Complex Surveys, chapters 2 and 7.
    """
    check_level(level)
    sample = _sample(counts, scores, weights, margins, left_out)
    if population is not None and not population >= max(1, sample.respondents):
        raise ValueError(f"{sample.respondents} respondents exceed the population of {population}")
    per_cell = sample.answers.sum(axis=1)
    n, effective = int(per_cell.sum()), effective_n(per_cell, sample.weights)
    if n == 0:
        reason = ZERO_WEIGHTS if np.any(counts) else NO_ANSWERS
        return WeightedMean(None, None, n, effective, None, None, level, reason)
    value, se = _ratio_mean(sample)
    if n == 1 or se is None:
        reason = ONE_ANSWER if n == 1 else EXPLAINED
        return WeightedMean(value, None, n, effective, None, None, level, reason)
    method = "weighted_t"
    if population is not None:
        se, method = se * sqrt(1 - n / population), CORRECTED
    interval = t_interval(value, se, n - 1, level, method)
    return WeightedMean(value, se, n, effective, n - 1, interval, level)


def weighted_difference(before: WeightedMean, after: WeightedMean) -> WeightedChange:
    """Difference of the weighted means of two waves without a common respondent, with a t test.

    The degrees of freedom are Satterthwaite's, as in Welch's test. p = 1 when everyone gave the
    same answer; p None when a wave has no standard error, and when the waves differ but neither
    has any spread. ValueError when the levels differ, or when an estimate was corrected for a
    finite population. Source: Satterthwaite (1946), Biometrics Bulletin 2: 110-114.
    """
    _refuse_corrected(before, after)
    if before.level != after.level:
        raise ValueError("the two estimates need one confidence level")
    difference = None
    if before.value is not None and after.value is not None:
        difference = after.value - before.value
    if difference is None or before.se is None or after.se is None:
        reason = SMALL_WAVE if min(before.n, after.n) < 2 else EXPLAINED
        return WeightedChange("weighted_t", difference, None, None, None, None, None, reason)
    se, df = welch_error(
        Moments(before.n, 0.0, before.n * before.se**2),
        Moments(after.n, 0.0, after.n * after.se**2),
    )
    return _t_test("weighted_t", difference, se, df, before.level, NO_SPREAD)


def weighted_change(change: WeightedMean) -> WeightedChange:
    """t test of the weighted mean change within pairs: `weighted_mean` of differences in score.

    p = 1 when no pair changed; p None without pairs, with one pair, when all pairs changed
    equally, and when the change has no standard error. ValueError when the estimate was corrected
    for a finite population. Source: Lumley (2010), Complex Surveys, chapter 2.
    """
    _refuse_corrected(change)
    test, value = "weighted_paired_t", change.value
    if value is None or change.se is None or change.df is None:
        reason = {NO_ANSWERS: NO_PAIRS, ONE_ANSWER: ONE_PAIR}.get(change.reason, change.reason)
        return WeightedChange(test, value, None, None, None, None, None, reason)
    return _t_test(test, value, change.se, change.df, change.level, SAME_CHANGE)


class _Sample(NamedTuple):
    """The cells of the population that respondents are in."""

    answers: Counts  # (cells, codes)
    absent: Counts  # (cells,)
    scores: Floats  # (codes,)
    weights: Floats  # (cells,)
    margins: list[NDArray[np.int64]]  # each (cells,)

    @property
    def respondents(self) -> int:
        return int(self.answers.sum() + self.absent.sum())


def _sample(
    counts: ArrayLike,
    scores: ArrayLike,
    weights: ArrayLike,
    margins: Sequence[ArrayLike],
    left_out: ArrayLike | None,
) -> _Sample:
    answers = whole_counts(counts, 2)
    cells = answers.shape[0]
    # Rounded as in merge_equal: equal steps of a scale are then equal differences.
    values = np.round(score_values(scores, answers.shape[1]), 10)
    sizes = check_amounts("weights", weights, (cells,))
    absent = whole_counts(np.zeros(cells) if left_out is None else left_out, 1)
    categories = [whole_counts(margin, 1) for margin in margins]
    if not categories or any(array.shape != (cells,) for array in (absent, *categories)):
        raise ValueError(f"need a margin, and numbers for {cells} cells in it and in left_out")
    inside = (sizes > 0) & (answers.sum(axis=1) + absent > 0)
    categories = [margin[inside] for margin in categories]
    return _Sample(answers[inside], absent[inside], values, sizes[inside], categories)


def _ratio_mean(sample: _Sample) -> tuple[float, float | None]:
    """Return the weighted mean and its standard error, None where the margins explain it all."""
    answers, weights = sample.answers, sample.weights
    mass = weights @ answers / (weights @ answers).sum()
    # From the score of one answer, so that equal answers have exactly their own score as the mean.
    origin = sample.scores[np.flatnonzero(mass)[0]]
    value = float(origin + mass @ (sample.scores - origin))
    influence = np.append((sample.scores - value) / (weights @ answers).sum(), 0.0)
    people, total = np.column_stack([answers, sample.absent]), sample.respondents
    fitted = _fitted(people @ influence, people.sum(axis=1), sample.margins)
    parts = weights[:, np.newaxis] * (influence - fitted[:, np.newaxis])
    squares = float((people * (parts - (people * parts).sum() / total) ** 2).sum())
    spread = float(weights**2 @ people @ influence**2)
    # Differences that leave nothing but rounding errors are no certainty.
    if total == 1 or (spread > 0 and squares <= 1e-20 * spread):
        return value, None
    return value, sqrt(total / (total - 1) * squares)


def _fitted(totals: Floats, sizes: Counts, margins: list[NDArray[np.int64]]) -> Floats:
    """Least squares of what the respondents of each cell add up to on the margins' categories."""
    columns = [margin[:, np.newaxis] == np.unique(margin) for margin in margins]
    design, root = np.hstack(columns).astype(float), np.sqrt(sizes)
    effects = np.linalg.lstsq(design * root[:, np.newaxis], totals / root, rcond=None)[0]
    return np.asarray(design @ effects, dtype=float)


def _t_test(
    test: str, difference: float, se: float, df: float, level: float, without_spread: str
) -> WeightedChange:
    interval = t_interval(difference, se, df, level, test)
    if se > 0:
        t = difference / se
        p = 2 * float(stats.t.sf(abs(t), df))
        return WeightedChange(test, difference, se, df, t, p, interval)
    if isclose(difference, 0, abs_tol=1e-10):
        return WeightedChange(test, difference, se, df, 0.0, 1.0, interval)
    return WeightedChange(test, difference, se, df, None, None, interval, without_spread)


def _refuse_corrected(*means: WeightedMean) -> None:
    if any(mean.interval is not None and mean.interval.method == CORRECTED for mean in means):
        raise ValueError("a change takes no correction for a finite population")
