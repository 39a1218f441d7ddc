"""The tests and intervals over all answers of two waves, with some regions in both."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from analysis.significance import (
    OverlapResult,
    overlapping_means,
    overlapping_proportions,
)
from benchmarks.simulation.chances import (
    FEWER,
    GRADES,
    Chance,
    Row,
    count_hits,
    draw,
    holds,
    is_star,
    pair_shares,
    panel,
    transitions,
)

OVERLAPS = ((42, 9, 19), (51, 10, 10), (20, 31, 31))  # pairs, in one wave only, in the other only
Results = list[list[OverlapResult]]  # per overlap, per drawn table


def overlap_rows() -> tuple[list[Row], list[Row]]:
    """The chance of a star without a change, and of an interval that holds the change."""
    sizes: list[Row] = []
    for yes, moved in ((60, 30), (60, 10), (90, 10)):
        found = _proportions(yes / 100, moved / 100, 0.0)
        sizes.append(("z8, aandelen", f"{yes}% ja, {moved}% wisselt", _stars(found)))
    for moved in (20, 50):
        found = _means(moved / 100, 0.0)
        sizes.append(
            ("Tnew2, cijfers 1 tot en met 10", f"{moved}% van de regio's wisselt", _stars(found))
        )
    coverage: list[Row] = []
    for yes, change in ((60, 0.1), (60, 0.2), (85, 0.1)):
        found = _proportions(yes / 100, 0.3 if yes == 60 else 0.2, change)
        words = f"van {yes}% naar {yes + 100 * change:.0f}%"
        coverage.append(("z8, aandelen", words, _held(found, change)))
    for change in (0.25, 0.5):
        words = f"50% wisselt, {change:g} punt omhoog".replace(".", ",")
        coverage.append(("Tnew2, cijfers", words, _held(_means(0.5, change), change)))
    return sizes, coverage


def _stars(found: Results) -> list[Chance]:
    return [count_hits(map(is_star, drawn)) for drawn in found]


def _held(found: Results, change: float) -> list[Chance]:
    return [count_hits(holds(result.interval, change) for result in drawn) for drawn in found]


def _draw_waves(
    table: NDArray[np.float64], overlap: tuple[int, int, int]
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]]:
    """Transitions of the pairs, and the answers of who is in one wave only."""
    pairs, before, after = overlap
    drawn = (
        draw(table.ravel(), pairs, 21, FEWER).reshape(-1, *table.shape),
        draw(table.sum(axis=1), before, 22, FEWER),
        draw(table.sum(axis=0), after, 23, FEWER),
    )
    return zip(*drawn, strict=True)


def _proportions(yes: float, moved: float, change: float) -> Results:
    def test(
        pairs: NDArray[np.int64], before: NDArray[np.int64], after: NDArray[np.int64]
    ) -> OverlapResult:
        (neither, up), (down, both) = pairs.tolist()
        return overlapping_proportions(
            both, up, down, neither, before[1], before.sum(), after[1], after.sum()
        )

    return _test_all(test, transitions(pair_shares(yes, moved, change)))


def _means(moved: float, change: float) -> Results:
    return _test_all(overlapping_means, panel(GRADES, moved, change))


def _test_all(test: Callable[..., OverlapResult], table: NDArray[np.float64]) -> Results:
    return [[test(*waves) for waves in _draw_waves(table, overlap)] for overlap in OVERLAPS]
