"""Checked counts, and the mean and variance that follow from them.

Missing values: the callers leave missing answers out of the counts. A missing, negative,
infinite or fractional count raises ValueError: it is never read as 0.
"""

from math import sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray


class Moments(NamedTuple):
    """Number of answers, their mean and their sample variance (NaN where not defined)."""

    n: int
    mean: float
    variance: float


def whole_counts(counts: ArrayLike, ndim: int) -> NDArray[np.int64]:
    """Return `counts` as int64 with `ndim` dimensions; ValueError where that is not possible."""
    values = np.asarray(counts)
    if values.ndim != ndim or values.dtype.kind not in "iuf":
        raise ValueError(f"counts must be numbers in {ndim} dimension(s), got {counts!r}")
    if not np.all(np.isfinite(values) & (values >= 0) & (values == np.floor(values))):
        raise ValueError(f"counts must be whole and not negative, got {counts!r}")
    return values.astype(np.int64)


def score_values(scores: ArrayLike | None, size: int) -> NDArray[np.float64]:
    """Return one finite score per code, by default its position; ValueError where one lacks."""
    values = np.arange(size, dtype=float) if scores is None else np.asarray(scores, dtype=float)
    if values.shape != (size,) or not np.all(np.isfinite(values)):
        raise ValueError(f"expected {size} finite scores, got {scores!r}")
    return values


def merge_equal(
    values: NDArray[np.float64], counts: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Add up the counts of equal values; return the values that occur, in order, with counts."""
    # Rounded, because 0.3 and 0.1 + 0.2 are one value to a reader but two to floating point.
    distinct, position = np.unique(np.round(values, 10), return_inverse=True)
    totals = np.bincount(position.ravel(), weights=counts.ravel()).astype(np.int64)
    return distinct[totals > 0], totals[totals > 0]


def difference_counts(
    transitions: ArrayLike, scores: ArrayLike | None = None
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the distinct score differences (after minus before), in order, with their counts.

    ValueError when `transitions` is not square, or when the scores do not fit.
    """
    table = whole_counts(transitions, 2)
    if table.shape[0] != table.shape[1]:
        raise ValueError(f"transitions must be square, got {table.shape}")
    values = score_values(scores, table.shape[0])
    return merge_equal(values[np.newaxis, :] - values[:, np.newaxis], table)


def moments(counts: ArrayLike, scores: ArrayLike | None = None) -> Moments:
    """Return n, mean and variance (divisor n - 1) of answers given as counts per code.

    n = 0 has no mean, n < 2 no variance: these are NaN. Equal answers have variance 0, exactly.
    """
    totals = whole_counts(counts, 1)
    values, totals = merge_equal(score_values(scores, totals.size), totals)
    n = int(totals.sum())
    if n == 0:
        return Moments(0, float("nan"), float("nan"))
    mean = float(values @ totals) / n
    if n == 1:
        return Moments(1, mean, float("nan"))
    if values.size == 1:
        return Moments(n, mean, 0.0)
    return Moments(n, mean, float((values - mean) ** 2 @ totals) / (n - 1))


def welch_error(before: Moments, after: Moments) -> tuple[float, float]:
    """Return standard error and degrees of freedom of a difference of independent means.

    Satterthwaite (1946), Biometrics Bulletin 2: 110-114. Needs n >= 2 twice; a standard error of
    0 comes with the degrees of freedom n_before + n_after - 2.
    """
    parts = before.variance / before.n, after.variance / after.n
    error = sqrt(sum(parts))
    if error == 0:
        return 0.0, float(before.n + after.n - 2)
    # Shares of the variance, not the variances themselves: tiny ones would underflow when squared.
    shares = parts[0] / sum(parts), parts[1] / sum(parts)
    return error, 1 / (shares[0] ** 2 / (before.n - 1) + shares[1] ** 2 / (after.n - 1))
