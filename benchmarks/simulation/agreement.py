"""Where a star and the interval beside it do not tell the same, over every possible table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.intervals import Interval
from analysis.significance import mcnemar_exact
from benchmarks.simulation.chances import (
    ALPHA,
    SIZES,
    every_table,
    pair_shares,
    table_chances,
)
from benchmarks.simulation.coverage import newcombe, newcombe10, odds_interval, tango
from benchmarks.simulation.sizes import fisher_star, mcnemar_p, midp

# A change with which stars are neither rare nor certain.
BEFORE, DISCORDANCE, CHANGE = 0.6, 0.3, 0.15
MOST_CHANGED = max(SIZES)


@dataclass(frozen=True)
class Agreement:
    """Of so many tables those with a star only, and those of which the interval only leaves out
    no change; and the chance of either in the example."""

    star: str
    interval: str
    n: int
    tables: int
    star_only: int
    interval_only: int
    chance: float


def agreement_rows() -> list[Agreement]:
    return [
        *(agree_on_changes("McNemar mid-p", "Tango", midp, tango_tells, n) for n in SIZES),
        *(agree_on_changes("McNemar exact", "Tango", mcnemar_exact, tango_tells, n) for n in SIZES),
        *(agree_on_changes("McNemar mid-p", "odds ratio", midp, odds_tell, n) for n in SIZES),
        *(agree_on_pairs(n) for n in SIZES),
        *(agree_on_waves(n) for n in SIZES),
    ]


def _leaves_out(interval: Interval, value: float) -> bool:
    return interval.low > value or interval.high < value


def tango_tells(up: int, down: int, rest: int) -> bool:
    return _leaves_out(tango(0, up, down, rest), 0.0)


def odds_tell(up: int, down: int, _: int) -> bool:
    interval = odds_interval(up, down)
    return interval is not None and _leaves_out(interval, 1.0)


def agree_on_changes(
    name: str,
    interval: str,
    test: Callable[[int, int], float],
    tells: Callable[[int, int, int], bool],
    n: int,
) -> Agreement:
    tables = every_table(n, 3).tolist()
    _, up, down, _ = pair_shares(BEFORE, DISCORDANCE, CHANGE)
    return _count(
        (name, interval, n),
        mcnemar_p(n, test) < ALPHA,
        np.array([tells(*table) for table in tables]),
        table_chances(n, (up, down, 1 - up - down)),
    )


def agree_on_pairs(n: int) -> Agreement:
    """Newcombe-10 needs all four cells; one table in four is computed."""
    tables = every_table(n, 4).tolist()
    found: dict[tuple[int, ...], bool] = {}
    tell = []
    for both, up, down, neither in tables:
        key = max(both, neither), max(up, down), min(up, down), min(both, neither)
        if key not in found:
            found[key] = _leaves_out(newcombe10(*key), 0.0)
        tell.append(found[key])
    star = np.array([midp(up, down) < ALPHA for _, up, down, _ in tables])
    chances = table_chances(n, pair_shares(BEFORE, DISCORDANCE, CHANGE))
    return _count(("McNemar mid-p", "Newcombe-10", n), star, np.array(tell), chances)


def agree_on_waves(n: int) -> Agreement:
    yes = range(n + 1)
    tell = [[_leaves_out(newcombe(first, n, last, n), 0.0) for last in yes] for first in yes]
    before, after = (
        table_chances(n, (share, 1 - share)) for share in (BEFORE, BEFORE + CHANGE)
    )  # in order of the number of yes
    return _count(
        ("Fisher", "Newcombe", n), fisher_star(n), np.array(tell), np.outer(before, after)
    )


def _count(
    names: tuple[str, str, int],
    star: NDArray[np.bool_],
    tell: NDArray[np.bool_],
    chances: NDArray[np.float64],
) -> Agreement:
    star_only, interval_only = star & ~tell, tell & ~star
    chance = float(chances[star_only | interval_only].sum())
    return Agreement(*names, star.size, int(star_only.sum()), int(interval_only.sum()), chance)


def tango_alone(most: int = MOST_CHANGED) -> list[tuple[int, int]]:
    """The rises and falls, at most so many together and more rises, with an interval of Tango
    that leaves out 0 where mid-p gives no star."""
    return [
        (up, down)
        for up in range(most + 1)
        for down in range(min(up, most - up + 1))
        if midp(up, down) >= ALPHA and tango_tells(up, down, most - up - down)
    ]
