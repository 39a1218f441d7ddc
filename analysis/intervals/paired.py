"""Intervals for a change between two waves of the same regions."""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt

from numpy.typing import ArrayLike
from scipy import optimize, stats

from analysis.intervals.interval import Interval, OddsRatioInterval, check_level, t_interval
from analysis.intervals.levels import clopper_pearson_interval, wilson_interval
from analysis.moments import difference_counts, moments, whole_counts


def _pairs(both: int, up: int, down: int, neither: int, level: float) -> tuple[int, ...]:
    """Return the four counts as plain int (products of numpy integers may overflow), and n."""
    check_level(level)
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
        deviation, error = tango_deviation(up, down, n, delta)
        return abs(deviation) <= z * error

    return Interval(
        _last_inside(inside, estimate, -1.0), _last_inside(inside, estimate, 1.0), "tango"
    )


def tango_deviation(up: int, down: int, n: int, delta: float) -> tuple[float, float]:
    """Return up - down less its expectation when the difference is `delta`, and its error.

    The error is the standard deviation under that difference; the ratio is Tango's score
    statistic. It is 0 only where the difference leaves no other outcome. Source as above.
    """
    # q is the maximum likelihood estimate of P(yes-no) when the difference is delta.
    b = (2 * n - up + down) * delta - up - down
    c = -down * delta * (1 - delta)
    q = (sqrt(max(0.0, b * b - 8 * n * c)) - b) / (4 * n)
    return up - down - n * delta, sqrt(max(0.0, n * (2 * q + delta * (1 - delta))))


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


NO_FALL = (
    "Geen enkele regio ging van ja naar nee. Dan is er geen bovengrens voor de kansverhouding."
)


def conditional_odds_ratio_interval(
    up: int, down: int, level: float = 0.95, exact: bool = False
) -> OddsRatioInterval | None:
    """Interval for the conditional odds ratio of a change to yes (`up`) against one to no.

    The estimate is up/down. The limits are those of the binomial proportion up/(up + down), as
    odds. By default that interval counts half the observed outcome (method 'midp'), so that it
    leaves out 1 exactly when `mcnemar_midp` is below 1 - level; with `exact` it is the
    Clopper-Pearson interval (method 'clopper_pearson') and goes with `mcnemar_exact`.

    up = 0 gives estimate and lower limit 0. down = 0 has no estimate and no upper limit: both
    are None, with a reason. Without a changed pair the interval is None. Source: Fagerland,
    Lydersen & Laake (2014), Statistics in Medicine 33: 2850-2875. ValueError on an invalid count.
    """
    check_level(level)
    up, down = whole_counts([up, down], 1).tolist()
    if up + down == 0:
        return None
    method = "clopper_pearson" if exact else "midp"
    low = _lowest_odds(up, down, level, exact)
    if down == 0:
        return OddsRatioInterval(None, low, None, method, NO_FALL)
    return OddsRatioInterval(up / down, low, 1 / _lowest_odds(down, up, level, exact), method)


def _lowest_odds(up: int, down: int, level: float, exact: bool) -> float:
    """The odds up : down under which `up` or more has a (mid-)p value of (1 - level)/2."""
    if up == 0:
        return 0.0
    n = up + down
    if exact:
        low = clopper_pearson_interval(up, n, level).low
        return low / (1 - low)

    def excess(share: float) -> float:
        tail = float(stats.binom.sf(up, n, share)) + float(stats.binom.pmf(up, n, share)) / 2
        return tail - (1 - level) / 2

    low = float(optimize.brentq(excess, 0, 1, xtol=1e-15))
    return low / (1 - low)


def mean_difference_interval(
    transitions: ArrayLike, scores: ArrayLike | None = None, level: float = 0.95
) -> Interval | None:
    """Paired t interval for the mean change, method 'paired_t'; None when n < 2.

    `transitions` is the square table of code before (rows) by code after (columns). When every
    pair changes equally the width is 0. Source: Student (1908), Biometrika 6: 1-25. ValueError on
    an invalid table or invalid scores.
    """
    check_level(level)
    differences, counts = difference_counts(transitions, scores)
    n, mean, variance = moments(counts, differences)
    return None if n < 2 else t_interval(mean, sqrt(variance / n), n - 1, level, "paired_t")
