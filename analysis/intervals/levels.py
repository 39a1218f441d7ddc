"""Intervals for the level of one wave: a proportion or a mean."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from math import sqrt

from numpy.typing import ArrayLike
from scipy import stats

from analysis.intervals.interval import Interval, check_level, check_proportion, t_interval
from analysis.moments import moments


def wilson_interval(
    successes: int, n: int, level: float = 0.95, population: int | None = None
) -> Interval:
    """Wilson score interval for a proportion, method 'wilson'.

    With `population` N the score interval uses the variance of sampling without replacement,
    p(1 - p)/n * (N - n)/(N - 1), that is the effective sample size n(N - 1)/(N - n): method
    'wilson_fpc'. N = n leaves nothing to estimate: the interval is the estimate, width 0.

    Sources: Wilson (1927), JASA 22: 209-212; the variance: Cochran (1977), Sampling Techniques,
    section 3.2; effective n in an interval: Korn & Graubard (1998), Survey Methodology 24:
    193-201. ValueError when n = 0, successes > n or n > population.
    """
    check_proportion(successes, n, level, population)
    share = successes / n
    if population == n:
        return Interval(share, share, "wilson_fpc")
    size = n if population is None else n * (population - 1) / (population - n)
    below, above = wilson_reach(share, size, float(stats.norm.isf((1 - level) / 2)))
    method = "wilson" if population is None else "wilson_fpc"
    return Interval(max(0.0, share - below), min(1.0, share + above), method)


def wilson_reach(share: float, n: float, z: float) -> tuple[float, float]:
    """How far the Wilson limits at normal deviate z lie below and above the estimated share."""
    shift = z * z / n * (1 / 2 - share)
    half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    # At 0 and at 1 shift and half are equal but for rounding.
    return max(0.0, half - shift) / (1 + z * z / n), max(0.0, half + shift) / (1 + z * z / n)


def clopper_pearson_interval(successes: int, n: int, level: float = 0.95) -> Interval:
    """Exact binomial interval for a proportion, method 'clopper_pearson'.

    Inverts two one-sided binomial tests; the lower limit is 0 at 0 of n, the upper 1 at n of n.
    Coverage is at least `level`. Source: Clopper & Pearson (1934), Biometrika 26: 404-413.
    ValueError when n = 0 or successes > n.
    """
    check_proportion(successes, n, level)
    found = stats.binomtest(successes, n).proportion_ci(level, method="exact")
    return Interval(float(found.low), float(found.high), "clopper_pearson")


def hypergeometric_interval(
    successes: int, n: int, population: int, level: float = 0.95
) -> Interval:
    """Exact interval for the proportion of a finite population, method 'hypergeometric'.

    Inverts two one-sided hypergeometric tests: the limits are the smallest and the largest number
    of successes in the population under which the sample is not in a tail of (1 - level)/2. Both
    are whole numbers out of `population`; n = population gives width 0. Coverage is at least
    `level`.

    Sources: Buonaccorsi (1987), The American Statistician 41: 215-218; Cochran (1977), Sampling
    Techniques, section 3.6. ValueError when n = 0, successes > n or n > population.
    """
    check_proportion(successes, n, level, population)
    tail = (1 - level) / 2

    def at_least(total: int) -> float:
        return float(stats.hypergeom.sf(successes - 1, population, total, n))

    def minus_at_most(total: int) -> float:
        return -float(stats.hypergeom.cdf(successes, population, total, n))

    possible = range(successes, population - n + successes + 1)
    low = possible[bisect_right(possible, tail, key=at_least)]
    high = possible[bisect_left(possible, -tail, key=minus_at_most) - 1]
    return Interval(low / population, high / population, "hypergeometric")


def mean_interval(
    counts: ArrayLike,
    scores: ArrayLike | None = None,
    level: float = 0.95,
    population: int | None = None,
) -> Interval | None:
    """t interval for a mean score, method 't'; None when n < 2 (no variance to go by).

    `counts` holds the valid answers per code. With `population` N the standard error is
    multiplied by sqrt(1 - n/N): method 't_fpc'. Equal answers, or N = n, give a width of 0: that
    is no certainty about those who did not answer. Source: Cochran (1977), Sampling Techniques,
    sections 2.6-2.8. ValueError on invalid counts or scores, and when n > population.
    """
    check_level(level)
    n, mean, variance = moments(counts, scores)
    if population is not None and population < n:
        raise ValueError(f"n = {n} exceeds the population of {population}")
    if n < 2:
        return None
    error = sqrt(variance / n * (1 if population is None else 1 - n / population))
    return t_interval(mean, error, n - 1, level, "t" if population is None else "t_fpc")
