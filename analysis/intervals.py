"""Confidence intervals for levels and changes, from counts alone.

No function here sees a respondent's row. The input is the number of valid answers per code, or
the table of transitions between two waves (rows = code before, columns = code after).

Missing values: the callers leave missing answers out of the counts, and a pair counts only when
both waves are valid. A missing, negative, infinite or fractional count raises ValueError: it is
never read as 0. Proportions and their differences are fractions (0.10 is ten points); means and
their differences are in the unit of the scores. A difference is always after minus before.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt

from numpy.typing import ArrayLike
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from analysis.moments import difference_counts, moments, welch_error, whole_counts


@dataclass(frozen=True)
class Interval:
    """A two-sided confidence interval, in the unit of the estimate, and how it was made."""

    low: float
    high: float
    method: str


def _check_level(level: float) -> None:
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, got {level}")


def _check_proportion(successes: int, n: int, level: float, population: int | None = None) -> None:
    _check_level(level)
    whole_counts([successes, n, 0 if population is None else population], 1)
    if n < 1 or successes > n or (population is not None and population < n):
        raise ValueError(
            f"need 1 <= n and successes <= n <= population, got {successes}, {n}, {population}"
        )


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
    _check_proportion(successes, n, level, population)
    share = successes / n
    if population == n:
        return Interval(share, share, "wilson_fpc")
    size = n if population is None else n * (population - 1) / (population - n)
    low, high = proportion_confint(share * size, size, alpha=1 - level, method="wilson")
    # At 0 of n and n of n rounding would put the limit a hair beside the estimate.
    low, high = max(0.0, min(float(low), share)), min(1.0, max(float(high), share))
    return Interval(low, high, "wilson" if population is None else "wilson_fpc")


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
    _check_proportion(successes, n, level, population)
    tail = (1 - level) / 2

    def at_least(total: int) -> float:
        return float(stats.hypergeom.sf(successes - 1, population, total, n))

    def minus_at_most(total: int) -> float:
        return -float(stats.hypergeom.cdf(successes, population, total, n))

    possible = range(successes, population - n + successes + 1)
    low = possible[bisect_right(possible, tail, key=at_least)]
    high = possible[bisect_left(possible, -tail, key=minus_at_most) - 1]
    return Interval(low / population, high / population, "hypergeometric")


def _pairs(both: int, up: int, down: int, neither: int, level: float) -> tuple[int, ...]:
    """Return the four counts as plain int (products of numpy integers may overflow), and n."""
    _check_level(level)
    counts = whole_counts([both, up, down, neither], 1).tolist()
    if sum(counts) == 0:
        raise ValueError("no pairs: n = 0")
    return *counts, sum(counts)


def tango_interval(both: int, up: int, down: int, neither: int, level: float = 0.95) -> Interval:
    """Tango's score interval for a paired difference of proportions, method 'tango'.

    The four counts are pairs: yes in both waves, no-yes, yes-no, no in both. The estimate is
    (up - down)/n. Defined for every table with n >= 1, also without any discordant pair.

    Leaves out 0 exactly when the McNemar test without correction is significant, |up - down| >
    z sqrt(up + down), whatever n is. So at 95% it can leave out 0 where mid-p exceeds .05: up to
    100 changed pairs only for (up, down) = (4, 0), (15, 6), (18, 8), (21, 10), (46, 29), (51, 33)
    and their mirrors, 12 of 5151. The reverse (mid-p below .05, 0 inside) does not occur there.

    Source: Tango (1998), Statistics in Medicine 17: 891-908. ValueError when n = 0.
    """
    _, up, down, _, n = _pairs(both, up, down, neither, level)
    z = float(stats.norm.isf((1 - level) / 2))
    estimate = (up - down) / n

    def inside(delta: float) -> bool:
        # q is the maximum likelihood estimate of P(yes-no) when the difference is delta.
        b = (2 * n - up + down) * delta - up - down
        c = -down * delta * (1 - delta)
        q = (sqrt(max(0.0, b * b - 8 * n * c)) - b) / (4 * n)
        variance = max(0.0, n * (2 * q + delta * (1 - delta)))
        return abs(up - down - n * delta) <= z * sqrt(variance)

    return Interval(
        _last_inside(inside, estimate, -1.0), _last_inside(inside, estimate, 1.0), "tango"
    )


def _last_inside(inside: Callable[[float], bool], start: float, end: float) -> float:
    """Bisect from `start` (inside by definition) to `end` for the limit of what is inside.

    A root finder is of no use here: without discordant pairs the estimate itself is a root.
    """
    for _ in range(60):
        middle = (start + end) / 2
        if inside(middle):
            start = middle
        else:
            end = middle
    return end


def newcombe10_interval(
    both: int, up: int, down: int, neither: int, level: float = 0.95
) -> Interval:
    """Newcombe's square-and-add interval for a paired difference, method 'newcombe10'.

    Combines the Wilson intervals of both waves with the correlation phi, reduced by a continuity
    correction when it is positive, and 0 when a margin is empty. Counts as in `tango_interval`.

    Source: Newcombe (1998), Statistics in Medicine 17: 2635-2650, method 10. ValueError when
    n = 0.
    """
    both, up, down, neither, n = _pairs(both, up, down, neither, level)
    before_yes, after_yes = both + down, both + up
    margins = before_yes * (n - before_yes) * after_yes * (n - after_yes)
    cross = float(both * neither - up * down)
    if cross > 0:
        cross = max(cross - n / 2, 0.0)
    phi = cross / sqrt(margins) if margins else 0.0
    before, after = (wilson_interval(yes, n, level) for yes in (before_yes, after_yes))
    p_before, p_after = before_yes / n, after_yes / n

    def distance(first: float, second: float) -> float:
        return sqrt(max(0.0, first**2 - 2 * phi * first * second + second**2))

    difference = p_after - p_before
    return Interval(
        difference - distance(p_after - after.low, before.high - p_before),
        difference + distance(after.high - p_after, p_before - before.low),
        "newcombe10",
    )


def newcombe_interval(
    before_yes: int, before_n: int, after_yes: int, after_n: int, level: float = 0.95
) -> Interval:
    """Newcombe's hybrid score interval for independent proportions, method 'newcombe'.

    The difference is after minus before. Source: Newcombe (1998), Statistics in Medicine 17:
    873-890, method 10. ValueError when a wave is empty or has more successes than answers.
    """
    _check_proportion(before_yes, before_n, level)
    _check_proportion(after_yes, after_n, level)
    low, high = confint_proportions_2indep(
        after_yes, after_n, before_yes, before_n, method="newcomb", alpha=1 - level
    )
    return Interval(float(low), float(high), "newcombe")


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
    _check_level(level)
    n, mean, variance = moments(counts, scores)
    if population is not None and population < n:
        raise ValueError(f"n = {n} exceeds the population of {population}")
    if n < 2:
        return None
    error = sqrt(variance / n * (1 if population is None else 1 - n / population))
    return _t_interval(mean, error, n - 1, level, "t" if population is None else "t_fpc")


def mean_difference_interval(
    transitions: ArrayLike, scores: ArrayLike | None = None, level: float = 0.95
) -> Interval | None:
    """Paired t interval for the mean change, method 'paired_t'; None when n < 2.

    `transitions` is the square table of code before (rows) by code after (columns). When every
    pair changes equally the width is 0. Source: Student (1908), Biometrika 6: 1-25. ValueError on
    an invalid table or invalid scores.
    """
    _check_level(level)
    differences, counts = difference_counts(transitions, scores)
    n, mean, variance = moments(counts, differences)
    return None if n < 2 else _t_interval(mean, sqrt(variance / n), n - 1, level, "paired_t")


def welch_interval(
    before_counts: ArrayLike,
    after_counts: ArrayLike,
    scores: ArrayLike | None = None,
    level: float = 0.95,
) -> Interval | None:
    """Welch t interval for a difference of independent means, method 'welch'.

    Both arguments hold the valid answers per code of one scale. None when a wave has n < 2. When
    each wave has equal answers only, the width is 0. Source: Welch (1947), Biometrika 34: 28-35.
    ValueError on invalid counts or scores.
    """
    _check_level(level)
    before, after = moments(before_counts, scores), moments(after_counts, scores)
    if min(before.n, after.n) < 2:
        return None
    error, df = welch_error(before, after)
    return _t_interval(after.mean - before.mean, error, df, level, "welch")


def _t_interval(mean: float, error: float, df: float, level: float, method: str) -> Interval:
    half = float(stats.t.isf((1 - level) / 2, df)) * error
    return Interval(mean - half, mean + half, method)
