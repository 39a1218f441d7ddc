"""The change over all answers of two waves that have some of their regions in common.

Regions with a valid answer in both waves are pairs, the others are answers of one wave only. Both
count; the correlation within the pairs makes the error smaller. The panel of the pairs stays the
headline: this is the outcome beside it, over all answers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf, isclose, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from analysis.intervals.interval import Interval, check_level
from analysis.moments import (
    difference_counts,
    moments,
    score_values,
    welch_error,
    whole_counts,
)
from analysis.significance.result import (
    EMPTY_WAVE,
    NO_SPREAD,
    NO_WIDTH,
    SAME_CHANGE,
    SMALL_WAVE,
)


@dataclass(frozen=True)
class OverlapResult:
    """Outcome of one test over all answers of two waves.

    `test` is 'overlap_z8' or 'overlap_tnew2'. `n_before` and `n_after` count all answers of a
    wave, the `n_pairs` among them; the values are over all answers of their wave, None without
    any. `statistic` is z or t; z has no `df`. `interval` is that of the change, and leaves out 0
    exactly when p is below 1 - level. What is None has a `reason`: one or two plain Dutch
    sentences.
    """

    test: str
    n_before: int
    n_after: int
    n_pairs: int
    value_before: float | None = None
    value_after: float | None = None
    statistic: float | None = None
    df: float | None = None
    p: float | None = None
    interval: Interval | None = None
    reason: str = ""

    @property
    def change(self) -> float | None:
        """After minus before."""
        if self.value_before is None or self.value_after is None:
            return None
        return self.value_after - self.value_before


def overlapping_proportions(
    both: int,
    up: int,
    down: int,
    neither: int,
    before_yes: int,
    before_n: int,
    after_yes: int,
    after_n: int,
    level: float = 0.95,
) -> OverlapResult:
    """Partially overlapping z test for two proportions, test 'overlap_z8'.

    The first four counts are pairs: yes in both waves, no-yes, yes-no, no in both. `before_*` and
    `after_*` count the answers of regions that are valid in that wave only. The variance is that
    of the pooled proportion, less what the pairs share by their phi; phi is 0 when all pairs
    answer the same in a wave. The interval has the same variance, as in the authors' R package,
    and is cut off at -1 and 1.

    Without pairs this is the pooled z test of independent proportions; without unpaired answers
    it is close to McNemar's without continuity correction. Where nothing differs (everyone says
    yes, say) p = 1 and there is no interval. An empty wave gives p None. ValueError on an invalid
    count and on more yes than n.

    Source: Derrick, Dobson-Mckittrick, Toher & White (2015), Journal of Applied Quantitative
    Methods 10(3), statistic z8.
    """
    check_level(level)
    changes = whole_counts([both, up, down, neither], 1).tolist()
    alone = whole_counts([before_yes, before_n, after_yes, after_n], 1).tolist()
    if alone[0] > alone[1] or alone[2] > alone[3]:
        raise ValueError(f"more yes than answers: {alone}")
    pairs = sum(changes)
    n_before, n_after = pairs + alone[1], pairs + alone[3]
    yes_before, yes_after = changes[0] + changes[2] + alone[0], changes[0] + changes[1] + alone[2]
    before = yes_before / n_before if n_before else None
    after = yes_after / n_after if n_after else None
    result = OverlapResult("overlap_z8", n_before, n_after, pairs, before, after)
    if before is None or after is None:
        return replace(result, reason=EMPTY_WAVE)
    pooled = (yes_before + yes_after) / (n_before + n_after)
    size = n_before + n_after - 2 * _phi(*changes) * pairs
    error = sqrt(pooled * (1 - pooled) * size / (n_before * n_after))
    return _concluded(result, after - before, error, None, level, bound=1.0)


def _phi(both: int, up: int, down: int, neither: int) -> float:
    margins = (both + up) * (both + down) * (neither + up) * (neither + down)
    return (both * neither - up * down) / sqrt(margins) if margins else 0.0


def overlapping_means(
    transitions: ArrayLike,
    before_counts: ArrayLike,
    after_counts: ArrayLike,
    scores: ArrayLike | None = None,
    level: float = 0.95,
) -> OverlapResult:
    """Partially overlapping t test for two means, unequal variances, test 'overlap_tnew2'.

    `transitions` is the square table of code before (rows) by code after (columns) of the pairs;
    the other two hold the valid answers per code of the regions that are valid in that wave only.
    The variances are over all answers of a wave, the correlation r over the pairs; r is 0 when it
    is not defined (fewer than two pairs, or equal answers in a wave). The degrees of freedom lie
    between those of the paired t test and Welch's; without unpaired answers, or without pairs,
    the test is one of these.

    Without any spread the interval is None; p is then 1 when the means are equal and None when
    they are not. With fewer than two answers in a wave p is None too. ValueError on invalid
    counts or scores.

    Source: Derrick, Russ, Toher & White (2017), Journal of Modern Applied Statistical Methods
    16(1): 137-157, statistic Tnew2.
    """
    check_level(level)
    differences, changes = difference_counts(transitions, scores)
    table = whole_counts(transitions, 2)
    alone = whole_counts(before_counts, 1), whole_counts(after_counts, 1)
    if alone[0].size != len(table) or alone[1].size != len(table):
        raise ValueError("pairs and both waves need a count for each code of one scale")
    before = moments(table.sum(axis=1) + alone[0], scores)
    after = moments(table.sum(axis=0) + alone[1], scores)
    pairs, unpaired = int(table.sum()), int(alone[0].sum() + alone[1].sum())
    first, last = (wave.mean if wave.n else None for wave in (before, after))
    result = OverlapResult("overlap_tnew2", before.n, after.n, pairs, first, last)
    change = after.mean - before.mean
    if min(before.n, after.n) < 2:
        return replace(result, reason=SMALL_WAVE if min(before.n, after.n) else EMPTY_WAVE)
    if unpaired == 0:
        # The same in theory, but a constant difference has an error of exactly 0 this way.
        error = sqrt(moments(changes, differences).variance / pairs)
        return _concluded(result, change, error, pairs - 1, level)
    welch, df = welch_error(before, after)
    shared = _correlation(table, scores) * pairs / (before.n * after.n)
    error = sqrt(welch**2 - 2 * shared * sqrt(before.variance * after.variance))
    if pairs:
        df = pairs - 1 + (df - pairs + 1) * unpaired / (unpaired + 2 * pairs)
    return _concluded(result, change, error, df, level)


def _correlation(table: NDArray[np.int64], scores: ArrayLike | None) -> float:
    before = moments(table.sum(axis=1), scores)
    after = moments(table.sum(axis=0), scores)
    if before.n < 2 or before.variance == 0 or after.variance == 0:
        return 0.0
    values = score_values(scores, len(table))
    product = float((values - before.mean) @ table @ (values - after.mean)) / (before.n - 1)
    return min(1.0, max(-1.0, product / sqrt(before.variance * after.variance)))


def _concluded(
    result: OverlapResult,
    change: float,
    error: float,
    df: float | None,
    level: float,
    bound: float = inf,
) -> OverlapResult:
    """Add what follows from the standard error; without degrees of freedom it is a z test."""
    if error == 0:
        if isclose(change, 0, abs_tol=1e-10):  # equal means can differ by rounding
            return replace(result, statistic=0.0, df=df, p=1.0, reason=NO_WIDTH)
        paired = result.n_pairs == result.n_before == result.n_after
        return replace(result, reason=SAME_CHANGE if paired else NO_SPREAD)
    statistic, degrees = change / error, inf if df is None else df
    half = float(stats.t.isf((1 - level) / 2, degrees)) * error
    low, high = max(-bound, change - half), min(bound, change + half)
    return replace(
        result,
        statistic=statistic,
        df=df,
        p=2 * float(stats.t.sf(abs(statistic), degrees)),
        interval=Interval(low, high, result.test),
    )
