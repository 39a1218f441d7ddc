"""Tests for a change between two waves without a common respondent, from counts per code."""

from __future__ import annotations

from math import exp, lgamma, log, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from analysis.moments import Moments, moments, score_values, welch_error, whole_counts
from analysis.significance.result import (
    EMPTY_WAVE,
    NO_OVERLAP,
    NO_SPREAD,
    SMALL_WAVE,
    TestResult,
    without_spread,
)

# The limit of R's wilcox.test for the exact null distribution without ties.
EXACT_MANN_WHITNEY_ANSWERS = 50


def fisher_exact(before_yes: int, before_n: int, after_yes: int, after_n: int) -> float:
    """Fisher's exact p value for the proportions of two waves without a common respondent.

    Adds the probabilities of all tables that are not more likely than the observed one; 1 when
    everyone gave the same answer. ValueError on an invalid count, on more yes than n, and when a
    wave is empty: the callers check n first. Source: Fisher (1935), JRSS 98: 39-82.
    """
    whole_counts([before_yes, before_n, after_yes, after_n], 1)
    if before_yes > before_n or after_yes > after_n or min(before_n, after_n) == 0:
        raise ValueError("each wave needs answers, and no more yes than answers")
    table = np.array([[before_yes, before_n - before_yes], [after_yes, after_n - after_yes]])
    return float(stats.fisher_exact(table).pvalue)


def mann_whitney(
    before_counts: ArrayLike, after_counts: ArrayLike, scores: ArrayLike | None = None
) -> TestResult:
    """Mann-Whitney test for an ordinal answer in two waves without a common respondent.

    Both arguments hold the valid answers per code, in the order of one scale; `scores` (default:
    positions) only order the codes, and equal scores merge them. As R's wilcox.test: without a
    single tie and with fewer than 50 answers in each wave the null distribution is exact;
    otherwise normal, corrected for ties and for continuity.

    `statistic` is U, the pairs (before, after) in which after is higher, a tie counting half. The
    effect 'rank_biserial' is 2U/(n_before * n_after) - 1. When everyone gave the same answer p = 1
    and the effect is 0; an empty wave gives p None. ValueError on invalid counts or scores.

    Sources: Mann & Whitney (1947), Annals of Mathematical Statistics 18: 50-60; Lehmann (1975),
    Nonparametrics, section 1.4 (ties); Cureton (1956), Psychometrika 21: 287-290 (effect).
    """
    before, after = _merged_waves(before_counts, after_counts, scores)
    n_before, n_after = int(before.sum()), int(after.sum())
    if min(n_before, n_after) == 0:
        return TestResult("mann_whitney", None, None, None, "rank_biserial", EMPTY_WAVE)
    u = float(after @ (np.cumsum(before) - before / 2))
    effect = 2 * u / (n_before * n_after) - 1
    p = _mann_whitney_p(before, after, u)
    return TestResult("mann_whitney", u, p, effect, "rank_biserial")


def _mann_whitney_p(before: NDArray[np.int64], after: NDArray[np.int64], u: float) -> float:
    n_before, n_after, ties = int(before.sum()), int(after.sum()), (before + after).astype(float)
    if ties.max() == 1 and max(n_before, n_after) < EXACT_MANN_WHITNEY_ANSWERS:
        # Without ties a code holds one answer, so the positions of the codes are the ranks.
        ranks = np.flatnonzero(after), np.flatnonzero(before)
        return float(stats.mannwhitneyu(*ranks, method="exact").pvalue)
    if np.count_nonzero(ties) == 1:
        return 1.0
    n = n_before + n_after
    variance = n_before * n_after / 12 * (n + 1 - (ties**3 - ties).sum() / (n * (n - 1)))
    distance = max(0.0, abs(u - n_before * n_after / 2) - 0.5)
    return 2 * float(stats.norm.sf(distance / sqrt(variance)))


