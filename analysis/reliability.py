"""How well the items of a block hang together as one scale, from counts of response patterns.

`patterns` (m, k) holds in each row one combination of scores on the k items that occurs, NaN or
None for no valid answer; `counts` (m,) how many respondents gave it. All items run in the same
direction: the caller recodes the others. Scores have the unit of the scale.

Missing values: alpha and the item-rest correlations rest on the respondents with a valid answer to
every item (listwise), n of them. What cannot be computed is None, with a `reason` in Dutch. An
infinite score, an invalid count or a misfitting array raises ValueError.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from analysis.intervals.interval import Interval, check_level
from analysis.moments import moments, whole_counts

ONE_ITEM = "Dit blok heeft maar één vraag. Voor samenhang zijn er minstens twee nodig."
FEW_COMPLETE = (
    "Minder dan twee regio's gaven op alle vragen van dit blok een geldig antwoord. "
    "Dan is de samenhang niet te berekenen."
)
SAME_TOTAL = (
    "Alle regio's hebben dezelfde totaalscore op dit blok. Dan is de samenhang niet te berekenen."
)
SAME_ITEM = "Alle regio's gaven op deze vraag hetzelfde antwoord."
SAME_REST = "Alle regio's hebben dezelfde totaalscore op de andere vragen van dit blok."

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Alpha:
    """Cronbach's alpha of k items over n complete respondents; None only with a `reason`.

    `interval` has method 'feldt'; it is None where alpha is.
    """

    alpha: float | None
    n: int
    k: int
    interval: Interval | None
    reason: str = ""


@dataclass(frozen=True)
class ItemRest:
    """Correlation of one item with the sum of the others; None only with a `reason`."""

    correlation: float | None
    n: int
    reason: str = ""


def block_scores(patterns: ArrayLike, minimum: int) -> Floats:
    """Return per pattern (m,) the mean of the items answered, NaN with fewer than `minimum`.

    ValueError when `minimum` is not from 1 to k. Source: Schafer & Graham (2002), Psychological
    Methods 7: 147-177, on when averaging the available items is reasonable.
    """
    values = _scores(patterns)
    if minimum not in range(1, values.shape[1] + 1):
        raise ValueError(f"minimum must lie from 1 to {values.shape[1]}, got {minimum}")
    answered = ~np.isnan(values)
    items = answered.sum(axis=1)
    sums = np.where(answered, values, 0.0).sum(axis=1)
    return np.where(items >= minimum, sums / np.maximum(items, 1), np.nan)


def cronbach_alpha(patterns: ArrayLike, counts: ArrayLike, level: float = 0.95) -> Alpha:
    """Cronbach's alpha, k/(k - 1) (1 - sum of item variances / variance of the total).

    Negative when the items go against each other. Not defined with one item, with fewer than two
    complete respondents, and when all have the same total. An item that everyone answered alike
    counts in k. The interval is Feldt's, exact for normal scores: wide when n is small.

    Sources: Cronbach (1951), Psychometrika 16: 297-334; Feldt (1965), Psychometrika 30: 357-370.
    """
    check_level(level)
    values, respondents = _complete(patterns, counts)
    n, k = int(respondents.sum()), values.shape[1]
    if k < 2 or n < 2:
        return Alpha(None, n, k, None, ONE_ITEM if k < 2 else FEW_COMPLETE)
    total = moments(respondents, values.sum(axis=1)).variance
    if total == 0:
        return Alpha(None, n, k, None, SAME_TOTAL)
    items = sum(moments(respondents, item).variance for item in values.T)
    alpha = min(1.0, k / (k - 1) * (1 - items / total))  # rounding would put it above 1
    tails = (1 - level) / 2, (1 + level) / 2
    high, low = (1 - (1 - alpha) * stats.f.ppf(tail, n - 1, (n - 1) * (k - 1)) for tail in tails)
    return Alpha(alpha, n, k, Interval(float(low), float(high), "feldt"))


def item_rest_correlations(patterns: ArrayLike, counts: ArrayLike) -> list[ItemRest]:
    """Per item, in order, its Pearson correlation with the sum of the other items.

    Over the same respondents as `cronbach_alpha`. Not defined with one item, with fewer than two
    complete respondents, and where the item or the rest has no variance. Source: Nunnally &
    Bernstein (1994), Psychometric Theory, 3rd edition, chapter 8 (corrected item-total).
    """
    values, respondents = _complete(patterns, counts)
    n, k = int(respondents.sum()), values.shape[1]
    if k < 2 or n < 2:
        return [ItemRest(None, n, ONE_ITEM if k < 2 else FEW_COMPLETE)] * k
    return [_item_rest(item, values.sum(axis=1) - item, respondents) for item in values.T]


def _item_rest(item: Floats, rest: Floats, respondents: NDArray[np.int64]) -> ItemRest:
    n, item_mean, item_variance = moments(respondents, item)
    _, rest_mean, rest_variance = moments(respondents, rest)
    if item_variance == 0 or rest_variance == 0:
        return ItemRest(None, n, SAME_ITEM if item_variance == 0 else SAME_REST)
    covariance = float((item - item_mean) * respondents @ (rest - rest_mean)) / (n - 1)
    correlation = covariance / (sqrt(item_variance) * sqrt(rest_variance))
    return ItemRest(max(-1.0, min(1.0, correlation)), n)


def _complete(patterns: ArrayLike, counts: ArrayLike) -> tuple[Floats, NDArray[np.int64]]:
    """Return the patterns without a missing score, with their counts."""
    values, respondents = _scores(patterns), whole_counts(counts, 1)
    if respondents.shape != values.shape[:1]:
        raise ValueError(f"{values.shape[0]} patterns need as many counts, got {respondents.size}")
    complete = ~np.isnan(values).any(axis=1)
    return values[complete], respondents[complete]


def _scores(patterns: ArrayLike) -> Floats:
    values = np.asarray(patterns, dtype=float)
    if values.ndim != 2 or values.shape[1] == 0 or np.isinf(values).any():
        raise ValueError(f"patterns must be finite or missing scores (m, k), got {patterns!r}")
    return values
