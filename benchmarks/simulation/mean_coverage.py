"""How often an interval of a mean, or of alpha, holds the true value, from drawn tables."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from analysis.intervals import (
    Interval,
    mean_difference_interval,
    mean_interval,
    welch_interval,
)
from analysis.reliability import cronbach_alpha
from benchmarks.simulation.chances import (
    FEWER,
    GRADES,
    REPEATS,
    SEED,
    SIZES,
    Chance,
    Row,
    count_hits,
    difference_chances,
    draw,
    holds,
    panel,
    table_of_differences,
)
from benchmarks.simulation.coverage import POPULATION

SKEWED = (3, 2, 2, 2, 3, 4, 9, 20, 30, 25)  # of the grades 1 to 10
ITEMS, LOADING = 4, 0.7  # of a block, and how each hangs together with what they share
CUTS = (-1.5, -0.5, 0.3, 1.2)  # between five answers
_ROUNDING = 1e-9


def mean_rows() -> list[Row]:
    codes = np.arange(1.0, 11.0)
    grades = np.array(GRADES, dtype=float) / sum(GRADES)
    skewed = np.array(SKEWED, dtype=float) / sum(SKEWED)
    rows: list[Row] = []
    for words, shares in (("vooral 6 tot en met 8", grades), ("hoog, met een staart", skewed)):
        truth = float(shares @ codes)
        chances = [
            _held((mean_interval(row, codes) for row in draw(shares, n, stream=3)), truth)
            for n in SIZES
        ]
        rows.append(("t, gemiddeld cijfer", words, chances))
    rows.append(_population_mean(grades, codes))
    for change in (0.0, 0.25, 0.5):
        rows.append(_mean_change(change))
    rows.append(_mean_of_waves(codes))
    rows.append(_alpha_row())
    return rows


def _held(intervals: Iterable[Interval | None], truth: float) -> Chance:
    return count_hits(holds(interval, truth) for interval in intervals)


def _population_mean(shares: NDArray[np.float64], codes: NDArray[np.float64]) -> Row:
    # The codes of 78 regions, as equally spread over the shares as whole regions can be.
    regions = np.searchsorted(shares.cumsum(), (np.arange(POPULATION) + 0.5) / POPULATION)
    counts = np.bincount(regions, minlength=codes.size)
    truth = float(counts @ codes) / POPULATION
    chances = []
    for n in SIZES:
        if n == POPULATION:
            continue
        chance = np.random.default_rng([SEED, n])
        samples = chance.multivariate_hypergeometric(counts, n, size=REPEATS)
        found = (mean_interval(row, codes, population=POPULATION) for row in samples)
        chances.append(_held(found, truth))
    return "t, eindige populatie", f"cijfers van {POPULATION} regio's", chances


def _mean_change(change: float) -> Row:
    differences = difference_chances(panel(GRADES, 0.5, change))
    size = len(GRADES)
    assert abs(differences @ np.arange(1 - size, size) - change) < _ROUNDING
    chances = [
        _held(
            (
                mean_difference_interval(table_of_differences(row))
                for row in draw(differences, n, stream=4)
            ),
            change,
        )
        for n in SIZES
    ]
    words = f"{change:g} punt omhoog".replace(".", ",") if change else "geen verandering"
    return "gepaarde t, verandering van het cijfer", f"50% wisselt, {words}", chances


def _mean_of_waves(codes: NDArray[np.float64]) -> Row:
    table = panel(GRADES, 0.5, 0.5)
    before, after = table.sum(axis=1), table.sum(axis=0)
    truth = float((after - before) @ codes)
    chances = []
    for n in SIZES:
        waves = zip(draw(before, n, stream=5), draw(after, n, stream=6), strict=True)
        chances.append(_held((welch_interval(*pair, codes) for pair in waves), truth))
    return "Welch, verschil van cijfers", "0,5 punt omhoog", chances


def _alpha_row() -> Row:
    """Four questions of five answers that hang together through one normal score."""
    truth, patterns, shares = _block()
    chances = []
    for n in SIZES:
        rows = draw(shares, n, 7, FEWER)
        found = (cronbach_alpha(patterns[row > 0], row[row > 0]).interval for row in rows)
        chances.append(_held(found, truth))
    words = f"{ITEMS} vragen, alfa {truth:.2f}".replace(".", ",")
    return "Feldt, alfa van Cronbach", words, chances


def _block() -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:
    """The true alpha, every pattern of answers, and its chance."""
    points, weights = np.polynomial.hermite_e.hermegauss(40)
    edges = np.array([-np.inf, *CUTS, np.inf])
    limits = (edges - LOADING * points[:, np.newaxis]) / np.sqrt(1 - LOADING**2)
    answers = np.diff(stats.norm.cdf(limits), axis=1)  # per value of the score
    shares = np.einsum("s,sa,sb,sc,sd->abcd", weights / weights.sum(), *[answers] * ITEMS)
    patterns = np.indices(shares.shape).reshape(ITEMS, -1).T.astype(float)
    covariance = np.cov(patterns.T, aweights=shares.ravel(), ddof=0)
    alpha = ITEMS / (ITEMS - 1) * (1 - np.trace(covariance) / covariance.sum())
    return float(alpha), patterns, shares.ravel()
