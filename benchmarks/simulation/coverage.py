"""How often an interval of a proportion holds the true value, from every possible table."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from math import inf

import numpy as np
from scipy import stats

from analysis.intervals import (
    Interval,
    clopper_pearson_interval,
    conditional_odds_ratio_interval,
    hypergeometric_interval,
    newcombe10_interval,
    newcombe_interval,
    tango_interval,
    wilson_interval,
)
from benchmarks.simulation.chances import (
    SIZES,
    Chance,
    Row,
    every_table,
    holds,
    pair_shares,
    table_chances,
)

POPULATION = 78
NEGLIGIBLE = 1e-10  # tables less likely than this together weigh less than 0.00001

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
    return [*_share_rows(), *_population_rows(), *_change_rows(), *_odds_rows()]


# Levels


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
    held = [holds(interval, truth) for interval in _limits(method, n)]
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
        holds(method(int(count), n, population=POPULATION), yes / POPULATION) for count in found
    ]
    return float(chances @ np.array(held))


# Changes


def _change_rows() -> list[Row]:
    rows: list[Row] = []
    for name, method in (("Tango", tango), ("Newcombe-10", newcombe10)):
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


def tango(both: int, up: int, down: int, neither: int) -> Interval:
    return _tango_limits(both + up + down + neither, up, down)


newcombe10 = cache(newcombe10_interval)
newcombe = cache(newcombe_interval)


def _pair_coverage(
    method: Callable[..., Interval], n: int, shares: tuple[float, ...], change: float
) -> float:
    chances = table_chances(n, shares)
    likely = chances > NEGLIGIBLE
    tables = every_table(n, 4)[likely].tolist()
    held = [holds(method(*table), change) for table in tables]
    return float(chances[likely] @ np.array(held))


def _wave_coverage(n: int, before: float, after: float) -> float:
    yes = np.arange(n + 1)
    chances = np.outer(stats.binom.pmf(yes, n, before), stats.binom.pmf(yes, n, after))
    likely = np.argwhere(chances > NEGLIGIBLE).tolist()
    held = [holds(newcombe(first, n, second, n), after - before) for first, second in likely]
    return float(chances[chances > NEGLIGIBLE] @ np.array(held))


@cache
def odds_interval(up: int, down: int, exact: bool = False) -> Interval | None:
    """None without a changed pair; the other way around it is the inverse."""
    if up < down:
        other = odds_interval(down, up, exact)
        assert other is not None
        return Interval(0.0 if up == 0 else 1 / other.high, 1 / other.low, other.method)
    found = conditional_odds_ratio_interval(up, down, exact=exact)
    if found is None:
        return None
    return Interval(found.low, inf if found.high is None else found.high, found.method)


def _odds_rows() -> list[Row]:
    rows: list[Row] = []
    for name, exact in (("odds ratio, mid-p", False), ("odds ratio, Clopper-Pearson", True)):
        for words, before, discordance, change in PAIRS:
            _, up, down, _ = pair_shares(before, discordance, change)
            chances = [Chance(odds_coverage(n, up, down, exact)) for n in SIZES]
            rows.append((name, words, chances))
    return rows


def odds_coverage(n: int, up: float, down: float, exact: bool = False) -> float:
    """Where some pair changed: without one there is no interval."""
    chances = table_chances(n, (up, down, 1 - up - down))
    found = [odds_interval(first, last, exact) for first, last, _ in every_table(n, 3).tolist()]
    given = np.array([interval is not None for interval in found])
    held = np.array([interval is not None and holds(interval, up / down) for interval in found])
    return float(chances @ held / (chances @ given))
