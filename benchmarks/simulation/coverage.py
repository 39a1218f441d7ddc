"""How often an interval holds the true value."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from analysis.intervals import (
    Interval,
    clopper_pearson_interval,
    hypergeometric_interval,
    mean_difference_interval,
    mean_interval,
    newcombe10_interval,
    newcombe_interval,
    tango_interval,
    welch_interval,
    wilson_interval,
)
from benchmarks.simulation.chances import (
    REPEATS,
    SEED,
    SIZES,
    Chance,
    count_hits,
    difference_chances,
    draw,
    every_table,
    pair_shares,
    panel,
    table_chances,
    table_of_differences,
)
from benchmarks.simulation.sizes import GRADES, Row

POPULATION = 78
NEGLIGIBLE = 1e-10  # tables less likely than this together weigh less than 0.00001
_ROUNDING = 1e-9

SKEWED = (3, 2, 2, 2, 3, 4, 9, 20, 30, 25)  # of the grades 1 to 10
PAIRS = (  # share before, regions that change, change
    ("10% wisselt, geen verandering", 0.6, 0.1, 0.0),
    ("30% wisselt, geen verandering", 0.6, 0.3, 0.0),
    ("30% wisselt, 10 punten omhoog", 0.6, 0.3, 0.1),
    ("30% wisselt, 20 punten omhoog", 0.6, 0.3, 0.2),
)
WAVES = (
    ("van 30% naar 30%", 0.3, 0.3),
    ("van 60% naar 70%", 0.6, 0.7),
    ("van 60% naar 80%", 0.6, 0.8),
    ("van 90% naar 95%", 0.9, 0.95),
)


def coverage_rows() -> list[Row]:
    return [*_share_rows(), *_population_rows(), *_change_rows(), *_mean_rows()]


def _holds(interval: Interval | None, truth: float) -> bool:
    assert interval is not None
    return interval.low - _ROUNDING <= truth <= interval.high + _ROUNDING


# Proportions: every table


def _share_rows() -> list[Row]:
    rows: list[Row] = []
    for name, method in (
        ("Wilson", wilson_interval),
        ("Clopper-Pearson", clopper_pearson_interval),
    ):
        for step in (5, 10, 30, 50):
            chances = [Chance(level_coverage(method, n, step / 100)) for n in SIZES]
            rows.append((name, f"{step}% van een onbegrensd aantal", chances))
        truths = np.arange(5, 96) / 100
        averages = [
            Chance(float(np.mean([level_coverage(method, n, truth) for truth in truths])))
            for n in SIZES
        ]
        rows.append((name, "gemiddeld over 5 tot en met 95%", averages))
    return rows


@cache
def _limits(method: Callable[..., Interval], n: int) -> list[Interval]:
    return [method(yes, n) for yes in range(n + 1)]


def level_coverage(method: Callable[..., Interval], n: int, truth: float) -> float:
    """The chance that the interval for the share of one wave holds the true share."""
    chances = stats.binom.pmf(np.arange(n + 1), n, truth)
    held = [_holds(interval, truth) for interval in _limits(method, n)]
    return float(chances @ np.array(held))


def _population_rows() -> list[Row]:
    """Samples from 78 regions; a sample of all 78 leaves nothing to cover."""
    rows: list[Row] = []
    for name, method in (
        ("hypergeometrisch", hypergeometric_interval),
        ("Wilson, eindige populatie", wilson_interval),
    ):
        for yes in (4, 8, 23, 39):
            chances = [Chance(_sample_coverage(method, n, yes)) for n in SIZES if n < POPULATION]
            rows.append((name, f"{yes} van {POPULATION} regio's", chances))
    return rows


def _sample_coverage(method: Callable[..., Interval], n: int, yes: int) -> float:
    found = np.arange(max(0, n - POPULATION + yes), min(n, yes) + 1)
    chances = stats.hypergeom.pmf(found, POPULATION, yes, n)
    held = [
        _holds(method(int(count), n, population=POPULATION), yes / POPULATION) for count in found
    ]
    return float(chances @ np.array(held))


def _change_rows() -> list[Row]:
    rows: list[Row] = []
    for name, method in (("Tango", _tango), ("Newcombe-10", _newcombe10)):
        for words, before, discordance, change in PAIRS:
            shares = pair_shares(before, discordance, change)
            chances = [Chance(_pair_coverage(method, n, shares, change)) for n in SIZES]
            rows.append((name, words, chances))
    for words, before, after in WAVES:
        chances = [Chance(_wave_coverage(n, before, after)) for n in SIZES]
        rows.append(("Newcombe", words, chances))
    return rows


@cache
def _tango_limits(n: int, up: int, down: int) -> Interval:
    return tango_interval(0, up, down, n - up - down)  # only n and the changes matter


def _tango(both: int, up: int, down: int, neither: int) -> Interval:
    return _tango_limits(both + up + down + neither, up, down)


_newcombe10 = cache(newcombe10_interval)
_newcombe = cache(newcombe_interval)


def _pair_coverage(
    method: Callable[..., Interval], n: int, shares: tuple[float, ...], change: float
) -> float:
    chances = table_chances(n, shares)
    likely = chances > NEGLIGIBLE
    tables = every_table(n, 4)[likely].tolist()
    held = [_holds(method(*table), change) for table in tables]
    return float(chances[likely] @ np.array(held))


def _wave_coverage(n: int, before: float, after: float) -> float:
    yes = np.arange(n + 1)
    chances = np.outer(stats.binom.pmf(yes, n, before), stats.binom.pmf(yes, n, after))
    likely = np.argwhere(chances > NEGLIGIBLE).tolist()
    held = [_holds(_newcombe(first, n, second, n), after - before) for first, second in likely]
    return float(chances[chances > NEGLIGIBLE] @ np.array(held))


# Means: drawn tables


def _mean_rows() -> list[Row]:
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
    return rows


def _held(intervals: Iterable[Interval | None], truth: float) -> Chance:
    return count_hits(_holds(interval, truth) for interval in intervals)


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
