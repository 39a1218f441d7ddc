"""Chances of an outcome: exact, over every possible table, or from a number of drawn ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from math import sqrt
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, xlogy

from analysis.intervals import Interval

ALPHA = 0.05
SIZES = (42, 51, 78)  # regions in both waves, regions in 2024, regions asked
REPEATS, FEWER, FEWEST = 10_000, 5_000, 2_000  # the slower a test, the fewer
SEED = 2024

SCALE = (5, 10, 25, 35, 25)  # shares of five codes, lowest first
GRADES = (1, 1, 2, 4, 10, 25, 35, 17, 4, 1)  # of the grades 1 to 10

_ROUNDING = 1e-9


@dataclass(frozen=True)
class Chance:
    """A probability; `repeats` is how many tables were drawn, None where all were counted."""

    value: float
    repeats: int | None = None

    @property
    def margin(self) -> float:
        """Half the width of a 95% interval around a drawn chance; 0 where all were counted."""
        if self.repeats is None:
            return _ROUNDING
        return simulation_error(self.value, self.repeats)

    def exceeds(self, limit: float) -> bool:
        return self.value - self.margin > limit

    def falls_short_of(self, limit: float) -> bool:
        return self.value + self.margin < limit


Row = tuple[str, str, list[Chance]]  # test or interval, what is true, a chance per column


class _Outcome(Protocol):
    @property
    def p(self) -> float | None: ...


def simulation_error(value: float, repeats: int) -> float:
    return 1.96 * sqrt(value * (1 - value) / repeats)


def is_star(outcome: _Outcome) -> bool:
    return outcome.p is not None and outcome.p < ALPHA


def holds(interval: Interval | None, truth: float) -> bool:
    assert interval is not None
    return interval.low - _ROUNDING <= truth <= interval.high + _ROUNDING


def count_hits(hits: Iterable[bool]) -> Chance:
    """The share of drawn tables in which something happened."""
    outcomes = np.fromiter(hits, dtype=bool)
    return Chance(float(outcomes.mean()), outcomes.size)


def count_rows(rows: NDArray[np.int64], is_hit: Callable[[NDArray[np.int64]], bool]) -> Chance:
    """The same over drawn rows of counts, each looked at once however often it was drawn."""
    distinct, times = np.unique(rows, axis=0, return_counts=True)
    return count_hits(np.repeat([is_hit(row) for row in distinct], times))


@cache
def every_table(n: int, cells: int) -> NDArray[np.int64]:
    """One row per way to divide n regions over the cells."""
    bars = np.array(list(combinations(range(n + cells - 1), cells - 1)))
    edges = np.pad(bars, ((0, 0), (1, 1)), constant_values=((0, 0), (-1, n + cells - 1)))
    return np.asarray(np.diff(edges) - 1)


def table_chances(n: int, shares: Sequence[float]) -> NDArray[np.float64]:
    """The multinomial probability of each row of `every_table`."""
    tables = every_table(n, len(shares))
    ways = gammaln(n + 1) - gammaln(tables + 1).sum(axis=1)
    return np.asarray(np.exp(ways + xlogy(tables, np.array(shares)).sum(axis=1)))


def pair_shares(before: float, discordance: float, change: float) -> tuple[float, ...]:
    """Shares of the pairs: yes twice, from no to yes, from yes to no, no twice."""
    up, down = (discordance + change) / 2, (discordance - change) / 2
    shares = before - down, up, down, 1 - before - up
    assert min(shares) > -_ROUNDING, "no such pairs"
    return tuple(max(0.0, share) for share in shares)


def transitions(shares: Sequence[float]) -> NDArray[np.float64]:
    """Those shares as a table of no and yes, before by after."""
    both, up, down, neither = shares
    return np.array([[neither, up], [down, both]])


# Made-up populations to draw from


def panel(shares: Sequence[float], moved: float, change: float = 0.0) -> NDArray[np.float64]:
    """The chance of each pair of codes, before by after, when `moved` of the regions change.

    The table is symmetric, so the waves are alike; smaller steps are likelier. Then so many
    regions go one code up that the mean rises by `change`.
    """
    marginal = np.array(shares) / sum(shares)
    steps = abs(np.subtract.outer(np.arange(marginal.size), np.arange(marginal.size)))
    movers = np.outer(marginal, marginal) * np.where(steps > 0, 0.35**steps, 0)
    table = movers / movers.sum() * moved + np.diag(marginal) * (1 - moved)
    rising = change / table[:, :-1].sum()
    raised = np.zeros_like(table)
    raised[:, 1:] = table[:, :-1] * rising
    table[:, :-1] *= 1 - rising
    return np.asarray(table + raised)


def difference_chances(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """The chance of each difference of codes, from the largest fall to the largest rise."""
    size = table.shape[0]
    return np.array([np.trace(table, offset) for offset in range(1 - size, size)])


def table_of_differences(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """A transition table with these differences: paired tests look no further."""
    size = (counts.size + 1) // 2
    table = np.zeros((size, size), dtype=np.int64)
    table[0, :] = counts[size - 1 :]
    table[1:, 0] = counts[: size - 1][::-1]
    return table


def draw(
    shares: NDArray[np.float64] | Sequence[float], n: int, stream: int, repeats: int = REPEATS
) -> NDArray[np.int64]:
    """Rows with n regions divided over the shares; another `stream`, other rows."""
    chance = np.random.default_rng([SEED, n, stream])
    return chance.multinomial(n, np.array(shares) / np.sum(shares), size=repeats)
