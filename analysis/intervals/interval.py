"""What every interval returns, and what all of them check."""

from __future__ import annotations

from dataclasses import dataclass

from scipy import stats

from analysis.moments import whole_counts


@dataclass(frozen=True)
class Interval:
    """A two-sided confidence interval, in the unit of the estimate, and how it was made."""

    low: float
    high: float
    method: str


@dataclass(frozen=True)
class OddsRatioInterval:
    """An odds ratio with its two-sided confidence interval, and how it was made.

    `estimate` and `high` are None where they would be infinite; `reason` then says so in Dutch.
    """

    estimate: float | None
    low: float
    high: float | None
    method: str
    reason: str = ""


def check_level(level: float) -> None:
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, got {level}")


def check_proportion(successes: int, n: int, level: float, population: int | None = None) -> None:
    check_level(level)
    whole_counts([successes, n, 0 if population is None else population], 1)
    if n < 1 or successes > n or (population is not None and population < n):
        raise ValueError(
            f"need 1 <= n and successes <= n <= population, got {successes}, {n}, {population}"
        )


def t_interval(mean: float, error: float, df: float, level: float, method: str) -> Interval:
    half = float(stats.t.isf((1 - level) / 2, df)) * error
    return Interval(mean - half, mean + half, method)