def brunner_munzel(
    before_counts: ArrayLike, after_counts: ArrayLike, scores: ArrayLike | None = None
) -> TestResult:
    """Brunner and Munzel's test for an ordinal answer in two waves without a common respondent.

    Unlike Mann-Whitney's it allows the spread to differ between the waves. Both arguments hold
    the valid answers per code, in the order of one scale; `scores` (default: positions) only
    order the codes, and equal scores merge them. The statistic is t distributed, with
    Satterthwaite's degrees of freedom.

    The effect 'relative_effect' is P(after > before) + P(after = before)/2: 1/2 where neither
    wave tends to be higher. When everyone gave the same answer p = 1. p is None when a wave has
    fewer than two answers, and when all answers of a wave lie above those of the other: then the
    effect is 0 or 1, but the variance is 0. ValueError on invalid counts or scores.

    Source: Brunner & Munzel (2000), Biometrical Journal 42: 17-25.
    """
    before, after = _merged_waves(before_counts, after_counts, scores)
    n_before, n_after = int(before.sum()), int(after.sum())
    if min(n_before, n_after) < 2:
        return TestResult("brunner_munzel", None, None, None, "relative_effect", SMALL_WAVE)
    # An answer's placement: how many of the other wave lie below it, doubled to stay whole.
    of_before = moments(before, 2 * np.cumsum(after) - after)
    of_after = moments(after, 2 * np.cumsum(before) - before)
    effect = of_after.mean / (2 * n_before)
    error, df = welch_error(
        Moments(n_before, 1 - effect, of_before.variance / (2 * n_after) ** 2),
        Moments(n_after, effect, of_after.variance / (2 * n_before) ** 2),
    )
    if error == 0:
        if effect == 1 / 2:
            return TestResult("brunner_munzel", 0.0, 1.0, effect, "relative_effect")
        return TestResult("brunner_munzel", None, None, effect, "relative_effect", NO_OVERLAP)
    t = (effect - 1 / 2) / error
    p = 2 * float(stats.t.sf(abs(t), df))
    return TestResult("brunner_munzel", t, p, effect, "relative_effect")


def _merged_waves(
    before_counts: ArrayLike, after_counts: ArrayLike, scores: ArrayLike | None
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The counts of both waves in the order of the scores, codes of equal score together."""
    counts = whole_counts(before_counts, 1), whole_counts(after_counts, 1)
    if counts[0].size != counts[1].size:
        raise ValueError("both waves need a count for each code of one scale")
    values = score_values(scores, counts[0].size)
    _, code = np.unique(np.round(values, 10), return_inverse=True)
    before, after = (np.bincount(code, weights=wave).astype(np.int64) for wave in counts)
    return before, after


def welch_t(
    before_counts: ArrayLike, after_counts: ArrayLike, scores: ArrayLike | None = None
) -> TestResult:
    """Welch's t test for the means of two waves without a common respondent, with Hedges' g.

    Both arguments hold the valid answers per code of one scale. `statistic` is t. The effect is
    the difference over the pooled standard deviation, with the exact small-sample correction.
    Equal answers throughout give p = 1, t = 0 and g = 0. The test is not defined, and p None, when
    a wave has fewer than two answers, and when the waves differ but neither has any spread.
    ValueError on invalid counts or scores. Sources: Welch (1947), Biometrika 34: 28-35; Hedges
    (1981), Journal of Educational Statistics 6: 107-128.
    """
    before, after = moments(before_counts, scores), moments(after_counts, scores)
    if min(before.n, after.n) < 2:
        return TestResult("welch_t", None, None, None, "hedges_g", SMALL_WAVE)
    difference = after.mean - before.mean
    error, df = welch_error(before, after)
    if error == 0:
        return without_spread("welch_t", difference, "hedges_g", NO_SPREAD)
    t = difference / error
    g = difference * _hedges_factor(before, after)
    return TestResult("welch_t", t, 2 * float(stats.t.sf(abs(t), df)), g, "hedges_g")


def _hedges_factor(before: Moments, after: Moments) -> float:
    """Hedges' correction for the degrees of freedom, over the pooled standard deviation."""
    df = before.n + after.n - 2
    pooled = ((before.n - 1) * before.variance + (after.n - 1) * after.variance) / df
    return exp(lgamma(df / 2) - lgamma((df - 1) / 2) - log(df / 2) / 2) / sqrt(pooled)
